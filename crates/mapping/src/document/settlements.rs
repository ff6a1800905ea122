//! How settlements are posted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Country;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::read;
use crate::MappingError;

/// How settlements are posted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Settlements {
    /// `per_order`, `daily` or `settlement`.
    pub mode: String,
    /// `bill` or `bank`; `None`: by VAT scheme.
    pub fees: Option<String>,
    /// `clearing` or `bank`.
    pub method: String,
    /// Whether summaries are split at month and VAT-period ends.
    pub split_months: bool,
    /// `own_account` or `clearing`: where unreleased sales stand.
    pub deferred: String,
    /// Last day of the locked period.
    #[serde(deserialize_with = "read::maybe_day")]
    pub locked_until: Option<Date>,
    /// Items whose treatment the owner confirmed.
    pub confirmed: Vec<String>,
    /// `credit_note` or `bad_debt`.
    pub chargebacks: String,
    /// Whether pairs of lines that cancel are left out.
    pub short_invoices: bool,
    /// Largest silent difference between Amazon's VAT and ours on a document, in home currency.
    #[serde(deserialize_with = "read::decimal")]
    pub vat_tolerance: Decimal,
    /// The owner's own words for rows.
    pub rules: Vec<OwnRule>,
    /// What lenders' statements say.
    pub loans: Vec<Loan>,
    /// Name of a marketplace → its country.
    pub sites: BTreeMap<String, Country>,
}

impl Default for Settlements {
    fn default() -> Settlements {
        Settlements {
            mode: "per_order".to_owned(),
            fees: None,
            method: "clearing".to_owned(),
            split_months: true,
            deferred: "own_account".to_owned(),
            locked_until: None,
            confirmed: Vec::new(),
            chargebacks: "credit_note".to_owned(),
            short_invoices: false,
            vat_tolerance: Decimal::new(5, 2),
            rules: Vec::new(),
            loans: Vec::new(),
            sites: BTreeMap::new(),
        }
    }
}

/// The owner's rule for rows that Amazon's vocabulary does not explain, or explains otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OwnRule {
    /// The row's kind; `None`: any.
    pub transaction_type: Option<String>,
    /// The row's class; `None`: any.
    pub amount_type: Option<String>,
    /// The row's name; `None`: any.
    pub amount_description: Option<String>,
    /// Role of the account.
    pub role: Option<String>,
    /// `standard`, `zero`, `reverse_charge` or `none`.
    #[serde(default = "none")]
    pub vat: String,
}

fn none() -> String {
    "none".to_owned()
}

/// How one instalment divides, from the lender's statement.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Loan {
    /// Day of the instalment.
    #[serde(default, deserialize_with = "read::maybe_day")]
    pub paid_on: Option<Date>,
    /// What repays the loan.
    #[serde(default, deserialize_with = "read::maybe_decimal")]
    pub principal: Option<Decimal>,
    /// What is interest.
    #[serde(default, deserialize_with = "read::maybe_decimal")]
    pub interest: Option<Decimal>,
}

/// A supplier of the books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Supplier {
    /// Its code.
    pub code: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

impl Settlements {
    pub(super) fn check(&self, found: &mut Vec<MappingError>) {
        for (index, rule) in self.rules.iter().enumerate() {
            let key = format!("settlements.rules[{}]", index + 1);
            if [&rule.transaction_type, &rule.amount_type, &rule.amount_description]
                .iter()
                .all(|column| column.is_none())
            {
                found.push(MappingError::new(
                    key.clone(),
                    "it would hold for every row",
                    "Write at least one of transaction_type, amount_type, amount_description",
                ));
            }
            if rule.role.is_none() {
                found.push(MappingError::new(
                    format!("{key}.role"),
                    "it is not said where such rows are posted",
                    "Write a role of [accounts], for example role = \"FEE_OTHER\"",
                ));
            }
        }
        for (index, loan) in self.loans.iter().enumerate() {
            let whole = loan.paid_on.is_some() && loan.principal.is_some() && loan.interest.is_some();
            let negative = [loan.principal, loan.interest].into_iter().flatten().any(|part| part.is_sign_negative());
            if !whole || negative {
                found.push(MappingError::new(
                    format!("settlements.loans[{}]", index + 1),
                    "an instalment has a day and two parts that are not negative",
                    "Write paid_on = 2025-11-05, principal = \"112.50\", interest = \"7.50\"",
                ));
            }
        }
        if self.method == "bank" && self.mode != "settlement" {
            found.push(MappingError::new(
                "settlements.method",
                "documents are paid straight on the bank only if there is one set for each settlement",
                "Write mode = \"settlement\", or method = \"clearing\"",
            ));
        }
    }
}
