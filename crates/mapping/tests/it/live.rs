use mapping::{Mapping, SchemeKind};

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
    assert_eq!(mapping.schemes()[0].scheme, SchemeKind::Standard);
}

#[test]
fn every_commented_example_of_the_default_is_possible() {
    // Lines such as `# key = value` and `# [table]` are examples: without the `# ` the document must still be a mapping.
    let shown: String = mapping::DEFAULT
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(example) if example.starts_with(['[', '"']) || example.split('=').count() > 1 => example,
            _ => line,
        })
        .fold(String::new(), |text, line| text + line + "\n");
    let shown = shown.replace("vat_registered = true", "");
    if let Err(problems) = Mapping::parse(&shown) {
        panic!("{}\n{shown}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn a_typo_is_answered_with_the_key_that_was_meant() {
    let found = errors(|text| text.replace("due_days", "due_dayz"));
    assert_eq!(found, ["invoices.due_dayz: this key is not known. Did you mean `due_days`?"]);
}

#[test]
fn an_account_role_that_does_not_exist_is_refused() {
    let found = errors(|text| text.replace("SHIP_INC = 4050", "SHIPING_INC = 4050"));
    assert_eq!(found, ["accounts.SHIPING_INC: this key is not known. Did you mean `SHIP_INC`?"]);
}

#[test]
fn a_clearing_account_among_the_roles_is_told_its_place() {
    let found = errors(|text| text.replace("SALES = 4000", "SALES = 4000\nCLEARING = 1250"));
    assert!(found[0].contains("[invoices.payment.accounts]"), "{found:?}");
}

#[test]
fn a_word_that_is_not_possible_lists_those_that_are_and_says_what_the_key_means() {
    let found = errors(|text| text.replace("when = \"dispatch\"", "when = \"tomorrow\""));
    assert_eq!(
        found,
        [
            "invoices.when: `tomorrow` is not possible here. Use one of dispatch, payment (it means: when an order becomes an \
          invoice; dispatch is the UK tax point of goods)"
        ]
    );
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

#[test]
fn live_books_are_never_given_accounts_that_the_owner_did_not_choose() {
    let mapping = Mapping::parse(&mapping::DEFAULT.replace("SHIP_INC = 4050", "")).expect("a mapping");
    assert!(!mapping.accounts.general.contains_key("SHIP_INC"));
    assert_eq!(mapping.invoices.payment, None);
}
