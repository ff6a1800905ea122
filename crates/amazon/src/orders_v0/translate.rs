//! Message Translator: an order of the Orders API v0 with its items as ours. Total and strict, naming the JSON path.
//!
//! v0 knows no packages: units count as dispatched at the order's last change (BEHAVIOR 3, 4).

use jiff::Timestamp;
use model::{
    Address, Buyer, Charge, Dispatch, DispatchedLine, Fulfilment, LineCharges, MarketplaceTax, Order, OrderLine,
    OrderStatus, PriceBasis, Programme,
};
use money::Money;
use ports::Parked;

use super::wire;
use crate::orders_2026::charges::tax_scheme;
use crate::orders_2026::translate::{four_lines, not_on_amazon};
use crate::read::{
    Amounts, bad, country, decode, filled, line_id, magnitude, market_by_id, missing, moment, order_id, postcode_area,
    required, sku, title, units, unknown_status, unsupported_charge,
};

/// Reads a fact's payload, and the buyer's part if it was kept.
pub(crate) fn order(payload: &str, buyer: Option<&str>) -> Result<Order, Parked> {
    let fact: wire::Fact = decode(payload)?;
    let wire = &fact.order;
    if filled(wire.sales_channel.as_ref()).is_some_and(|name| name.starts_with("Non-Amazon")) {
        return Err(not_on_amazon("$.order.SalesChannel"));
    }
    let mut amounts = Amounts::default();
    let (site, market) = market_by_id(wire.marketplace_id.as_ref(), "$.order.MarketplaceId")?;
    let status = status(wire)?;
    if fact.items.as_slice().is_empty() {
        return Err(missing("$.items"));
    }
    let lines = fact.items.as_slice().iter().enumerate();
    let lines = lines
        .map(|(index, item)| line(item, index, status, site.basis, &mut amounts))
        .collect::<Result<Vec<_>, _>>()?;
    let total = wire.order_total.as_ref().map(|total| money(total, &mut amounts, "$.order.OrderTotal")).transpose()?;
    let updated_at = moment(wire.last_update_date.as_ref(), "$.order.LastUpdateDate")?;
    let ship_to = wire.shipping_address.as_ref();
    let to = country(ship_to.and_then(|address| address.country_code.as_ref()), "$.order.ShippingAddress.CountryCode")?;
    let code =
        ship_to.and_then(|address| filled(address.postal_area.as_ref()).or(filled(address.postal_code.as_ref())));
    let from = wire.default_ship_from_location_address.as_ref().and_then(|address| address.country_code.as_ref());
    let replaces = filled(wire.replaced_order_id.as_ref())
        .map(|_| order_id(wire.replaced_order_id.as_ref(), "$.order.ReplacedOrderId"))
        .transpose()?;
    Ok(Order {
        id: order_id(wire.amazon_order_id.as_ref(), "$.order.AmazonOrderId")?,
        market,
        placed_at: moment(wire.purchase_date.as_ref(), "$.order.PurchaseDate")?,
        updated_at,
        status,
        fulfilment: fulfilment(wire)?,
        programmes: programmes(wire),
        ship_from: country(from, "$.order.DefaultShipFromLocationAddress.CountryCode")?,
        ship_to: to,
        ship_to_area: postcode_area(to, code),
        currency: amounts.currency(),
        total,
        dispatches: dispatches(&lines, status, updated_at),
        lines,
        replaces,
        buyer: buyer.map(contacts).transpose()?,
    })
}

fn status(wire: &wire::Order) -> Result<OrderStatus, Parked> {
    let path = "$.order.OrderStatus";
    match required(wire.order_status.as_ref(), path)? {
        "PendingAvailability" | "Pending" => Ok(OrderStatus::Pending),
        "Unshipped" => Ok(OrderStatus::Unshipped),
        "PartiallyShipped" => Ok(OrderStatus::PartiallyShipped),
        "Shipped" => Ok(OrderStatus::Shipped),
        "Canceled" => Ok(OrderStatus::Cancelled),
        "Unfulfillable" => Ok(OrderStatus::Unfulfillable),
        other => Err(unknown_status(path, other)),
    }
}

fn fulfilment(wire: &wire::Order) -> Result<Fulfilment, Parked> {
    let path = "$.order.FulfillmentChannel";
    match required(wire.fulfillment_channel.as_ref(), path)? {
        "AFN" => Ok(Fulfilment::ByMarketplace),
        "MFN" => Ok(Fulfilment::BySeller),
        other => Err(bad(path, format!("`{}` is neither AFN nor MFN", crate::answer::cut(other, 40)))),
    }
}

fn programmes(wire: &wire::Order) -> Vec<Programme> {
    let flags = [
        (wire.is_business_order, Programme::Business),
        (wire.is_iba, Programme::InvoicedByMarketplace),
        (wire.is_prime, Programme::Prime),
        (wire.is_replacement_order, Programme::Replacement),
    ];
    flags.into_iter().filter(|(flag, _)| flag.is_some_and(|flag| flag.0)).map(|(_, programme)| programme).collect()
}

fn line(
    item: &wire::Item,
    index: usize,
    status: OrderStatus,
    basis: PriceBasis,
    amounts: &mut Amounts,
) -> Result<OrderLine, Parked> {
    let path = format!("$.items[{index}]");
    let ordered = units(item.quantity_ordered, &format!("{path}.QuantityOrdered"))?;
    let dispatched = match (item.quantity_shipped, status) {
        (None, OrderStatus::Shipped) => ordered,
        (None, OrderStatus::PartiallyShipped) => return Err(missing(format!("{path}.QuantityShipped"))),
        (None, _) => 0,
        (shipped, _) => units(shipped, &format!("{path}.QuantityShipped"))?,
    };
    if dispatched > ordered {
        return Err(bad(format!("{path}.QuantityShipped"), "more units left than were ordered"));
    }
    Ok(OrderLine {
        id: line_id(item.order_item_id.as_ref(), &format!("{path}.OrderItemId"))?,
        sku: sku(item.seller_sku.as_ref(), &format!("{path}.SellerSKU"))?,
        title: title(item.title.as_ref()),
        ordered,
        dispatched,
        charges: charges(item, &path, basis, amounts)?,
    })
}

fn charges(
    item: &wire::Item,
    path: &str,
    basis: PriceBasis,
    amounts: &mut Amounts,
) -> Result<Option<LineCharges>, Parked> {
    let mut read = |wire: Option<&wire::Money>, name: &str| {
        wire.map(|wire| money(wire, amounts, &format!("{path}.{name}"))).transpose()
    };
    if read(item.cod_fee.as_ref(), "CODFee")?.is_some_and(|fee| !fee.is_zero()) {
        return Err(unsupported_charge(format!("{path}.CODFee"), "CODFee"));
    }
    let gift = item.buyer_info.as_ref();
    let gift_wrap = read(gift.and_then(|gift| gift.gift_wrap_price.as_ref()), "BuyerInfo.GiftWrapPrice")?;
    let gift_wrap_tax = read(gift.and_then(|gift| gift.gift_wrap_tax.as_ref()), "BuyerInfo.GiftWrapTax")?;
    let delivery = read(item.shipping_price.as_ref(), "ShippingPrice")?;
    let delivery_tax = read(item.shipping_tax.as_ref(), "ShippingTax")?;
    let item_tax = read(item.item_tax.as_ref(), "ItemTax")?;
    let discount = read(item.promotion_discount.as_ref(), "PromotionDiscount")?;
    let discount_tax = read(item.promotion_discount_tax.as_ref(), "PromotionDiscountTax")?;
    let delivery_discount = read(item.shipping_discount.as_ref(), "ShippingDiscount")?;
    let delivery_discount_tax = read(item.shipping_discount_tax.as_ref(), "ShippingDiscountTax")?;
    // Without the price of the goods nothing is charged yet (pending), whatever else is stated.
    let Some(price) = read(item.item_price.as_ref(), "ItemPrice")? else { return Ok(None) };
    let zero = Money::zero(price.currency());
    let charge = |amount: Option<Money>, tax: Option<Money>| Charge { amount: amount.unwrap_or(zero), tax };
    let lowers = |amount: Option<Money>, tax: Option<Money>| charge(amount.map(magnitude), tax.map(magnitude));
    Ok(Some(LineCharges {
        item: charge(Some(price), item_tax),
        delivery: charge(delivery, delivery_tax),
        gift_wrap: charge(gift_wrap, gift_wrap_tax),
        item_discount: lowers(discount, discount_tax),
        delivery_discount: lowers(delivery_discount, delivery_discount_tax),
        stated_total: None,
        basis,
        marketplace_tax: marketplace_tax(item, path)?,
    }))
}

/// Who remits the tax. Only a stated collection counts; a reseller category alone changes nothing.
fn marketplace_tax(item: &wire::Item, path: &str) -> Result<Option<MarketplaceTax>, Parked> {
    let Some(model) = item.tax_collection.as_ref().and_then(|collection| filled(collection.model.as_ref())) else {
        return Ok(None);
    };
    if model != "MarketplaceFacilitator" {
        let reason = format!("the tax collection model `{}` is not known", crate::answer::cut(model, 40));
        return Err(bad(format!("{path}.TaxCollection.Model"), reason));
    }
    let category = filled(item.deemed_reseller_category.as_ref());
    Ok(Some(MarketplaceTax { scheme: tax_scheme(category, &format!("{path}.DeemedResellerCategory"))? }))
}

fn dispatches(lines: &[OrderLine], status: OrderStatus, at: Timestamp) -> Vec<Dispatch> {
    if !matches!(status, OrderStatus::Shipped | OrderStatus::PartiallyShipped) {
        return Vec::new();
    }
    let sent = lines.iter().filter(|line| line.dispatched > 0);
    let sent: Vec<_> = sent.map(|line| DispatchedLine { line: line.id.clone(), quantity: line.dispatched }).collect();
    if sent.is_empty() { Vec::new() } else { vec![Dispatch { package: None, at, lines: sent }] }
}

fn money(wire: &wire::Money, amounts: &mut Amounts, path: &str) -> Result<Money, Parked> {
    amounts.read(wire.amount.as_ref(), wire.currency_code.as_ref(), path)
}

fn contacts(json: &str) -> Result<Buyer, Parked> {
    let wire: wire::Contacts = decode(json).map_err(|error| bad(format!("buyer:{}", error.path), error.reason))?;
    let text = |text: Option<&String>| filled(text).map(str::to_owned);
    let info = wire.buyer_info.unwrap_or_default();
    let tax = wire.buyer_tax_information.unwrap_or_default();
    let address = wire.shipping_address.as_ref();
    Ok(Buyer {
        name: text(info.buyer_name.as_ref()).or_else(|| text(address.and_then(|address| address.name.as_ref()))),
        company: text(tax.buyer_legal_company_name.as_ref())
            .or_else(|| text(address.and_then(|address| address.company_name.as_ref()))),
        email: text(info.buyer_email.as_ref()),
        vat_number: text(tax.buyer_tax_registration_id.as_ref()),
        purchase_order: text(info.purchase_order_number.as_ref()),
        address: address.map(postal).transpose()?,
    })
}

fn postal(wire: &wire::Address) -> Result<Address, Parked> {
    let parts = [
        &wire.address_line1,
        &wire.address_line2,
        &wire.address_line3,
        &wire.city,
        &wire.county,
        &wire.state_or_region,
    ];
    let lines = parts.iter().filter_map(|part| filled(part.as_ref())).map(str::to_owned);
    Ok(Address {
        lines: four_lines(lines.collect()),
        postcode: filled(wire.postal_code.as_ref()).map(str::to_owned),
        country: country(wire.country_code.as_ref(), "buyer:$.ShippingAddress.CountryCode")?,
    })
}
