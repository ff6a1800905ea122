//! Products and their stock.

use rust_decimal::Decimal;

use super::call::Body;
use super::paging::{Page, envelope};
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Extras, Ledger, Product};

/// Largest page of any product list.
const PER_PAGE_MAX: usize = 100;

/// Properties that are kept and given back, with what they are when nobody set them.
const KEPT: &[(&str, Json)] = &[
    ("Description", Json::Null),
    ("AutoFillLineItem", Json::Flag(false)),
    ("WholeSalePrice", Json::Number(Decimal::ZERO)),
    ("VATExempt", Json::Flag(false)),
    ("StockWarningQuantity", Json::Int(0)),
    ("IsDefault", Json::Flag(false)),
    ("PurchaseNominalId", Json::Null),
    ("PurchaseSubNominalId", Json::Null),
];

/// All products, paged.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let all: Vec<&Product> = ledger.products.values().collect();
    paged(account, &ledger, call, all)
}

/// The products under a sales code, paged.
pub fn list_of_nominal(account: &Account, call: &Call) -> Outcome {
    let nominal = call.number(1, "The nominal code")?;
    let ledger = account.ledger();
    if !ledger.nominals.contains_key(&nominal) {
        return Err(ApiError::not_found("The nominal code"));
    }
    let own = ledger.products.values().filter(|product| product.nominal == nominal).collect();
    paged(account, &ledger, call, own)
}

/// One product.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    Ok(Reply::ok(write(&ledger, by_key(&ledger, call)?)))
}

/// Creates a product.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let missing = |name: &str| ApiError::invalid(format!("{name} is required."));
    let code = call.body.text("Code").filter(|code| !code.trim().is_empty()).ok_or_else(|| missing("Code"))?;
    let nominal = ledger.nominal(call.body.int("NominalCode")?.ok_or_else(|| missing("NominalCode"))?)?.code;
    let key = Ledger::product_key(nominal, &code);
    if ledger.products.contains_key(&key) {
        return Err(ApiError::refused("DuplicateProductCode", format!("Product code {code} is in use.")));
    }
    let name = call.body.text("Name").filter(|name| !name.trim().is_empty()).ok_or_else(|| missing("Name"))?;
    let mut product = Product {
        id: ledger.fresh_id(),
        nominal,
        code: code.trim().to_owned(),
        name,
        price: Decimal::ZERO,
        vat_rate: Decimal::ZERO,
        managed: false,
        in_stock: Decimal::ZERO,
        opening_stock: Decimal::ZERO,
        in_use: true,
        extras: Extras::new(),
    };
    read(&call.body, &mut product)?;
    let body = write(&ledger, &product);
    let location = format!("/products/{}/{}", product.nominal, product.code);
    ledger.products.insert(key, product);
    Ok(Reply::created(location, body))
}

/// Changes a product. `QuantityInStock` is absolute.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let mut product = by_key(&ledger, call)?.clone();
    if let Some(name) = call.body.text("Name") {
        product.name = name;
    }
    read(&call.body, &mut product)?;
    let body = write(&ledger, &product);
    ledger.products.insert(Ledger::product_key(product.nominal, &product.code), product);
    Ok(Reply::ok(body))
}

/// Deletes a product.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let product = by_key(&ledger, call)?;
    let key = Ledger::product_key(product.nominal, &product.code);
    ledger.products.remove(&key);
    Ok(Reply::done())
}

fn paged(account: &Account, ledger: &Ledger, call: &Call, mut found: Vec<&Product>) -> Outcome {
    let page = Page::of(call, 10, PER_PAGE_MAX)?;
    if call.query_flag("filterbyinuseonly") != Some(false) {
        found.retain(|product| product.in_use);
    }
    if let Some(start) = call.query("filterbycharacter").map(str::to_lowercase) {
        found.retain(|product| product.name.to_lowercase().starts_with(&start));
    }
    match call.query("sortcolumn").unwrap_or_default().to_ascii_lowercase().as_str() {
        "1" | "name" => found.sort_by_cached_key(|product| product.name.to_lowercase()),
        "2" | "nominal" => found.sort_by_key(|product| product.nominal),
        _ => found.sort_by_cached_key(|product| product.code.to_uppercase()),
    }
    if call.descending(false) {
        found.reverse();
    }
    let rows = page.of_slice(&found).iter().map(|product| write(ledger, product)).collect();
    Ok(Reply::ok(envelope(account, call, page, found.len(), rows)))
}

fn by_key<'l>(ledger: &'l Ledger, call: &Call) -> Result<&'l Product, ApiError> {
    let nominal = call.number(1, "The product")?;
    let found = ledger.products.get(&Ledger::product_key(nominal, call.segment(2)));
    found.ok_or_else(|| ApiError::not_found("The product"))
}

fn read(body: &Json, product: &mut Product) -> Result<(), ApiError> {
    if let Some(price) = body.amount("Price")? {
        product.price = price;
    }
    if let Some(rate) = body.amount("VATRate")? {
        product.vat_rate = rate;
    }
    if let Some(managed) = body.flag("ManageStockLevel")? {
        product.managed = managed;
    }
    if let Some(quantity) = body.int("QuantityInStock")? {
        product.in_stock = Decimal::from(quantity);
        product.opening_stock = product.in_stock;
    }
    if let Some(in_use) = body.flag("InUse")? {
        product.in_use = in_use;
    }
    for (name, _) in KEPT {
        if let Some(value) = body.get(name) {
            product.extras.insert(name, value.clone());
        }
    }
    Ok(())
}

fn write(ledger: &Ledger, own: &Product) -> Json {
    let in_stock = i64::try_from(own.in_stock.trunc()).unwrap_or(0);
    let mut members: Vec<(&'static str, Json)> = vec![
        ("Id", own.id.into()),
        ("NominalCode", own.nominal.into()),
        ("NominalId", ledger.nominals.get(&own.nominal).map(|nominal| nominal.id).into()),
        ("Code", own.code.as_str().into()),
        ("Name", own.name.as_str().into()),
        ("Price", own.price.into()),
        ("VATRate", own.vat_rate.into()),
        ("ManageStockLevel", own.managed.into()),
        ("QuantityInStock", in_stock.into()),
        ("InUse", own.in_use.into()),
    ];
    members.extend(KEPT.iter().map(|(name, otherwise)| (*name, own.extras.get(name).unwrap_or(otherwise).clone())));
    Json::Object(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
}
