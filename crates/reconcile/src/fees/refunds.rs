//! Fees of a refund: the referral fee of the refunded part comes back, less an administration fee with a cap.

use money::{Money, MoneyError};
use rust_decimal::Decimal;

use super::RefundedLine;
use super::table::{FeeTable, whole};
use crate::breaks::{Break, Code, Link};

pub(super) fn check(
    refund: &RefundedLine<'_>,
    table: Option<&FeeTable>,
    breaks: &mut Vec<Break>,
) -> Result<(), MoneyError> {
    let Some(table) = table else { return Ok(()) };
    let subject = format!("order/{}/refund/{}", refund.order, refund.event);
    let evidence = |found: Break| {
        found
            .since(Some(refund.on))
            .evidence(Link::Order(refund.order.to_owned()), "refunded", Some(refund.refunded.negated()))
            .evidence(Link::Order(refund.order.to_owned()), "referral fee charged", Some(refund.referral_charged))
    };
    if let Some(due) = due(refund) {
        let missing = refund.referral_returned.minus(due)?;
        if missing.minor() < -table.tolerance_minor {
            let cause = format!(
                "{} of {} were refunded for order {}, so {due} of the referral fee of {} should have come back; {} did.",
                refund.refunded,
                refund.price,
                refund.order,
                refund.referral_charged.negated(),
                refund.referral_returned
            );
            let found = Break::new(Code::ReferralNotReturned, subject.clone(), missing, cause);
            breaks.push(evidence(found.compare(due, refund.referral_returned)));
        }
    }
    // The share is of what should have come back, so that one mistake is not told twice.
    let base = due(refund).unwrap_or(refund.referral_returned);
    if let Some(most) = table.refund_administration(base) {
        let over = refund.administration.minus(most)?;
        if over.minor() < -table.tolerance_minor {
            let cause = format!(
                "A refund administration fee of {} was charged for order {}; {} is the most ({} % of the returned referral fee, capped).",
                refund.administration.negated(),
                refund.order,
                most.negated(),
                table.refund_administration_percent
            );
            let found = Break::new(Code::RefundAdminAboveCap, subject, over, cause);
            breaks.push(evidence(found.compare(most, refund.administration)));
        }
    }
    Ok(())
}

/// The referral fee of the refunded part of the price.
fn due(refund: &RefundedLine<'_>) -> Option<Money> {
    let (price, back) = (refund.price.minor(), refund.refunded.minor().min(refund.price.minor()));
    if price <= 0 {
        return None;
    }
    let fee = Decimal::from(refund.referral_charged.minor().unsigned_abs());
    Some(Money::new(whole(fee * Decimal::from(back) / Decimal::from(price))?, refund.price.currency()))
}
