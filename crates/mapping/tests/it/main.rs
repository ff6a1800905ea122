//! The mapping document: what it accepts and how it refuses.

use mapping::Mapping;

fn errors(change: impl FnOnce(String) -> String) -> Vec<String> {
    Mapping::parse(&change(mapping::DEFAULT.to_owned()))
        .expect_err("a refusal")
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn the_documented_default_is_a_mapping() {
    let mapping = Mapping::parse(mapping::DEFAULT).expect("the default");
    assert_eq!(mapping.version, 1);
    assert_eq!(mapping.vat.default_class, None);
}

#[test]
fn a_typo_is_answered_with_the_key_that_was_meant() {
    let found = errors(|text| text.replace("due_days", "due_dayz"));
    assert_eq!(found, ["invoices.due_dayz: this key is not known. Did you mean `due_days`?"]);
}

#[test]
fn an_account_role_that_does_not_exist_is_refused() {
    let found = errors(|text| text.replace("SHIP_INC = 4050", "SHIPPING = 4050"));
    assert!(found[0].starts_with("accounts.SHIPPING: this key is not known"), "{found:?}");
}

#[test]
fn a_word_that_is_not_possible_lists_those_that_are() {
    let found = errors(|text| text.replace("when = \"dispatch\"", "when = \"tomorrow\""));
    assert_eq!(found, ["invoices.when: `tomorrow` is not possible here. Use one of dispatch, payment"]);
}

#[test]
fn an_unknown_currency_is_refused() {
    let found = errors(|text| text.replace("home_currency = \"GBP\"", "home_currency = \"XQZ\""));
    assert!(found[0].contains("unknown currency `XQZ`"), "{found:?}");
}

#[test]
fn all_problems_are_told_at_once() {
    let found =
        errors(|text| text.replace("mode = \"shared\"", "mode = \"x\"").replace("prefix = \"AMZ-\"", "prefix = \"\""));
    assert_eq!(found.len(), 2);
}
