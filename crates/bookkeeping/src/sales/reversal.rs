//! Taking documents back: cancelled after invoicing is a reversal, never a silent delete.

use model::{DocumentKey, DocumentKind, DraftLine, Order, OrderStatus, SalesDraft, Subject};

use crate::{Policy, Problem};

use super::document::{check, london, payment, reference};
use super::units::{Covered, Part};
use super::{Held, lines};

/// Invoices that no reversal has taken back.
pub(crate) fn standing(held: &[Held]) -> Vec<&SalesDraft> {
    let reversed = |key: &DocumentKey| held.iter().any(|other| other.draft.reverses.as_ref() == Some(key));
    held.iter()
        .filter(|held| held.key.kind == DocumentKind::Invoice && !reversed(&held.key))
        .map(|held| &held.draft)
        .collect()
}

/// Whether standing invoices cover units that will never be delivered.
pub(crate) fn is_due(order: &Order, covered: &Covered) -> bool {
    let cancelled = order.status == OrderStatus::Cancelled && covered.values().any(|units| *units > 0);
    let shrunk = covered.iter().any(|(id, units)| order.line(id).is_none_or(|line| line.ordered < *units));
    cancelled || shrunk
}

/// Takes every standing invoice back.
pub(crate) fn reversals(
    order: &Order,
    policy: &Policy,
    held: &[Held],
    standing: &[&SalesDraft],
) -> Result<Vec<SalesDraft>, Problem> {
    let earlier = held.iter().filter(|held| held.key.kind == DocumentKind::Reversal).count();
    let mut drafts = Vec::new();
    for (index, invoice) in standing.iter().enumerate() {
        let ordinal = u32::try_from(earlier + index + 1).unwrap_or(u32::MAX);
        drafts.push(reversal(order, policy, invoice, ordinal)?);
    }
    Ok(drafts)
}

fn reversal(order: &Order, policy: &Policy, invoice: &SalesDraft, ordinal: u32) -> Result<SalesDraft, Problem> {
    let key = DocumentKey {
        subject: Subject::Order(order.id.clone()),
        kind: DocumentKind::Reversal,
        part: String::new(),
        ordinal,
    };
    let on = london(order.updated_at);
    let mut draft = SalesDraft {
        reference: reference(&policy.invoices.prefix, &order.id, key.kind, key.ordinal),
        reverses: Some(invoice.key.clone()),
        key,
        issued_on: on,
        due_on: on,
        lines: invoice.lines.iter().map(negated).collect(),
        payment: None,
        ..invoice.clone()
    };
    // The reversal is paid back from where its invoice was paid to.
    if invoice.payment.is_some() {
        draft.payment = payment(policy, &draft)?;
    }
    check(&draft)?;
    Ok(draft)
}

/// A line with a product gives its stock back (negative quantity); any other has a negative price, as credit notes have.
fn negated(line: &DraftLine) -> DraftLine {
    let (quantity, unit_net) =
        if line.product.is_some() { (-line.quantity, line.unit_net) } else { (line.quantity, line.unit_net.negated()) };
    DraftLine { quantity, unit_net, net: line.net.negated(), vat: line.vat.negated(), units: 0, ..line.clone() }
}

/// What was invoiced must still be what the order says: an amount that changed afterwards is a break, never a silent edit.
pub(crate) fn unchanged(order: &Order, policy: &Policy, standing: &[&SalesDraft]) -> Result<(), Problem> {
    let mut begun = Covered::new();
    for invoice in standing {
        for (id, units) in super::units::covered(&[invoice]) {
            let Some(line) = order.line(&id) else { continue };
            let from = *begun.entry(id.clone()).and_modify(|from| *from += units).or_insert(units) - units;
            let part = Part { line: id.clone(), from, to: from + units };
            let Ok(now) = lines::lines(order, line, &part, invoice.issued_on, policy) else { continue };
            let gross = |lines: &mut dyn Iterator<Item = &DraftLine>| {
                lines.map(|line| line.net.minor() + line.vat.minor()).sum::<i64>()
            };
            let then = gross(&mut invoice.lines.iter().filter(|line| line.order_line.as_ref() == Some(&id)));
            let same_currency = now.lines.first().is_none_or(|line| line.net.currency() == invoice.currency);
            if same_currency && gross(&mut now.lines.iter()) != then {
                return Err(changed(&invoice.reference, id.as_str()));
            }
        }
    }
    Ok(())
}

fn changed(reference: &str, line: &str) -> Problem {
    Problem::new(
        "changed_after_invoice",
        format!("lines[{line}]"),
        format!(
            "Amazon changed the amounts of this order after {reference} was posted. The invoice was left as it is."
        ),
        "Compare the order with the invoice and correct the books by hand, or report the case if the change looks wrong.",
    )
}
