//! Sales types and their products in the shape of the SOAP API.

use rust_decimal::Decimal;

use super::Asked;
use super::company::nominal_of;
use crate::kashflow::Account;
use crate::kashflow::api::Body as _;
use crate::kashflow::chart::Class;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Ledger, Product};

type Outcome = Result<Json, ApiError>;

/// The sales types, with their products for the form that has them.
pub fn sales_types(account: &Account, _: &Asked) -> Outcome {
    let ledger = account.ledger();
    let types = ledger.nominals.values().filter(|own| own.class == Class::Turnover && !own.archived);
    let rows = types.map(|own| {
        let products = ledger.products.values().filter(|product| product.nominal == own.code);
        Json::object([
            ("ProductID", own.id.into()),
            ("ProductName", own.name.as_str().into()),
            ("ProductCode", own.code.into()),
            ("ProductDescription", own.extras.get("Description").cloned().unwrap_or(Json::Null)),
            ("ProductPrice", own.extras.get("Price").cloned().unwrap_or(Json::Null)),
            ("subProducts", Json::List(products.map(|own| shown(&ledger, own)).collect())),
        ])
    });
    Ok(Json::List(rows.collect()))
}

/// The products of a sales type.
pub fn of_sales_type(account: &Account, asked: &Asked) -> Outcome {
    let ledger = account.ledger();
    let nominal = nominal_of(&ledger, asked.args.int("NominalID")?.unwrap_or_default())?;
    let products = ledger.products.values().filter(|own| own.nominal == nominal);
    Ok(Json::List(products.map(|own| shown(&ledger, own)).collect()))
}

/// The first product with a code, without case.
pub fn by_code(account: &Account, asked: &Asked) -> Outcome {
    let code = asked.args.text("ProductCode").unwrap_or_default();
    one(account, |own| own.code.eq_ignore_ascii_case(code.trim()))
}

/// The product with an internal id.
pub fn by_id(account: &Account, asked: &Asked) -> Outcome {
    let id = asked.args.int("ProductID")?.unwrap_or_default();
    one(account, |own| own.id == id)
}

/// Adds a product (id 0) or replaces the one with its id; gives its id.
pub fn add_or_update(account: &Account, asked: &Asked) -> Outcome {
    let sent = asked.args.get("sp").ok_or_else(|| ApiError::invalid("sp is missing"))?;
    let mut ledger = account.ledger();
    let nominal = nominal_of(&ledger, sent.int("ParentID")?.unwrap_or_default())?;
    let code = sent.text("Code").map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| ApiError::invalid("Code is required"))?;
    let id = sent.int("id")?.unwrap_or_default();
    let key = Ledger::product_key(nominal, &code);
    let old = ledger.products.iter().find(|(_, own)| own.id == id).map(|(key, own)| (key.clone(), own.clone()));
    if id != 0 && old.is_none() {
        return Err(ApiError::invalid(format!("There is no product with id {id}")));
    }
    if ledger.products.get(&key).is_some_and(|own| own.id != id) {
        return Err(ApiError::invalid(format!("Product code {code} is in use")));
    }
    if let Some((key, _)) = &old {
        ledger.products.remove(key);
    }
    let amount = |name| sent.amount(name).map(Option::unwrap_or_default);
    let in_stock = Decimal::from(sent.int("QtyInStock")?.unwrap_or_default());
    let id = if id == 0 { ledger.fresh_id() } else { id };
    let mut extras = old.map_or_else(Extras::new, |(_, own)| own.extras);
    extras.insert("Description", sent.text("Description").into());
    extras.insert("WholeSalePrice", amount("WholesalePrice")?.into());
    extras.insert("StockWarningQuantity", sent.int("StockWarnQty")?.unwrap_or_default().into());
    extras.insert("AutoFillLineItem", (sent.int("AutoFill")? == Some(1)).into());
    let product = Product {
        id,
        nominal,
        name: sent.text("Name").unwrap_or_else(|| code.clone()),
        code,
        price: amount("Price")?,
        vat_rate: amount("VatRate")?,
        managed: sent.int("Managed")? == Some(1),
        in_stock,
        opening_stock: in_stock,
        in_use: true,
        extras,
    };
    ledger.products.insert(key, product);
    Ok(id.into())
}

fn one(account: &Account, wanted: impl Fn(&Product) -> bool) -> Outcome {
    let ledger = account.ledger();
    let found = ledger.products.values().find(|own| wanted(own));
    found.map(|own| shown(&ledger, own)).ok_or_else(|| ApiError::invalid("There is no such product"))
}

fn shown(ledger: &Ledger, own: &Product) -> Json {
    let extra = |name: &str| own.extras.get(name).cloned().unwrap_or(Json::Null);
    Json::object([
        ("id", own.id.into()),
        ("ParentID", ledger.nominals.get(&own.nominal).map(|nominal| nominal.id).into()),
        ("Name", own.name.as_str().into()),
        ("Code", own.code.as_str().into()),
        ("Description", extra("Description")),
        ("Price", own.price.into()),
        ("VatRate", own.vat_rate.into()),
        ("WholesalePrice", extra("WholeSalePrice")),
        ("Managed", i64::from(own.managed).into()),
        ("QtyInStock", i64::try_from(own.in_stock.trunc()).unwrap_or(0).into()),
        ("StockWarnQty", extra("StockWarningQuantity")),
        ("AutoFill", i64::from(extra("AutoFillLineItem").as_flag() == Some(true)).into()),
    ])
}
