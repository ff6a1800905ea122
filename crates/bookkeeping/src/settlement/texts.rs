//! Texts of rows, numbered. 0 is the empty text.

use std::collections::HashMap;

/// Number of a text.
pub(crate) type TextId = u32;

/// Numbered texts.
pub(crate) struct Texts {
    list: Vec<Box<str>>,
    by_text: HashMap<Box<str>, TextId>,
}

impl Default for Texts {
    fn default() -> Texts {
        Texts { list: vec!["".into()], by_text: HashMap::new() }
    }
}

impl Texts {
    /// The number of a text; 0 for an empty one, `None` if there are too many.
    pub(crate) fn number(&mut self, text: &str) -> Option<TextId> {
        if text.is_empty() {
            return Some(0);
        }
        if let Some(&id) = self.by_text.get(text) {
            return Some(id);
        }
        let id = TextId::try_from(self.list.len()).ok()?;
        self.list.push(text.into());
        self.by_text.insert(text.into(), id);
        Some(id)
    }

    pub(crate) fn get(&self, id: TextId) -> &str {
        &self.list[id as usize]
    }
}
