//! The vocabulary of rows: data, not code. Each row is known by a triple (kind, class, name); what is not known waits on suspense
//! with a visible task, and the rest posts.
//!
//! The list is ours (`data/amazon-vocabulary.csv`), gathered from models, help pages and reports in use; it is open by nature. Words are
//! compared without case and surrounding blanks, `*` at the end stands for the rest, blank or `*` for anything. The owner's own rules
//! come first; a rule that is added later says what the same rows would have been, since posting is a pure function of both.

mod meaning;
mod suggest;
mod table;

use std::collections::BTreeSet;

use crate::Role;

pub use meaning::{Category, Meaning, Place, Source, StockMove, VatCode};
pub use suggest::Suggestion;
pub(crate) use suggest::suggestions;
pub use table::{Entry, entries};

/// The owner's rule for rows that the vocabulary does not explain, or explains otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRule {
    /// Kind of the row (`transaction-type`); `None`: any. `*` at the end stands for the rest.
    pub kind: Option<String>,
    /// Class (`amount-type`); `None`: any.
    pub class: Option<String>,
    /// Name (`amount-description`); `None`: any.
    pub name: Option<String>,
    /// Where it is posted.
    pub role: Role,
    /// VAT on it.
    pub vat: OwnVat,
}

/// VAT of an [`OwnRule`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OwnVat {
    /// 20 % contained.
    Standard,
    /// 0 %.
    Zero,
    /// Reverse charge.
    ReverseCharge,
    /// None.
    None,
}

/// What rows mean to one seller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    /// The owner's rules; the first that fits counts.
    pub own: Vec<OwnRule>,
    /// Items whose treatment the owner confirmed: a name (`Refund Reimbursal`), a kind (`Chargeback Refund`), or `kind/class/name`.
    pub confirmed: BTreeSet<String>,
}

/// What the vocabulary says about a triple.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It is known.
    Yes(Meaning),
    /// It is known, but a person must confirm the treatment once.
    Unconfirmed(Meaning),
    /// Nobody knows it.
    No,
}

/// Kinds whose rows have the shape of a refund: gift wrap, promotions and withheld tax that no entry of their own names are what they
/// are in a refund, once the owner has confirmed the kind.
const LIKE_REFUNDS: &[&str] = &["chargeback refund", "a-to-z guarantee refund"];

impl Vocabulary {
    /// What a triple of `source` means.
    pub fn look_up(&self, source: Source, kind: &str, class: &str, name: &str) -> Known {
        let [kind, class, name] = [kind, class, name].map(fold);
        if let Some(rule) = self.own.iter().find(|rule| rule.fits(&kind, &class, &name)) {
            return Known::Yes(rule.meaning());
        }
        let own = table::find(source, &kind, &class, &name);
        let like = || {
            let shape = LIKE_REFUNDS.contains(&kind.as_str()).then_some("refund")?;
            table::find(source, shape, &class, &name)
        };
        let (entry, forced) = match (own, own.is_none().then(like).flatten()) {
            (Some(entry), _) => (entry, matches!(entry.meaning.category, Category::Chargeback | Category::AtozClaim)),
            (None, Some(entry)) => {
                (entry, matches!(entry.meaning.place, Place::Role(Role::Refunds | Role::Promo | Role::Restock)))
            }
            (None, None) => return Known::No,
        };
        let meaning = entry.meaning;
        let asks = forced || matches!(meaning.vat, VatCode::Review | VatCode::NaUk);
        if !asks {
            return Known::Yes(meaning);
        }
        if self.is_confirmed(&kind, &class, &name) {
            Known::Yes(confirmed(meaning))
        } else {
            Known::Unconfirmed(meaning)
        }
    }

    fn is_confirmed(&self, kind: &str, class: &str, name: &str) -> bool {
        // Kinds that hold many different things are never confirmed as a whole.
        const BROAD: &[&str] = &["order", "refund", "other-transaction", "servicefee"];
        self.confirmed.iter().map(|words| fold(words)).any(|words| {
            words == name || (words == kind && !BROAD.contains(&kind)) || words == format!("{kind}/{class}/{name}")
        })
    }
}

/// The treatment that a confirmation means: the natural one of the category, for the account that the vocabulary names.
fn confirmed(meaning: Meaning) -> Meaning {
    let vat = match (meaning.vat, meaning.category) {
        (VatCode::Review | VatCode::NaUk, category) => match category {
            Category::ShippingLabel | Category::OtherFee | Category::PromoProgramme | Category::ComplianceFee => {
                VatCode::InStd20
            }
            Category::RevenueOther => VatCode::OutGoods,
            Category::RefundShipping | Category::RefundProduct => VatCode::OutGoodsContra,
            _ => VatCode::OutsideScope,
        },
        (other, _) => other,
    };
    Meaning { vat, ..meaning }
}

impl OwnRule {
    fn fits(&self, kind: &str, class: &str, name: &str) -> bool {
        let fits =
            |pattern: &Option<String>, word: &str| pattern.as_deref().is_none_or(|own| matches(&fold(own), word));
        fits(&self.kind, kind) && fits(&self.class, class) && fits(&self.name, name)
    }

    fn meaning(&self) -> Meaning {
        let vat = match (self.vat, self.role.is_sales()) {
            (OwnVat::Standard, true) => VatCode::OutStd20,
            (OwnVat::Zero, true) => VatCode::ZeroExport,
            (OwnVat::Standard, false) => VatCode::InStd20,
            (OwnVat::Zero, false) => VatCode::InZero,
            (OwnVat::ReverseCharge, _) => VatCode::InReverse,
            (OwnVat::None, _) if self.role.is_bank_type() => VatCode::NoVatBs,
            (OwnVat::None, _) => VatCode::OutsideScope,
        };
        let category = match self.role {
            Role::FeeFba => Category::FbaFee,
            Role::FeeStorage => Category::StorageFee,
            Role::FeeRemoval => Category::RemovalFee,
            Role::FeePrep => Category::PrepFee,
            Role::Inbound => Category::InboundFee,
            Role::Ads => Category::Advertising,
            Role::Postage => Category::ShippingLabel,
            Role::FeeSell => Category::SellingFee,
            Role::Reserve => Category::ReserveHold,
            Role::Bank => Category::TransferIn,
            Role::Giftcard => Category::TransferOut,
            Role::InterMkt => Category::CrossAccount,
            role if role.is_sales() => Category::RevenueOther,
            _ => Category::OtherFee,
        };
        Meaning { category, place: Place::Role(self.role), vat, stock: StockMove::None, own: true }
    }
}

/// A word as it is compared.
pub(crate) fn fold(word: &str) -> String {
    word.trim().to_lowercase()
}

/// Whether a folded pattern fits a folded word: `*` at its end stands for the rest, an empty one for anything.
pub(crate) fn matches(pattern: &str, word: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(begin) => word.starts_with(begin),
        None => pattern.is_empty() || pattern == word,
    }
}

#[cfg(test)]
mod tests;
