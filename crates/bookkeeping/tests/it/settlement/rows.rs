//! Rows to test with, owned, and rules for them. All invented.

use bookkeeping::settlement::vocabulary::Source;
use bookkeeping::settlement::{Evidence, Mode, Posted, Poster, Rules};
use jiff::Timestamp;
use model::{NominalCode, Settlement, SettlementRow};
use money::{Currency, Money};

use crate::build::policy;
use crate::chart::{CHART, CLEARING};

/// An owned row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub line: u64,
    pub kind: String,
    pub class: String,
    pub name: String,
    pub amount: Money,
    pub at: Option<Timestamp>,
    pub order: String,
    pub order_line: String,
    pub adjustment: String,
    pub shipment: String,
    pub marketplace: String,
    pub sku: String,
    pub quantity: Option<i64>,
}

impl Row {
    pub fn new(kind: &str, class: &str, name: &str, amount: Money) -> Row {
        Row {
            line: 0,
            kind: kind.to_owned(),
            class: class.to_owned(),
            name: name.to_owned(),
            amount,
            at: Some("2025-11-05T12:00:00Z".parse().expect("a moment")),
            order: String::new(),
            order_line: String::new(),
            adjustment: String::new(),
            shipment: String::new(),
            marketplace: "Amazon.co.uk".to_owned(),
            sku: String::new(),
            quantity: None,
        }
    }

    /// The same row of an item of an order.
    pub fn of(mut self, order: &str, line: &str) -> Row {
        (self.order, self.order_line) = (order.to_owned(), line.to_owned());
        self.sku = format!("SKU-{line}");
        if self.kind == "Order" {
            self.shipment = format!("D-{order}");
        }
        self
    }

    pub fn borrowed(&self) -> SettlementRow<'_> {
        SettlementRow {
            line: self.line,
            kind: &self.kind,
            class: &self.class,
            name: &self.name,
            amount: self.amount,
            posted_at: self.at,
            posted_on: None,
            order: &self.order,
            merchant_order: "",
            order_line: &self.order_line,
            adjustment: &self.adjustment,
            shipment: &self.shipment,
            marketplace: &self.marketplace,
            fulfilment: "AFN",
            sku: &self.sku,
            quantity: self.quantity,
            promotion: "",
            doubt: None,
        }
    }
}

/// The rules of a UK seller on standard VAT, products at 20 %, with the suggested chart.
pub fn rules() -> Rules {
    let mut policy = policy();
    policy.destination = bookkeeping::DestinationRule::MarketplaceCountry;
    let names = CHART.iter().map(|(_, code, name)| (*code, *name));
    let clearing = CLEARING.iter().map(|(_, code, name)| (*code, *name));
    policy.accounts.names = names.chain(clearing).map(|(code, name)| (NominalCode(code), name.to_owned())).collect();
    let payment = policy.invoices.payment.as_mut().expect("a payment rule");
    payment.accounts = CLEARING
        .iter()
        .map(|(currency, code, _)| (Currency::parse(currency).expect("a currency"), NominalCode(*code)))
        .collect();
    Rules::new(policy)
}

pub fn in_mode(mode: Mode) -> Rules {
    Rules { mode, ..rules() }
}

/// A settlement of these rows, paid out if its total is above nothing.
pub fn head(rows: &[Row]) -> Settlement {
    let currency = rows.first().map_or(Currency::GBP, |row| row.amount.currency());
    Settlement {
        id: "26031877012".to_owned(),
        currency,
        from: Some("2025-11-01T00:00:00Z".parse().expect("a moment")),
        to: Some("2025-11-15T00:00:00Z".parse().expect("a moment")),
        deposit_on: Some("2025-11-17T00:00:00Z".parse().expect("a moment")),
        total: Money::sum(currency, rows.iter().map(|row| row.amount)).expect("a total"),
    }
}

/// Posts rows as they stand, numbered if they are not.
pub fn post_with(
    rows: &[Row],
    rules: &Rules,
    evidence: &Evidence,
    head: &Settlement,
) -> Result<Posted, Vec<bookkeeping::Problem>> {
    let mut poster = Poster::new(rules, evidence, Source::SettlementV2, head.currency);
    for row in rows {
        poster.push(&row.borrowed());
    }
    poster.finish(head)
}

pub fn post(rows: &[Row], rules: &Rules) -> Posted {
    post_with(rows, rules, &Evidence::default(), &head(rows)).expect("nothing stops it")
}

/// Numbers rows as lines of a file.
pub fn numbered(mut rows: Vec<Row>) -> Vec<Row> {
    rows.iter_mut().zip(2..).for_each(|(row, line)| row.line = line);
    rows
}
