//! What this crate's own tests share: the sandbox's Amazon over real HTTP, with a hand in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use amazon::{BuyerData, Client, Config, OrdersApi, Secrets};
use async_trait::async_trait;
use clock::Clock;
use flow::Flow;
use jiff::Timestamp;
use mapping::Mapping;
use model::{
    Balance, CustomerCode, DocumentNumber, Draft, MarketplaceId, MoneySummary, Order, OrderId, PairId, Receipt, Series,
    Transaction,
};
use ports::{
    BacklogSituation, Books, BooksReference, BulkJob, BulkState, BulkStep, ChangePage, ChangeQuery, CompanyInfo,
    ConnectorError, Depth, Discovered, FileBytes, Found, FoundParty, HintBatch, Limit, Look, Marketplace, NamePage,
    Observed, Parked, Participation, Party, PayoutPage, PayoutQuery, Permits, SendOutcome, SettlementBook,
    SettlementPage, SettlementQuery, TransactionPage, TransactionQuery, Urgency, Window,
};
use sim::{FaultLevel, KashflowOptions, Quotas, Sandbox, SandboxConfig};
use store::Store;

use crate::pair::{Pair, PairSetup};

/// When sandboxes begin.
pub(crate) const BEGIN: &str = "2026-10-24T06:00:00Z";
pub(crate) const DAY: u64 = 86_400;

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

/// What a test does with a page of transactions before the observer sees it.
pub(crate) type Hand = Box<dyn FnMut(TransactionPage) -> Result<TransactionPage, ConnectorError> + Send>;

/// The sandbox's Amazon. A test may look at calls, and change what is answered.
pub(crate) struct Watched {
    client: Client,
    pub(crate) asked: Mutex<Vec<TransactionQuery>>,
    pub(crate) hand: Mutex<Option<Hand>>,
    /// What a finished report names.
    pub(crate) reported: Mutex<Vec<Discovered>>,
    /// What the planner says, instead of what it would.
    pub(crate) planned: Mutex<Vec<Look>>,
}

pub(crate) struct House {
    pub(crate) sandbox: Sandbox,
    pub(crate) clock: Clock,
    pub(crate) amazon: Arc<Watched>,
    pub(crate) pair: PairId,
}

impl House {
    /// A sandbox whose money shows at once, `days` after its beginning.
    pub(crate) async fn after(days: u64) -> House {
        let clock = Clock::virtual_at(BEGIN.parse().unwrap());
        let config = SandboxConfig {
            amazon_port: 0,
            kashflow_port: 0,
            seed: 7,
            days: 40,
            quiet_days: 0,
            orders_per_day: 20,
            orders: None,
            clock: clock.clone(),
            quotas: Quotas::Off,
            faults: FaultLevel::None,
            kashflow: KashflowOptions::default(),
        };
        let sandbox = Sandbox::start(config).await.unwrap();
        sandbox.amazon().let_finances_lag(false);
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
        let client = Client::new(config, secrets, clock.clone(), Arc::new(Plenty)).unwrap();
        let amazon = Watched {
            client,
            asked: Mutex::default(),
            hand: Mutex::default(),
            reported: Mutex::default(),
            planned: Mutex::default(),
        };
        let house = House { sandbox, clock, amazon: Arc::new(amazon), pair: PairId::parse("main").unwrap() };
        house.pass(days).await;
        house
    }

    pub(crate) async fn pass(&self, days: u64) {
        let driver = tokio::spawn({
            let clock = self.clock.clone();
            async move { clock.drive().await }
        });
        self.clock.sleep(Duration::from_secs(days * DAY)).await;
        driver.abort();
    }

    pub(crate) async fn store(&self) -> Store {
        Store::in_memory(self.clock.clone()).await.unwrap()
    }

    /// A pair on this marketplace whose books are never asked.
    pub(crate) fn pair(&self) -> Arc<Pair> {
        Pair::new(PairSetup {
            id: self.pair.clone(),
            marketplace: self.amazon.clone(),
            books: Arc::new(NoBooks),
            flow: Flow::parse(include_str!("../../../flows/orders-to-invoices.toml")).unwrap(),
            mapping: Mapping::parse(mapping::DEFAULT).unwrap_or_else(|errors| panic!("{errors:?}")),
            history_from: BEGIN.parse().unwrap(),
            buyer_days: 30,
        })
    }
}

#[async_trait]
impl Marketplace for Watched {
    async fn order(&self, id: &OrderId, urgency: Urgency) -> Result<Observed, ConnectorError> {
        self.client.order(id, urgency).await
    }
    async fn changes(&self, query: &ChangeQuery, urgency: Urgency) -> Result<ChangePage, ConnectorError> {
        self.client.changes(query, urgency).await
    }
    async fn hints(&self, wait_s: u32) -> Result<HintBatch, ConnectorError> {
        self.client.hints(wait_s).await
    }
    async fn acknowledge(&self, handles: &[String]) -> Result<(), ConnectorError> {
        self.client.acknowledge(handles).await
    }
    fn has_hints(&self) -> bool {
        self.client.has_hints()
    }
    async fn bulk(&self, _: &BulkJob) -> Result<BulkStep, ConnectorError> {
        let discovered = self.reported.lock().unwrap().clone();
        Ok(BulkStep { state: BulkState::Done, orders: Vec::new(), discovered })
    }
    async fn names(&self, query: &ChangeQuery) -> Result<NamePage, ConnectorError> {
        self.client.names(query).await
    }
    async fn plan(&self, situation: &BacklogSituation) -> Look {
        let planned = self.planned.lock().unwrap().pop();
        match planned {
            Some(look) => look,
            None => self.client.plan(situation).await,
        }
    }
    fn translate(&self, kind: &str, payload: &str, buyer: Option<&str>) -> Result<Order, Parked> {
        self.client.translate(kind, payload, buyer)
    }
    async fn participations(&self) -> Result<Vec<Participation>, ConnectorError> {
        self.client.participations().await
    }
    async fn settlement_files(&self, query: &SettlementQuery) -> Result<SettlementPage, ConnectorError> {
        self.client.settlement_files(query).await
    }
    async fn file(&self, document: &str) -> Result<FileBytes, ConnectorError> {
        self.client.file(document).await
    }
    fn read_settlements<'a>(
        &self,
        bytes: &'a [u8],
        charset: Option<&str>,
        accepted: &BTreeMap<u64, String>,
    ) -> Result<Box<dyn SettlementBook + 'a>, Parked> {
        self.client.read_settlements(bytes, charset, accepted)
    }
    fn transaction_windows(&self, complete_until: Timestamp, now: Timestamp) -> Vec<TransactionQuery> {
        self.client.transaction_windows(complete_until, now)
    }
    async fn transactions(
        &self,
        query: &TransactionQuery,
        urgency: Urgency,
    ) -> Result<TransactionPage, ConnectorError> {
        self.asked.lock().unwrap().push(query.clone());
        let page = self.client.transactions(query, urgency).await?;
        match self.hand.lock().unwrap().as_mut() {
            Some(hand) => hand(page),
            None => Ok(page),
        }
    }
    fn translate_transaction(&self, kind: &str, payload: &str) -> Result<Transaction, Parked> {
        self.client.translate_transaction(kind, payload)
    }
    async fn settlement_summary(&self, settlement: &str) -> Result<Vec<MoneySummary>, ConnectorError> {
        self.client.settlement_summary(settlement).await
    }
    async fn balances(&self) -> Result<Vec<Balance>, ConnectorError> {
        self.client.balances().await
    }
    async fn payouts(&self, query: &PayoutQuery) -> Result<PayoutPage, ConnectorError> {
        self.client.payouts(query).await
    }
}

/// Books that nobody asks.
struct NoBooks;

#[async_trait]
impl Books for NoBooks {
    async fn next_number(&self, _: Series) -> Result<DocumentNumber, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn find(&self, _: Series, _: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn look(&self, _: &Draft, _: Window, _: Depth) -> Result<Found, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn create(&self, _: Option<DocumentNumber>, _: &Draft) -> Result<SendOutcome, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn update(&self, _: DocumentNumber, _: &Draft) -> Result<SendOutcome, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn find_party(&self, _: Party<'_>) -> Result<Option<FoundParty>, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn create_party(&self, _: Party<'_>) -> Result<(), ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn update_party(&self, _: &CustomerCode, _: Party<'_>) -> Result<(), ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn reference(&self) -> Result<BooksReference, ConnectorError> {
        unreachable!("the books are not asked")
    }
    async fn probe(&self) -> Result<CompanyInfo, ConnectorError> {
        unreachable!("the books are not asked")
    }
}
