//! Accounts by role.

use std::collections::BTreeMap;

use model::NominalCode;
use money::Currency;
use serde::Deserialize;
use serde::de::{Deserializer, Error};
use toml::Value;

use crate::roles::{CLEARING, ROLES};

/// An account: its nominal code, and how to call it where the books are not connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The nominal code.
    pub code: NominalCode,
    /// Its name, if the owner wrote one.
    pub name: Option<String>,
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Account, D::Error> {
        let code = |value: Option<&Value>| {
            let number = value.and_then(Value::as_integer).and_then(|number| u32::try_from(number).ok());
            number.map(NominalCode).ok_or_else(|| D::Error::custom("a nominal code is a whole number such as 4000"))
        };
        match Value::deserialize(deserializer)? {
            Value::Table(table) => Ok(Account {
                code: code(table.get("code"))?,
                name: table.get("name").and_then(Value::as_str).map(str::to_owned),
            }),
            other => Ok(Account { code: code(Some(&other))?, name: None }),
        }
    }
}

/// Role → account; a product's own wins over its marketplace's, that over its currency's, that over the general one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Accounts {
    /// By the marketplace's short code (`DE`).
    pub marketplaces: BTreeMap<String, BTreeMap<String, Account>>,
    /// By SKU.
    pub products: BTreeMap<String, BTreeMap<String, Account>>,
    /// By currency.
    pub currencies: BTreeMap<Currency, BTreeMap<String, Account>>,
    /// For everything: role → account.
    #[serde(flatten)]
    pub general: BTreeMap<String, Account>,
}

impl super::Mapping {
    /// Every account that the document names, with its name: the owner's, else that of the suggested chart where the code is the
    /// suggested one, else what the role is called.
    pub fn account_names(&self) -> BTreeMap<NominalCode, String> {
        let mut names = BTreeMap::new();
        let tables = (self.accounts.products.values())
            .chain(self.accounts.marketplaces.values())
            .chain(self.accounts.currencies.values())
            .chain(std::iter::once(&self.accounts.general));
        for (word, account) in tables.flatten() {
            let role = ROLES.iter().find(|role| role.word == word);
            let name = account.name.clone().or_else(|| role.map(|role| role.name.to_owned()));
            names.entry(account.code).or_insert_with(|| name.unwrap_or_else(|| word.clone()));
        }
        for (currency, account) in self.invoices.payment.iter().flat_map(|payment| &payment.accounts) {
            let suggested = CLEARING.iter().find(|(code, ..)| *code == currency.code());
            let name = account.name.clone().or_else(|| suggested.map(|(_, _, name)| (*name).to_owned()));
            names.entry(account.code).or_insert_with(|| name.unwrap_or_else(|| format!("Amazon clearing {currency}")));
        }
        names
    }
}
