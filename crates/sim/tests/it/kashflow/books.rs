//! The laws of the books, whatever is written to them over the API.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use sim::faults::Faults;
use sim::kashflow::{Account, Invoice, Side, router};
use sim::{FaultLevel, KashflowOptions};
use tower::ServiceExt;

/// One write. Small numbers choose among what is there.
#[derive(Clone, Debug)]
enum Write {
    Document { side: Side, lines: Vec<(i64, i64, bool)>, foreign: bool, paid: i64, day: i8 },
    Lines { side: Side, pick: usize, lines: Vec<(i64, i64, bool)> },
    Payments { side: Side, pick: usize, keep: usize, more: i64, bank: i64 },
    Delete { side: Side, pick: usize },
    Bulk { side: Side, picks: Vec<(usize, i64)>, replaces: Option<usize> },
    DeleteBulk { side: Side, pick: usize },
    Credit { side: Side, pick: usize },
    Unallocate { side: Side, pick: usize },
    Bank { pence: i64, bank: i64, nominal: usize, vat: bool, replaces: Option<usize>, day: i8 },
    DeleteBank { pick: usize },
    Journal { pence: Vec<i64>, replaces: Option<usize>, day: i8 },
    DeleteJournal { pick: usize },
    Lock { day: i8 },
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Sales), Just(Side::Purchases)]
}

fn lines() -> impl Strategy<Value = Vec<(i64, i64, bool)>> {
    proptest::collection::vec((-3..5_i64, 1..30_000_i64, any::<bool>()), 1..4)
}

fn write() -> impl Strategy<Value = Write> {
    let pick = 0..50_usize;
    let day = 1..28_i8;
    prop_oneof![
        6 => (side(), lines(), any::<bool>(), -500..500_i64, day.clone()).prop_map(|(side, lines, foreign, paid, day)| Write::Document { side, lines, foreign, paid, day }),
        1 => (side(), pick.clone(), lines()).prop_map(|(side, pick, lines)| Write::Lines { side, pick, lines }),
        3 => (side(), pick.clone(), 0..3_usize, -9_000..9_000_i64, 9001..9012_i64).prop_map(|(side, pick, keep, more, bank)| Write::Payments { side, pick, keep, more, bank }),
        1 => (side(), pick.clone()).prop_map(|(side, pick)| Write::Delete { side, pick }),
        3 => (side(), proptest::collection::vec((pick.clone(), -900..9_000_i64), 1..4), proptest::option::of(pick.clone())).prop_map(|(side, picks, replaces)| Write::Bulk { side, picks, replaces }),
        1 => (side(), pick.clone()).prop_map(|(side, pick)| Write::DeleteBulk { side, pick }),
        3 => (side(), pick.clone()).prop_map(|(side, pick)| Write::Credit { side, pick }),
        2 => (side(), pick.clone()).prop_map(|(side, pick)| Write::Unallocate { side, pick }),
        4 => (-9_000..9_000_i64, 9001..9012_i64, 0..110_usize, any::<bool>(), proptest::option::of(pick.clone()), day.clone()).prop_map(|(pence, bank, nominal, vat, replaces, day)| Write::Bank { pence, bank, nominal, vat, replaces, day }),
        1 => pick.clone().prop_map(|pick| Write::DeleteBank { pick }),
        2 => (proptest::collection::vec(-9_000..9_000_i64, 1..4), proptest::option::of(pick.clone()), day.clone()).prop_map(|(pence, replaces, day)| Write::Journal { pence, replaces, day }),
        1 => pick.prop_map(|pick| Write::DeleteJournal { pick }),
        1 => day.prop_map(|day| Write::Lock { day: day - 20 }),
    ]
}

struct Books {
    app: Router,
    account: Arc<Account>,
    token: String,
    nominals: Vec<Value>,
}

impl Books {
    async fn new() -> Books {
        let remote = super::remote_with(KashflowOptions::default()).await;
        remote.customer("C1").await;
        remote.post("/suppliers", json!({"Code": "C1", "Name": "Supplier"})).await;
        let nominals = remote.get("/nominals").await.body.as_array().unwrap().clone();
        let faults = Arc::new(Faults::new(FaultLevel::None, 7, remote.clock.clone()));
        let app = router(Arc::clone(&remote.account), faults, remote.clock.clone());
        Books { app, account: remote.account, token: remote.token, nominals }
    }

    /// The status and what came back.
    async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let request = Request::builder().method(method).uri(format!("/v2{path}"));
        let request = request.header("Authorization", format!("KfToken {}", self.token));
        let response = self.app.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        assert!(status < 500, "{method} {path} {body}: {status}");
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    fn documents(&self, side: Side) -> Vec<Invoice> {
        match side {
            Side::Sales => self.account.invoices(),
            Side::Purchases => self.account.purchases(),
        }
    }

    fn pick(&self, side: Side, pick: usize) -> Option<Invoice> {
        let documents = self.documents(side);
        (!documents.is_empty()).then(|| documents[pick % documents.len()].clone())
    }

    async fn perform(&self, write: &Write) -> Option<u16> {
        let route = |side| if side == Side::Sales { "invoices" } else { "purchases" };
        let day = |day: i8| format!("2026-11-{day:02}");
        let (method, path, body) = match write.clone() {
            Write::Document { side, lines, foreign, paid, day: on } => {
                let contact = if side == Side::Sales { "CustomerCode" } else { "SupplierCode" };
                let currency =
                    if foreign { json!({"Code": "EUR", "ExchangeRate": 1.1731}) } else { json!({"Code": "GBP"}) };
                let payment = json!([{"Amount": money(paid), "AccountId": 9002, "Method": 700_105, "Date": day(on)}]);
                let payments = if paid == 0 { json!([]) } else { payment };
                let body = json!({contact: "C1", "IssuedDate": day(on), "Currency": currency, "LineItems": lines_of(side, &lines), "PaymentLines": payments});
                ("POST", format!("/{}", route(side)), body)
            }
            Write::Lines { side, pick, lines } => {
                let number = self.pick(side, pick)?.number;
                ("PUT", format!("/{}/{number}", route(side)), json!({"LineItems": lines_of(side, &lines)}))
            }
            Write::Payments { side, pick, keep, more, bank } => {
                let document = self.pick(side, pick)?;
                let mut payments: Vec<Value> =
                    document.payments.iter().take(keep).map(|own| json!({"Id": own.id})).collect();
                payments.push(json!({"Amount": money(more), "AccountId": bank, "Method": 700_103, "Date": day(5)}));
                ("PUT", format!("/{}/{}", route(side), document.number), json!({"PaymentLines": payments}))
            }
            Write::Delete { side, pick } => {
                ("DELETE", format!("/{}/{}", route(side), self.pick(side, pick)?.number), Value::Null)
            }
            Write::Bulk { side, picks, replaces } => {
                let items: Vec<Value> = picks
                    .iter()
                    .filter_map(|(pick, pence)| {
                        Some(json!({"ObjectNumber": self.pick(side, *pick)?.number, "Amount": money(*pence)}))
                    })
                    .collect();
                let body = json!({"Date": day(9), "AccountId": 9003, "Method": 700_105, "PaymentItems": items});
                match replaces.and_then(|pick| self.bulk(side, pick)) {
                    None => ("POST", format!("/{}/bulk/payments", route(side)), body),
                    Some(number) => ("PUT", format!("/{}/bulk/payments/{number}", route(side)), body),
                }
            }
            Write::DeleteBulk { side, pick } => {
                ("DELETE", format!("/{}/bulk/payments/{}", route(side), self.bulk(side, pick)?), Value::Null)
            }
            Write::Credit { side, pick } => {
                let path = format!("/internal/{}/{}/credits", route(side), self.pick(side, pick)?.id);
                let credits = self.call("GET", &path, Value::Null).await.1;
                ("POST", path, credits)
            }
            Write::Unallocate { side, pick } => {
                let document = self.pick(side, pick)?;
                let payment = document.payments.first()?.id;
                (
                    "POST",
                    format!("/internal/{}/{}/payments/{payment}/unallocate", route(side), document.number),
                    Value::Null,
                )
            }
            Write::Bank { pence, bank, nominal, vat, replaces, day: on } => {
                let way = if pence > 0 { "PaidIn" } else { "PaidOut" };
                let money_type = &self.nominals[nominal % self.nominals.len()]["Id"];
                let mut body = json!({"Date": day(on), "MoneyType": money_type, way: money(pence.abs()), "Comment": "x", "CustomerCode": "C1", "SupplierCode": "C1"});
                if vat {
                    body["VATAble"] = json!(true);
                    body["VATRate"] = json!(20);
                }
                let path = format!("/bankaccounts/{bank}/transactions");
                match replaces.and_then(|pick| self.transaction(pick)) {
                    None => ("POST", path, body),
                    Some((bank, id)) => ("PUT", format!("/bankaccounts/{bank}/transactions/{id}"), body),
                }
            }
            Write::DeleteBank { pick } => {
                let (bank, id) = self.transaction(pick)?;
                ("DELETE", format!("/bankaccounts/{bank}/transactions/{id}"), Value::Null)
            }
            Write::Journal { pence, replaces, day: on } => {
                let line = |nominal: i64, pence: i64| {
                    let way = if pence > 0 { "Debit" } else { "Credit" };
                    json!({"NominalCode": nominal, way: money(pence.abs())})
                };
                let mut lines: Vec<Value> =
                    pence.iter().zip([1250, 7950, 2200]).map(|(pence, nominal)| line(nominal, *pence)).collect();
                lines.push(line(1255, -pence.iter().sum::<i64>()));
                let body = json!({"Date": day(on), "LineItems": lines});
                match replaces.and_then(|pick| self.journal(pick)) {
                    None => ("POST", "/journals".to_owned(), body),
                    Some(number) => ("PUT", format!("/journals/{number}"), body),
                }
            }
            Write::DeleteJournal { pick } => ("DELETE", format!("/journals/{}", self.journal(pick)?), Value::Null),
            Write::Lock { day: until } => {
                self.account.lock_until((until > 0).then(|| jiff::civil::date(2026, 11, until)));
                return None;
            }
        };
        Some(self.call(method, &path, body).await.0)
    }

    fn bulk(&self, side: Side, pick: usize) -> Option<i64> {
        let bulk = self.account.bulk_payments(side);
        (!bulk.is_empty()).then(|| bulk[pick % bulk.len()].number)
    }

    fn journal(&self, pick: usize) -> Option<i64> {
        let journals = self.account.journals();
        (!journals.is_empty()).then(|| journals[pick % journals.len()].number)
    }

    /// The bank account and id of a bank transaction or transfer.
    fn transaction(&self, pick: usize) -> Option<(i64, i64)> {
        let transactions = self.account.bank_transactions();
        (!transactions.is_empty()).then(|| {
            let own = &transactions[pick % transactions.len()];
            (own.account, own.id)
        })
    }

    /// Debits are credits, the carried balances are the documents', each bank account is its nominal code, and what is owed is
    /// what the documents say.
    async fn hold(&self) {
        let postings = self.account.postings();
        let mut sums: BTreeMap<i64, Decimal> = BTreeMap::new();
        for posting in &postings {
            *sums.entry(posting.nominal).or_default() += posting.amount;
        }
        assert_eq!(sums.values().sum::<Decimal>(), Decimal::ZERO, "{postings:#?}");
        sums.retain(|_, sum| !sum.is_zero());
        let mut balances = self.account.balances();
        balances.retain(|_, sum| !sum.is_zero());
        assert_eq!(balances, sums);
        for (code, balance) in self.account.bank_balances() {
            assert_eq!(balance, balances.get(&code).copied().unwrap_or_default(), "{code}");
        }
    }

    /// The lists of all bank accounts over the API come to their balances.
    async fn lists_agree(&self) {
        for account in self.call("GET", "/bankaccounts", Value::Null).await.1.as_array().unwrap() {
            let list = self
                .call("GET", &format!("/bankaccounts/{}/transactions?perpage=1000", account["Id"]), Value::Null)
                .await
                .1;
            let decimal = |value: &Value| value.to_string().parse::<Decimal>().unwrap();
            let rows = list["Data"].as_array().unwrap();
            let sum: Decimal = rows.iter().map(|row| decimal(&row["PaidIn"]) - decimal(&row["PaidOut"])).sum();
            assert_eq!(sum, decimal(&account["BankBalance"]), "{account}");
            assert_eq!(sum, decimal(&list["MetaData"]["ClosingBalance"]));
            if let Some(newest) = rows.first() {
                assert_eq!(decimal(&newest["Balance"]), sum);
            }
        }
    }

    /// Takes everything out again.
    async fn clear(&self) {
        self.account.lock_until(None);
        for side in [Side::Sales, Side::Purchases] {
            let route = if side == Side::Sales { "invoices" } else { "purchases" };
            for document in self.documents(side) {
                let path = format!("/{route}/{}", document.number);
                assert_eq!(self.call("PUT", &path, json!({"PaymentLines": []})).await.0, 200);
            }
            for document in self.documents(side) {
                assert_eq!(self.call("DELETE", &format!("/{route}/{}", document.number), Value::Null).await.0, 204);
            }
            assert!(self.account.bulk_payments(side).is_empty(), "no bulk payment outlives its lines");
        }
        while let Some((bank, id)) = self.transaction(0) {
            assert_eq!(
                self.call("DELETE", &format!("/bankaccounts/{bank}/transactions/{id}"), Value::Null).await.0,
                204
            );
        }
        while let Some(number) = self.journal(0) {
            assert_eq!(self.call("DELETE", &format!("/journals/{number}"), Value::Null).await.0, 204);
        }
        assert!(self.account.postings().is_empty());
        assert!(self.account.balances().values().all(Decimal::is_zero), "{:?}", self.account.balances());
    }
}

fn money(pence: i64) -> Value {
    serde_json::from_str(&Decimal::new(pence, 2).to_string()).unwrap()
}

fn lines_of(side: Side, lines: &[(i64, i64, bool)]) -> Value {
    let nominal = if side == Side::Sales { 4000 } else { 6200 };
    let line = |(quantity, rate, vat): &(i64, i64, bool)| {
        let rate: Value = serde_json::from_str(&Decimal::new(*rate, 3).to_string()).unwrap();
        json!({"Quantity": quantity, "Rate": rate, "VATLevel": if *vat { 20 } else { 0 }, "NominalCode": nominal})
    };
    Value::Array(lines.iter().map(line).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_debits_are_credits_and_taking_it_out_leaves_nothing(writes in proptest::collection::vec(write(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let books = Books::new().await;
            for write in &writes {
                books.perform(write).await;
                books.hold().await;
            }
            books.lists_agree().await;
            books.clear().await;
        });
    }
}

#[test]
fn the_writes_of_the_law_above_do_what_they_mean_to_mostly() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let books = Books::new().await;
        let mut runner = TestRunner::deterministic();
        let mut done: BTreeMap<String, (u32, u32)> = BTreeMap::new();
        for _ in 0..600 {
            let write = write().new_tree(&mut runner).unwrap().current();
            let name = format!("{write:?}").split([' ', '{']).next().unwrap().to_owned();
            if let Some(status) = books.perform(&write).await {
                let (fine, refused) = done.entry(name).or_default();
                *(if status < 300 { fine } else { refused }) += 1;
            }
        }
        assert!(done.values().all(|(fine, _)| *fine > 2), "{done:?}");
    });
}
