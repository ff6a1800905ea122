//! Stage one: what a name means. Evidence is additive, so that every reason is the exact weight it had.

use std::collections::HashSet;

use super::hub::{Hub, Sign};
use super::{Direction, Term};
use crate::likeness::{Likeness, Spelling};
use crate::text::{contains, contains_all, phrase, squeezed, words};

/// Weight of a name that is known where no context is given or needed, and the least and most of one known in a context.
const KNOWN: f32 = 7.5;
const KNOWN_THERE: (f32, f32) = (4.0, 9.5);
/// Weight of likeness to the nearest known name of a category; likeness is squared before, so that only near ones count.
const LIKE: f32 = 4.0;
/// Share of a cue found in the context instead of the name, and in the context of a name that says nothing by itself.
const FROM_CONTEXT: (f32, f32) = (0.4, 0.9);
/// Names that say nothing by themselves.
const EMPTY: &[&str] =
    &["base fee", "base charge", "charge", "transaction total amount", "fee", "amount", "total", "discount on fee", ""];
/// Share of a cue whose words are all there but apart.
const APART: f32 = 0.6;
/// What a further cue adds to the best one, and the most that further cues add.
const FURTHER: (f32, f32) = (0.25, 1.5);
const AGAINST: f32 = 2.2;
/// What a fee is called by its last word, the categories of tax that a fee never is, and how much speaks against them: a fee for VAT
/// services is a fee. "VAT on fees" is a tax, so the word before is looked at too.
const FEE_WORDS: &[&str] = &["fee", "charge", "service", "subscription", "commission"];
const TAXES: &[&str] = &["output_vat", "input_vat", "marketplace_tax", "import_vat", "tax_withheld"];
const FEE_IS_NO_TAX: f32 = 6.0;
const WRONG_SIGN: f32 = 1.0;
/// Sales, delivery and gift wrap are never taken away: that is a refund or a discount.
const WRONG_SIGN_OF_INCOME: f32 = 3.0;

/// Words of a context and what they speak for.
const CONTEXTS: &[(&str, &[(&str, f32)])] = &[
    (
        "item fee",
        &[
            ("selling_fee", 1.2),
            ("fulfilment_fee", 1.2),
            ("other_fee", 0.6),
            ("postage", 0.4),
            ("sales", -2.0),
            ("delivery_income", -2.5),
            ("refund", -1.5),
            ("gift_wrap_income", -2.0),
        ],
    ),
    ("shipment fee", &[("fulfilment_fee", 2.5), ("delivery_income", -2.5), ("sales", -2.0)]),
    ("order fee", &[("selling_fee", 1.2), ("fulfilment_fee", 1.0), ("sales", -2.0)]),
    (
        "item price",
        &[
            ("sales", 0.8),
            ("delivery_income", 0.8),
            ("gift_wrap_income", 0.6),
            ("output_vat", 0.8),
            ("selling_fee", -1.5),
            ("fulfilment_fee", -1.5),
            ("postage", -1.2),
        ],
    ),
    ("item charge", &[("sales", 0.8), ("delivery_income", 0.8), ("output_vat", 0.8)]),
    ("item withheld tax", &[("marketplace_tax", 3.5), ("output_vat", -1.0)]),
    ("withheld", &[("marketplace_tax", 2.0)]),
    ("promotion", &[("promotion", 3.2), ("sales", -2.5), ("delivery_income", -2.5), ("gift_wrap_income", -2.0)]),
    ("refund", &[("refund", 1.4), ("sales", -2.2), ("delivery_income", -1.8), ("gift_wrap_income", -1.5)]),
    ("chargeback", &[("refund", 1.6), ("sales", -2.2)]),
    ("guarantee", &[("refund", 1.4), ("sales", -2.2)]),
    ("inventory reimbursement", &[("reimbursement", 4.5), ("refund", -1.5)]),
    ("reimbursement", &[("reimbursement", 2.0)]),
    ("cost of advertising", &[("advertising", 4.5)]),
    ("advertis*", &[("advertising", 3.0)]),
    ("coupon", &[("promotion_fee", 2.5)]),
    ("deal", &[("promotion_fee", 1.5)]),
    ("storage", &[("storage_fee", 2.0)]),
    ("removal", &[("removal_fee", 2.0)]),
    ("inbound", &[("inbound_fee", 1.6)]),
    ("liquidation", &[("liquidation_income", 1.6), ("sales", -1.5)]),
    ("retrocharge", &[("marketplace_tax", 4.0), ("output_vat", -2.5)]),
    ("service fee", &[("other_fee", 0.8), ("subscription", 0.4), ("advertising", 0.4)]),
    ("fba fee", &[("fulfilment_fee", 0.8), ("storage_fee", 0.4), ("inbound_fee", 0.3), ("removal_fee", 0.3)]),
    ("amazon fee", &[("selling_fee", 0.5), ("other_fee", 0.5), ("promotion_fee", 0.3)]),
    ("debt adjustment", &[("clearing", 2.5)]),
    ("transfer", &[("bank_transfer", 2.0)]),
    ("disbursement", &[("bank_transfer", 2.0)]),
    ("loan", &[("loan", 1.5)]),
    ("lending", &[("loan", 1.5)]),
    ("tax", &[("output_vat", 0.5), ("input_vat", 0.3), ("marketplace_tax", 0.3)]),
];

/// A phrase of contexts and what it speaks for.
type Context = (Vec<String>, Vec<(usize, f32)>);

/// What a category has for itself.
#[derive(Clone, Debug)]
pub(crate) struct Meaning {
    pub(crate) category: usize,
    /// Probability among all categories, before calibration.
    pub(crate) share: f32,
    /// Sum of the evidence.
    pub(crate) score: f32,
    /// How well the name is known, from 0 to 1, if it is.
    pub(crate) known: Option<f32>,
    /// Evidence in words, strongest first.
    pub(crate) why: Vec<(f32, String)>,
}

/// Names taken apart once for all terms.
#[derive(Debug)]
pub(crate) struct Reader {
    hub: &'static Hub,
    likeness: Likeness,
    spellings: Vec<(usize, Spelling)>,
    contexts: Vec<Context>,
    /// Every word of the hub's names and cues.
    vocabulary: HashSet<String>,
}

impl Reader {
    pub(crate) fn new(hub: &'static Hub) -> Reader {
        let likeness = Likeness::learn(hub.names.iter().map(|(_, name)| name.as_slice()));
        let spellings = hub.names.iter().map(|(category, name)| (*category, likeness.spell(name))).collect();
        let contexts = CONTEXTS.iter().map(|(text, weights)| {
            let weights = weights.iter().filter_map(|(id, weight)| Some((hub.index_of(id)?, *weight)));
            (phrase(text), weights.collect())
        });
        let cues = hub.categories.iter().flat_map(|category| category.cues.iter().flat_map(|(cue, _)| cue));
        let vocabulary = hub.names.iter().flat_map(|(_, name)| name).chain(cues).cloned().collect();
        Reader { hub, spellings, contexts: contexts.collect(), likeness, vocabulary }
    }

    /// Whether most telling words of a name stand nowhere in the knowledge: what is left of it may be understood by chance.
    pub(crate) fn is_foreign(&self, name: &[String]) -> bool {
        let telling = name.iter().filter(|word| word.len() > 2 && !FEE_WORDS.contains(&word.as_str()));
        let (foreign, all) = telling.fold((0, 0), |(foreign, all), word| {
            (foreign + usize::from(!self.vocabulary.contains(word.as_str())), all + 1)
        });
        foreign * 2 > all
    }

    pub(crate) fn likeness(&self) -> &Likeness {
        &self.likeness
    }

    /// Every category, most likely first.
    pub(crate) fn meanings(&self, term: &Term) -> Vec<Meaning> {
        let name = words(&term.name);
        let context = words(&term.context);
        let spelling = self.likeness.spell(&name);
        let nearest = self.nearest(&spelling);
        let known = self.known(&term.name, &context);
        let mut meanings: Vec<Meaning> = (0..self.hub.categories.len())
            .map(|category| {
                let mut why = Vec::new();
                let known = known[category];
                let tax = TAXES.contains(&self.hub.categories[category].id.as_str());
                if tax && known.is_none() && is_fee(&name) {
                    why.push((-FEE_IS_NO_TAX, "is a fee, which is no tax account".to_owned()));
                }
                if let Some(weight) = known {
                    let there = if weight >= KNOWN { "a known name" } else { "a known name in another context" };
                    why.push((weight, format!("{there}: {}", self.hub.categories[category].title)));
                }
                self.cues(category, &name, &context, &mut why);
                let like = nearest[category];
                if like > 0.35 {
                    let weight = LIKE * like * like;
                    why.push((
                        weight,
                        format!("spelled like a known name of \u{201c}{}\u{201d}", self.hub.categories[category].title),
                    ));
                }
                self.context(category, &context, &mut why);
                self.sign(category, term.direction, &mut why);
                let score = why.iter().map(|(weight, _)| weight).sum();
                why.sort_by(|left, right| right.0.abs().total_cmp(&left.0.abs()));
                Meaning { category, share: 0.0, score, known: known.map(|weight| weight / KNOWN_THERE.1), why }
            })
            .collect();
        shares(&mut meanings);
        meanings.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.category.cmp(&right.category)));
        meanings
    }

    fn nearest(&self, spelling: &Spelling) -> Vec<f32> {
        let mut nearest = vec![0.0_f32; self.hub.categories.len()];
        for (category, known) in &self.spellings {
            let like = spelling.likeness(known);
            if like > nearest[*category] {
                nearest[*category] = like;
            }
        }
        nearest
    }

    /// The same name means different things in different places, so the share of common words of both contexts decides.
    fn known(&self, name: &str, context: &[String]) -> Vec<Option<f32>> {
        let mut found: Vec<Option<f32>> = vec![None; self.hub.categories.len()];
        for known in self.hub.known.get(&squeezed(name)).into_iter().flatten() {
            let weight = if known.context.is_empty() || context.is_empty() {
                KNOWN
            } else {
                let common = known.context.iter().filter(|word| context.contains(word)).count();
                let all = known.context.len() + context.len() - common.min(context.len());
                KNOWN_THERE.0 + (KNOWN_THERE.1 - KNOWN_THERE.0) * common as f32 / all as f32
            };
            let best = found[known.category].get_or_insert(weight);
            *best = best.max(weight);
        }
        found
    }

    fn cues(&self, category: usize, name: &[String], context: &[String], why: &mut Vec<(f32, String)>) {
        let category = &self.hub.categories[category];
        let mut found: Vec<(f32, String)> = Vec::new();
        for (cue, weight) in &category.cues {
            let share = if contains(name, cue) {
                1.0
            } else if cue.len() > 1 && contains_all(name, cue) {
                APART
            } else if contains(context, cue) {
                if EMPTY.contains(&name.join(" ").as_str()) { FROM_CONTEXT.1 } else { FROM_CONTEXT.0 }
            } else {
                continue;
            };
            found.push((weight * share, format!("says \u{201c}{}\u{201d}", cue.join(" "))));
        }
        found.sort_by(|left, right| right.0.total_cmp(&left.0));
        let mut further = 0.0;
        for (place, (weight, words)) in found.into_iter().enumerate() {
            if place == 0 || weight < 0.0 {
                why.push((weight, words));
            } else if further < FURTHER.1 {
                let added = (weight * FURTHER.0).min(FURTHER.1 - further);
                further += added;
                why.push((added, words));
            }
        }
        for phrase in category.against.iter().filter(|phrase| contains(name, phrase)) {
            why.push((-AGAINST, format!("says \u{201c}{}\u{201d}, which speaks against it", phrase.join(" "))));
        }
    }

    fn context(&self, category: usize, context: &[String], why: &mut Vec<(f32, String)>) {
        for (phrase, weights) in self.contexts.iter().filter(|(phrase, _)| contains(context, phrase)) {
            if let Some((_, weight)) = weights.iter().find(|(index, _)| *index == category) {
                why.push((*weight, format!("stands under \u{201c}{}\u{201d}", phrase.join(" "))));
            }
        }
    }

    fn sign(&self, category: usize, direction: Option<Direction>, why: &mut Vec<(f32, String)>) {
        let category = &self.hub.categories[category];
        let wrong = matches!(
            (category.sign, direction),
            (Sign::Given, Some(Direction::TakenAway)) | (Sign::TakenAway, Some(Direction::Given))
        );
        if wrong {
            let income = matches!(category.id.as_str(), "sales" | "delivery_income" | "gift_wrap_income");
            let weight = if income { WRONG_SIGN_OF_INCOME } else { WRONG_SIGN };
            why.push((-weight, "has the opposite sign".to_owned()));
        }
    }
}

/// Whether a name ends as the name of a fee, and not as "VAT on fees".
fn is_fee(name: &[String]) -> bool {
    let Some((last, before)) = name.split_last() else { return false };
    let of = before.iter().any(|word| matches!(word.as_str(), "on" | "of" | "tax")) || before.is_empty();
    FEE_WORDS.contains(&last.as_str()) && !of
}

/// Softmax over the scores; nothing but silence gives every category the same small share.
fn shares(meanings: &mut [Meaning]) {
    let best = meanings.iter().map(|meaning| meaning.score).fold(f32::MIN, f32::max);
    let total: f32 = meanings.iter().map(|meaning| (meaning.score - best).exp()).sum();
    for meaning in meanings {
        meaning.share = (meaning.score - best).exp() / total;
    }
}
