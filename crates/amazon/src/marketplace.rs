//! The port itself: each method of [`Marketplace`] in a few lines, the work is in the modules.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use model::{Balance, MoneySummary, Order, OrderId, Transaction};
use ports::{
    BacklogSituation, BulkJob, BulkStep, ChangePage, ChangeQuery, ConnectorError, FileBytes, HintBatch, Look,
    Marketplace, NamePage, Observed, Parked, Participation, PayoutPage, PayoutQuery, SettlementBook, SettlementPage,
    SettlementQuery, TransactionPage, TransactionQuery, Urgency,
};
use serde_json::Value;

use crate::client::{Client, Request};
use crate::notifications::{self, Notice};
use crate::read::{malformed, parked};
use crate::throttle::Operation;
use crate::{OrdersApi, finances, orders_2026, orders_v0, planner, reports, settlement_reports, settlements};

/// How long a message for another seller stays hidden from us, in seconds, so that its owner finds it.
const NOT_OURS_HIDDEN_S: u32 = 120;

#[async_trait]
impl Marketplace for Client {
    async fn order(&self, id: &OrderId, urgency: Urgency) -> Result<Observed, ConnectorError> {
        match self.config.orders_api {
            OrdersApi::V2026 => orders_2026::order(self, id, urgency).await,
            OrdersApi::V0 => orders_v0::order(self, id, urgency).await,
        }
    }

    async fn changes(&self, query: &ChangeQuery, urgency: Urgency) -> Result<ChangePage, ConnectorError> {
        let page = match self.config.orders_api {
            OrdersApi::V2026 => orders_2026::page(self, query, urgency).await?,
            OrdersApi::V0 => orders_v0::page(self, query, urgency).await?,
        };
        self.checked_page(query, page)
    }

    async fn hints(&self, wait_s: u32) -> Result<HintBatch, ConnectorError> {
        let Some(queue) = &self.queue else { return Ok(HintBatch::default()) };
        let mut batch = HintBatch::default();
        for message in queue.receive(wait_s).await? {
            match notifications::read(&message.body) {
                Ok(Notice::OrderChanged { seller, hint }) if seller == self.config.seller_id => {
                    if !batch.hints.iter().any(|known| known.id == hint.id) {
                        batch.hints.push(hint);
                    }
                }
                Ok(Notice::SettlementReady { seller, report }) if seller == self.config.seller_id => {
                    if !batch.settlement_files.contains(&report) {
                        batch.settlement_files.push(report);
                    }
                }
                // One queue may serve several sellers: what is another's must not be deleted by us.
                Ok(Notice::OrderChanged { .. } | Notice::SettlementReady { .. }) => {
                    queue.hide(&message.receipt_handle, NOT_OURS_HIDDEN_S).await?;
                    continue;
                }
                Ok(Notice::Other { kind }) => tracing::debug!("a notification of type {kind} is not used"),
                Err(error) => batch.unreadable.push((message.receipt_handle.clone(), error.body, error.why)),
            }
            batch.handles.push(message.receipt_handle);
        }
        Ok(batch)
    }

    async fn acknowledge(&self, handles: &[String]) -> Result<(), ConnectorError> {
        match &self.queue {
            Some(queue) => queue.delete(handles).await,
            None => Ok(()),
        }
    }

    fn has_hints(&self) -> bool {
        self.queue.is_some()
    }

    async fn bulk(&self, job: &BulkJob) -> Result<BulkStep, ConnectorError> {
        crate::bulk::step(self, job).await
    }

    async fn names(&self, query: &ChangeQuery) -> Result<NamePage, ConnectorError> {
        orders_v0::names(self, query).await
    }

    async fn plan(&self, situation: &BacklogSituation) -> Look {
        let (list, single) = match self.config.orders_api {
            OrdersApi::V2026 => (Operation::SearchOrders, Operation::GetOrder),
            OrdersApi::V0 => (Operation::V0GetOrders, Operation::V0GetOrderItems),
        };
        // BEHAVIOR 31: the list of v0 has a quota of its own, of no use to the 2026 API but for telling which orders there are.
        let names = match self.config.orders_api {
            OrdersApi::V2026 => self.throttle.level(Operation::V0GetOrders, situation.now).await,
            OrdersApi::V0 => 0,
        };
        let levels = planner::Levels {
            pages: self.throttle.level(list, situation.now).await,
            pages_limit: list.limit(),
            singles: self.throttle.level(single, situation.now).await,
            singles_limit: single.limit(),
            // With v0 a listing spends the same tokens as single reads, so there is nothing to run beside it.
            pages_cost_singles: self.config.orders_api == OrdersApi::V0,
            reports: self.config.reports,
            names,
        };
        planner::plan(situation, &levels)
    }

    fn translate(&self, kind: &str, payload: &str, buyer: Option<&str>) -> Result<Order, Parked> {
        translate(kind, payload, buyer)
    }

    async fn participations(&self) -> Result<Vec<Participation>, ConnectorError> {
        let path = ["sellers", "v1", "marketplaceParticipations"];
        let request = Request::get(Operation::Participations, &path, "the seller's sites");
        let answer = self.call(&Request { urgency: Urgency::Interactive, ..request }).await?;
        let list = answer.get("payload").and_then(Value::as_array);
        let list = list.ok_or_else(|| malformed("list of sites", "$.payload"))?;
        list.iter().map(participation).collect()
    }

    async fn settlement_files(&self, query: &SettlementQuery) -> Result<SettlementPage, ConnectorError> {
        settlement_reports::page(self, query).await
    }

    async fn file(&self, document: &str) -> Result<FileBytes, ConnectorError> {
        settlement_reports::bytes(self, document).await
    }

    fn read_settlements<'a>(
        &self,
        bytes: &'a [u8],
        charset: Option<&str>,
        accepted: &BTreeMap<u64, String>,
    ) -> Result<Box<dyn SettlementBook + 'a>, Parked> {
        settlements::read(bytes, charset, accepted)
    }

    fn transaction_windows(&self, complete_until: Timestamp, now: Timestamp) -> Vec<TransactionQuery> {
        finances::windows(complete_until, now)
    }

    async fn transactions(
        &self,
        query: &TransactionQuery,
        urgency: Urgency,
    ) -> Result<TransactionPage, ConnectorError> {
        finances::transactions(self, query, urgency).await
    }

    fn translate_transaction(&self, kind: &str, payload: &str) -> Result<Transaction, Parked> {
        match kind {
            finances::KIND => finances::translate::transaction(payload),
            _ => Err(unknown_kind()),
        }
    }

    async fn settlement_summary(&self, settlement: &str) -> Result<Vec<MoneySummary>, ConnectorError> {
        finances::summary(self, settlement).await
    }

    async fn balances(&self) -> Result<Vec<Balance>, ConnectorError> {
        finances::balances(self).await
    }

    async fn payouts(&self, query: &PayoutQuery) -> Result<PayoutPage, ConnectorError> {
        finances::payouts(self, query).await
    }
}

fn unknown_kind() -> Parked {
    parked(
        "unknown_kind",
        "$",
        "this kind of fact was not made by this version of the Amazon connector",
        "Upgrade Tillbridge, then re-run the order",
    )
}

/// Reads an observed order as ours.
///
/// # Errors
///
/// [`Parked`] with the JSON path.
pub(crate) fn translate(kind: &str, payload: &str, buyer: Option<&str>) -> Result<Order, Parked> {
    match kind {
        orders_2026::KIND => orders_2026::translate::order(payload, buyer),
        orders_v0::KIND => orders_v0::translate::order(payload, buyer),
        reports::KIND => reports::translate::order(payload),
        _ => Err(unknown_kind()),
    }
}

fn participation(entry: &Value) -> Result<Participation, ConnectorError> {
    let text = |path: &str| entry.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let flag = |path: &str| entry.pointer(path).and_then(Value::as_bool);
    Ok(Participation {
        name: text("/marketplace/name").ok_or_else(|| malformed("list of sites", "$.payload[*].marketplace.name"))?,
        marketplace_id: text("/marketplace/id")
            .ok_or_else(|| malformed("list of sites", "$.payload[*].marketplace.id"))?,
        participating: flag("/participation/isParticipating")
            .ok_or_else(|| malformed("list of sites", "$.payload[*].participation.isParticipating"))?,
        suspended: flag("/participation/hasSuspendedListings")
            .ok_or_else(|| malformed("list of sites", "$.payload[*].participation.hasSuspendedListings"))?,
    })
}
