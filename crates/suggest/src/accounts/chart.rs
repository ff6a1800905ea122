//! The chart of accounts of this organisation, and on which side each account stands.

use crate::text::{contains, words};

/// Where an account stands in the accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Turnover and other income.
    Income,
    /// Cost of sales and overheads.
    Cost,
    /// Debtors, stock, prepayments, fixed assets.
    Asset,
    /// Creditors, taxes, loans.
    Liability,
    /// Bank-type accounts.
    Bank,
    /// Capital and reserves.
    Equity,
}

/// An account as the organisation has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The books' own word for its type; may be empty.
    pub kind: String,
}

/// A chart, taken apart once.
#[derive(Debug)]
pub struct Chart {
    pub(crate) accounts: Vec<Placed>,
}

/// An account with its words and possible sides.
#[derive(Debug)]
pub(crate) struct Placed {
    pub(crate) account: Account,
    pub(crate) words: Vec<String>,
    pub(crate) sides: Vec<Side>,
}

impl Side {
    pub(crate) fn parse(word: &str) -> Option<Side> {
        match word {
            "income" => Some(Side::Income),
            "cost" => Some(Side::Cost),
            "asset" => Some(Side::Asset),
            "liability" => Some(Side::Liability),
            "bank" => Some(Side::Bank),
            "equity" => Some(Side::Equity),
            _ => None,
        }
    }

    /// The word for a person.
    pub fn as_str(self) -> &'static str {
        match self {
            Side::Income => "income",
            Side::Cost => "cost",
            Side::Asset => "asset",
            Side::Liability => "liability",
            Side::Bank => "bank",
            Side::Equity => "equity",
        }
    }

    /// Whether it is in the profit and loss account.
    pub fn is_profit_and_loss(self) -> bool {
        matches!(self, Side::Income | Side::Cost)
    }
}

impl Chart {
    /// Takes a chart apart.
    pub fn new(accounts: Vec<Account>) -> Chart {
        let placed = accounts.into_iter().map(|account| {
            let words = words(&account.name);
            let sides = sides(&account, &words);
            Placed { account, words, sides }
        });
        Chart { accounts: placed.collect() }
    }
}

/// Words of a type, in the order in which they decide. "Cost of sales" is a cost although it says sales.
const TYPES: &[(&str, &[Side])] = &[
    ("cost of sale", &[Side::Cost]),
    ("cost of good", &[Side::Cost]),
    ("current asset liability", &[Side::Asset, Side::Liability, Side::Bank]),
    ("bank", &[Side::Bank]),
    ("cash", &[Side::Bank]),
    ("credit card", &[Side::Bank, Side::Liability]),
    ("income", &[Side::Income]),
    ("revenue", &[Side::Income]),
    ("turnover", &[Side::Income]),
    ("sale", &[Side::Income]),
    ("expense", &[Side::Cost]),
    ("overhead", &[Side::Cost]),
    ("direct cost", &[Side::Cost]),
    ("cost", &[Side::Cost]),
    ("purchase", &[Side::Cost]),
    ("outgoing", &[Side::Cost]),
    ("cogs", &[Side::Cost]),
    ("depreciation", &[Side::Cost]),
    ("stock", &[Side::Asset]),
    ("inventory", &[Side::Asset]),
    ("asset", &[Side::Asset, Side::Bank]),
    ("debtor", &[Side::Asset]),
    ("receivable", &[Side::Asset]),
    ("prepayment", &[Side::Asset]),
    ("liability", &[Side::Liability]),
    ("creditor", &[Side::Liability]),
    ("payable", &[Side::Liability]),
    ("vat", &[Side::Liability, Side::Asset]),
    ("tax", &[Side::Liability, Side::Asset]),
    ("loan", &[Side::Liability]),
    ("equity", &[Side::Equity]),
    ("capital", &[Side::Equity]),
    ("reserve", &[Side::Equity]),
    ("control", &[Side::Asset, Side::Liability]),
];

fn sides(account: &Account, name: &[String]) -> Vec<Side> {
    let kind = words(&account.kind);
    let by_type = TYPES.iter().find(|(phrase, _)| contains(&kind, &words(phrase)));
    let mut sides = match by_type {
        Some((_, sides)) => sides.to_vec(),
        None => by_name(name).or_else(|| by_code(&account.code)).unwrap_or_default(),
    };
    // Charts put VAT control accounts and clearing accounts on either half of the balance sheet.
    let balance = sides.iter().any(|side| !side.is_profit_and_loss());
    if balance && sides != [Side::Equity] {
        let names = |list: &[&str]| list.iter().any(|phrase| contains(name, &words(phrase)));
        if names(&["vat", "tax control", "sale tax", "purchase tax", "suspense", "control", "value added tax"]) {
            sides.extend([Side::Asset, Side::Liability]);
        }
        if names(&[
            "clearing",
            "amazon",
            "holding",
            "undeposited",
            "reserve",
            "processor",
            "paypal",
            "stripe",
            "suspense",
        ]) {
            sides.extend([Side::Asset, Side::Bank]);
        }
        if names(&["current account", "bank", "business account"]) && !names(&["loan", "overdraft"]) {
            sides.push(Side::Bank);
        }
    }
    sides.sort_unstable();
    sides.dedup();
    sides
}

/// Names that tell a side when the chart states no type.
const NAMES: &[(&str, Side)] = &[
    ("current account", Side::Bank),
    ("bank account", Side::Bank),
    ("petty cash", Side::Bank),
    ("clearing", Side::Bank),
    ("bank charge", Side::Cost),
    ("bank fee", Side::Cost),
    ("interest received", Side::Income),
    ("discount received", Side::Income),
    ("received", Side::Income),
    ("income", Side::Income),
    ("cost", Side::Cost),
    ("fee", Side::Cost),
    ("expense", Side::Cost),
    ("charge", Side::Cost),
    ("purchase", Side::Cost),
    ("advertising", Side::Cost),
    ("subscription", Side::Cost),
    ("loan", Side::Liability),
    ("vat", Side::Liability),
    ("creditor", Side::Liability),
    ("payable", Side::Liability),
    ("accrual", Side::Liability),
    ("debtor", Side::Asset),
    ("receivable", Side::Asset),
    ("stock", Side::Asset),
    ("prepayment", Side::Asset),
    ("sale", Side::Income),
    ("turnover", Side::Income),
    ("revenue", Side::Income),
];

fn by_name(name: &[String]) -> Option<Vec<Side>> {
    NAMES.iter().find(|(phrase, _)| contains(name, &words(phrase))).map(|(_, side)| vec![*side])
}

/// The usual ranges of four-digit British charts (Sage and its heirs, KashFlow among them).
fn by_code(code: &str) -> Option<Vec<Side>> {
    let number: u32 = code.trim().parse().ok()?;
    Some(match number {
        1..=999 => vec![Side::Asset],
        1200..=1259 => vec![Side::Bank],
        1000..=1999 => vec![Side::Asset],
        2000..=2999 => vec![Side::Liability],
        3000..=3999 => vec![Side::Equity],
        4000..=4999 => vec![Side::Income],
        5000..=8999 => vec![Side::Cost],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sides_of(code: &str, name: &str, kind: &str) -> Vec<Side> {
        let account = Account { code: code.to_owned(), name: name.to_owned(), kind: kind.to_owned() };
        Chart::new(vec![account]).accounts.remove(0).sides
    }

    #[test]
    fn the_type_decides_then_the_name_then_the_code() {
        assert_eq!(sides_of("5000", "Sales commissions", "Cost of Sales"), [Side::Cost]);
        assert_eq!(sides_of("4000", "Amazon sales", "Turnover"), [Side::Income]);
        assert_eq!(sides_of("310", "Cost of goods", ""), [Side::Cost]);
        assert_eq!(sides_of("7501", "Evri", ""), [Side::Cost]);
        assert_eq!(sides_of("abc", "Evri", ""), []);
        assert_eq!(sides_of("2200", "Sales Tax Control Account", "Current Liability"), [Side::Asset, Side::Liability]);
        assert_eq!(sides_of("3200", "Capital reserves", "Equity"), [Side::Equity]);
    }
}
