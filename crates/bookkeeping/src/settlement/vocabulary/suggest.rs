//! What an unknown row may be: known ones with a similar name and a fitting sign. A suggestion is shown, never applied.

use crate::Role;

use super::meaning::{Category, Source};
use super::table::{Entry, entries};

/// A known row that an unknown one resembles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The known row: kind, class and name.
    pub like: [String; 3],
    /// Where that one is posted.
    pub role: Role,
    /// Why it is suggested.
    pub reason: String,
}

/// At most this many for one row.
const MOST: usize = 3;
/// Shortest common beginning, in letters, that says anything.
const COMMON_MIN: usize = 6;

/// Known rows that resemble the triple, the closest first. `sum` is the sum of the unknown rows: a charge is not suggested for income.
pub(crate) fn suggestions(source: Source, kind: &str, class: &str, name: &str, sum: i128) -> Vec<Suggestion> {
    let texts = [name, class].map(letters);
    let mut found: Vec<(usize, &'static Entry)> = entries()
        .iter()
        .filter(|entry| entry.source == source && fits_sign(entry.meaning.category, sum))
        .filter_map(|entry| {
            let known = &entry.letters;
            let closest = texts.iter().flat_map(|text| known.iter().map(move |word| common(text, word))).max()?;
            let same_kind = usize::from(entry.kind.eq_ignore_ascii_case(kind.trim()));
            (closest >= COMMON_MIN).then_some((2 * closest + same_kind, entry))
        })
        .collect();
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let mut suggested: Vec<Suggestion> = Vec::new();
    for (_, entry) in found {
        let Some(role) = entry.meaning.place.role() else { continue };
        if suggested.iter().any(|earlier| earlier.role == role) {
            continue;
        }
        let like = [&entry.kind, &entry.class, &entry.name].map(|word| word.trim_end_matches('*').to_owned());
        let reason = format!("its name begins like `{}`, and its sign fits", entry.name.trim_end_matches('*'));
        suggested.push(Suggestion { like, role, reason });
        if suggested.len() == MOST {
            break;
        }
    }
    suggested
}

pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn common(left: &str, right: &str) -> usize {
    left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count()
}

fn fits_sign(category: Category, sum: i128) -> bool {
    match category {
        Category::Reimbursement | Category::Safet | Category::OtherIncome | Category::AtozRecovery => sum >= 0,
        Category::SellingFee | Category::FbaFee | Category::StorageFee | Category::Subscription => sum <= 0,
        _ => true,
    }
}
