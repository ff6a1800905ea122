//! Checks of a whole settlement: the clearing identity, the chains of reserve and debt, and what keeps it from being paid on the bank.

use model::Settlement;
use money::Money;

use super::book::{Doc, DocState, Group};
use super::ledger::Ledger;
use super::posted::Clearing;
use super::poster::Poster;
use super::rules::{Method, Mode};
use super::tasks::Task;
use crate::Problem;

impl Poster<'_> {
    /// Why documents cannot be paid straight on the bank, if they cannot.
    pub(super) fn direct_refusal(&self, head: &Settlement) -> Option<Problem> {
        if self.rules.method != Method::DirectBank {
            return None;
        }
        let moved = |doc: &DocState| matches!(doc.doc, Doc::Transfer { .. } | Doc::Release { .. });
        let segments = (self.book.docs.iter())
            .filter_map(|doc| match doc.doc {
                Doc::Sales { group: Group::Segment { segment, .. }, .. }
                | Doc::Purchase { segment, .. }
                | Doc::Bank { segment, .. } => Some(segment),
                _ => None,
            })
            .collect::<std::collections::BTreeSet<_>>();
        let why = if self.rules.mode != Mode::Settlement {
            "documents of single orders or days have no payout of their own"
        } else if self.book.docs.iter().any(moved) || self.totals.unreleased != 0 {
            "it has a reserve, a transfer or deferred money"
        } else if segments.len() > 1 {
            "it crosses the end of a month"
        } else if self.currency != self.rules.policy.seller.home {
            "it is in a foreign currency"
        } else if head.total.minor() <= 0 || head.deposit_on.is_none() || self.totals.carried != 0 {
            "it has no payout, or debt was carried into it"
        } else {
            return None;
        };
        Some(Problem::new(
            "direct_bank_impossible",
            "settlements.method",
            format!("This settlement cannot be paid straight on the bank: {why}. Nothing is posted."),
            "Set method = \"clearing\" in [settlements] of the mapping.",
        ))
    }

    /// Reserve and debt must chain from one settlement to the next.
    pub(super) fn chain(&self) -> Vec<Task> {
        let Some(earlier) = self.evidence.earlier else { return Vec::new() };
        let mut tasks = Vec::new();
        let mut say = |code, minor: i128, cause: String| {
            tasks.push(Task {
                code,
                in_suspense: false,
                rows_of: None,
                subject: String::new(),
                sum: Money::new(i64::try_from(minor).unwrap_or(0), self.currency),
                count: 1,
                line: 0,
                cause,
                next: "Look for a settlement that is missing between the two.".to_owned(),
                high_priority: true,
                suggestions: Vec::new(),
            });
        };
        if earlier.total.currency() == self.currency {
            let owed = i128::from(earlier.total.minor().min(0));
            if self.totals.carried != owed && (self.totals.carried_rows > 0 || owed != 0) {
                say(
                    "debt_chain",
                    self.totals.carried - owed,
                    format!(
                        "The settlement before closed at {}, but this one carries {} of debt. Nothing was posted for it either way.",
                        earlier.total,
                        Money::new(i64::try_from(self.totals.carried).unwrap_or(0), self.currency)
                    ),
                );
            }
        }
        if let Some(reserve) = earlier.reserve.filter(|reserve| reserve.currency() == self.currency) {
            let rest = self.totals.released - i128::from(reserve.minor());
            if rest != 0 {
                say(
                    "reserve_chain",
                    rest,
                    format!(
                        "The settlement before held back {reserve}, but this one releases another amount. Both are posted as they are."
                    ),
                );
            }
        }
        tasks
    }

    /// Δclearing = sum of rows − debt carried in − what was posted before − what is still deferred − payout.
    pub(super) fn clearing_check(&self, account: model::NominalCode, ledger: &Ledger, deposit: i64) -> Clearing {
        let converts = self.converts();
        let currency = if converts { self.rules.policy.seller.home } else { self.currency };
        let rows = if converts { self.totals.home } else { self.totals.sum - self.totals.carried };
        let before_posting = self.totals.held_before;
        let change = ledger.balance(account, currency);
        let direct = self.rules.method == Method::DirectBank;
        let expected = if direct { rows } else { rows - before_posting - self.totals.unreleased - i128::from(deposit) };
        let expected = Money::new(i64::try_from(expected).unwrap_or(0), currency);
        let carried = i64::try_from(self.totals.carried).unwrap_or(0);
        let before = match self.evidence.earlier.and_then(|earlier| earlier.clearing) {
            Some(clearing) if clearing.currency() == currency => clearing,
            _ if converts => Money::new(self.totals.carried_home, currency),
            _ => Money::new(carried, currency),
        };
        let posted_before = Money::new(i64::try_from(before_posting).unwrap_or(0), currency);
        let after = before.plus(posted_before).and_then(|sum| sum.plus(change)).unwrap_or(change);
        Clearing { account, before, posted_before, change, expected, after }
    }
}
