//! From the words of the examples' file to rows, rules and evidence.

use std::collections::BTreeMap;

use bookkeeping::settlement::vocabulary::{OwnRule, OwnVat};
use bookkeeping::settlement::{
    BankLine, Deferral, Earlier, Evidence, FeeForm, KnownLine, KnownOrder, LoanSplit, Mode, Oss, Posted, Rules,
};
use bookkeeping::{Role, VatClass, VatHistory, VatScheme, Vcs};
use jiff::Timestamp;
use jiff::civil::Date;
use model::{Country, Settlement};
use money::{Currency, Money};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::settlement::rows::{Row, numbered, post_with, rules};

/// Kinds of rows; what follows them in the file is a label of the order or item.
const KINDS: &[&str] =
    &["A-to-z Guarantee Refund", "Chargeback Refund", "Order", "Refund", "other-transaction", "ServiceFee", "FBAFees"];
/// What trading rows that the file only sums up are called here.
const ABRIDGED: &str = "Trading rows, abridged";

pub struct Translated {
    pub rules: Rules,
    pub settlements: Vec<Posted>,
}

pub fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}

pub fn post(example: &Value) -> Translated {
    let rules = rules_of(example);
    let mut settlements = Vec::new();
    let mut earlier = None;
    let default = vec![Value::Null];
    let heads = example["settlements"].as_array().unwrap_or(&default);
    for settlement in heads {
        let currency = currency(example, settlement);
        let rows = numbered(rows_of(example, settlement, currency));
        let head = head_of(example, settlement, currency, &rows);
        let evidence = Evidence { earlier, bank: bank_of(example, &head), ..evidence_of(example) };
        settlements.push(post_with(&rows, &rules, &evidence, &head).expect("nothing stops it"));
        let held = rows.iter().find(|row| row.name == "Current Reserve Amount").map(|row| row.amount.negated());
        earlier = Some(Earlier { total: head.total, reserve: held, clearing: None });
    }
    Translated { rules, settlements }
}

fn currency(example: &Value, settlement: &Value) -> Currency {
    let word = settlement["currency"].as_str().unwrap_or(text(example, "currency"));
    Currency::parse(word).expect("a currency")
}

fn money(text: &str, currency: Currency) -> Money {
    Money::parse(text, currency).expect("an amount")
}

fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

fn noon(day: Date) -> Timestamp {
    format!("{day}T12:00:00Z").parse().expect("a moment")
}

fn rules_of(example: &Value) -> Rules {
    let context = &example["context"];
    let mut rules = rules();
    let policy = &mut rules.policy;
    if text(context, "establishment") == "overseas" {
        policy.seller.established = Country::parse("CN").expect("a country");
    }
    let scheme = match text(context, "vat_scheme") {
        "standard" => VatScheme::Standard,
        "not registered" => VatScheme::NotRegistered,
        flat => {
            let percent = flat.trim_start_matches("flat rate ").trim_end_matches(" %");
            rules.journals.flat_rate = true;
            VatScheme::FlatRate { percent: percent.parse().expect("a percentage") }
        }
    };
    policy.seller.vat = VatHistory::always(scheme);
    policy.seller.vcs = match text(context, "vcs") {
        "on" => Vcs::On,
        "off" => Vcs::Off,
        _ => Vcs::Detect,
    };
    for (key, class) in context["sku_vat_class"].as_object().expect("classes") {
        let class = VatClass::parse(class.as_str().expect("a class")).expect("a class");
        match key.as_str() {
            "*" => policy.vat.default = Some(class),
            key => drop(policy.vat.by_sku.insert(key.to_owned(), class)),
        }
    }
    policy.vat.by_sku.insert(ABRIDGED.to_owned(), VatClass::Zero);
    if let Some(rate) = context["rate"]["value"].as_str() {
        let foreign = Currency::parse(&text(&context["rate"], "pair")[..3]).expect("a currency");
        let table = BTreeMap::from([(foreign, rate.parse::<Decimal>().expect("a rate"))]);
        policy.rates.table.insert(text(context, "posted_date")[..7].to_owned(), table);
    }
    if let Ok(country) = Country::parse(text(context, "stock_country")) {
        policy.seller.ship_from = country;
    }
    rules.fees = match text(context, "fee_form") {
        "bill" => Some(FeeForm::Bill),
        _ => Some(FeeForm::Bank),
    };
    rules.mode = if text(context, "mode") == "per_order" { Mode::PerOrder } else { Mode::Settlement };
    rules.eu_establishment = context["eu_establishment"] == Value::Bool(true);
    rules.oss = (text(context, "oss") == "Union OSS").then(Oss::default);
    rules.stock.perpetual = context["perpetual_stock"] == Value::Bool(true);
    if let Some(cost) = context["unit_cost"].as_str() {
        rules.stock.costs.insert("*".to_owned(), vec![(None, money(cost, Currency::GBP))]);
    }
    let confirmed = context["confirmed"].as_array().into_iter().flatten();
    rules.vocabulary.confirmed = confirmed.filter_map(|word| Some(word.as_str()?.to_owned())).collect();
    rules.vocabulary.own.push(OwnRule {
        kind: None,
        class: None,
        name: Some(ABRIDGED.to_owned()),
        role: Role::FeeSell,
        vat: OwnVat::None,
    });
    if context["lender_split"].is_object() {
        let part = |key: &str| money(text(&context["lender_split"], key), Currency::GBP);
        rules.loans.push(LoanSplit { on: None, principal: part("principal"), interest: part("interest") });
    }
    rules
}

fn evidence_of(example: &Value) -> Evidence {
    let context = &example["context"];
    let country = |key: &str| match text(context, key) {
        "outside UK" => Country::parse("CN").ok(),
        code => Country::parse(code).ok(),
    };
    let mut order =
        KnownOrder { ship_from: country("ship_from"), ship_to: country("ship_to"), ..KnownOrder::default() };
    let original = &context["original_order"];
    let mut refunded = "1".to_owned();
    if original.is_object() {
        let part = |key: &str| money(text(original, key), Currency::GBP);
        let line = KnownLine {
            gross: part("gross"),
            vat: part("vat"),
            class: VatClass::parse(text(original, "vat_class")),
            refunded: part("refunded_so_far"),
            refunded_vat: money("0", Currency::GBP),
        };
        order.lines.insert(String::new(), line);
        if let Some(label) = text(original, "example").strip_prefix("Refund ") {
            refunded = label.to_owned();
        }
    }
    if context["finances"].is_object() {
        let of = |key: &str| context["finances"][key].as_str().map(day);
        order.deferral = Some(Deferral { shipped_on: of("shipped"), released_on: of("released") });
    }
    Evidence { orders: BTreeMap::from([(order_id(&refunded), order)]), ..Evidence::default() }
}

fn order_id(label: &str) -> String {
    format!("000-0000000-000000{label}")
}

fn rows_of(example: &Value, settlement: &Value, currency: Currency) -> Vec<Row> {
    let id = text(settlement, "id");
    let mut rows: Vec<Row> = example["input"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|input| row_of(example, input, settlement, id, currency))
        .collect();
    // What is shipped without a row of its own left stock all the same: a price of nothing.
    if rows.is_empty() {
        let mut row = Row::new("Order", "ItemPrice", "Principal", Money::zero(currency)).of(&order_id("1"), "1");
        row.quantity = Some(1);
        rows.push(row);
    }
    rows
}

fn row_of(example: &Value, input: &Value, settlement: &Value, id: &str, currency: Currency) -> Option<Row> {
    let whole = text(input, "transaction_type");
    // `S2 activity` is a row of settlement S2; a file of one settlement does not say it.
    let words = match whole.split_once(' ') {
        Some((first, rest)) if first.len() == 2 && first.starts_with('S') => {
            if first != id {
                return None;
            }
            rest
        }
        _ => whole,
    };
    let context = &example["context"];
    let mut row = match KINDS.iter().find(|kind| words.starts_with(**kind)) {
        Some(kind) if !text(input, "amount_type").is_empty() => {
            let (class, name) = (text(input, "amount_type"), text(input, "amount_description"));
            let row = Row::new(kind, class, name, money(text(input, "amount"), currency));
            labelled(row, words[kind.len()..].trim(), example)
        }
        _ => abridged(input, settlement, currency),
    };
    row.at = Some(match Date::strptime("%d %B %Y", format!("28 {} 2025", words.split(' ').next()?)) {
        Ok(day) if words.ends_with("rows") => noon(day),
        _ => noon(day(text(context, "posted_date"))),
    });
    row.marketplace = match text(context, "marketplace") {
        "EUR marketplace" => "Amazon.de".to_owned(),
        name => name.to_owned(),
    };
    let class =
        |key: &&String| key.as_str() != "*" && (words.starts_with(key.as_str()) || words.ends_with(key.as_str()));
    if let Some(key) = context["sku_vat_class"].as_object().and_then(|classes| classes.keys().find(class)) {
        row.sku.clone_from(key);
    }
    if row.name == "Principal" || row.class == "FBA Inventory Reimbursement" {
        row.quantity = Some(1);
    }
    Some(row)
}

/// `A`, `B (book)`, `D line 1`, `item 1`: which order and item a row belongs to.
fn labelled(row: Row, label: &str, example: &Value) -> Row {
    let ids = example["context"]["order_ids"].as_array().map_or(0, Vec::len);
    if ids == 0 {
        return row;
    }
    let (order, item) = match label.split_once(' ') {
        Some(("item", item)) => ("1", item),
        Some((order, rest)) => (order, rest.strip_prefix("line ").unwrap_or("1")),
        None if label.is_empty() => ("1", "1"),
        None => (label, "1"),
    };
    match row.kind.as_str() {
        "Order" | "Refund" | "Chargeback Refund" | "A-to-z Guarantee Refund" => row.of(&order_id(order), item),
        _ => row,
    }
}

/// Trading rows that the file sums up: zero-rated goods, or a charge without VAT.
fn abridged(input: &Value, settlement: &Value, currency: Currency) -> Row {
    let stated = match text(input, "amount_description").split_once(&format!(" {currency}")) {
        Some((amount, _)) => amount,
        None => text(input, "amount"),
    };
    let _ = settlement;
    let amount = money(stated, currency);
    if amount.is_negative() {
        return Row::new("other-transaction", "other-transaction", ABRIDGED, amount);
    }
    let mut row = Row::new("Order", "ItemPrice", "Principal", amount);
    let label = text(input, "transaction_type");
    row = row.of(&format!("abridged-{}", label.replace(' ', "-")), "1");
    ABRIDGED.clone_into(&mut row.sku);
    row
}

fn head_of(example: &Value, settlement: &Value, currency: Currency, rows: &[Row]) -> Settlement {
    let sum = Money::sum(currency, rows.iter().map(|row| row.amount)).expect("a sum");
    let total = settlement["total_amount"].as_str().map_or(sum, |total| money(total, currency));
    let period = text(&example["context"], "period").split_once('/');
    let deposit = match (settlement["deposit_date"].as_str(), period) {
        (Some(on), _) => Some(noon(day(on))),
        (None, Some((_, to))) if settlement.is_null() => Some(noon(day(to))),
        _ => None,
    };
    Settlement {
        id: settlement["id"].as_str().unwrap_or("S1").to_owned(),
        currency,
        from: None,
        to: period.map(|(_, to)| noon(day(to))),
        deposit_on: deposit,
        total,
    }
}

fn bank_of(example: &Value, head: &Settlement) -> Option<BankLine> {
    let bank = &example["context"]["bank_amount"];
    let currency = Currency::parse(bank["currency"].as_str()?).expect("a currency");
    Some(BankLine { amount: money(text(bank, "amount"), currency), on: day(&head.deposit_on?.to_string()[..10]) })
}
