//! What the worked examples do not reach.

use std::collections::BTreeMap;

use bookkeeping::settlement::vocabulary::{OwnRule, OwnVat};
use bookkeeping::settlement::{
    Deferral, Earlier, Evidence, KnownLine, KnownOrder, Method, Mode, RowPlace, Rules, reclass,
};
use bookkeeping::{Role, VatClass};
use jiff::civil::date;
use model::{Country, Draft, NominalCode, Settlement, VatRate};
use money::{Currency, Money};

use super::rows::{Row, head, in_mode, numbered, post, post_with, rules};
use super::worlds::gbp;

const ORDER: &str = "203-0000001-0000001";

fn sale(minor: i64) -> Row {
    let mut row = Row::new("Order", "ItemPrice", "Principal", gbp(minor)).of(ORDER, "L1");
    row.quantity = Some(1);
    row
}

fn other(name: &str, minor: i64) -> Row {
    Row::new("other-transaction", "other-transaction", name, gbp(minor))
}

fn knowing(order: KnownOrder) -> Evidence {
    Evidence { orders: BTreeMap::from([(ORDER.to_owned(), order)]), ..Evidence::default() }
}

fn balance(posted: &bookkeeping::settlement::Posted, code: u32) -> i64 {
    posted.ledger.balance(NominalCode(code), Currency::GBP).minor()
}

fn codes(posted: &bookkeeping::settlement::Posted) -> Vec<&'static str> {
    posted.tasks.iter().map(|task| task.code).collect()
}

/// An order whose invoice of `minor` was posted at dispatch.
fn invoiced(minor: i64) -> KnownOrder {
    let posted = post(&numbered(vec![sale(minor)]), &in_mode(Mode::PerOrder));
    let held = posted.documents.into_iter().filter_map(|document| match document {
        Draft::Sales(draft) => Some(draft),
        _ => None,
    });
    KnownOrder { held: held.collect(), invoices: 1, ..KnownOrder::default() }
}

#[test]
fn an_invoice_that_was_posted_at_dispatch_is_not_posted_again() {
    let rows = numbered(vec![sale(24_00), Row::new("Order", "ItemFees", "Commission", gbp(-4_40)).of(ORDER, "L1")]);
    for mode in [Mode::PerOrder, Mode::Daily, Mode::Settlement] {
        let posted =
            post_with(&rows, &in_mode(mode), &knowing(invoiced(24_00)), &head(&rows)).expect("nothing stops it");
        assert!(!posted.documents.iter().any(|document| matches!(document, Draft::Sales(_))));
        assert_eq!(posted.links.of_row(2), Some(RowPlace::Held));
        assert_eq!(posted.clearing.posted_before, gbp(24_00));
        assert!(posted.clearing.after.is_zero() && posted.explained, "{:?}", posted.clearing);
    }
}

#[test]
fn pennies_between_invoice_and_rows_go_to_rounding_and_more_is_adjusted() {
    let near = numbered(vec![sale(24_02)]);
    let posted = post_with(&near, &rules(), &knowing(invoiced(24_00)), &head(&near)).expect("nothing stops it");
    assert_eq!((balance(&posted, 7950), codes(&posted)), (-2, vec![]));
    let far = numbered(vec![sale(25_20)]);
    let posted = post_with(&far, &rules(), &knowing(invoiced(24_00)), &head(&far)).expect("nothing stops it");
    assert_eq!((balance(&posted, 4000), balance(&posted, 2200)), (-1_00, -20));
    assert_eq!(codes(&posted), ["differs_from_invoice"]);
    assert!(posted.explained);
}

#[test]
fn deferred_money_that_is_not_released_stays_on_its_own_account() {
    let deferral = Deferral { shipped_on: Some(date(2025, 11, 3)), released_on: None };
    let evidence = knowing(KnownOrder { deferral: Some(deferral), ..KnownOrder::default() });
    let rows = numbered(vec![sale(24_00)]);
    let head = Settlement { deposit_on: None, ..head(&rows) };
    let posted = post_with(&rows, &rules(), &evidence, &head).expect("nothing stops it");
    assert_eq!((balance(&posted, 1256), balance(&posted, 1250)), (24_00, 0));
    assert_eq!(posted.documents[0].on(), date(2025, 11, 3));
    assert!(posted.explained);
}

#[test]
fn rows_that_do_not_sum_to_the_total_post_nothing_until_a_person_accepts_the_difference() {
    let rows = numbered(vec![sale(24_00)]);
    let head = Settlement { total: gbp(20_00), ..head(&rows) };
    let problems = post_with(&rows, &rules(), &Evidence::default(), &head).expect_err("it is not balanced");
    assert_eq!(problems[0].code, "unbalanced");
    assert!(problems[0].reason.contains("-4.00 GBP"), "{}", problems[0].reason);
    let accepted = Evidence { accepted_difference: Some(gbp(-4_00)), ..Evidence::default() };
    let posted = post_with(&rows, &rules(), &accepted, &head).expect("a person accepted it");
    assert_eq!((balance(&posted, 2999), balance(&posted, 1200)), (4_00, 20_00));
    assert!(posted.explained);
}

#[test]
fn another_currency_among_the_rows_posts_nothing() {
    let mut rows = numbered(vec![sale(24_00), sale(1_00)]);
    rows[1].amount = Money::new(1_00, Currency::EUR);
    let head = head(&rows[..1]);
    let problems = post_with(&rows, &rules(), &Evidence::default(), &head).expect_err("currencies are mixed");
    assert_eq!(problems[0].code, "mixed_currencies");
}

#[test]
fn an_unknown_row_waits_with_its_sum_and_a_later_rule_shows_what_it_would_have_been() {
    let rows = numbered(vec![sale(24_00), other("Brand new fee", -1_20), other("Brand new fee", -2_40)]);
    let before = post(&rows, &rules());
    let task = before.unmapped().next().expect("a task");
    assert_eq!((task.code, task.sum, task.count, task.line), ("unknown_row", gbp(-3_60), 2, 3));
    let mut later = rules();
    later.vocabulary.own.push(OwnRule {
        kind: None,
        class: None,
        name: Some("brand new*".to_owned()),
        role: Role::FeeOther,
        vat: OwnVat::None,
    });
    let after = post(&rows, &later);
    assert!(after.tasks.is_empty());
    let accounts = &later.policy.accounts;
    let found = reclass(&before, &after, &head(&rows), accounts, Currency::GBP, date(2025, 12, 1));
    let journal = found.expect("a sum").journal.expect("no VAT is touched");
    let lines: Vec<_> = journal.lines.iter().map(|line| (line.nominal.0, line.amount.minor())).collect();
    assert_eq!(lines, [(2999, -3_60), (6240, 3_60)]);
}

#[test]
fn a_rule_that_touches_vat_proposes_documents_and_no_journal() {
    let rows = numbered(vec![sale(24_00), other("Brand new fee", -1_20)]);
    let mut later = rules();
    later.vocabulary.own.push(OwnRule {
        kind: None,
        class: None,
        name: Some("brand new fee".to_owned()),
        role: Role::FeeOther,
        vat: OwnVat::Standard,
    });
    let (before, after) = (post(&rows, &rules()), post(&rows, &later));
    let accounts = &later.policy.accounts;
    let found = reclass(&before, &after, &head(&rows), accounts, Currency::GBP, date(2025, 12, 1)).expect("a sum");
    assert!(found.journal.is_none());
    assert!(matches!(found.new.as_slice(), [Draft::Purchase(bill)] if bill.vat().expect("a sum") == gbp(20)));
    assert_eq!(found.gone.len(), 1, "what waited on suspense is taken back: {:?}", found.gone);
    assert!(
        reclass(&before, &before, &head(&rows), accounts, Currency::GBP, date(2025, 12, 1)).expect("a sum").is_empty()
    );
}

#[test]
fn a_locked_period_moves_documents_to_the_first_open_day_and_lists_them() {
    let mut locked = in_mode(Mode::PerOrder);
    locked.periods.locked_until = Some(date(2025, 11, 30));
    let posted = post(&numbered(vec![sale(24_00)]), &locked);
    let Draft::Sales(invoice) = &posted.documents[0] else { panic!("an invoice comes first") };
    assert_eq!(invoice.issued_on, date(2025, 12, 1));
    assert!(invoice.lines[0].description.contains("2025-11-05"), "{}", invoice.lines[0].description);
    assert_eq!((posted.late[0].document, posted.late[0].true_on), (0, date(2025, 11, 5)));
}

#[test]
fn a_settlement_over_a_month_end_has_documents_on_both_sides_by_london_days() {
    let mut rows = vec![sale(24_00), sale(12_00)];
    rows[0].at = Some("2026-03-31T22:59:59Z".parse().expect("a moment"));
    rows[1].at = Some("2026-03-31T23:30:00Z".parse().expect("a moment"));
    rows[1] = rows[1].clone().of("203-0000001-0000002", "L1");
    let posted = post(&numbered(rows), &in_mode(Mode::Settlement));
    let days: Vec<_> = posted.documents.iter().filter(|d| matches!(d, Draft::Sales(_))).map(Draft::on).collect();
    assert_eq!(days, [date(2026, 3, 31), date(2026, 4, 1)]);
}

#[test]
fn straight_on_the_bank_is_refused_where_it_cannot_be() {
    let direct = Rules { method: Method::DirectBank, ..in_mode(Mode::Settlement) };
    let plain = numbered(vec![sale(24_00)]);
    let posted = post(&plain, &direct);
    assert_eq!((balance(&posted, 1200), balance(&posted, 1250)), (24_00, 0));
    assert!(posted.explained, "{:?}", posted.clearing);
    let reserved = numbered(vec![sale(24_00), other("Current Reserve Amount", -5_00)]);
    let refused = post_with(&reserved, &direct, &Evidence::default(), &head(&reserved)).expect_err("a reserve");
    assert_eq!(refused[0].code, "direct_bank_impossible");
}

#[test]
fn the_payout_as_a_row_is_not_counted() {
    let mut rows = numbered(vec![sale(24_00)]);
    let head = head(&rows);
    rows.push(Row::new("Transfer", "Transfer", "To your bank account", gbp(-24_00)));
    rows[1].line = 3;
    let posted = post_with(&rows, &rules(), &Evidence::default(), &head).expect("the head is the authority");
    assert_eq!((balance(&posted, 1200), posted.links.of_row(3)), (24_00, Some(RowPlace::Ignored)));
}

#[test]
fn goodwill_above_the_price_is_compensation_and_takes_no_vat() {
    let line = KnownLine {
        gross: gbp(24_00),
        vat: gbp(4_00),
        class: Some(VatClass::Standard),
        refunded: gbp(0),
        refunded_vat: gbp(0),
    };
    let known = KnownOrder { lines: BTreeMap::from([("L1".to_owned(), line)]), ..KnownOrder::default() };
    let refund = |name: &str, minor| {
        let mut row = Row::new("Refund", "ItemPrice", name, gbp(minor)).of(ORDER, "L1");
        "A1".clone_into(&mut row.adjustment);
        row
    };
    let rows = numbered(vec![refund("Principal", -24_00), refund("Goodwill", -6_00)]);
    for mode in [Mode::PerOrder, Mode::Daily, Mode::Settlement] {
        let posted = post_with(&rows, &in_mode(mode), &knowing(known.clone()), &head(&rows)).expect("nothing stops it");
        assert_eq!((balance(&posted, 2200), balance(&posted, 6280)), (4_00, 6_00), "{mode:?}");
        assert!(posted.explained);
    }
}

#[test]
fn partial_refunds_give_back_vat_by_what_was_refunded_to_date() {
    let mut rows = vec![sale(24_00)];
    for number in 1..=3 {
        let mut row = Row::new("Refund", "ItemPrice", "Principal", gbp(-8_00)).of(ORDER, "L1");
        row.adjustment = format!("A{number}");
        row.at = Some(format!("2025-11-0{}T12:00:00Z", 5 + number).parse().expect("a moment"));
        rows.push(row);
    }
    let posted = post(&numbered(rows), &in_mode(Mode::PerOrder));
    let vat: Vec<i64> = posted
        .documents
        .iter()
        .filter_map(|document| match document {
            Draft::Sales(draft) => Some(draft.vat().expect("a sum").minor()),
            _ => None,
        })
        .collect();
    assert_eq!(vat, [4_00, -1_33, -1_34, -1_33]);
}

#[test]
fn vat_withheld_within_the_uk_from_a_uk_seller_is_an_alarm_and_not_a_zero_rate() {
    let mut rows = vec![sale(20_00), sale(4_00), sale(-4_00)];
    rows[1].name = "Tax".to_owned();
    (rows[2].class, rows[2].name) = ("ItemWithheldTax".to_owned(), "MarketplaceFacilitatorVAT-Principal".to_owned());
    let posted = post(&numbered(rows), &rules());
    assert_eq!((balance(&posted, 2200), balance(&posted, 2216)), (-4_00, 4_00));
    assert_eq!((posted.tasks[0].code, posted.tasks[0].high_priority), ("marketplace_collects_uk_vat", true));
}

#[test]
fn fulfilment_is_taxed_by_where_the_parcel_went() {
    let fee = Row::new("Order", "ItemFees", "FBAPerUnitFulfillmentFee", gbp(-3_60)).of(ORDER, "L1");
    let rows = numbered(vec![fee]);
    let to = |country: &str| knowing(KnownOrder { ship_to: Country::parse(country).ok(), ..KnownOrder::default() });
    let vat = |evidence: &Evidence| {
        let posted = post_with(&rows, &rules(), evidence, &head(&rows)).expect("nothing stops it");
        balance(&posted, 2201)
    };
    assert_eq!((vat(&to("GB")), vat(&to("FR")), vat(&Evidence::default())), (60, 0, 60));
}

#[test]
fn fees_of_poland_carry_local_vat_and_german_advertising_reverse_charge() {
    let mut polish = Row::new("Order", "ItemFees", "Commission", gbp(-1_23)).of(ORDER, "L1");
    "Amazon.pl".clone_into(&mut polish.marketplace);
    let mut german = Row::new("ServiceFee", "Cost of Advertising", "TransactionTotalAmount", gbp(-10_00));
    "Amazon.de".clone_into(&mut german.marketplace);
    let posted = post(&numbered(vec![polish, german]), &rules());
    let rates: Vec<VatRate> = posted
        .documents
        .iter()
        .filter_map(|document| match document {
            Draft::Purchase(draft) => Some(draft.lines[0].vat_rate),
            _ => None,
        })
        .collect();
    assert_eq!(rates, [VatRate::ReverseCharge, VatRate::NoVat]);
    assert_eq!((balance(&posted, 2201), balance(&posted, 2200)), (2_00, -2_00));
}

#[test]
fn an_unknown_marketplace_or_class_waits_and_the_rest_posts() {
    let mut strange = sale(24_00);
    "Amazon.nowhere".clone_into(&mut strange.marketplace);
    let mut without = rules();
    without.policy.vat.default = None;
    let posted = post(&numbered(vec![strange, other("Storage Fee", -1_20)]), &rules());
    assert_eq!((codes(&posted), balance(&posted, 2999)), (vec!["unknown_marketplace"], -24_00));
    assert_eq!(balance(&posted, 6220), 1_00);
    let posted = post(&numbered(vec![sale(24_00)]), &without);
    assert_eq!(codes(&posted), ["no_vat_class"]);
}

#[test]
fn a_foreign_settlement_without_a_rate_posts_nothing() {
    let mut row = sale(0);
    row.amount = Money::new(24_00, Currency::EUR);
    "Amazon.de".clone_into(&mut row.marketplace);
    let rows = numbered(vec![row]);
    let problems = post_with(&rows, &rules(), &Evidence::default(), &head(&rows)).expect_err("no rate");
    assert_eq!(problems[0].code, "no_exchange_rate");
}

#[test]
fn the_sum_of_converted_rows_is_the_converted_sum() {
    let mut euros = in_mode(Mode::Settlement);
    let table = BTreeMap::from([(Currency::EUR, "1.1850".parse().expect("a rate"))]);
    euros.policy.rates.table.insert("2025-11".to_owned(), table);
    let rows: Vec<Row> = (0..40)
        .map(|number| {
            let mut row = sale(0).of(&format!("203-0000001-00000{number:02}"), "L1");
            row.amount = Money::new(1_01, Currency::EUR);
            "Amazon.de".clone_into(&mut row.marketplace);
            row
        })
        .collect();
    let rows = numbered(rows);
    let head = Settlement { deposit_on: None, ..head(&rows) };
    for mode in [Mode::PerOrder, Mode::Daily, Mode::Settlement] {
        let rules = Rules { mode, ..euros.clone() };
        let posted = post_with(&rows, &rules, &Evidence::default(), &head).expect("nothing stops it");
        assert_eq!(balance(&posted, 1251), 34_09); // 40.40 / 1.1850
        assert_eq!(balance(&posted, 7950), -9); // 40 rows of 0.85 are 34.00
        assert!(posted.explained);
    }
}

#[test]
fn reserve_and_debt_that_do_not_chain_are_said_and_not_explained_away() {
    let rows = numbered(vec![sale(24_00), other("Previous Reserve Amount Balance", 5_00)]);
    let earlier = |reserve| Evidence {
        earlier: Some(Earlier { total: gbp(10_00), reserve: Some(gbp(reserve)), clearing: None }),
        ..Evidence::default()
    };
    let fits = post_with(&rows, &rules(), &earlier(5_00), &head(&rows)).expect("nothing stops it");
    assert!(fits.explained);
    let breaks = post_with(&rows, &rules(), &earlier(7_00), &head(&rows)).expect("nothing stops it");
    assert_eq!((breaks.explained, codes(&breaks)), (false, vec!["reserve_chain"]));
}

#[test]
fn a_broken_row_waits_and_its_amount_counts() {
    let rows = numbered(vec![sale(24_00)]);
    let rules = rules();
    let evidence = Evidence::default();
    let head = Settlement { total: gbp(25_00), ..head(&rows) };
    let source = bookkeeping::settlement::vocabulary::Source::SettlementV2;
    let mut poster = bookkeeping::settlement::Poster::new(&rules, &evidence, source, Currency::GBP);
    poster.push(&rows[0].borrowed());
    poster.push_broken(3, gbp(1_00), None);
    let posted = poster.finish(&head).expect("nothing stops it");
    assert_eq!((codes(&posted), balance(&posted, 2999)), (vec!["broken_row"], -1_00));
}
