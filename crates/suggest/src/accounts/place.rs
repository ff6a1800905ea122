//! Stage two: where a category stands in this chart.

use super::SECOND_BEST;
use super::chart::{Chart, Placed};
use super::hub::Category;
use crate::text::{contains, contains_all, words};

/// Worth of a tier of account names: from the account made for it to the last resort.
const TIERS: [f32; 6] = [1.0, 0.7, 0.48, 0.3, 0.18, 0.1];
/// Names of other marketplaces: their accounts are not ours.
const OTHERS: &[&str] = &[
    "ebay",
    "etsy",
    "shopify",
    "onbuy",
    "walmart",
    "wish",
    "manomano",
    "wayfair",
    "tiktok",
    "woocommerce",
    "magento",
    "fruugo",
    "allegro",
    "zalando",
    "till",
    "pos",
    "shop till",
];

/// An account that a category can stand on.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    pub(crate) account: usize,
    /// From 0 to about 1.1.
    pub(crate) affinity: f32,
    pub(crate) tier: usize,
    pub(crate) why: String,
}

/// Accounts on a fitting side whose names fit, best first.
pub(crate) fn placements(category: &Category, chart: &Chart) -> Vec<Placement> {
    let mut found: Vec<Placement> =
        (0..).zip(&chart.accounts).filter_map(|(index, placed)| placement(category, index, placed)).collect();
    found.sort_by(|left, right| right.affinity.total_cmp(&left.affinity).then(left.account.cmp(&right.account)));
    found.truncate(12);
    found
}

fn placement(category: &Category, index: usize, placed: &Placed) -> Option<Placement> {
    let side = side(category, placed)?;
    let (quality, tier, phrase) = category
        .accounts
        .iter()
        .enumerate()
        .filter_map(|(order, (phrase, tier))| {
            Some((quality(phrase, &placed.words)? - 0.002 * order as f32, tier, phrase))
        })
        .map(|(quality, tier, phrase)| (quality * TIERS.get(*tier).copied().unwrap_or(0.1), *tier, phrase))
        .max_by(|left, right| left.0.total_cmp(&right.0))?;
    let mut affinity = quality * side;
    for phrase in &category.account_against {
        if contains(&placed.words, phrase) {
            affinity *= 0.25;
        }
    }
    if OTHERS.iter().any(|other| contains(&placed.words, &words(other))) {
        affinity *= 0.1;
    }
    if placed.words.iter().any(|word| word == "amazon" || word == "marketplace") {
        affinity *= 1.08;
    }
    Some(Placement {
        account: index,
        affinity,
        tier,
        why: format!("the account says \u{201c}{}\u{201d}", phrase.join(" ")),
    })
}

/// Worth of an account that is called like the very name: more than the usual account of its category.
const CALLED_ALIKE: f32 = 1.35;

/// Accounts on a fitting side that share at least two telling words with the name, and most of their own: an organisation that has
/// an account for this very fee means it to be used, whatever the category's usual account is.
pub(crate) fn called_alike(category: &Category, chart: &Chart, name: &[String]) -> Vec<Placement> {
    let named = (0..).zip(&chart.accounts).filter_map(|(index, placed)| {
        let side = side(category, placed)?;
        let telling: Vec<&String> =
            placed.words.iter().filter(|word| !FILLERS.contains(&word.as_str()) && word.len() > 2).collect();
        let shared: Vec<&str> = telling
            .iter()
            .filter(|word| name.iter().any(|own| stem(own) == stem(word)))
            .map(|word| word.as_str())
            .collect();
        let fits = shared.len() >= 2 && shared.len() * 3 >= telling.len() * 2;
        let against = category.account_against.iter().any(|phrase| contains(&placed.words, phrase));
        // Likeness of name is never enough to be sure: the lead it gives would be taken for certainty.
        (fits && !against).then(|| Placement {
            account: index,
            affinity: CALLED_ALIKE * side,
            tier: SECOND_BEST,
            why: format!("the account is called like it: \u{201c}{}\u{201d}", shared.join(" ")),
        })
    });
    named.collect()
}

/// A word without the ending of its activity: wrapping is wrap, storing is stor.
fn stem(word: &str) -> &str {
    let Some(stem) = word.strip_suffix("ing").filter(|stem| stem.len() > 2) else { return word };
    let mut letters = stem.chars().rev();
    let doubled = letters.next() == letters.next() && !stem.ends_with("ll") && !stem.ends_with("ss");
    if doubled { &stem[..stem.len() - stem.chars().next_back().map_or(0, char::len_utf8)] } else { stem }
}

/// How well a phrase fits an account's name: whole names count more than parts of long ones.
fn quality(phrase: &[String], name: &[String]) -> Option<f32> {
    let found = if contains(name, phrase) {
        1.0
    } else if phrase.len() > 1 && contains_all(name, phrase) {
        0.85
    } else {
        return None;
    };
    let telling = name.iter().filter(|word| !FILLERS.contains(&word.as_str())).count().max(1);
    let said = phrase.iter().filter(|word| !FILLERS.contains(&word.as_str())).count().max(1);
    let share = (said as f32 / telling as f32).min(1.0);
    Some(found * (0.72 + 0.28 * share))
}

/// Words of account names that tell nothing.
const FILLERS: &[&str] = &[
    "and", "of", "the", "for", "on", "to", "a", "account", "uk", "gbp", "fee", "cost", "charge", "expense", "other",
    "amazon",
];

/// What the account's side is worth to the category; an account on the other side of the profit and loss account, or on the balance
/// sheet instead of it, is none.
fn side(category: &Category, placed: &Placed) -> Option<f32> {
    if placed.sides.is_empty() {
        return Some(0.6);
    }
    let place = category.sides.iter().position(|side| placed.sides.contains(side))?;
    Some(if place == 0 { 1.0 } else { 0.92 })
}
