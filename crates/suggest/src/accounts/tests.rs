use proptest::prelude::*;

use super::*;

fn chart() -> Chart {
    let account = |code: &str, name: &str, kind: &str| Account {
        code: code.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
    };
    Chart::new(vec![
        account("4000", "Sales", "Income"),
        account("4009", "Discounts Allowed", "Income"),
        account("4050", "Postage Income", "Income"),
        account("4900", "Other Income", "Income"),
        account("6200", "Amazon Fees", "Expense"),
        account("6220", "Storage", "Expense"),
        account("6250", "Advertising", "Expense"),
        account("7501", "Postage", "Expense"),
        account("1200", "Current Account", "Bank"),
        account("2200", "VAT", "Current Liability"),
        account("2300", "Loan", "Liability"),
    ])
}

fn term(name: &str, context: &str, direction: Option<Direction>) -> Term {
    Term { name: name.to_owned(), context: context.to_owned(), direction }
}

fn best(name: &str, context: &str, direction: Option<Direction>) -> String {
    let chart = chart();
    let suggested = Suggester::new(&chart).suggest(&term(name, context, direction));
    suggested.suggestions.first().map_or_else(String::new, |first| first.code.clone())
}

#[test]
fn a_name_is_placed_by_what_it_means_here() {
    use Direction::{Given, TakenAway};
    assert_eq!(best("FBAStorageFee", "ServiceFeeEventList / FeeList", None), "6220");
    assert_eq!(best("Shipping", "Order / ItemPrice", Some(Given)), "4050");
    assert_eq!(best("Shipping", "Order / Promotion", Some(TakenAway)), "4009");
    assert_eq!(best("Shipping", "Order / Shipment-Fees", Some(TakenAway)), "6200");
    assert_eq!(best("Cost of Advertising", "ServiceFee", None), "6250");
    assert_eq!(best("WAREHOUSE_LOST", "other-transaction / FBA Inventory Reimbursement", Some(Given)), "4900");
    assert_eq!(best("Delivery uplift", "", None), "4050");
    assert_eq!(best("Delivery uplift", "Shipment-Fees", None), "6200", "the context outweighs the word");
    assert_eq!(best("Amazon Capital Services", "other-transaction", Some(TakenAway)), "2300");
}

#[test]
fn what_is_not_understood_is_left_to_a_person() {
    let chart = chart();
    let suggester = Suggester::new(&chart);
    for name in ["Zxqv 17", "", "???", "ÄÖÜ"] {
        let suggested = suggester.suggest(&term(name, "", None));
        assert_eq!(suggested.band, Band::Review, "{name}: {suggested:?}");
    }
}

#[test]
fn with_one_account_to_choose_from_a_word_that_says_nothing_is_still_not_understood() {
    let chart = Chart::new(vec![Account { code: "1".into(), name: "Sales".into(), kind: "Income".into() }]);
    assert_eq!(Suggester::new(&chart).suggest(&term("Blub", "", None)).band, Band::Review);
}

#[test]
fn every_suggestion_says_why() {
    let chart = chart();
    let suggested = Suggester::new(&chart).suggest(&term("FBAStorageFee", "ServiceFee", None));
    let why = suggested.suggestions[0].why.join("; ");
    assert!(why.contains("known name") && why.contains("the account says \u{201c}storage\u{201d}"), "{why}");
}

#[test]
fn an_account_on_the_wrong_side_is_never_suggested_for_a_known_fee() {
    let chart = Chart::new(vec![
        Account { code: "1".into(), name: "Storage income".into(), kind: "Income".into() },
        Account { code: "2".into(), name: "Amazon fees payable".into(), kind: "Liability".into() },
    ]);
    let suggested = Suggester::new(&chart).suggest(&term("FBAStorageFee", "ServiceFee", None));
    assert!(suggested.suggestions.is_empty(), "{suggested:?}");
    assert_eq!(suggested.band, Band::Review);
}

/// The best account for `name` in a chart of (code, name, type), and its band.
fn in_chart(accounts: &[(&str, &str, &str)], name: &str) -> (String, Band) {
    let account = |(code, name, kind): &(&str, &str, &str)| Account {
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        kind: (*kind).to_owned(),
    };
    let chart = Chart::new(accounts.iter().map(account).collect());
    let suggested = Suggester::new(&chart).suggest(&term(name, "", None));
    (suggested.suggestions.first().map_or_else(String::new, |first| first.code.clone()), suggested.band)
}

#[test]
fn an_account_that_is_called_like_the_fee_beats_the_usual_account_of_its_kind() {
    let chart = [
        ("1", "Other Income", "Income"),
        ("2", "Gift Wrapping Income", "Income"),
        ("3", "Marketplace Commission", "Expense"),
        ("4", "Digital Services Levy", "Expense"),
    ];
    assert_eq!(in_chart(&chart, "GiftWrap").0, "2");
    assert_eq!(in_chart(&chart, "DigitalServicesFee").0, "4");
    assert_eq!(in_chart(&chart, "Commission").0, "3");
}

#[test]
fn a_fee_for_a_vat_service_is_never_placed_on_a_vat_account() {
    let chart = [("1", "VAT on Purchases", "Current Liability"), ("2", "Professional Fees", "Expense")];
    assert_ne!(in_chart(&chart, "VATServicesFee").0, "1");
    assert_eq!(in_chart(&chart, "VAT on fees").0, "1", "the tax on a fee is still one");
}

#[test]
fn a_name_of_mostly_unknown_words_is_left_to_a_person_although_one_word_is_known() {
    let chart = [("1", "Professional Fees", "Expense"), ("2", "Amazon Fees", "Expense")];
    assert_eq!(in_chart(&chart, "Unicorn dust levy").1, Band::Review);
    assert_ne!(in_chart(&chart, "Commission").1, Band::Review);
}

proptest! {
    #[test]
    fn any_name_gives_an_answer_with_sound_probabilities(name in ".{0,60}", context in ".{0,40}", way in 0..3) {
        let direction = [None, Some(Direction::Given), Some(Direction::TakenAway)][way as usize];
        let chart = chart();
        let suggested = Suggester::new(&chart).suggest(&term(&name, &context, direction));
        prop_assert!(suggested.suggestions.len() <= 3);
        let sum: f32 = suggested.suggestions.iter().map(|suggestion| suggestion.p).sum();
        prop_assert!((0.0..=1.01).contains(&sum), "{}", sum);
        for pair in suggested.suggestions.windows(2) {
            prop_assert!(pair[0].code != pair[1].code);
            prop_assert!(pair[0].p >= pair[1].p, "{:?}", suggested);
        }
    }
}
