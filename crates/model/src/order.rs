//! An order as the marketplace last described it.

use jiff::Timestamp;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};

use crate::{Buyer, Country, Market, OrderId, OrderLineId, Sku};

/// An order, whichever API or report told us about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The marketplace's id.
    pub id: OrderId,
    /// Where it was placed.
    pub market: Market,
    /// When it was placed.
    pub placed_at: Timestamp,
    /// When the marketplace last changed it. Of two facts about an order the one with the later `updated_at` counts.
    pub updated_at: Timestamp,
    /// How far it is.
    pub status: OrderStatus,
    /// Who ships it.
    pub fulfilment: Fulfilment,
    /// What is special about it.
    pub programmes: Vec<Programme>,
    /// Where the goods start, if the marketplace says so (FBM packages carry it; FBA does not tell).
    pub ship_from: Option<Country>,
    /// Where the goods go. `None` while unknown or withheld.
    pub ship_to: Option<Country>,
    /// Postcode area letters of the destination (`BT`, `JE`, `LS`): all that VAT needs of the address.
    pub ship_to_area: Option<String>,
    /// The currency of all its amounts; `None` while the order has no amounts (pending).
    pub currency: Option<Currency>,
    /// The total the marketplace states, a control figure.
    pub total: Option<Money>,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// What was dispatched so far, in order of time. Empty for a pending or unshipped order.
    pub dispatches: Vec<Dispatch>,
    /// The order that this one replaces free of charge.
    pub replaces: Option<OrderId>,
    /// Who bought, if contacts are on.
    pub buyer: Option<Buyer>,
}

/// How far an order is. There is no "other": an unknown status is a translation error that parks the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Payment is not confirmed (or a pre-order has no date yet); prices may be absent.
    Pending,
    /// Paid, nothing dispatched.
    Unshipped,
    /// Some units dispatched.
    PartiallyShipped,
    /// Everything dispatched that will be.
    Shipped,
    /// Cancelled; cancelled units never ship.
    Cancelled,
    /// The marketplace cannot deliver it (FBA, orders from other channels).
    Unfulfillable,
}

/// Who ships the goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fulfilment {
    /// Fulfilment by the marketplace (FBA): its warehouse, its stock counter.
    ByMarketplace,
    /// Fulfilment by the merchant (FBM): the seller's own stock.
    BySeller,
}

/// What is special about an order, as far as the books care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// A business buyer (Amazon Business).
    Business,
    /// The marketplace is seller of record to the business buyer; the seller invoices the marketplace.
    InvoicedByMarketplace,
    /// Prime delivery promise.
    Prime,
    /// Free replacement of another order.
    Replacement,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The marketplace's id of the line.
    pub id: OrderLineId,
    /// The seller's product key. `None` if the listing was deleted meanwhile.
    pub sku: Option<Sku>,
    /// Title on the site, cut to 200 characters.
    pub title: String,
    /// Units ordered and not cancelled.
    pub ordered: u32,
    /// Units dispatched so far.
    pub dispatched: u32,
    /// Money of the whole line (all `ordered` units). `None` while the marketplace does not say (pending).
    pub charges: Option<LineCharges>,
}

/// The money of one order line, as the marketplace states it. Nothing is computed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCharges {
    /// Price of the goods: unit price × quantity.
    pub item: Charge,
    /// Delivery charged to the buyer for this line.
    pub delivery: Charge,
    /// Gift wrap charged to the buyer.
    pub gift_wrap: Charge,
    /// Discount on goods that the seller bears; a positive number that lowers the price.
    pub item_discount: Charge,
    /// Discount on delivery; positive, lowers.
    pub delivery_discount: Charge,
    /// The total the marketplace states for the line, if it does (Orders 2026 `proceedsTotal`).
    pub stated_total: Option<Money>,
    /// How to read `amount` and `tax` of each charge.
    pub basis: PriceBasis,
    /// Whether the marketplace collects the tax of this line itself (deemed supplier, marketplace facilitator).
    pub marketplace_tax: Option<MarketplaceTax>,
}

/// An amount and the tax that the marketplace states for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The amount; whether tax is inside is said by [`LineCharges::basis`].
    pub amount: Money,
    /// The stated tax; `None` if the marketplace states none (VAT Calculation Service off).
    pub tax: Option<Money>,
}

/// How a source states prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceBasis {
    /// Tax, if any, is inside `amount` (Orders v0 and order reports for UK and EU sites).
    Inclusive,
    /// Tax comes on top of `amount` (Orders v0 for US sites).
    Exclusive,
    /// Not fixed by the source: `stated_total` decides by arithmetic (Orders 2026-01-01).
    ByArithmetic,
}

/// The marketplace collects and remits the tax of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketplaceTax {
    /// Under which scheme, if it is said.
    pub scheme: Option<TaxScheme>,
}

/// Reporting scheme of a tax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxScheme {
    /// Union One-Stop Shop: the seller reports.
    UnionOss,
    /// Import One-Stop Shop: the marketplace reports.
    ImportOss,
}

/// One parcel or one batch of units that left. Dispatch is the UK tax point for goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispatch {
    /// The marketplace's id of the package, if it has one (FBM).
    pub package: Option<String>,
    /// When it left. For FBA the moment at which the order became shipped, as told by its last update.
    pub at: Timestamp,
    /// What was in it.
    pub lines: Vec<DispatchedLine>,
}

/// Units of one order line in a dispatch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatchedLine {
    /// The order line.
    pub line: OrderLineId,
    /// Units, at least one.
    pub quantity: u32,
}

impl Order {
    /// The line with this id.
    pub fn line(&self, id: &OrderLineId) -> Option<&OrderLine> {
        self.lines.iter().find(|line| line.id == *id)
    }

    /// Whether the order belongs to `programme`.
    pub fn is(&self, programme: Programme) -> bool {
        self.programmes.contains(&programme)
    }
}
