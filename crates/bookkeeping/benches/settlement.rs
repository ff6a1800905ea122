//! Posts a settlement of millions of rows in settlement mode, and says how long it took and how much memory it held.
//!
//! `cargo bench -p bookkeeping --bench settlement -- ROWS` (10,000,000 if nothing is said). Rows have the mix of real files: items of
//! orders with tax, withheld tax, fees, refunds, and rows of the account. They are made on the way, so only posting is measured; the time of
//! making them alone is printed beside it.

#[path = "../tests/it/chart.rs"]
mod chart;
#[path = "../tests/it/policy.rs"]
mod policy;

use std::fmt::Write as _;

use bookkeeping::DestinationRule;
use bookkeeping::settlement::vocabulary::Source;
use bookkeeping::settlement::{Evidence, Mode, Poster, Rules};
use jiff::{SignedDuration, Timestamp};
use model::{NominalCode, Settlement, SettlementRow};
use money::{Currency, Money};

fn main() {
    let rows = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(10_000_000_u64);
    let making = timed(|| {
        let mut sum = 0;
        make(rows, &mut |row| sum += row.amount.minor());
        sum
    });
    let rules = rules();
    let evidence = Evidence::default();
    let posting = timed(|| {
        let mut poster = Poster::new(&rules, &evidence, Source::SettlementV2, Currency::GBP);
        make(rows, &mut |row| poster.push(row));
        let head = Settlement {
            id: "1".to_owned(),
            currency: Currency::GBP,
            from: None,
            to: None,
            deposit_on: Some(moment(20 * 24)),
            total: Money::new(making.1, Currency::GBP),
        };
        let posted = poster.finish(&head).expect("nothing stops it");
        assert!(posted.explained);
        (posted.documents.len(), posted.links.len())
    });
    println!("{rows} rows: making them {} ms, making and posting {} ms", making.0, posting.0);
    println!("processor time of both, where the machine is shared: {}", processor_ms());
    println!("documents {}, rows linked {}, peak memory {}", posting.1.0, posting.1.1, peak());
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reports wall time")]
fn timed<T>(mut work: impl FnMut() -> T) -> (u128, T) {
    let begun = std::time::Instant::now();
    let result = work();
    (begun.elapsed().as_millis(), result)
}

/// Processor time of the process so far, in clock ticks of a hundredth of a second; nothing outside Linux.
fn processor_ms() -> String {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: Vec<u64> = after_name.split_whitespace().skip(11).take(2).filter_map(|word| word.parse().ok()).collect();
    if ticks.len() == 2 { format!("{} ms", (ticks[0] + ticks[1]) * 10) } else { "unknown".to_owned() }
}

/// What the system says that the process held at most; nothing outside Linux.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |value| value.trim().to_owned())
}

fn moment(hours: i64) -> Timestamp {
    let begin: Timestamp = "2026-03-01T00:00:00Z".parse().expect("a moment");
    begin.checked_add(SignedDuration::from_hours(hours)).expect("a moment")
}

/// A small generator: the same rows each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn make(rows: u64, take: &mut dyn FnMut(&SettlementRow<'_>)) {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let skus: Vec<String> = (0..4_000).map(|number| format!("MUG-BLU-{number:04}")).collect();
    let (mut order, mut item, mut adjustment, mut shipment) =
        (String::new(), String::new(), String::new(), String::new());
    let mut made = 0;
    while made < rows {
        for (text, wide) in [(&mut order, 14), (&mut item, 14), (&mut adjustment, 13), (&mut shipment, 10)] {
            text.clear();
            let _ = write!(text, "{:0wide$}", dice.below(10_u64.pow(13)));
        }
        order.insert(3, '-');
        let refund = dice.below(100) < 3;
        let sign = if refund { -1 } else { 1 };
        let gross = i64::try_from(dice.below(8_000)).expect("small") + 499;
        let tax = gross / 6;
        let kind = if refund { "Refund" } else { "Order" };
        let mut parts = vec![("ItemPrice", "Principal", sign * (gross - tax)), ("ItemPrice", "Tax", sign * tax)];
        if dice.below(4) == 0 {
            parts.push(("ItemWithheldTax", "MarketplaceFacilitatorVAT-Principal", -sign * tax));
        }
        parts.push(("ItemFees", "Commission", -sign * gross * 153 / 1_000));
        match refund {
            true => parts.push(("ItemFees", "RefundCommission", -gross * 30 / 1_000)),
            false => parts.push(("ItemFees", "FBAPerUnitFulfillmentFee", -335)),
        }
        if dice.below(8) == 0 {
            parts.push(("ItemPrice", "Shipping", sign * 249));
            parts.push(("ItemPrice", "ShippingTax", sign * 50));
        }
        let sku = &skus[usize::try_from(dice.below(4_000)).expect("small")];
        let posted_at = Some(moment(i64::try_from(dice.below(14 * 24)).expect("small")));
        for (class, name, minor) in parts {
            if made == rows {
                break;
            }
            made += 1;
            take(&SettlementRow {
                line: made + 2,
                kind,
                class,
                name,
                amount: Money::new(minor, Currency::GBP),
                posted_at,
                posted_on: None,
                order: &order,
                merchant_order: "",
                order_line: &item,
                adjustment: if refund { &adjustment } else { "" },
                shipment: &shipment,
                marketplace: "Amazon.co.uk",
                fulfilment: "AFN",
                sku,
                quantity: Some(1),
                promotion: "",
                doubt: None,
            });
        }
    }
}

fn rules() -> Rules {
    let general = chart::CHART.iter().map(|(role, code, _)| (*role, NominalCode(*code))).collect();
    let clearing = chart::CLEARING
        .iter()
        .map(|(currency, code, _)| (Currency::parse(currency).expect("a currency"), NominalCode(*code)))
        .collect();
    let mut policy = policy::policy(general);
    policy.destination = DestinationRule::MarketplaceCountry;
    if let Some(payment) = &mut policy.invoices.payment {
        payment.accounts = clearing;
    }
    Rules { mode: Mode::Settlement, ..Rules::new(policy) }
}
