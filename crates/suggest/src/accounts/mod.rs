//! Fee, charge or adjustment → account of this chart.
//!
//! Two stages: a name is understood as one of the hub's categories ([`understand`]), and a category is placed in the chart
//! ([`place`]). Income, cost and balance sheet are never mixed up by likeness of words alone: an account on the wrong side is out.

mod chart;
mod hub;
mod place;
mod understand;

pub use chart::{Account, Chart, Side};
pub use hub::{Hub, HubError, role_word, told_name};

use serde::Serialize;

use crate::Band;
use crate::calibrate::{self, Features};
use place::Placement;
use understand::{Meaning, Reader};

/// A name to be placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// The name (`FBAPerUnitFulfillmentFee`).
    pub name: String,
    /// Where it stands (`Order / ItemFees`), or a description; may be empty.
    pub context: String,
    /// Whether the amount is given or taken away, if known.
    pub direction: Option<Direction>,
}

/// Which way the money goes, from the seller's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the seller.
    Given,
    /// From the seller.
    TakenAway,
}

/// One suggested account.
#[derive(Clone, Debug, Serialize)]
pub struct Suggestion {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Calibrated probability that a bookkeeper would choose it.
    pub p: f32,
    /// The evidence, strongest first.
    pub why: Vec<String>,
}

impl Suggestion {
    /// The probability in whole per cent, rounded down, so that 99 never reads as certain.
    pub fn percent(&self) -> u32 {
        (self.p * 100.0) as u32
    }
}

/// What is suggested for a name.
#[derive(Clone, Debug, Serialize)]
pub struct Suggested {
    /// At most three accounts, best first.
    pub suggestions: Vec<Suggestion>,
    /// What may be done with it.
    pub band: Band,
}

/// A chart that terms are placed in.
#[derive(Debug)]
pub struct Suggester<'a> {
    hub: &'static Hub,
    chart: &'a Chart,
    reader: Reader,
    placements: Vec<Vec<Placement>>,
}

impl<'a> Suggester<'a> {
    /// Places every category in `chart` once.
    pub fn new(chart: &'a Chart) -> Suggester<'a> {
        let hub = Hub::shipped();
        let reader = Reader::new(hub);
        let placements = hub.categories.iter().map(|category| place::placements(category, chart)).collect();
        Suggester { hub, chart, reader, placements }
    }

    /// Suggests accounts for `term`. Never fails: what is not understood is in the band for review.
    pub fn suggest(&self, term: &Term) -> Suggested {
        let reading = self.read(term);
        let best = reading.probability();
        let mut suggestions = Vec::new();
        for (place, candidate) in reading.ranked.iter().take(3).enumerate() {
            // The rest of the probability is shared by score; it never overtakes the first.
            let p = if place == 0 { best } else { ((1.0 - best) * candidate.share).min(best) };
            let account = &self.chart.accounts[candidate.account].account;
            suggestions.push(Suggestion {
                code: account.code.clone(),
                name: account.name.clone(),
                p: round(p),
                why: candidate.why.clone(),
            });
        }
        Suggested { band: Band::of(suggestions.first().map(|first| first.p)), suggestions }
    }

    /// Ids of the categories that a name may mean, most likely first, with their shares.
    pub fn categories(&self, term: &Term) -> Vec<(&str, f32)> {
        let meanings = self.reader.meanings(term);
        meanings.iter().map(|meaning| (self.hub.categories[meaning.category].id.as_str(), meaning.share)).collect()
    }

    /// What the probability is computed from; for fitting it anew.
    pub fn features_of(&self, term: &Term) -> Features {
        self.read(term).features()
    }

    /// Understands a term and ranks the accounts it may belong on.
    fn read(&self, term: &Term) -> Reading {
        let meanings = self.reader.meanings(term);
        let name_words = crate::text::words(&term.name);
        let name = self.reader.likeness().spell(&name_words);
        let mut candidates: Vec<Candidate> = Vec::new();
        for meaning in meanings.iter().take(6).filter(|meaning| meaning.share > 0.005) {
            let category = &self.hub.categories[meaning.category];
            let named = place::called_alike(category, self.chart, &name_words);
            let usual = self.placements[meaning.category].iter();
            let usual = usual.filter(|usual| named.iter().all(|named| named.account != usual.account));
            for placement in usual.chain(&named) {
                let account = &self.chart.accounts[placement.account];
                // An account that is called like the fee itself is a better place than its category's usual one.
                let like = name.likeness(&self.reader.likeness().spell(&account.words));
                let score = meaning.share * (placement.affinity + 0.25 * like * like);
                let mut why: Vec<String> = meaning
                    .why
                    .iter()
                    .filter(|(weight, _)| *weight > 0.0)
                    .take(2)
                    .map(|(_, words)| words.clone())
                    .collect();
                why.push(format!("understood as \u{201c}{}\u{201d}", category.title));
                why.push(placement.why.clone());
                match candidates.iter_mut().find(|candidate| candidate.account == placement.account) {
                    Some(candidate) if candidate.best >= score => candidate.score += score,
                    Some(candidate) => {
                        (candidate.best, candidate.why, candidate.tier) = (score, why, placement.tier);
                        candidate.score += score;
                    }
                    None => candidates.push(Candidate {
                        account: placement.account,
                        score,
                        best: score,
                        share: 0.0,
                        tier: placement.tier,
                        why,
                    }),
                }
            }
        }
        candidates.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.account.cmp(&right.account)));
        let total: f32 = candidates.iter().skip(1).map(|candidate| candidate.score).sum::<f32>().max(f32::MIN_POSITIVE);
        for candidate in candidates.iter_mut().skip(1) {
            candidate.share = candidate.score / total;
        }
        let foreign = self.reader.is_foreign(&name_words);
        Reading { best: meanings.into_iter().next(), ranked: candidates, foreign }
    }
}

/// A term, understood and placed.
struct Reading {
    /// What it most likely means.
    best: Option<Meaning>,
    /// Accounts, best first.
    ranked: Vec<Candidate>,
    /// Whether most of its words are unknown.
    foreign: bool,
}

impl Reading {
    /// Probability that the first account is the right one.
    fn probability(&self) -> f32 {
        let mut p = calibrate::accounts(&self.features());
        let known = self.best.as_ref().is_some_and(|meaning| meaning.known.is_some());
        if self.best.as_ref().is_none_or(|meaning| meaning.score < UNDERSTOOD_FROM) || (self.foreign && !known) {
            p = p.min(NOT_UNDERSTOOD);
        }
        // An account that is only the next best home of its kind is a person's choice, however well the name is understood.
        if self.ranked.first().is_some_and(|first| first.tier >= SECOND_BEST) {
            p = p.min(Band::BELOW_AUTO);
        }
        p
    }

    fn features(&self) -> Features {
        let score = |place: usize| self.ranked.get(place).map_or(0.0, |candidate| candidate.score);
        let best = self.best.as_ref();
        Features {
            top: score(0),
            margin: if score(0) > 0.0 { (score(0) - score(1)) / score(0) } else { 0.0 },
            understood: best.map_or(0.0, |meaning| meaning.share),
            evidence: best.map_or(0.0, |meaning| (meaning.score / 9.0).clamp(-1.0, 1.5)),
            known: best.and_then(|meaning| meaning.known).unwrap_or(0.0),
            specific: self.ranked.first().map_or(0.0, |candidate| 1.0 - 0.25 * candidate.tier.min(4) as f32),
        }
    }
}

/// Evidence below which a name counts as not understood, and the most that a guess may then claim: with one account there is always a
/// best one.
const UNDERSTOOD_FROM: f32 = 1.0;
const NOT_UNDERSTOOD: f32 = 0.15;

/// The first tier of account names that are not made for a category or its family.
const SECOND_BEST: usize = 2;

#[derive(Debug)]
struct Candidate {
    account: usize,
    score: f32,
    /// Score of the strongest reading that leads here.
    best: f32,
    share: f32,
    tier: usize,
    why: Vec<String>,
}

fn round(p: f32) -> f32 {
    (p * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests;
