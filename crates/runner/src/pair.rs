//! A pair at work: one marketplace account, one set of books, the flow and mapping that join them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use flow::Flow;
use mapping::Mapping;
use model::{DocumentNumber, PairId, Series};
use ports::{Books, Marketplace, System};
use tokio::sync::{Mutex, Notify};

use crate::party::Known;
use crate::reference::ReferenceCache;

/// What a pair is made of.
pub struct PairSetup {
    /// Its id.
    pub id: PairId,
    /// Where things are sold.
    pub marketplace: Arc<dyn Marketplace>,
    /// Where the books are kept.
    pub books: Arc<dyn Books>,
    /// The flow that orders run through.
    pub flow: Flow,
    /// What the owner decided.
    pub mapping: Mapping,
    /// Orders that changed before this are not looked for.
    pub history_from: jiff::Timestamp,
    /// Days after which buyer data is deleted.
    pub buyer_days: u32,
}

/// A pair while the runner works on it.
pub struct Pair {
    /// What it is made of.
    pub setup: PairSetup,
    pub(crate) reference: ReferenceCache,
    /// One customer or supplier at a time: hundreds of orders share one customer and must not race to create it.
    pub(crate) parties: Mutex<()>,
    pub(crate) known_parties: Known,
    /// The books' next number of each series that was asked for. Without one they must be asked before the next allocation.
    pub(crate) next_numbers: Mutex<BTreeMap<Series, DocumentNumber>>,
    /// Wakes the observer: a hint arrived, or the connection was resumed.
    pub(crate) look: Notify,
    /// Wakes the settlement observer: a message said that a file is ready.
    pub(crate) settlement_ready: Notify,
    /// Wakes the finance observer before its time: a settlement waits for what it reads.
    pub(crate) finances_wanted: Notify,
    /// Mirrors of the connections' states in the store, so that hot paths need not read and unseal them.
    amazon_paused: AtomicBool,
    kashflow_paused: AtomicBool,
}

impl Pair {
    pub(crate) fn new(setup: PairSetup) -> Arc<Pair> {
        Arc::new(Pair {
            setup,
            reference: ReferenceCache::default(),
            parties: Mutex::new(()),
            known_parties: Known::default(),
            next_numbers: Mutex::default(),
            look: Notify::new(),
            settlement_ready: Notify::new(),
            finances_wanted: Notify::new(),
            amazon_paused: AtomicBool::new(false),
            kashflow_paused: AtomicBool::new(false),
        })
    }

    /// Whether a connection waits for a person.
    pub fn is_paused(&self, system: System) -> bool {
        self.paused(system).load(Ordering::Acquire)
    }

    pub(crate) fn set_paused(&self, system: System, paused: bool) {
        self.paused(system).store(paused, Ordering::Release);
    }

    fn paused(&self, system: System) -> &AtomicBool {
        match system {
            System::Amazon => &self.amazon_paused,
            System::KashFlow => &self.kashflow_paused,
        }
    }

    /// The pair's id.
    pub fn id(&self) -> &PairId {
        &self.setup.id
    }
}
