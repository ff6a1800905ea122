//! Customers and suppliers: unique by code, found by the start of code, e-mail or name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{Extras, Json};

/// A customer or supplier.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Internal id: what a search gives, and no address.
    pub id: i64,
    /// Business key.
    pub code: String,
    /// Name.
    pub name: String,
    /// Currency code.
    pub currency: String,
    /// Contacts, as sent.
    pub contacts: Vec<Json>,
    /// Out of use.
    pub archived: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// What else a client has set.
    pub extras: Extras,
    /// Sums over its documents, home currency.
    pub figures: Figures,
}

/// Sums over the documents of a contact, in home currency.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Net.
    pub net: Decimal,
    /// VAT.
    pub vat: Decimal,
    /// Paid.
    pub paid: Decimal,
    /// Documents.
    pub count: i64,
}

/// All contacts of one side and the indexes that keep looking them up cheap.
#[derive(Default)]
pub struct Contacts {
    by_id: BTreeMap<i64, Contact>,
    id_of_code: BTreeMap<String, i64>,
    /// (index, lower-case text, id): `c` codes, `e` e-mails, `n` names.
    texts: BTreeSet<(char, String, i64)>,
    suggested: HashMap<String, u32>,
}

impl Contact {
    /// E-mail addresses of all contacts, as sent.
    pub fn emails(&self) -> impl Iterator<Item = String> {
        self.contacts.iter().filter_map(|contact| contact.get("Email")?.as_text())
    }

    fn texts(&self) -> Vec<(char, String, i64)> {
        let emails = self.emails().filter(|email| !email.is_empty()).map(|email| ('e', email.to_lowercase(), self.id));
        let own = [('c', self.code.to_lowercase(), self.id), ('n', self.name.to_lowercase(), self.id)];
        own.into_iter().chain(emails).collect()
    }
}

impl Contacts {
    /// The contact with this code, in any case.
    pub fn by_code(&self, code: &str) -> Option<&Contact> {
        self.by_id.get(self.id_of_code.get(&code.to_uppercase())?)
    }

    /// The contact with this internal id.
    pub fn by_id(&self, id: i64) -> Option<&Contact> {
        self.by_id.get(&id)
    }

    pub(in crate::kashflow) fn figures_mut(&mut self, id: i64) -> Option<&mut Figures> {
        self.by_id.get_mut(&id).map(|contact| &mut contact.figures)
    }

    /// Ids of contacts in the order of their codes.
    pub fn ids_by_code(&self) -> impl DoubleEndedIterator<Item = i64> {
        self.id_of_code.values().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Adds or replaces a contact.
    pub(in crate::kashflow) fn put(&mut self, contact: Contact) {
        if let Some(old) = self.by_id.get(&contact.id) {
            let (texts, code) = (old.texts(), old.code.to_uppercase());
            texts.iter().for_each(|text| _ = self.texts.remove(text));
            self.id_of_code.remove(&code);
        }
        self.texts.extend(contact.texts());
        self.id_of_code.insert(contact.code.to_uppercase(), contact.id);
        self.by_id.insert(contact.id, contact);
    }

    pub(in crate::kashflow) fn remove(&mut self, id: i64) {
        if let Some(old) = self.by_id.remove(&id) {
            old.texts().iter().for_each(|text| _ = self.texts.remove(text));
            self.id_of_code.remove(&old.code.to_uppercase());
        }
    }

    /// Ids of contacts whose code (`c`), e-mail (`e`) or name (`n`) starts with `text`, in any case.
    pub fn starting_with(&self, index: char, text: &str) -> BTreeSet<i64> {
        let text = text.trim().to_lowercase();
        let from = (index, text.clone(), i64::MIN);
        let hits = self.texts.range(from..).take_while(|(own, start, _)| *own == index && start.starts_with(&text));
        hits.map(|(_, _, id)| *id).collect()
    }

    /// A free code in the vendor's style: up to three letters of the name and a number.
    pub fn suggest_code(&mut self, name: &str) -> String {
        let letters: String =
            name.chars().filter(char::is_ascii_alphanumeric).take(3).collect::<String>().to_uppercase();
        let stem = if letters.is_empty() { "CUS".to_owned() } else { letters };
        let mut number = self.suggested.get(&stem).copied().unwrap_or(1);
        while self.id_of_code.contains_key(&format!("{stem}{number:02}")) {
            number += 1;
        }
        self.suggested.insert(stem.clone(), number);
        format!("{stem}{number:02}")
    }
}
