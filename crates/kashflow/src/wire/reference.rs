//! Rows of the short lists that decisions refer to.

use model::{BankAccountId, NominalCode, PaymentMethodId, VatRate};
use ports::{BankAccount, CompanyInfo, Nominal, NumberedMethod, Product};
use rust_decimal::Decimal;

use super::object::{Object, Unreadable};

pub(crate) fn nominal(row: &Object<'_>) -> Result<Nominal, Unreadable> {
    Ok(Nominal {
        code: NominalCode(row.id("Code")?.ok_or_else(|| row.missing("Code"))?),
        name: row.text("Name")?.unwrap_or_default(),
        // A label in most answers, an object in none that was seen; whatever else it is, it only labels.
        kind: row.text("Type").unwrap_or_default(),
        archived: row.flag("Archived")?.unwrap_or(false),
    })
}

/// `n/a` rows have no percentage: below zero as in SOAP, or none at all.
pub(crate) fn vat_rate(row: &Object<'_>) -> Result<VatRate, Unreadable> {
    Ok(match row.decimal("VATRate")? {
        Some(rate) if rate >= Decimal::ZERO => VatRate::Percent(rate.normalize()),
        _ => VatRate::OutsideScope,
    })
}

pub(crate) fn currency(row: &Object<'_>) -> Result<String, Unreadable> {
    let code = row.text("Code")?.filter(|code| !code.is_empty()).ok_or_else(|| row.missing("Code"))?;
    Ok(code.to_ascii_uppercase())
}

/// `{Id, Name}` by analogy with bank accounts, or the names of SOAP (BEHAVIOR 21).
pub(crate) fn method(row: &Object<'_>) -> Result<NumberedMethod, Unreadable> {
    let id = match row.id("Id")? {
        Some(id) => id,
        None => row.id("MethodID")?.ok_or_else(|| row.missing("Id"))?,
    };
    let name = match row.text("Name")? {
        Some(name) => name,
        None => row.text("MethodName")?.unwrap_or_default(),
    };
    Ok(NumberedMethod { id: PaymentMethodId(id), name })
}

/// `None` for an archived account.
pub(crate) fn bank_account(row: &Object<'_>) -> Result<Option<BankAccount>, Unreadable> {
    if row.flag("IsArchived")?.unwrap_or(false) {
        return Ok(None);
    }
    let locked = row.flag("TransactionLockEnabled")?.unwrap_or(false);
    Ok(Some(BankAccount {
        id: BankAccountId(row.id("Id")?.ok_or_else(|| row.missing("Id"))?),
        name: row.text("AccountName")?.unwrap_or_default(),
        nominal: row.id("Code")?.filter(|code| *code != 0).map(NominalCode),
        locked_until: row.day("TransactionLockDate")?.filter(|_| locked),
    }))
}

pub(crate) fn product(row: &Object<'_>) -> Result<Product, Unreadable> {
    let code = row.text("Code")?.filter(|code| !code.is_empty()).ok_or_else(|| row.missing("Code"))?;
    let vat_rate = if row.flag("VATExempt")?.unwrap_or(false) {
        Some(VatRate::Exempt)
    } else {
        row.decimal("VATRate")?.map(|rate| VatRate::Percent(rate.normalize()))
    };
    Ok(Product {
        code,
        nominal: NominalCode(row.id("NominalCode")?.ok_or_else(|| row.missing("NominalCode"))?),
        name: row.text("Name")?.unwrap_or_default(),
        vat_rate,
        stock_managed: row.flag("ManageStockLevel")?.unwrap_or(false),
        in_stock: row.decimal("QuantityInStock")?.and_then(|stock| stock.trunc().try_into().ok()),
    })
}

/// Home currency and VAT registration decide what is written, so neither has a default.
pub(crate) fn company(object: &Object<'_>) -> Result<CompanyInfo, Unreadable> {
    let home = match object.object("HomeCurrency")? {
        Some(currency) => Some(self::currency(&currency)?),
        None => None,
    };
    let has_vat_number = object.text("VATNumber")?.is_some_and(|number| !number.is_empty());
    let vat_registered = match object.flag("VATRegistered")? {
        Some(registered) => registered,
        None if has_vat_number => true,
        None => return Err(object.missing("VATRegistered")),
    };
    Ok(CompanyInfo {
        name: object.text("CompanyName")?.unwrap_or_default(),
        home_currency: home.ok_or_else(|| object.missing("HomeCurrency.Code"))?,
        vat_registered,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object<'_> {
        Object::parse(json, "$").unwrap()
    }

    #[test]
    fn a_company_without_home_currency_or_vat_status_is_not_guessed() {
        let told = |json| company(&object(json)).map_err(|error| error.to_string());
        assert!(told(r#"{"CompanyName": "T", "VATRegistered": 1, "HomeCurrency": {"Code": "gbp"}}"#).is_ok());
        let error = told(r#"{"HomeCurrency": {"Code": "GBP"}}"#).unwrap_err();
        assert!(error.starts_with("$.VATRegistered is not there"), "{error}");
        assert!(told(r#"{"VATRegistered": false}"#).unwrap_err().contains("HomeCurrency"));
    }

    #[test]
    fn a_lock_date_counts_only_while_the_lock_is_on() {
        let row = |on: &str, date: &str| {
            let json = format!(r#"{{"Id": 1, "TransactionLockEnabled": {on}, "TransactionLockDate": "{date}"}}"#);
            bank_account(&object(&json)).unwrap().unwrap().locked_until.map(|date| date.to_string())
        };
        assert_eq!(row("1", "2026-03-31"), Some("2026-03-31".to_owned()));
        assert_eq!(row("false", "2026-03-31"), None);
        assert_eq!(row("true", "1900-01-01 12:00:00"), None);
    }

    #[test]
    fn payment_methods_are_read_in_both_guessed_shapes() {
        for json in [r#"{"Id": 700001, "Name": "Amazon"}"#, r#"{"MethodId": "700001", "MethodName": "Amazon"}"#] {
            assert_eq!(method(&object(json)).unwrap().id, PaymentMethodId(700_001));
        }
    }

    #[test]
    fn a_vat_level_that_is_no_percentage_is_outside_the_scope() {
        assert_eq!(vat_rate(&object(r#"{"VATRate": -1.0, "VATText": "n/a"}"#)), Ok(VatRate::OutsideScope));
        assert_eq!(vat_rate(&object(r#"{"VATRate": 20.0000}"#)), Ok(VatRate::Percent(Decimal::from(20))));
    }
}
