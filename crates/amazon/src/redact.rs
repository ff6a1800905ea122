//! Takes the buyer out of an order before it becomes a fact.
//!
//! The walk is by name, not by place: a field that Amazon adds tomorrow under any object is dropped if its name says that it
//! is about a person. What is kept of a destination is its country and, in Britain, the letters of the postcode.

use model::Country;
use serde_json::{Map, Value};

use crate::read::postcode_area;

/// Parts of (lower-case) field names that tell of a person.
const PERSONAL: &[&str] = &[
    "address",
    "buyer",
    "recipient",
    "phone",
    "email",
    "giftmessage",
    "customiz",
    "legalname",
    "registrationnumber",
    "tracking",
    "authorizationcode",
    "cardbrand",
    "acquirer",
    "cancelreason",
    "deliverypreference",
    "deliveryinstruction",
    "droplocation",
    "nationalid",
    "taxinfo",
    "postalcode",
    "paymentmethoddetails",
    "serialnumbers",
    "labels",
];

/// Names that contain one of those words and say nothing about a person.
const HARMLESS: &[&str] = &[
    "buyerinvoicepreference",
    "isbuyerrequestedcancel",
    "buyerrequestedcancel",
    "addresstype",
    "serialnumberrequired",
    "serialnumberrequirement",
    "orderchangetrigger",
];

/// Objects about a person that hold a part the books need.
const PLACES: &[&str] = &["deliveryaddress", "shippingaddress", "shipfromaddress", "defaultshipfromlocationaddress"];

/// Removes everything about persons from `value`, in place.
pub(crate) fn redact(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let old = std::mem::take(fields);
            for (name, inner) in old {
                if let Some(kept) = kept(&name, inner) {
                    fields.insert(name, kept);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redact),
        _ => {}
    }
}

fn kept(name: &str, mut value: Value) -> Option<Value> {
    let lower = name.to_ascii_lowercase();
    if PLACES.contains(&lower.as_str()) {
        return place(&value);
    }
    match lower.as_str() {
        // An object around the delivery address in 2026; nothing else of it is kept.
        "recipient" => {
            let inner = value.get("deliveryAddress").and_then(place)?;
            return Some(Value::Object(Map::from_iter([("deliveryAddress".to_owned(), inner)])));
        }
        // v0 hides the price of gift wrap in the buyer's data of an item.
        "buyerinfo" => {
            let fields = ["GiftWrapPrice", "GiftWrapTax"].into_iter();
            let prices: Map<String, Value> =
                fields.filter_map(|field| Some((field.to_owned(), value.get(field)?.clone()))).collect();
            return (!prices.is_empty()).then_some(Value::Object(prices));
        }
        _ => {}
    }
    if PERSONAL.iter().any(|word| lower.contains(word)) && !HARMLESS.contains(&lower.as_str()) {
        return None;
    }
    redact(&mut value);
    Some(value)
}

/// Country and postcode area of an address, under the names the address uses plus `postalArea`.
fn place(address: &Value) -> Option<Value> {
    let mut fields = Map::new();
    let named =
        |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, address.get(name)?.as_str()?)));
    let (name, code) = named(["countryCode", "CountryCode"])?;
    fields.insert(name.to_owned(), Value::from(code.chars().take(2).collect::<String>()));
    let postcode = named(["postalCode", "PostalCode"]).map(|(_, text)| text);
    // An address that was redacted before keeps its area.
    let area = postcode_area(Country::parse(code).ok(), postcode.or(address.get("postalArea").and_then(Value::as_str)));
    if let Some(area) = area {
        fields.insert("postalArea".to_owned(), Value::from(area));
    }
    Some(Value::Object(fields))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_country_and_postcode_area_of_a_person_are_kept() {
        let mut order = json!({
            "orderId": "203-1", "buyer": {"buyerName": "Invented Person"},
            "recipient": {"deliveryAddress": {"name": "Invented Person", "postalCode": "bt1 5gs", "countryCode": "GB"},
                          "deliveryPreference": {"dropOffLocation": "behind the shed"}},
            "packages": [{"trackingNumber": "T1", "shipFromAddress": {"addressLine1": "1 Dock", "postalCode": "LS1", "countryCode": "GB"}}],
            "orderItems": [{"fulfillment": {"packing": {"giftOption": {"giftMessage": "Happy day", "giftWrapLevel": "X"}}}}],
            "futureBuyerPhone": "+44", "nested": [{"buyerEmail": "a@example.invalid", "kept": 1}],
        });
        redact(&mut order);
        assert_eq!(
            order,
            json!({
                "orderId": "203-1",
                "recipient": {"deliveryAddress": {"countryCode": "GB", "postalArea": "BT"}},
                "packages": [{"shipFromAddress": {"countryCode": "GB", "postalArea": "LS"}}],
                "orderItems": [{"fulfillment": {"packing": {"giftOption": {"giftWrapLevel": "X"}}}}],
                "nested": [{"kept": 1}],
            })
        );
    }

    #[test]
    fn redacting_twice_changes_nothing() {
        let mut once = json!({"ShippingAddress": {"CountryCode": "GB", "PostalCode": "LS1 4AP"}, "BuyerInfo": {"BuyerName": "X", "GiftWrapPrice": {"Amount": "1.00"}}});
        redact(&mut once);
        let mut twice = once.clone();
        redact(&mut twice);
        assert_eq!(once, twice);
        assert_eq!(once["ShippingAddress"], json!({"CountryCode": "GB", "postalArea": "LS"}));
        assert_eq!(once["BuyerInfo"], json!({"GiftWrapPrice": {"Amount": "1.00"}}));
    }
}
