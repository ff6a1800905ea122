//! From sales to the payout: what each kind of document moves on the clearing account.
//!
//! The steps and the balance before sum to the balance after, exactly; a penny that no step explains would show.

use model::{Draft, NominalCode};
use money::Money;
use serde::Serialize;

use crate::Role;
use crate::journal::{Account, JournalEntry, JournalError};
use crate::settlement::{Posted, Rules};

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Stable word: `sales`, `refunds`, `fees`, `other`, `reserve`, `deferred`, `loans_and_exchange`, `payout`.
    pub step: &'static str,
    /// What it moves, in minor units of home currency; money towards the seller is positive.
    pub amount_minor: i64,
}

/// Words of steps, in the order in which a person reads them.
const STEPS: [&str; 8] = ["sales", "refunds", "fees", "other", "reserve", "deferred", "loans_and_exchange", "payout"];

/// The steps of a settlement that move something.
///
/// # Errors
///
/// [`JournalError`] if a document does not balance.
pub fn waterfall(posted: &Posted, rules: &Rules) -> Result<Vec<Step>, JournalError> {
    let clearing = posted.clearing.account;
    let mut sums = [Money::zero(rules.policy.seller.home); STEPS.len()];
    for draft in &posted.documents {
        let postings = JournalEntry::of(draft)?;
        for posting in postings.postings().iter().filter(|posting| posting.account == Account::Nominal(clearing)) {
            let word = word(draft, posting.amount, clearing, rules);
            if let Some(place) = STEPS.iter().position(|step| *step == word) {
                sums[place] = sums[place].plus(posting.amount)?;
            }
        }
    }
    let steps = STEPS.into_iter().zip(sums).filter(|(_, sum)| !sum.is_zero());
    Ok(steps.map(|(step, sum)| Step { step, amount_minor: sum.minor() }).collect())
}

fn word(draft: &Draft, amount: Money, clearing: NominalCode, rules: &Rules) -> &'static str {
    match draft {
        Draft::Sales(_) if amount.is_negative() => "refunds",
        Draft::Sales(_) | Draft::Payment(_) => "sales",
        Draft::Purchase(_) => "fees",
        // Fees of a seller who reclaims no VAT are bank transactions; what else is one, is income or compensation.
        Draft::Bank(draft) if is_fee(draft.nominal, rules) => "fees",
        Draft::Bank(_) | Draft::Allocation(_) => "other",
        Draft::Journal(_) => "loans_and_exchange",
        Draft::Transfer(draft) => {
            let other = if draft.from == clearing { draft.to } else { draft.from };
            match () {
                () if has(rules, Role::Reserve, other) => "reserve",
                () if has(rules, Role::Deferred, other) => "deferred",
                () if has(rules, Role::Bank, other) => "payout",
                () => "other",
            }
        }
    }
}

fn is_fee(code: NominalCode, rules: &Rules) -> bool {
    const FEES: [Role; 12] = [
        Role::FeeSell,
        Role::FeeFba,
        Role::FeePrep,
        Role::FeeStorage,
        Role::FeeRemoval,
        Role::FeeSubs,
        Role::FeeOther,
        Role::Ads,
        Role::PromoFee,
        Role::Postage,
        Role::Inbound,
        Role::Epr,
    ];
    FEES.into_iter().any(|role| has(rules, role, code))
}

/// Whether an account plays a role, in general or for a currency.
fn has(rules: &Rules, role: Role, code: NominalCode) -> bool {
    let accounts = &rules.policy.accounts;
    let tables = std::iter::once(&accounts.general).chain(accounts.by_currency.values());
    tables.filter_map(|table| table.get(&role)).any(|known| *known == code)
}
