//! Builds an order of v2026-01-01 from the world.

use jiff::{Timestamp, ToSpan};

use super::amounts::{counted, currency, digits, has_amounts, is_void, quantity_ordered, stated};
use super::wire::*;
use crate::world::{Address as Place, Fulfilment, Quirk, Scheme, SellerProfile, Status, View, WorldItem};

/// Which data sets were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Included(u16);

const DATA_SETS: [&str; 11] = [
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "EXPENSE",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
    "PAYMENT",
    "FULFILLMENT_ORDERS",
];

impl Included {
    /// Reads the names; `None` if one is unknown.
    pub(super) fn parse(names: &[&str]) -> Option<Included> {
        let mut included = Included::default();
        for name in names {
            included.0 |= 1 << DATA_SETS.iter().position(|known| known == name)?;
        }
        Some(included)
    }

    fn has(self, name: &str) -> bool {
        DATA_SETS.iter().position(|known| *known == name).is_some_and(|bit| self.0 & (1 << bit) != 0)
    }
}

/// The status in the spelling of this API.
pub(super) fn status(view: &View<'_>) -> &'static str {
    if view.order.quirk == Some(Quirk::UnknownStatus) && view.status == Status::Shipped {
        return "HANDED_TO_NEIGHBOUR";
    }
    match view.status {
        Status::Pending => "PENDING",
        Status::Unshipped => "UNSHIPPED",
        Status::PartiallyShipped => "PARTIALLY_SHIPPED",
        Status::Shipped => "SHIPPED",
        Status::Cancelled => "CANCELLED",
    }
}

/// Who ships, in the spelling of this API.
pub(super) fn fulfilled_by(view: &View<'_>) -> &'static str {
    match view.order.fulfilment {
        Fulfilment::Fba => "AMAZON",
        Fulfilment::Fbm => "MERCHANT",
    }
}

/// The order as the API shows it.
pub(super) fn order<'a>(view: &'a View<'a>, seller: &'a SellerProfile, included: Included) -> Order<'a> {
    let order = view.order;
    let by_merchant = order.fulfilment == Fulfilment::Fbm;
    Order {
        order_id: &order.id,
        created_time: time(order.placed_at),
        last_updated_time: time(view.updated_at),
        programs: programs(view),
        associated_orders: order
            .replaces
            .iter()
            .map(|id| AssociatedOrder { order_id: id, association_type: "REPLACEMENT_ORIGINAL_ID" })
            .collect(),
        sales_channel: SalesChannel {
            channel_name: "AMAZON",
            marketplace_id: order.marketplace.id,
            marketplace_name: order.marketplace.name,
        },
        buyer: included.has("BUYER").then(|| buyer(view)),
        recipient: (included.has("RECIPIENT") && view.status != Status::Pending)
            .then(|| Recipient { delivery_address: address(&order.ship_to, Some(order.buyer.business.is_some())) }),
        proceeds: (included.has("PROCEEDS") && has_amounts(view)).then(|| order_proceeds(view, seller)),
        payment: (included.has("PAYMENT") && has_amounts(view)).then(|| payment(view)),
        tax: if included.has("TAX") { order_tax(view) } else { None },
        fulfillment: included.has("FULFILLMENT").then(|| fulfillment(view)),
        order_items: (0..order.items.len()).map(|index| item(view, seller, included, index)).collect(),
        packages: if by_merchant && included.has("PACKAGES") { packages(view, seller) } else { Vec::new() },
        fulfillment_orders: if !by_merchant && included.has("FULFILLMENT_ORDERS") {
            view.packages
                .iter()
                .map(|(_, package)| FulfillmentOrder { fulfillment_order_id: package.tracking.clone() })
                .collect()
        } else {
            Vec::new()
        },
    }
}

/// Times have milliseconds, always three digits.
pub(in crate::amazon) fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

fn programs(view: &View<'_>) -> Vec<&'static str> {
    let mut programs = Vec::new();
    if view.order.buyer.business.is_some() {
        programs.push("AMAZON_BUSINESS");
    }
    if view.order.prime {
        programs.push("PRIME");
    }
    programs
}

fn buyer<'a>(view: &View<'a>) -> Buyer<'a> {
    let buyer = &view.order.buyer;
    Buyer {
        buyer_name: &buyer.name,
        buyer_email: (view.order.fulfilment == Fulfilment::Fbm).then_some(buyer.email.as_str()),
        buyer_company_name: buyer.business.as_ref().map(|business| business.company.as_str()),
        buyer_purchase_order_number: buyer.business.as_ref().and_then(|business| business.purchase_order.as_deref()),
    }
}

fn address(place: &Place, commercial: Option<bool>) -> Address<'_> {
    Address {
        name: &place.name,
        company_name: &place.company,
        address_line1: &place.line1,
        address_line2: &place.line2,
        address_line3: &place.line3,
        city: &place.city,
        state_or_region: &place.county,
        postal_code: &place.postcode,
        country_code: place.country,
        phone: &place.phone,
        address_type: commercial.map(|commercial| if commercial { "COMMERCIAL" } else { "RESIDENTIAL" }),
    }
}

fn order_proceeds<'a>(view: &'a View<'a>, seller: &SellerProfile) -> OrderProceeds<'a> {
    let money = |minor| Money { amount: digits(minor), currency_code: currency(view) };
    let mut sums: Vec<(&'static str, i64)> = Vec::new();
    for (kind, minor) in counted(view).flat_map(|item| subtotals(item, seller)) {
        match sums.iter_mut().find(|(of, _)| *of == kind) {
            Some((_, sum)) => *sum += minor,
            None => sums.push((kind, minor)),
        }
    }
    let breakdown = |(r#type, minor)| Breakdown { r#type, subtotal: money(minor), detailed_breakdowns: Vec::new() };
    OrderProceeds {
        grand_total: money(counted(view).map(WorldItem::gross).sum()),
        breakdowns: sums.into_iter().map(breakdown).collect(),
    }
}

/// Subtotals of a line. Where the seller's world states tax beside the price, the other subtotals are without it.
fn subtotals(item: &WorldItem, seller: &SellerProfile) -> Vec<(&'static str, i64)> {
    let taken_out = item.tax.filter(|_| seller.tax_beside_price).unwrap_or_default();
    let discount =
        item.item_promotion + item.delivery_promotion - taken_out.item_promotion - taken_out.delivery_promotion;
    let mut subtotals = vec![("ITEM", item.price() - taken_out.item)];
    let others = [("SHIPPING", item.delivery, taken_out.delivery), ("GIFT_WRAP", item.gift_wrap, taken_out.gift_wrap)];
    subtotals
        .extend(others.into_iter().filter(|(_, gross, _)| *gross != 0).map(|(kind, gross, tax)| (kind, gross - tax)));
    if item.tax.is_some() {
        subtotals.push(("TAX", item.tax_total()));
    }
    if item.item_promotion + item.delivery_promotion != 0 {
        subtotals.push(("DISCOUNT", discount));
    }
    subtotals
}

fn item_proceeds<'a>(view: &View<'a>, item: &WorldItem, seller: &SellerProfile) -> ItemProceeds<'a> {
    let money = |minor| Money { amount: digits(minor), currency_code: currency(view) };
    let detailed = |parts: [(&'static str, i64); 4]| {
        let stated = parts.into_iter().filter(|(_, minor)| *minor != 0);
        stated.map(|(subtype, minor)| DetailedBreakdown { subtype, value: money(minor) }).collect()
    };
    let taken_out = item.tax.filter(|_| seller.tax_beside_price).unwrap_or_default();
    let details = |kind| match (kind, item.tax) {
        ("TAX", Some(tax)) => detailed([
            ("ITEM", tax.item),
            ("SHIPPING", tax.delivery),
            ("GIFT_WRAP", tax.gift_wrap),
            ("DISCOUNT", tax.item_promotion + tax.delivery_promotion),
        ]),
        ("DISCOUNT", _) => detailed([
            ("ITEM", item.item_promotion - taken_out.item_promotion),
            ("SHIPPING", item.delivery_promotion - taken_out.delivery_promotion),
            ("GIFT_WRAP", 0),
            ("OTHER", 0),
        ]),
        _ => Vec::new(),
    };
    let breakdown =
        |(r#type, minor)| Breakdown { r#type, subtotal: money(minor), detailed_breakdowns: details(r#type) };
    ItemProceeds {
        proceeds_total: money(item.gross()),
        breakdowns: subtotals(item, seller).into_iter().map(breakdown).collect(),
    }
}

fn payment<'a>(view: &'a View<'a>) -> Payment<'a> {
    let total = counted(view).map(WorldItem::gross).sum();
    let amount = Money { amount: digits(total), currency_code: currency(view) };
    Payment { payment_executions: vec![PaymentExecution { payment_method: "CreditCard", payment_amount: amount }] }
}

fn order_tax<'a>(view: &View<'a>) -> Option<OrderTax<'a>> {
    let business = view.order.buyer.business.as_ref()?;
    let registration = TaxRegistration {
        entity_type: "BUYER",
        legal_name: &business.company,
        tax_registration_type: "VAT",
        tax_registration_number: business.vat_number.as_deref()?,
    };
    Some(OrderTax { tax_registrations: vec![registration] })
}

fn fulfillment(view: &View<'_>) -> OrderFulfillment {
    let day =
        |days: i64| time(view.order.placed_at.saturating_add((24 * days).hours()).unwrap_or(view.order.placed_at));
    OrderFulfillment {
        fulfillment_status: status(view),
        fulfilled_by: fulfilled_by(view),
        fulfillment_service_level: if view.order.prime { "NEXT_DAY" } else { "STANDARD" },
        ship_by_window: Window { earliest_date_time: day(0), latest_date_time: day(2) },
        deliver_by_window: Window { earliest_date_time: day(2), latest_date_time: day(6) },
    }
}

fn item<'a>(view: &View<'a>, seller: &SellerProfile, included: Included, index: usize) -> OrderItem<'a> {
    let order = view.order;
    let (item, line) = (&order.items[index], view.lines[index]);
    let priced = has_amounts(view);
    let unit_price = Money { amount: digits(item.unit_price), currency_code: currency(view) };
    let designation = order.buyer.business.is_some().then_some("BUSINESS_PRICE");
    OrderItem {
        order_item_id: &item.item_id,
        quantity_ordered: quantity_ordered(view, index),
        product: Product {
            asin: &item.sku.asin,
            title: &item.sku.title,
            seller_sku: &item.sku.sku,
            condition: Condition { condition_type: "NEW", condition_subtype: "NEW" },
            price: priced.then_some(Price { unit_price, price_designation: designation }),
        },
        proceeds: (included.has("PROCEEDS") && priced).then(|| {
            if is_void(view, index) {
                item_proceeds(view, &stated(view, index), seller)
            } else {
                item_proceeds(view, item, seller)
            }
        }),
        promotion: (included.has("PROMOTION") && !item.promotion_ids.is_empty()).then(|| Promotion {
            breakdowns: item.promotion_ids.iter().map(|promotion_id| PromotionBreakdown { promotion_id }).collect(),
        }),
        cancellation: if included.has("CANCELLATION") { cancellation(view, line.cancelled_by) } else { None },
        fulfillment: included.has("FULFILLMENT").then(|| ItemFulfillment {
            quantity_fulfilled: line.dispatched,
            quantity_unfulfilled: view.open(index),
            packing: (item.gift_wrap > 0).then_some(Packing {
                gift_option: GiftOption { gift_message: item.gift_message, gift_wrap_level: "STANDARD" },
            }),
            shipping: (item.collected == Some(Scheme::Ioss))
                .then_some(Shipping { international_shipping: InternationalShipping { ioss_number: "IM0000000000" } }),
        }),
        tax: if included.has("TAX") { item_tax(item) } else { None },
    }
}

fn cancellation(view: &View<'_>, cancelled_by: Option<&'static str>) -> Option<Cancellation> {
    let request = view
        .cancellation_requested
        .then_some(CancellationRequest { requester: "BUYER", cancel_reason: "Order created by mistake" });
    let execution = cancelled_by.map(|cancelled_by| CancellationExecution {
        cancelled_by,
        cancel_reason: if cancelled_by == "MERCHANT" { "NO_INVENTORY" } else { "BUYER_CANCELED" },
    });
    (request.is_some() || execution.is_some())
        .then_some(Cancellation { cancellation_request: request, cancellation_execution: execution })
}

fn item_tax(item: &WorldItem) -> Option<ItemTax> {
    let scheme = item.collected?;
    let calculation = (scheme == Scheme::Ioss).then_some(TaxCalculation { reporting_scheme: "IOSS" });
    let collection =
        TaxCollection { model: "MARKETPLACE_FACILITATOR", responsible_party: "Amazon Services Europe S.a.r.L." };
    Some(ItemTax { tax_calculation_breakdowns: calculation.into_iter().collect(), tax_collections: vec![collection] })
}

fn packages<'a>(view: &View<'a>, seller: &'a SellerProfile) -> Vec<Package<'a>> {
    let items = &view.order.items;
    let package = |(at, package): &(Timestamp, &'a crate::world::Package)| Package {
        package_reference_id: &package.reference,
        created_time: time(*at),
        package_status: PackageStatus { status: "SHIPPED" },
        carrier: &package.carrier,
        ship_time: time(*at),
        shipping_service: &package.service,
        tracking_number: &package.tracking,
        ship_from_address: address(&seller.warehouse, None),
        package_items: package
            .units
            .iter()
            .filter_map(|&(item, quantity)| Some(PackageItem { order_item_id: &items.get(item)?.item_id, quantity }))
            .collect(),
    };
    view.packages.iter().map(package).collect()
}
