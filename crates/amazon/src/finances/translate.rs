//! Transactions of Finances 2024-06-19 as ours: leaves only, and every node the sum of what is below it.

use model::{
    Balance, MoneySummary, Payout, PayoutStatus, Transaction, TransactionItem, TransactionPart, TransactionStatus,
};
use money::Money;
use ports::Parked;

use super::node::Node;
use crate::read::{bad, parked, unknown_status};

/// How deep a tree of amounts may be.
const DEPTH_MAX: usize = 12;

/// Reads one transaction.
pub(crate) fn transaction(payload: &str) -> Result<Transaction, Parked> {
    let root = Node::root(payload);
    let total = root.need("totalAmount")?.money()?;
    let mut items = Vec::new();
    let mut of_items = Vec::new();
    for (index, item) in root.list("items")?.into_iter().enumerate() {
        parts(&item, &mut Vec::new(), Some(index), total, Nodes::AreSums, &mut of_items)?;
        items.push(read_item(&item)?);
    }
    let mut of_whole = Vec::new();
    parts(&root, &mut Vec::new(), None, total, Nodes::AreSums, &mut of_whole)?;
    let mut read = Transaction {
        id: root.need_text("transactionId")?,
        kind: root.need_text("transactionType")?,
        status: status(&root)?,
        description: root.text("description")?.unwrap_or_default(),
        posted_at: root.moment("postedDate")?.ok_or_else(|| crate::read::missing("$.postedDate"))?,
        total,
        marketplace: marketplace(&root)?,
        account: account(&root, "sellingPartnerMetadata")?,
        related: related(&root, "relatedIdentifiers", ["relatedIdentifierName", "relatedIdentifierValue"])?,
        deferral: None,
        matures_at: None,
        items,
        parts: chosen(total, of_items, of_whole)?,
    };
    for context in root.list("contexts")? {
        if is_context(&context, "DeferredContext")? {
            read.deferral = context.text("deferralReason")?;
            read.matures_at = context.moment("maturityDate")?;
        }
    }
    Ok(read)
}

/// The most detailed view that adds up: by item, else of the whole, else (if there is no breakdown at all) the total itself.
fn chosen(
    total: Money,
    of_items: Vec<TransactionPart>,
    of_whole: Vec<TransactionPart>,
) -> Result<Vec<TransactionPart>, Parked> {
    if of_items.is_empty() && of_whole.is_empty() {
        return Ok(vec![TransactionPart { path: Vec::new(), amount: total, item: None }]);
    }
    for parts in [of_items, of_whole] {
        if !parts.is_empty() && sum(total, &parts, "$")? == total {
            return Ok(parts);
        }
    }
    Err(mismatch("$.totalAmount", "neither the items nor the breakdown sum to the total"))
}

fn sum(like: Money, parts: &[TransactionPart], path: &str) -> Result<Money, Parked> {
    Money::sum(like.currency(), parts.iter().map(|part| part.amount)).map_err(|error| bad(path, error.to_string()))
}

fn mismatch(path: &str, reason: &str) -> Parked {
    parked(
        "breakdown_mismatch",
        path,
        reason,
        "Nothing is booked from this transaction; its settlement is, when it closes. Report it to Amazon if it stays",
    )
}

/// What is asked of the nodes between the total and its leaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nodes {
    /// Each is the sum of what is below it.
    AreSums,
    /// Only the leaves count. Amazon's own example of a summary has a node that is not the sum of its only child.
    AreHeadings,
}

/// Adds the leaves below `node`'s `breakdowns`.
fn parts(
    node: &Node<'_>,
    above: &mut Vec<String>,
    item: Option<usize>,
    total: Money,
    nodes: Nodes,
    found: &mut Vec<TransactionPart>,
) -> Result<(), Parked> {
    if above.len() >= DEPTH_MAX {
        return Err(bad(node.path(), "the breakdown is nested deeper than any"));
    }
    for part in breakdowns(node)? {
        let amount = part.need("breakdownAmount")?.money()?;
        if amount.currency() != total.currency() {
            let reason = format!("{} in a transaction of {}", amount.currency(), total.currency());
            return Err(bad(format!("{}.breakdownAmount", part.path()), reason));
        }
        above.push(part.need_text("breakdownType")?);
        let before = found.len();
        parts(&part, above, item, total, nodes, found)?;
        if found.len() > before {
            if nodes == Nodes::AreSums && sum(total, &found[before..], part.path())? != amount {
                return Err(mismatch(part.path(), "the amount is not the sum of what it consists of"));
            }
        } else if !amount.is_zero() {
            found.push(TransactionPart { path: above.clone(), amount, item });
        }
        above.pop();
    }
    Ok(())
}

/// `breakdowns` is a list; Amazon's own example also shows an object with such a list in it.
fn breakdowns<'a>(node: &Node<'a>) -> Result<Vec<Node<'a>>, Parked> {
    match node.get("breakdowns")? {
        None => Ok(Vec::new()),
        Some(list) if list.is_object() => list.list("breakdowns"),
        Some(list) => list.items(),
    }
}

fn read_item(item: &Node<'_>) -> Result<TransactionItem, Parked> {
    let names = ["itemRelatedIdentifierName", "itemRelatedIdentifierValue"];
    let mut read =
        TransactionItem { related: related(item, "relatedIdentifiers", names)?, ..TransactionItem::default() };
    for context in item.list("contexts")? {
        if is_context(&context, "ProductContext")? {
            read.sku = context.text("sku")?.unwrap_or_default();
            read.quantity = context.whole("quantityShipped")?;
            read.fulfilment = context.text("fulfillmentNetwork")?.unwrap_or_default();
        }
    }
    Ok(read)
}

fn is_context(context: &Node<'_>, kind: &str) -> Result<bool, Parked> {
    Ok(context.text("contextType")?.is_some_and(|own| own.eq_ignore_ascii_case(kind)))
}

fn status(root: &Node<'_>) -> Result<TransactionStatus, Parked> {
    let said = root.need_text("transactionStatus")?;
    match said.to_ascii_uppercase().replace([' ', '-'], "_").as_str() {
        "DEFERRED" => Ok(TransactionStatus::Deferred),
        "RELEASED" => Ok(TransactionStatus::Released),
        "DEFERRED_RELEASED" => Ok(TransactionStatus::DeferredReleased),
        _ => Err(unknown_status("$.transactionStatus", &said)),
    }
}

fn marketplace(root: &Node<'_>) -> Result<String, Parked> {
    for holder in ["marketplaceDetails", "sellingPartnerMetadata"] {
        if let Some(id) = root.get(holder)?.map(|node| node.text("marketplaceId")).transpose()?.flatten() {
            return Ok(id);
        }
    }
    Ok(String::new())
}

fn account(node: &Node<'_>, holder: &str) -> Result<String, Parked> {
    let account = node.get(holder)?.map(|node| node.text("accountType")).transpose()?.flatten();
    Ok(account.unwrap_or_default())
}

fn related(node: &Node<'_>, list: &str, [name, value]: [&str; 2]) -> Result<Vec<(String, String)>, Parked> {
    let mut found = Vec::new();
    for entry in node.list(list)? {
        if let (Some(name), Some(value)) = (entry.text(name)?, entry.text(value)?) {
            found.push((name, value));
        }
    }
    Ok(found)
}

/// Reads one summary.
pub(crate) fn summary(node: &Node<'_>) -> Result<MoneySummary, Parked> {
    let net = node.need("netProceeds")?.money()?;
    let mut found = Vec::new();
    parts(node, &mut Vec::new(), None, net, Nodes::AreHeadings, &mut found)?;
    if !found.is_empty() && sum(net, &found, node.path())? != net {
        return Err(mismatch(node.path(), "the breakdown does not sum to the net proceeds"));
    }
    let related = related(node, "relatedIdentifiers", ["relatedIdentifierName", "relatedIdentifierValue"])?;
    Ok(MoneySummary {
        marketplace: partner_marketplace(node)?,
        account: account(node, "partnerMetadata")?,
        settlement: related.into_iter().find(|(name, _)| name == "SETTLEMENT_ID").map(|(_, id)| id),
        net,
        parts: found,
    })
}

fn partner_marketplace(node: &Node<'_>) -> Result<String, Parked> {
    let id = node.get("partnerMetadata")?.map(|partner| partner.text("marketplaceId")).transpose()?.flatten();
    Ok(id.unwrap_or_default())
}

/// Reads a balance and those that it consists of, which carry no account of their own.
pub(crate) fn balances(node: &Node<'_>, found: &mut Vec<Balance>) -> Result<(), Parked> {
    let (marketplace, account) = (partner_marketplace(node)?, account(node, "partnerMetadata")?);
    below(node, &marketplace, &account, 0, found)
}

fn below(
    node: &Node<'_>,
    marketplace: &str,
    account: &str,
    depth: usize,
    found: &mut Vec<Balance>,
) -> Result<(), Parked> {
    if depth >= DEPTH_MAX {
        return Err(bad(node.path(), "the balances are nested deeper than any"));
    }
    found.push(Balance {
        marketplace: marketplace.to_owned(),
        account: account.to_owned(),
        kind: node.need_text("balanceType")?,
        amount: node.need("amount")?.money()?,
    });
    node.list("balances")?.iter().try_for_each(|part| below(part, marketplace, account, depth + 1, found))
}

/// Reads one payout.
pub(crate) fn payout(node: &Node<'_>) -> Result<Payout, Parked> {
    let status = payout_status(node)?;
    let history = node.list("statusHistory")?;
    let last = history.last();
    let related = related(node, "relatedIdentifiers", ["relatedIdentifierName", "relatedIdentifierValue"])?;
    Ok(Payout {
        id: node.need_text("id")?,
        status,
        status_at: last.map(|entry| entry.moment("lastUpdatedDate")).transpose()?.flatten(),
        failure: last.map(|entry| entry.text("failureReason")).transpose()?.flatten(),
        amount: node.get("amount")?.map(|amount| amount.money()).transpose()?,
        created_at: node.moment("creationDate")?,
        trace: node.text("traceId")?,
        account_tail: node.text("accountTail")?,
        settlements: related.into_iter().filter(|(name, _)| name == "SETTLEMENT_ID").map(|(_, id)| id).collect(),
    })
}

fn payout_status(node: &Node<'_>) -> Result<PayoutStatus, Parked> {
    let said = node.need_text("currentStatus")?;
    Ok(match said.to_ascii_uppercase().as_str() {
        "STARTED" => PayoutStatus::Started,
        "IN_TRANSIT" => PayoutStatus::InTransit,
        "PAID" => PayoutStatus::Paid,
        "FAILED" => PayoutStatus::Failed,
        "CANCELLED" => PayoutStatus::Cancelled,
        "NO_PAYOUT" => PayoutStatus::NoPayout,
        _ => return Err(unknown_status(format!("{}.currentStatus", node.path()), &said)),
    })
}
