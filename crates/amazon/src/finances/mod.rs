//! Money before it is settled: transactions, summaries and balances (Finances 2024-06-19), transfers to the bank (2024-06-01).
//!
//! Transactions become facts as they come; [`translate`] reads them. Nothing here moves money: the call that starts a payout is not
//! made by this client. A token of a listing is bound to the listing's arguments, so both travel in one query.

pub(crate) mod node;
pub(crate) mod translate;

use jiff::{SignedDuration, Timestamp};
use model::{Balance, MoneySummary};
use ports::{
    ConnectorError, Observed, Parked, PayoutPage, PayoutQuery, System, TransactionPage, TransactionQuery,
    TransactionsOf, Urgency,
};

use crate::client::{Client, Request};
use crate::read::missing;
use crate::throttle::Operation;
use node::Node;

/// How facts from transactions are marked.
pub(crate) const KIND: &str = "amazon.transaction.2024-06-19";
/// Longest window that Amazon answers; beyond it the answer is empty, which looks like "nothing happened".
const WINDOW_DAYS_MAX: i64 = 180;
/// How far back every reading begins: money that is held back shows up in old windows for weeks (fact sheet §12, 9).
const REREAD_DAYS: i64 = 45;
/// Amazon answers nothing younger than two minutes.
const YOUNGEST: SignedDuration = SignedDuration::from_secs(150);
/// Pages of a listing that is read to its end at once.
const PAGES_MAX: usize = 100;

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Windows that miss nothing since `complete_until`, oldest first.
pub(crate) fn windows(complete_until: Timestamp, now: Timestamp) -> Vec<TransactionQuery> {
    let end = earlier(now, YOUNGEST);
    let mut from = earlier(complete_until.min(end), days(REREAD_DAYS));
    let mut windows = Vec::new();
    while from < end {
        let to = from.saturating_add(days(WINDOW_DAYS_MAX)).unwrap_or(end).min(end);
        windows.push(TransactionQuery { of: TransactionsOf::Posted { from, to: Some(to) }, page_token: None });
        from = to;
    }
    windows
}

/// `listTransactions`, one page.
pub(crate) async fn transactions(
    client: &Client,
    query: &TransactionQuery,
    urgency: Urgency,
) -> Result<TransactionPage, ConnectorError> {
    let mut asked = match &query.of {
        TransactionsOf::Posted { from, to } => {
            let mut asked = vec![("postedAfter", stamp(*from))];
            asked.extend(to.map(|to| ("postedBefore", stamp(to))));
            asked
        }
        TransactionsOf::Order(order) => related("ORDER_ID", order.as_str()),
        TransactionsOf::Group(group) => related("FINANCIAL_EVENT_GROUP_ID", group),
    };
    asked.extend(query.page_token.clone().map(|token| ("nextToken", token)));
    let text = ask(client, Operation::ListTransactions, &asked, urgency).await?;
    let page =
        page(&text, query.page_token.as_deref()).map_err(|parked| unreadable("page of transactions", &parked))?;
    Ok(page)
}

fn related(name: &str, value: &str) -> Vec<(&'static str, String)> {
    vec![("relatedIdentifierName", name.to_owned()), ("relatedIdentifierValue", value.to_owned())]
}

pub(crate) fn page(text: &str, token: Option<&str>) -> Result<TransactionPage, Parked> {
    let payload = Node::root(text).need("payload")?;
    let mut page = TransactionPage { next: next(&payload, "nextToken", token)?, ..TransactionPage::default() };
    for transaction in payload.list("transactions")? {
        match observed(&transaction) {
            Ok(observed) => page.transactions.push(observed),
            Err(parked) => page.unreadable.push(parked),
        }
    }
    Ok(page)
}

fn observed(transaction: &Node<'_>) -> Result<Observed, Parked> {
    let posted = transaction.moment("postedDate")?;
    Ok(Observed {
        kind: KIND.to_owned(),
        external_id: transaction.need_text("transactionId")?,
        version: posted.ok_or_else(|| missing(format!("{}.postedDate", transaction.path())))?,
        payload: transaction.raw().to_owned(),
        buyer: None,
    })
}

/// The token of the next page. The same one again would list the same page for ever.
fn next(node: &Node<'_>, name: &str, token: Option<&str>) -> Result<Option<String>, Parked> {
    let next = node.text(name)?;
    if next.is_some() && next.as_deref() == token {
        return Err(crate::read::bad(format!("{}.{name}", node.path()), "the same page comes again, without end"));
    }
    Ok(next)
}

/// Where an operation is, and what it lists, in words.
fn place(operation: Operation) -> (&'static [&'static str], &'static str) {
    match operation {
        Operation::ListSummary => (&["finances", "2024-06-19", "summary"], "summaries"),
        Operation::ListBalances => (&["finances", "2024-06-19", "balances"], "balances"),
        Operation::ListPayouts => (&["finances", "transfers", "2024-06-01", "payouts"], "payouts"),
        _ => (&["finances", "2024-06-19", "transactions"], "transactions"),
    }
}

/// Makes the call and gives the answer as it came.
pub(crate) async fn ask(
    client: &Client,
    operation: Operation,
    query: &[(&'static str, String)],
    urgency: Urgency,
) -> Result<String, ConnectorError> {
    let (path, what) = place(operation);
    client.call_text(&Request { query, urgency, ..Request::get(operation, path, what) }).await
}

fn unreadable(what: &str, parked: &Parked) -> ConnectorError {
    ConnectorError::Malformed {
        system: System::Amazon,
        reason: format!("the {what} cannot be read at {}: {}", parked.path, parked.reason),
    }
}

/// `listSummary` for one settlement, all pages.
pub(crate) async fn summary(client: &Client, settlement: &str) -> Result<Vec<MoneySummary>, ConnectorError> {
    let asked = related("SETTLEMENT_ID", settlement);
    let mut found = Vec::new();
    all(client, Operation::ListSummary, &asked, |node| {
        found.push(translate::summary(node)?);
        Ok(())
    })
    .await?;
    Ok(found)
}

/// `listBalances` now, all pages.
pub(crate) async fn balances(client: &Client) -> Result<Vec<Balance>, ConnectorError> {
    let mut found = Vec::new();
    all(client, Operation::ListBalances, &[], |node| translate::balances(node, &mut found)).await?;
    Ok(found)
}

/// Reads a short listing to its end.
async fn all(
    client: &Client,
    operation: Operation,
    first: &[(&'static str, String)],
    mut each: impl FnMut(&Node<'_>) -> Result<(), Parked>,
) -> Result<(), ConnectorError> {
    let (_, list) = place(operation);
    let mut token: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut asked = first.to_vec();
        asked.extend(token.clone().map(|token| ("nextToken", token)));
        let text = ask(client, operation, &asked, Urgency::Event).await?;
        let root = Node::root(&text);
        let mut read = || -> Result<Option<String>, Parked> {
            root.list(list)?.iter().try_for_each(&mut each)?;
            next(&root, "nextToken", token.as_deref())
        };
        token = read().map_err(|parked| unreadable(list, &parked))?;
        if token.is_none() {
            return Ok(());
        }
    }
    Err(ConnectorError::Malformed { system: System::Amazon, reason: format!("the {list} have no last page") })
}

/// `listPayouts`, one page.
pub(crate) async fn payouts(client: &Client, query: &PayoutQuery) -> Result<PayoutPage, ConnectorError> {
    let mut asked = vec![("createdAfter", stamp(query.made_after))];
    asked.extend(query.made_before.map(|before| ("createdBefore", stamp(before))));
    let sites = client.config.marketplaces.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(",");
    asked.push(("marketplaceIds", sites));
    asked.extend(query.page_token.clone().map(|token| ("nextToken", token)));
    let text = ask(client, Operation::ListPayouts, &asked, Urgency::Event).await?;
    let read = || -> Result<PayoutPage, Parked> {
        let root = Node::root(&text);
        let next = next(&root, "nextToken", query.page_token.as_deref())?;
        let mut page = PayoutPage { next, ..PayoutPage::default() };
        for node in root.list("payouts")? {
            match translate::payout(&node) {
                Ok(payout) => page.payouts.push(payout),
                Err(parked) => page.unreadable.push(parked),
            }
        }
        Ok(page)
    };
    read().map_err(|parked| unreadable("page of payouts", &parked))
}
