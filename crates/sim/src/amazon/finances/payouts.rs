//! Transfers 2024-06-01: payouts that were made and are expected, and where they go to. A payout on demand cannot be begun: the
//! world pays out when it settles.

use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use super::sums::{groups, partner};
use super::wire::{Amount, Partner, Related};
use crate::amazon::Amazon;
use crate::amazon::answer::{Answer, Answered};
use crate::amazon::call::Call;
use crate::amazon::orders::time;
use crate::world::Settlement;

/// Hours after which a payout that was begun is with the bank.
const WITH_BANK_HOURS: i64 = 6;
const TAIL: &str = "417";
const BANK_ACCOUNT: &str = "BANK_ACCOUNT";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Payouts {
    payouts: Vec<Payout>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Payout {
    id: String,
    partner_metadata: Partner,
    current_status: &'static str,
    status_history: Vec<Status>,
    #[serde(rename = "type")]
    kind: &'static str,
    amount: Amount,
    account_tail: &'static str,
    payment_method: &'static str,
    creation_date: String,
    trace_id: String,
    period: Period,
    related_identifiers: Vec<Related>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    status: &'static str,
    last_updated_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure_reason: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Period {
    start_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Expected {
    expected_payouts: Vec<ExpectedPayout>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpectedPayout {
    partner_metadata: Partner,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<Amount>,
    status: &'static str,
    period: Period,
    account_tail: &'static str,
    payment_method: &'static str,
}

/// listPayouts, the last first within each account. The world never has more than one page of them.
pub(super) fn list(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let (query, now) = (&call.query, amazon.clock.now());
    let (after, before) = (query.time("createdAfter")?, query.time("createdBefore")?);
    let settlements = amazon.world.settlements(now);
    let mut payouts = Vec::new();
    for group in groups(call) {
        for own in settlements.iter().rev().filter(|own| own.group == group && own.deposit_at <= now) {
            let asked = after.is_none_or(|after| own.deposit_at >= after)
                && before.is_none_or(|before| own.deposit_at < before);
            payouts.extend(shown(amazon, own, now).filter(|payout| {
                let of_type = |kind: &str| payout.partner_metadata.is_of(kind);
                asked
                    && query.get("payoutId").is_none_or(|id| payout.id == id)
                    && query.get("accountType").is_none_or(of_type)
            }));
        }
    }
    Ok(Answer::ok(&Payouts { payouts }))
}

fn shown(amazon: &Amazon, own: &Settlement, now: Timestamp) -> Option<Payout> {
    let payout = own.payout.as_ref()?;
    let with_bank = own.deposit_at.saturating_add(WITH_BANK_HOURS.hours()).unwrap_or(own.deposit_at);
    let last = if payout.fails { "FAILED" } else { "PAID" };
    let stages = [("STARTED", own.deposit_at), ("IN_TRANSIT", with_bank), (last, payout.arrives_at)];
    let status_history: Vec<Status> = stages
        .into_iter()
        .filter(|(_, at)| *at <= now)
        .map(|(status, at)| Status {
            status,
            last_updated_date: time(at),
            failure_reason: (status == "FAILED").then_some("The bank returned the payment."),
        })
        .collect();
    Some(Payout {
        id: payout.id.clone(),
        partner_metadata: partner(amazon, own.group),
        current_status: status_history.last().map_or("STARTED", |status| status.status),
        status_history,
        kind: "SCHEDULED",
        amount: Amount::new(payout.amount, payout.currency),
        account_tail: payout.account_tail,
        payment_method: BANK_ACCOUNT,
        creation_date: time(own.deposit_at),
        trace_id: payout.trace_id.clone(),
        period: Period { start_date: time(own.start), end_date: Some(time(own.end)) },
        related_identifiers: vec![Related::new("SETTLEMENT_ID", own.id.clone())],
    })
}

/// listExpectedPayouts: what would be paid out of what is open.
pub(super) fn expected(amazon: &Amazon, call: &Call<'_>) -> Answered {
    let own = |group| {
        let available = amazon.world.balance(group).available;
        let (_, since) = amazon.world.open_event_group(group);
        ExpectedPayout {
            partner_metadata: partner(amazon, group),
            amount: (available > 0).then(|| Amount::new(available, group.currency)),
            status: if available > 0 { "SCHEDULED" } else { "NO_PAYOUT_EXPECTED" },
            period: Period { start_date: time(since), end_date: None },
            account_tail: TAIL,
            payment_method: BANK_ACCOUNT,
        }
    };
    let of_type =
        |payout: &ExpectedPayout| call.query.get("accountType").is_none_or(|kind| payout.partner_metadata.is_of(kind));
    let expected_payouts = groups(call).into_iter().map(own).filter(of_type).collect();
    Ok(Answer::ok(&Expected { expected_payouts }))
}

/// getPaymentMethods: the one bank account.
pub(super) fn payment_methods(_amazon: &Amazon, call: &Call<'_>) -> Answered {
    if call.query.get("marketplaceId").is_none() {
        return Err(Answer::invalid_input("marketplaceId is required."));
    }
    let wanted = call.query.list("paymentMethodTypes").is_none_or(|kinds| kinds.contains(&BANK_ACCOUNT));
    let own = serde_json::json!({
        "accountHolderName": "Teapot Trading Ltd",
        "paymentMethodId": "0h_SIM_BNK_1",
        "tail": TAIL,
        "countryCode": "GB",
        "paymentMethodType": BANK_ACCOUNT,
        "assignmentType": "DEFAULT_DEPOSIT_METHOD",
    });
    let shown: Vec<_> = wanted.then_some(own).into_iter().collect();
    Ok(Answer::ok(&serde_json::json!({"paymentMethods": shown})))
}
