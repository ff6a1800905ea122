//! A runner joined to the sandbox's two accounts over real HTTP. All that ever happens in its world happened before the start.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use flow::Flow;
use mapping::Mapping;
use model::{MarketplaceId, PairId};
use ports::Permits;
use runner::{PairSetup, Runner, Settings};
use secrecy::SecretString;
use sim::{FaultLevel, KashflowOptions, Quotas, Sandbox, SandboxConfig};
use store::Store;
use store::quotas::StorePermits;

/// Longest time that a test waits for the runner to come to rest.
const PATIENCE: Duration = Duration::from_secs(120);

pub fn pair() -> PairId {
    PairId::parse("main").unwrap()
}

/// A sandbox with six weeks of trade, and everything that came of it.
pub async fn sandbox(seed: u64) -> Sandbox {
    Sandbox::start(SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed,
        days: 30,
        quiet_days: 32,
        orders_per_day: 4,
        orders: None,
        clock: Clock::real(),
        quotas: Quotas::Off,
        faults: FaultLevel::None,
        kashflow: KashflowOptions::default(),
    })
    .await
    .unwrap()
}

/// A runner on `store` with the sandbox's pair, responsible for everything that the sandbox has.
pub fn runner(sandbox: &Sandbox, store: &Store) -> Runner {
    runner_from(sandbox, store, store.clock().now() - jiff::SignedDuration::from_hours(89 * 24))
}

/// A runner whose pair is responsible from `start` on.
pub fn runner_from(sandbox: &Sandbox, store: &Store, start: jiff::Timestamp) -> Runner {
    with_settings(sandbox, store, start, Settings { settlement_again_s: 1, ..Settings::default() })
}

pub fn with_settings(sandbox: &Sandbox, store: &Store, start: jiff::Timestamp, settings: Settings) -> Runner {
    let runner = Runner::new(store.clone(), settings);
    runner.add_pair(PairSetup {
        id: pair(),
        marketplace: Arc::new(marketplace(sandbox, store)),
        books: Arc::new(books(sandbox)),
        flow: Flow::parse(include_str!("../../../../flows/orders-to-invoices.toml")).unwrap(),
        mapping: Mapping::parse(&mapping_of(sandbox)).unwrap(),
        history_from: start,
        buyer_days: 30,
    });
    runner
}

/// Runs until nothing is left to do, then stops it as a kill would: between any two steps.
pub async fn until_quiet(runner: &Runner) {
    let running = tokio::spawn({
        let runner = runner.clone();
        async move { runner.run().await }
    });
    let clock = runner.store().clock();
    let waiting = async {
        loop {
            clock.sleep(Duration::from_millis(200)).await;
            if runner.is_quiet().await.unwrap() {
                return;
            }
        }
    };
    clock.timeout(PATIENCE, waiting).await.expect("the runner comes to rest");
    running.abort();
    let _ = running.await;
}

fn marketplace(sandbox: &Sandbox, store: &Store) -> amazon::Client {
    let told = sandbox.credentials().amazon.clone();
    let config = amazon::Config {
        base_url: told.base_url.parse().unwrap(),
        lwa_url: told.lwa_url.parse().unwrap(),
        seller_id: told.seller_id,
        marketplaces: told.marketplaces.iter().map(|id| MarketplaceId::parse(id).unwrap()).collect(),
        client_id: told.client_id,
        application_id: None,
        queue: None,
        buyer_data: amazon::BuyerData::None,
        orders_api: amazon::OrdersApi::V2026,
        reports: false,
        user_agent: "Tillbridge-Test/0.1 (Language=Rust)".to_owned(),
    };
    let secrets = amazon::Secrets {
        client_secret: told.client_secret.into(),
        refresh_token: told.refresh_token.into(),
        aws_secret_access_key: None,
    };
    let permits: Arc<dyn Permits> = Arc::new(StorePermits::new(store.clone()));
    amazon::Client::new(config, secrets, store.clock().clone(), permits).unwrap()
}

fn books(sandbox: &Sandbox) -> kashflow::Client {
    let told = sandbox.credentials().kashflow.clone();
    let config = kashflow::Config {
        base_url: told.base_url.parse().unwrap(),
        auth: kashflow::AuthConfig::KfSession { username: told.username },
        soap_url: None,
        soap_username: None,
        request_timeout_s: 60,
    };
    let secret = |name: &str, value: &str| (name.to_owned(), SecretString::from(value));
    let secrets = kashflow::Secrets::new(BTreeMap::from([
        secret("password", &told.password),
        secret("memorable_word", &told.memorable_word),
    ]));
    kashflow::Client::new(config, secrets, Clock::real(), Arc::new(kashflow::MemoryLedger::default())).unwrap()
}

/// What the sandbox's seller decides: every account of the chart, the VAT class of each product, rates, disputes confirmed.
fn mapping_of(sandbox: &Sandbox) -> String {
    let (world, account) = (sandbox.world(), sandbox.account());
    let seller = world.seller();
    let mut text = format!(
        "version = 1\n[seller]\nestablished = \"{}\"\nvat_registered = {}\nvcs = \"detect\"\nship_from = \"GB\"\nhome_currency = \"GBP\"\n\
         export_evidence_kept = true\n[invoices]\nwhen = \"dispatch\"\nprefix = \"AMZ-\"\n[invoices.payment]\nmethod = {}\n\
         [invoices.payment.accounts]\n",
        seller.established_in,
        seller.vat_registered,
        account.payment_method_id(),
    );
    for currency in ["GBP", "EUR"] {
        writeln!(text, "{currency} = {}", account.clearing_nominal(currency).unwrap()).unwrap();
    }
    text += "[customers]\nmode = \"shared\"\ncode_prefix = \"AMZ\"\n[accounts]\n";
    for (role, code) in account.roles().iter().filter(|(role, _)| **role != "CLEARING") {
        writeln!(text, "{role} = {code}").unwrap();
    }
    // Amazon gives no address of orders that are older than a month.
    text += "[destination]\nunknown = \"marketplace_country\"\n[settlements]\nconfirmed = [\"Chargeback Refund\", \"A-to-z Guarantee Refund\", \"Refund Reimbursal\"]\n[vat.skus]\n";
    for sku in &seller.skus {
        writeln!(text, "\"{}\" = \"{}\"", sku.sku, sku.vat_class.percent()).unwrap();
    }
    text += "[rates]\nsource = \"hmrc_monthly\"\n";
    for ((year, month), rates) in world.rates() {
        writeln!(text, "[rates.periods.\"{year:04}-{month:02}\"]").unwrap();
        for (currency, rate) in rates {
            writeln!(text, "{currency} = \"{rate}\"").unwrap();
        }
    }
    text
}
