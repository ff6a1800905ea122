//! Property tests: anything may come from a remote.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::orders::{fbm, observe, v0};
use super::reports::report;
use crate::marketplace::translate;
use crate::{BuyerData, orders_2026, orders_v0, reports};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "GBP",
            "JPY",
            "1.00",
            "-5",
            "SHIPPED",
            "2026-11-01T00:00:00Z",
            "A1F83G8C2ARO7P",
            "item-1",
            "ITEM",
            "TAX"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z]{1,12}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// The paths of all values below `value`.
fn pointers(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| pointers(value, &format!("{path}/{name}"), found))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, value)| pointers(value, &format!("{path}/{index}"), found))
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    /// Any bytes from a remote give a value or a parked fact, never a panic.
    #[test]
    fn whatever_arrives_is_read_or_parked(junk in any_json(), place in any::<prop::sample::Index>(), which in 0..3_usize, text in "\\PC{0,200}") {
        let rows = json!({"rows": [serde_json::from_str::<Value>(&report().orders[0].payload).unwrap()["rows"][0].clone()]});
        let (kind, good) = [(orders_2026::KIND, fbm()), (orders_v0::KIND, v0()), (reports::KIND, rows)][which].clone();
        let mut found = Vec::new();
        pointers(&good, "", &mut found);
        let mut order = good;
        *order.pointer_mut(&found[place.index(found.len())]).unwrap() = junk.clone();
        for (payload, buyer) in [(order.to_string(), None), (order.to_string(), Some(junk.to_string())), (junk.to_string(), None), (text.clone(), Some(text.clone()))] {
            if let Err(parked) = translate(kind, &payload, buyer.as_deref()) {
                prop_assert!(!parked.path.is_empty() && !parked.code.is_empty());
            }
        }
        let _ = orders_2026::observed(order.clone(), BuyerData::Contacts, "$");
        let _ = orders_v0::observed(order.clone(), vec![junk], BuyerData::Contacts, "$");
        let _ = crate::notifications::read(&order.to_string());
        let _ = crate::notifications::read(&text);
        let _ = reports::read(&text, BuyerData::None);
        let _ = reports::decode(text.as_bytes(), Some(&text), true);
    }

    /// Redaction never invents and never leaves a name, a street or a phone, wherever they stand.
    #[test]
    fn no_person_survives_redaction_wherever_it_stands(name in "[A-Z]{8}", place in prop::sample::select(vec!["buyer", "recipient", "buyerContact", "shippingAddress", "newPhone", "contactEmail"])) {
        let mut order = fbm();
        order[place] = json!({"anything": name});
        order["nested"] = json!([{ place: name.clone() }]);
        let payload = observe(order, BuyerData::Destination).payload;
        prop_assert!(!payload.contains(&name), "{}", payload);
    }
}
