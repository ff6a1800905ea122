use jiff::civil::date;
use serde_json::{Value, json};
use sim::{KashflowOptions, NumberMode};

use super::{Answer, Remote, remote, remote_with};

/// A loan instalment of 120.00 paid from the clearing account.
fn loan(more: Value) -> Value {
    let lines = json!([
        {"NominalCode": 2300, "Debit": 112.5, "Credit": 0, "Comment": "principal"},
        {"NominalCode": 7910, "Debit": 7.5, "Credit": 0},
        {"NominalCode": 1250, "Debit": 0, "Credit": 120},
    ]);
    let mut body = json!({"Date": "2026-11-02 00:00:00", "Name": "Loan", "Note": "instalment", "LineItems": lines});
    more.as_object().unwrap().iter().for_each(|(name, value)| body[name] = value.clone());
    body
}

async fn made(remote: &Remote, more: Value) -> Value {
    let answer = remote.post("/journals", loan(more)).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.body
}

#[tokio::test]
async fn a_journal_is_made_read_changed_and_deleted() {
    let remote = remote().await;
    let answer = remote.post("/Journals", loan(json!({"Number": 90}))).await;
    assert_eq!((answer.status.as_u16(), &answer.body["Number"]), (201, &json!(90)));
    assert_eq!(answer.location.as_deref(), Some(format!("{}/journals/90", remote.base).as_str()));
    let got = remote.get("/journals/90").await.body;
    assert_eq!(got, answer.body);
    assert_eq!((&got["TotalAmount"], &got["Date"]), (&json!(120.0), &json!("2026-11-02T00:00:00")));
    assert_eq!(
        (&got["LineItems"][0]["NominalName"], &got["LineItems"][2]["Credit"]),
        (&json!("Amazon Lending loan"), &json!(120.0))
    );
    let balances = remote.account.balances();
    assert_eq!([2300, 7910, 1250].map(|code| balances[&code].to_string()), ["112.5", "7.5", "-120"]);
    let lines = json!([{"NominalCode": 2300, "Debit": 1}, {"NominalCode": 2999, "Credit": 1}]);
    let changed = remote.put("/journals/90", json!({"LineItems": lines})).await;
    assert_eq!(
        (changed.status.as_u16(), &changed.body["Name"]),
        (200, &json!("Loan")),
        "what a PUT does not say stays"
    );
    assert!(remote.account.balances()[&1250].is_zero());
    assert_eq!(remote.put("/journals/90", json!({"Number": 91})).await.status, 201);
    assert_eq!(remote.delete("/journals/91").await.status, 204);
    assert_eq!(remote.get("/journals/91").await.status, 404);
    assert!(remote.account.postings().is_empty());
}

#[tokio::test]
async fn list_rows_have_no_lines_and_no_id() {
    let remote = remote().await;
    for number in 1..=3 {
        made(&remote, json!({"Note": format!("n{number}"), "Category": 7})).await;
    }
    let page = remote.get("/journals?perpage=2").await.body;
    assert_eq!(page["MetaData"]["TotalRecords"], 3);
    let row = &page["Data"][0];
    assert_eq!((&row["Number"], &row["Comment"], &row["JournalName"]), (&json!(3), &json!("n3"), &json!("Loan")));
    assert_eq!(
        (&row["CategoryDescription"], &row["JournalDate"]),
        (&json!("FRS Adjustment"), &json!("2026-11-02T00:00:00"))
    );
    assert_eq!((row.get("LineItems"), row.get("Id")), (None, None));
    assert_eq!(remote.get("/journals?order=asc&perpage=2&page=2").await.body["Data"][0]["Number"], 3);
}

#[tokio::test]
async fn a_journal_that_is_wrong_is_refused() {
    let remote = remote().await;
    let pair = |first: Value, second: Value| json!({"LineItems": [first, second]});
    let unbalanced = pair(json!({"NominalCode": 2300, "Debit": 1}), json!({"NominalCode": 1250, "Credit": 0.99}));
    Remote::refused(&remote.post("/journals", loan(unbalanced)).await, 400, "JournalNotBalanced");
    let fine = json!({"NominalCode": 1250, "Credit": 1});
    for wrong in [
        pair(json!({"NominalCode": 4711, "Debit": 1}), fine.clone()),
        pair(json!({"NominalCode": 2300, "Debit": 2, "Credit": 1}), fine.clone()),
        pair(json!({"NominalCode": 2300}), fine.clone()),
        pair(json!({"NominalCode": 2300, "Credit": -1}), fine.clone()),
        pair(json!({"Debit": 1}), fine.clone()),
        json!({"LineItems": []}),
        json!({"Category": 8}),
        json!({"Number": -1}),
    ] {
        Remote::refused(&remote.post("/journals", loan(wrong)).await, 400, "ValidationError");
    }
    assert!(remote.account.journals().is_empty());
}

async fn taken(numbers: NumberMode) -> (Remote, Answer) {
    let remote = remote_with(KashflowOptions { numbers, ..KashflowOptions::default() }).await;
    made(&remote, json!({"Number": 5, "Note": "first"})).await;
    let again = remote.post("/journals", loan(json!({"Number": 5, "Note": "second"}))).await;
    (remote, again)
}

#[tokio::test]
async fn a_taken_journal_number_is_refused_overwrites_or_becomes_the_next_as_for_invoices() {
    let (remote, again) = taken(NumberMode::Reject).await;
    Remote::refused(&again, 400, "DuplicateJournalNumber");
    assert_eq!(remote.account.journals()[0].note, "first");
    let (remote, again) = taken(NumberMode::Overwrite).await;
    assert_eq!((again.status.as_u16(), remote.account.journals().len()), (201, 1));
    assert_eq!(remote.account.balances()[&1250].to_string(), "-120", "the old one is out of the books");
    let (_, again) = taken(NumberMode::Renumber).await;
    assert_eq!(again.body["Number"], 6);
}

#[tokio::test]
async fn a_line_on_a_bank_account_is_in_its_list() {
    let remote = remote().await;
    let journal = made(&remote, json!({})).await;
    let list = remote.get("/bankaccounts/9002/transactions").await.body;
    assert_eq!(list["MetaData"]["ClosingBalance"], -120.0);
    let row = &list["Data"][0];
    assert_eq!((&row["Id"], &row["PaidOut"]), (&journal["LineItems"][2]["Id"], &json!(120.0)));
    assert_eq!((&row["ResourceNumber"], &row["Comment"]), (&json!(1), &json!("instalment")));
    let without = remote.get("/bankaccounts/9002/transactions?includejournals=false").await.body;
    assert_eq!(without["Data"], json!([]));
    let path = format!("/bankaccounts/9002/transactions/{}", row["Id"]);
    Remote::refused(&remote.delete(&path).await, 400, "NotABankTransaction");
}

#[tokio::test]
async fn a_journal_obeys_every_lock() {
    let remote = remote().await;
    made(&remote, json!({})).await;
    let lock = json!({"TransactionLockEnabled": true, "TransactionLockDate": "2026-11-02"});
    remote.put("/bankaccounts/9002", lock).await;
    assert_eq!(remote.get("/journals").await.body["Data"][0]["LockedBankLines"], 1);
    Remote::refused(&remote.post("/journals", loan(json!({}))).await, 400, "TransactionLocked");
    Remote::refused(&remote.delete("/journals/1").await, 400, "TransactionLocked");
    let elsewhere = json!([{"NominalCode": 2300, "Debit": 1}, {"NominalCode": 2999, "Credit": 1}]);
    made(&remote, json!({"LineItems": elsewhere})).await;
    let id = remote.account.submit_vat_return(date(2026, 11, 2));
    assert_eq!(remote.get("/journals/2").await.body["VATReturnId"], id);
    Remote::refused(&remote.put("/journals/2", json!({"Note": "x"})).await, 400, "TransactionLocked");
    assert_eq!(remote.post("/journals", loan(json!({"Date": "2026-11-03"}))).await.status, 201);
}
