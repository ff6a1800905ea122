use std::collections::BTreeSet;

use jiff::civil::Date;
use proptest::prelude::*;
use reconcile::{BlankRow, Code, Deferral, DeferralStage, Item, Kind, attribute_marketplaces, audit_deferrals};

use crate::dice::{Dice, day, gbp, later};

/// A deferred sale and its release, with texts of its own.
#[derive(Clone, Debug)]
struct Pair {
    number: usize,
    minor: i64,
    on: Date,
    named: bool,
    released: bool,
}

struct Rendered {
    id: String,
    order: String,
    of: String,
    minor: i64,
    on: Date,
    matures_on: Option<Date>,
    release: bool,
    booked: bool,
}

impl Rendered {
    fn deferral(&self) -> Deferral<'_> {
        let stage = match self.release {
            true => DeferralStage::Release { of: &self.of },
            false => DeferralStage::Deferred { matures_on: self.matures_on },
        };
        Deferral {
            id: &self.id,
            order: &self.order,
            event: "Shipment",
            amount: gbp(self.minor),
            on: self.on,
            stage,
            booked: self.booked,
        }
    }
}

fn today() -> Date {
    day("2026-06-01")
}

fn render(pair: &Pair) -> Vec<Rendered> {
    let order = format!("203-{}", pair.number);
    let maturity = if pair.released { later(pair.on, 9) } else { later(today(), 3) };
    let sale = Rendered {
        id: format!("T{}", pair.number),
        order: order.clone(),
        of: String::new(),
        minor: pair.minor,
        on: pair.on,
        matures_on: Some(maturity),
        release: false,
        booked: true,
    };
    let of = if pair.named { sale.id.clone() } else { String::new() };
    let release = Rendered {
        id: format!("R{}", pair.number),
        order,
        of,
        minor: pair.minor,
        on: later(pair.on, 10),
        matures_on: None,
        release: true,
        booked: false,
    };
    if pair.released { vec![sale, release] } else { vec![sale] }
}

fn world(seed: u64, count: usize) -> Vec<Pair> {
    let mut dice = Dice::new(seed);
    let mut pairs: Vec<Pair> = (0..count)
        .map(|number| Pair {
            number,
            minor: dice.within(1_00, 90_00),
            on: later(day("2026-03-01"), dice.within(0, 40)),
            named: !dice.once_in(3),
            released: !dice.once_in(4),
        })
        .collect();
    // Something old, so that every release has its days known.
    pairs.push(Pair { number: 9_999, minor: 1, on: day("2025-10-01"), named: true, released: true });
    pairs
}

fn breaks(rendered: &[Rendered]) -> BTreeSet<(Code, String)> {
    let transactions: Vec<Deferral<'_>> = rendered.iter().map(Rendered::deferral).collect();
    audit_deferrals(&transactions, today()).unwrap().into_iter().map(|found| (found.code, found.subject)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn planted_errors_are_all_found_and_none_is_invented(
        seed in any::<u64>(), count in 6_usize..20, planted in proptest::collection::vec(0_u8..5, 0..6), shuffle in any::<u64>(),
    ) {
        let mut rendered: Vec<Rendered> = world(seed, count).iter().flat_map(render).collect();
        let mut expected = BTreeSet::new();
        for (number, which) in planted.into_iter().enumerate() {
            let (sale, release) = (format!("T{number}"), format!("R{number}"));
            let position = rendered.iter().position(|one| one.id == release);
            match (which, position) {
                (0, Some(at)) if !rendered[at].of.is_empty() => {
                    rendered[at].minor -= 1;
                    expected.insert((Code::ReleaseDiffers, format!("transaction/{release}")));
                }
                (1, Some(at)) => {
                    rendered[at].booked = true;
                    expected.insert((Code::ReleaseBookedAgain, format!("transaction/{release}")));
                }
                (2, Some(at)) => {
                    let twice = Rendered { id: format!("RR{number}"), of: sale, on: later(rendered[at].on, 1), order: String::new(), ..rendered[at] };
                    rendered[at].of = format!("T{number}");
                    rendered.push(twice);
                    expected.insert((Code::ReleasedTwice, format!("transaction/RR{number}")));
                }
                (3, Some(_)) => {
                    rendered.retain(|one| one.id != sale);
                    expected.insert((Code::ReleaseUnknown, format!("transaction/{release}")));
                }
                (4, None) => {
                    let at = rendered.iter().position(|one| one.id == sale).unwrap();
                    rendered[at].matures_on = Some(later(today(), -8));
                    expected.insert((Code::DeferralOverdue, format!("transaction/{sale}")));
                }
                _ => {}
            }
        }
        prop_assert_eq!(breaks(&rendered), expected.clone());
        Dice::new(shuffle).shuffle(&mut rendered);
        prop_assert_eq!(breaks(&rendered), expected);
    }
}

#[test]
fn a_blank_row_gets_the_marketplace_of_its_transaction_and_none_if_two_fit() {
    let at = Some("2026-03-05T10:00:00Z".parse().unwrap());
    let transaction =
        |id, marketplace, event| Item { id, marketplace, event, at, ..Item::new(Kind::Charge, gbp(-14_40)) };
    let row = BlankRow { settlement: "1-GBP", line: 7, amount: gbp(-14_40), at, text: "Storage Fee" };
    let (uk, de) = (transaction("T1", "Amazon.co.uk", "StorageFee"), transaction("T2", "Amazon.de", "Storage Fee"));
    let found = attribute_marketplaces(&[row], &[uk]);
    assert_eq!((found.found[0].marketplace, found.breaks.len()), ("Amazon.co.uk", 0));
    let found = attribute_marketplaces(&[row], &[uk, de]);
    assert_eq!(found.found[0].marketplace, "Amazon.de", "the text decides");
    let found = attribute_marketplaces(&[BlankRow { text: "Other", ..row }], &[uk, de]);
    assert_eq!(found.breaks[0].code, Code::MarketplaceUnknown);
    let found = attribute_marketplaces(&[BlankRow { amount: gbp(-14_41), ..row }], &[uk, de]);
    assert_eq!((found.found.len(), found.breaks.len()), (0, 1));
}
