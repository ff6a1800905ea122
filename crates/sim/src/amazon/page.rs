//! Page tokens: opaque, signed, bound to the filters of the first page, valid for a day.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

const SIGNATURE_LENGTH: usize = 12;

/// Where the next page begins, and what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PageToken {
    /// Operation that made it.
    pub(super) of: String,
    /// Parameters of the first page.
    pub(super) filters: Vec<(String, String)>,
    /// Upper bound of the first page: later pages keep it.
    pub(super) before: Timestamp,
    /// Moment by which the last item shown is listed.
    pub(super) at: Timestamp,
    /// Number of the last item shown: tells apart those listed by the same moment.
    pub(super) number: u32,
    /// When it dies.
    pub(super) expires_at: Timestamp,
}

impl PageToken {
    /// A day from `now`.
    pub(super) fn day_after(now: Timestamp) -> Timestamp {
        now.checked_add(24.hours()).unwrap_or(Timestamp::MAX)
    }

    /// As text with `+`, `/` and `=` in it: clients must percent-encode it, once.
    pub(super) fn seal(&self, seed: u64) -> String {
        let mut bytes = serde_json::to_vec(self).unwrap_or_default();
        let signature = signature(seed, &bytes);
        bytes.extend_from_slice(&signature);
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte ^= 0xA5 ^ u8::try_from(index % 251).unwrap_or(0); // opaque to the eye; the signature is what protects it
        }
        STANDARD.encode(bytes)
    }

    /// Reads a token of ours that still lives.
    pub(super) fn open(text: &str, seed: u64, now: Timestamp) -> Option<PageToken> {
        let mut bytes = STANDARD.decode(text).ok()?;
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte ^= 0xA5 ^ u8::try_from(index % 251).unwrap_or(0);
        }
        let (payload, signed) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE_LENGTH)?)?;
        if signed != signature(seed, payload) {
            return None;
        }
        serde_json::from_slice::<PageToken>(payload).ok().filter(|token| now < token.expires_at)
    }
}

fn signature(seed: u64, payload: &[u8]) -> [u8; SIGNATURE_LENGTH] {
    let mut signed = [0; SIGNATURE_LENGTH];
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&seed.to_be_bytes()) {
        mac.update(payload);
        signed.copy_from_slice(&mac.finalize().into_bytes()[..SIGNATURE_LENGTH]);
    }
    signed
}
