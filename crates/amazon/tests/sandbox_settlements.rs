//! The client against the sandbox over real HTTP: every closed settlement is found, downloaded, read, and balances.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use amazon::settlements::{Input, Options, SettlementFile};
use amazon::{BuyerData, Client, Config, OrdersApi, Secrets};
use async_trait::async_trait;
use clock::Clock;
use jiff::Timestamp;
use model::MarketplaceId;
use ports::{Limit, Marketplace, Permits, SettlementQuery, Urgency};
use sim::{FaultLevel, KashflowOptions, Quotas, Sandbox, SandboxConfig};

/// The sandbox enforces no quota here, so the client spends none.
struct Plenty;

#[async_trait]
impl Permits for Plenty {
    async fn take(&self, _: &str, _: Limit, _: Urgency) -> Result<(), Timestamp> {
        Ok(())
    }
    async fn learn(&self, _: &str, _: Duration) {}
    async fn drain(&self, _: &str, _: Limit, _: Timestamp) {}
    async fn level(&self, _: &str, limit: Limit) -> u32 {
        limit.burst
    }
}

async fn sandbox() -> (Sandbox, Client) {
    let config = SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed: 7,
        days: 45,
        quiet_days: 30,
        orders_per_day: 20,
        orders: None,
        clock: Clock::real(),
        quotas: Quotas::Off,
        faults: FaultLevel::None,
        kashflow: KashflowOptions::default(),
    };
    let sandbox = Sandbox::start(config).await.unwrap();
    let told = sandbox.credentials().amazon.clone();
    let config = Config {
        base_url: told.base_url.parse().unwrap(),
        lwa_url: told.lwa_url.parse().unwrap(),
        seller_id: told.seller_id,
        marketplaces: told.marketplaces.iter().map(|id| MarketplaceId::parse(id).unwrap()).collect(),
        client_id: told.client_id,
        application_id: None,
        queue: None,
        buyer_data: BuyerData::None,
        orders_api: OrdersApi::V2026,
        reports: true,
        user_agent: "Tillbridge-Test/0.1 (Language=Rust)".to_owned(),
    };
    let secrets = Secrets {
        client_secret: told.client_secret.into(),
        refresh_token: told.refresh_token.into(),
        aws_secret_access_key: None,
    };
    let client = Client::new(config, secrets, Clock::real(), Arc::new(Plenty)).unwrap();
    (sandbox, client)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_settlement_of_the_sandbox_is_found_once_by_id_and_currency_and_balances() {
    let (sandbox, client) = sandbox().await;
    let mut query = SettlementQuery { made_after: Timestamp::UNIX_EPOCH, page_token: None };
    let mut files = Vec::new();
    loop {
        let page = client.settlement_files(&query).await.unwrap();
        files.extend(page.files);
        match page.next {
            Some(next) => query.page_token = Some(next),
            None => break,
        }
    }
    assert!(files.len() > 3, "{} files", files.len());
    let mut totals = BTreeMap::new();
    let mut forms = Vec::new();
    for file in &files {
        let bytes = client.file(file.document.as_deref().expect("it is made")).await.unwrap();
        let options = Options { charset: bytes.charset.clone(), ..Options::default() };
        let open = SettlementFile::open(Input::Bytes(&bytes.bytes), options).unwrap();
        for checked in open.check(2).unwrap() {
            assert!(checked.balanced, "{}: {:?} {:?}", checked.id, checked.problems, checked.suspects);
            assert!(checked.problems.is_empty(), "{}: {:?}", checked.id, checked.problems);
            let mut rows = 0;
            open.rows(&checked, |row| {
                rows += 1;
                assert!(row.posted_at.is_some() && row.doubt.is_none(), "{row:?}");
            })
            .unwrap();
            assert_eq!(rows, checked.rows);
            forms.push(format!("{} {} {}", checked.encoding, checked.decimal.name(), checked.gzip));
            totals.insert((checked.id.clone(), checked.currency.code()), checked.sum.minor());
        }
    }
    assert!(files.len() > totals.len(), "the same settlement is listed for several sites");
    assert!(
        forms.iter().any(|form| form.contains("comma")) && forms.iter().any(|form| form.contains("true")),
        "{forms:?}"
    );
    let world = sandbox.world();
    let known: Vec<String> = world.settlements(Clock::real().now()).iter().map(|own| own.id.clone()).collect();
    assert_eq!(totals.len(), known.len());
    assert!(known.iter().all(|id| totals.keys().any(|(own, _)| own == id)));
}
