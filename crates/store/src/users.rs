//! The owner: password, one-time links, sessions.
//!
//! Tokens are 256 random bits and stored only as hashes; passwords as Argon2id (19 MiB, two passes). Ten wrong passwords lock
//! the account for fifteen minutes.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use sqlx::Row;

use crate::columns::{Columns, us};
use crate::sql::hex;
use crate::{Store, StoreError};

pub(crate) const HAS_OWNER: &str = "SELECT COUNT(*) FROM account WHERE name = 'owner'";
pub(crate) const SET_PASSWORD: &str = "INSERT INTO account (name, password, failures, locked_until, created_at) VALUES ('owner', $1, 0, 0, $2) \
     ON CONFLICT (name) DO UPDATE SET password = excluded.password, failures = 0, locked_until = 0";
pub(crate) const ACCOUNT: &str = "SELECT * FROM account WHERE name = 'owner'";
pub(crate) const FAILED: &str = "UPDATE account SET failures = failures + 1, \
     locked_until = (CASE WHEN failures + 1 >= $1 THEN $2 ELSE locked_until END) WHERE name = 'owner'";
pub(crate) const UNLOCKED: &str = "UPDATE account SET failures = 0, locked_until = 0 WHERE name = 'owner'";
pub(crate) const NEW_LINK: &str = "INSERT INTO owner_link (hash, expires_at, used_at) VALUES ($1, $2, NULL)";
pub(crate) const USE_LINK: &str =
    "UPDATE owner_link SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2";
pub(crate) const NEW_SESSION: &str =
    "INSERT INTO session (hash, account, created_at, seen_at) VALUES ($1, 'owner', $2, $2)";
pub(crate) const SESSION: &str =
    "UPDATE session SET seen_at = $2 WHERE hash = $1 AND created_at > $3 AND seen_at > $4 RETURNING account";
pub(crate) const END_SESSION: &str = "DELETE FROM session WHERE hash = $1";
pub(crate) const END_SESSIONS: &str = "DELETE FROM session";
pub(crate) const EXPIRE_SESSIONS: &str = "DELETE FROM session WHERE created_at <= $1 OR seen_at <= $2";

/// Wrong passwords in a row that lock the account.
const FAILURES_MAX: i64 = 10;
/// How long it is locked.
const LOCKED_FOR: Duration = Duration::from_secs(15 * 60);
/// Life of a one-time link.
const LINK_LIFE: Duration = Duration::from_secs(24 * 3_600);
/// A session that is not used ends.
pub const SESSION_IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends, used or not.
pub const SESSION_LIFE: Duration = Duration::from_secs(12 * 3_600);
/// Shortest password.
pub const PASSWORD_MIN: usize = 12;

/// How a log-in ended.
#[derive(Debug)]
pub enum LogIn {
    /// The token of the new session, to be handed out once.
    Welcome(SecretString),
    /// Wrong password, or no owner yet: the caller must not tell which.
    Refused,
    /// Too many wrong passwords.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

/// Whether an owner has set a password.
///
/// # Errors
///
/// [`StoreError`].
pub async fn has_owner(store: &Store) -> Result<bool, StoreError> {
    let count: i64 = sqlx::query(HAS_OWNER).fetch_one(store.readers()).await?.try_get(0)?;
    Ok(count > 0)
}

/// Makes a one-time link's token. It works once, for 24 hours.
///
/// # Errors
///
/// [`StoreError`].
pub async fn new_owner_link(store: &Store) -> Result<String, StoreError> {
    let token = token()?;
    let (hash, until) = (hashed(&token), us(clock::later(store.clock().now(), LINK_LIFE)));
    store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query(NEW_LINK).bind(hash).bind(until).execute(tx).await?;
                Ok(())
            })
        })
        .await?;
    Ok(token)
}

/// Uses a one-time link to set the owner's password, and ends every session. `false` if the link is wrong, used or expired.
///
/// # Errors
///
/// [`StoreError::Bad`] with what to do if the password is too weak.
pub async fn set_password(store: &Store, link: &str, password: SecretString) -> Result<bool, StoreError> {
    check_password(password.expose_secret())?;
    let hash = hash_password(password).await?;
    let (link, now) = (hashed(link), us(store.clock().now()));
    store
        .write(move |tx| {
            Box::pin(async move {
                if sqlx::query(USE_LINK).bind(link).bind(now).execute(&mut *tx).await?.rows_affected() == 0 {
                    return Ok(false);
                }
                sqlx::query(SET_PASSWORD).bind(hash).bind(now).execute(&mut *tx).await?;
                sqlx::query(END_SESSIONS).execute(tx).await?;
                Ok(true)
            })
        })
        .await
}

/// Checks the password and begins a session.
///
/// # Errors
///
/// [`StoreError`].
pub async fn log_in(store: &Store, password: SecretString) -> Result<LogIn, StoreError> {
    let now = store.clock().now();
    let Some(row) = sqlx::query(ACCOUNT).fetch_optional(store.readers()).await? else { return Ok(LogIn::Refused) };
    let (stored, locked_until) = (Columns(&row).text("password")?, Columns(&row).time("locked_until")?);
    if locked_until > now {
        return Ok(LogIn::Locked { until: locked_until });
    }
    let right = verify_password(stored, password).await?;
    let token = token()?;
    let (hash, at, until) = (hashed(&token), us(now), us(clock::later(now, LOCKED_FOR)));
    store
        .write(move |tx| {
            Box::pin(async move {
                if right {
                    sqlx::query(UNLOCKED).execute(&mut *tx).await?;
                    sqlx::query(NEW_SESSION).bind(hash).bind(at).execute(tx).await?;
                } else {
                    sqlx::query(FAILED).bind(FAILURES_MAX).bind(until).execute(tx).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(if right { LogIn::Welcome(SecretString::from(token)) } else { LogIn::Refused })
}

/// The account of a session that is alive, and keeps it alive.
///
/// # Errors
///
/// [`StoreError`].
pub async fn session(store: &Store, token: &str) -> Result<Option<String>, StoreError> {
    let now = store.clock().now();
    let (hash, oldest, idle) = (hashed(token), earlier(now, SESSION_LIFE), earlier(now, SESSION_IDLE));
    store
        .write(move |tx| {
            Box::pin(async move {
                let query = sqlx::query(SESSION).bind(hash).bind(us(now)).bind(oldest).bind(idle);
                Ok(query.fetch_optional(tx).await?.map(|row| row.try_get(0)).transpose()?)
            })
        })
        .await
}

/// Ends a session.
///
/// # Errors
///
/// [`StoreError`].
pub async fn log_out(store: &Store, token: &str) -> Result<(), StoreError> {
    let hash = hashed(token);
    store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query(END_SESSION).bind(hash).execute(tx).await?;
                Ok(())
            })
        })
        .await
}

/// Removes sessions that have ended.
///
/// # Errors
///
/// [`StoreError`].
pub async fn expire_sessions(store: &Store) -> Result<(), StoreError> {
    let now = store.clock().now();
    let (oldest, idle) = (earlier(now, SESSION_LIFE), earlier(now, SESSION_IDLE));
    store
        .write(move |tx| {
            Box::pin(async move {
                sqlx::query(EXPIRE_SESSIONS).bind(oldest).bind(idle).execute(tx).await?;
                Ok(())
            })
        })
        .await
}

fn earlier(at: Timestamp, by: Duration) -> i64 {
    us(at.checked_sub(by).unwrap_or(Timestamp::MIN))
}

fn check_password(password: &str) -> Result<(), StoreError> {
    if password.chars().count() < PASSWORD_MIN {
        return Err(StoreError::Bad(format!(
            "The password is too short: use at least {PASSWORD_MIN} characters, for example four words."
        )));
    }
    let first = password.chars().next();
    if password.chars().all(|character| Some(character) == first)
        || password.to_ascii_lowercase().contains("tillbridge")
    {
        return Err(StoreError::Bad(
            "The password is too easy to guess: use, for example, four unrelated words.".to_owned(),
        ));
    }
    Ok(())
}

fn argon() -> Result<Argon2<'static>, StoreError> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| StoreError::Bad(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn hash_password(password: SecretString) -> Result<String, StoreError> {
    blocking(move || {
        let hash = argon()?.hash_password(password.expose_secret().as_bytes());
        hash.map(|hash| hash.to_string()).map_err(|error| StoreError::Bad(error.to_string()))
    })
    .await
}

async fn verify_password(stored: String, password: SecretString) -> Result<bool, StoreError> {
    blocking(move || {
        let hash = PasswordHash::new(&stored).map_err(|_| StoreError::Damaged("the owner's password".to_owned()))?;
        Ok(argon()?.verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
    })
    .await
}

/// Hashing takes tens of milliseconds: it must not hold up the runtime.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StoreError::Bad(error.to_string()))?
}

fn token() -> Result<String, StoreError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Bad(format!("no random numbers: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn hashed(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}
