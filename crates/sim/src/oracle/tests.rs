use std::sync::Arc;

use clock::Clock;
use jiff::SignedDuration;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::*;
use crate::kashflow::people::{self, Planned};
use crate::kashflow::{Line, NewProduct, Payment, Side};
use crate::world::{Event, Fulfilment, Happening, Package, Scheme, Tax, VatClass, WorldItem, WorldOrder};
use crate::{FaultLevel, KashflowOptions, Quotas, SandboxConfig};

const NOON: &str = "2026-11-02T12:00:00Z";

fn config(orders: u32, faults: FaultLevel) -> SandboxConfig {
    SandboxConfig {
        amazon_port: 0,
        kashflow_port: 0,
        seed: 7,
        days: 5,
        quiet_days: 0,
        orders_per_day: 0,
        orders: Some(orders),
        clock: Clock::virtual_at("2026-11-01T00:00:00Z".parse().unwrap()),
        quotas: Quotas::Off,
        faults,
        kashflow: KashflowOptions::default(),
    }
}

pub(in crate::oracle) fn account(world: &World, clock: &Clock) -> Arc<Account> {
    let account = Account::new(7, KashflowOptions::default(), clock.clone());
    for sku in &world.seller().skus {
        if let Some(code) = &sku.kashflow_product_code {
            account.add_product(NewProduct {
                nominal: 4000,
                code: code.clone(),
                name: sku.title.clone(),
                vat_rate: Decimal::from(sku.vat_class.rate()),
                managed: sku.stock_managed,
                in_stock: i64::from(sku.opening_stock),
            });
        }
    }
    for (code, currency, border) in [
        ("UK", "GBP", "Domestic"),
        ("UKROW", "GBP", "Rest of World"),
        ("UKEU", "GBP", "EU"),
        ("DE", "EUR", "EU"),
        ("FR", "EUR", "EU"),
        ("IE", "EUR", "EU"),
    ] {
        account.file_customer(code, currency, border);
    }
    account
}

fn item(world: &World, sku: &str, quantity: u32, unit_price: i64, class: VatClass) -> WorldItem {
    let sku = world.seller().skus.iter().find(|own| own.sku == sku).unwrap();
    WorldItem {
        item_id: "00000000000001".into(),
        sku: Arc::clone(sku),
        quantity,
        unit_price,
        delivery: 0,
        gift_wrap: 0,
        item_promotion: 0,
        delivery_promotion: 0,
        promotion_ids: Vec::new(),
        vat_class: class,
        collected: None,
        tax: None,
        tax_rate: 0,
        gift_message: None,
    }
}

fn at(text: &str, what: Happening) -> Event {
    Event { at: text.parse().unwrap(), what }
}

fn dispatched(text: &str, units: Vec<(usize, u32)>) -> Event {
    let package =
        Package { reference: "1".into(), carrier: "x".into(), service: "x".into(), tracking: "x".into(), units };
    at(text, Happening::Dispatched(package))
}

/// A world of four orders, all written by hand.
fn small_world() -> (World, Clock, Vec<String>) {
    let config = config(4, FaultLevel::None);
    let world = World::new(&config);
    let ids: Vec<String> = world.orders().iter().map(|order| order.id.clone()).collect();
    let set = |id: &str, items: Vec<WorldItem>, country, marketplace, timeline: Vec<Event>| {
        let written = world.amend(id, |order: &mut WorldOrder| {
            order.fulfilment = Fulfilment::Fbm;
            order.ship_to.country = country;
            order.marketplace = marketplace;
            order.items = items.clone();
            order.timeline = timeline.clone();
            order.replaces = None;
            order.placed_at = "2026-11-01T10:00:00Z".parse().unwrap();
        });
        assert!(written);
    };
    // The mixed basket of the worked examples: delivery free by promotion, gift wrap, coupon; sold on a summer evening's rule.
    let mut standard = item(&world, "CUSHION-45%WOOL", 1, 18_00, VatClass::Standard);
    (standard.delivery, standard.delivery_promotion) = (3_00, 3_00);
    (standard.gift_wrap, standard.item_promotion) = (2_40, 1_80);
    let mut book = item(&world, "BOOK-TIDES", 1, 9_00, VatClass::Zero);
    (book.delivery, book.delivery_promotion) = (1_50, 1_50);
    set(&ids[0], vec![standard, book], "GB", &crate::world::UK, vec![dispatched(NOON, vec![(0, 1), (1, 1)])]);
    // Three mugs for 11.99 each, two today and one tomorrow.
    let mugs = item(&world, "MUG-BLUE", 3, 11_99, VatClass::Standard);
    let two = dispatched(NOON, vec![(0, 2)]);
    set(&ids[1], vec![mugs], "GB", &crate::world::UK, vec![two, dispatched("2026-11-03T12:00:00Z", vec![(0, 1)])]);
    // Germany: the marketplace keeps 19 %. Taken back the next day.
    let mut export = item(&world, "CUSHION-45%WOOL", 1, 23_80, VatClass::Standard);
    export.collected = Some(Scheme::Ioss);
    export.tax = Some(Tax { item: 3_80, ..Tax::default() });
    let cancelled = at("2026-11-03T09:00:00Z", Happening::Cancelled { items: vec![0], by: "BUYER" });
    set(&ids[2], vec![export], "DE", &crate::world::DE, vec![dispatched(NOON, vec![(0, 1)]), cancelled]);
    // Never dispatched.
    let shelf = item(&world, "SHELF-L", 1, 13_900, VatClass::Standard);
    let cancelled = at(NOON, Happening::Cancelled { items: vec![0], by: "BUYER" });
    set(&ids[3], vec![shelf], "GB", &crate::world::UK, vec![cancelled]);
    (world, config.clock, ids)
}

fn line(nominal: i64, level: i64, quantity: i64, rate: &str, vat: &str, product: Option<&str>) -> Line {
    Line {
        description: String::new(),
        quantity: Decimal::from(quantity),
        rate: rate.parse().unwrap(),
        vat_level: Decimal::from(level),
        vat: vat.parse().unwrap(),
        vat_exempt: false,
        nominal,
        product: product.map(|code| (4000, code.to_owned())),
        project: None,
        disallowed: false,
    }
}

fn file(
    account: &Account,
    reference: &str,
    day: i8,
    customer: &str,
    currency: (&str, Decimal),
    lines: Vec<Line>,
) -> i64 {
    let gross = lines.iter().map(|line| line.net() + line.vat).sum();
    let issued_on = date(2026, 11, day);
    let bank = account.clearing_account_id(currency.0).unwrap();
    let payment = Payment {
        id: 0,
        date: issued_on,
        amount: gross,
        method: account.payment_method_id(),
        account: bank,
        reference: None,
        note: None,
        bulk: None,
        is_credit: false,
    };
    account.file_invoice(Invoice {
        side: Side::Sales,
        id: 0,
        number: 0,
        contact_id: 0,
        contact_code: customer.into(),
        reference: reference.into(),
        issued_on,
        due_on: issued_on,
        currency: currency.0.into(),
        rate: currency.1,
        lines,
        payments: vec![payment],
        address: None,
        delivery: None,
        created_at: NOON.parse().unwrap(),
        extras: Default::default(),
    })
}

/// The right books for [`small_world`], worked out on paper.
fn right_books() -> (World, Arc<Account>, Vec<String>) {
    let (world, clock, ids) = small_world();
    let account = account(&world, &clock);
    let pounds = ("GBP", Decimal::ONE);
    let euros = ("EUR", world.monthly_rate(2026, 11, "EUR").unwrap());
    let basket = vec![
        line(4000, 20, 1, "15.00", "3.00", None),
        line(4050, 20, 1, "2.50", "0.50", None),
        line(4060, 20, 1, "-2.50", "-0.50", None),
        line(4055, 20, 1, "2.00", "0.40", None),
        line(4060, 20, 1, "-1.50", "-0.30", None),
        line(4000, 0, 1, "9.00", "0", Some("BKTIDE")),
        line(4050, 0, 1, "1.50", "0", None),
        line(4060, 0, 1, "-1.50", "0", None),
    ];
    file(&account, &format!("AMZ-{}", ids[0]), 2, "UK", pounds, basket);
    // 35.97 gross has 6.00 VAT (5.995 up). Two of three: 23.98 and 4.00; the third: 11.99 and 2.00.
    file(&account, &format!("AMZ-{}", ids[1]), 2, "UK", pounds, vec![line(4000, 20, 2, "9.99", "4.00", Some("MUGB"))]);
    file(
        &account,
        &format!("AMZ-{}/2", ids[1]),
        3,
        "UK",
        pounds,
        vec![line(4000, 20, 1, "9.99", "2.00", Some("MUGB"))],
    );
    file(&account, &format!("AMZ-{}", ids[2]), 2, "DE", euros, vec![line(4020, 0, 1, "20.00", "0", None)]);
    file(&account, &format!("AMZ-{}/C1", ids[2]), 3, "DE", euros, vec![line(4020, 0, 1, "-20.00", "0", None)]);
    (world, account, ids)
}

fn verdict(world: &World, account: &Account) -> Verdict {
    judge(world, account, "2026-12-01T00:00:00Z".parse().unwrap())
}

#[test]
fn a_ledger_worked_out_on_paper_is_right() {
    let (world, account, _) = right_books();
    let verdict = verdict(&world, &account);
    assert!(verdict.agrees, "{verdict:#?}");
    assert_eq!((verdict.wanted, verdict.confirmed), (5, 5));
    assert!(verdict.expected_open_items.is_empty());
}

#[test]
fn what_has_not_happened_yet_is_not_wanted() {
    let (world, account, ids) = right_books();
    let now = "2026-11-02T13:00:00Z".parse().unwrap();
    let verdict = judge(&world, &account, now);
    assert_eq!(verdict.wanted, 3);
    let early = [5, 3].map(|number| account.invoice(number).unwrap().reference);
    assert_eq!(early, [format!("AMZ-{}/C1", ids[2]), format!("AMZ-{}/2", ids[1])]);
    assert_eq!(verdict.unknown_documents.len(), 2);
}

/// Spoils the right books and says what the oracle objects to.
#[track_caller]
fn objection(spoil: impl FnOnce(&Account)) -> Verdict {
    let (world, account, _) = right_books();
    spoil(&account);
    let verdict = verdict(&world, &account);
    assert!(!verdict.agrees, "the oracle did not object");
    verdict
}

fn says(verdict: &Verdict, what: &str) {
    assert!(verdict.mismatched.iter().any(|mismatch| mismatch.what.starts_with(what)), "{verdict:#?}");
}

#[test]
fn it_objects_to_a_deleted_invoice() {
    assert_eq!(objection(|account| account.delete_invoice(1)).missing.len(), 1);
}

#[test]
fn it_objects_to_a_doubled_invoice() {
    let doubled = objection(|account| {
        let twin = account.invoice(2).unwrap();
        account.file_invoice(Invoice { number: 0, reference: format!(" {} ", twin.reference.to_lowercase()), ..twin });
    });
    assert_eq!(doubled.duplicated.len(), 1);
}

#[test]
fn it_objects_to_a_date_a_day_off() {
    says(&objection(|account| account.edit_invoice(1, |own| own.issued_on = date(2026, 11, 3))), "date");
}

#[test]
fn it_objects_to_the_wrong_account() {
    says(&objection(|account| account.edit_invoice(4, |own| own.lines[0].nominal = 4010)), "sums");
}

#[test]
fn it_objects_to_a_penny_of_vat_even_when_the_gross_is_right() {
    let verdict = objection(|account| {
        account.edit_invoice(1, |own| {
            own.lines[0].vat += Decimal::new(1, 2);
            own.lines[0].rate -= Decimal::new(1, 2);
        });
    });
    says(&verdict, "sums");
    assert!(!verdict.mismatched.iter().any(|mismatch| mismatch.what.starts_with("gross")));
}

#[test]
fn it_objects_to_the_right_vat_at_the_wrong_rate() {
    says(&objection(|account| account.edit_invoice(1, |own| own.lines[5].vat_level = Decimal::from(5))), "sums");
}

#[test]
fn it_objects_to_the_wrong_customer() {
    says(&objection(|account| account.edit_invoice(4, |own| own.contact_code = "UK".into())), "customer");
}

#[test]
fn it_objects_to_a_customer_of_another_marketplace_of_the_same_kind() {
    let config = config(600, FaultLevel::None);
    let world = World::new(&config);
    let account = account(&world, &config.clock);
    fill(&world, &account, world.last_event_at());
    assert_eq!(account.customer("FR"), account.customer("DE"));
    let german = account.invoices().into_iter().find(|own| own.contact_code == "DE").unwrap();
    account.edit_invoice(german.number, |own| own.contact_code = "FR".into());
    let verdict = verdict(&world, &account);
    assert_eq!(verdict.mismatched.len(), 1, "{verdict:#?}");
    says(&verdict, "customer");
}

#[test]
fn it_objects_to_a_missing_a_second_and_a_misdirected_payment() {
    says(&objection(|account| account.edit_invoice(1, |own| own.payments.clear())), "payments");
    says(&objection(|account| account.edit_invoice(1, |own| own.payments.push(own.payments[0].clone()))), "payments");
    says(&objection(|account| account.edit_invoice(4, |own| own.payments[0].account = 9002)), "payments");
}

#[test]
fn it_objects_to_the_wrong_rate_of_exchange() {
    says(&objection(|account| account.edit_invoice(4, |own| own.rate += Decimal::new(1, 4))), "rate");
}

#[test]
fn it_objects_to_wrong_stock() {
    says(&objection(|account| account.edit_invoice(2, |own| own.lines[0].product = None)), "stock");
    let twice = objection(|account| {
        let own = account.invoice(2).unwrap();
        account.file_invoice(Invoice { number: 0, reference: "by telephone".into(), ..own });
    });
    says(&twice, "stock");
}

#[test]
fn it_objects_to_a_missing_reversal_but_not_to_a_pair_that_never_was() {
    assert_eq!(objection(|account| account.delete_invoice(5)).missing.len(), 1);
    let (world, account, _) = right_books();
    account.delete_invoice(4);
    account.delete_invoice(5);
    let verdict = verdict(&world, &account);
    assert!(verdict.agrees, "{verdict:#?}");
    assert_eq!(verdict.wanted, 3);
}

#[test]
fn it_objects_to_a_document_for_nothing() {
    let (world, account, ids) = right_books();
    let line = line(4000, 20, 1, "115.83", "23.17", None);
    file(&account, &format!("AMZ-{}", ids[3]), 2, "UK", ("GBP", Decimal::ONE), vec![line]);
    assert_eq!(verdict(&world, &account).unknown_documents, [6]);
}

/// Files everything that the world wants, as the product should.
pub(in crate::oracle) fn fill(world: &World, account: &Account, now: Timestamp) {
    for order in world.orders().iter().filter(|order| order.quirk.is_none()) {
        for wanted in wanted::documents(world, account, order, now) {
            if account.locked_until().is_some_and(|until| wanted.date <= until) {
                continue;
            }
            let of = |minor: i64| Decimal::new(minor, 2).to_string();
            let mut lines: Vec<Line> = Vec::new();
            for ((nominal, level), (net, vat)) in &wanted.sums {
                lines.push(line(*nominal, *level, 1, &of(*net), &of(*vat), None));
            }
            for (product, units) in wanted.units.iter().filter(|_| !wanted.is_reversal) {
                lines.push(line(4000, 20, *units, "0", "0", Some(product)));
            }
            let customer = match (wanted.marketplace, wanted.border) {
                (_, "Rest of World") => "UKROW",
                (id, "EU") if id == crate::world::UK.id => "UKEU",
                (id, _) if id == crate::world::UK.id => "UK",
                (id, _) if id == crate::world::DE.id => "DE",
                (id, _) if id == crate::world::FR.id => "FR",
                _ => "IE",
            };
            let number = file(account, &wanted.reference, 1, customer, (wanted.currency, wanted.rate), lines);
            account.edit_invoice(number, |own| own.issued_on = wanted.date);
        }
    }
}

#[test]
fn a_seeded_world_of_hundreds_of_orders_can_be_satisfied() {
    let config = config(600, FaultLevel::None);
    let world = World::new(&config);
    let account = account(&world, &config.clock);
    let now = world.last_event_at();
    fill(&world, &account, now);
    let verdict = judge(&world, &account, now);
    assert!(verdict.agrees, "{:#?} {:#?}", verdict.mismatched.first(), verdict.missing.first());
    assert!(verdict.wanted > 500 && verdict.wanted == verdict.confirmed);
    let orders = world.orders();
    let kinds = |pick: fn(&WorldOrder) -> bool| orders.iter().filter(|order| pick(order)).count();
    assert!(kinds(|order| order.ship_to.country != "GB") > 20);
    assert!(kinds(|order| order.dispatches().count() > 1) > 20);
}

#[test]
fn each_quirk_and_each_deed_of_a_person_is_exactly_one_open_item() {
    let config = config(300, FaultLevel::People);
    let world = World::new(&config);
    let account = account(&world, &config.clock);
    let now = world.last_event_at();
    let (lock, rest): (Vec<Planned>, Vec<Planned>) =
        people::plan(&world).into_iter().partition(|planned| matches!(planned.deed, people::Deed::Lock { .. }));
    assert_eq!((lock.len(), rest.len()), (1, 4));
    fill(&world, &account, now);
    let foreign = rest.iter().find_map(|planned| match &planned.deed {
        people::Deed::UseReference { reference } => Some(reference.clone()),
        _ => None,
    });
    // The product would have found the document made by hand and left its own out.
    let foreign = foreign.unwrap();
    let ours = account.invoices().into_iter().find(|own| own.reference == foreign).unwrap();
    account.delete_invoice(ours.number);
    account.schedule(rest.into_iter().map(|planned| Planned { at: config.clock.now(), ..planned }).collect());
    account.let_people_act();
    assert_eq!(account.people_done().len(), 4);
    let verdict = judge(&world, &account, now);
    assert!(verdict.agrees, "{verdict:#?}");
    let mut kinds: Vec<OpenItemKind> = verdict.expected_open_items.iter().map(|item| item.kind).collect();
    kinds.sort();
    use OpenItemKind::*;
    let wanted = [
        EditedInBooks,
        DeletedInBooks,
        ForeignDocument,
        UnknownStatus,
        UnknownCurrency,
        UnknownMarketplace,
        MissingPrice,
    ];
    assert_eq!(kinds, wanted);
}

#[test]
fn a_document_whose_day_is_locked_is_an_open_item_and_not_a_loss() {
    let (world, account, ids) = right_books();
    account.delete_invoice(1);
    account.lock_until(Some(date(2026, 11, 2)));
    let verdict = verdict(&world, &account);
    assert!(verdict.agrees, "{verdict:#?}");
    assert_eq!(verdict.expected_open_items, [OpenItem { order: ids[0].clone(), kind: OpenItemKind::LockedPeriod }]);
}

#[test]
fn a_planned_lock_comes_a_second_before_the_last_dispatch_of_its_day() {
    let world = World::new(&config(300, FaultLevel::People));
    let lock =
        people::plan(&world).into_iter().find(|planned| matches!(planned.deed, people::Deed::Lock { .. })).unwrap();
    let dispatched = lock.at + SignedDuration::from_secs(1);
    let people::Deed::Lock { until } = lock.deed else { unreachable!() };
    assert_eq!(crate::kashflow::london_day(dispatched), until);
    assert!(world.orders().iter().any(|order| order.dispatches().any(|(at, _)| at == dispatched)));
}
