//! Connections: how to reach a remote, with sealed secrets, and whether a person must act.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::PairId;
use ports::System;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::columns::{Columns, damaged, us};
use crate::{Store, StoreError, Tx};

pub(crate) const SAVE: &str = "INSERT INTO connection (pair, system, config, sealed, state, changed_at) VALUES ($1, $2, $3, $4, 'ready', $5) \
     ON CONFLICT (pair, system) DO UPDATE SET config = excluded.config, sealed = excluded.sealed, state = 'ready', \
     code = NULL, reason = NULL, fix = NULL, changed_at = excluded.changed_at";
pub(crate) const LOAD: &str = "SELECT * FROM connection WHERE pair = $1 AND system = $2";
pub(crate) const LIST: &str = "SELECT * FROM connection ORDER BY pair, system";
pub(crate) const PAUSE: &str = "UPDATE connection SET state = 'paused', code = $3, reason = $4, fix = $5, changed_at = $6 \
     WHERE pair = $1 AND system = $2 AND state = 'ready'";
pub(crate) const RESUME: &str = "UPDATE connection SET state = 'ready', code = NULL, reason = NULL, fix = NULL, changed_at = $3 \
     WHERE pair = $1 AND system = $2";

/// One account at one remote. `Debug` shows no secret: `SecretString` redacts itself.
#[derive(Clone, Debug)]
pub struct Connection {
    /// The pair it belongs to.
    pub pair: PairId,
    /// Which remote.
    pub system: System,
    /// The connector's own configuration, without secrets.
    pub config: serde_json::Value,
    /// Secrets by name.
    pub secrets: BTreeMap<String, SecretString>,
    /// Whether it works.
    pub state: ConnectionState,
    /// When that last changed.
    pub changed_at: Timestamp,
}

/// Whether a connection works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// It works as far as we know.
    Ready,
    /// A person must act; nothing is called until then.
    Paused {
        /// Stable code, `CON-004`.
        code: String,
        /// What the remote said.
        reason: String,
        /// What to do.
        fix: String,
        /// Since when.
        since: Timestamp,
    },
}

/// Stores a connection, ready, with its secrets sealed.
///
/// # Errors
///
/// [`StoreError`].
pub async fn save(store: &Store, connection: &Connection) -> Result<(), StoreError> {
    let plain: BTreeMap<&str, &str> =
        connection.secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose_secret())).collect();
    let plain = Zeroizing::new(serde_json::to_vec(&plain).map_err(|error| StoreError::Bad(error.to_string()))?);
    let sealed = store.vault().seal(&place(&connection.pair, connection.system), &plain)?;
    let (pair, system) = (connection.pair.to_string(), word(connection.system));
    let (config, now) = (connection.config.to_string(), us(store.clock().now()));
    store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query(SAVE).bind(pair).bind(system).bind(config).bind(sealed).bind(now).execute(tx).await?;
                Ok(())
            })
        })
        .await
}

/// Replaces one secret, for example a rotated client secret, and makes the connection ready.
///
/// # Errors
///
/// [`StoreError`]; [`StoreError::Bad`] if there is no such connection.
pub async fn replace_secret(
    store: &Store,
    pair: &PairId,
    system: System,
    name: &str,
    secret: SecretString,
) -> Result<(), StoreError> {
    let mut connection = load(store, pair, system)
        .await?
        .ok_or_else(|| StoreError::Bad(format!("{pair} has no connection to {system}")))?;
    connection.secrets.insert(name.to_owned(), secret);
    save(store, &connection).await
}

/// One connection, with its secrets opened.
///
/// # Errors
///
/// [`StoreError`]; [`StoreError::Sealed`] if the key file is not the one of this database.
pub async fn load(store: &Store, pair: &PairId, system: System) -> Result<Option<Connection>, StoreError> {
    let row = sqlx::query(LOAD).bind(pair.as_str()).bind(word(system)).fetch_optional(store.readers()).await?;
    row.map(|row| read(store, &Columns(&row))).transpose()
}

/// All connections, with their secrets opened.
///
/// # Errors
///
/// As [`load`].
pub async fn list(store: &Store) -> Result<Vec<Connection>, StoreError> {
    let rows = sqlx::query(LIST).fetch_all(store.readers()).await?;
    rows.iter().map(|row| read(store, &Columns(row))).collect()
}

/// Marks a connection: a person must act. A connection that waits already keeps its first reason.
///
/// # Errors
///
/// [`StoreError`].
pub async fn pause(
    tx: &mut Tx,
    pair: &PairId,
    system: System,
    code: &str,
    reason: &str,
    fix: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = sqlx::query(PAUSE).bind(pair.as_str()).bind(word(system)).bind(code).bind(reason).bind(fix);
    query.bind(us(now)).execute(tx).await?;
    Ok(())
}

/// Makes a connection ready again.
///
/// # Errors
///
/// [`StoreError`].
pub async fn resume(tx: &mut Tx, pair: &PairId, system: System, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(RESUME).bind(pair.as_str()).bind(word(system)).bind(us(now)).execute(tx).await?;
    Ok(())
}

fn read(store: &Store, row: &Columns<'_>) -> Result<Connection, StoreError> {
    let pair = row.parsed("pair", PairId::parse)?;
    let system = match row.text("system")?.as_str() {
        "amazon" => System::Amazon,
        "kashflow" => System::KashFlow,
        _ => return Err(damaged("system")),
    };
    let plain = store.vault().open_sealed(&place(&pair, system), &row.bytes("sealed")?)?;
    let secrets: BTreeMap<String, SecretString> = serde_json::from_slice(&plain).map_err(|_| damaged("sealed"))?;
    let changed_at = row.time("changed_at")?;
    let state = match row.text("state")?.as_str() {
        "ready" => ConnectionState::Ready,
        "paused" => ConnectionState::Paused {
            code: row.opt_text("code")?.unwrap_or_default(),
            reason: row.opt_text("reason")?.unwrap_or_default(),
            fix: row.opt_text("fix")?.unwrap_or_default(),
            since: changed_at,
        },
        _ => return Err(damaged("state")),
    };
    let config = serde_json::from_str(&row.text("config")?).map_err(|_| damaged("config"))?;
    Ok(Connection { pair, system, config, secrets, state, changed_at })
}

/// The word for a remote in rows and URLs.
pub fn word(system: System) -> &'static str {
    match system {
        System::Amazon => "amazon",
        System::KashFlow => "kashflow",
    }
}

fn place(pair: &PairId, system: System) -> String {
    format!("connection|{pair}|{}", word(system))
}
