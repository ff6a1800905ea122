//! Settlement reports: made by Amazon, listed when a settlement has closed, never made on request (fact sheet §9).
//!
//! Each settlement is listed once for every site of its group, under report ids of its own, so that whoever reads two sites reads it
//! twice. A report is a function of the world: nothing but the place in the list is kept.

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{Content, Outcome, Report, State};
use crate::FaultLevel;
use crate::amazon::Amazon;
use crate::amazon::tokens::uuid;
use crate::faults::Dice;
use crate::world::{Fulfilment, Marketplace, MoneyEvent, MoneyLine, Settlement, Transaction};

/// The only type of settlement report that is left.
pub(super) const KIND: &str = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2";
/// Types that Amazon makes by itself.
pub(super) const NOT_ON_REQUEST: [&str; 3] =
    [KIND, "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE", "GET_V2_SETTLEMENT_REPORT_DATA_XML"];

const COLUMNS: [&str; 24] = [
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "merchant-order-id",
    "adjustment-id",
    "shipment-id",
    "marketplace-name",
    "amount-type",
    "amount-description",
    "amount",
    "fulfillment-id",
    "posted-date",
    "posted-date-time",
    "order-item-code",
    "merchant-order-item-id",
    "merchant-adjustment-item-id",
    "sku",
    "quantity-purchased",
    "promotion-id",
];

/// Lists the reports of settlements that have closed since somebody last looked. In order of listing, so that the same looks give the
/// same numbers.
pub(super) fn make_due(amazon: &Amazon, state: &mut State, now: Timestamp) {
    let mut due = amazon.world.listed_settlements(now);
    due.retain(|own| state.settlements_until.is_none_or(|until| own.listed_at > until));
    due.sort_by_key(|own| own.listed_at);
    state.settlements_until = Some(now);
    for settlement in due {
        for marketplace in settlement.group.marketplaces {
            if let Some(failed) = failed_before(amazon, state, &settlement, marketplace) {
                state.reports.push(failed);
            }
            let report = report(amazon, state, &settlement, marketplace);
            state.reports.push(report);
        }
    }
}

fn report(
    amazon: &Amazon,
    state: &mut State,
    settlement: &Arc<Settlement>,
    marketplace: &'static Marketplace,
) -> Report {
    state.made += 1;
    let dice = Dice::new(amazon.world.seed());
    let words = ["settlement report", settlement.id.as_str(), marketplace.id];
    let drawn = dice.roll(&words, 0);
    // Where things go wrong, Amazon lists a report before its document is there.
    let minutes = match amazon.faults.level() {
        FaultLevel::Mild | FaultLevel::Wild => dice.below(&words, 1, 90) as i64,
        FaultLevel::None | FaultLevel::People => 0,
    };
    Report {
        id: format!("{}", 60_001_000_000 + drawn % 1_000_000_000),
        document_id: format!("amzn1.spdoc.1.4.eu.{}.T{:X}", uuid(drawn), drawn >> 40),
        number: state.made,
        kind: KIND,
        marketplaces: vec![marketplace.id.to_owned()],
        from: settlement.start,
        to: settlement.end,
        created_at: settlement.listed_at,
        started_at: settlement.listed_at,
        ended_at: later(settlement.listed_at, minutes),
        outcome: Outcome::Done,
        schedule_id: None,
        content: Content::Settlement(Arc::clone(settlement)),
        is_gzip: drawn % 2 == 1,
        is_cp1252: !(drawn / 2).is_multiple_of(3),
    }
}

/// Where things go wildly wrong, one report in six is listed twice: first without a document, then as it should be.
fn failed_before(
    amazon: &Amazon,
    state: &mut State,
    settlement: &Arc<Settlement>,
    marketplace: &'static Marketplace,
) -> Option<Report> {
    let dice = Dice::new(amazon.world.seed());
    let words = ["settlement report fails", settlement.id.as_str(), marketplace.id];
    let fails = amazon.faults.level() == FaultLevel::Wild && dice.below(&words, 0, 6) == 0;
    let outcome = if dice.below(&words, 1, 2) == 0 { Outcome::Fatal } else { Outcome::Cancelled };
    fails.then(|| {
        let whole = report(amazon, state, settlement, marketplace);
        let id = format!("{}", 59_001_000_000 + dice.roll(&words, 2) % 1_000_000_000);
        Report { id, document_id: format!("{}.failed", whole.document_id), outcome, ..whole }
    })
}

fn later(at: Timestamp, minutes: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_mins(minutes)).unwrap_or(at)
}

/// How a group writes its figures and dates. What real files look like outside the US is not known, so each group differs.
struct Form {
    decimal: char,
    /// Of the three dates in the summary and of `posted-date-time`.
    moment: &'static str,
    /// Of `posted-date`.
    day: &'static str,
    /// Whether rows repeat the currency.
    repeats_currency: bool,
}

impl Form {
    fn of(settlement: &Settlement) -> Form {
        const ISO: &str = "%Y-%m-%d %H:%M:%S UTC";
        const GERMAN: &str = "%d.%m.%Y %H:%M:%S UTC";
        match settlement.group.name {
            "DE" => Form { decimal: ',', moment: GERMAN, day: "%d.%m.%Y", repeats_currency: true },
            "IE" => Form { decimal: '.', moment: ISO, day: "%d/%m/%Y", repeats_currency: false },
            _ => Form { decimal: '.', moment: ISO, day: "%Y-%m-%d", repeats_currency: false },
        }
    }

    fn moment(&self, at: Timestamp) -> String {
        at.to_zoned(TimeZone::UTC).strftime(self.moment).to_string()
    }

    fn day(&self, at: Timestamp) -> String {
        at.to_zoned(TimeZone::UTC).strftime(self.day).to_string()
    }

    fn amount(&self, minor: i64) -> String {
        let sign = if minor < 0 { "-" } else { "" };
        format!("{sign}{}{}{:02}", minor.abs() / 100, self.decimal, minor.abs() % 100)
    }
}

/// The file: a header, a summary row, and a row for each amount.
pub(super) fn text(amazon: &Amazon, settlement: &Settlement) -> String {
    let form = Form::of(settlement);
    let mut text = COLUMNS.join("\t");
    text.push_str("\r\n");
    let summary = |column: &str| match column {
        "settlement-id" => settlement.id.clone(),
        "settlement-start-date" => form.moment(settlement.start),
        "settlement-end-date" => form.moment(settlement.end),
        "deposit-date" => form.moment(settlement.deposit_at),
        "total-amount" => form.amount(settlement.total),
        "currency" => settlement.group.currency.to_owned(),
        _ => String::new(),
    };
    put(&mut text, summary);
    let by_release = amazon.world.seller().rows_dated_by_release;
    for (transaction, line) in settlement.rows() {
        let at = if by_release { transaction.released_at() } else { transaction.posted_at };
        put(&mut text, |column| field(settlement, &form, transaction, line, at, column));
    }
    text
}

fn put(text: &mut String, field: impl Fn(&str) -> String) {
    for (index, column) in COLUMNS.into_iter().enumerate() {
        if index > 0 {
            text.push('\t');
        }
        text.push_str(&field(column));
    }
    text.push_str("\r\n");
}

fn field(
    settlement: &Settlement,
    form: &Form,
    transaction: &Transaction,
    line: &MoneyLine,
    at: Timestamp,
    column: &str,
) -> String {
    let order = transaction.order.as_ref();
    let item = transaction.item(line);
    let claim = transaction.event == MoneyEvent::Claim;
    let of_adjustment = || transaction.adjustment_id.clone().unwrap_or_default();
    match column {
        "settlement-id" => settlement.id.clone(),
        "currency" if form.repeats_currency => settlement.group.currency.to_owned(),
        "transaction-type" => line.kind.to_owned(),
        "order-id" => order.map(|order| order.id.clone()).unwrap_or_default(),
        "adjustment-id" => of_adjustment(),
        "shipment-id" => transaction.shipment_id.clone().unwrap_or_default(),
        "marketplace-name" => transaction.marketplace.map(|site| site.name.to_owned()).unwrap_or_default(),
        "amount-type" => line.amount_type.to_owned(),
        "amount-description" => line.description.to_owned(),
        "amount" => form.amount(line.minor),
        "fulfillment-id" if !claim => order.map_or("", |order| network(order.fulfilment)).to_owned(),
        "posted-date" => form.day(at),
        "posted-date-time" => form.moment(at),
        "order-item-code" => item.map(|item| item.item_id.clone()).unwrap_or_default(),
        "merchant-adjustment-item-id" if item.is_some() => of_adjustment(),
        "sku" => line.sku.as_ref().map(|sku| sku.sku.clone()).unwrap_or_default(),
        "quantity-purchased" => line.units.map(|units| units.to_string()).unwrap_or_default(),
        "promotion-id" => line.promotion.unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

fn network(fulfilment: Fulfilment) -> &'static str {
    match fulfilment {
        Fulfilment::Fba => "AFN",
        Fulfilment::Fbm => "MFN",
    }
}
