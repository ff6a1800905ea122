//! The laws of any books, and the opposites of what we assume, against the sandbox's KashFlow over real HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;

use clock::Clock;
use jiff::civil::date;
use kashflow::{AuthConfig, Client, Config, MemoryLedger, Secrets};
use model::{Draft, NominalCode, PaymentMethodId};
use money::Currency;
use ports::conformance::{Kit, run};
use ports::{Books, ConnectorError};
use secrecy::SecretString;
use sim::faults::Faults;
use sim::kashflow::{Account, router};
use sim::{FaultLevel, KashflowOptions, MoneyType, NumberMode, PaymentLinesMode};

use super::data::{bank, journal, transfer};

struct Held {
    client: Client,
    account: Arc<Account>,
}

async fn books(options: KashflowOptions) -> Held {
    let clock = Clock::virtual_at("2026-11-05T09:00:00Z".parse().unwrap());
    let account = Account::new(7, options, clock.clone());
    let faults = Arc::new(Faults::new(FaultLevel::None, 7, clock.clone()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let app = router(account.clone(), faults, clock.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let credentials = account.credentials(&format!("{origin}/v2"));
    let config = Config {
        base_url: credentials.base_url.parse().unwrap(),
        auth: AuthConfig::KfSession { username: credentials.username.clone() },
        soap_url: Some(format!("{origin}/api/service.asmx").parse().unwrap()),
        soap_username: None,
        request_timeout_s: 60,
    };
    let secret = |name: &str, value: &str| (name.to_owned(), SecretString::from(value));
    let secrets = Secrets::new(BTreeMap::from([
        secret("password", &credentials.password),
        secret("memorable_word", &credentials.memorable_word),
    ]));
    let client = Client::new(config, secrets, clock, Arc::new(MemoryLedger::default())).unwrap();
    Held { client, account }
}

fn kit(tag: &str) -> Kit {
    Kit {
        tag: tag.to_owned(),
        on: date(2026, 11, 5),
        home: Currency::GBP,
        clearing: NominalCode(1250),
        bank: NominalCode(1200),
        income: NominalCode(4000),
        cost: NominalCode(6200),
        invoice_method: PaymentMethodId(700_105),
        purchase_method: PaymentMethodId(700_105),
        vat_percent: 20,
    }
}

async fn holds(tag: &str, options: KashflowOptions) {
    let Held { client, account } = books(options).await;
    if let Err(law) = run(&client, &kit(tag)).await {
        panic!("{tag}: {law}");
    }
    let balance = account.postings().iter().map(|posting| posting.amount).sum::<rust_decimal::Decimal>();
    assert!(balance.is_zero(), "the sandbox's own double entry balances");
}

#[tokio::test]
async fn the_laws_of_any_books_hold() {
    holds("plain", KashflowOptions::default()).await;
}

#[tokio::test]
async fn they_hold_where_an_account_is_named_by_its_code() {
    holds("codes", KashflowOptions { money_type: MoneyType::NominalCode, ..KashflowOptions::default() }).await;
}

#[tokio::test]
async fn they_hold_where_lists_are_odd_and_payments_are_added() {
    let options = KashflowOptions {
        payment_lines: PaymentLinesMode::Append,
        shuffle_ties: true,
        next_url_relative: true,
        per_page_max: 50,
        ..KashflowOptions::default()
    };
    holds("odd", options).await;
}

#[tokio::test]
async fn they_hold_whatever_happens_to_a_taken_number() {
    for (tag, numbers) in [("renumber", NumberMode::Renumber), ("overwrite", NumberMode::Overwrite)] {
        holds(tag, KashflowOptions { numbers, ..KashflowOptions::default() }).await;
    }
}

#[tokio::test]
async fn a_locked_day_is_told_with_its_last_day_where_the_account_tells_it() {
    let Held { client, account } = books(KashflowOptions::default()).await;
    account.lock_until(Some(date(2026, 11, 5)));
    for draft in [bank(), transfer(), journal()] {
        let number = match draft.series() {
            Some(series) => Some(client.next_number(series).await.unwrap()),
            None => None,
        };
        let error = client.create(number, &draft).await.unwrap_err();
        assert!(matches!(error, ConnectorError::Locked { until: None, .. }), "{:?}: {error}", draft.kind());
        assert!(client.look(&draft, window(&draft), ports::Depth::Scan).await.unwrap().ours.is_empty());
    }
}

#[tokio::test]
async fn a_transfer_made_by_hand_is_seen_to_be_alike() {
    let Held { client, .. } = books(KashflowOptions::default()).await;
    client.create(None, &transfer()).await.unwrap();
    let mut other = transfer();
    let Draft::Transfer(draft) = &mut other else { unreachable!() };
    draft.key.ordinal = 2;
    // Ours has a marker, so it is not alike; the same without one is.
    let found = client.look(&other, window(&other), ports::Depth::Search).await.unwrap();
    assert_eq!((found.ours.len(), found.alike.len()), (0, 0));
}

fn window(draft: &Draft) -> ports::Window {
    ports::Window { from: draft.on(), to: draft.on() }
}
