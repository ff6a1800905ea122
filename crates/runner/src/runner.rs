//! The runner: one observer, one hint loop and one sweep per pair, one dispatcher for all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use model::{Draft, PairId};
use money::Currency;
use ports::{ConnectorError, System, Urgency};
use store::intents::{self, Intent, State};
use store::lanes::{self, Claimed, Finish, Wake};
use store::{Store, StoreError, connections, hints, reviews};
use tokio::sync::Notify;

use crate::decide::{decide_order, with_party};
use crate::deliver::{Delivered, GIVEN_UP, deliver, pause};
use crate::pair::{Pair, PairSetup};
use crate::party::{self, Ensured};
use crate::{Settings, backoff, dispatch, observe, settlement, sweep};

/// Why the runner stopped or refused.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    /// The store failed: nothing can be committed, so nothing may be sent.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    /// There is no such pair.
    #[error("there is no pair `{0}`")]
    NoPair(String),
    /// A file or a decision was not taken, for a reason that a person can act on.
    #[error("{reason} {fix}")]
    Refused {
        /// Stable code: `not_a_settlement`, `damaged`, `not_accepted`, ….
        code: String,
        /// What is wrong.
        reason: String,
        /// The next action.
        fix: String,
    },
}

/// The shell of flows. Cheap to clone.
#[derive(Clone)]
pub struct Runner {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    settings: Settings,
    pairs: Mutex<BTreeMap<PairId, Arc<Pair>>>,
    nudge: Arc<Notify>,
}

impl Runner {
    /// A runner on `store`.
    pub fn new(store: Store, settings: Settings) -> Runner {
        let shared = Shared { store, settings, pairs: Mutex::default(), nudge: Arc::new(Notify::new()) };
        Runner { shared: Arc::new(shared) }
    }

    /// Adds a pair, to be worked on by [`Runner::run`].
    pub fn add_pair(&self, setup: PairSetup) {
        self.pairs().insert(setup.id.clone(), Pair::new(setup));
    }

    /// The store it works on.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// Works on all pairs until the future is dropped or the store fails.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Store`].
    pub async fn run(&self) -> Result<(), RunnerError> {
        let store = &self.shared.store;
        let starting = store.clock().busy();
        store.write(|tx| Box::pin(async move { lanes::release_all(tx).await })).await?;
        self.resume_open_intents().await?;
        let pairs: Vec<Arc<Pair>> = self.pairs().values().cloned().collect();
        for connection in connections::list(store).await? {
            let paused = !matches!(connection.state, connections::ConnectionState::Ready);
            if let Ok(pair) = self.pair(&connection.pair) {
                pair.set_paused(connection.system, paused);
            }
        }
        let mut tasks = tokio::task::JoinSet::new();
        for pair in pairs {
            let (settings, store) = (self.shared.settings.clone(), store.clone());
            let (runner, observed) = (self.clone(), pair.clone());
            tasks.spawn(async move {
                observe::run(&store, &settings, &observed, || runner.shared.nudge.notify_one()).await
            });
            let (settings, store, hinted) = (self.shared.settings.clone(), self.shared.store.clone(), pair.clone());
            tasks.spawn(async move { crate::hints::run(&store, &settings, &hinted).await });
            let (settings, store, settled) = (self.shared.settings.clone(), self.shared.store.clone(), pair.clone());
            let runner = self.clone();
            tasks.spawn(async move {
                settlement::run(&store, &settings, &settled, || runner.shared.nudge.notify_one()).await
            });
            let (settings, store, paid) = (self.shared.settings.clone(), self.shared.store.clone(), pair.clone());
            let runner = self.clone();
            tasks.spawn(async move {
                crate::finances::run(&store, &settings, &paid, || runner.shared.nudge.notify_one()).await
            });
            let (settings, store) = (self.shared.settings.clone(), self.shared.store.clone());
            tasks.spawn(async move { sweep::run(&store, &settings, &pair).await });
        }
        let runner = self.clone();
        let work = move |lane: Claimed| {
            let runner = runner.clone();
            async move { runner.work(lane).await }
        };
        let in_flight = self.shared.settings.orders_in_flight;
        tasks.spawn(dispatch::run(store.clone(), self.shared.nudge.clone(), in_flight, work));
        drop(starting);
        while let Some(ended) = tasks.join_next().await {
            match ended {
                Ok(result) => result?,
                Err(panic) => return Err(StoreError::Bad(format!("a worker stopped: {panic}")).into()),
            }
        }
        Ok(())
    }

    /// Whether nothing is left to do but to wait for something new: no order due or waiting for a retry, no hint
    /// unread, every marketplace listed once to its end.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Store`].
    pub async fn is_quiet(&self) -> Result<bool, RunnerError> {
        let pairs: Vec<PairId> = self.pairs().keys().cloned().collect();
        for pair in pairs {
            if hints::summary(&self.shared.store, &pair).await?.0 > 0
                || observe::is_listing(&self.shared.store, &pair).await?
                || settlement::is_looking(&self.shared.store, &pair).await?
            {
                return Ok(false);
            }
        }
        // Asked last: what an observer ended with has made its lanes due by now.
        let depth = lanes::depth(&self.shared.store).await?;
        Ok(depth.waiting + depth.busy == 0)
    }

    /// A person put a cause right: decides the order (by its id) or settlement (`settlement/<id>-<currency>`) again as far as nothing
    /// of it is committed, and delivers what is open, parked documents included.
    ///
    /// # Errors
    ///
    /// [`RunnerError`].
    pub async fn retry(&self, pair: &PairId, subject: &str) -> Result<(), RunnerError> {
        let pair = self.pair(pair)?;
        let store = &self.shared.store;
        let now = store.clock().now();
        let is_order = settlement::of_lane(subject).is_none();
        let parked: Vec<Intent> = intents::of_subject(store, pair.id(), subject)
            .await?
            .into_iter()
            .filter(|intent| matches!(intent.state, State::Rejected | State::Conflict))
            .collect();
        let (id, key, epoch) = (pair.id().clone(), lane_of(subject), store.epoch());
        store
            .write(move |tx| {
                Box::pin(async move {
                    for mut intent in parked {
                        let from = intent.state;
                        // A refused write was not done: it may be decided afresh, under a fresh look and number.
                        intent.state = State::Planned;
                        intent.number = None;
                        intent.reason = None;
                        // A settlement is decided once: its refused documents are sent again as they were decided.
                        intent.cause = (is_order && from == State::Rejected).then(|| RETRY.to_owned());
                        intent.epoch = epoch;
                        intent.updated_at = now;
                        intents::save(tx, &intent, from).await?;
                    }
                    lanes::wake(tx, &[Wake { pair: id, key, urgency: Urgency::Interactive, not_before: now }]).await
                })
            })
            .await?;
        // The cause may have been an account or rate that was corrected in the books a moment ago.
        pair.reference.forget();
        self.shared.nudge.notify_one();
        Ok(())
    }

    /// Takes in a settlement file that a person gives. Each settlement in it is posted once, whichever file it comes in.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Refused`] if it is no settlement that can be kept: nothing of it is used.
    pub async fn receive_settlement(
        &self,
        pair: &PairId,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Vec<settlement::Received>, RunnerError> {
        let pair = self.pair(pair)?;
        let file = ports::FileBytes { bytes, charset: None };
        let origin = settlement::Origin::Upload;
        match settlement::receive(&self.shared.store, &pair, name, file, origin).await? {
            Ok(received) => {
                self.shared.nudge.notify_one();
                Ok(received)
            }
            Err(parked) => {
                Err(RunnerError::Refused { code: parked.code, reason: format!("{}.", parked.reason), fix: parked.fix })
            }
        }
    }

    /// A person accepts `amount` for a line of a quarantined settlement whose own cannot be read: it goes to suspense.
    ///
    /// # Errors
    ///
    /// [`RunnerError::Refused`] if the amount or the settlement's stage does not allow it.
    pub async fn accept_amount(
        &self,
        pair: &PairId,
        id: &str,
        currency: Currency,
        line: u64,
        amount: &str,
    ) -> Result<(), RunnerError> {
        let pair = self.pair(pair)?;
        self.taken(settlement::accept_amount(&self.shared.store, &pair, id, currency, line, amount).await?)
    }

    fn taken(&self, decision: Result<(), String>) -> Result<(), RunnerError> {
        match decision {
            Ok(()) => {
                self.shared.nudge.notify_one();
                Ok(())
            }
            Err(reason) => {
                let fix = "Nothing was changed.".to_owned();
                Err(RunnerError::Refused { code: "not_accepted".to_owned(), reason, fix })
            }
        }
    }

    /// A person put the credentials right: goes on where the connection was paused.
    ///
    /// # Errors
    ///
    /// [`RunnerError`].
    pub async fn resume_connection(&self, pair: &PairId, system: System, by: &str) -> Result<(), RunnerError> {
        let pair = self.pair(pair)?;
        if system == System::KashFlow {
            pair.setup.books.sign_in_again().await;
        }
        let (id, by, now) = (pair.id().clone(), by.to_owned(), self.shared.store.clock().now());
        self.shared
            .store
            .write(move |tx| {
                Box::pin(async move {
                    connections::resume(tx, &id, system, now).await?;
                    reviews::close(tx, &id, &format!("connection/{system}"), "connection_paused", &by, now).await
                })
            })
            .await?;
        pair.set_paused(system, false);
        self.resume_open_intents().await?;
        pair.look.notify_one();
        Ok(())
    }

    /// Makes every order due that has a document on its way, as after a crash or a pause.
    async fn resume_open_intents(&self) -> Result<(), RunnerError> {
        let store = &self.shared.store;
        let now = store.clock().now();
        let wakes: Vec<Wake> = intents::open(store, usize::MAX >> 1)
            .await?
            .into_iter()
            .filter(|intent| !matches!(intent.kind.as_str(), "customer" | "supplier"))
            .map(|intent| Wake {
                pair: intent.pair,
                key: lane_of(&intent.subject),
                urgency: Urgency::Event,
                not_before: now,
            })
            .collect();
        if !wakes.is_empty() {
            store.write(move |tx| Box::pin(async move { lanes::wake(tx, &wakes).await })).await?;
        }
        self.shared.nudge.notify_one();
        Ok(())
    }

    async fn work(&self, lane: Claimed) -> Finish {
        match self.work_on(&lane).await {
            Ok(finish) => finish,
            Err(error) => {
                tracing::error!(lane = %lane.key, "work stopped: {error}");
                self.later(&lane)
            }
        }
    }

    async fn work_on(&self, lane: &Claimed) -> Result<Finish, RunnerError> {
        let pair = self.pair(&lane.pair)?;
        let (store, settings) = (&self.shared.store, &self.shared.settings);
        if let Err(error) = pair.reference.refresh(store, settings, &pair).await {
            if matches!(error, ConnectorError::Unauthorized { .. }) {
                pause(store, &pair, System::KashFlow, &error).await?;
                return Ok(Finish::Paused { reason: "books_paused".to_owned() });
            }
            return Ok(self.later_after(lane, &error));
        }
        if let Some(order_id) = lane.key.strip_prefix(ORDER) {
            let decision = decide_order(store, &pair, order_id).await?;
            return Ok(self.deliver_all(lane, &pair, order_id, decision.open).await?.unwrap_or(Finish::Done));
        }
        let Some((id, currency)) = settlement::of_lane(&lane.key) else {
            return Ok(Finish::Paused { reason: format!("nobody works on `{}`", lane.key) });
        };
        match settlement::work(store, settings, &pair, id, currency).await? {
            settlement::Standing::Ended(finish) => Ok(finish),
            settlement::Standing::Deliver(open) => {
                // A settlement that waited for the decision of this one need not wait for its delivery.
                self.shared.nudge.notify_one();
                let waits = self.deliver_all(lane, &pair, &lane.key, open).await?;
                if waits.is_none() {
                    settlement::put_down(store, &pair, id, currency).await?;
                }
                Ok(waits.unwrap_or(Finish::Done))
            }
        }
    }

    /// Delivers documents in their order. `None`: each is in the books or with a person; else why the lane waits.
    async fn deliver_all(
        &self,
        lane: &Claimed,
        pair: &Pair,
        subject: &str,
        open: Vec<(Intent, Draft)>,
    ) -> Result<Option<Finish>, RunnerError> {
        let (store, settings) = (&self.shared.store, &self.shared.settings);
        if !open.is_empty() && pair.is_paused(System::KashFlow) {
            return Ok(Some(Finish::Paused { reason: "books_paused".to_owned() }));
        }
        for (intent, draft) in open {
            let (intent, draft) = match self.with_known_party(pair, intent, draft).await? {
                Ok(ready) => ready,
                Err(Some(error)) => return Ok(Some(self.later_after(lane, &error))),
                Err(None) => return Ok(Some(Finish::Paused { reason: "books_paused".to_owned() })),
            };
            // What it pays or takes back waits for a person: so does it, and the rest goes on.
            let Some((intent, draft)) = settlement::with_numbers(store, pair, intent, draft).await? else { continue };
            match deliver(store, settings, pair, intent, &draft, lane.attempts).await? {
                Delivered::Ended => {}
                Delivered::Later(finish) => return Ok(Some(self.given_up(lane, subject, finish).await?)),
            }
        }
        Ok(None)
    }

    async fn with_known_party(
        &self,
        pair: &Pair,
        mut intent: Intent,
        mut draft: Draft,
    ) -> Result<Result<(Intent, Draft), Option<ConnectorError>>, RunnerError> {
        let (State::Planned, Some(party)) = (intent.state, party::of(&draft)) else { return Ok(Ok((intent, draft))) };
        let store = &self.shared.store;
        match party::ensure(store, pair, party).await? {
            Ensured::Known(code) if code == *party.code() => Ok(Ok((intent, draft))),
            Ensured::Known(code) => {
                with_party(&mut intent, &mut draft, code)?;
                let row = intent.clone();
                store.write(move |tx| Box::pin(async move { intents::save(tx, &row, State::Planned).await })).await?;
                Ok(Ok((intent, draft)))
            }
            Ensured::Failed(error) => Ok(Err(Some(error))),
            Ensured::Paused => Ok(Err(None)),
        }
    }

    /// Work that fails for longer than the limit is given to a person; it keeps its state and can be retried.
    async fn given_up(&self, lane: &Claimed, subject: &str, finish: Finish) -> Result<Finish, RunnerError> {
        let Finish::Again { reset_attempts: false, .. } = finish else { return Ok(finish) };
        // Full jitter doubles to the cap, so the number of attempts tells how long it has been failing.
        let settings = &self.shared.settings;
        let capped = u64::from(lane.attempts.saturating_sub(10)) * settings.retry_cap_s / 2;
        if capped < settings.give_up_after_s {
            return Ok(finish);
        }
        let (id, subject, now) = (lane.pair.clone(), subject.to_owned(), self.shared.store.clock().now());
        let opened = reviews::NewReview {
            pair: id,
            subject: subject.clone(),
            code: GIVEN_UP.to_owned(),
            kind: reviews::Kind::DeadLetter,
            title: match settlement::of_lane(&subject) {
                Some((id, currency)) => format!("Settlement {id} ({currency}) could not be delivered"),
                None => format!("Order {subject} could not be delivered"),
            },
            reason: format!(
                "KashFlow could not be reached or did not settle the document after {} attempts.",
                lane.attempts
            ),
            fix: "Check the connection page, then press Retry. Nothing is lost and nothing is sent twice.".to_owned(),
            path: None,
            amount: None,
            source: "delivery",
            at: now,
        };
        self.shared.store.write(move |tx| Box::pin(async move { reviews::open(tx, &opened).await })).await?;
        Ok(Finish::Paused { reason: GIVEN_UP.to_owned() })
    }

    fn later(&self, lane: &Claimed) -> Finish {
        let wait = backoff::pause(&self.shared.settings, &lane.key, lane.attempts);
        Finish::Again { not_before: clock::later(self.shared.store.clock().now(), wait), reset_attempts: false }
    }

    fn later_after(&self, lane: &Claimed, error: &ConnectorError) -> Finish {
        match error {
            ConnectorError::Throttled { until, .. } => Finish::Again { not_before: *until, reset_attempts: true },
            _ => self.later(lane),
        }
    }

    fn pair(&self, id: &PairId) -> Result<Arc<Pair>, RunnerError> {
        self.pairs().get(id).cloned().ok_or_else(|| RunnerError::NoPair(id.to_string()))
    }

    fn pairs(&self) -> std::sync::MutexGuard<'_, BTreeMap<PairId, Arc<Pair>>> {
        self.shared.pairs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Beginning of lanes of orders.
const ORDER: &str = "order/";

/// The lane that works on a subject: an order is its id, anything else is its own lane.
fn lane_of(subject: &str) -> String {
    match settlement::of_lane(subject) {
        Some(_) => subject.to_owned(),
        None => format!("{ORDER}{subject}"),
    }
}

/// Marks a refused intent that a person wants decided afresh.
pub(crate) const RETRY: &str = "retry";
