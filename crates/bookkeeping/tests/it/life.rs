//! An order's life: what waits, what is asked, what is split.

use bookkeeping::sales::{Held, wanted};
use bookkeeping::{CustomerMode, ProductLink};
use jiff::civil::date;
use model::{Country, Fulfilment, OrderStatus};
use money::Currency;

use crate::build::{gbp, line, order, policy};

fn code_of(result: Result<bookkeeping::sales::Wanted, Vec<bookkeeping::Problem>>) -> String {
    result.expect_err("a problem")[0].code.clone()
}

#[test]
fn a_pending_order_wants_nothing() {
    let mut order = order(vec![line("1", 1, 24_00)]);
    order.status = OrderStatus::Pending;
    order.dispatches.clear();
    order.lines[0].charges = None;
    assert_eq!(wanted(&order, &policy(), &[]), Ok(bookkeeping::sales::Wanted::default()));
}

#[test]
fn three_units_for_ten_pounds_are_two_lines_that_are_exact() {
    let draft = &wanted(&order(vec![line("1", 3, 10_00)]), &policy(), &[]).unwrap().drafts[0];
    let lines: Vec<_> = draft.lines.iter().map(|line| (line.quantity, line.unit_net, line.vat)).collect();
    assert_eq!(lines, [(2, gbp(2_78), gbp(1_11)), (1, gbp(2_77), gbp(56))]);
}

#[test]
fn the_tax_point_is_the_day_in_london() {
    let mut summer = order(vec![line("1", 1, 24_00)]);
    summer.dispatches[0].at = "2026-07-01T23:30:00Z".parse().unwrap();
    assert_eq!(wanted(&summer, &policy(), &[]).unwrap().drafts[0].issued_on, date(2026, 7, 2));
    let winter = order(vec![line("1", 1, 24_00)]);
    assert_eq!(wanted(&winter, &policy(), &[]).unwrap().drafts[0].issued_on, date(2026, 11, 5));
}

#[test]
fn an_order_without_price_is_parked_with_its_path() {
    let mut order = order(vec![line("1", 1, 24_00)]);
    order.lines[0].charges = None;
    let problems = wanted(&order, &policy(), &[]).unwrap_err();
    assert_eq!((problems[0].code.as_str(), problems[0].path.as_str()), ("no_price", "lines[1].charges"));
}

#[test]
fn an_unknown_vat_class_destination_account_or_rate_is_asked_for_and_never_guessed() {
    let order = order(vec![line("1", 1, 24_00)]);
    let mut unclassed = policy();
    unclassed.vat.default = None;
    assert_eq!(code_of(wanted(&order, &unclassed, &[])), "no_vat_class");
    let mut nowhere = order.clone();
    nowhere.ship_to = None;
    assert_eq!(code_of(wanted(&nowhere, &policy(), &[])), "unknown_destination");
    let mut unmapped = policy();
    unmapped.accounts.general.clear();
    assert_eq!(code_of(wanted(&order, &unmapped, &[])), "no_account");
    let mut euros = order.clone();
    let charges = euros.lines[0].charges.as_mut().unwrap();
    let euro = |charge: &mut model::Charge| charge.amount = money::Money::new(charge.amount.minor(), Currency::EUR);
    for charge in [
        &mut charges.item,
        &mut charges.delivery,
        &mut charges.gift_wrap,
        &mut charges.item_discount,
        &mut charges.delivery_discount,
    ] {
        euro(charge);
    }
    assert_eq!(code_of(wanted(&euros, &policy(), &[])), "no_exchange_rate");
}

#[test]
fn prices_that_fit_neither_reading_of_the_tax_are_asked_for() {
    let mut order = order(vec![line("1", 1, 24_00)]);
    let charges = order.lines[0].charges.as_mut().unwrap();
    charges.basis = model::PriceBasis::ByArithmetic;
    charges.item.tax = Some(gbp(4_00));
    charges.stated_total = Some(gbp(26_00));
    assert_eq!(code_of(wanted(&order, &policy(), &[])), "tax_basis_unclear");
}

#[test]
fn an_amount_that_changed_after_the_invoice_is_a_break_and_not_an_edit() {
    let first = order(vec![line("1", 1, 24_00)]);
    let held: Vec<Held> = wanted(&first, &policy(), &[])
        .unwrap()
        .drafts
        .into_iter()
        .map(|draft| Held { key: draft.key.clone(), draft })
        .collect();
    let changed = order(vec![line("1", 1, 25_00)]);
    assert_eq!(code_of(wanted(&changed, &policy(), &held)), "changed_after_invoice");
}

#[test]
fn fba_never_carries_a_product_and_fbm_gives_its_stock_back_when_it_is_taken_back() {
    let mut policy = policy();
    policy.products.insert("SKU-1".to_owned(), ProductLink { code: "MUG".to_owned(), stock_managed: true });
    policy.books.stock_products.insert("MUG".to_owned());
    let mut order = order(vec![line("1", 2, 24_00)]);
    let invoice = wanted(&order, &policy, &[]).unwrap().drafts.remove(0);
    assert_eq!(invoice.lines[0].product.as_ref().unwrap().as_str(), "MUG");
    order.status = OrderStatus::Cancelled;
    let held = [Held { key: invoice.key.clone(), draft: invoice }];
    let reversal = wanted(&order, &policy, &held).unwrap().drafts.remove(0);
    assert_eq!((reversal.lines[0].quantity, reversal.lines[0].unit_net), (-2, gbp(10_00)));
    order.status = OrderStatus::Shipped;
    order.fulfilment = Fulfilment::ByMarketplace;
    assert_eq!(wanted(&order, &policy, &[]).unwrap().drafts[0].lines[0].product, None);
}

#[test]
fn customers_are_shared_by_marketplace_treatment_and_border() {
    let mut order = order(vec![line("1", 1, 24_00)]);
    let code = |order: &model::Order| wanted(order, &policy(), &[]).unwrap().drafts[0].customer.code.to_string();
    assert_eq!(code(&order), "AMZUKSTD");
    order.ship_to = Country::parse("FR").ok();
    assert_eq!(code(&order), "AMZUKEXPEU");
    order.ship_to = Country::parse("US").ok();
    assert_eq!(code(&order), "AMZUKEXPRW");
}

#[test]
fn a_customer_for_each_buyer_needs_the_buyers_data() {
    let mut policy = policy();
    policy.customers.mode = CustomerMode::PerBuyer;
    let mut order = order(vec![line("1", 1, 24_00)]);
    assert_eq!(code_of(wanted(&order, &policy, &[])), "no_buyer_data");
    order.buyer = Some(model::Buyer {
        name: Some("Robert'); DROP".to_owned()),
        email: Some("A@example.invalid".to_owned()),
        ..model::Buyer::default()
    });
    let first = wanted(&order, &policy, &[]).unwrap().drafts.remove(0).customer;
    order.buyer.as_mut().unwrap().email = Some("a@example.invalid".to_owned());
    let second = wanted(&order, &policy, &[]).unwrap().drafts.remove(0).customer;
    assert_eq!((first.code.as_str(), first.name.as_str()), (second.code.as_str(), "Robert'); DROP"));
}
