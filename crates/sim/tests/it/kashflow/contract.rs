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
    // Purchases, suppliers, journals and bank transactions other than payments come with a later issue.
    let later = ["urchase", "upplier", "ournal", "BankTransaction", "deleteBankAccount", "unallocatePayment"];
    assert!(left.iter().all(|name| later.iter().any(|word| name.contains(word))), "{left:?}");
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
    kf.get("/bankaccounts/{accountId}/transactions", "/bankaccounts/9003/transactions").await;
    kf.delete("/invoices/bulk/payments/{number}", "/invoices/bulk/payments/2").await;
    kf.post("/invoices", "/invoices", plain("AMZUKSTD")).await;
    kf.delete("/invoices/{number}", "/invoices/21").await;
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
    kf.post("/bankaccounts", "/bankaccounts", json!({"AccountName": "Savings"})).await;
    kf.put("/bankaccounts/{accountId}", "/bankaccounts/9010", json!({"TransactionLockDate": "2026-01-31"})).await;
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
