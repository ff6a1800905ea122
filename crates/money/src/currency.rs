//! ISO 4217 currencies and how many decimals their minor unit has.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::MoneyError;

/// A currency of ISO 4217, for example `Currency::GBP`.
///
/// Only listed codes can be built: an unknown code is an error, because the number of decimals would be a guess.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(&'static Entry);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Entry {
    code: &'static str,
    decimals: u8,
}

macro_rules! currencies {
    ($($code:ident $decimals:literal),* $(,)?) => {
        static TABLE: &[Entry] = &[$(Entry { code: stringify!($code), decimals: $decimals }),*];
    };
}

// ISO 4217 (list one), the currencies that Amazon marketplaces, their buyers' cards or KashFlow accounts use.
currencies! {
    GBP 2, EUR 2, USD 2, SEK 2, PLN 2, TRY 2, AED 2, SAR 2, EGP 2, INR 2, ZAR 2, CAD 2, MXN 2, BRL 2, AUD 2, SGD 2, NZD 2,
    CHF 2, DKK 2, NOK 2, CZK 2, HUF 2, RON 2, BGN 2, CNY 2, HKD 2, ILS 2, THB 2, MYR 2, PHP 2, TWD 2, COP 2, PEN 2, ARS 2,
    UAH 2, MAD 2, KES 2, NGN 2, QAR 2, LKR 2, PKR 2, JPY 0, KRW 0, VND 0, CLP 0, ISK 0, UGX 0, PYG 0, XAF 0, XOF 0,
    KWD 3, BHD 3, JOD 3, OMR 3, TND 3,
}

impl Currency {
    /// Pound sterling, the home currency of a UK seller.
    pub const GBP: Currency = Currency(&TABLE[0]);
    /// Euro.
    pub const EUR: Currency = Currency(&TABLE[1]);
    /// US dollar.
    pub const USD: Currency = Currency(&TABLE[2]);

    /// The currency with this code, in any case.
    ///
    /// # Errors
    ///
    /// [`MoneyError::UnknownCurrency`] if the code is not in the table.
    pub fn parse(code: &str) -> Result<Currency, MoneyError> {
        TABLE
            .iter()
            .find(|entry| entry.code.eq_ignore_ascii_case(code))
            .map(Currency)
            .ok_or_else(|| MoneyError::UnknownCurrency(code.chars().take(8).collect()))
    }

    /// The three-letter code, for example `"GBP"`.
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// Decimals of the minor unit: 2 for pounds and pence, 0 for yen, 3 for dinars.
    pub fn decimals(self) -> u32 {
        u32::from(self.0.decimals)
    }

    /// Minor units in one major unit: 100 for GBP, 1 for JPY.
    pub fn minor_per_major(self) -> i64 {
        10_i64.pow(self.decimals())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(code: &str) -> Result<Currency, MoneyError> {
        Currency::parse(code)
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(code: String) -> Result<Currency, MoneyError> {
        Currency::parse(&code)
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}
