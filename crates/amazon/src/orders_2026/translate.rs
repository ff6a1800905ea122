//! Message Translator: an order of the Orders API 2026-01-01 as ours. Total and strict, naming the JSON path.
//!
//! Open sets that do not matter for the books (programmes, channel names) are tolerated; a status, currency, site, package
//! state or charge that we do not know parks the order. Assumptions are in BEHAVIOR.md, cited by number.

use model::{Address, Buyer, Fulfilment, Order, OrderLine, OrderStatus, Programme};
use ports::Parked;

use super::charges;
use super::dispatch;
use super::wire;
use crate::read::{
    Amounts, bad, country, decode, filled, line_id, market_by_id, missing, moment, order_id, parked, postcode_area,
    required, sku, title, units, unknown_status,
};

/// Reads a fact's payload, and the buyer's part if it was kept.
pub(crate) fn order(payload: &str, buyer: Option<&str>) -> Result<Order, Parked> {
    let wire: wire::Order = decode(payload)?;
    let mut amounts = Amounts::default();
    let status = status(&wire)?;
    let fulfilment = fulfilment(&wire)?;
    if wire.order_items.as_slice().is_empty() {
        return Err(missing("$.orderItems"));
    }
    let lines = wire.order_items.as_slice().iter().enumerate();
    let mut lines = lines.map(|(index, item)| line(item, index, &mut amounts)).collect::<Result<Vec<_>, _>>()?;
    let total = total(&wire, &mut amounts)?;
    let updated_at = moment(wire.last_updated_time.as_ref(), "$.lastUpdatedTime")?;
    let dispatches = dispatch::dispatches(&wire, &lines, status, fulfilment, updated_at)?;
    dispatch::count(&mut lines, &dispatches);
    let (ship_to, ship_to_area) = destination(&wire)?;
    let (programmes, replaces) = programmes(&wire)?;
    Ok(Order {
        id: order_id(wire.order_id.as_ref(), "$.orderId")?,
        market: market(&wire)?,
        placed_at: moment(wire.created_time.as_ref(), "$.createdTime")?,
        updated_at,
        status,
        fulfilment,
        programmes,
        ship_from: dispatch::ship_from(&wire)?,
        ship_to,
        ship_to_area,
        currency: amounts.currency(),
        total,
        lines,
        dispatches,
        replaces,
        buyer: buyer.map(contacts).transpose()?,
    })
}

fn status(wire: &wire::Order) -> Result<OrderStatus, Parked> {
    let path = "$.fulfillment.fulfillmentStatus";
    let said = wire.fulfillment.as_ref().and_then(|part| part.fulfillment_status.as_ref());
    match required(said, path)? {
        "PENDING_AVAILABILITY" | "PENDING" => Ok(OrderStatus::Pending),
        "UNSHIPPED" => Ok(OrderStatus::Unshipped),
        "PARTIALLY_SHIPPED" => Ok(OrderStatus::PartiallyShipped),
        "SHIPPED" => Ok(OrderStatus::Shipped),
        "CANCELLED" => Ok(OrderStatus::Cancelled),
        "UNFULFILLABLE" => Ok(OrderStatus::Unfulfillable),
        other => Err(unknown_status(path, other)),
    }
}

fn fulfilment(wire: &wire::Order) -> Result<Fulfilment, Parked> {
    let path = "$.fulfillment.fulfilledBy";
    match required(wire.fulfillment.as_ref().and_then(|part| part.fulfilled_by.as_ref()), path)? {
        "AMAZON" => Ok(Fulfilment::ByMarketplace),
        "MERCHANT" => Ok(Fulfilment::BySeller),
        other => Err(bad(path, format!("`{}` is neither AMAZON nor MERCHANT", crate::answer::cut(other, 40)))),
    }
}

fn market(wire: &wire::Order) -> Result<model::Market, Parked> {
    let channel = wire.sales_channel.as_ref().ok_or_else(|| missing("$.salesChannel"))?;
    if channel.channel_name.as_deref() == Some("NON_AMAZON") {
        return Err(not_on_amazon("$.salesChannel.channelName"));
    }
    Ok(market_by_id(channel.marketplace_id.as_ref(), "$.salesChannel.marketplaceId")?.1)
}

/// Goods that Amazon only ships for a sale made elsewhere: the sale belongs to another set of records.
pub(crate) fn not_on_amazon(path: &str) -> Parked {
    parked(
        "not_sold_on_amazon",
        path,
        "The order was not placed on an Amazon site; Amazon only delivers it",
        "Nothing to do here: book the sale where it was made, and close the item",
    )
}

fn programmes(wire: &wire::Order) -> Result<(Vec<Programme>, Option<model::OrderId>), Parked> {
    let mut programmes: Vec<Programme> = Vec::new();
    for name in wire.programs.as_slice() {
        programmes.extend(match name.as_str() {
            "AMAZON_BUSINESS" => Some(Programme::Business),
            "INVOICE_BY_AMAZON" => Some(Programme::InvoicedByMarketplace),
            "PRIME" => Some(Programme::Prime),
            _ => None,
        });
    }
    let mut associated = wire.associated_orders.as_slice().iter().enumerate();
    let original = associated.find(|(_, other)| other.association_type.as_deref() == Some("REPLACEMENT_ORIGINAL_ID"));
    let replaces = original
        .map(|(index, other)| order_id(other.order_id.as_ref(), &format!("$.associatedOrders[{index}].orderId")))
        .transpose()?;
    programmes.extend(replaces.as_ref().map(|_| Programme::Replacement));
    Ok((programmes, replaces))
}

fn destination(wire: &wire::Order) -> Result<(Option<model::Country>, Option<String>), Parked> {
    let Some(address) = wire.recipient.as_ref().and_then(|recipient| recipient.delivery_address.as_ref()) else {
        return Ok((None, None));
    };
    let to = country(address.country_code.as_ref(), "$.recipient.deliveryAddress.countryCode")?;
    let code = filled(address.postal_area.as_ref()).or(filled(address.postal_code.as_ref()));
    Ok((to, postcode_area(to, code)))
}

/// The stated total, and that no charge of the order stands outside its lines.
fn total(wire: &wire::Order, amounts: &mut Amounts) -> Result<Option<money::Money>, Parked> {
    let Some(proceeds) = &wire.proceeds else { return Ok(None) };
    for (index, part) in proceeds.breakdowns.as_slice().iter().enumerate() {
        let path = format!("$.proceeds.breakdowns[{index}]");
        if part.r#type.as_deref() == Some("DELIVERY_TIP")
            && !charges::amount(part.subtotal.as_ref(), amounts, &path)?.is_zero()
        {
            return Err(crate::read::unsupported_charge(path, "DELIVERY_TIP"));
        }
    }
    let total = proceeds.grand_total.as_ref();
    total.map(|total| charges::amount(Some(total), amounts, "$.proceeds.grandTotal")).transpose()
}

fn line(item: &wire::OrderItem, index: usize, amounts: &mut Amounts) -> Result<OrderLine, Parked> {
    let path = format!("$.orderItems[{index}]");
    let product = item.product.as_ref().ok_or_else(|| missing(format!("{path}.product")))?;
    let fulfilled = item.fulfillment.as_ref().and_then(|part| part.quantity_fulfilled);
    Ok(OrderLine {
        id: line_id(item.order_item_id.as_ref(), &format!("{path}.orderItemId"))?,
        sku: sku(product.seller_sku.as_ref(), &format!("{path}.product.sellerSku"))?,
        title: title(product.title.as_ref()),
        ordered: units(item.quantity_ordered, &format!("{path}.quantityOrdered"))?,
        dispatched: fulfilled
            .map(|_| units(fulfilled, &format!("{path}.fulfillment.quantityFulfilled")))
            .transpose()?
            .unwrap_or(0),
        charges: charges::line_charges(item, &path, amounts)?,
    })
}

/// The buyer's part, which was kept apart from the fact.
pub(crate) fn contacts(json: &str) -> Result<Buyer, Parked> {
    let wire: wire::Contacts = decode(json).map_err(|error| bad(format!("buyer:{}", error.path), error.reason))?;
    let text = |text: Option<&String>| filled(text).map(str::to_owned);
    let part = wire.buyer.unwrap_or_default();
    let registrations = wire.tax_registrations.as_slice();
    let vat = registrations.iter().find(|entry| entry.tax_registration_type.as_deref() == Some("VAT"));
    let legal = registrations.iter().find_map(|entry| text(entry.legal_name.as_ref()));
    let address = wire.delivery_address.as_ref();
    Ok(Buyer {
        name: text(part.buyer_name.as_ref()).or_else(|| text(address.and_then(|address| address.name.as_ref()))),
        company: text(part.buyer_company_name.as_ref())
            .or(legal)
            .or_else(|| text(address.and_then(|address| address.company_name.as_ref()))),
        email: text(part.buyer_email.as_ref()),
        vat_number: vat.and_then(|entry| text(entry.tax_registration_number.as_ref())),
        purchase_order: text(part.buyer_purchase_order_number.as_ref()),
        address: address.map(postal).transpose()?,
    })
}

fn postal(wire: &wire::Address) -> Result<Address, Parked> {
    let parts = [
        &wire.address_line1,
        &wire.address_line2,
        &wire.address_line3,
        &wire.city,
        &wire.district_or_county,
        &wire.state_or_region,
    ];
    let lines = parts.iter().filter_map(|part| filled(part.as_ref())).map(str::to_owned);
    Ok(Address {
        lines: four_lines(lines.collect()),
        postcode: filled(wire.postal_code.as_ref()).map(str::to_owned),
        country: country(wire.country_code.as_ref(), "buyer:$.deliveryAddress.countryCode")?,
    })
}

/// At most four lines: what does not fit is joined to the last, so nothing is lost.
pub(crate) fn four_lines(mut lines: Vec<String>) -> Vec<String> {
    while lines.len() > 4 {
        let last = lines.pop().unwrap_or_default();
        if let Some(line) = lines.last_mut() {
            line.push_str(", ");
            line.push_str(&last);
        }
    }
    lines
}
