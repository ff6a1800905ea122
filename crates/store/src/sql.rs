//! Every statement, in one list: a test prepares each on SQLite and on PostgreSQL.

use crate::{
    audit, connections, cursors, customers, events, facts, hints, intents, lanes, numbers, orders, quotas, reviews,
    runs, users,
};

pub(crate) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(crate) const COMMIT: &str = "COMMIT";
pub(crate) const ROLLBACK: &str = "ROLLBACK";
pub(crate) const SAVEPOINT: &str = "SAVEPOINT job";
pub(crate) const ROLLBACK_TO: &str = "ROLLBACK TO job";
pub(crate) const RELEASE: &str = "RELEASE job";
pub(crate) const SCHEMA_VERSION: &str = "PRAGMA user_version";
pub(crate) const BACKUP: &str = "VACUUM INTO $1";
pub(crate) const NEXT_EPOCH: &str = "INSERT INTO meta (key, value) VALUES ('epoch', '1') \
     ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT) RETURNING value";

/// Every statement that a repository runs, with its name.
pub const ALL: &[(&str, &str)] = &[
    ("meta::NEXT_EPOCH", NEXT_EPOCH),
    ("connections::SAVE", connections::SAVE),
    ("connections::LOAD", connections::LOAD),
    ("connections::LIST", connections::LIST),
    ("connections::PAUSE", connections::PAUSE),
    ("connections::RESUME", connections::RESUME),
    ("facts::RECORD", facts::RECORD),
    ("facts::KNOWN", facts::KNOWN),
    ("facts::LATEST", facts::LATEST),
    ("facts::HISTORY", facts::HISTORY),
    ("facts::SEAL_BUYER", facts::SEAL_BUYER),
    ("facts::BUYER", facts::BUYER),
    ("facts::EXPIRE", facts::EXPIRE),
    ("hints::SEEN", hints::SEEN),
    ("hints::NOTE", hints::NOTE),
    ("hints::FORGET_SEEN", hints::FORGET_SEEN),
    ("hints::PENDING", hints::PENDING),
    ("hints::NEWEST", hints::NEWEST),
    ("hints::SUMMARY", hints::SUMMARY),
    ("hints::DUE", hints::DUE),
    ("hints::SETTLE", hints::SETTLE),
    ("hints::SETTLE_UP_TO", hints::SETTLE_UP_TO),
    ("hints::DEFER", hints::DEFER),
    ("cursors::GET", cursors::GET),
    ("cursors::SET", cursors::SET),
    ("lanes::WAKE", lanes::WAKE),
    ("lanes::CLAIM", lanes::CLAIM),
    ("lanes::DONE", lanes::DONE),
    ("lanes::DONE_BUT_WOKEN", lanes::DONE_BUT_WOKEN),
    ("lanes::AGAIN", lanes::AGAIN),
    ("lanes::PAUSE", lanes::PAUSE),
    ("lanes::NEXT_DUE", lanes::NEXT_DUE),
    ("lanes::RELEASE_ALL", lanes::RELEASE_ALL),
    ("lanes::DEPTH", lanes::DEPTH),
    ("lanes::REASON", lanes::REASON),
    ("intents::PLAN", intents::PLAN),
    ("intents::SAVE", intents::SAVE),
    ("intents::GET", intents::GET),
    ("intents::BY_KEY", intents::BY_KEY),
    ("intents::OF_SUBJECT", intents::OF_SUBJECT),
    ("intents::OPEN", intents::OPEN),
    ("intents::DUE_SWEEPS", intents::DUE_SWEEPS),
    ("intents::COUNTS", intents::COUNTS),
    ("numbers::ALLOCATE", numbers::ALLOCATE),
    ("numbers::HIGH", numbers::HIGH),
    ("customers::GET", customers::GET),
    ("customers::PUT", customers::PUT),
    ("runs::RECORD", runs::RECORD),
    ("runs::OF_SUBJECT", runs::OF_SUBJECT),
    ("runs::PAGE", runs::PAGE),
    ("runs::GET", runs::GET),
    ("reviews::OPEN", reviews::OPEN),
    ("reviews::CLOSE", reviews::CLOSE),
    ("reviews::CLOSE_ID", reviews::CLOSE_ID),
    ("reviews::CLOSE_AT", reviews::CLOSE_AT),
    ("reviews::OPEN_OF_SOURCE", reviews::OPEN_OF_SOURCE),
    ("reviews::LIST", reviews::LIST),
    ("reviews::OF_SUBJECT", reviews::OF_SUBJECT),
    ("reviews::COUNTS", reviews::COUNTS),
    ("reviews::GET", reviews::GET),
    ("orders::UPSERT", orders::UPSERT),
    ("orders::GET", orders::GET),
    ("orders::PAGE", orders::PAGE),
    ("orders::PAGE_OF_STAGE", orders::PAGE_OF_STAGE),
    ("orders::STAGES", orders::STAGES),
    ("orders::UNPOSTED", orders::UNPOSTED),
    ("orders::OLDEST_UNPOSTED", orders::OLDEST_UNPOSTED),
    ("orders::LATENCIES", orders::LATENCIES),
    ("orders::THROUGHPUT", orders::THROUGHPUT),
    ("orders::TOTAL", orders::TOTAL),
    ("events::APPEND", events::APPEND),
    ("events::AFTER", events::AFTER),
    ("events::LAST", events::LAST),
    ("events::TRIM", events::TRIM),
    ("quotas::TAKE", quotas::TAKE),
    ("quotas::STATE", quotas::STATE),
    ("quotas::LEARN", quotas::LEARN),
    ("quotas::DRAIN", quotas::DRAIN),
    ("audit::HEAD", audit::HEAD),
    ("audit::APPEND", audit::APPEND),
    ("audit::PAGE", audit::PAGE),
    ("audit::ALL", audit::ALL),
    ("users::HAS_OWNER", users::HAS_OWNER),
    ("users::SET_PASSWORD", users::SET_PASSWORD),
    ("users::ACCOUNT", users::ACCOUNT),
    ("users::FAILED", users::FAILED),
    ("users::UNLOCKED", users::UNLOCKED),
    ("users::NEW_LINK", users::NEW_LINK),
    ("users::USE_LINK", users::USE_LINK),
    ("users::NEW_SESSION", users::NEW_SESSION),
    ("users::SESSION", users::SESSION),
    ("users::END_SESSION", users::END_SESSION),
    ("users::END_SESSIONS", users::END_SESSIONS),
    ("users::EXPIRE_SESSIONS", users::EXPIRE_SESSIONS),
];

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
