//! Who may call: the application's credentials, refresh tokens, authorisation codes and access tokens with their lives.
//!
//! Lives are counted on the sandbox's clock. Nothing here is a real credential: all of it is made from the seed.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{Timestamp, ToSpan};

use crate::world::mix;

/// Seconds an access token or restricted data token lives.
pub(super) const ACCESS_TOKEN_S: i64 = 3600;
/// Seconds an authorisation code lives.
const CODE_S: i64 = 300;

/// The application as it is registered.
#[derive(Clone, Debug)]
pub(super) struct Application {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

/// What an access token allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// Calls for the seller.
    Seller,
    /// Grantless calls of this scope.
    Grantless(&'static str),
    /// Exactly these resources, with buyer data.
    Restricted(Vec<Resource>),
}

/// A path that a restricted data token opens. `path` may have `{...}` segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Resource {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) elements: Vec<String>,
}

/// Why a token was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    Expired,
    Unknown,
}

/// All tokens that live.
pub(super) struct Tokens {
    seed: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    issued: u64,
    refresh: HashSet<String>,
    access: HashMap<String, (Grant, Timestamp)>,
    codes: HashMap<String, Code>,
}

struct Code {
    expires_at: Timestamp,
    redirect_uri: String,
}

impl Application {
    pub(super) fn of(seed: u64) -> Application {
        Application {
            id: format!("amzn1.sp.solution.{}", uuid(seed ^ 0xA991)),
            client_id: format!("amzn1.application-oa2-client.{}", hex(seed ^ 0xC11E, 32)),
            client_secret: format!("amzn1.oa2-cs.v1.{}", hex(seed ^ 0x5EC3, 64)),
        }
    }
}

impl Tokens {
    /// No tokens but the refresh token that the seller made for its own use.
    pub(super) fn of(seed: u64) -> Tokens {
        let tokens = Tokens { seed, state: Mutex::default() };
        tokens.lock().refresh.insert(own_refresh_token(seed));
        tokens
    }

    pub(super) fn is_refresh_token(&self, token: &str) -> bool {
        self.lock().refresh.contains(token)
    }

    /// A further refresh token: what an authorisation gives.
    pub(super) fn new_refresh_token(&self) -> String {
        let token = format!("Atzr|IwEBI{}", self.next(320));
        self.lock().refresh.insert(token.clone());
        token
    }

    /// Forgets every refresh token, as when the seller withdraws the authorisation. Access tokens live on until they expire.
    pub(super) fn revoke_all(&self) {
        self.lock().refresh.clear();
    }

    /// Accepts the seller's own refresh token again.
    pub(super) fn restore_own(&self) {
        let own = own_refresh_token(self.seed);
        self.lock().refresh.insert(own);
    }

    pub(super) fn new_access_token(&self, grant: Grant, now: Timestamp) -> String {
        let prefix = if matches!(grant, Grant::Restricted(_)) { "Atz.sprdt|IwEBI" } else { "Atza|IwEBI" };
        let token = format!("{prefix}{}", self.next(300));
        let mut state = self.lock();
        if state.access.len() > 10_000 {
            state.access.retain(|_, (_, expires_at)| *expires_at > now);
        }
        state.access.insert(token.clone(), (grant, after(now, ACCESS_TOKEN_S)));
        token
    }

    /// What `token` allows now.
    pub(super) fn grant(&self, token: &str, now: Timestamp) -> Result<Grant, Refused> {
        match self.lock().access.get(token) {
            Some((grant, expires_at)) if now < *expires_at => Ok(grant.clone()),
            Some(_) => Err(Refused::Expired),
            None => Err(Refused::Unknown),
        }
    }

    /// Lets an access token expire at once.
    pub(super) fn expire(&self, token: &str) {
        if let Some((_, expires_at)) = self.lock().access.get_mut(token) {
            *expires_at = Timestamp::MIN;
        }
    }

    /// A code for the authorisation that ends at `redirect_uri`.
    pub(super) fn new_code(&self, redirect_uri: &str, now: Timestamp) -> String {
        let code = self.next(20);
        let entry = Code { expires_at: after(now, CODE_S), redirect_uri: redirect_uri.to_owned() };
        self.lock().codes.insert(code.clone(), entry);
        code
    }

    /// Uses a code up. `false` if it is unknown, used, expired or was made for another redirect URI.
    pub(super) fn use_code(&self, code: &str, redirect_uri: Option<&str>, now: Timestamp) -> bool {
        let used = self.lock().codes.remove(code);
        used.is_some_and(|code| now < code.expires_at && redirect_uri.is_none_or(|given| given == code.redirect_uri))
    }

    /// The next opaque text of this length.
    fn next(&self, length: usize) -> String {
        let mut state = self.lock();
        state.issued += 1;
        alphanumeric(self.seed ^ (state.issued << 32) ^ 0x70CE, length)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The refresh token that the seller made for its own use.
pub(super) fn own_refresh_token(seed: u64) -> String {
    format!("Atzr|IwEBI{}", alphanumeric(seed ^ 0x4EF4, 320))
}

/// A UUID that depends only on `seed`.
pub(super) fn uuid(seed: u64) -> String {
    let (high, low) = (mix(seed), mix(mix(seed)));
    uuid::Builder::from_random_bytes(((u128::from(high) << 64) | u128::from(low)).to_be_bytes()).into_uuid().to_string()
}

/// Hexadecimal digits that depend only on `seed`.
pub(super) fn hex(seed: u64, length: usize) -> String {
    let mut state = seed;
    let mut digits = String::with_capacity(length + 16);
    while digits.len() < length {
        state = mix(state);
        digits.push_str(&format!("{state:016x}"));
    }
    digits.truncate(length);
    digits
}

fn alphanumeric(seed: u64, length: usize) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut state = seed;
    let mut text = String::with_capacity(length + 10);
    while text.len() < length {
        state = mix(state);
        text.extend((0..10).map(|sextet| char::from(ALPHABET[(state >> (6 * sextet)) as usize & 63])));
    }
    text.truncate(length);
    text
}

fn after(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(seconds.seconds()).unwrap_or(Timestamp::MAX)
}
