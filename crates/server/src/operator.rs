//! The person at the shell of this machine: who can read the data folder's key file may do what the owner may.
//!
//! A token is the moment it was made, sealed with that key. It is good for a minute, and only for this.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use store::StoreError;
use store::vault::Vault;

/// The name of the person at the shell in the audit trail.
pub const OPERATOR: &str = "shell";

/// What the token is sealed for.
const PLACE: &str = "operator token";
/// How long a token is good for, and how far two readings of one machine's clock may lie apart.
const LIFE: Duration = Duration::from_secs(60);

/// A token for the `Authorization` header (`Bearer …`), good for a minute.
///
/// # Errors
///
/// [`StoreError::Sealed`] if the system has no random numbers.
pub fn operator_token(vault: &Vault, now: Timestamp) -> Result<String, StoreError> {
    Ok(URL_SAFE_NO_PAD.encode(vault.seal(PLACE, now.as_second().to_string().as_bytes())?))
}

/// Whether `token` was made with the folder's key within the last minute.
pub(crate) fn is_good(vault: &Vault, token: &str, now: Timestamp) -> bool {
    let Ok(sealed) = URL_SAFE_NO_PAD.decode(token) else { return false };
    let Ok(plain) = vault.open_sealed(PLACE, &sealed) else { return false };
    let made = std::str::from_utf8(&plain).ok().and_then(|text| text.parse().ok());
    let made = made.and_then(|second| Timestamp::from_second(second).ok());
    made.is_some_and(|made| now.duration_since(made).unsigned_abs() <= LIFE)
}
