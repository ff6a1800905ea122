//! The worked examples of the accounting rules, each as rows, rules and evidence. The translation is generic: nothing knows an example.

mod translate;

use std::collections::BTreeMap;

use bookkeeping::settlement::Ledger;
use model::{Draft, VatRate};
use money::{Currency, Money};
use serde_json::Value;

use translate::{post, text};

/// (account, rate) → net and VAT in pence.
type Sums = BTreeMap<(String, String), (i64, i64)>;

fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../data/accounting-examples.json")).expect("the examples")
}

#[track_caller]
fn check(id: &str) {
    let example = examples().into_iter().find(|example| text(example, "id") == id).expect("an example");
    let posted = post(&example);
    let accounts = &posted.rules.policy.accounts;
    let mut ledger = Ledger::default();
    let mut sums = Sums::new();
    for settlement in &posted.settlements {
        assert!(settlement.explained, "{id}: {:?}", settlement.clearing);
        assert!(settlement.unmapped().next().is_none(), "{id}: {:?}", settlement.tasks);
        ledger = ledger.plus(&settlement.ledger).expect("a sum");
        for document in &settlement.documents {
            add(&mut sums, document, &|code| accounts.title(code));
        }
    }
    let found: BTreeMap<String, String> =
        ledger.iter().map(|(code, amount)| (accounts.title(code), amount.digits())).collect();
    let wanted: BTreeMap<String, String> = example["ledger_dr_positive"]
        .as_object()
        .expect("a ledger")
        .iter()
        .map(|(account, amount)| (account.clone(), amount.as_str().expect("an amount").to_owned()))
        .collect();
    assert_eq!(found, wanted, "{id}");
    assert_eq!(without(sums, &abridged(&example)), without(expected(&example), &abridged(&example)), "{id}");
}

fn add(sums: &mut Sums, document: &Draft, title: &dyn Fn(model::NominalCode) -> String) {
    let mut line = |nominal, rate, net: Money, vat: Money| {
        let sum = sums.entry((title(nominal), word(rate))).or_default();
        *sum = (sum.0 + net.minor(), sum.1 + vat.minor());
    };
    match document {
        Draft::Sales(draft) => {
            draft.lines.iter().for_each(|own| line(own.nominal, own.vat_rate, own.net, own.vat));
        }
        Draft::Purchase(draft) => {
            draft.lines.iter().for_each(|own| line(own.nominal, own.vat_rate, own.net, own.vat));
        }
        Draft::Bank(draft) => {
            line(draft.nominal, draft.vat_rate, draft.amount.minus(draft.vat).expect("a net"), draft.vat);
        }
        Draft::Transfer(_) | Draft::Journal(_) | Draft::Payment(_) | Draft::Allocation(_) => {}
    }
}

fn word(rate: VatRate) -> String {
    match rate {
        VatRate::Percent(percent) => percent.normalize().to_string(),
        VatRate::Exempt => "exempt".to_owned(),
        VatRate::OutsideScope => "outside scope".to_owned(),
        VatRate::NoVat => "none".to_owned(),
        VatRate::ReverseCharge => "reverse charge".to_owned(),
        VatRate::OneStopShop { country, percent } => format!("OSS {country} {} %", percent.normalize()),
    }
}

fn expected(example: &Value) -> Sums {
    let mut sums = Sums::new();
    for line in lines(example).filter(|line| line["net"].is_string()) {
        let pence = |key: &str| Money::parse(text(line, key), Currency::GBP).expect("an amount").minor();
        let sum = sums.entry((text(line, "account").to_owned(), text(line, "vat_rate").to_owned())).or_default();
        *sum = (sum.0 + pence("net"), sum.1 + pence("vat"));
    }
    sums
}

/// Accounts of documents that the example shortens to one line without VAT: their sums are not there to compare.
fn abridged(example: &Value) -> Vec<String> {
    let documents = example["documents"].as_array().expect("documents").iter();
    documents
        .filter(|document| text(document, "document").starts_with("Abridged"))
        .flat_map(|document| document["lines"].as_array().expect("lines"))
        .map(|line| text(line, "account").to_owned())
        .collect()
}

fn lines(example: &Value) -> impl Iterator<Item = &Value> {
    let documents = example["documents"].as_array().expect("documents").iter();
    documents.filter_map(|document| document["lines"].as_array()).flatten()
}

fn without(sums: Sums, accounts: &[String]) -> Sums {
    sums.into_iter().filter(|((account, _), sum)| !accounts.contains(account) && *sum != (0, 0)).collect()
}

#[test]
fn every_example_has_its_test() {
    let source = include_str!("mod.rs");
    for example in examples() {
        let id = text(&example, "id");
        assert!(source.contains(&format!("check(\"{id}\")")), "{id} has no test");
    }
}

#[test]
fn a1_uk_domestic_sale_20_fba_vcs_off() {
    check("A1");
}

#[test]
fn a2_the_same_sale_vcs_on_principal_is_net_tax_is_separate_identical() {
    check("A2");
}

#[test]
fn a3_zero_rated_sale_printed_book() {
    check("A3");
}

#[test]
fn a4_reduced_rate_5_child_car_seat_fbm() {
    check("A4");
}

#[test]
fn a5_mixed_rate_order_with_delivery_free_delivery_promotion_gift_wrap_and_coupon() {
    check("A5");
}

#[test]
fn a6_marketplace_is_deemed_supplier_overseas_established_seller_goods_already_in_the_uk() {
    check("A6");
}

#[test]
fn a7_consignment_of_135_pounds_or_less_goods_outside_the_uk_at_the() {
    check("A7");
}

#[test]
fn a8_uk_stock_sold_to_a_consumer_in_france_at_most_150_euro() {
    check("A8");
}

#[test]
fn a9_union_oss_stock_in_germany_seller_with_an_eu_establishment_sells_to() {
    check("A9");
}

#[test]
fn a10_us_sale_marketplace_facilitator_sales_tax_hmrc_monthly_rate_1_3200_usd() {
    check("A10");
}

#[test]
fn a11_b2b_order_isbusinessorder_uk_buyer_with_vat_number() {
    check("A11");
}

#[test]
fn b1_fee_before_1_august_2024_luxembourg_supplier_reverse_charge() {
    check("B1");
}

#[test]
fn b2_newer_two_row_fee_layout() {
    check("B2");
}

#[test]
fn b3_a_month_of_account_level_charges_all_deducted_from_the_settlement_20() {
    check("B3");
}

#[test]
fn b4_flat_rate_scheme_trader_retail_7_5_same_lines_as_a1() {
    check("B4");
}

#[test]
fn b5_seller_not_registered_for_vat_same_lines_as_a1() {
    check("B5");
}

#[test]
fn c1_partial_refund_of_10_00_on_a1_with_referral_fee_returned_and() {
    check("C1");
}

#[test]
fn c2_full_refund_with_restocking_fee_kept_20_of_price() {
    check("C2");
}

#[test]
fn c3_refund_of_a_promoted_item() {
    check("C3");
}

#[test]
fn c4_seller_funded_goodwill_on_an_order_item_treated_as_price_reduction() {
    check("C4");
}

#[test]
fn c5_chargeback() {
    check("C5");
}

#[test]
fn c6_a_to_z_claim_debited_then_recovered_on_appeal_while_the_buyer() {
    check("C6");
}

#[test]
fn c7_safe_t_reimbursement() {
    check("C7");
}

#[test]
fn c8_fba_reimbursements_and_a_clawback_with_stock_movements_unit_cost_4_25() {
    check("C8");
}

#[test]
fn d1_amazon_lending_repayment_of_120_00_112_50_principal_7_50_interest() {
    check("D1");
}

#[test]
fn d2_reserve_settlement_1_holds_150_00_settlement_2_releases_it_and_holds() {
    check("D2");
}

#[test]
fn d3_failed_transfer_the_350_00_of_the_earlier_payout_comes_back_next() {
    check("D3");
}

#[test]
fn d4_negative_settlement_carried_forward_no_deposit_next_settlement_pays_65_51() {
    check("D4");
}

#[test]
fn d5_settlement_that_crosses_a_month_end_25_jun_to_9_jul_310() {
    check("D5");
}

#[test]
fn d6_eur_settlement_converted_by_amazon_currency_converter_412_30_eur_hmrc_monthly() {
    check("D6");
}

#[test]
fn d7_deferred_transaction_dd_7_shipped_27_nov_delivered_29_nov_released_7() {
    check("D7");
}

#[test]
fn d8_cost_of_goods_sold_for_a1_perpetual_stock_unit_cost_8_10() {
    check("D8");
}

#[test]
fn f1_complete_settlement_1_14_nov_per_order_mode() {
    check("F1");
}

#[test]
fn f2_the_same_settlement_settlement_summary_mode_same_ledger_to_the_penny() {
    check("F2");
}
