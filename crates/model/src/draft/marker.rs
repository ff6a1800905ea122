//! The marker at the end of a comment: how an entry without a number of ours is found again.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::DocumentKey;

/// `AMZB:` or `AMZP:` and twelve hex digits made of a natural key. It stands at the end of the comment of a bank transaction, a
/// transfer, a bulk payment or a journal (`AMZB`), or of the note of a payment line (`AMZP`).
///
/// Made of the key alone: a second installation that decides the same finds what the first one wrote.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marker(String);

/// Bytes of the hash that are kept. With account, day and amount beside them a mix-up is out of the question.
const BYTES: usize = 6;

const PREFIXES: [&str; 2] = ["AMZB:", "AMZP:"];

impl Marker {
    /// The marker of an entry of its own.
    pub fn of_entry(key: &DocumentKey) -> Marker {
        Marker::new(PREFIXES[0], key)
    }

    /// The marker of a payment line.
    pub fn of_payment_line(key: &DocumentKey) -> Marker {
        Marker::new(PREFIXES[1], key)
    }

    fn new(prefix: &str, key: &DocumentKey) -> Marker {
        let digest = Sha256::digest(key.to_string());
        let hex: String = digest.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect();
        Marker(format!("{prefix}{hex}"))
    }

    /// The marker at the end of a comment, whoever's entry it is.
    pub fn find(comment: &str) -> Option<Marker> {
        let last = comment.split_whitespace().next_back()?;
        let digits = PREFIXES.iter().find_map(|prefix| last.strip_prefix(prefix))?;
        let hex = digits.len() == 2 * BYTES && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| Marker(last.to_owned()))
    }

    /// `text` with the marker at its end, at most `chars_max` characters: the text is cut, the marker never.
    pub fn sign(&self, text: &str, chars_max: usize) -> String {
        let room = chars_max.saturating_sub(self.0.len() + 1);
        let plain = text.replace(|character: char| character.is_control(), " ");
        let cut: String = plain.trim().chars().take(room).collect();
        let cut = cut.trim_end();
        if cut.is_empty() { self.0.clone() } else { format!("{cut} {}", self.0) }
    }

    /// The marker as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use money::Currency;
    use proptest::prelude::*;

    use super::*;
    use crate::{DocumentKind, Subject};

    fn key(part: &str, ordinal: u32) -> DocumentKey {
        let subject = Subject::Settlement { id: "42".to_owned(), currency: Currency::GBP };
        DocumentKey { subject, kind: DocumentKind::Transfer, part: part.to_owned(), ordinal }
    }

    #[test]
    fn a_marker_is_made_of_the_key_alone() {
        let marker = Marker::of_entry(&key("reserve", 1));
        assert_eq!(marker, Marker::of_entry(&key("reserve", 1)));
        assert_ne!(marker, Marker::of_entry(&key("reserve", 2)));
        assert_ne!(marker, Marker::of_payment_line(&key("reserve", 1)));
    }

    #[test]
    fn only_a_whole_marker_at_the_end_counts() {
        for comment in
            ["", "AMZB:", "AMZB:0a1b2c3d4e5f moved", "AMZB:0a1b2c3d4e5", "AMZB:0a1b2c3d4e5g", "xAMZB:0a1b2c3d4e5f"]
        {
            assert_eq!(Marker::find(comment), None, "{comment}");
        }
        assert!(Marker::find("Payout AMZB:0a1b2c3d4e5f ").is_some());
    }

    proptest! {
        #[test]
        fn a_signed_comment_fits_and_gives_its_marker_back(text in ".{0,300}", part in "[a-z]{0,8}", max in 20_usize..200) {
            let marker = Marker::of_entry(&key(&part, 1));
            let signed = marker.sign(&text, max);
            prop_assert!(signed.chars().count() <= max, "{signed}");
            prop_assert_eq!(Marker::find(&signed), Some(marker));
        }
    }
}
