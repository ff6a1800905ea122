use jiff::civil::date;
use mapping::{Mapping, SchemeKind};
use model::NominalCode;
use rust_decimal::Decimal;

fn errors(text: &str) -> Vec<String> {
    Mapping::parse_profile(text).expect_err("a refusal").iter().map(ToString::to_string).collect()
}

#[test]
fn three_lines_are_a_profile() {
    let profile = Mapping::parse_profile("[[vat.schemes]]\nscheme = \"standard\"\n").expect("a profile");
    assert_eq!(profile.accounts.general["SUSPENSE"].code, NominalCode(2999));
    assert_eq!(profile.account_names()[&NominalCode(1251)], "Amazon clearing EUR (in GBP)");
    assert_eq!(profile.settlements.mode, "per_order");
}

#[test]
fn how_vat_is_accounted_for_is_never_guessed() {
    assert_eq!(
        errors(""),
        ["vat.schemes: it is not said how you account for VAT, and a guess could put every figure wrong. Write \
          [[vat.schemes]] with scheme = \"standard\", \"flat_rate\" or \"not_registered\""]
    );
}

#[test]
fn an_account_may_have_a_name_and_a_code_of_the_owners_own() {
    let profile = Mapping::parse_profile(
        "[[vat.schemes]]\nscheme = \"standard\"\n[accounts]\nSALES = { code = 4444, name = \"Shop\" }\nADS = 6201\n",
    )
    .expect("a profile");
    let names = profile.account_names();
    assert_eq!(names[&NominalCode(4444)], "Shop");
    assert_eq!(names[&NominalCode(6201)], "Amazon advertising");
    assert!(!names.contains_key(&NominalCode(4000)));
}

#[test]
fn a_vat_history_is_read_oldest_first() {
    let profile = Mapping::parse_profile(
        "[[vat.schemes]]\nscheme = \"flat_rate\"\nflat_rate = \"6.5\"\nfrom = 2025-04-01\n\
         [[vat.schemes]]\nscheme = \"not_registered\"\n[[vat.schemes]]\nscheme = \"standard\"\nfrom = \"2026-01-01\"\ncash = true\n",
    )
    .expect("a profile");
    let kinds: Vec<_> = profile.schemes().into_iter().map(|scheme| (scheme.from, scheme.scheme)).collect();
    assert_eq!(
        kinds,
        [
            (None, SchemeKind::NotRegistered),
            (Some(date(2025, 4, 1)), SchemeKind::FlatRate),
            (Some(date(2026, 1, 1)), SchemeKind::Standard)
        ]
    );
    assert!(profile.vat_registered());
}

#[test]
fn a_flat_rate_without_its_percentage_is_refused() {
    let found = errors("[[vat.schemes]]\nscheme = \"flat_rate\"\n");
    assert!(found[0].starts_with("vat.schemes[1].flat_rate: the flat-rate percentage is missing"), "{found:?}");
}

#[test]
fn costs_stand_alone_or_by_day() {
    let profile = Mapping::parse_profile(
        "[[vat.schemes]]\nscheme = \"standard\"\n[stock]\nperpetual = true\n[stock.costs]\nMUG = \"8.10\"\n\
         \"CUP-*\" = [{ from = 2025-07-01, cost = \"4.25\" }, { from = 2025-01-01, cost = \"4.00\" }]\n",
    )
    .expect("a profile");
    assert_eq!(profile.stock.costs["MUG"].0[0].cost, Decimal::new(810, 2));
    assert_eq!(profile.stock.costs["CUP-*"].0[0].from, Some(date(2025, 1, 1)));
}

#[test]
fn a_number_without_quotes_has_lost_its_digits_and_is_refused() {
    let found = errors("[[vat.schemes]]\nscheme = \"standard\"\n[rates.periods.\"2025-11\"]\nUSD = 1.32\n");
    assert!(found[0].contains("Write a number above zero in double quotes"), "{found:?}");
}

#[test]
fn a_key_that_wants_a_table_says_so() {
    let found = errors("vat = \"standard\"\n");
    assert_eq!(found, ["vat: this is a table. Write [vat] and its keys below"]);
    let found = errors("[vat.schemes]\nscheme = \"standard\"\n");
    assert_eq!(found, ["vat.schemes: this is a list of tables. Write [[vat.schemes]] and its keys below"]);
}

#[test]
fn a_rule_for_every_row_is_refused() {
    let found = errors("[[vat.schemes]]\nscheme = \"standard\"\n[[settlements.rules]]\nrole = \"ADS\"\n");
    assert!(found[0].contains("it would hold for every row"), "{found:?}");
}

#[test]
fn the_reference_names_every_role_and_every_section() {
    let text = mapping::reference();
    for role in mapping::ROLES {
        assert!(text.contains(&format!("| `{}` |", role.word)), "{}", role.word);
    }
    for section in ["[seller]", "[vat]", "[stock]", "[settlements]", "[suppliers]", "[rates]"] {
        assert!(text.contains(&format!("### `{section}`")), "{section}");
    }
}

#[test]
fn an_amount_that_is_no_whole_penny_is_refused() {
    let found = errors("[[vat.schemes]]\nscheme = \"standard\"\n[stock.costs]\nMUG = \"8.105\"\n");
    assert_eq!(found, ["stock.costs.MUG: `8.105` is not an amount of GBP. Write at most 2 decimals"]);
}
