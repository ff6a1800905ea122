//! Text that no spreadsheet takes for a formula.
//!
//! Descriptions come from marketplaces, order ids and SKUs from sellers, and a spreadsheet runs a cell that begins with one of a few
//! characters. Amounts are numbers and never pass here. What is written begins with an apostrophe, which spreadsheets read as
//! "this is text". A separator inside a text counts as a beginning as well: whoever opens a comma-separated file with a semicolon
//! as separator, as much of Europe does, would otherwise get new cells.

use std::borrow::Cow;

/// Characters with which a formula, a command or a hidden line may begin; full-width forms are folded by some programs.
fn begins_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠' | '﹢' | '﹣' | '−')
}

/// Characters that some program takes for the end of a cell, or drops at the beginning of one.
fn separates(character: char) -> bool {
    matches!(character, ',' | ';' | '|' | '\t' | '\r' | '\n' | '"' | '\u{feff}' | '\0')
}

/// `text` in a form that stays text in every spreadsheet: an apostrophe before each place where a formula could begin. A text without
/// such a place is as it was.
pub fn plain_text(text: &str) -> Cow<'_, str> {
    let mut safe = String::new();
    let mut beginning = true;
    let mut changed = false;
    for character in text.chars() {
        if beginning && begins_formula(character) {
            safe.push('\'');
            changed = true;
        }
        safe.push(character);
        // Blanks before a formula are dropped by some programs.
        beginning = separates(character) || (beginning && character.is_whitespace());
    }
    if changed { Cow::Owned(safe) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_begin_a_formula_becomes_text() {
        for text in ["=1+1", "+44 20", "-SUM(A1)", "@x", "\t=1", "＝1+1", "  =1", "\r\n=1", "a;=1", "a,\"=1"] {
            assert_ne!(plain_text(text), text, "{text:?}");
        }
        assert_eq!(plain_text("=1+1"), "'=1+1");
        assert_eq!(plain_text("a;=1"), "a;'=1");
    }

    #[test]
    fn an_ordinary_text_is_as_it_was() {
        for text in ["", "Storage Fee", "203-1234567-7654321", "MUG-BLUE, 2 x", "a = b", "1-14 Nov"] {
            assert!(matches!(plain_text(text), Cow::Borrowed(same) if same == text), "{text:?}");
        }
    }
}
