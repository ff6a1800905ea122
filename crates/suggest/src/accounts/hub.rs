//! The hub: categories of amounts, read from `data/hub.toml`, and the marketplace's known names, read from the fee vocabulary.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

use super::chart::Side;
use crate::text::{phrase, squeezed, words};

/// The knowledge that ships.
static SHIPPED: LazyLock<Hub> = LazyLock::new(|| {
    Hub::read(include_str!("../../data/hub.toml"), include_str!("../../data/known.csv"))
        .expect("the shipped knowledge is tested")
});

/// Everything known about names and accounts.
#[derive(Debug)]
pub struct Hub {
    pub(crate) categories: Vec<Category>,
    /// Squeezed known name → the categories it is known for.
    pub(crate) known: HashMap<String, Vec<Known>>,
    /// Every known name with its category, for likeness.
    pub(crate) names: Vec<(usize, Vec<String>)>,
}

/// A known name in its context.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) category: usize,
    /// Squeezed words of the context it is known in (`Order`, `ItemPrice`); empty: any.
    pub(crate) context: Vec<String>,
}

/// What an amount can be.
#[derive(Debug)]
pub(crate) struct Category {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) sides: Vec<Side>,
    pub(crate) sign: Sign,
    pub(crate) cues: Vec<(Vec<String>, f32)>,
    pub(crate) against: Vec<Vec<String>>,
    /// Phrases of account names, each with its tier.
    pub(crate) accounts: Vec<(Vec<String>, usize)>,
    pub(crate) account_against: Vec<Vec<String>>,
}

/// The usual sign of an amount, from the seller's view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    Given,
    TakenAway,
    Either,
}

/// Why the knowledge cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The categories.
    #[error("the categories cannot be read: {0}")]
    Categories(#[from] toml::de::Error),
    /// The known names.
    #[error("the known names cannot be read: {0}")]
    Names(#[from] csv::Error),
    /// A word that is not one of its kind.
    #[error("`{0}` is not a {1}")]
    Word(String, &'static str),
}

#[derive(Deserialize)]
struct File {
    category: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    title: String,
    side: Vec<String>,
    sign: String,
    cues: BTreeMap<String, f32>,
    against: Vec<String>,
    names: Vec<String>,
    accounts: Vec<Vec<String>>,
    account_against: Vec<String>,
}

#[derive(Deserialize)]
struct NameRow {
    transaction_type: String,
    amount_type: String,
    name: String,
    category: String,
}

impl Hub {
    /// The knowledge that ships with this version.
    pub fn shipped() -> &'static Hub {
        &SHIPPED
    }

    /// Reads categories (TOML) and known names (CSV `transaction_type,amount_type,name,category`).
    ///
    /// # Errors
    ///
    /// [`HubError`]: knowledge with a mistake is not used at all.
    pub fn read(categories: &str, names: &str) -> Result<Hub, HubError> {
        let file: File = toml::from_str(categories)?;
        let mut hub = Hub { categories: Vec::new(), known: HashMap::new(), names: Vec::new() };
        for row in file.category {
            let index = hub.categories.len();
            for name in &row.names {
                hub.learn(name, "", index);
            }
            hub.categories.push(category(row)?);
        }
        for row in csv::Reader::from_reader(names.as_bytes()).deserialize() {
            let row: NameRow = row?;
            let index = hub.index_of(&row.category).ok_or(HubError::Word(row.category, "category"))?;
            hub.learn(&row.name, &format!("{} {}", row.transaction_type, row.amount_type), index);
            // The newer layout names the fee in the amount type and the part in the description.
            if matches!(row.name.as_str(), "Base fee" | "Base charge") {
                hub.learn(&row.amount_type, &row.transaction_type, index);
            }
        }
        Ok(hub)
    }

    /// The category with this id.
    pub(crate) fn index_of(&self, id: &str) -> Option<usize> {
        self.categories.iter().position(|category| category.id == id)
    }

    /// Ids of all categories.
    pub fn category_ids(&self) -> impl Iterator<Item = &str> {
        self.categories.iter().map(|category| category.id.as_str())
    }

    fn learn(&mut self, name: &str, context: &str, category: usize) {
        let squeezed_name = squeezed(name);
        if squeezed_name.is_empty() {
            return;
        }
        let context = words(context);
        self.known.entry(squeezed_name).or_default().push(Known { category, context });
        // "Base fee" and the like say nothing by themselves.
        let words = words(name);
        if !matches!(words.join(" ").as_str(), "base fee" | "tax on fee" | "other" | "charge" | "refund" | "adjustment")
        {
            self.names.push((category, words));
        }
    }
}

fn category(row: Row) -> Result<Category, HubError> {
    let phrases = |texts: &[String]| texts.iter().map(|text| phrase(text)).collect::<Vec<_>>();
    let sides = row.side.iter().map(|side| Side::parse(side).ok_or_else(|| HubError::Word(side.clone(), "side")));
    let tiers = row.accounts.iter().zip(0..);
    Ok(Category {
        sides: sides.collect::<Result<_, _>>()?,
        sign: match row.sign.as_str() {
            "+" => Sign::Given,
            "-" => Sign::TakenAway,
            "" => Sign::Either,
            other => return Err(HubError::Word(other.to_owned(), "sign")),
        },
        cues: row.cues.iter().map(|(cue, weight)| (phrase(cue), *weight)).collect(),
        against: phrases(&row.against),
        accounts: tiers.flat_map(|(texts, tier)| texts.iter().map(move |text| (phrase(text), tier))).collect(),
        account_against: phrases(&row.account_against),
        id: row.id,
        title: row.title,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_knowledge_is_whole() {
        let hub = Hub::shipped();
        assert!(hub.categories.len() >= 40 && hub.known.len() > 400, "{} {}", hub.categories.len(), hub.known.len());
        for category in &hub.categories {
            assert!(!category.sides.is_empty() && category.accounts.len() > 3, "{}", category.id);
            assert!(!category.title.is_empty());
        }
    }

    #[test]
    fn knowledge_with_a_mistake_is_refused() {
        let row = "[[category]]\nid=\"x\"\ntitle=\"x\"\nside=[\"incom\"]\nsign=\"\"\ncues={}\nagainst=[]\nnames=[]\naccounts=[]\naccount_against=[]\n";
        assert!(Hub::read(row, "").unwrap_err().to_string().contains("`incom` is not a side"));
        let row = row.replace("incom", "income");
        let names = "transaction_type,amount_type,name,category\nOrder,ItemPrice,Principal,y\n";
        assert!(Hub::read(&row, names).unwrap_err().to_string().contains("`y` is not a category"));
    }
}
