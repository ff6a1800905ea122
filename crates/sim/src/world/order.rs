//! An order as it really is: everything that will ever happen to it, with its times.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::market::Marketplace;
use super::seller::{Address, Fulfilment, Sku, VatClass};

/// An order and its whole life. What the API shows at a moment is [`WorldOrder::at`].
#[derive(Clone, Debug, Serialize)]
pub struct WorldOrder {
    /// Amazon's order id, `202-1234567-1234567`.
    pub id: String,
    /// Where it was placed.
    pub marketplace: &'static Marketplace,
    /// When it was placed, whole milliseconds.
    pub placed_at: Timestamp,
    /// Who ships it; all items alike.
    pub fulfilment: Fulfilment,
    /// Who bought.
    pub buyer: Buyer,
    /// Where it goes.
    pub ship_to: Address,
    /// Country the goods start from: `GB`.
    pub ship_from: &'static str,
    /// What was ordered.
    pub items: Vec<WorldItem>,
    /// What happens to it after it was placed, in order of time.
    pub timeline: Vec<Event>,
    /// The order this one replaces free of charge: all its amounts are zero and it wants no invoice.
    pub replaces: Option<String>,
    /// Whether it was bought with Prime.
    pub prime: bool,
    /// Something about it that no documentation mentions; only with people's faults.
    pub quirk: Option<Quirk>,
}

/// Who bought.
#[derive(Clone, Debug, Serialize)]
pub struct Buyer {
    /// Name as typed: quotes, emoji, umlauts, or nothing at all.
    pub name: String,
    /// Amazon's anonymous relay address; the API shows it for merchant-fulfilled orders only.
    pub email: String,
    /// A business buyer (Amazon Business).
    pub business: Option<Business>,
}

/// A business buyer.
#[derive(Clone, Debug, Serialize)]
pub struct Business {
    /// Company.
    pub company: String,
    /// VAT number, if the company gave one.
    pub vat_number: Option<String>,
    /// Purchase order number, if the buyer gave one.
    pub purchase_order: Option<String>,
}

/// One line of an order. All amounts are for the whole line (all units), in minor units of the marketplace's currency, as the
/// buyer paid them: any tax is inside. Promotions are positive amounts that are taken off.
#[derive(Clone, Debug, Serialize)]
pub struct WorldItem {
    /// Amazon's id of the line, fourteen digits.
    pub item_id: String,
    /// The product.
    #[serde(skip)]
    pub sku: Arc<Sku>,
    /// Units ordered.
    pub quantity: u32,
    /// Price of one unit as the site shows it; the line's price is this times `quantity`.
    pub unit_price: i64,
    /// Delivery.
    pub delivery: i64,
    /// Gift wrap.
    pub gift_wrap: i64,
    /// Promotion on the price.
    pub item_promotion: i64,
    /// Promotion on delivery.
    pub delivery_promotion: i64,
    /// Ids of the promotions.
    pub promotion_ids: Vec<&'static str>,
    /// UK VAT class.
    pub vat_class: VatClass,
    /// Set when the marketplace collects and remits the tax: the seller's revenue is the gross less [`WorldItem::tax`].
    pub collected: Option<Scheme>,
    /// Tax inside each amount as Amazon states it; `None` when Amazon states none (VCS off and not collected).
    pub tax: Option<Tax>,
    /// Rate of that tax in per cent (that of the buyer's country when collected).
    pub tax_rate: i64,
    /// Text for the gift.
    pub gift_message: Option<&'static str>,
}

/// Tax inside the amounts of a line: same units and signs as those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tax {
    /// Inside the price.
    pub item: i64,
    /// Inside delivery.
    pub delivery: i64,
    /// Inside gift wrap.
    pub gift_wrap: i64,
    /// Inside the promotion on the price.
    pub item_promotion: i64,
    /// Inside the promotion on delivery.
    pub delivery_promotion: i64,
}

/// Under which scheme the marketplace collects the tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Scheme {
    /// Imports into the EU up to EUR 150.
    Ioss,
    /// Marketplace facilitator without an EU scheme.
    Facilitator,
}

/// Something that happens to an order.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// When, whole milliseconds.
    pub at: Timestamp,
    /// What.
    pub what: Happening,
}

/// What happens to an order.
#[derive(Clone, Debug, Serialize)]
pub enum Happening {
    /// Payment is confirmed: PENDING becomes UNSHIPPED. Amazon-fulfilled orders often skip this and jump to SHIPPED.
    PaymentConfirmed,
    /// The buyer asks to cancel; the status stays.
    CancellationRequested,
    /// Units leave the warehouse: the tax point.
    Dispatched(Package),
    /// Lines are cancelled whole. When every line is cancelled the order is CANCELLED. If that comes after a dispatch, the
    /// books should have reversed what they invoiced; who never saw the order before needs neither invoice nor reversal.
    Cancelled {
        /// Indices into `items`.
        items: Vec<usize>,
        /// `BUYER`, `MERCHANT` or `AMAZON`.
        by: &'static str,
    },
}

/// A package, or for Amazon-fulfilled orders the dispatch of everything (Amazon shows no packages for those).
#[derive(Clone, Debug, Serialize)]
pub struct Package {
    /// The seller's reference: `"1"`, `"2"` ... in order of dispatch.
    pub reference: String,
    /// Carrier.
    pub carrier: String,
    /// Service of the carrier.
    pub service: String,
    /// Tracking number.
    pub tracking: String,
    /// Index into `items` and units of it.
    pub units: Vec<(usize, u32)>,
}

/// Something about an order that no documentation mentions. Each must end as exactly one open item for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Quirk {
    /// A status that is in no model.
    UnknownStatus,
    /// A currency that is in no list.
    UnknownCurrency,
    /// A marketplace nobody has heard of.
    UnknownMarketplace,
    /// Dispatched, yet without any amounts.
    MissingPrice,
}

impl WorldItem {
    /// Price of all units before promotions.
    pub fn price(&self) -> i64 {
        self.unit_price * i64::from(self.quantity)
    }

    /// What the buyer pays for the line, tax included.
    pub fn gross(&self) -> i64 {
        self.price() + self.delivery + self.gift_wrap - self.item_promotion - self.delivery_promotion
    }

    /// Tax stated by Amazon for the whole line, after that of the promotions.
    pub fn tax_total(&self) -> i64 {
        self.tax.map_or(0, |tax| tax.item + tax.delivery + tax.gift_wrap - tax.item_promotion - tax.delivery_promotion)
    }
}

impl WorldOrder {
    /// What the buyer pays for all lines, tax included.
    pub fn gross(&self) -> i64 {
        self.items.iter().map(WorldItem::gross).sum()
    }

    /// When the last thing happens to it.
    pub fn last_event_at(&self) -> Timestamp {
        self.timeline.last().map_or(self.placed_at, |event| event.at)
    }

    /// The dispatches, in order of time, with their time.
    pub fn dispatches(&self) -> impl Iterator<Item = (Timestamp, &Package)> {
        self.timeline.iter().filter_map(|event| match &event.what {
            Happening::Dispatched(package) => Some((event.at, package)),
            _ => None,
        })
    }
}
