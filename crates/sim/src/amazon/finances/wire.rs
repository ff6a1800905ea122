//! The bodies of Finances 2024-06-19 and of the transfers, as they go over the wire. Amounts are JSON numbers, written digit by digit.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::amazon::orders::digits;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Amount {
    currency_code: &'static str,
    currency_amount: Box<RawValue>,
}

impl Amount {
    pub(super) fn new(minor: i64, currency: &'static str) -> Amount {
        // Digits are a valid number, so this is never the nought that stands in for it.
        let currency_amount = RawValue::from_string(digits(minor)).unwrap_or_else(|_| RawValue::NULL.to_owned());
        Amount { currency_code: currency, currency_amount }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload<T> {
    pub(super) payload: T,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transactions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_token: Option<String>,
    pub(super) transactions: Vec<Transaction>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Transaction {
    pub(super) selling_partner_metadata: SellingPartner,
    pub(super) related_identifiers: Vec<Related>,
    pub(super) transaction_type: &'static str,
    pub(super) transaction_id: String,
    pub(super) transaction_status: &'static str,
    pub(super) description: &'static str,
    pub(super) posted_date: String,
    pub(super) total_amount: Amount,
    pub(super) marketplace_details: Site,
    pub(super) items: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) contexts: Vec<Context>,
    pub(super) breakdowns: Vec<Breakdown>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SellingPartner {
    pub(super) selling_partner_id: String,
    pub(super) account_type: &'static str,
    pub(super) marketplace_id: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Related {
    pub(super) related_identifier_name: &'static str,
    pub(super) related_identifier_value: String,
}

impl Related {
    pub(super) fn new(name: &'static str, value: impl Into<String>) -> Related {
        Related { related_identifier_name: name, related_identifier_value: value.into() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Site {
    pub(super) marketplace_id: &'static str,
    pub(super) marketplace_name: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Item {
    pub(super) description: String,
    pub(super) related_identifiers: Vec<ItemRelated>,
    pub(super) total_amount: Amount,
    pub(super) breakdowns: Vec<Breakdown>,
    pub(super) contexts: Vec<Context>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemRelated {
    pub(super) item_related_identifier_name: &'static str,
    pub(super) item_related_identifier_value: String,
}

#[derive(Debug, Serialize)]
#[serde(tag = "contextType")]
pub(super) enum Context {
    #[serde(rename = "ProductContext", rename_all = "camelCase")]
    Product { asin: String, sku: String, quantity_shipped: u32, fulfillment_network: &'static str },
    #[serde(rename = "DeferredContext", rename_all = "camelCase")]
    Deferred { deferral_reason: &'static str, maturity_date: String },
    #[serde(rename = "PaymentsContext", rename_all = "camelCase")]
    Payments {
        payment_type: &'static str,
        payment_method: &'static str,
        payment_reference: String,
        payment_date: String,
    },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Breakdown {
    pub(super) breakdown_type: &'static str,
    pub(super) breakdown_amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) breakdowns: Option<Vec<Breakdown>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Partner {
    pub(super) partner_id: String,
    pub(super) account_type: &'static str,
    pub(super) marketplace_id: &'static str,
}

impl Partner {
    /// Whether the account is of a type, in either spelling: `Standard Orders` or `STANDARD_ORDERS`.
    pub(super) fn is_of(&self, kind: &str) -> bool {
        self.account_type.replace(' ', "_").eq_ignore_ascii_case(&kind.replace(' ', "_"))
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summaries {
    pub(super) summaries: Vec<Summary>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Summary {
    pub(super) partner_metadata: Partner,
    pub(super) net_proceeds: Amount,
    pub(super) related_identifiers: Vec<Related>,
    pub(super) breakdowns: Vec<Breakdown>,
    pub(super) period_start: String,
    pub(super) period_end: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Balances {
    pub(super) balances: Vec<Balance>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Balance {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partner_metadata: Option<Partner>,
    pub(super) balance_type: &'static str,
    pub(super) amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_updated_time: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) balances: Vec<Balance>,
}
