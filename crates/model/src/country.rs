//! Countries by ISO 3166-1 code, and the parts of the United Kingdom that VAT tells apart.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::IdError;

/// A country or territory by its ISO 3166-1 alpha-2 code, always upper case. `EL` is read as `GR`, `UK` as `GB`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Country([u8; 2]);

/// Where in the United Kingdom an address lies, as far as VAT cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UkPart {
    /// England, Scotland, Wales; the Isle of Man counts as well.
    GreatBritain,
    /// Postcode area BT (Windsor Framework).
    NorthernIreland,
}

impl Country {
    /// The United Kingdom.
    pub const GB: Country = Country(*b"GB");

    /// Reads a two-letter code in any case.
    ///
    /// # Errors
    ///
    /// [`IdError`] if it is not two letters.
    pub fn parse(code: &str) -> Result<Country, IdError> {
        let error = || IdError { what: "a country code", text: code.chars().take(40).collect() };
        let bytes: [u8; 2] = code.trim().as_bytes().try_into().map_err(|_| error())?;
        if !bytes.iter().all(u8::is_ascii_alphabetic) {
            return Err(error());
        }
        Ok(match &bytes.map(|byte| byte.to_ascii_uppercase()) {
            b"EL" => Country(*b"GR"),
            b"UK" => Country::GB,
            upper => Country(*upper),
        })
    }

    /// The code, for example `"GB"`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("??")
    }

    /// Whether the territory belongs to the VAT area of the European Union (Monaco counts as France).
    pub fn is_eu_vat(self) -> bool {
        const EU: &[&[u8; 2]] = &[
            b"AT", b"BE", b"BG", b"CY", b"CZ", b"DE", b"DK", b"EE", b"ES", b"FI", b"FR", b"GR", b"HR", b"HU", b"IE",
            b"IT", b"LT", b"LU", b"LV", b"MC", b"MT", b"NL", b"PL", b"PT", b"RO", b"SE", b"SI", b"SK",
        ];
        EU.contains(&&self.0)
    }

    /// The part of the United Kingdom for VAT, or `None` for export. The Isle of Man counts as Great Britain; Jersey and
    /// Guernsey are export. `postcode` decides Northern Ireland (area BT).
    pub fn uk_part(self, postcode: Option<&str>) -> Option<UkPart> {
        match &self.0 {
            b"GB" => {
                let area: String = postcode
                    .unwrap_or("")
                    .trim()
                    .chars()
                    .take_while(char::is_ascii_alphabetic)
                    .collect::<String>()
                    .to_ascii_uppercase();
                match area.as_str() {
                    "BT" => Some(UkPart::NorthernIreland),
                    "JE" | "GY" => None,
                    _ => Some(UkPart::GreatBritain),
                }
            }
            b"IM" => Some(UkPart::GreatBritain),
            _ => None,
        }
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl TryFrom<String> for Country {
    type Error = IdError;
    fn try_from(code: String) -> Result<Country, IdError> {
        Country::parse(&code)
    }
}

impl From<Country> for String {
    fn from(country: Country) -> String {
        country.code().to_owned()
    }
}
