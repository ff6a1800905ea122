//! Books kept right, which agree, and the same books spoiled in one thing each, to which the judge objects.

mod poster;

use rust_decimal::Decimal;

use self::poster::{Books, config, right_books};
use super::*;
use crate::FaultLevel;
use crate::kashflow::people::{Aim, Deed, Planned};
use crate::kashflow::{BankTransaction, Invoice, Side};
use crate::oracle::OpenItemKind;
use crate::oracle::settlements::rules::{Meaning, fee_vat, inside, meaning};
use crate::world::MoneyEvent;

const PENNY: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

fn judged(books: &Books) -> Judgement {
    judge(&books.world, &books.account, books.now)
}

#[test]
fn books_kept_right_agree_whatever_the_seed() {
    for seed in 0..8 {
        let books = right_books(seed, FaultLevel::None);
        let judgement = judged(&books);
        assert!(judgement.agrees, "seed {seed}: {:#?}", judgement.mismatched);
        assert_eq!((judgement.closed, judgement.unexplained_minor), (9, 0));
        assert_eq!(judgement.clearing.expected_minor, judgement.clearing.actual_minor);
        assert_eq!(judgement.vat.expected_minor, judgement.vat.actual_minor);
        assert!(judgement.rows > 1_000 && judgement.credit_notes > 10 && judgement.payments > 300);
        assert!(judgement.expected_open_items.is_empty());
        assert!(super::super::judge(&books.world, &books.account, books.now).agrees, "orders agree beside");
    }
}

#[test]
fn the_clearing_account_holds_sales_that_are_not_settled_less_what_is_owed() {
    let books = right_books(7, FaultLevel::None);
    let listed = books.world.listed_settlements(books.now);
    let mut pounds = listed.iter().filter(|own| own.group.currency == "GBP");
    let settled: i64 = pounds
        .clone()
        .flat_map(|own| own.rows())
        .filter(|(transaction, line)| meaning(transaction, line) == Meaning::Sale)
        .map(|(_, line)| line.minor)
        .sum();
    let posted: Decimal =
        books.account.invoices().iter().filter(|own| own.currency == "GBP" && is_sale(own)).map(Invoice::gross).sum();
    let owed = pounds.next_back().map_or(0, |own| own.total.min(0));
    let posted = crate::oracle::held::pence(posted).unwrap();
    assert_eq!(judged(&books).clearing.expected_minor, posted - settled + owed);
    assert!(posted > settled, "some sales are not settled");
}

fn is_sale(invoice: &Invoice) -> bool {
    crate::oracle::is_of_order(&invoice.reference)
}

#[test]
fn a_settlement_that_nobody_posted_is_missed_everywhere() {
    let config = config(3, FaultLevel::None);
    let world = World::new(&config);
    let account = crate::oracle::tests::account(&world, &config.clock);
    let now = world.start() + jiff::SignedDuration::from_hours(24 * 40);
    let judgement = judge(&world, &account, now);
    assert!(!judgement.agrees && judgement.unexplained_minor > 0);
    for what in ["refunds", "fees", "input VAT", "output VAT", "payout", "clearing account in GBP", "balance of 1255"] {
        says(&judgement, what);
    }
    let before = judge(&world, &account, world.start());
    assert!(before.agrees && before.closed == 0, "{before:#?}");
}

/// Spoils the right books and says what the judge objects to.
#[track_caller]
fn objection(spoil: impl FnOnce(&Books)) -> Judgement {
    let books = right_books(7, FaultLevel::None);
    spoil(&books);
    let judgement = judged(&books);
    assert!(!judgement.agrees, "the judge did not object");
    assert!(judgement.unexplained_minor > 0);
    judgement
}

#[track_caller]
fn says(judgement: &Judgement, what: &str) {
    assert!(judgement.mismatched.iter().any(|own| own.what.starts_with(what)), "{what}: {:#?}", judgement.mismatched);
}

/// The objections and nothing else.
#[track_caller]
fn says_only(judgement: &Judgement, what: &[&str]) {
    what.iter().for_each(|what| says(judgement, what));
    let known = |own: &&Mismatch| !what.iter().any(|what| own.what.starts_with(what));
    let other: Vec<_> = judgement.mismatched.iter().filter(known).collect();
    assert!(other.is_empty(), "{other:#?}");
}

/// A purchase in this currency with a line on this account.
fn bill(books: &Books, currency: &str, nominal: i64) -> Invoice {
    let fits = |own: &Invoice| own.currency == currency && own.lines.iter().any(|line| line.nominal == nominal);
    books.account.purchases().into_iter().find(fits).unwrap()
}

fn refile(books: &Books, old: Invoice, change: impl FnOnce(&mut Invoice)) {
    let mut new = old;
    change(&mut new);
    books.account.file_invoice(new);
}

fn transaction(books: &Books, text: &str) -> BankTransaction {
    books.account.bank_transactions().into_iter().find(|own| own.comment.starts_with(text)).unwrap()
}

#[test]
fn it_objects_to_a_fee_that_is_missing() {
    let judgement = objection(|books| {
        refile(books, bill(books, "GBP", 6220), |own| {
            own.lines.retain(|line| line.nominal != 6220);
            own.payments[0].amount = own.gross();
        });
    });
    says_only(
        &judgement,
        &["fees, without VAT, on 6220", "input VAT of settlements in GBP", "clearing account in GBP"],
    );
}

#[test]
fn it_objects_to_a_fee_on_the_wrong_account() {
    let judgement = objection(|books| {
        refile(books, bill(books, "GBP", 6210), |own| own.lines.iter_mut().for_each(|line| line.nominal = 6200));
    });
    says(&judgement, "fees, without VAT, on 6210");
    assert_eq!(judgement.clearing.expected_minor, judgement.clearing.actual_minor);
}

#[test]
fn it_objects_to_a_penny_of_vat_even_when_the_gross_is_right() {
    for currency in ["GBP", "EUR"] {
        let judgement = objection(|books| {
            refile(books, bill(books, currency, 6200), |own| {
                own.lines[0].vat += PENNY;
                own.lines[0].rate -= PENNY;
            });
        });
        says_only(&judgement, &["fees, without VAT,", "input VAT of settlements"]);
        assert_eq!(
            judgement.vat.expected_minor - judgement.vat.actual_minor,
            1,
            "less input VAT is due to be reclaimed"
        );
    }
}

#[test]
fn it_objects_to_vat_in_another_month() {
    let judgement = objection(|books| {
        let november = |own: &Invoice| own.issued_on.month() == 11 && own.currency == "GBP";
        let credit =
            books.account.invoices().into_iter().find(|own| !is_sale(own) && november(own) && !own.vat().is_zero());
        books.account.edit_invoice(credit.unwrap().number, |own| {
            own.issued_on = jiff::civil::date(2026, 12, 1);
            own.payments[0].date = own.issued_on;
        });
    });
    says_only(
        &judgement,
        &["output VAT of settlements in GBP of 2026-11", "output VAT of settlements in GBP of 2026-12"],
    );
}

#[test]
fn it_objects_to_a_payout_that_is_booked_twice_or_not_or_wrongly() {
    let twice = objection(|books| _ = books.account.file_transaction(transaction(books, "Payout")));
    says_only(&twice, &["balance of 1200", "clearing account in GBP"]);
    let change = |amount: fn(Decimal) -> Decimal| {
        objection(move |books| {
            let own = transaction(books, "Payout");
            books.account.edit_transaction(own.id, |own| own.amount = amount(own.amount));
        })
    };
    says_only(
        &change(|_| Decimal::ZERO),
        &["payout that reached the bank", "balance of 1200", "clearing account in GBP"],
    );
    says(&change(|amount| amount + PENNY), "payout that reached the bank");
}

#[test]
fn a_payout_in_another_currency_may_differ_by_what_the_converter_takes_and_no_more() {
    let change = |percent: i64| {
        let books = right_books(7, FaultLevel::None);
        let euros = books.account.clearing_account_id("EUR").unwrap();
        let mut payouts = books.account.bank_transactions().into_iter();
        let own = payouts.find(|own| own.comment.starts_with("Payout") && own.account == euros).unwrap();
        books.account.edit_transaction(own.id, |own| {
            own.amount = (own.amount * Decimal::from(percent) / Decimal::from(100)).round_dp(2);
        });
        judged(&books).agrees
    };
    assert!(change(99) && !change(90));
}

#[test]
fn it_objects_to_a_reserve_that_was_not_moved() {
    let judgement = objection(|books| {
        let own = transaction(books, "Current Reserve Amount");
        books.account.edit_transaction(own.id, |own| own.amount = Decimal::ZERO);
    });
    says_only(&judgement, &["balance of 1255", "clearing account in GBP"]);
}

#[test]
fn it_objects_to_a_refund_that_is_missing_or_takes_back_too_much_vat() {
    let credit = |books: &Books| {
        let taxed = |own: &Invoice| !is_sale(own) && own.currency == "GBP" && !own.vat().is_zero();
        books.account.invoices().into_iter().find(taxed).unwrap().number
    };
    let missing = objection(|books| books.account.delete_invoice(credit(books)));
    says_only(&missing, &["refunds, with VAT,", "output VAT of settlements in GBP", "clearing account in GBP"]);
    let more = objection(|books| {
        books.account.edit_invoice(credit(books), |own| {
            let line = own.lines.iter_mut().find(|line| !line.vat.is_zero()).unwrap();
            line.vat -= PENNY;
            line.rate += PENNY;
        });
    });
    says_only(&more, &["output VAT of settlements in GBP"]);
}

#[test]
fn it_objects_to_money_on_suspense_and_to_a_debt_that_is_counted_twice() {
    let waits = objection(|books| {
        let own = transaction(books, "SAFE-T");
        books.account.edit_transaction(own.id, |own| own.nominal = 2999);
    });
    says(&waits, "balance of 2999 (SUSPENSE)");
    let twice = objection(|books| {
        let debts = books.world.listed_settlements(books.now).into_iter();
        let debt = debts.flat_map(|own| own.transactions.clone()).find(|own| own.event == MoneyEvent::Carried).unwrap();
        let euros = books.account.clearing_account_id("EUR").unwrap();
        let own = transaction(books, "Current Reserve Amount");
        let amount = Decimal::new(debt.total(), 2);
        books.account.file_transaction(BankTransaction {
            account: euros,
            amount,
            nominal: 7900,
            other_account: None,
            ..own
        });
    });
    says_only(&twice, &["clearing account in EUR", "balance of 7900"]);
}

#[test]
fn it_objects_to_a_journal_that_reclaims_more_than_it_charges() {
    let judgement = objection(|books| {
        let mut journals = books.account.journals().into_iter();
        let mut own = journals.find(|own| own.lines.iter().any(|line| line.nominal == 2201)).unwrap();
        own.lines[1].nominal = 7950;
        books.account.file_journal(own);
    });
    says(&judgement, "reverse charge");
}

#[test]
fn a_row_that_nobody_knows_waits_on_suspense_and_for_a_person() {
    let books = right_books(7, FaultLevel::People);
    let judgement = judged(&books);
    assert!(judgement.agrees, "{:#?}", judgement.mismatched);
    let kinds: Vec<OpenItemKind> = judgement.expected_open_items.iter().map(|item| item.kind).collect();
    assert_eq!(kinds, [OpenItemKind::UnknownRow]);
    assert_eq!(books.account.balances()[&2999], Decimal::new(7_77, 2));
}

#[test]
fn deeds_of_people_to_documents_of_settlements_are_open_items_and_no_wrong_sums() {
    let books = right_books(7, FaultLevel::None);
    let id = books.world.listed_settlements(books.now)[0].id.clone();
    let deeds = [
        Deed::EditOther { aim: Aim::PurchaseWith { text: id.clone() } },
        Deed::DeleteOther { aim: Aim::Bank { text: format!("Payout AMZ-S-{id}") } },
        Deed::DeleteOther { aim: Aim::PurchaseWith { text: id.clone() } },
        Deed::TakeNextNumber,
    ];
    let at = "2026-11-01T00:00:00Z".parse().unwrap();
    books.account.schedule(deeds.into_iter().map(|deed| Planned { at, deed }).collect());
    books.account.let_people_act();
    assert_eq!(books.account.people_done().len(), 4);
    let judgement = judged(&books);
    assert!(judgement.agrees, "{:#?}", judgement.mismatched);
    let items = judgement.expected_open_items;
    assert!(items.iter().all(|item| item.order == id));
    use OpenItemKind::{DeletedInBooks, EditedInBooks};
    assert_eq!(items.iter().map(|item| item.kind).collect::<Vec<_>>(), [EditedInBooks, DeletedInBooks, DeletedInBooks]);
}

#[test]
fn the_vat_that_the_judge_sees_in_a_fee_is_what_the_world_put_there() {
    let mut seen = 0;
    for seed in 0..8 {
        let world = World::new(&config(seed, FaultLevel::None));
        let now = world.money_ends_at().unwrap();
        for settlement in world.settlements(now) {
            for (transaction, line) in settlement.rows() {
                if let Meaning::Fee(role) = meaning(transaction, line) {
                    assert_eq!(fee_vat(transaction, line), line.fee_vat, "{role} {line:?}");
                    assert!(role != "FEE_OTHER" || line.description.starts_with("INCORRECT_FEES"), "{line:?}");
                    seen += 1;
                } else {
                    assert_eq!(line.fee_vat, 0, "{line:?}");
                }
            }
        }
    }
    assert!(seen > 20_000, "{seen}");
}

#[test]
fn refunds_of_a_whole_line_take_back_its_vat_whatever_parts_they_come_in() {
    let mut in_parts = 0;
    for seed in 0..8 {
        let world = World::new(&config(seed, FaultLevel::None));
        let now = world.money_ends_at().unwrap();
        let refunds: Vec<_> = world.transactions(world.start(), now, now);
        let given = refunds::vat_given_back(&world, now, refunds.iter().map(std::convert::AsRef::as_ref));
        for order in world.orders() {
            let own: Vec<_> =
                refunds.iter().filter(|own| own.order.as_ref().is_some_and(|own| own.id == order.id)).collect();
            let own: Vec<_> = own.into_iter().filter(|own| refunds::is_refund(own)).collect();
            let back: i64 = own.iter().map(|own| given[&own.id]).sum();
            let gross: i64 = own
                .iter()
                .flat_map(|refund| refund.lines.iter().map(move |line| (refund, line)))
                .filter(|(refund, line)| matches!(meaning(refund, line), Meaning::Refund(_)))
                .map(|(_, line)| line.minor)
                .sum();
            let domestic = matches!(order.ship_to.country, "GB" | "IM");
            if let (true, [item], true) = (domestic, order.items.as_slice(), -gross == order.gross() && !own.is_empty())
            {
                let rate = item.vat_class.rate();
                let promotions = inside(item.item_promotion, rate) + inside(item.delivery_promotion, rate);
                let charged = inside(item.price(), rate) + inside(item.delivery, rate) + inside(item.gift_wrap, rate);
                assert_eq!(back, charged - promotions, "{}", order.id);
                in_parts += usize::from(own.len() > 1);
            }
            assert!(domestic || back == 0);
        }
    }
    assert!(in_parts > 5, "{in_parts}");
}

#[test]
fn both_sides_are_read_in_their_own_sign() {
    let books = right_books(7, FaultLevel::None);
    let side = |side| {
        books
            .account
            .vat()
            .into_iter()
            .filter(move |(rate, _)| rate.side == side)
            .map(|(_, sum)| sum.vat)
            .sum::<Decimal>()
    };
    let due = crate::oracle::held::pence(side(Side::Sales) - side(Side::Purchases)).unwrap();
    assert_eq!(judged(&books).vat.actual_minor, due);
}
