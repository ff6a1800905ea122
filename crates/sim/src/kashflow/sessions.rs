//! Who is logged in: temporary tokens, session tokens, failed attempts.
//!
//! Times are the sandbox's clock. The vendor says that repeated failures lock the account but neither how many nor for how long:
//! five and thirty minutes are assumed.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::error::ApiError;
use crate::faults::Dice;

const TEMPORARY_LIFE: SignedDuration = SignedDuration::from_mins(5);
const FAILURES_MAX: u32 = 5;
const LOCK_OUT: SignedDuration = SignedDuration::from_mins(30);

/// What a log-in must present.
#[derive(Clone)]
pub(super) struct Secrets {
    pub username: String,
    pub password: String,
    pub memorable_word: String,
    pub external_token: String,
    pub user_id: i64,
}

pub(super) struct Sessions {
    dice: Dice,
    idle_max: SignedDuration,
    secrets: Secrets,
    password_expired: bool,
    issued: u64,
    temporary: HashMap<String, Temporary>,
    last_used: HashMap<String, Timestamp>,
    failures: u32,
    locked_until: Option<Timestamp>,
    log_ins: u64,
}

struct Temporary {
    positions: [usize; 3],
    expires_at: Timestamp,
}

/// Step 1 is done: a token and the three positions asked for, counted from 1.
pub(super) struct Challenge {
    pub token: String,
    pub positions: [usize; 3],
}

impl Sessions {
    pub fn new(seed: u64, secrets: Secrets, idle_min: u32) -> Sessions {
        Sessions {
            dice: Dice::new(seed),
            idle_max: SignedDuration::from_mins(i64::from(idle_min)),
            secrets,
            password_expired: false,
            issued: 0,
            temporary: HashMap::new(),
            last_used: HashMap::new(),
            failures: 0,
            locked_until: None,
            log_ins: 0,
        }
    }

    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Completed log-ins so far.
    pub fn log_ins(&self) -> u64 {
        self.log_ins
    }

    pub fn expire_password(&mut self, expired: bool) {
        self.password_expired = expired;
    }

    pub fn change_password(&mut self, password: &str) {
        password.clone_into(&mut self.secrets.password);
    }

    /// Whether these are the account's user name, compared without case, and password, with it: all that SOAP asks for.
    pub fn knows(&self, username: &str, password: &str) -> bool {
        username.eq_ignore_ascii_case(&self.secrets.username) && password == self.secrets.password
    }

    /// Step 1. User names are compared without case, passwords with it.
    pub fn challenge(&mut self, username: &str, password: &str, now: Timestamp) -> Result<Challenge, ApiError> {
        self.refuse_while_locked(now)?;
        if !self.knows(username, password) {
            return Err(self.failed(now, "Incorrect username or password."));
        }
        if self.password_expired {
            return Err(ApiError::refused("PasswordExpired", "Your password has expired and must be changed."));
        }
        let positions = self.three_positions();
        let token = self.guid("temporary");
        self.temporary.retain(|_, temporary| temporary.expires_at > now);
        self.temporary.insert(
            token.clone(),
            Temporary { positions, expires_at: now.saturating_add(TEMPORARY_LIFE).unwrap_or(now) },
        );
        Ok(Challenge { token, positions })
    }

    /// Step 2. A temporary token is good for one try.
    pub fn answer(&mut self, token: &str, characters: &[(usize, String)], now: Timestamp) -> Result<String, ApiError> {
        self.refuse_while_locked(now)?;
        let known = self.temporary.remove(&token.to_ascii_lowercase()).filter(|temporary| temporary.expires_at > now);
        let Some(temporary) = known else {
            return Err(ApiError::refused(
                "InvalidTemporaryToken",
                "Temporary token provided is invalid or has expired.",
            ));
        };
        let right =
            characters.len() == 3 && temporary.positions.iter().all(|position| self.is_right(*position, characters));
        if !right {
            return Err(self.failed(now, "Incorrect memorable word characters."));
        }
        self.failures = 0;
        Ok(self.open(now))
    }

    /// A session for an external token.
    pub fn external(&mut self, token: &str, user_id: i64, now: Timestamp) -> Result<String, ApiError> {
        self.refuse_while_locked(now)?;
        if !token.eq_ignore_ascii_case(&self.secrets.external_token) || user_id != self.secrets.user_id {
            return Err(self.failed(now, "External token provided is invalid."));
        }
        Ok(self.open(now))
    }

    /// Checks a session token and counts this as its use.
    pub fn touch(&mut self, token: &str, now: Timestamp) -> Result<(), ApiError> {
        let token = token.to_ascii_lowercase();
        let Some(last_used) = self.last_used.get_mut(&token) else { return Err(ApiError::no_session()) };
        if now.duration_since(*last_used) >= self.idle_max {
            self.last_used.remove(&token);
            return Err(ApiError::no_session());
        }
        *last_used = now;
        Ok(())
    }

    /// Ends a session. Says whether there was one.
    pub fn close(&mut self, token: &str) -> bool {
        self.last_used.remove(&token.to_ascii_lowercase()).is_some()
    }

    /// Forgets every session, as a restart of the remote would.
    pub fn close_all(&mut self) {
        self.last_used.clear();
    }

    fn open(&mut self, now: Timestamp) -> String {
        let token = self.guid("session");
        let idle_max = self.idle_max;
        self.last_used.retain(|_, last_used| now.duration_since(*last_used) < idle_max);
        self.last_used.insert(token.clone(), now);
        self.log_ins += 1;
        token
    }

    fn is_right(&self, position: usize, characters: &[(usize, String)]) -> bool {
        let wanted = self.secrets.memorable_word.chars().nth(position - 1);
        let given = characters.iter().find(|(own, _)| *own == position).map(|(_, value)| value.trim());
        match (wanted, given) {
            (Some(wanted), Some(given)) => given.to_lowercase() == wanted.to_lowercase().to_string(),
            _ => false,
        }
    }

    fn refuse_while_locked(&mut self, now: Timestamp) -> Result<(), ApiError> {
        match self.locked_until {
            Some(until) if now < until => Err(ApiError::locked_out()),
            Some(_) => {
                self.locked_until = None;
                self.failures = 0;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn failed(&mut self, now: Timestamp, message: &'static str) -> ApiError {
        self.failures += 1;
        if self.failures < FAILURES_MAX {
            return ApiError::refused("InvalidCredentials", message);
        }
        self.locked_until = now.checked_add(LOCK_OUT).ok();
        ApiError::locked_out()
    }

    fn three_positions(&mut self) -> [usize; 3] {
        let length = self.secrets.memorable_word.chars().count();
        let mut left: Vec<usize> = (1..=length).collect();
        let mut picked = [1, 2, 3];
        for (turn, slot) in picked.iter_mut().enumerate() {
            let counter = self.issued * 3 + turn as u64;
            let index = usize::try_from(self.dice.below(&["memorable"], counter, left.len() as u64)).unwrap_or(0);
            if index < left.len() {
                *slot = left.remove(index);
            }
        }
        picked.sort_unstable();
        picked
    }

    fn guid(&mut self, kind: &str) -> String {
        self.issued += 1;
        guid(&self.dice, kind, self.issued)
    }
}

/// A GUID that is the same for the same seed.
pub(super) fn guid(dice: &Dice, kind: &str, counter: u64) -> String {
    let (high, low) = (dice.roll(&["guid", kind, "high"], counter), dice.roll(&["guid", kind, "low"], counter));
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&high.to_be_bytes());
    bytes[8..].copy_from_slice(&low.to_be_bytes());
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sessions() -> Sessions {
        let secrets = Secrets {
            username: "demo.trader".into(),
            password: "Kettle-1".into(),
            memorable_word: "saucepan".into(),
            external_token: "0f8fad5b-d9cb-469f-a165-70867728950e".into(),
            user_id: 4711,
        };
        Sessions::new(7, secrets, 60)
    }

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_793_577_600 + 60 * minute).unwrap()
    }

    fn right(challenge: &Challenge) -> Vec<(usize, String)> {
        let word: Vec<char> = "SaucePan".chars().collect();
        challenge.positions.iter().map(|position| (*position, word[position - 1].to_string())).collect()
    }

    fn log_in(sessions: &mut Sessions, minute: i64) -> String {
        let challenge = sessions.challenge("Demo.Trader", "Kettle-1", at(minute)).unwrap();
        let answer = right(&challenge);
        sessions.answer(&challenge.token, &answer, at(minute)).unwrap()
    }

    #[test]
    fn two_steps_open_a_session_that_dies_after_sixty_idle_minutes() {
        let mut sessions = sessions();
        let token = log_in(&mut sessions, 0);
        assert!(sessions.touch(&token.to_uppercase(), at(59)).is_ok());
        assert!(sessions.touch(&token, at(118)).is_ok());
        assert_eq!(sessions.touch(&token, at(178)), Err(ApiError::no_session()));
    }

    #[test]
    fn positions_vary_and_are_three_different_ones() {
        let mut sessions = sessions();
        let asked: std::collections::BTreeSet<[usize; 3]> =
            (0..20).map(|_| sessions.challenge("demo.trader", "Kettle-1", at(0)).unwrap().positions).collect();
        assert!(asked.len() > 5);
        assert!(asked.iter().all(|[a, b, c]| 1 <= *a && a < b && b < c && *c <= 8));
    }

    #[test]
    fn a_temporary_token_lives_five_minutes_and_is_good_for_one_try() {
        let mut sessions = sessions();
        let challenge = sessions.challenge("demo.trader", "Kettle-1", at(0)).unwrap();
        assert!(sessions.answer(&challenge.token, &right(&challenge), at(5)).is_err());
        let challenge = sessions.challenge("demo.trader", "Kettle-1", at(0)).unwrap();
        assert_eq!(sessions.answer(&challenge.token, &[], at(1)).unwrap_err().code, "InvalidCredentials");
        assert_eq!(
            sessions.answer(&challenge.token, &right(&challenge), at(1)).unwrap_err().code,
            "InvalidTemporaryToken"
        );
    }

    #[test]
    fn the_fifth_failure_locks_the_account_for_half_an_hour_even_for_the_right_password() {
        let mut sessions = sessions();
        for _ in 0..4 {
            assert_eq!(sessions.challenge("demo.trader", "wrong", at(0)).err().unwrap().code, "InvalidCredentials");
        }
        assert_eq!(sessions.challenge("demo.trader", "wrong", at(0)).err().unwrap().code, "AccountLocked");
        assert_eq!(sessions.challenge("demo.trader", "Kettle-1", at(29)).err().unwrap().status, 401);
        log_in(&mut sessions, 30);
    }

    #[test]
    fn an_external_token_opens_a_session_only_with_its_user() {
        let mut sessions = sessions();
        assert!(sessions.external("0F8FAD5B-D9CB-469F-A165-70867728950E", 4711, at(0)).is_ok());
        assert!(sessions.external("0f8fad5b-d9cb-469f-a165-70867728950e", 1, at(0)).is_err());
    }
}
