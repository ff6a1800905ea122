use std::collections::BTreeSet;

use jiff::civil::Date;
use money::Money;
use proptest::prelude::*;
use reconcile::{
    Charge, Code, FEES_AMAZON_UK, FeeFacts, FeeKind, FeeTable, FeeVat, Loss, RefundedLine, Reimbursed, Size, SoldLine,
    TaxInvoice, audit_fees, reconcile_fee_vat,
};

use crate::dice::{Dice, day, gbp, later};

fn table() -> FeeTable {
    toml::from_str(FEES_AMAZON_UK).unwrap()
}

fn today() -> Date {
    day("2026-06-01")
}

#[derive(Clone, Debug)]
struct Sold {
    order: String,
    category: &'static str,
    size: Option<Size>,
    quantity: i64,
    price: i64,
    cancelled: bool,
    charges: Vec<(String, FeeKind<'static>, i64, String)>,
}

#[derive(Clone, Debug)]
struct Refunded {
    order: String,
    event: String,
    price: i64,
    back: i64,
    referral: i64,
    returned: i64,
    administration: i64,
}

#[derive(Clone, Debug)]
struct Lost {
    id: String,
    sku: String,
    units: i64,
    on: Date,
    paid: i64,
    named: bool,
}

#[derive(Clone, Debug, Default)]
struct World {
    sold: Vec<Sold>,
    refunded: Vec<Refunded>,
    lost: Vec<Lost>,
}

impl World {
    fn new(seed: u64, count: usize) -> World {
        let (mut dice, table) = (Dice::new(seed), table());
        let mut world = World::default();
        for number in 0..count {
            let category = *dice.pick(&["home", "computers", "diy and tools", "not in the table"]);
            let (quantity, each) = (dice.within(1, 4), dice.within(1_00, 90_00));
            let price = quantity * each;
            let size = (!dice.once_in(3))
                .then(|| Size { sides_mm: [20, u32::try_from(dice.within(40, 230)).unwrap(), 90], weight_g: 300 });
            let order = format!("203-{number}");
            let referral = table.referral_fee(category, gbp(price), quantity).map_or(-price / 7, Money::minor);
            let mut charges = vec![(format!("{number}/1"), FeeKind::Referral, referral, format!("D{number}"))];
            if let Some((_, fee)) = size.and_then(|size| table.fulfilment_fee(size, quantity)) {
                charges.push((format!("{number}/2"), FeeKind::Fulfilment, fee.minor(), format!("D{number}")));
            }
            if dice.once_in(3) {
                let back = dice.within(1, price + 1);
                let returned = (-referral * back * 2 + price) / (2 * price);
                let kept = table.refund_administration(gbp(returned)).unwrap().minor();
                world.refunded.push(Refunded {
                    order: order.clone(),
                    event: format!("R{number}"),
                    price,
                    back,
                    referral,
                    returned,
                    administration: kept,
                });
            }
            let cancelled = dice.once_in(6);
            if cancelled {
                charges.clear();
            }
            world.sold.push(Sold { order, category, size, quantity, price, cancelled, charges });
            let units = dice.within(1, 9);
            let paid = if dice.once_in(4) { 0 } else { units };
            // What is not paid yet is not old yet.
            let age = if paid == units { dice.within(50, 300) } else { dice.within(0, 45) };
            world.lost.push(Lost {
                id: format!("L{number}"),
                sku: format!("SKU{number}"),
                units,
                on: later(today(), -age),
                paid,
                named: dice.once_in(2),
            });
        }
        world
    }

    fn breaks(&self) -> BTreeSet<(Code, String, i64)> {
        let charges: Vec<Vec<Charge<'_>>> = self
            .sold
            .iter()
            .map(|sold| {
                sold.charges
                    .iter()
                    .map(|(id, kind, minor, event)| Charge { id, kind: *kind, amount: gbp(*minor), event })
                    .collect()
            })
            .collect();
        let on = day("2026-03-01");
        let sold: Vec<SoldLine<'_>> = self
            .sold
            .iter()
            .zip(&charges)
            .map(|(sold, charges)| SoldLine {
                order: &sold.order,
                line: "a",
                sku: "MUG",
                category: sold.category,
                size: sold.size,
                by_marketplace: true,
                cancelled: sold.cancelled,
                quantity: sold.quantity,
                price: gbp(sold.price),
                on,
                charges,
            })
            .collect();
        let refunded: Vec<RefundedLine<'_>> = self
            .refunded
            .iter()
            .map(|one| RefundedLine {
                order: &one.order,
                event: &one.event,
                price: gbp(one.price),
                refunded: gbp(one.back),
                referral_charged: gbp(one.referral),
                referral_returned: gbp(one.returned),
                administration: gbp(one.administration),
                on,
            })
            .collect();
        let losses: Vec<Loss<'_>> = self
            .lost
            .iter()
            .map(|lost| Loss { id: &lost.id, sku: &lost.sku, units: lost.units, on: lost.on, unit_value: gbp(4_25) })
            .collect();
        let reimbursed: Vec<Reimbursed<'_>> = self
            .lost
            .iter()
            .filter(|lost| lost.paid > 0)
            .map(|lost| Reimbursed {
                loss: if lost.named { &lost.id } else { "" },
                sku: &lost.sku,
                units: lost.paid,
                on: later(lost.on, 9),
            })
            .collect();
        let facts = FeeFacts { sold: &sold, refunded: &refunded, losses: &losses, reimbursed: &reimbursed };
        let breaks = audit_fees(&facts, &[table()], today()).unwrap();
        breaks.into_iter().map(|found| (found.code, found.subject, found.amount.minor())).collect()
    }

    /// Plants an error on sale `at`; `None` if it cannot bear it.
    fn plant(&mut self, which: u8, at: usize) -> Option<(Code, String, i64)> {
        let sold = &mut self.sold[at];
        let subject = |what: &str| format!("order/{}/a/{what}", sold.order);
        let known = sold.category != "not in the table";
        Some(match which {
            0 if known && !sold.cancelled => {
                // Beyond what rounding may make, of which the exact fee has used nothing.
                sold.charges[0].2 -= 50;
                (Code::ReferralFeeDiffers, subject("referral fee"), -50)
            }
            1 => {
                let charge = sold.charges.iter_mut().find(|charge| charge.1 == FeeKind::Fulfilment)?;
                charge.2 -= 75;
                (Code::FulfilmentFeeDiffers, subject("fulfilment fee"), -75)
            }
            2 if !sold.cancelled => {
                let (_, kind, minor, event) = sold.charges[0].clone();
                sold.charges.push((format!("{at}/again"), kind, minor, event));
                (Code::FeeChargedTwice, subject("referral fee"), minor)
            }
            3 if sold.cancelled => {
                sold.charges.push((format!("{at}/1"), FeeKind::Referral, -99, String::new()));
                (Code::FeeOnCancelled, subject("referral fee"), -99)
            }
            4 => {
                let refund = self.refunded.iter_mut().find(|refund| refund.order == sold.order)?;
                if refund.returned <= 2 {
                    return None;
                }
                let returned = std::mem::take(&mut refund.returned);
                (Code::ReferralNotReturned, format!("order/{}/refund/{}", refund.order, refund.event), -returned)
            }
            5 => {
                let refund = self.refunded.iter_mut().find(|refund| refund.order == sold.order)?;
                refund.administration -= 1_00;
                (Code::RefundAdminAboveCap, format!("order/{}/refund/{}", refund.order, refund.event), -1_00)
            }
            6 => {
                let lost = &mut self.lost[at];
                if lost.paid == 0 {
                    return None;
                }
                lost.paid -= 1;
                (Code::ReimbursementMissing, format!("loss/{}", lost.id), -4_25)
            }
            _ => return None,
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn planted_errors_are_all_found_with_their_sum_and_none_is_invented(
        seed in any::<u64>(), count in 1_usize..20, planted in proptest::collection::vec((0_u8..7, 0_usize..20), 0..6), shuffle in any::<u64>(),
    ) {
        let mut world = World::new(seed, count);
        let mut expected = BTreeSet::new();
        let mut touched = BTreeSet::new();
        for (which, at) in planted {
            if at < count && touched.insert(at) {
                expected.extend(world.plant(which, at));
            }
        }
        prop_assert_eq!(world.breaks(), expected.clone());
        let mut dice = Dice::new(shuffle);
        dice.shuffle(&mut world.sold);
        dice.shuffle(&mut world.refunded);
        dice.shuffle(&mut world.lost);
        prop_assert_eq!(world.breaks(), expected);
    }
}

#[test]
fn the_worked_example_of_a_partial_refund_has_no_finding() {
    let refund = RefundedLine {
        order: "203-1",
        event: "R1",
        price: gbp(24_00),
        refunded: gbp(10_00),
        referral_charged: gbp(-4_40),
        referral_returned: gbp(1_84),
        administration: gbp(-37),
        on: day("2025-11-05"),
    };
    let facts = FeeFacts { sold: &[], refunded: &[refund], losses: &[], reimbursed: &[] };
    assert_eq!(audit_fees(&facts, &[table()], today()).unwrap(), vec![]);
}

fn row(series: &'static str, on: &str, vat: i64, rows: i64) -> FeeVat<'static> {
    FeeVat { series, on: day(on), net: gbp(vat * 5), vat: gbp(vat), rows }
}

fn invoice(number: &'static str, series: &'static str, on: &str, vat: i64) -> TaxInvoice<'static> {
    TaxInvoice { number, series, on: day(on), net: gbp(vat * 5), vat: gbp(vat) }
}

/// Codes and months of the breaks; bills are what the rows say unless given.
fn fee_vat(rows: &[FeeVat<'_>], bills: Option<&[FeeVat<'_>]>, invoices: &[TaxInvoice<'_>]) -> Vec<(Code, String)> {
    let found = reconcile_fee_vat(rows, bills.unwrap_or(rows), invoices, today()).unwrap();
    found.breaks.into_iter().map(|one| (one.code, one.subject)).collect()
}

#[test]
fn fee_vat_is_compared_month_by_month_and_series_by_series() {
    let rows = [row("selling", "2026-03-09", 50_00, 40), row("fba", "2026-03-20", 30_00, 30)];
    let invoices = [invoice("S3", "selling", "2026-03-31", 50_40), invoice("F3", "fba", "2026-03-31", 30_00)];
    assert_eq!(fee_vat(&rows, None, &invoices), vec![], "0.40 of 40 rows is rounding");
    let one_more = [invoice("S3", "selling", "2026-03-31", 50_41), invoices[1]];
    assert_eq!(fee_vat(&rows, None, &one_more), [(Code::FeeVatDiffers, "fee-vat/selling/GBP/2026-03".into())]);
    let credited = [invoices[0], invoice("C3", "selling", "2026-03-31", -10_00), invoices[1]];
    assert_eq!(fee_vat(&rows, None, &credited), [(Code::FeeVatDiffers, "fee-vat/selling/GBP/2026-03".into())]);
    assert_eq!(fee_vat(&rows, None, &invoices[..1]), [(Code::FeeInvoiceMissing, "fee-vat/fba/GBP/2026-03".into())]);
    assert_eq!(fee_vat(&rows[..1], None, &invoices), [(Code::FeeRowsMissing, "fee-vat/fba/GBP/2026-03".into())]);
    let bills = [row("selling", "2026-03-09", 49_99, 1), rows[1]];
    assert_eq!(fee_vat(&rows, Some(&bills), &invoices), [(Code::FeeBillDiffers, "fee-vat/selling/GBP/2026-03".into())]);
}

#[test]
fn rounding_is_never_more_than_a_pound() {
    let rows = [row("selling", "2026-03-09", 50_00, 5_000)];
    assert_eq!(fee_vat(&rows, None, &[invoice("S3", "selling", "2026-03-31", 51_00)]), vec![]);
    assert_eq!(fee_vat(&rows, None, &[invoice("S3", "selling", "2026-03-31", 51_01)]).len(), 1);
}

#[test]
fn what_was_invoiced_in_one_month_and_charged_in_the_next_is_timing() {
    let rows = [row("fba", "2026-03-20", 30_00, 30), row("fba", "2026-04-20", 45_00, 30)];
    let invoices = [invoice("F3", "fba", "2026-03-31", 40_00), invoice("F4", "fba", "2026-04-30", 35_00)];
    assert_eq!(fee_vat(&rows, None, &invoices), [(Code::FeeVatTiming, "fee-vat/fba/GBP/2026-03".into())]);
    // The other way round nothing explains it.
    let early = [invoice("F3", "fba", "2026-03-31", 20_00), invoice("F4", "fba", "2026-04-30", 55_00)];
    assert_eq!(fee_vat(&rows, None, &early).len(), 2);
    // The last month may still be charged.
    let may = [row("fba", "2026-05-20", 10_00, 5)];
    let found = reconcile_fee_vat(&may, &may, &[invoice("F5", "fba", "2026-05-31", 15_00)], day("2026-06-15")).unwrap();
    assert_eq!(found.breaks[0].code, Code::FeeVatTiming);
}
