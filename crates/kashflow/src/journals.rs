//! Journals: our own number, our marker at the end of the note. REST first; SOAP where REST refuses the body that nobody documents.

use std::collections::BTreeMap;

use model::{DocumentNumber, EntryKind, JournalDraft, Marker, NominalCode, Receipt, ReceiptLine};
use money::{Currency, Money};
use ports::{ConnectorError, Found, SendOutcome, Window};
use reqwest::Method;
use rust_decimal::Decimal;

use crate::answer::{duplicate, malformed, rejected_by_us, unavailable};
use crate::client::Client;
use crate::movements::COMMENT_MAX;
use crate::wire::journal::{Journal, NewJournal, NewJournalLine};
use crate::wire::object::{Object, Unreadable};
use crate::{amounts, dates};

/// In sentences.
pub(crate) const NOUN: &str = "journal";

const PER_PAGE: &str = "100";
const NAME_MAX: usize = 60;
const PASSES_MAX: usize = 4;

impl Client {
    /// One above the highest number of the newest journals: no route tells (BEHAVIOR 38).
    pub(crate) async fn next_journal_number(&self) -> Result<DocumentNumber, ConnectorError> {
        let mut url = self.url(&["journals"])?;
        url.query_pairs_mut().extend_pairs([("page", "1"), ("perpage", PER_PAGE), ("order", "desc")]);
        let listed = self.list(url, "the journals", Journal::read).await.map_err(no_list)?;
        let highest = listed.rows.iter().map(|journal| journal.number).max().unwrap_or(0);
        Ok(DocumentNumber(highest.saturating_add(1)))
    }

    pub(crate) async fn journal(&self, number: DocumentNumber) -> Result<Option<Receipt>, ConnectorError> {
        let what = format!("{NOUN} {number}");
        let Some(answer) = self.read_if_there(self.url(&["journals", &number.to_string()])?, &what).await? else {
            return Ok(None);
        };
        let journal = Object::parse(&answer.body, "$").and_then(|object| Journal::read(&object));
        let journal = journal.map_err(|error| error.of(&what))?;
        if journal.number != number.0 {
            return Err(malformed(&format!("{what}: the answer shows number {}", journal.number)));
        }
        receipt(&journal, self.home_currency().await?).map(Some)
    }

    /// The journals that carry the marker of `draft`: the whole list, since it takes no filter, read until it held still.
    pub(crate) async fn journals_of(&self, draft: &JournalDraft, window: Window) -> Result<Found, ConnectorError> {
        let mark = Marker::of_entry(&draft.key);
        let mut url = self.url(&["journals"])?;
        url.query_pairs_mut().extend_pairs([("page", "1"), ("perpage", PER_PAGE), ("order", "asc")]);
        let mut seen: BTreeMap<u32, Journal> = BTreeMap::new();
        for pass in 0..PASSES_MAX {
            let before = seen.len();
            let listed = self.list(url.clone(), "the journals", Journal::read).await.map_err(no_list)?;
            let total = listed.total;
            seen.extend(listed.rows.into_iter().map(|journal| (journal.number, journal)));
            let complete = total.is_none_or(|total| seen.len() as u64 >= total);
            if complete || (pass > 0 && seen.len() == before) {
                return self.marked(seen, &mark, window).await;
            }
        }
        Err(unavailable("the list of journals did not hold still while it was read"))
    }

    async fn marked(
        &self,
        seen: BTreeMap<u32, Journal>,
        mark: &Marker,
        window: Window,
    ) -> Result<Found, ConnectorError> {
        let mut found = Found::default();
        for (number, row) in seen {
            let near = row.on.is_none_or(|on| window.from <= on && on <= window.to);
            // A row without a comment says nothing: the journal itself does.
            let may_be = row.comment.as_deref().is_none_or(|comment| Marker::find(comment).as_ref() == Some(mark));
            if near
                && may_be
                && let Some(receipt) = self.journal(DocumentNumber(number)).await?
                && receipt.carries(mark.as_str())
            {
                found.ours.push(receipt);
            }
        }
        Ok(found)
    }

    pub(crate) async fn insert_journal(
        &self,
        number: DocumentNumber,
        draft: &JournalDraft,
    ) -> Result<SendOutcome, ConnectorError> {
        let what = format!("{NOUN} {number}");
        let home = self.home_currency().await?;
        sendable(draft, home).map_err(|reason| rejected_by_us(&what, &reason))?;
        if self.routes().journals_by_soap {
            return self.soap_journal(number, draft).await;
        }
        match self.write(Method::POST, self.url(&["journals"])?, body(number, draft)?, &what, &[]).await {
            Ok(answer) => Ok(outcome(&answer.body, home)),
            Err(refused) => {
                let nominals: Vec<NominalCode> = draft.lines.iter().map(|line| line.nominal).collect();
                if matches!(refused, ConnectorError::Rejected { .. })
                    && matches!(self.is_taken("journals", number).await, Ok(true))
                {
                    return Err(duplicate(&what));
                }
                match self.locked_if_so(refused, draft.on, &nominals).await {
                    refused @ (ConnectorError::Rejected { .. } | ConnectorError::NotFound { .. }) => {
                        Err(self.next_journal_route(refused))
                    }
                    other => Err(other),
                }
            }
        }
    }
}

fn outcome(answer: &str, home: Currency) -> SendOutcome {
    let journal = Object::parse(answer, "$").and_then(|object| Journal::read(&object));
    match journal.map(|journal| receipt(&journal, home)) {
        Ok(Ok(receipt)) => SendOutcome::Answered(Box::new(receipt)),
        _ => SendOutcome::Accepted,
    }
}

fn receipt(journal: &Journal, home: Currency) -> Result<Receipt, ConnectorError> {
    let wrong = |error: Unreadable| error.of(&format!("{NOUN} {}", journal.number));
    let mut lines = Vec::new();
    for line in &journal.lines {
        let amount = amounts::money(line.debit - line.credit, home);
        let amount = amount.ok_or_else(|| wrong(Unreadable::new(&line.path, "an amount that fits")))?;
        lines.push(ReceiptLine::moved(amount, line.nominal.map(NominalCode)));
    }
    let totals = Receipt::totals(EntryKind::Journal, home, &lines);
    let (net, vat) = totals.map_err(|_| wrong(Unreadable::new("$.LineItems", "a list whose sum fits")))?;
    let marker = journal.comment.as_deref().and_then(Marker::find);
    Ok(Receipt {
        kind: EntryKind::Journal,
        number: Some(DocumentNumber(journal.number)),
        remote_id: None,
        reference: marker.map(|marker| marker.to_string()).unwrap_or_default(),
        party: String::new(),
        account: None,
        on: journal.on.ok_or_else(|| wrong(Unreadable::new("$.Date", "a date")))?,
        currency: home,
        net,
        vat,
        lines,
        payments: Vec::new(),
        paid: Money::zero(home),
        locked: journal.vat_return,
    })
}

/// A journal that is not one is refused before anything is sent.
fn sendable(draft: &JournalDraft, home: Currency) -> Result<(), String> {
    if draft.currency != home {
        return Err(format!("KashFlow keeps journals in {home}, and it is in {}", draft.currency));
    }
    let sum = Money::sum(home, draft.lines.iter().map(|line| line.amount)).map_err(|error| error.to_string())?;
    if !sum.is_zero() {
        return Err(format!("its lines do not balance: they differ by {sum}"));
    }
    if draft.lines.len() < 2 || draft.lines.iter().any(|line| line.amount.is_zero()) {
        return Err("it has fewer than two lines, or one of nothing".to_owned());
    }
    Ok(())
}

fn body(number: DocumentNumber, draft: &JournalDraft) -> Result<String, ConnectorError> {
    let plain = |text: &str| text.replace(|character: char| character.is_control(), " ");
    let zero = || amounts::decimal(Decimal::ZERO);
    let lines = draft.lines.iter().map(|line| {
        let (debit, credit) = if line.amount.is_negative() {
            (zero(), amounts::number(line.amount.negated()))
        } else {
            (amounts::number(line.amount), zero())
        };
        NewJournalLine { nominal_code: line.nominal.0, comment: plain(&line.description), debit, credit }
    });
    let new = NewJournal {
        number: number.0,
        date: dates::sent(draft.on),
        name: plain(&draft.description).chars().take(NAME_MAX).collect(),
        note: Marker::of_entry(&draft.key).sign(&draft.description, COMMENT_MAX),
        category: 0,
        line_items: lines.collect(),
    };
    serde_json::to_string(&new).map_err(|_| malformed("the journal could not be written down"))
}

fn no_list(error: ConnectorError) -> ConnectorError {
    match error {
        ConnectorError::NotFound { .. } => unavailable("it has no list of journals at the moment (404)"),
        other => other,
    }
}
