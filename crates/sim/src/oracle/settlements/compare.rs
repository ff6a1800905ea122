//! Wanted against held.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::books::{Held, Sum};
use super::wanted::{Amount, Due, Loose, Wanted};
use super::{Currency, Figure, Judgement, Month, month_of};
use crate::kashflow::{Account, Side};
use crate::oracle::Mismatch;

/// A converted payout may differ from what we expect by this part.
const CONVERTED_PERCENT: i64 = 5;

/// Compares every sum.
pub(super) fn compare(account: &Account, wanted: &Wanted, held: &Held) -> Judgement {
    let mut judge = Judge { made: Judgement::default(), names: names(account) };
    judge.made.closed = wanted.settlements;
    judge.made.rows = wanted.rows;
    judge.made.credit_notes = held.credit_notes;
    judge.made.payments = held.payments;
    judge.made.expected_open_items.clone_from(&wanted.open_items);
    for what in &held.odd {
        judge.object("books", "fraction of a penny".to_owned(), "none".to_owned(), what.clone(), 1);
    }
    judge.by_account("refunds, with VAT,", &wanted.refunds, &held.refunds);
    judge.by_account("fees, without VAT,", &wanted.fees, &held.fees);
    judge.vat(wanted, held);
    judge.vat_by_month(account, &wanted.vat_by_month, &held.vat_by_month);
    let paid = judge.payouts(&wanted.payouts, &held.payouts);
    judge.moved(account, wanted, held, &paid);
    judge.clearing(wanted, held, &paid);
    judge.made.agrees = judge.made.mismatched.is_empty();
    judge.made
}

struct Judge {
    made: Judgement,
    names: BTreeMap<i64, &'static str>,
}

/// Payouts that the books should hold, in pence.
type Paid = BTreeMap<Currency, i64>;

impl Judge {
    fn object(&mut self, of: &str, what: String, expected: String, found: String, by: u64) {
        self.made.unexplained_minor += by;
        self.made.mismatched.push(Mismatch { order: of.to_owned(), what, expected, found });
    }

    fn differ(&mut self, of: &str, what: String, expected: i64, found: i64) {
        if expected != found {
            self.object(of, what, expected.to_string(), found.to_string(), expected.abs_diff(found));
        }
    }

    /// Like [`Judge::differ`], but by so much they may.
    fn differ_by_more(&mut self, of: &str, what: String, figure: Figure) {
        let by = figure.expected_minor.abs_diff(figure.actual_minor).saturating_sub(figure.tolerance_minor);
        if by > 0 {
            let expected = format!("{} give or take {}", figure.expected_minor, figure.tolerance_minor);
            self.object(of, what, expected, figure.actual_minor.to_string(), by);
        }
    }

    fn name(&self, nominal: i64) -> String {
        self.names.get(&nominal).map_or_else(|| nominal.to_string(), |role| format!("{nominal} ({role})"))
    }

    fn by_account(
        &mut self,
        what: &str,
        wanted: &BTreeMap<(Currency, i64), i64>,
        held: &BTreeMap<(Currency, i64), i64>,
    ) {
        for key in keys(wanted, held) {
            let of = |sums: &BTreeMap<(Currency, i64), i64>| sums.get(&key).copied().unwrap_or(0);
            let what = format!("{what} on {} in {}", self.name(key.1), key.0);
            self.differ("books", what, of(wanted), of(held));
        }
    }

    fn vat(&mut self, wanted: &Wanted, held: &Held) {
        for key in keys(&wanted.vat, &held.vat) {
            let of = |sums: &BTreeMap<(Currency, Side), i64>| sums.get(&key).copied().unwrap_or(0);
            self.differ(
                "books",
                format!("{} of settlements in {}", tax_name(key.1), key.0),
                of(&wanted.vat),
                of(&held.vat),
            );
        }
        // In pounds. Other currencies are compared above in their own; here they are as the ledger has rounded them, and a difference
        // counts at par.
        let due = |sums: &BTreeMap<(Currency, Side), i64>| -> i64 {
            let signed =
                |(&(_, side), &minor): (&(Currency, Side), &i64)| if side == Side::Sales { minor } else { -minor };
            sums.iter().map(signed).sum()
        };
        let actual_minor = held.sales_vat + held.other_vat;
        let expected_minor = actual_minor + due(&wanted.vat) - due(&held.vat);
        self.made.vat = Figure { expected_minor, actual_minor, tolerance_minor: 0 };
    }

    /// VAT falls into the period of its tax point. Periods end with a month, so months that are right make every period right. What a
    /// lock keeps out of a month goes on its first open day.
    fn vat_by_month(
        &mut self,
        account: &Account,
        wanted: &BTreeMap<(Currency, Side, Month), Loose>,
        held: &BTreeMap<(Currency, Side, Month), i64>,
    ) {
        let open = account.locked_until().and_then(|until| until.tomorrow().ok()).map(month_of);
        let month = |own: Month| open.map_or(own, |open| own.max(open));
        let mut sums: BTreeMap<(Currency, Side, Month), (Loose, i64)> = BTreeMap::new();
        for (&(currency, side, own), loose) in wanted {
            let sum = &mut sums.entry((currency, side, month(own))).or_default().0;
            (sum.minor, sum.slack) = (sum.minor + loose.minor, sum.slack + loose.slack);
        }
        for (&(currency, side, own), minor) in held {
            sums.entry((currency, side, month(own))).or_default().1 += minor;
        }
        for ((currency, side, (year, month)), (loose, is)) in sums {
            let figure =
                Figure { expected_minor: loose.minor, actual_minor: is, tolerance_minor: loose.slack.unsigned_abs() };
            let what = format!("{} of settlements in {currency} of {year:04}-{month:02}", tax_name(side));
            self.differ_by_more("books", what, figure);
        }
    }

    /// Each payout reached the bank once. Gives what is booked for payouts.
    fn payouts(&mut self, due: &[Due], booked: &[(Currency, i64)]) -> Paid {
        let mut left = booked.to_vec();
        let mut paid = Paid::new();
        for own in due {
            let wanted = if own.currency == "GBP" { own.minor } else { own.pence };
            let may_differ = if own.currency == "GBP" { 0 } else { wanted.abs() * CONVERTED_PERCENT / 100 };
            let near = left.iter().enumerate().filter(|(_, (currency, _))| *currency == own.currency);
            let near = near.map(|(at, (_, pence))| (pence.abs_diff(wanted), at)).min();
            match near.filter(|(by, _)| *by <= may_differ.unsigned_abs()) {
                Some((_, at)) => *paid.entry(own.currency).or_default() += left.swap_remove(at).1,
                None if own.has_arrived => {
                    *paid.entry(own.currency).or_default() += wanted;
                    let what = "payout that reached the bank".to_owned();
                    self.object(&own.settlement, what, wanted.to_string(), "none".to_owned(), wanted.unsigned_abs());
                }
                None => {}
            }
        }
        paid
    }

    fn moved(&mut self, account: &Account, wanted: &Wanted, held: &Held, paid: &Paid) {
        let code = |role: &str| account.roles().get(role).copied().unwrap_or_default();
        let (bank, taxes) = (code("BANK"), [code("VAT_OUT"), code("VAT_IN")]);
        // A loan's instalment may be parted into loan and interest.
        let (loan, interest) = (code("LOAN"), code("LOAN_INT"));
        let mut wanted = wanted_moves(wanted, loan, interest);
        let mut held_moves: BTreeMap<(Currency, i64), Sum> = BTreeMap::new();
        for (&(currency, nominal), sum) in &held.moved {
            let nominal = if nominal == interest { loan } else { nominal };
            let own = held_moves.entry((currency, nominal)).or_default();
            (own.pence, own.postings) = (own.pence + sum.pence, own.postings + sum.postings);
        }
        for (&currency, pence) in paid {
            let own = wanted.moves.entry((currency, bank)).or_default();
            (own.minor, own.pence) = (own.minor + pence, own.pence + Decimal::from(*pence));
        }
        for key in keys(&wanted.moves, &held_moves) {
            if taxes.contains(&key.1) {
                continue;
            }
            let amount = wanted.moves.get(&key).copied().unwrap_or_default();
            let sum = held_moves.get(&key).copied().unwrap_or_default();
            let what = format!("balance of {} beside fees and refunds in {}", self.name(key.1), key.0);
            self.differ_by_more("books", what, figure(key.0, amount, sum));
        }
        self.reverse_charge(wanted.reverse_charge, taxes, &held_moves);
    }

    /// Journals on the VAT accounts are those of the reverse charge, if the books have them: as much on one side as on the other.
    fn reverse_charge(&mut self, net: Decimal, [out, input]: [i64; 2], held: &BTreeMap<(Currency, i64), Sum>) {
        let of = |nominal| held.iter().filter(move |((_, own), _)| *own == nominal).map(|(_, sum)| *sum);
        let (output, reclaimed): (i64, i64) =
            (of(out).map(|sum| sum.pence).sum(), of(input).map(|sum| sum.pence).sum());
        self.differ("books", "reverse charge: output and input VAT together".to_owned(), 0, output + reclaimed);
        if reclaimed != 0 {
            let postings: u64 = of(input).map(|sum| sum.postings).sum();
            let expected = whole(net / Decimal::from(5));
            // A percentage of amounts that were converted one by one: a few pence per posting of a month.
            let figure =
                Figure { expected_minor: expected, actual_minor: reclaimed, tolerance_minor: 5 * postings + 5 };
            self.differ_by_more("books", "reverse charge: input VAT".to_owned(), figure);
        }
    }

    fn clearing(&mut self, wanted: &Wanted, held: &Held, paid: &Paid) {
        let currencies: BTreeSet<Currency> =
            wanted.clearing.keys().chain(held.clearing.keys()).chain(paid.keys()).copied().collect();
        for currency in currencies {
            let mut amount = wanted.clearing.get(currency).copied().unwrap_or_default();
            let brought = held.sales.get(currency).copied().unwrap_or(0) - paid.get(currency).copied().unwrap_or(0);
            (amount.minor, amount.pence) = (amount.minor + brought, amount.pence + Decimal::from(brought));
            let sum = held.clearing.get(currency).copied().unwrap_or_default();
            let figure = figure(currency, amount, sum);
            let shown = if currency == "GBP" { &mut self.made.clearing } else { &mut self.made.clearing_foreign };
            shown.expected_minor += figure.expected_minor;
            shown.actual_minor += figure.actual_minor;
            shown.tolerance_minor += figure.tolerance_minor;
            self.differ_by_more("books", format!("clearing account in {currency}"), figure);
        }
    }
}

struct Moves {
    moves: BTreeMap<(Currency, i64), Amount>,
    reverse_charge: Decimal,
}

fn wanted_moves(wanted: &Wanted, loan: i64, interest: i64) -> Moves {
    let mut moves: BTreeMap<(Currency, i64), Amount> = BTreeMap::new();
    for (&(currency, nominal), amount) in &wanted.moved {
        let nominal = if nominal == interest { loan } else { nominal };
        let own = moves.entry((currency, nominal)).or_default();
        own.minor += amount.minor;
        own.pence += amount.pence;
        own.slack += amount.slack;
    }
    Moves { moves, reverse_charge: wanted.reverse_charge }
}

/// Pounds are exact; what was converted may be off by a penny for each posting, and by what the rate of another month makes.
fn figure(currency: Currency, amount: Amount, sum: Sum) -> Figure {
    if currency == "GBP" {
        return Figure { expected_minor: amount.minor, actual_minor: sum.pence, tolerance_minor: 0 };
    }
    let slack = amount.slack.ceil().to_u64().unwrap_or(u64::MAX);
    Figure { expected_minor: whole(amount.pence), actual_minor: sum.pence, tolerance_minor: sum.postings + slack + 1 }
}

fn whole(pence: Decimal) -> i64 {
    pence.round().to_i64().unwrap_or(i64::MAX)
}

fn keys<K: Ord + Copy, A, B>(one: &BTreeMap<K, A>, other: &BTreeMap<K, B>) -> BTreeSet<K> {
    one.keys().chain(other.keys()).copied().collect()
}

fn tax_name(side: Side) -> &'static str {
    match side {
        Side::Sales => "output VAT",
        Side::Purchases => "input VAT",
    }
}

/// What each account is for.
fn names(account: &Account) -> BTreeMap<i64, &'static str> {
    account.roles().into_iter().map(|(role, nominal)| (nominal, role)).collect()
}
