//! Drift and the clearing identity.

use std::collections::BTreeSet;

use jiff::civil::Date;
use model::{DocumentKey, DocumentKind, NominalCode, OrderId, Subject, VatRate};
use proptest::prelude::*;
use reconcile::{Break, Code, Confirmed, Held, HeldLine, clearing_identity, find_drift};

use crate::dice::{Dice, day, gbp};

fn document(number: usize, minor: i64) -> Confirmed {
    let order = OrderId::parse(&format!("203-0000000-{number:07}")).unwrap();
    let vat = minor / 6;
    Confirmed {
        key: DocumentKey {
            subject: Subject::Order(order.clone()),
            kind: DocumentKind::Invoice,
            part: String::new(),
            ordinal: 1,
        },
        held: Held {
            id: format!("invoice/{number}"),
            reference: format!("AMZ-{order}"),
            party: "AMZUKSTD".into(),
            on: day("2026-03-01"),
            lines: vec![HeldLine {
                net: gbp(minor - vat),
                vat: gbp(vat),
                vat_rate: VatRate::Percent(20.into()),
                nominal: NominalCode(4000),
            }],
            paid: gbp(minor),
        },
    }
}

fn found(confirmed: &[Confirmed], now: &[Held]) -> Vec<Break> {
    find_drift(confirmed, now).unwrap()
}

/// What a person can do to a document in the books: what it is called, and what it does to the clearing account.
fn touch(which: u8, now: &mut Vec<Held>, at: usize) -> (Code, String, i64) {
    let held = now[at].clone();
    let key = held.reference.replace("AMZ-", "order/") + "/invoice/1";
    match which {
        0 => {
            now[at].lines[0].net = gbp(held.lines[0].net.minor() + 1);
            (Code::DocumentEdited, key, 0)
        }
        1 => {
            now[at].on = Date::constant(2026, 3, 2);
            (Code::DocumentEdited, key, 0)
        }
        2 => {
            now[at].lines[0].nominal = NominalCode(4001);
            (Code::DocumentEdited, key, 0)
        }
        3 => {
            now[at].paid = gbp(0);
            (Code::PaidDifferently, key, -held.paid.minor())
        }
        4 => {
            let double = format!("invoice/9{at}");
            now.push(Held { id: double.clone(), ..held.clone() });
            (Code::DocumentDuplicated, format!("{key}/{double}"), held.paid.minor())
        }
        5 => {
            now[at].id = format!("invoice/8{at}");
            (Code::DocumentEdited, key, 0)
        }
        _ => {
            // Gone: the place is taken by something that is not ours.
            now[at] = Held { id: format!("other/{at}"), reference: String::new(), ..held.clone() };
            (Code::DocumentDeleted, key, -held.paid.minor())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Whatever people do to our documents: each is named once, and the clearing account stays explained.
    #[test]
    fn drift_is_all_found_and_explains_the_clearing_account(
        amounts in proptest::collection::vec(1_i64..100_000, 1..12),
        touched in proptest::collection::vec((0_u8..7, 0_usize..12), 0..6),
        stranger in -5_000_i64..5_000, shuffle in any::<u64>(),
    ) {
        let confirmed: Vec<Confirmed> = amounts.iter().enumerate().map(|(at, minor)| document(at, *minor)).collect();
        let mut now: Vec<Held> = confirmed.iter().map(|one| one.held.clone()).collect();
        let mut expected = BTreeSet::new();
        let mut places = BTreeSet::new();
        for (which, at) in touched {
            if at < amounts.len() && places.insert(at) {
                expected.insert(touch(which, &mut now, at));
            }
        }
        Dice::new(shuffle).shuffle(&mut now);
        let breaks = found(&confirmed, &now);
        let as_found: BTreeSet<_> =
            breaks.iter().map(|one| (one.code, one.subject.clone(), one.in_clearing.minor())).collect();
        prop_assert_eq!(as_found, expected);

        let paid = |held: &&Held| held.reference.starts_with("AMZ-");
        let balance: i64 = now.iter().filter(paid).map(|held| held.paid.minor()).sum();
        let unsettled: Vec<_> = confirmed.iter().map(|one| one.held.paid).collect();
        let clearing = clearing_identity(gbp(balance + stranger), unsettled, [], &breaks).unwrap();
        prop_assert_eq!(clearing.unexplained, gbp(stranger));
        prop_assert_eq!(clearing.alarm("1250", None).is_some(), stranger != 0);
    }
}

#[test]
fn what_kashflow_cannot_tell_apart_is_no_drift() {
    let mut one = document(1, 24_00);
    one.held.lines[0].vat_rate = VatRate::OutsideScope;
    let mut now = one.held.clone();
    now.lines[0].vat_rate = VatRate::NoVat;
    now.party = "amzukstd".into();
    assert_eq!(found(&[one], &[now]), vec![]);
}

#[test]
fn an_edit_says_what_was_changed() {
    let one = document(1, 24_00);
    let mut now = one.held.clone();
    now.lines[0].net = gbp(18_00);
    let cause = &found(&[one], &[now])[0].cause;
    assert!(cause.ends_with("was changed in the books: net of line 1 20.00 GBP is now 18.00 GBP."), "{cause}");
}
