//! Who sells.

use jiff::civil::Date;
use model::Country;
use money::Currency;
use serde::Deserialize;

use super::{Vat, read};
use crate::MappingError;

/// Who sells.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Seller {
    /// Country of establishment.
    pub established: Country,
    /// Whether there is an establishment in the EU as well.
    #[serde(default)]
    pub eu_establishment: bool,
    /// Short for one VAT scheme since ever; `None` if `[[vat.schemes]]` says it.
    pub vat_registered: Option<bool>,
    /// VAT Calculation Service: `on`, `off` or `detect`; not looked at if `vcs_from` is there.
    pub vcs: String,
    /// The day since which the service is on.
    #[serde(default, deserialize_with = "read::maybe_day")]
    pub vcs_from: Option<Date>,
    /// Where goods start when the order does not say.
    pub ship_from: Country,
    /// Whether they start in Northern Ireland.
    #[serde(default)]
    pub northern_ireland: bool,
    /// Home currency of the books.
    pub home_currency: Currency,
    /// Whether export evidence is kept for every export.
    #[serde(default)]
    pub export_evidence_kept: bool,
}

impl Seller {
    pub(super) fn check(&self, vat: &Vat, found: &mut Vec<MappingError>) {
        match (self.vat_registered, vat.schemes.is_empty()) {
            (None, true) => found.push(MappingError::new(
                "vat.schemes",
                "it is not said how you account for VAT, and a guess could put every figure wrong",
                "Write [[vat.schemes]] with scheme = \"standard\", \"flat_rate\" or \"not_registered\"",
            )),
            (Some(_), false) => found.push(MappingError::new(
                "seller.vat_registered",
                "[[vat.schemes]] says it as well",
                "Keep [[vat.schemes]] and remove this key",
            )),
            _ => {}
        }
    }
}
