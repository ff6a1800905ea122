//! What decisions refer to, in every shape that an account may answer.

use model::{BankAccountId, NominalCode, PaymentMethodId, VatRate};
use ports::{Books, BooksReference, ConnectorError};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::stub::{Call, Reply, kashflow};

fn company() -> Value {
    json!({ "CompanyName": "Teapot Trading Ltd", "HomeCurrency": { "Code": "GBP" }, "VATRegistered": 1 })
}

/// The lists of an account; `None` where there is no such route.
fn rows(path: &str) -> Option<Value> {
    Some(match path {
        "/nominals" => json!([
            { "Code": 4000, "Name": "Sale of Goods", "Type": "Sales", "Archived": false },
            { "Code": "4100", "Name": "Old", "Type": { "odd": 1 }, "Archived": 1 },
            { "Code": "forty", "Name": "Odd" }
        ]),
        "/vat/settings/vatrates" => json!([
            { "VATId": 1, "VATRate": 0.0 }, { "VATId": 2, "VATRate": 20.0000 }, { "VATId": 3, "VATRate": -1.0 }, { "VATId": 4, "VATRate": 20 }
        ]),
        "/paymentmethods/invoice" => json!([{ "Id": 700001, "Name": "Amazon" }]),
        "/bankaccounts" => json!([
            { "Id": 9002, "AccountName": "Amazon clearing", "Code": 1250, "TransactionLockEnabled": true, "TransactionLockDate": "2026-03-31" },
            { "Id": 9003, "AccountName": "Old", "IsArchived": true }
        ]),
        "/currencies/list" => json!([{ "Code": "GBP" }, { "Code": "eur" }]),
        "/products/list" => json!([
            { "Code": "TEAPOT-B", "NominalCode": "4000", "Name": "Teapot", "VATRate": 20.0, "ManageStockLevel": 1, "QuantityInStock": 48 },
            { "Code": "BOOK", "NominalCode": 4000, "VATExempt": true }
        ]),
        _ => return None,
    })
}

async fn read(answer: fn(&Call) -> Reply) -> Result<BooksReference, ConnectorError> {
    kashflow(answer).await.client.reference().await
}

fn as_array(call: &Call) -> Reply {
    match call.path.as_str() {
        "/settings/companydetails" => Reply::json(200, &company()),
        "/stockoptions" => Reply::json(200, &json!({ "EnableStockManagement": true })),
        path => rows(path).map_or_else(Reply::not_there, |rows| Reply::json(200, &rows)),
    }
}

/// One row to a page.
fn as_pages(call: &Call) -> Reply {
    let Some(rows) = rows(&call.path) else { return as_array(call) };
    let rows = rows.as_array().unwrap();
    let page: usize = call.query("page").parse().unwrap_or(1);
    let next = (page < rows.len()).then(|| format!("{}?page={}", call.path, page + 1));
    Reply::json(
        200,
        &json!({ "MetaData": { "TotalRecords": rows.len(), "NextPageUrl": next }, "Data": [rows[page - 1]] }),
    )
}

#[tokio::test]
async fn arrays_and_pages_tell_the_same() {
    let reference = read(as_array).await.unwrap();
    assert_eq!(reference, read(as_pages).await.unwrap());
    let codes: Vec<_> = reference.nominals.iter().map(|nominal| (nominal.code, nominal.archived)).collect();
    assert_eq!(codes, [(NominalCode(4000), false), (NominalCode(4100), true)], "the odd row is left out");
    let rates = [VatRate::Percent(Decimal::ZERO), VatRate::Percent(Decimal::from(20)), VatRate::OutsideScope];
    assert_eq!(reference.vat_rates, rates);
    assert_eq!(reference.currencies, ["GBP", "EUR"]);
    assert_eq!(reference.payment_methods[0].id, PaymentMethodId(700_001));
    let bank = &reference.bank_accounts;
    assert_eq!((bank.len(), bank[0].id, bank[0].nominal), (1, BankAccountId(9002), Some(NominalCode(1250))));
    assert_eq!(bank[0].locked_until, Some(jiff::civil::date(2026, 3, 31)));
    let stock: Vec<_> = reference.products.iter().map(|product| (product.stock_managed, product.in_stock)).collect();
    assert_eq!(stock, [(true, Some(48)), (false, None)]);
    assert_eq!(reference.products[1].vat_rate, Some(VatRate::Exempt));
    assert!(reference.stock_enabled && reference.company.vat_registered);
}

#[tokio::test]
async fn an_account_without_products_stock_and_currencies_is_still_an_account() {
    let reference = read(|call| match call.path.as_str() {
        "/products/list" | "/stockoptions" | "/currencies/list" => Reply::not_there(),
        _ => as_array(call),
    })
    .await
    .unwrap();
    assert_eq!((reference.products.len(), reference.stock_enabled), (0, false));
    assert_eq!(reference.currencies, ["GBP"], "only home is certain to be enabled");
}

#[tokio::test]
async fn the_older_list_of_products_serves_where_the_newer_is_absent() {
    let reference = read(|call| match call.path.as_str() {
        "/products/list" => Reply::not_there(),
        "/products" => Reply::json(200, &rows("/products/list").unwrap()),
        _ => as_array(call),
    })
    .await
    .unwrap();
    assert_eq!(reference.products.len(), 2);
}

#[tokio::test]
async fn accounts_that_cannot_be_read_are_not_no_accounts() {
    for path in
        ["/nominals", "/bankaccounts", "/paymentmethods/invoice", "/vat/settings/vatrates", "/settings/companydetails"]
    {
        let world = kashflow(move |call| if call.path == path { Reply::Html(503) } else { as_array(call) }).await;
        assert_eq!(world.client.reference().await.unwrap_err().code(), "CON-002", "{path}");
        let world = kashflow(move |call| if call.path == path { Reply::not_there() } else { as_array(call) }).await;
        assert_eq!(world.client.reference().await.unwrap_err().code(), "CON-007", "{path}");
    }
}

#[tokio::test]
async fn the_probe_is_one_small_read() {
    let world = kashflow(as_array).await;
    assert_eq!(world.client.probe().await.unwrap().name, "Teapot Trading Ltd");
    assert_eq!(world.calls().len(), 1);
}
