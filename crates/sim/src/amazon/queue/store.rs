//! The messages of the queue: visibility, receipts, delay and retention, all on the sandbox's clock.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::{Timestamp, ToSpan};

use crate::world::{WorldOrder, mix};

/// Seconds after which a message is dropped: four days, the default of the service.
const RETENTION_S: i64 = 4 * 24 * 3600;

/// What a message says. Notifications are written out only when they are received.
#[derive(Clone, Debug)]
pub(in crate::amazon) enum Content {
    Text(String),
    OrderChange {
        order: Arc<WorldOrder>,
        at: Timestamp,
        subscription: usize,
        notification: u64,
        published_at: Timestamp,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) id: u64,
    pub(super) content: Content,
    pub(super) sent_at: Timestamp,
    pub(super) first_received_at: Option<Timestamp>,
    pub(super) receive_count: u32,
}

#[derive(Default)]
pub(super) struct Store {
    /// By the moment from which a message is visible.
    messages: BTreeMap<(Timestamp, u64), Message>,
    /// Where each message is.
    places: HashMap<u64, Timestamp>,
    next_id: u64,
}

impl Store {
    /// Puts a message in; gives its id back.
    pub(super) fn send(&mut self, content: Content, visible_at: Timestamp) -> String {
        let id = self.next_id;
        self.next_id += 1;
        let message = Message { id, content, sent_at: visible_at, first_received_at: None, receive_count: 0 };
        self.places.insert(id, visible_at);
        let uuid = message.uuid();
        self.messages.insert((visible_at, id), message);
        uuid
    }

    /// Up to `limit` visible messages, hidden for `hidden_s` from now.
    pub(super) fn receive(&mut self, limit: usize, hidden_s: i64, now: Timestamp) -> Vec<Message> {
        let oldest = now.checked_sub(RETENTION_S.seconds()).unwrap_or(Timestamp::MIN);
        let mut received = Vec::new();
        while received.len() < limit {
            let Some(entry) = self.messages.first_entry().filter(|entry| entry.key().0 <= now) else { break };
            let mut message = entry.remove();
            if message.sent_at < oldest {
                self.places.remove(&message.id);
                continue;
            }
            message.receive_count += 1;
            message.first_received_at.get_or_insert(now);
            received.push(message);
        }
        for message in &received {
            self.put_back(message.clone(), after(now, hidden_s));
        }
        received
    }

    /// Deletes by receipt; a receipt of an earlier delivery works too, and one of a message that is gone is fine.
    pub(super) fn delete(&mut self, receipt: &str) -> bool {
        let Some(id) = id_of(receipt) else { return false };
        if let Some(at) = self.places.remove(&id) {
            self.messages.remove(&(at, id));
        }
        true
    }

    /// Makes a message visible `seconds` from now.
    pub(super) fn change_visibility(&mut self, receipt: &str, seconds: i64, now: Timestamp) -> bool {
        let Some(id) = id_of(receipt) else { return false };
        if let Some(at) = self.places.get(&id).copied()
            && let Some(message) = self.messages.remove(&(at, id))
        {
            self.put_back(message, after(now, seconds));
        }
        true
    }

    /// When the next message becomes visible.
    pub(super) fn next_visible_at(&self) -> Option<Timestamp> {
        self.messages.keys().next().map(|&(at, _)| at)
    }

    /// Messages that are visible, that are received but not deleted, and that are delayed.
    pub(super) fn counts(&self, now: Timestamp) -> (usize, usize, usize) {
        let visible = self.messages.range(..=(now, u64::MAX)).count();
        let hidden = self.messages.range((now, u64::MAX)..);
        let in_flight = hidden.filter(|(_, message)| message.receive_count > 0).count();
        (visible, in_flight, self.messages.len() - visible - in_flight)
    }

    pub(super) fn purge(&mut self) {
        self.messages.clear();
        self.places.clear();
    }

    fn put_back(&mut self, message: Message, visible_at: Timestamp) {
        self.places.insert(message.id, visible_at);
        self.messages.insert((visible_at, message.id), message);
    }
}

impl Message {
    /// The handle of this delivery.
    pub(super) fn receipt(&self) -> String {
        format!("AQEB{:016x}{:016x}{:08x}", mix(self.id), self.id ^ MASK, self.receive_count)
    }

    pub(super) fn uuid(&self) -> String {
        crate::amazon::tokens::uuid(self.id ^ MASK)
    }
}

const MASK: u64 = 0x51D5_0000_0000_7B1D;

fn id_of(receipt: &str) -> Option<u64> {
    let digits = receipt.strip_prefix("AQEB")?;
    let id = u64::from_str_radix(digits.get(16..32)?, 16).ok()? ^ MASK;
    (digits.get(..16)? == format!("{:016x}", mix(id))).then_some(id)
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(seconds.seconds()).unwrap_or(Timestamp::MAX)
}
