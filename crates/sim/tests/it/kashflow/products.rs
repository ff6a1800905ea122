use serde_json::{Value, json};

use super::{Remote, plain_with, remote};

async fn mugs(remote: &Remote, managed: bool) {
    let body = json!({
        "Code": "MUG/B", "NominalCode": "4000", "Name": "Mug, blue", "VATRate": 20, "Price": 8.33,
        "ManageStockLevel": managed, "QuantityInStock": 10,
    });
    assert_eq!(remote.post("/products", body).await.status, 201);
}

async fn left(remote: &Remote) -> Value {
    remote.get("/products/4000/mug%2Fb").await.body["QuantityInStock"].clone()
}

fn lines(lines: Value) -> Value {
    plain_with("C1", json!({"LineItems": lines}))
}

#[tokio::test]
async fn an_invoice_line_takes_its_product_out_of_stock_once_and_a_deletion_puts_it_back() {
    let remote = remote().await;
    remote.customer("C1").await;
    mugs(&remote, true).await;
    let body = lines(json!([
        {"Quantity": 2, "Rate": 8.34, "VATLevel": 20, "NominalCode": 4000, "ProductCode": "MUG/B"},
        {"Quantity": 1, "Rate": 8.33, "VATLevel": 20, "NominalCode": 4000, "ProductCode": "mug/b"},
        {"Quantity": 1, "Rate": -1, "VATLevel": 20, "NominalCode": 4000, "ProductCode": "MUG/B"},
    ]));
    let made = remote.invoice(body).await;
    assert_eq!(made["LineItems"][1]["ProductCode"], "MUG/B");
    assert_eq!(left(&remote).await, 7, "a discount line moves nothing");
    remote.put("/invoices/1", json!({"CustomerReference": "again"})).await;
    assert_eq!(left(&remote).await, 7, "an edit does not count twice");
    let fewer = json!({"LineItems": [{"Quantity": 1, "Rate": 8.33, "VATLevel": 20, "NominalCode": 4000, "ProductCode": "MUG/B"}]});
    remote.put("/invoices/1", fewer).await;
    assert_eq!(left(&remote).await, 9);
    let back = json!([{"Quantity": -3, "Rate": 8.33, "VATLevel": 20, "NominalCode": 4000, "ProductCode": "MUG/B"}]);
    remote.invoice(lines(back)).await;
    assert_eq!(left(&remote).await, 12);
    remote.delete("/invoices/1").await;
    assert_eq!(left(&remote).await, 13);
}

#[tokio::test]
async fn stock_may_go_below_nothing_and_is_inert_where_it_is_not_managed() {
    let remote = remote().await;
    remote.customer("C1").await;
    mugs(&remote, false).await;
    let body = lines(json!([{"Quantity": 12, "Rate": 1, "VATLevel": 20, "NominalCode": 4000, "ProductCode": "MUG/B"}]));
    remote.invoice(body.clone()).await;
    assert_eq!(left(&remote).await, 10);
    remote.put("/products/4000/MUG%2FB", json!({"ManageStockLevel": true})).await;
    remote.invoice(body.clone()).await;
    assert_eq!(left(&remote).await, -2);
    remote.put("/stockoptions", json!({"EnableStockManagement": false})).await;
    remote.invoice(body).await;
    assert_eq!(left(&remote).await, -2);
}

#[tokio::test]
async fn product_pages_default_to_ten_and_refuse_more_than_a_hundred() {
    let remote = remote().await;
    for number in 0..12 {
        let body = json!({"Code": format!("P{number:02}"), "NominalCode": 4000, "Name": format!("Product {number}")});
        assert_eq!(remote.post("/products", body).await.status, 201);
    }
    let page = remote.get("/products").await.body;
    assert_eq!((page["Data"].as_array().unwrap().len(), &page["MetaData"]["TotalRecords"]), (10, &json!(12)));
    assert_eq!(remote.get("/nominals/4000/products?page=2").await.body["Data"].as_array().unwrap().len(), 2);
    Remote::refused(&remote.get("/products/list?perpage=101").await, 400, "InvalidPerPage");
    Remote::refused(
        &remote.post("/products", json!({"Code": "P00", "NominalCode": 4000, "Name": "x"})).await,
        400,
        "DuplicateProductCode",
    );
}
