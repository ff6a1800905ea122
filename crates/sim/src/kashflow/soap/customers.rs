//! Customers in the shape of the SOAP API.

use rust_decimal::Decimal;

use super::Asked;
use super::company::{currency_code, currency_id};
use crate::kashflow::Account;
use crate::kashflow::api::{Body as _, contacts};
use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Contact, Ledger, Side};

type Outcome = Result<Json, ApiError>;

/// How many texts and boxes of a customer's own there are.
const OWN_FIELDS: usize = 20;

/// The customer with a code.
pub fn by_code(account: &Account, asked: &Asked) -> Outcome {
    let code = asked.args.text("CustomerCode").unwrap_or_default();
    let ledger = account.ledger();
    let found = ledger[Side::Sales].contacts.by_code(&code);
    found.map(|own| shown(&ledger, own)).ok_or_else(|| ApiError::invalid("There is no customer with that code"))
}

/// The customer with an internal id.
pub fn by_id(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    found(&ledger, asked.args.int("CustomerID")?.unwrap_or_default()).map(|own| shown(&ledger, own))
}

/// The first customer with exactly this e-mail address, without case.
pub fn by_email(account: &Account, asked: &Asked) -> Outcome {
    let email = asked.args.text("CustomerEmail").unwrap_or_default().trim().to_lowercase();
    let ledger = account.ledger();
    let contacts = &ledger[Side::Sales].contacts;
    let hits = contacts.starting_with('e', &email);
    let mut hits = hits.into_iter().filter_map(|id| contacts.by_id(id));
    let own = hits.find(|own| !email.is_empty() && own.emails().any(|own| own.to_lowercase() == email));
    own.map(|own| shown(&ledger, own)).ok_or_else(|| ApiError::invalid("There is no customer with that email address"))
}

/// All customers.
pub fn all(account: &Account, asked: &Asked) -> Outcome {
    Ok(listed(account, asked, |_| true))
}

/// Customers made or changed since a moment.
pub fn modified_since(account: &Account, asked: &Asked) -> Outcome {
    let since = asked.args.day("ModDate")?;
    Ok(listed(account, asked, |own| since.is_none_or(|since| day::london_day(own.updated_at) >= since)))
}

/// Customers with a postcode, without case and spaces.
pub fn by_postcode(account: &Account, asked: &Asked) -> Outcome {
    let plain = |text: String| text.replace(' ', "").to_lowercase();
    let wanted = plain(asked.args.text("Postcode").unwrap_or_default());
    Ok(listed(account, asked, |own| {
        plain(address(own, "Addresses", "PostCode").as_text().unwrap_or_default()) == wanted
    }))
}

/// Where customers come from.
pub fn sources(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let rows = ledger.sources.iter().map(|(id, (name, cost))| {
        Json::object([("ID", (*id).into()), ("Name", name.as_str().into()), ("Value", (*cost).into())])
    });
    Ok(Json::List(rows.collect()))
}

/// Adds a customer; gives its internal id.
pub fn insert(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let body = rest_body(&ledger, sent(asked)?)?;
    contacts::file(&mut ledger, Side::Sales, &body).map(Json::Int)
}

/// Replaces a customer, found by its internal id.
pub fn update(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let custr = sent(asked)?;
    let code = found(&ledger, custr.int("CustomerID")?.unwrap_or_default())?.code.clone();
    let body = rest_body(&ledger, custr)?;
    contacts::change(&mut ledger, Side::Sales, &code, &body, false)?;
    Ok("Updated".into())
}

/// Deletes a customer without documents.
pub fn delete(account: &Account, asked: &Asked) -> Outcome {
    let mut ledger = account.ledger();
    let code = found(&ledger, asked.args.int("CustomerID")?.unwrap_or_default())?.code.clone();
    contacts::remove(&mut ledger, Side::Sales, &code).map(|()| Json::Flag(true))
}

/// The customer with this internal id.
pub fn found(ledger: &Ledger, id: i64) -> Result<&Contact, ApiError> {
    let found = ledger[Side::Sales].contacts.by_id(id);
    found.ok_or_else(|| ApiError::invalid(format!("There is no customer with id {id}")))
}

fn sent(asked: &Asked) -> Result<&Json, ApiError> {
    asked.args.get("custr").ok_or_else(|| ApiError::invalid("custr is missing"))
}

fn listed(account: &Account, asked: &Asked, wanted: impl Fn(&Contact) -> bool) -> Json {
    let ledger = account.ledger();
    let contacts = &ledger[Side::Sales].contacts;
    let found = contacts.ids_by_code().filter_map(|id| contacts.by_id(id));
    let found = found.filter(|own| own.created_at <= asked.seen_until && wanted(own));
    Json::List(found.map(|own| shown(&ledger, own)).collect())
}

/// The body that REST reads.
fn rest_body(ledger: &Ledger, custr: &Json) -> Outcome {
    let text = |name: &str| custr.get(name).cloned().unwrap_or(Json::Null);
    let contact = Json::object([
        ("Name", text("Contact")),
        ("Title", text("ContactTitle")),
        ("Firstname", text("ContactFirstName")),
        ("LastName", text("ContactLastName")),
        ("Telephone", text("Telephone")),
        ("Mobile", text("Mobile")),
        ("Fax", text("Fax")),
        ("Website", text("Website")),
        ("Email", text("Email")),
    ]);
    let address = |prefix: &str| {
        Json::object([
            ("Line1", text(&format!("{prefix}Address1"))),
            ("Line2", text(&format!("{prefix}Address2"))),
            ("Line3", text(&format!("{prefix}Address3"))),
            ("Line4", text(&format!("{prefix}Address4"))),
            ("PostCode", text(&format!("{prefix}Postcode"))),
            ("CountryName", text(&format!("{prefix}CountryName"))),
            ("CountryCode", text(&format!("{prefix}CountryCode"))),
        ])
    };
    let elsewhere = custr.int("CustHasDeliveryAddress")? == Some(1);
    let border = match (custr.int("EC")?, custr.int("OutsideEC")?) {
        (Some(1), _) => "EU",
        (_, Some(1)) => "Rest of World",
        _ => "Domestic",
    };
    let own = |stem: &str| {
        let named = (1..=OWN_FIELDS).map(|number| {
            let name = format!("{stem}{number}");
            Json::object([("Value", text(&name)), ("Name", name.into())])
        });
        Json::List(named.collect())
    };
    let days = custr.int("PaymentTerms")?.unwrap_or_default();
    Ok(Json::object([
        ("Code", text("Code")),
        ("Name", text("Name")),
        ("Contacts", Json::List(vec![contact])),
        ("Addresses", Json::List(vec![address("")])),
        ("UseCustomDeliveryAddress", elsewhere.into()),
        ("DeliveryAddresses", if elsewhere { Json::List(vec![address("Delivery")]) } else { Json::List(Vec::new()) }),
        ("TradeBorderType", border.into()),
        ("Note", text("Notes")),
        ("Source", text("Source")),
        ("DiscountRate", text("Discount")),
        ("ShowDiscount", text("ShowDiscount")),
        ("PaymentTerms", Json::object([("Type", "AfterIssuedDate".into()), ("Days", days.into())])),
        ("CustomTextBoxes", own("ExtraText")),
        ("CustomCheckBoxes", own("CheckBox")),
        (
            "Currency",
            Json::object([("Code", currency_code(ledger, custr.int("CurrencyID")?.unwrap_or_default())?.into())]),
        ),
        ("VATNumber", text("VATNumber")),
    ]))
}

fn shown(ledger: &Ledger, own: &Contact) -> Json {
    let extra = |name: &str| own.extras.get(name).cloned().unwrap_or(Json::Null);
    let person = |name: &str| own.contacts.first().and_then(|person| person.get(name)).cloned().unwrap_or(Json::Null);
    let border = extra("TradeBorderType").as_text().unwrap_or_default();
    let days = own.extras.get("PaymentTerms").and_then(|terms| terms.get("Days")).cloned().unwrap_or(Json::Int(30));
    let moment = |at: jiff::Timestamp| Json::from(format!("{}T00:00:00", day::london_day(at)));
    let mut members: Vec<(String, Json)> = Vec::new();
    let mut add = |name: &str, value: Json| members.push((name.to_owned(), value));
    add("CustomerID", own.id.into());
    add("Code", own.code.as_str().into());
    add("Name", own.name.as_str().into());
    for (name, from) in [
        ("Contact", "Name"),
        ("Telephone", "Telephone"),
        ("Mobile", "Mobile"),
        ("Fax", "Fax"),
        ("Email", "Email"),
        ("Website", "Website"),
        ("ContactTitle", "Title"),
        ("ContactFirstName", "Firstname"),
        ("ContactLastName", "LastName"),
    ] {
        add(name, person(from));
    }
    for (prefix, list) in [("", "Addresses"), ("Delivery", "DeliveryAddresses")] {
        for (name, from) in [
            ("Address1", "Line1"),
            ("Address2", "Line2"),
            ("Address3", "Line3"),
            ("Address4", "Line4"),
            ("CountryName", "CountryName"),
            ("CountryCode", "CountryCode"),
            ("Postcode", "PostCode"),
        ] {
            add(&format!("{prefix}{name}"), address(own, list, from));
        }
    }
    add("EC", i64::from(border == "EU").into());
    add("OutsideEC", i64::from(border == "Rest of World").into());
    add("Notes", extra("Note"));
    add("Source", extra("Source"));
    add("Discount", Json::Number(extra("DiscountRate").as_number().unwrap_or(Decimal::ZERO)));
    add("ShowDiscount", extra("ShowDiscount"));
    add("PaymentTerms", days);
    for list in ["CustomTextBoxes", "CustomCheckBoxes"] {
        for item in own.extras.get(list).and_then(Json::items).unwrap_or_default() {
            if let Some(name) = item.get("Name").and_then(Json::as_text) {
                add(&name, item.get("Value").cloned().unwrap_or(Json::Null));
            }
        }
    }
    add("Created", moment(own.created_at));
    add("Updated", moment(own.updated_at));
    add("CurrencyID", currency_id(ledger, &own.currency).into());
    add("CustHasDeliveryAddress", i64::from(extra("UseCustomDeliveryAddress").as_flag() == Some(true)).into());
    add("VATNumber", extra("VATNumber"));
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn address(own: &Contact, list: &str, name: &str) -> Json {
    let first = own.extras.get(list).and_then(Json::items).and_then(<[Json]>::first);
    first.and_then(|address| address.get(name)).cloned().unwrap_or(Json::Null)
}
