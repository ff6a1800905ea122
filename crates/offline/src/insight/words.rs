//! What a row is, for everything that is told by product and order: the vocabulary of `bookkeeping` in the words of `reconcile`.

use std::collections::HashMap;

use bookkeeping::settlement::vocabulary::{Category, Known, Vocabulary};
use model::SettlementRow;
use reconcile::{Balance, Kind, Part};

use crate::given::source;

/// What a triple means here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What its amount is.
    pub(super) part: Part,
    /// The balance that it moves, if it is one of the chain.
    pub(super) balance: Option<Balance>,
    /// Whether it is of a refund, a chargeback or a claim.
    pub(super) refund: bool,
    /// Whether it is the price of goods: those rows say how many units.
    pub(super) goods: bool,
    /// Which fee it is.
    pub(super) fee: Option<Fee>,
    category: Option<Category>,
}

/// A fee that a rate card can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fee {
    Referral,
    Fulfilment,
    RefundAdministration,
    Other,
}

impl Word {
    fn of(vocabulary: &Vocabulary, row: &SettlementRow<'_>) -> Word {
        let format = amazon::settlements::Format::V2;
        let category = match vocabulary.look_up(source(format), row.kind, row.class, row.name) {
            Known::Yes(meaning) | Known::Unconfirmed(meaning) => Some(meaning.category),
            Known::No => None,
        };
        let word = category.map_or("", Category::as_str);
        let part = Part::of_category(word).unwrap_or(Part::Other);
        let kind = row.kind.trim().to_lowercase();
        let refund = ["refund", "chargeback", "guarantee", "a-to-z guarantee refund"];
        Word {
            part,
            balance: Balance::of_category(word),
            refund: refund.iter().any(|begin| kind.starts_with(begin)),
            goods: category == Some(Category::RevenueProduct),
            fee: (part == Part::Fee).then(|| Fee::of(row.name)),
            category,
        }
    }

    /// What happened, as far as matching cares.
    pub(super) fn kind(self, has_order: bool) -> Kind {
        match self.category {
            Some(
                Category::Reimbursement | Category::ReimbursementReversal | Category::Safet | Category::AtozRecovery,
            ) => Kind::Reimbursement,
            _ if self.balance.is_some() => Kind::Balance,
            Some(Category::Loan | Category::TransferOut | Category::OtherClearing) => Kind::Balance,
            Some(_) if self.part != Part::Other && has_order => {
                if self.refund {
                    Kind::Refund
                } else {
                    Kind::Sale
                }
            }
            Some(_) if self.part == Part::Fee => Kind::Charge,
            _ => Kind::Other,
        }
    }
}

impl Fee {
    fn of(name: &str) -> Fee {
        match name.trim().to_lowercase().as_str() {
            "commission" => Fee::Referral,
            "fbaperunitfulfillmentfee" => Fee::Fulfilment,
            "refundcommission" => Fee::RefundAdministration,
            _ => Fee::Other,
        }
    }
}

/// Triples that were looked up: a file has few of them, and looking one up is slow.
pub(crate) struct Words<'v> {
    vocabulary: &'v Vocabulary,
    known: HashMap<String, Word>,
    key: String,
}

impl<'v> Words<'v> {
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Words<'v> {
        Words { vocabulary, known: HashMap::new(), key: String::new() }
    }

    pub(crate) fn of(&mut self, row: &SettlementRow<'_>) -> Word {
        self.key.clear();
        for part in [row.kind, row.class, row.name] {
            self.key.push_str(part);
            self.key.push('\t');
        }
        if let Some(word) = self.known.get(&self.key) {
            return *word;
        }
        let word = Word::of(self.vocabulary, row);
        self.known.insert(self.key.clone(), word);
        word
    }
}
