//! The intent protocol against a model of the books: whatever is lost, late or killed, one document.
//!
//! The model books may lose a request, lose an answer, finish a request long after its client died (but within the settle
//! time), find new documents only after a lag, and refuse, overwrite or renumber a taken number. The worker may die between
//! any two steps; what it had committed is all it knows afterwards.

use std::time::Duration;

use jiff::{Timestamp, civil::date};
use model::{
    BankDraft, CustomerCode, CustomerDraft, DocumentKey, DocumentKind, DocumentNumber, Draft, DraftLine, NominalCode,
    OrderId, PairId, Receipt, SalesDraft, Subject, TradeBorder, VatRate,
};
use money::{Currency, Money};
use ports::{ConnectorError, System};
use proptest::prelude::*;
use runner::intent::{Event, Findings, Next, advance};
use store::intents::{Intent, State};

const SETTLE: Duration = Duration::from_secs(120);

fn draft() -> Draft {
    Draft::Sales(sales())
}

fn sales() -> SalesDraft {
    let gbp = |minor| Money::new(minor, Currency::GBP);
    SalesDraft {
        key: DocumentKey {
            subject: Subject::Order(OrderId::parse("203-1").unwrap()),
            kind: DocumentKind::Invoice,
            part: String::new(),
            ordinal: 1,
        },
        reference: "AMZ-203-1".to_owned(),
        customer: CustomerDraft {
            code: CustomerCode::parse("AMZUKSTD").unwrap(),
            name: "Amazon.co.uk customers".to_owned(),
            currency: Currency::GBP,
            border: TradeBorder::Domestic,
            country: None,
            email: None,
            vat_number: None,
            address: None,
            shared: true,
        },
        issued_on: date(2026, 11, 5),
        due_on: date(2026, 11, 5),
        currency: Currency::GBP,
        rate: None,
        lines: vec![DraftLine {
            description: "2 x MUG-BLUE".to_owned(),
            quantity: 2,
            unit_net: gbp(10_00),
            net: gbp(20_00),
            vat_rate: VatRate::Percent(20.into()),
            vat: gbp(4_00),
            nominal: NominalCode(4000),
            product: None,
            order_line: None,
            units: 2,
            sku: None,
        }],
        payment: None,
        delivery: None,
        reverses: None,
    }
}

fn intent(now: Timestamp) -> Intent {
    Intent {
        id: "1".to_owned(),
        pair: PairId::parse("main").unwrap(),
        key: "order/203-1/invoice/1".to_owned(),
        version: 1,
        subject: "203-1".to_owned(),
        kind: "invoice".to_owned(),
        number: None,
        reference: "AMZ-203-1".to_owned(),
        body: String::new(),
        body_sha256: String::new(),
        fingerprint: String::new(),
        state: State::Planned,
        attempts: 0,
        epoch: 1,
        planned_at: now,
        sent_at: None,
        settle_until: None,
        empty_looks: 0,
        confirmed_at: None,
        adopted: false,
        receipt: None,
        reason: None,
        cause: None,
        next_sweep_at: None,
        sweeps: 0,
        updated_at: now,
    }
}

fn receipt(number: u32, reference: &str, draft: &Draft) -> Receipt {
    let wanted = Receipt::wanted(draft, Currency::GBP).unwrap();
    Receipt { number: Some(DocumentNumber(number)), reference: reference.to_owned(), ..wanted }
}

/// What the books do with a number that is taken.
#[derive(Clone, Copy, Debug)]
enum Taken {
    Reject,
    Overwrite,
    Renumber,
}

/// The books of the model: documents become visible to reference searches only after a lag.
struct Books {
    taken: Taken,
    lag_s: i64,
    documents: Vec<(Receipt, Timestamp)>,
    in_flight: Vec<(Timestamp, u32)>,
}

impl Books {
    fn finish_until(&mut self, now: Timestamp, draft: &Draft) {
        let due: Vec<u32> = self.in_flight.iter().filter(|(at, _)| *at <= now).map(|(_, number)| *number).collect();
        self.in_flight.retain(|(at, _)| *at > now);
        for number in due {
            let _ = self.create(number, draft, now);
        }
    }

    fn create(&mut self, number: u32, draft: &Draft, now: Timestamp) -> Result<Receipt, ConnectorError> {
        let mut number = number;
        if let Some(place) = self.documents.iter().position(|(held, _)| held.number == Some(DocumentNumber(number))) {
            match self.taken {
                Taken::Reject => {
                    return Err(ConnectorError::Duplicate {
                        system: System::KashFlow,
                        what: format!("invoice {number}"),
                    });
                }
                Taken::Overwrite => drop(self.documents.remove(place)),
                Taken::Renumber => number = self.next(),
            }
        }
        let made = receipt(number, draft.reference(), draft);
        self.documents.push((made.clone(), now));
        Ok(made)
    }

    fn next(&self) -> u32 {
        self.documents.iter().map(|(held, _)| held.number.unwrap().0).max().unwrap_or(1000) + 1
    }

    fn by_number(&self, number: Option<DocumentNumber>) -> Option<Receipt> {
        self.documents.iter().map(|(held, _)| held).find(|held| number.is_some() && held.number == number).cloned()
    }

    fn by_reference(&self, reference: &str, now: Timestamp, complete: bool) -> Vec<Receipt> {
        let seen = |made: &Timestamp| complete || now.duration_since(*made).as_secs() >= self.lag_s;
        self.documents
            .iter()
            .filter(|(held, made)| held.reference == reference && seen(made))
            .map(|(held, _)| held.clone())
            .collect()
    }

    fn ours(&self) -> usize {
        self.documents.iter().filter(|(held, _)| held.reference == "AMZ-203-1").count()
    }
}

/// One thing that may go wrong at a step.
#[derive(Clone, Copy, Debug)]
enum Luck {
    Fine,
    Killed,
    RequestLost,
    AnswerLost,
    FinishedLater(u8),
    PersonTookOurNumber,
    Unavailable,
}

fn luck() -> impl Strategy<Value = Luck> {
    prop_oneof![
        4 => Just(Luck::Fine),
        2 => Just(Luck::Killed),
        1 => Just(Luck::RequestLost),
        2 => Just(Luck::AnswerLost),
        2 => (0_u8..110).prop_map(Luck::FinishedLater),
        1 => Just(Luck::PersonTookOurNumber),
        1 => Just(Luck::Unavailable),
    ]
}

/// Plays the protocol to its end; after the luck runs out nothing goes wrong any more.
fn play(taken: Taken, lag_s: i64, lucks: &[Luck]) -> (Intent, Books) {
    let draft = draft();
    let mut now: Timestamp = "2026-11-05T10:00:00Z".parse().unwrap();
    let mut books = Books { taken, lag_s, documents: Vec::new(), in_flight: Vec::new() };
    let foreign = Draft::Sales(SalesDraft { reference: "By hand".to_owned(), ..sales() });
    let mut committed = intent(now);
    let mut lucks = lucks.iter().copied();
    let mut allocated = 1000;
    let mut event = Event::Resume;
    for _ in 0..400 {
        books.finish_until(now, &draft);
        let mut working = committed.clone();
        let next = advance(&mut working, &draft, event, now, SETTLE);
        // The rule of the shell: the state is committed before the effect. A kill here loses only the effect.
        committed = working;
        let luck = lucks.next().unwrap_or(Luck::Fine);
        if matches!(luck, Luck::PersonTookOurNumber) {
            let number = books.next();
            let _ = books.create(number, &foreign, now);
        }
        if matches!(luck, Luck::Killed) && !matches!(next, Next::Send) {
            now = clock::later(now, Duration::from_secs(1));
            event = Event::Resume;
            continue;
        }
        event = match next {
            Next::Done { .. } | Next::Ask(_) => return (committed, books),
            Next::Wait { until } => {
                now = now.max(until);
                Event::Resume
            }
            Next::Retry(_) | Next::Pause(_) => {
                now = clock::later(now, Duration::from_secs(5));
                Event::Resume
            }
            Next::Allocate { .. } => {
                allocated = (allocated + 1).max(books.next());
                Event::Numbered(DocumentNumber(allocated))
            }
            Next::Look(look) => {
                if matches!(luck, Luck::Unavailable) {
                    Event::LookFailed(unavailable())
                } else {
                    let by_mark = if look.mark { books.by_reference("AMZ-203-1", now, look.scan) } else { Vec::new() };
                    Event::Found(Findings { by_number: books.by_number(look.number), by_mark, alike: Vec::new() })
                }
            }
            Next::Send => {
                let number = committed.number.expect("a send has a number").0;
                match luck {
                    Luck::RequestLost | Luck::Killed => lost(),
                    Luck::AnswerLost => {
                        let _ = books.create(number, &draft, now);
                        lost()
                    }
                    Luck::FinishedLater(seconds) => {
                        books.in_flight.push((clock::later(now, Duration::from_secs(u64::from(seconds))), number));
                        lost()
                    }
                    Luck::Unavailable => Event::SendFailed(unavailable()),
                    _ => match books.create(number, &draft, now) {
                        Ok(made) => Event::Answered(Some(Box::new(made))),
                        Err(error) => Event::SendFailed(error),
                    },
                }
            }
        };
    }
    panic!("the protocol did not end: {committed:?}");
}

fn lost() -> Event {
    Event::SendFailed(ConnectorError::OutcomeUnknown { system: System::KashFlow, reason: "no answer".to_owned() })
}

fn unavailable() -> ConnectorError {
    ConnectorError::Unavailable { system: System::KashFlow, reason: "503".to_owned() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn one_document_whatever_is_lost_late_or_killed(
        taken in prop_oneof![Just(Taken::Reject), Just(Taken::Overwrite), Just(Taken::Renumber)],
        lag_s in 0_i64..115,
        lucks in proptest::collection::vec(luck(), 0..40),
    ) {
        let (intent, books) = play(taken, lag_s, &lucks);
        prop_assert_eq!(books.ours(), 1, "{:?}", intent);
        prop_assert_eq!(intent.state, State::Confirmed);
        prop_assert!(books.by_number(intent.number).is_some_and(|held| held.reference == "AMZ-203-1"));
    }
}

#[test]
fn a_settle_time_shorter_than_the_books_work_makes_duplicates_so_the_model_can_fail() {
    // The model must be able to show the disease: a request that is finished after the settle time, under a renumbering remote.
    let draft = draft();
    let now: Timestamp = "2026-11-05T10:00:00Z".parse().unwrap();
    let mut books = Books {
        taken: Taken::Renumber,
        lag_s: 0,
        documents: Vec::new(),
        in_flight: vec![(clock::later(now, Duration::from_secs(500)), 1001)],
    };
    books.create(1001, &draft, now).unwrap();
    books.finish_until(clock::later(now, Duration::from_secs(501)), &draft);
    assert_eq!(books.ours(), 2);
}

#[test]
fn a_document_made_by_hand_that_says_the_same_is_adopted() {
    let (mut intent, draft, now) = ready();
    let held = receipt(77, "amz-203-1", &draft);
    let next = advance(&mut intent, &draft, found(held), now, SETTLE);
    assert_eq!(next, Next::Done { note: None });
    assert!(intent.adopted);
    assert_eq!(intent.number, Some(DocumentNumber(77)));
}

#[test]
fn a_document_made_by_hand_with_other_sums_is_left_to_a_person_and_nothing_is_sent() {
    let (mut intent, draft, now) = ready();
    let mut held = receipt(77, "AMZ-203-1", &draft);
    held.vat = Money::new(3_99, Currency::GBP);
    let Next::Ask(question) = advance(&mut intent, &draft, found(held), now, SETTLE) else { panic!("{intent:?}") };
    assert_eq!(question.code, "differs_in_books");
    assert_eq!(intent.state, State::Conflict);
}

#[test]
fn a_document_made_by_hand_on_another_account_is_adopted_with_a_visible_note() {
    let (mut intent, draft, now) = ready();
    let mut held = receipt(77, "AMZ-203-1", &draft);
    held.lines[0].nominal = Some(NominalCode(4905));
    let Next::Done { note: Some(note) } = advance(&mut intent, &draft, found(held), now, SETTLE) else {
        panic!("{intent:?}")
    };
    assert_eq!(note.code, "adopted_with_differences");
}

#[test]
fn a_plan_limit_parks_the_document_with_what_to_do() {
    let (mut intent, draft, now) = ready();
    intent.state = State::Sent;
    let error = ConnectorError::LimitReached {
        system: System::KashFlow,
        reason: "50 invoices a month".to_owned(),
        fix: "Upgrade the plan.".to_owned(),
    };
    let Next::Ask(question) = advance(&mut intent, &draft, Event::SendFailed(error), now, SETTLE) else {
        panic!("{intent:?}")
    };
    assert_eq!((question.code, question.fix.as_str()), ("books_limit_reached", "Upgrade the plan."));
    assert_eq!(intent.state, State::Rejected);
}

fn ready() -> (Intent, Draft, Timestamp) {
    let now: Timestamp = "2026-11-05T10:00:00Z".parse().unwrap();
    let mut intent = intent(now);
    let draft = draft();
    assert!(matches!(advance(&mut intent, &draft, Event::Resume, now, SETTLE), Next::Look(look) if look.mark));
    (intent, draft, now)
}

fn found(held: Receipt) -> Event {
    Event::Found(Findings { by_mark: vec![held], ..Findings::default() })
}

#[test]
fn a_movement_that_looks_the_same_is_left_to_a_person_until_it_carries_our_mark() {
    let gbp = |minor| Money::new(minor, Currency::GBP);
    let draft = Draft::Bank(BankDraft {
        key: DocumentKey {
            subject: Subject::Settlement { id: "11".to_owned(), currency: Currency::GBP },
            kind: DocumentKind::Bank,
            part: String::new(),
            ordinal: 1,
        },
        reference: "AMZ-S-11".to_owned(),
        account: NominalCode(1250),
        on: date(2026, 11, 5),
        amount: gbp(6_40),
        rate: None,
        nominal: NominalCode(4930),
        vat_rate: VatRate::NoVat,
        vat: gbp(0),
        description: "WAREHOUSE_DAMAGE".to_owned(),
        reverses: None,
    });
    let (mut intent, _, now) = ready();
    let look = |intent: &mut Intent, found: Findings| advance(intent, &draft, Event::Found(found), now, SETTLE);
    let by_hand = receipt(0, "", &draft);
    let alike = || Findings { alike: vec![by_hand.clone()], ..Findings::default() };
    let Next::Ask(question) = look(&mut intent, alike()) else { panic!("it must be asked") };
    assert_eq!((question.code, intent.state), ("alike_in_books", State::Conflict));
    assert!(question.fix.contains(&draft.mark()), "{}", question.fix);

    let marked = Receipt { reference: draft.mark(), ..by_hand.clone() };
    (intent.state, intent.cause) = (State::Planned, None);
    let next = look(&mut intent, Findings { by_mark: vec![marked], ..Findings::default() });
    assert!(matches!(next, Next::Done { .. }) && intent.adopted, "{next:?}");

    (intent.state, intent.adopted) = (State::Unknown, false);
    let Next::Ask(question) = look(&mut intent, alike()) else { panic!("it must be asked") };
    assert_eq!(question.code, "mark_lost");
}
