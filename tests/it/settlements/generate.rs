//! The worked examples as files that a seller could have: settlement reports with all columns, a profile, and the other evidence
//! that an example's context speaks of.
//!
//! The files are committed; a test writes them anew from the examples and compares, so that neither can drift. To write them after
//! a change of the examples or of this file: `UPDATE_EXAMPLES=1 cargo nextest run -p tillbridge --test it examples`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value, json};

use super::v2::{self, File};

/// The examples as they were written.
pub const EXAMPLES: &str = include_str!("accounting-examples.json");

/// The files of one example, by name.
pub type Files = BTreeMap<String, String>;

/// One example.
pub struct Example {
    /// Its name: `A1`.
    pub id: String,
    pub(super) data: Value,
    pub(super) context: Value,
}

/// One line of an example's input.
pub(super) struct Input<'a> {
    /// Which settlement it is in, from 0.
    settlement: usize,
    /// The transaction type as in a report.
    kind: String,
    /// The order it speaks of, if any: `1`, `A`.
    pub(super) order: Option<String>,
    /// The item of the order, from 1.
    pub(super) item: u32,
    pub(super) class: &'a str,
    name: &'a str,
    pub(super) minor: i64,
}

/// Reads all examples.
pub fn examples() -> Vec<Example> {
    let all: Vec<Value> = serde_json::from_str(EXAMPLES).expect("the examples");
    all.into_iter()
        .map(|data| Example { id: text(&data["id"]).to_owned(), context: data["context"].clone(), data })
        .collect()
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

impl Example {
    /// Everything that is committed for it.
    pub fn files(&self) -> Files {
        let mut files = Files::new();
        let reports = self.reports();
        for (index, report) in reports.iter().enumerate() {
            let name =
                if reports.len() == 1 { "settlement.txt".to_owned() } else { format!("settlement-{}.txt", index + 1) };
            files.insert(name, report.clone());
        }
        files.insert("profile.toml".to_owned(), self.profile());
        if let Some(orders) = self.orders() {
            files.insert("orders.tsv".to_owned(), orders);
        }
        if self.context.get("finances").is_some() {
            files.insert("finances.json".to_owned(), self.finances());
        }
        if let Some(bank) = self.bank() {
            files.insert("bank.csv".to_owned(), bank);
        }
        files.insert("expected.json".to_owned(), pretty(&self.expected()));
        files
    }

    /// The posting mode as the command calls it.
    pub fn mode(&self) -> &'static str {
        match text(&self.context["mode"]) {
            "settlement_summary" => "settlement",
            "daily_summary" => "daily",
            _ => "per-order",
        }
    }

    /// Ledger and documents that must come out. `besides` names the example whose documents come out as well, because the example
    /// speaks only of what it adds to that one.
    fn expected(&self) -> Value {
        let mut expected = json!({
            "title": self.data["title"],
            "mode": self.mode(),
            "ledger_dr_positive": self.data["ledger_dr_positive"],
            "documents": self.data["documents"],
        });
        if self.input().is_empty() {
            expected["besides"] = json!("A1");
        }
        expected
    }

    pub(super) fn input(&self) -> Vec<Input<'_>> {
        let lines = self.data["input"].as_array().into_iter().flatten();
        lines.enumerate().map(|(index, line)| self.line(index + 1, line)).collect()
    }

    fn line<'a>(&self, number: usize, line: &'a Value) -> Input<'a> {
        let mut kind = text(&line["transaction_type"]).to_owned();
        let mut settlement = 0;
        if let Some(rest) = kind.strip_prefix('S').filter(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
        {
            let (number, rest) = rest.split_once(' ').expect("a settlement and what happened in it");
            settlement = number.parse::<usize>().expect("the number of a settlement") - 1;
            kind = rest.to_owned();
        }
        let (mut order, mut item) = (None, 1);
        for event in ["Chargeback Refund", "A-to-z Guarantee Refund", "Order", "Refund"] {
            let Some(rest) = kind.strip_prefix(event) else { continue };
            for marker in [" item ", " line "] {
                if let Some((_, number)) = rest.split_once(marker) {
                    item = number.parse().expect("the number of an item");
                }
            }
            let letter = rest.trim().chars().next().filter(char::is_ascii_uppercase);
            order = Some(letter.map_or_else(|| "1".to_owned(), |letter| letter.to_string()));
            kind = event.to_owned();
            break;
        }
        let (class, minor) = (text(&line["amount_type"]), v2::minor(text(&line["amount"])));
        // A sum of trading rows is one sale, or a loss without one.
        if class.is_empty() && minor > 0 {
            order = Some(format!("T{number}"));
        }
        Input { settlement, kind, order, item, class, name: text(&line["amount_description"]), minor }
    }

    /// The VAT class of an item: by its own name, by its order's, or the one for all.
    pub(super) fn class(&self, order: &str, item: u32) -> &str {
        let classes = self.context["sku_vat_class"].as_object().expect("classes");
        let of = |name: String| {
            classes
                .iter()
                .find(|(key, _)| **key == name || key.starts_with(&format!("{name} ")))
                .map(|(_, class)| text(class))
        };
        of(format!("item {item}"))
            .or_else(|| of(format!("Order {order}")))
            .or_else(|| of(format!("Refund {order}")))
            .or_else(|| of("*".to_owned()))
            .expect("a class for every item")
    }

    fn currency(&self) -> &str {
        let of_settlement = self.data["settlements"].get(0).and_then(|settlement| settlement["currency"].as_str());
        of_settlement.unwrap_or_else(|| text(&self.data["currency"]))
    }

    fn marketplace(&self) -> &str {
        match text(&self.context["marketplace"]) {
            "EUR marketplace" => "Amazon.de",
            name => name,
        }
    }

    fn fulfilment(&self) -> &str {
        if text(&self.context["fulfilment"]) == "FBM" { "MFN" } else { "AFN" }
    }

    pub(super) fn posted(&self) -> &str {
        match text(&self.context["posted_date"]) {
            "per row" => "2025-06-30",
            day => day,
        }
    }

    /// One report for each settlement.
    fn reports(&self) -> Vec<String> {
        let mut input = self.input();
        if input.is_empty() {
            // What an example adds to another one is shown on the rows of that one.
            let besides = examples().into_iter().find(|example| example.id == "A1").expect("A1");
            return besides.reports();
        }
        let count = input.iter().map(|line| line.settlement + 1).max().unwrap_or(1);
        let settlements = self.data["settlements"].as_array();
        (0..count)
            .map(|index| {
                let lines: Vec<Input<'_>> = {
                    let (of, rest) = std::mem::take(&mut input).into_iter().partition(|line| line.settlement == index);
                    input = rest;
                    of
                };
                self.report(index, &lines, settlements.and_then(|all| all.get(index)))
            })
            .collect()
    }

    fn report(&self, index: usize, lines: &[Input<'_>], settlement: Option<&Value>) -> String {
        let foreign = self.currency() != text(&self.data["currency"]);
        let total = match settlement {
            Some(settlement) => v2::minor(text(&settlement["total_amount"])),
            None => lines.iter().map(|line| line.minor).sum(),
        };
        let id = format!("2603187701{}", index + 1);
        let (from, to) = self.period(index);
        let deposit = self.deposit(settlement);
        let mut file = File::new(&id, self.currency(), &from, &to, deposit.as_deref(), total);
        for line in lines {
            let trading = line.class.is_empty();
            // Trading rows of a foreign settlement are given in home currency: in the report they are what the head says.
            let minor = if foreign && trading { total } else { line.minor };
            self.row(&mut file, line, minor, trading);
        }
        let text = file.text();
        // Amazon.de writes a comma.
        if self.marketplace() == "Amazon.de" {
            text.replace(&v2::amount(total), &v2::amount(total).replace('.', ","))
        } else {
            text
        }
    }

    fn period(&self, index: usize) -> (String, String) {
        if let Some((from, to)) = text(&self.context["period"]).split_once('/') {
            return (from.to_owned(), to.to_owned());
        }
        let period = match (self.posted(), index) {
            ("2025-06-30", _) => ("2025-06-25", "2025-07-09"),
            ("2024-07-15", _) => ("2024-07-05", "2024-07-19"),
            ("2025-11-27", _) => ("2025-11-25", "2025-12-09"),
            (_, 0) => ("2025-11-01", "2025-11-15"),
            _ => ("2025-11-15", "2025-11-29"),
        };
        (period.0.to_owned(), period.1.to_owned())
    }

    /// The day of the payout, if the example has one: its settlements say it, or its documents have a transfer to the bank.
    fn deposit(&self, settlement: Option<&Value>) -> Option<String> {
        if let Some(settlement) = settlement {
            return settlement["deposit_date"].as_str().map(str::to_owned);
        }
        let documents = self.data["documents"].as_array()?;
        let paid = documents.iter().any(|document| text(&document["reference"]).contains("(deposit"));
        paid.then(|| "2025-11-16".to_owned())
    }

    fn row(&self, file: &mut File, line: &Input<'_>, minor: i64, trading: bool) {
        let amount = v2::amount(minor);
        let (posted, time) = match line.kind.as_str() {
            // 23:59:59 in London, and half an hour later: one UTC day, two months of the books.
            "June rows" => ("2025-06-30", "22:59:59"),
            "July rows" => ("2025-06-30", "23:30:00"),
            _ if line.settlement == 1 => ("2025-11-19", "10:15:00"),
            _ => (self.posted(), "10:15:00"),
        };
        let mut columns = vec![("amount", amount.as_str()), ("marketplace-name", self.marketplace())];
        let (day, moment) = (v2::day(posted), v2::moment(posted, time));
        columns.extend([("posted-date", day.as_str()), ("posted-date-time", moment.as_str())]);
        let (order_id, shipment, code, sku, adjustment);
        if let Some(order) = &line.order {
            (order_id, code, sku) = (order_id_of(order), item_code(order, line.item), sku_of(order, line.item));
            shipment = format!("D{}", &code[1..]);
            adjustment = format!("3{}", &code[1..]);
            columns.extend([("order-id", order_id.as_str()), ("fulfillment-id", self.fulfilment())]);
            columns.extend([("order-item-code", code.as_str()), ("sku", sku.as_str())]);
            if line.kind.contains("Refund") {
                columns.push(("adjustment-id", adjustment.as_str()));
            } else {
                columns.push(("shipment-id", shipment.as_str()));
            }
        }
        let kinds = match (trading, line.order.is_some()) {
            (true, true) => ("Order", "ItemPrice", "Principal"),
            // A loss without sales: fees of orders that were settled before.
            (true, false) => ("Order", "ItemFees", "Commission"),
            _ => (line.kind.as_str(), line.class, line.name),
        };
        columns.extend([("transaction-type", kinds.0), ("amount-type", kinds.1), ("amount-description", kinds.2)]);
        if kinds.2 == "Principal" && kinds.1 == "ItemPrice" {
            columns.push(("quantity-purchased", "1"));
        }
        let stock;
        if self.context["perpetual_stock"] == json!(true) && line.class.contains("Reimbursement") {
            stock = sku_of("1", 1);
            columns.extend([("sku", stock.as_str()), ("quantity-purchased", "1")]);
        }
        file.row(&columns);
    }

    /// Orders that the settlement speaks of, if the context knows more of them than the settlement does.
    fn orders(&self) -> Option<String> {
        let known = ["original_order", "ship_to", "ship_from", "buyer_vat_number"];
        if known.iter().all(|key| self.context.get(key).is_none()) {
            return None;
        }
        let mut seen = BTreeSet::new();
        let mut table =
            "order-id\torder-item-code\tsku\tmarketplace\tcurrency\tquantity\tgross\tvat\trefunded\tdispatched-on\t\
                         ship-from\tship-to\tpostcode\tbuyer-vat-number\n"
                .to_owned();
        let original = &self.context["original_order"];
        for line in self.input() {
            let Some(order) = &line.order else { continue };
            // The original of a refund; any order of the other examples.
            if original.is_object() != line.kind.contains("Refund") || !seen.insert((order.clone(), line.item)) {
                continue;
            }
            let ship_from = match text(&self.context["ship_from"]) {
                "outside UK" => "CN",
                place => place,
            };
            let (gross, vat, refunded) = if original.is_object() {
                (text(&original["gross"]), text(&original["vat"]), text(&original["refunded_so_far"]))
            } else {
                ("", "", "")
            };
            let buyer = if self.context["buyer_vat_number"] == json!(true) { "GB123456789" } else { "" };
            let dispatched = if original.is_object() { "2025-10-20" } else { self.posted() };
            writeln!(
                table,
                "{}\t{}\t{}\t{}\t{}\t1\t{gross}\t{vat}\t{refunded}\t{dispatched}\t{ship_from}\t{}\t\t{buyer}",
                order_id_of(order),
                item_code(order, line.item),
                sku_of(order, line.item),
                self.marketplace(),
                self.currency(),
                text(&self.context["ship_to"]),
            )
            .expect("a String takes everything");
        }
        Some(table)
    }

    /// What finances said about a deferred sale: the transaction, and its release.
    fn finances(&self) -> String {
        let finances = &self.context["finances"];
        let total: i64 = self.input().iter().map(|line| line.minor).sum();
        let amount = |minor: i64| {
            let digits: serde_json::Number = v2::amount(minor).parse().expect("a number");
            json!({ "currencyCode": self.currency(), "currencyAmount": digits })
        };
        let order = order_id_of("1");
        let identifiers = |other: (&str, &str)| {
            json!([
                { "relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": order },
                { "relatedIdentifierName": other.0, "relatedIdentifierValue": other.1 },
            ])
        };
        let marketplace = json!({ "marketplaceId": "A1F83G8C2ARO7P", "marketplaceName": self.marketplace() });
        pretty(&json!({ "payload": { "nextToken": null, "transactions": [
            {
                "transactionId": "amzn1.transaction.deferred-1",
                "transactionType": "Shipment",
                "transactionStatus": "DEFERRED_RELEASED",
                "description": "Order Payment",
                "postedDate": format!("{}T10:15:00Z", text(&finances["shipped"])),
                "totalAmount": amount(total),
                "marketplaceDetails": marketplace,
                "relatedIdentifiers": identifiers(("RELEASE_TRANSACTION_ID", "amzn1.transaction.release-1")),
                "contexts": [{
                    "contextType": "DeferredContext",
                    "deferralReason": finances["deferral_reason"],
                    "maturityDate": format!("{}T00:00:00Z", text(&finances["released"])),
                }],
                "breakdowns": [],
                "items": [],
            },
            {
                "transactionId": "amzn1.transaction.release-1",
                "transactionType": "Shipment",
                "transactionStatus": "RELEASED",
                "description": "Order Payment",
                "postedDate": format!("{}T06:00:00Z", text(&finances["released"])),
                "totalAmount": amount(total),
                "marketplaceDetails": marketplace,
                "relatedIdentifiers": identifiers(("DEFERRED_TRANSACTION_ID", "amzn1.transaction.deferred-1")),
                "contexts": null,
                "breakdowns": [],
                "items": [],
            },
        ]}}))
    }

    /// The bank line of a converted payout.
    fn bank(&self) -> Option<String> {
        let bank = self.context.get("bank_amount")?;
        let on = text(&self.data["settlements"][0]["deposit_date"]);
        Some(format!(
            "Date,Description,Amount,Currency\n{on},AMAZON PAYMENTS EUROPE,{},{}\n",
            text(&bank["amount"]),
            text(&bank["currency"])
        ))
    }
}

fn order_id_of(order: &str) -> String {
    let number: u32 = order.bytes().map(u32::from).sum();
    format!("203-{:07}-{:07}", 1_000_000 + number, 4_000_000 + number)
}

fn item_code(order: &str, item: u32) -> String {
    let number: u32 = order.bytes().map(u32::from).sum();
    format!("6{:08}{:05}", number, item)
}

pub(super) fn sku_of(order: &str, item: u32) -> String {
    format!("SKU-{order}-{item}")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("JSON") + "\n"
}
