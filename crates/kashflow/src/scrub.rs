//! A remote's words, made fit for logs and people: short, on one line, without secrets and buyer data.

/// Characters of a remote's words that are kept.
const KEPT: usize = 500;

/// Shorter words are not taken out: they would tear holes into every sentence.
const WORD_MIN: usize = 3;

/// What stands for a word that was taken out.
const GAP: &str = "[…]";

/// Tidies `text` and takes out every one of `private`, e-mail addresses and anything that looks like a token.
pub(crate) fn scrub(text: &str, private: &[&str]) -> String {
    let one_line: String = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .fold(String::new(), |mut line, word| {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            line
        });
    let mut clean = one_line;
    // The longest first, so that no part of a word stays when a shorter one is in it.
    let mut words: Vec<String> = private
        .iter()
        .map(|word| word.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|word| word.chars().count() >= WORD_MIN)
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &words {
        clean = without(&clean, word);
    }
    let spoken: Vec<&str> = clean.split(' ').map(|word| if gives_away(word) { GAP } else { word }).collect();
    spoken.join(" ").chars().take(KEPT).collect()
}

/// `text` with every occurrence of `word`, in any case, taken out. ASCII case only: bytes keep their places.
fn without(text: &str, word: &str) -> String {
    let (haystack, needle) = (text.to_ascii_lowercase(), word.to_ascii_lowercase());
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    while let Some(found) = haystack.get(from..).and_then(|rest| rest.find(&needle)) {
        clean.push_str(text.get(from..from + found).unwrap_or_default());
        clean.push_str(GAP);
        from += found + needle.len();
    }
    clean.push_str(text.get(from..).unwrap_or_default());
    clean
}

/// An e-mail address, or 20 and more letters, digits and dashes with digits among them.
fn gives_away(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    let token = bare.len() >= 20
        && bare.bytes().any(|byte| byte.is_ascii_digit())
        && bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    token || (bare.contains('@') && bare.contains('.'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn secrets_addresses_and_tokens_are_taken_out() {
        let text = "Password hunter2 of\n JANE  KETTLE (jane@example.invalid) is wrong, token 1d2b6c88-3a0e-4f0e-8f4f-6f8a7e1c2b30.";
        let clean = scrub(text, &["hunter2", "Jane Kettle", "is"]);
        assert_eq!(clean, "Password […] of […] […] is wrong, token […]");
    }

    #[test]
    fn an_order_reference_and_a_reason_stay() {
        let text = "Invoice AMZ-203-1234567-12 was refused: 'VATLevel' 19.0000 is not one of the account's.";
        assert_eq!(scrub(text, &[]), text);
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(scrub(&"word ".repeat(400), &[]).chars().count(), 500);
    }

    proptest! {
        #[test]
        fn no_private_word_of_letters_stays(before in ".{0,30}", word in "[a-zA-Z]{6,12}", after in ".{0,30}") {
            let clean = scrub(&format!("{before}{word}{after}"), &[&word]);
            prop_assert!(!clean.to_ascii_lowercase().contains(&word.to_ascii_lowercase()), "{}", clean);
        }
    }
}
