//! Insight ties to what was posted: the capstone of the accounting rules, and laws for any lines.

use model::{
    BankDraft, CustomerCode, CustomerDraft, DocumentKey, DocumentKind, Draft, DraftLine, ExchangeRate, JournalDraft,
    JournalLine, NominalCode, OrderId, PurchaseDraft, PurchaseLine, RateSource, SalesDraft, Sku, Subject,
    SupplierDraft, TradeBorder, TransferDraft, VatRate,
};
use money::{Currency, Money};
use proptest::prelude::*;
use reconcile::{
    AdRule, EntryLine, EntryRole, FeeGroup, LineError, VatScheme, entry_lines, late_entries, preview_vat_return,
    profit, watch_registration,
};
use rust_decimal::Decimal;

use crate::dice::{Dice, day, gbp, later};

const P20: VatRate = VatRate::Percent(Decimal::from_parts(20, 0, 0, false, 0));
const P5: VatRate = VatRate::Percent(Decimal::from_parts(5, 0, 0, false, 0));
const P0: VatRate = VatRate::Percent(Decimal::ZERO);

fn key(order: &str, kind: DocumentKind) -> DocumentKey {
    DocumentKey { subject: Subject::Order(OrderId::parse(order).unwrap()), kind, part: String::new(), ordinal: 1 }
}

fn role(nominal: NominalCode) -> Option<EntryRole> {
    Some(match nominal.0 {
        4000 | 4050 => EntryRole::Revenue,
        4070 => EntryRole::Refund,
        4930 => EntryRole::Reimbursement,
        6200 => EntryRole::Fee(FeeGroup::Selling),
        6210 => EntryRole::Fee(FeeGroup::Fulfilment),
        6220 => EntryRole::Fee(FeeGroup::Storage),
        6230 => EntryRole::Fee(FeeGroup::Other),
        6250 => EntryRole::Advertising,
        5000 => EntryRole::CostOfGoods,
        1001 | 1250 => EntryRole::Balance,
        _ => return None,
    })
}

fn sale(order: &str, kind: DocumentKind, lines: &[(u32, i64, VatRate, i64)]) -> Draft {
    let on = day("2025-11-05");
    let line = |&(nominal, net, vat_rate, vat): &(u32, i64, VatRate, i64)| DraftLine {
        description: "goods".into(),
        quantity: 1,
        unit_net: gbp(net),
        net: gbp(net),
        vat_rate,
        vat: gbp(vat),
        nominal: NominalCode(nominal),
        product: None,
        order_line: None,
        units: 1,
        sku: Some(Sku::parse(&format!("SKU-{order}")).unwrap()),
    };
    Draft::Sales(SalesDraft {
        key: key(order, kind),
        reference: format!("AMZ-{order}"),
        customer: CustomerDraft {
            code: CustomerCode::parse("AMZUKSTD").unwrap(),
            name: "Amazon UK buyers".into(),
            currency: Currency::GBP,
            border: TradeBorder::Domestic,
            country: None,
            email: None,
            vat_number: None,
            address: None,
            shared: true,
        },
        issued_on: on,
        due_on: on,
        currency: Currency::GBP,
        rate: None,
        lines: lines.iter().map(line).collect(),
        payment: None,
        delivery: None,
        reverses: None,
    })
}

fn bill(lines: &[(u32, i64, VatRate, i64)]) -> Draft {
    let on = day("2025-11-14");
    let line = |&(nominal, net, vat_rate, vat): &(u32, i64, VatRate, i64)| PurchaseLine {
        description: "fees".into(),
        net: gbp(net),
        vat_rate,
        vat: gbp(vat),
        nominal: NominalCode(nominal),
    };
    Draft::Purchase(PurchaseDraft {
        key: DocumentKey {
            subject: Subject::Settlement { id: "1".into(), currency: Currency::GBP },
            kind: DocumentKind::Bill,
            part: lines[0].0.to_string(),
            ordinal: 1,
        },
        reference: "AMZ-S-1".into(),
        supplier: SupplierDraft {
            code: CustomerCode::parse("AMZEUUK").unwrap(),
            name: "Amazon EU SARL, UK Branch".into(),
            currency: Currency::GBP,
            border: TradeBorder::Domestic,
            country: None,
        },
        issued_on: on,
        due_on: on,
        currency: Currency::GBP,
        rate: None,
        lines: lines.iter().map(line).collect(),
        payment: None,
        reverses: None,
    })
}

fn lines_of(drafts: &[Draft]) -> Vec<EntryLine> {
    drafts.iter().flat_map(|draft| entry_lines(draft, Currency::GBP, "Amazon.co.uk", role).unwrap()).collect()
}

/// Example F1 of the accounting rules.
fn capstone() -> Vec<EntryLine> {
    let settlement = |kind, part: &str| DocumentKey {
        subject: Subject::Settlement { id: "1".into(), currency: Currency::GBP },
        kind,
        part: part.into(),
        ordinal: 1,
    };
    let reimbursement = Draft::Bank(BankDraft {
        key: settlement(DocumentKind::Bank, "damage"),
        reference: "AMZ-S-1-B".into(),
        account: NominalCode(1250),
        on: day("2025-11-14"),
        amount: gbp(6_40),
        rate: None,
        nominal: NominalCode(4930),
        vat_rate: VatRate::OutsideScope,
        vat: gbp(0),
        description: "WAREHOUSE_DAMAGE".into(),
        reverses: None,
    });
    let deposit = Draft::Transfer(TransferDraft {
        key: settlement(DocumentKind::Transfer, "deposit"),
        reference: "AMZ-S-1-T".into(),
        from: NominalCode(1250),
        to: NominalCode(1200),
        amount: gbp(36_14),
        rate: None,
        on: day("2025-11-16"),
        description: "deposit".into(),
        reverses: None,
    });
    lines_of(&[
        sale("A", DocumentKind::Invoice, &[(4000, 20_00, P20, 4_00)]),
        sale("B", DocumentKind::Invoice, &[(4000, 12_99, P0, 0)]),
        sale("C", DocumentKind::Invoice, &[(4000, 80_00, P5, 4_00), (4050, 4_00, P5, 20)]),
        sale("D", DocumentKind::Invoice, &[(4000, 832, P20, 1_67), (4000, 832, P20, 1_67), (4000, 832, P20, 1_67)]),
        sale("Z", DocumentKind::Refund, &[(4070, -20_00, P20, -4_00)]),
        bill(&[(6200, 21_30, P20, 4_27), (6230, 25_00, P20, 5_00)]),
        bill(&[(6210, 4_54, P20, 91), (6220, 12_00, P20, 2_40)]),
        bill(&[(6250, 30_00, P20, 6_00)]),
        reimbursement,
        deposit,
    ])
}

fn november() -> (jiff::civil::Date, jiff::civil::Date) {
    (day("2025-11-01"), day("2025-11-30"))
}

#[test]
fn the_vat_return_of_the_capstone_is_that_of_the_accounting_rules() {
    let (from, to) = november();
    let preview = preview_vat_return(&capstone(), Currency::GBP, from, to, VatScheme::Standard).unwrap();
    let boxes = preview.boxes;
    assert_eq!(
        [boxes.box1, boxes.box4, preview.box5, boxes.box6, boxes.box7].map(Money::minor),
        [9_21, 18_58, -9_37, 121_95, 92_84]
    );
    assert_eq!((preview.filed.0.minor(), preview.filed.1.minor()), (121_00, 92_00));
    let by_document: i64 = preview.documents.values().map(|boxes| boxes.box6.minor()).sum();
    assert_eq!(by_document, 121_95);
}

#[test]
fn the_profit_of_the_capstone_ties_to_its_ledger() {
    let report = profit(&capstone(), Currency::GBP, AdRule::Apart).unwrap();
    // 137.95 + 4.00 − 20.00 + 6.40 − 21.30 − 4.54 − 12.00 − 25.00 − 30.00 of the ledger.
    assert_eq!(report.total.margin, gbp(35_51));
    assert_eq!((report.total.revenue, report.total.refunds, report.total.units), (gbp(141_95), gbp(-20_00), 6));
    assert_eq!(report.total.fees[&FeeGroup::Selling], gbp(-21_30));
    assert_eq!(report.total.other_income, gbp(6_40));
}

#[test]
fn fees_before_august_2024_are_under_the_reverse_charge() {
    let lines = lines_of(&[bill(&[(6200, 3_67, VatRate::ReverseCharge, 0)])]);
    let (from, to) = november();
    let boxes = preview_vat_return(&lines, Currency::GBP, from, to, VatScheme::Standard).unwrap().boxes;
    assert_eq!([boxes.box1, boxes.box4, boxes.box6, boxes.box7].map(Money::minor), [73, 73, 3_67, 3_67]);
}

#[test]
fn the_flat_rate_is_one_calculation_on_what_buyers_paid() {
    let lines = lines_of(&[
        sale("A", DocumentKind::Invoice, &[(4000, 20_00, P20, 4_00)]),
        bill(&[(6200, 4_40, VatRate::NoVat, 0), (6210, 3_35, VatRate::NoVat, 0)]),
    ]);
    let (from, to) = november();
    let scheme = VatScheme::FlatRate(Decimal::new(75, 1));
    let preview = preview_vat_return(&lines, Currency::GBP, from, to, scheme).unwrap();
    let boxes = preview.boxes;
    assert_eq!([boxes.box1, boxes.box4, boxes.box6, boxes.box7].map(Money::minor), [1_80, 0, 24_00, 0]);
}

#[test]
fn deemed_supplies_count_in_box_6_and_exports_outside_the_scope_in_none() {
    let lines = lines_of(&[
        sale("A", DocumentKind::Invoice, &[(4000, 50_00, P0, 0)]),
        sale("B", DocumentKind::Invoice, &[(4000, 30_00, VatRate::OutsideScope, 0)]),
        sale("C", DocumentKind::Invoice, &[(4000, 7_00, VatRate::Exempt, 0)]),
    ]);
    let (from, to) = november();
    let boxes = preview_vat_return(&lines, Currency::GBP, from, to, VatScheme::Standard).unwrap().boxes;
    assert_eq!([boxes.box1, boxes.box6].map(Money::minor), [0, 57_00]);
    let none = preview_vat_return(&lines, Currency::GBP, from, to, VatScheme::NotRegistered).unwrap();
    assert_eq!((none.boxes.box6, none.notes.len()), (gbp(0), 1));
}

#[test]
fn an_account_without_a_role_is_an_error_and_never_left_out() {
    let draft = sale("A", DocumentKind::Invoice, &[(4999, 1_00, P20, 20)]);
    let error = entry_lines(&draft, Currency::GBP, "", role).unwrap_err();
    assert!(matches!(error, LineError::NoRole(NominalCode(4999), _)));
}

#[test]
fn foreign_documents_are_told_in_home_currency_and_journals_by_their_debits() {
    let Draft::Sales(mut foreign) = sale("A", DocumentKind::Invoice, &[(4000, 0, P0, 0)]) else { unreachable!() };
    foreign.currency = Currency::USD;
    foreign.lines[0].net = Money::new(30_00, Currency::USD);
    foreign.lines[0].vat = Money::zero(Currency::USD);
    assert!(matches!(entry_lines(&Draft::Sales(foreign.clone()), Currency::GBP, "", role), Err(LineError::NoRate(..))));
    foreign.rate = Some(ExchangeRate {
        per_home: Decimal::new(13_200, 4),
        source: RateSource::HmrcMonthly,
        on: day("2025-11-01"),
    });
    assert_eq!(entry_lines(&Draft::Sales(foreign), Currency::GBP, "", role).unwrap()[0].net, gbp(22_73));
    let cogs =
        |nominal, minor| JournalLine { nominal: NominalCode(nominal), amount: gbp(minor), description: String::new() };
    let journal = Draft::Journal(JournalDraft {
        key: key("A", DocumentKind::Journal),
        reference: "AMZ-A-COGS".into(),
        on: day("2025-11-05"),
        currency: Currency::GBP,
        lines: vec![cogs(5000, 8_10), cogs(1001, -8_10)],
        description: String::new(),
        reverses: None,
    });
    let report = profit(&lines_of(&[journal]), Currency::GBP, AdRule::Apart).unwrap();
    assert_eq!(report.total.cost_of_goods, gbp(-8_10));
}

fn line(role: EntryRole, net: i64, vat: i64, rate: VatRate, on: jiff::civil::Date, sku: Option<String>) -> EntryLine {
    EntryLine {
        document: key("A", DocumentKind::Invoice),
        role,
        nominal: NominalCode(4000),
        net: gbp(net),
        vat: gbp(vat),
        rate,
        bought: false,
        capital: false,
        on,
        true_on: None,
        sku,
        marketplace: "Amazon.co.uk".into(),
        order: None,
        units: 1,
    }
}

#[test]
fn the_registration_watch_counts_what_buyers_paid_in_twelve_months() {
    let sold = |on: &str, gross| line(EntryRole::Revenue, gross, 0, VatRate::NoVat, day(on), None);
    let lines = [
        sold("2025-01-15", 50_000_00),
        sold("2025-12-31", 22_000_00),
        sold("2026-01-01", 60_000_00),
        line(EntryRole::Reimbursement, 9_000_00, 0, VatRate::OutsideScope, day("2026-01-02"), None),
        line(EntryRole::Refund, -1_00, 0, VatRate::NoVat, day("2026-01-03"), None),
    ];
    let watch = watch_registration(&lines, day("2025-12-31")).unwrap();
    assert_eq!((watch.rolling, watch.warn, watch.passed), (gbp(72_000_00), true, None));
    let watch = watch_registration(&lines, day("2026-01-31")).unwrap();
    // January 2025 has left the twelve months.
    assert_eq!((watch.rolling, watch.passed, watch.room), (gbp(81_999_00), None, gbp(8_001_00)));
    assert_eq!(watch.months.len(), 13);
    let watch =
        watch_registration(&[lines[1].clone(), lines[2].clone(), sold("2026-02-01", 8_000_01)], day("2026-03-05"))
            .unwrap();
    assert_eq!(watch.passed, Some(day("2026-02-01")));
}

#[test]
fn late_entries_are_listed_with_their_vat_and_measured_against_the_limit() {
    let late = EntryLine {
        true_on: Some(day("2025-09-30")),
        ..line(EntryRole::Revenue, 60_000_00, 12_000_00, P20, day("2025-10-01"), None)
    };
    let on_time = line(EntryRole::Revenue, 1_00, 20, P20, day("2025-10-01"), None);
    let list = |box6| {
        late_entries(&[late.clone(), on_time.clone()], Currency::GBP, day("2025-10-01"), day("2025-12-31"), gbp(box6))
            .unwrap()
    };
    assert_eq!((list(0).entries.len(), list(0).vat, list(0).on_next_return), (1, gbp(12_000_00), false));
    assert!(list(1_200_000_00).on_next_return);
}

fn any_line() -> impl Strategy<Value = EntryLine> {
    let roles = [
        EntryRole::Revenue,
        EntryRole::Refund,
        EntryRole::Promotion,
        EntryRole::Fee(FeeGroup::Selling),
        EntryRole::Fee(FeeGroup::Storage),
        EntryRole::Advertising,
        EntryRole::Reimbursement,
        EntryRole::OtherIncome,
        EntryRole::CostOfGoods,
        EntryRole::OtherCost,
        EntryRole::Balance,
    ];
    let rates = [P20, P5, P0, VatRate::Exempt, VatRate::OutsideScope, VatRate::NoVat, VatRate::ReverseCharge];
    (0..roles.len(), -100_000_i64..100_000, 0..rates.len(), 0_i64..90, 0_usize..4, any::<bool>()).prop_map(
        move |(which, net, rate, after, sku, bought)| EntryLine {
            bought,
            ..line(
                roles[which],
                net,
                net / 5,
                rates[rate],
                later(day("2026-01-01"), after),
                (sku > 0).then(|| format!("SKU{sku}")),
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn profit_ties_to_the_lines_however_advertising_is_shared(
        lines in proptest::collection::vec(any_line(), 0..40), shared in any::<bool>(), seed in any::<u64>(),
    ) {
        let rule = if shared { AdRule::ByRevenue } else { AdRule::Apart };
        let report = profit(&lines, Currency::GBP, rule).unwrap();
        let ledger: i64 = lines.iter().filter(|line| line.role != EntryRole::Balance).map(|line| line.net.minor()).sum();
        prop_assert_eq!(report.total.margin.minor(), ledger);
        prop_assert_eq!(report.rows.values().map(|row| row.margin.minor()).sum::<i64>(), ledger);
        prop_assert_eq!(report.rows.values().map(|row| row.units).sum::<i64>(), report.total.units);
        let mut shuffled = lines;
        Dice::new(seed).shuffle(&mut shuffled);
        prop_assert_eq!(profit(&shuffled, Currency::GBP, rule).unwrap(), report);
    }

    #[test]
    fn every_box_is_the_sum_of_its_lines_and_of_its_documents(lines in proptest::collection::vec(any_line(), 0..40)) {
        let (from, to) = (day("2026-01-10"), day("2026-03-10"));
        let preview = preview_vat_return(&lines, Currency::GBP, from, to, VatScheme::Standard).unwrap();
        let sum = |of: fn(&reconcile::VatBoxes) -> Money| preview.lines.iter().map(|line| of(&line.boxes).minor()).sum::<i64>();
        let documents = |of: fn(&reconcile::VatBoxes) -> Money| preview.documents.values().map(|boxes| of(boxes).minor()).sum::<i64>();
        prop_assert_eq!(sum(|boxes| boxes.box1), preview.boxes.box1.minor());
        prop_assert_eq!(sum(|boxes| boxes.box4), preview.boxes.box4.minor());
        prop_assert_eq!(sum(|boxes| boxes.box6), preview.boxes.box6.minor());
        prop_assert_eq!(documents(|boxes| boxes.box7), preview.boxes.box7.minor());
        prop_assert_eq!(preview.box5.minor(), preview.boxes.box1.minor() - preview.boxes.box4.minor());
    }

    #[test]
    fn two_periods_make_the_year(lines in proptest::collection::vec(any_line(), 0..40), cut in 0_i64..90) {
        let (from, to) = (day("2026-01-01"), day("2026-12-31"));
        let boxes = |from, to| preview_vat_return(&lines, Currency::GBP, from, to, VatScheme::Standard).unwrap().boxes;
        let middle = later(from, cut);
        let (first, second, all) = (boxes(from, middle), boxes(later(middle, 1), to), boxes(from, to));
        prop_assert_eq!(first.box1.minor() + second.box1.minor(), all.box1.minor());
        prop_assert_eq!(first.box7.minor() + second.box7.minor(), all.box7.minor());
    }
}
