//! Every answer against our OpenAPI of KashFlow, which lies beside the repository (`TILLBRIDGE_CONTRACTS`).

use std::collections::BTreeSet;
use std::path::PathBuf;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Remote, answer_to, plain, plain_with, remote};

/// The contract, or `None` where it is not there and need not be.
fn contract() -> Option<Value> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/contracts");
    let folder = std::env::var_os("TILLBRIDGE_CONTRACTS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let path = folder.join("kashflow/openapi.yaml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Some(serde_yaml_ng::from_str(&text).unwrap()),
        Err(error) if std::env::var_os("CI").is_some() => panic!("{} is needed in CI: {error}", path.display()),
        Err(_) => {
            eprintln!("skipped: {} is not there (set TILLBRIDGE_CONTRACTS)", path.display());
            None
        }
    }
}

#[test]
fn the_contract_refuses_an_answer_of_another_shape() {
    let Some(contract) = contract() else { return };
    let root = json!({"components": contract["components"], "allOf": [{"$ref": "#/components/schemas/Invoice"}]});
    let validator = jsonschema::draft202012::new(&root).unwrap();
    assert!(validator.is_valid(&json!({"CustomerCode": "C1", "Number": 5})));
    assert!(!validator.is_valid(&json!({"CustomerCode": "C1", "Number": "five"})));
}

struct Checked {
    contract: Value,
    remote: Remote,
    answers: u32,
    operations: BTreeSet<String>,
}

impl Checked {
    /// Calls `path`, which the contract calls `template`, and holds the answer against the contract.
    async fn call(&mut self, method: Method, template: &str, path: &str, body: Option<Value>) -> Answer {
        let answer = self.remote.call(method.clone(), path, body).await;
        let operation = &self.contract["paths"][template][method.as_str().to_lowercase()];
        let name =
            operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {template} is not in the contract"));
        let mut declared = &operation["responses"][answer.status.as_str()];
        if let Some(reference) = declared["$ref"].as_str() {
            declared = self.contract.pointer(reference.trim_start_matches('#')).unwrap();
        }
        assert!(declared.is_object(), "{name} may not answer {}: {:?}", answer.status, answer.body);
        let schema = &declared["content"]["application/json"]["schema"];
        if schema.is_object() {
            let root = json!({"components": self.contract["components"], "allOf": [schema]});
            let validator = jsonschema::draft202012::new(&root).unwrap();
            let errors: Vec<String> = validator.iter_errors(&answer.body).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name} {}: {errors:?}\n{:#}", answer.status, answer.body);
        } else {
            assert_eq!(answer.body, json!(""), "{name} answers with a body that the contract does not have");
        }
        self.answers += 1;
        if answer.status.is_success() {
            self.operations.insert(name.to_owned());
        }
        answer
    }

    async fn get(&mut self, template: &str, path: &str) -> Value {
        self.call(Method::GET, template, path, None).await.body
    }

    async fn post(&mut self, template: &str, path: &str, body: Value) -> Value {
        self.call(Method::POST, template, path, Some(body)).await.body
    }

    async fn put(&mut self, template: &str, path: &str, body: Value) {
        self.call(Method::PUT, template, path, Some(body)).await;
    }

    async fn delete(&mut self, template: &str, path: &str) {
        self.call(Method::DELETE, template, path, None).await;
    }
}

#[tokio::test]
async fn every_answer_is_one_that_our_openapi_allows() {
    let Some(contract) = contract() else { return };
    let mut kf = Checked { contract, remote: remote().await, answers: 0, operations: BTreeSet::new() };
    sessions(&mut kf).await;
    customers(&mut kf).await;
    invoices(&mut kf).await;
    purchases(&mut kf).await;
    bank(&mut kf).await;
    journals(&mut kf).await;
    products_and_nominals(&mut kf).await;
    reference(&mut kf).await;
    refusals(&mut kf).await;
    let all: BTreeSet<String> = kf.contract["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|methods| methods.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str().map(str::to_owned))
        .collect();
    let left: Vec<&String> = all.difference(&kf.operations).collect();
    println!(
        "{} answers valid; {} of {} operations served; not served: {left:?}",
        kf.answers,
        kf.operations.len(),
        all.len()
    );
    assert!(left.is_empty(), "{left:?}");
}

async fn sessions(kf: &mut Checked) {
    let credentials = kf.remote.account.credentials("");
    let step1 = json!({"UserName": credentials.username, "Password": credentials.password});
    let challenge = kf.post("/sessiontoken", "/sessiontoken", step1).await;
    kf.put("/sessiontoken", "/sessiontoken", answer_to(&challenge, &credentials.memorable_word)).await;
    let (external, user) = kf.remote.account.external_token();
    let session = kf.get("/sessiontoken", &format!("/sessiontoken?externalToken={external}&uid={user}")).await;
    let token = session["SessionToken"].as_str().unwrap().to_owned();
    kf.delete("/sessiontoken/{sessionToken}", &format!("/sessiontoken/{token}")).await;
    kf.delete("/sessiontoken", "/sessiontoken").await;
    kf.remote.token = kf.remote.log_in().await;
}

async fn customers(kf: &mut Checked) {
    let full = json!({
        "Code": "AMZUKSTD", "Name": "Amazon UK sales", "Currency": {"Code": "GBP"}, "TradeBorderType": "Domestic",
        "Contacts": [{"Firstname": "Ada", "Email": "ada@example.invalid"}], "Source": 2, "Note": "x",
        "Addresses": [{"Line1": "4 Kettle Row", "CountryCode": "GB"}], "PaymentTerms": {"Type": "AfterIssuedDate", "Days": 0},
    });
    kf.post("/customers", "/customers", full).await;
    kf.post("/customers", "/customers", json!({"Name": "Only a name"})).await;
    kf.post("/customers/suggestedcode", "/customers/suggestedcode", json!({"Name": "Shaw"})).await;
    kf.put("/customers/{code}", "/customers/AMZUKSTD", json!({"Note": "y"})).await;
    kf.get("/customers/{code}", "/customers/AMZUKSTD").await;
    kf.get("/customers", "/customers?perpage=1").await;
    kf.get("/customers/search", "/customers/search?searchBy=email&searchText=ada").await;
    kf.post("/customers/{code}/notes", "/customers/AMZUKSTD/notes", json!({"Text": "x"})).await;
    kf.get("/customers/{code}/notes", "/customers/AMZUKSTD/notes").await;
    kf.put("/customers/{code}", "/customers/ONL01", json!({"Code": "ONL02"})).await;
    kf.delete("/customers/{code}", "/customers/ONL02").await;
}

async fn invoices(kf: &mut Checked) {
    let paid = json!({
        "CustomerReference": "AMZ-1", "Currency": {"Code": "EUR", "ExchangeRate": 1.17},
        "DeliveryAddress": {"Name": "Ada", "Line1": "1 Quay", "CountryCode": "IE"},
        "PaymentLines": [{"Date": "2026-11-02", "Amount": 24, "Method": 700_105, "AccountId": 9003}],
    });
    kf.post("/invoices", "/invoices", plain_with("AMZUKSTD", paid)).await;
    let open = kf.post("/invoices", "/invoices", plain("AMZUKSTD")).await;
    let back =
        json!({"LineItems": [{"Quantity": 1, "Rate": -5, "VATLevel": 0, "VATExempt": true, "NominalCode": 4000}]});
    kf.post("/invoices", "/invoices", plain_with("AMZUKSTD", back)).await;
    kf.put("/invoices/{number}", "/invoices/2", json!({"CustomerReference": "AMZ-2"})).await;
    kf.put("/invoices/{number}", "/invoices/2", json!({"Number": 20})).await;
    kf.get("/invoices/{number}", "/invoices/1").await;
    kf.get("/invoices", "/invoices?perpage=2").await;
    kf.get("/nextavailableinvoicenumber", "/nextavailableinvoicenumber").await;
    kf.get("/invoicecountforsubscriptioncycle", "/invoicecountforsubscriptioncycle").await;
    kf.post("/invoices/{number}/notes", "/invoices/1/notes", json!({"Text": "x"})).await;
    kf.get("/invoices/{number}/notes", "/invoices/1/notes").await;
    let template = "/internal/invoices/{invoiceId}/credits";
    let path = format!("/internal/invoices/{}/credits", open["Id"]);
    let credits = kf.get(template, &path).await;
    kf.post(template, &path, credits).await;
    let bulk = json!({"Date": "2026-11-03", "AccountId": 9002, "Method": 700_105, "PaymentItems": [{"ObjectNumber": 20, "Amount": 3}]});
    kf.post("/invoices/bulk/payments", "/invoices/bulk/payments", bulk.clone()).await;
    kf.get("/invoices/bulk/payments/{number}", "/invoices/bulk/payments/2").await;
    kf.put("/invoices/bulk/payments/{number}", "/invoices/bulk/payments/2", bulk).await;
    kf.delete("/invoices/bulk/payments/{number}", "/invoices/bulk/payments/2").await;
    kf.post("/invoices", "/invoices", plain("AMZUKSTD")).await;
    kf.delete("/invoices/{number}", "/invoices/21").await;
}

async fn purchases(kf: &mut Checked) {
    kf.post("/suppliers", "/suppliers", json!({"Code": "AMAZON01", "Name": "Amazon", "VatNumber": "GB1"})).await;
    kf.get("/suppliers/{code}", "/suppliers/AMAZON01").await;
    kf.get("/suppliers", "/suppliers?searchtext=ama").await;
    let bill = json!({
        "SupplierCode": "AMAZON01", "SupplierReference": "AMZ-S-1", "Number": 7, "IssuedDate": "2026-11-02",
        "LineItems": [{"Quantity": 1, "Rate": 10, "VATLevel": 20, "NominalCode": 6200}],
        "PaymentLines": [{"Date": "2026-11-02", "Amount": 2, "Method": 700_105, "AccountId": 9002}],
    });
    kf.post("/purchases", "/purchases", bill.clone()).await;
    kf.post("/purchases", "/purchases", bill).await;
    kf.get("/purchases/{number}", "/purchases/7").await;
    kf.get("/purchases", "/purchases?suppliercode=AMAZON01").await;
    kf.put("/purchases/{number}", "/purchases/7", json!({"SupplierReference": "AMZ-S-2"})).await;
    let bulk = json!({"Date": "2026-11-03", "AccountId": 9002, "Method": 700_105, "PaymentItems": [{"ObjectNumber": 7, "Amount": 10}]});
    kf.post("/purchases/bulk/payments", "/purchases/bulk/payments", bulk).await;
    kf.put("/purchases/{number}", "/purchases/7", json!({"PaymentLines": []})).await;
    kf.delete("/purchases/{number}", "/purchases/7").await;
    let paid = json!({"PaymentLines": [{"Date": "2026-11-02", "Amount": 24, "Method": 700_105, "AccountId": 9002}]});
    let invoice = kf.post("/invoices", "/invoices", plain_with("AMZUKSTD", paid)).await;
    let path =
        format!("/internal/invoices/{}/payments/{}/unallocate", invoice["Number"], invoice["PaymentLines"][0]["Id"]);
    kf.post("/internal/invoices/{number}/payments/{paymentId}/unallocate", &path, json!({})).await;
    let path = format!("/internal/invoices/{}/credits", invoice["Id"]);
    kf.get("/internal/invoices/{invoiceId}/credits", &path).await;
}

async fn bank(kf: &mut Checked) {
    let nominals = kf.get("/nominals", "/nominals").await;
    let id = |code: i64| nominals.as_array().unwrap().iter().find(|own| own["Code"] == code).unwrap()["Id"].clone();
    let (list, one) =
        ("/bankaccounts/{accountId}/transactions", "/bankaccounts/{accountId}/transactions/{transactionId}");
    let path = "/bankaccounts/9002/transactions";
    let fee = json!({
        "Date": "2026-11-02", "MoneyType": id(6200), "PaidOut": 12, "VATAble": true, "VATRate": 20, "VATAmount": 2,
        "Comment": "fees AMZB:1", "SupplierCode": "AMAZON01",
    });
    let fee = kf.post(list, path, fee).await;
    let transfer = json!({"Date": "2026-11-03", "MoneyType": id(1200), "PaidOut": 30, "Comment": "payout AMZB:2"});
    let transfer = kf.post(list, path, transfer).await;
    kf.post(list, path, json!({"MoneyType": id(1250), "PaidOut": 1})).await;
    let journal = json!([{"NominalCode": 1250, "Credit": 5}, {"NominalCode": 7950, "Debit": 5}]);
    kf.post("/journals", "/journals", json!({"Date": "2026-11-03", "LineItems": journal})).await;
    for path in [path, "/bankaccounts/9001/transactions", "/bankaccounts/9003/transactions"] {
        kf.get(list, &format!("{path}?startdate=2026-11-01&enddate=2026-11-05&perpage=50")).await;
    }
    kf.get(one, &format!("{path}/{}", transfer["Id"])).await;
    kf.put(one, &format!("{path}/{}", fee["Id"]), json!({"Comment": "fees"})).await;
    kf.delete(one, &format!("{path}/{}", fee["Id"])).await;
    kf.delete("/bankaccounts/{accountId}", "/bankaccounts/9011").await;
    kf.delete("/bankaccounts/{accountId}", "/bankaccounts/9002").await;
}

async fn journals(kf: &mut Checked) {
    let lines = json!([{"NominalCode": 2300, "Debit": 112.5, "Comment": "principal"}, {"NominalCode": 7910, "Debit": 7.5}, {"NominalCode": 1250, "Credit": 120}]);
    let body =
        json!({"Number": 90, "Name": "Loan", "Date": "2026-11-02", "Note": "x", "Category": 0, "LineItems": lines});
    kf.post("/journals", "/journals", body.clone()).await;
    kf.post("/journals", "/journals", body).await;
    kf.get("/journals/{number}", "/journals/90").await;
    kf.get("/journals", "/journals?perpage=1").await;
    kf.put("/journals/{number}", "/journals/90", json!({"Note": "y"})).await;
    kf.delete("/journals/{number}", "/journals/90").await;
}

async fn products_and_nominals(kf: &mut Checked) {
    let product =
        json!({"Code": "MUG", "NominalCode": 4000, "Name": "Mug", "ManageStockLevel": true, "QuantityInStock": 5});
    kf.post("/products", "/products", product).await;
    kf.put("/products/{nominalCode}/{code}", "/products/4000/MUG", json!({"QuantityInStock": 4})).await;
    kf.get("/products/{nominalCode}/{code}", "/products/4000/MUG").await;
    kf.get("/products", "/products").await;
    kf.get("/products/list", "/products/list?perpage=100").await;
    kf.get("/nominals/{nominalCode}/products", "/nominals/4000/products").await;
    kf.delete("/products/{nominalCode}/{code}", "/products/4000/MUG").await;
    kf.get("/stockoptions", "/stockoptions").await;
    kf.put("/stockoptions", "/stockoptions", json!({"EnableStockManagement": true})).await;
    let nominals = kf.get("/nominals", "/nominals").await;
    kf.post("/nominals", "/nominals", json!({"Name": "Amazon sales FR", "Code": 4002, "NomType": 1})).await;
    kf.put("/nominals/{nominalCode}", "/nominals/4002", json!({"Name": "Amazon sales France"})).await;
    kf.get("/nominals/{nominalCode}", "/nominals/4000").await;
    kf.get("/nominals/Id/{nominalId}", &format!("/nominals/Id/{}", nominals[0]["Id"])).await;
}

async fn reference(kf: &mut Checked) {
    kf.get("/vat/settings/vatrates", "/vat/settings/vatrates").await;
    kf.post("/vat/settings/vatrates/{value}", "/vat/settings/vatrates/19", json!({})).await;
    kf.delete("/vat/settings/vatrates/{value}", "/vat/settings/vatrates/4").await;
    for path in [
        "/bankaccounts",
        "/bankaccounts/list",
        "/bankaccounts/suggestedcode",
        "/currencies",
        "/currencies/list",
        "/countries",
        "/sources",
        "/settings/companydetails",
        "/settings/invoice",
        "/settings/api",
    ] {
        kf.get(path, path).await;
    }
    kf.get("/paymentmethods/{type}", "/paymentmethods/invoice").await;
    kf.get("/currencies/{code}", "/currencies/EUR").await;
    kf.get("/bankaccounts/{accountId}", "/bankaccounts/9002").await;
    let savings = kf.post("/bankaccounts", "/bankaccounts", json!({"AccountName": "Savings"})).await;
    let path = format!("/bankaccounts/{}", savings["Id"]);
    kf.put("/bankaccounts/{accountId}", &path, json!({"TransactionLockDate": "2026-01-31"})).await;
    kf.post("/sources/createSource", "/sources/createSource", json!({"Name": "Amazon UK"})).await;
    kf.get("/sources/getSource", "/sources/getSource?sourceName=Amazon%20UK").await;
    kf.put("/settings/api", "/settings/api", json!({"APIEnabled": true})).await;
}

async fn refusals(kf: &mut Checked) {
    kf.get("/invoices/{number}", "/invoices/4711").await;
    kf.get("/customers/{code}", "/customers/NOBODY").await;
    kf.post("/invoices", "/invoices", json!({"CustomerCode": "NOBODY"})).await;
    kf.remote.token = String::new();
    kf.get("/invoices", "/invoices").await;
}
