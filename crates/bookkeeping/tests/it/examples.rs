//! Worked examples A1 to A11: rows in, sales invoice out.

use std::collections::BTreeMap;

use bookkeeping::sales::wanted;
use bookkeeping::{Policy, VatClass, Vcs};
use model::{Charge, Country, MarketplaceTax, Order, OrderLine, PriceBasis, VatRate};
use money::{Currency, Money};
use serde_json::Value;

use crate::build::{charge, line, order, policy};

fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("../data/sales-examples.json")).expect("the examples")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

/// Builds the order that the rows of an example describe. Rows without an item belong to item 1.
fn order_of(example: &Value, currency: Currency) -> Order {
    let mut lines: BTreeMap<String, OrderLine> = BTreeMap::new();
    for row in example["input"].as_array().expect("rows") {
        let item = row["transaction_type"].as_str().unwrap_or("").trim_start_matches("Order").trim().to_owned();
        let key = if item.is_empty() { "item 1".to_owned() } else { item };
        let line = lines.entry(key.clone()).or_insert_with(|| blank(&key, currency));
        let amount = Money::parse(text(row, "amount"), currency).expect("an amount");
        add(line, text(row, "amount_type"), text(row, "amount_description"), amount);
    }
    let mut order = order(lines.into_values().filter(has_price).collect());
    let context = &example["context"];
    let country = |key: &str| Country::parse(text(context, key)).ok();
    order.ship_from = match text(context, "ship_from") {
        "outside UK" => Country::parse("CN").ok(),
        _ => country("ship_from").or_else(|| country("stock_country")),
    };
    order.ship_to = country("ship_to").or(order.ship_to);
    order.ship_to_area = None;
    order
}

fn blank(key: &str, currency: Currency) -> OrderLine {
    let mut line = line(&key.replace(' ', "-"), 1, 0);
    let none = charge(Money::zero(currency), None);
    let charges = line.charges.as_mut().expect("charges");
    (charges.item, charges.delivery, charges.gift_wrap) = (none, none, none);
    (charges.item_discount, charges.delivery_discount) = (none, none);
    line
}

fn has_price(line: &OrderLine) -> bool {
    line.charges.as_ref().is_some_and(|charges| !charges.item.amount.is_zero())
}

fn add(line: &mut OrderLine, kind: &str, description: &str, amount: Money) {
    let charges = line.charges.as_mut().expect("charges");
    let to = |charge: &mut Charge, amount: Money| charge.amount = charge.amount.plus(amount).expect("one currency");
    match (kind, description) {
        ("ItemPrice", "Principal") => to(&mut charges.item, amount),
        ("ItemPrice", "Shipping") => to(&mut charges.delivery, amount),
        ("ItemPrice", "GiftWrap") => to(&mut charges.gift_wrap, amount),
        ("Promotion", "Principal") => to(&mut charges.item_discount, amount.negated()),
        ("Promotion", "Shipping") => to(&mut charges.delivery_discount, amount.negated()),
        ("ItemPrice", "Tax") => {
            charges.item.tax = Some(amount);
            charges.basis = PriceBasis::Exclusive;
        }
        ("ItemWithheldTax", _) => charges.marketplace_tax = Some(MarketplaceTax { scheme: None }),
        _ => {}
    }
}

fn policy_of(example: &Value) -> Policy {
    let mut policy = policy();
    let context = &example["context"];
    if text(context, "establishment") == "overseas" {
        policy.seller.established = Country::parse("CN").expect("a country");
    }
    policy.seller.vcs = if text(context, "vcs") == "on" { Vcs::On } else { Vcs::Detect };
    for (sku, class) in context["sku_vat_class"].as_object().expect("classes") {
        let class = VatClass::parse(class.as_str().unwrap_or("")).expect("a class");
        match sku.as_str() {
            "*" => policy.vat.default = Some(class),
            sku => drop(policy.vat.by_sku.insert(format!("SKU-{}", sku.replace(' ', "-")), class)),
        }
    }
    if let Some(rate) = context["rate"]["value"].as_str() {
        let table = BTreeMap::from([(Currency::USD, rate.parse().expect("a rate"))]);
        policy.rates.table.insert("2026-11".to_owned(), table);
    }
    policy
}

/// (account, rate) → net and VAT in pence: what acceptance compares.
type Sums = BTreeMap<(String, String), (i64, i64)>;

fn expected(example: &Value) -> Sums {
    let mut sums = Sums::new();
    for document in example["documents"].as_array().expect("documents") {
        if text(document, "document") != "Sales invoice" {
            continue;
        }
        for line in document["lines"].as_array().expect("lines") {
            let account = text(line, "account").chars().take(4).collect();
            let rate = match text(line, "vat_rate") {
                "20" | "5" | "0" => text(line, "vat_rate").to_owned(),
                _ => "none".to_owned(),
            };
            let pence = |key: &str| Money::parse(text(line, key), Currency::GBP).expect("an amount").minor();
            let sum = sums.entry((account, rate)).or_default();
            *sum = (sum.0 + pence("net"), sum.1 + pence("vat"));
        }
    }
    sums
}

#[test]
fn the_worked_examples_give_their_sales_invoices() {
    for example in examples() {
        let id = text(&example, "id").to_owned();
        let currency = if id == "A10" { Currency::USD } else { Currency::GBP };
        let wanted = wanted(&order_of(&example, currency), &policy_of(&example), &[])
            .unwrap_or_else(|problems| panic!("{id}: {problems:?}"));
        assert_eq!(wanted.drafts.len(), 1, "{id}");
        let mut sums = Sums::new();
        for line in &wanted.drafts[0].lines {
            let rate = match line.vat_rate {
                VatRate::Percent(percent) => percent.normalize().to_string(),
                _ => "none".to_owned(),
            };
            let sum = sums.entry((line.nominal.to_string(), rate)).or_default();
            *sum = (sum.0 + line.net.minor(), sum.1 + line.vat.minor());
        }
        assert_eq!(sums, expected(&example), "{id}");
        let gross = wanted.drafts[0].gross().expect("a sum");
        assert_eq!(gross.minor(), sums.values().map(|(net, vat)| net + vat).sum::<i64>(), "{id}");
        if wanted.drafts[0].currency == Currency::GBP && id != "A10" {
            assert_eq!(wanted.drafts[0].payment.as_ref().map(|payment| payment.amount), Some(gross), "{id}");
        }
    }
}
