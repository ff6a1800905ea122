//! A customer as KashFlow shows it, in a list or by itself. The e-mail lives in the contacts; old answers have one at the top.

use model::{Address, Country, CustomerDraft, TradeBorder};

use super::object::{Object, Unreadable};

#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) id: Option<i64>,
    pub(crate) code: String,
    name: Option<String>,
    emails: Vec<String>,
    /// Whether the answer tells e-mails at all: summaries may not.
    pub(crate) tells_emails: bool,
    vat_number: Option<String>,
    border: Option<TradeBorder>,
    address: Option<Address>,
    pub(crate) archived: bool,
}

/// A hit of the search route: an internal id, which no other route takes.
pub(crate) fn hit(object: &Object<'_>) -> Result<i64, Unreadable> {
    object.integer("key")?.ok_or_else(|| object.missing("key"))
}

impl Customer {
    pub(crate) fn read(object: &Object<'_>) -> Result<Customer, Unreadable> {
        let mut emails: Vec<String> = object.text("Email")?.into_iter().collect();
        for contact in object.objects("Contacts")? {
            emails.extend(contact.text("Email")?);
        }
        emails.retain(|email| !email.is_empty());
        let first = object.objects("Addresses")?.into_iter().next();
        Ok(Customer {
            id: object.integer("Id")?,
            code: object.text("Code")?.ok_or_else(|| object.missing("Code"))?,
            name: object.text("Name")?,
            emails,
            tells_emails: object.has("Contacts") || object.has("Email"),
            vat_number: object.text("VATNumber")?,
            border: object.text("TradeBorderType")?.as_deref().and_then(border),
            address: first.as_ref().map(address).transpose()?,
            archived: object.flag("IsArchived")?.unwrap_or(false),
        })
    }

    pub(crate) fn has_email(&self, email: &str) -> bool {
        self.emails.iter().any(|held| same(held, email))
    }

    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.name.as_deref().is_some_and(|held| same(held, name))
    }

    /// Whether what is held differs from what is wanted. What the answer does not tell is not held against it, or a customer
    /// would be written again for ever.
    pub(crate) fn differs(&self, wanted: &CustomerDraft) -> bool {
        let other_name = !self.has_name(&wanted.name);
        let other_vat = wanted
            .vat_number
            .as_deref()
            .is_some_and(|number| bare(number) != bare(self.vat_number.as_deref().unwrap_or("")));
        let other_email = self.tells_emails && wanted.email.as_deref().is_some_and(|email| !self.has_email(email));
        let other_border = self.border.is_some_and(|held| held != wanted.border);
        let other_address = match (&self.address, &wanted.address) {
            (_, None) => false,
            (None, Some(wanted)) => *wanted != Address::default(),
            (Some(held), Some(wanted)) => !same_address(held, wanted),
        };
        other_name || other_vat || other_email || other_border || other_address
    }
}

/// Trimmed and without case.
pub(crate) fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase()
}

/// The exact strings are unpublished (BEHAVIOR 19): capitals and blanks do not matter, and unknown ones say nothing.
fn border(text: &str) -> Option<TradeBorder> {
    match bare(text).as_str() {
        "DOMESTIC" | "UK" => Some(TradeBorder::Domestic),
        "EU" | "EC" => Some(TradeBorder::Eu),
        "RESTOFWORLD" | "ROW" => Some(TradeBorder::RestOfWorld),
        _ => None,
    }
}

fn address(object: &Object<'_>) -> Result<Address, Unreadable> {
    let mut lines = Vec::new();
    for name in ["Line1", "Line2", "Line3", "Line4"] {
        lines.extend(object.text(name)?.filter(|line| !line.is_empty()));
    }
    let country = object.text("CountryCode")?.and_then(|code| Country::parse(&code).ok());
    Ok(Address { lines, postcode: object.text("PostCode")?.filter(|code| !code.is_empty()), country })
}

fn same_address(held: &Address, wanted: &Address) -> bool {
    let lines = |address: &Address| -> Vec<String> {
        address.lines.iter().map(|line| line.trim().to_lowercase()).filter(|line| !line.is_empty()).collect()
    };
    let postcode = |address: &Address| bare(address.postcode.as_deref().unwrap_or(""));
    let other_country = matches!((held.country, wanted.country), (Some(held), Some(wanted)) if held != wanted);
    lines(held) == lines(wanted) && postcode(held) == postcode(wanted) && !other_country
}

#[cfg(test)]
mod tests {
    use model::CustomerCode;
    use money::Currency;

    use super::*;

    fn held(json: &str) -> Customer {
        Customer::read(&Object::parse(json, "$").unwrap()).unwrap()
    }

    fn wanted() -> CustomerDraft {
        CustomerDraft {
            code: CustomerCode::parse("AMZ7").unwrap(),
            name: "Zoë Kettle".into(),
            currency: Currency::GBP,
            border: TradeBorder::RestOfWorld,
            country: None,
            email: Some("zoe@example.invalid".into()),
            vat_number: Some("GB 123 4567 89".into()),
            address: Some(Address {
                lines: vec!["4 Row".into(), "Leeds".into()],
                postcode: Some("LS1 0AA".into()),
                country: Some(Country::GB),
            }),
            shared: false,
        }
    }

    const SAME: &str = r#"{"Code": "AMZ7", "Name": "ZOË KETTLE ", "Contacts": [{"Email": null}, {"Email": "Zoe@Example.Invalid"}],
        "VatNumber": "gb123456789", "TradeBorderType": "rest of world",
        "Addresses": [{"Line1": "4 row", "Line2": "", "Line3": "Leeds", "PostCode": "LS10AA", "CountryCode": "GB"}]}"#;

    #[test]
    fn spelling_is_no_difference() {
        assert!(!held(SAME).differs(&wanted()));
    }

    #[test]
    fn each_part_that_differs_counts() {
        for (from, to) in [
            ("KETTLE", "TEAPOT"),
            ("Zoe@", "joe@"),
            ("gb123456789", "gb987654321"),
            ("rest of world", "Domestic"),
            ("4 row", "5 row"),
            ("LS10AA", "LS20AA"),
        ] {
            assert!(held(&SAME.replace(from, to)).differs(&wanted()), "{from} -> {to}");
        }
    }

    #[test]
    fn what_the_answer_does_not_tell_is_not_held_against_it() {
        let quiet = r#"{"Code": "AMZ7", "Name": "Zoë Kettle", "VATNumber": "GB123456789", "TradeBorderType": "Overseas",
            "Addresses": [{"Line1": "4 Row", "Line2": "Leeds", "PostCode": "LS1 0AA"}]}"#;
        assert!(!held(quiet).differs(&wanted()));
    }
}
