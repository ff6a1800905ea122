use super::*;

fn meaning(kind: &str, class: &str, name: &str) -> Option<Meaning> {
    match Vocabulary::default().look_up(Source::SettlementV2, kind, class, name) {
        Known::Yes(meaning) => Some(meaning),
        Known::Unconfirmed(_) | Known::No => None,
    }
}

#[test]
fn every_line_of_the_list_can_be_read_and_is_unique() {
    let mut seen = BTreeSet::new();
    for entry in entries() {
        assert!(seen.insert((entry.source, fold(&entry.kind), fold(&entry.class), fold(&entry.name))), "{entry:?}");
    }
    assert!(entries().len() > 500);
}

#[test]
fn case_and_blanks_do_not_matter() {
    let commission = meaning(" ORDER", "itemfees ", "commission").expect("known");
    assert_eq!(commission.place, Place::Role(Role::FeeSell));
}

#[test]
fn one_name_means_different_things_under_different_classes() {
    let of = |class: &str| meaning("Order", class, "Shipping").map(|meaning| meaning.category);
    assert_eq!(of("ItemPrice"), Some(Category::RevenueShipping));
    assert_eq!(of("Promotion"), Some(Category::PromoDiscountShipping));
    assert_eq!(of("Shipment-Fees"), Some(Category::FbaFee));
}

#[test]
fn a_name_with_a_suffix_is_known_by_its_beginning() {
    let failed = meaning("other-transaction", "other-transaction", "Transfer of funds unsuccessful: account closed");
    assert_eq!(failed.map(|meaning| meaning.category), Some(Category::TransferFailed));
    let against = meaning("Debt Adjustment", "Debt Adjustment", "Cross-Account Debt Adjustment against BE, ES");
    assert_eq!(against.map(|meaning| meaning.category), Some(Category::CrossAccount));
    let eco = "Eco-contribution for EPR Pay on Behalf - GB - Packaging - (Period 2025-10)";
    assert_eq!(meaning("AmazonFees", eco, "Base fee").map(|meaning| meaning.vat), Some(VatCode::InTwoRow));
}

#[test]
fn unknown_words_are_not_known() {
    let known = Vocabulary::default().look_up(Source::SettlementV2, "Order", "ItemFees", "SomethingNew");
    assert_eq!(known, Known::No);
}

#[test]
fn what_asks_for_a_person_waits_until_it_is_confirmed() {
    let mut words = Vocabulary::default();
    let look = |words: &Vocabulary| {
        words.look_up(Source::SettlementV2, "other-transaction", "other-transaction", "Refund Reimbursal")
    };
    assert!(matches!(look(&words), Known::Unconfirmed(_)));
    words.confirmed.insert("refund reimbursal".to_owned());
    assert!(matches!(look(&words), Known::Yes(meaning) if meaning.vat == VatCode::OutsideScope));
    let chargeback =
        |words: &Vocabulary| words.look_up(Source::SettlementV2, "Chargeback Refund", "ItemPrice", "Principal");
    assert!(matches!(chargeback(&words), Known::Unconfirmed(_)));
    words.confirmed.insert("Chargeback Refund".to_owned());
    assert!(matches!(chargeback(&words), Known::Yes(_)));
    // The promotion of a disputed sale comes back like that of a refund, and under the same confirmation.
    let promotion = |words: &Vocabulary, kind| words.look_up(Source::SettlementV2, kind, "Promotion", "Principal");
    assert!(
        matches!(promotion(&words, "Chargeback Refund"), Known::Yes(meaning) if meaning.place == Place::Role(Role::Promo))
    );
    assert!(matches!(promotion(&words, "A-to-z Guarantee Refund"), Known::Unconfirmed(_)));
    assert!(matches!(promotion(&words, "Something Refund"), Known::No));
}

#[test]
fn a_kind_that_holds_many_things_is_never_confirmed_as_a_whole() {
    let words = Vocabulary { confirmed: BTreeSet::from(["other-transaction".to_owned()]), ..Vocabulary::default() };
    let known = words.look_up(Source::SettlementV2, "other-transaction", "other-transaction", "Fee Adjustment");
    assert!(matches!(known, Known::Unconfirmed(_)));
}

#[test]
fn the_owners_rule_goes_first() {
    let rule = OwnRule {
        kind: None,
        class: None,
        name: Some("some new fee*".to_owned()),
        role: Role::FeeOther,
        vat: OwnVat::Standard,
    };
    let words = Vocabulary { own: vec![rule], ..Vocabulary::default() };
    let known = words.look_up(Source::SettlementV2, "AmazonFees", "x", "Some New Fee (March)");
    assert!(matches!(known, Known::Yes(meaning) if meaning.own && meaning.vat == VatCode::InStd20));
}

#[test]
fn a_renamed_row_gets_a_suggestion_with_a_fitting_sign() {
    let found = suggestions(Source::SettlementV2, "Order", "ItemFees", "FBAPerUnitFulfilmentFee", -335);
    assert_eq!(found[0].role, Role::FeeFba, "{found:?}");
    let income =
        suggestions(Source::SettlementV2, "other-transaction", "other-transaction", "SAFE-T Reimbursements", 1800);
    assert_eq!(income[0].role, Role::Claims, "{income:?}");
}
