//! The hub: categories of amounts, read from `data/hub.toml`, and the marketplace's known names, which are those of the fee vocabulary
//! by which settlements are posted: what is posted as storage is called storage here.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use bookkeeping::settlement::vocabulary::{self, Entry, Place, VatCode};
use serde::Deserialize;

use super::chart::Side;
use crate::text::{phrase, squeezed, words};

/// The knowledge that ships.
static SHIPPED: LazyLock<Hub> =
    LazyLock::new(|| Hub::read(include_str!("../../data/hub.toml")).expect("the shipped knowledge is tested"));

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
    /// What it is posted as, in the words of the mapping.
    pub(crate) roles: Vec<String>,
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
    roles: Vec<String>,
    title: String,
    side: Vec<String>,
    sign: String,
    cues: BTreeMap<String, f32>,
    against: Vec<String>,
    names: Vec<String>,
    accounts: Vec<Vec<String>>,
    account_against: Vec<String>,
}

impl Hub {
    /// The knowledge that ships with this version.
    pub fn shipped() -> &'static Hub {
        &SHIPPED
    }

    /// Reads categories (TOML) and joins them to the names of the fee vocabulary by role.
    ///
    /// # Errors
    ///
    /// [`HubError`]: knowledge with a mistake is not used at all.
    pub fn read(categories: &str) -> Result<Hub, HubError> {
        let file: File = toml::from_str(categories)?;
        let mut hub = Hub { categories: Vec::new(), known: HashMap::new(), names: Vec::new() };
        for row in file.category {
            let index = hub.categories.len();
            for name in &row.names {
                hub.learn(name, "", index);
            }
            hub.categories.push(category(row)?);
        }
        for entry in vocabulary::entries() {
            let Some(role) = role_word(entry) else { continue };
            let posted_as = |category: &Category| category.roles.iter().any(|own| own == role);
            let index = hub.categories.iter().position(posted_as);
            let index = index.ok_or_else(|| HubError::Word(role.to_owned(), "role of a category"))?;
            let name = told_name(entry);
            hub.learn(name, &format!("{} {}", entry.kind, entry.class), index);
            // The newer layout names the fee in the amount type and the part in the description.
            if matches!(name, "Base fee" | "Base charge") {
                hub.learn(&entry.class, &entry.kind, index);
            }
        }
        Ok(hub)
    }

    /// The category with this id.
    pub(crate) fn index_of(&self, id: &str) -> Option<usize> {
        self.categories.iter().position(|category| category.id == id)
    }

    /// Id of the category that is posted as `role`.
    pub fn category_of_role(&self, role: &str) -> Option<&str> {
        self.categories
            .iter()
            .find(|category| category.roles.iter().any(|own| own == role))
            .map(|found| found.id.as_str())
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

/// What an entry of the vocabulary is posted as; `None` for totals of other rows and duplicate views, which nobody posts.
pub fn role_word(entry: &Entry) -> Option<&'static str> {
    match (entry.meaning.vat, entry.meaning.place) {
        (VatCode::IgnoreParent | VatCode::IgnoreDup, _) | (_, Place::None) => None,
        // The VAT of a fee has a row of its own; the VAT of a sale is folded into the price.
        (VatCode::InTwoRowTax, _) => Some("VAT_IN"),
        (_, Place::Parent) => Some("VAT_OUT"),
        (_, Place::Clearing) => Some("CLEARING"),
        (_, Place::Role(role)) => Some(role.as_str()),
    }
}

/// The most telling of an entry's words: its name, or what stands above it if it has none.
pub fn told_name(entry: &Entry) -> &str {
    let whole = |text: &'_ str| !text.is_empty() && !text.starts_with(['(', '-', '*']);
    let telling = |text: &str| whole(text) && !matches!(text, "breakdown" | "column");
    let name =
        [&entry.name, &entry.class, &entry.kind].into_iter().find(|text| telling(text)).map_or("", String::as_str);
    name.trim_end_matches(['*', ' ', ':'])
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
        roles: row.roles,
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
    fn every_name_that_is_posted_is_known_by_its_role() {
        let posted = vocabulary::entries().iter().filter(|entry| role_word(entry).is_some());
        assert!(posted.count() > 500);
        let hub = Hub::shipped();
        let index = hub.index_of("storage_fee").unwrap();
        assert!(hub.known[&squeezed("FBALongTermStorageFee")].iter().any(|known| known.category == index));
    }

    #[test]
    fn knowledge_with_a_mistake_is_refused() {
        let shipped = include_str!("../../data/hub.toml");
        let refused = |from: &str, to: &str| Hub::read(&shipped.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(refused("side = [\"income\"]", "side = [\"incom\"]").contains("`incom` is not a side"));
        assert!(refused("\"FEE_STORAGE\"", "\"FEE_STORE\"").contains("`FEE_STORAGE` is not a role of a category"));
    }
}
