//! What the workers wrote about a settlement when they decided it, read part by part.
//!
//! Every part may be missing: what is only received or was kept back has few, and an older version wrote less. A part that is there
//! and cannot be read is named in [`Summary::unread`] and left out whole: half of a table would look like all of it.

use money::Currency;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::wire::Money;

/// How the name of an amount ends in the summary: whole minor units of the currency beside it, or else of home currency.
const MINOR: &str = "_minor";

/// The sum of a task may be written in digits instead.
const SUM: &str = "sum";

/// The clearing account, in home currency.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct Clearing {
    /// Its nominal code.
    account: String,
    /// Balance before.
    before: Money,
    /// What invoices posted at dispatch had put there already.
    posted_before: Money,
    /// What the documents move.
    change: Money,
    /// What they must move.
    expected: Money,
    /// Balance after.
    after: Money,
}

/// What one kind of document moves on the clearing account. Money towards the seller is positive.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct WaterfallStep {
    /// `sales`, `refunds`, `fees`, `other`, `reserve`, `deferred`, `loans_and_exchange` or `payout`.
    step: String,
    amount: Money,
}

/// A document that the settlement wants.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct SettlementDocument {
    /// Natural key of its intent.
    pub(crate) key: String,
    /// `invoice`, `refund`, `bill`, `bank`, `transfer`, `journal`, `payment`, ….
    kind: String,
    /// The reference by which it is found in the books.
    #[serde(default)]
    #[schema(required)]
    reference: Option<String>,
    /// Its tax point.
    #[serde(default)]
    #[schema(required, format = Date)]
    on: Option<String>,
    /// Customer or supplier.
    #[serde(default)]
    #[schema(required)]
    party: Option<String>,
    amount: Money,
    /// Rows of the settlement that are in it.
    #[serde(default)]
    #[schema(required)]
    rows: Option<u64>,
    /// How far its intent is: `planned`, `intended`, `sent`, `unknown`, `confirmed`, `conflict`, `rejected`; null if there is none.
    #[serde(default)]
    #[schema(required)]
    pub(crate) state: Option<String>,
    /// The number that we chose.
    #[serde(default)]
    #[schema(required)]
    pub(crate) number: Option<u32>,
    /// Why it waits for a person.
    #[serde(default)]
    #[schema(required)]
    pub(crate) reason: Option<String>,
}

/// What all documents do to an account; debit is positive.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct LedgerLine {
    account: String,
    title: String,
    amount: Money,
}

/// Something that a person should see.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct SettlementTask {
    /// Stable code.
    code: String,
    /// Whether its sum waits on the suspense account; null if that was not written down.
    #[serde(default)]
    #[schema(required)]
    in_suspense: Option<bool>,
    #[serde(default)]
    #[schema(required)]
    subject: String,
    /// Transaction type, amount type and description in the marketplace's words, if all rows are of one kind.
    #[serde(default)]
    #[schema(required)]
    rows_of: Option<Vec<String>>,
    /// Sum of its rows.
    sum: Money,
    /// How many rows or items.
    count: u64,
    /// First line in the file.
    #[serde(default)]
    #[schema(required)]
    line: Option<u64>,
    /// What is wrong and what it means for the books.
    cause: String,
    /// What to do.
    next: String,
    /// Whether it should be looked at first.
    #[serde(default)]
    #[schema(required)]
    high_priority: bool,
    /// Known rows that these resemble: shown, never applied.
    #[serde(default)]
    #[schema(required)]
    suggestions: Vec<String>,
}

/// What is wrong with the file.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct SettlementProblem {
    /// `stops`: nothing is posted. `to_suspense` or `doubt`: the row waits on suspense. `note`: good to know.
    weight: String,
    #[serde(default)]
    #[schema(required)]
    line: Option<u64>,
    what: String,
    /// What it means for the books.
    #[serde(alias = "means")]
    effect: String,
    /// What to do.
    next: String,
}

/// A row whose amount cannot be read.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct UnreadableRow {
    pub(crate) line: u64,
    /// The amount, in the settlement's currency, with which the rows would sum to the total.
    #[serde(default)]
    #[schema(required)]
    would_balance: Option<Money>,
    /// Whether a person accepted an amount for it.
    #[serde(default)]
    #[schema(required)]
    pub(crate) is_accepted: bool,
}

/// What the documents put into the boxes of one VAT return, in home currency.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub(crate) struct VatBoxes {
    /// First day of the period.
    #[schema(format = Date)]
    pub(crate) from: String,
    /// Last day of the period.
    #[schema(format = Date)]
    pub(crate) to: String,
    /// VAT due on sales.
    pub(crate) box1: Money,
    /// VAT reclaimed on purchases.
    pub(crate) box4: Money,
    /// Sales without VAT.
    pub(crate) box6: Money,
    /// Purchases without VAT.
    pub(crate) box7: Money,
}

/// What the workers wrote about one settlement.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) format: Option<String>,
    pub(crate) clearing: Option<Clearing>,
    pub(crate) waterfall: Vec<WaterfallStep>,
    pub(crate) documents: Vec<SettlementDocument>,
    pub(crate) ledger: Vec<LedgerLine>,
    pub(crate) tasks: Vec<SettlementTask>,
    pub(crate) problems: Vec<SettlementProblem>,
    pub(crate) unreadable: Vec<UnreadableRow>,
    pub(crate) vat: Vec<VatBoxes>,
    /// Names of parts that are there and could not be read.
    pub(crate) unread: Vec<&'static str>,
}

/// What a list shows of a summary. Documents are counted without being kept: there may be ten thousand.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Glance {
    #[serde(default)]
    home: Option<String>,
    #[serde(default)]
    pub(crate) explained: Option<bool>,
    #[serde(default)]
    clearing: Option<GlanceClearing>,
    #[serde(default)]
    documents: Option<Vec<IgnoredAny>>,
    #[serde(default)]
    tasks: Option<Vec<GlanceTask>>,
    #[serde(default)]
    vat: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct GlanceClearing {
    after_minor: i64,
    #[serde(default)]
    currency: Option<String>,
}

#[derive(Debug, Deserialize)]
struct GlanceTask {
    #[serde(default)]
    in_suspense: Option<bool>,
}

impl Summary {
    /// Reads what was written about a settlement in `currency`.
    pub(crate) fn read(text: &str, currency: Currency) -> Summary {
        if text.is_empty() {
            return Summary::default();
        }
        let Ok(Value::Object(mut parts)) = serde_json::from_str(text) else {
            return Summary { unread: vec!["all of it"], ..Summary::default() };
        };
        let home = home(&parts);
        let mut unread = Vec::new();
        let mut reader = Reader { parts: &mut parts, unread: &mut unread };
        let summary = Summary {
            format: reader.part("format", home),
            clearing: reader.part("clearing", home),
            waterfall: reader.part("waterfall", home).unwrap_or_default(),
            documents: reader.part("documents", home).unwrap_or_default(),
            ledger: reader.part("ledger", home).unwrap_or_default(),
            tasks: reader.tasks(home).unwrap_or_default(),
            problems: reader.part("problems", home).unwrap_or_default(),
            unreadable: reader.part("unreadable", Some(currency)).unwrap_or_default(),
            vat: reader.part("vat", home).unwrap_or_default(),
            unread: Vec::new(),
        };
        Summary { unread, ..summary }
    }
}

impl Glance {
    /// Reads what a list shows; nothing of it if something cannot be read, for the settlement's own page says what.
    pub(crate) fn read(text: &str) -> Glance {
        serde_json::from_str(text).unwrap_or_default()
    }

    pub(crate) fn documents(&self) -> Option<u64> {
        self.documents.as_ref().map(|documents| u64::try_from(documents.len()).unwrap_or(u64::MAX))
    }

    /// Tasks whose sums wait on suspense; without any task written down, of what is decided, none.
    pub(crate) fn in_suspense(&self) -> Option<u64> {
        self.clearing.as_ref()?;
        let mut count = 0;
        for task in self.tasks.iter().flatten() {
            count += u64::from(task.in_suspense?);
        }
        Some(count)
    }

    pub(crate) fn clearing_after(&self) -> Option<Money> {
        let clearing = self.clearing.as_ref()?;
        let currency = Currency::parse(clearing.currency.as_deref().or(self.home.as_deref())?).ok()?;
        Some(money::Money::new(clearing.after_minor, currency).into())
    }

    /// Boxes by VAT period; `None` if nothing was decided yet or they cannot be read.
    pub(crate) fn vat(&self) -> Option<Vec<VatBoxes>> {
        let home = Currency::parse(self.home.as_deref()?).ok()?;
        serde_json::from_value(with_currency(self.vat.clone()?, Some(home.code()))).ok()
    }
}

struct Reader<'a> {
    parts: &'a mut Map<String, Value>,
    unread: &'a mut Vec<&'static str>,
}

impl Reader<'_> {
    fn part<T: DeserializeOwned>(&mut self, name: &'static str, currency: Option<Currency>) -> Option<T> {
        let value = self.parts.remove(name).filter(|value| !value.is_null())?;
        let read = serde_json::from_value(with_currency(value, currency.map(Currency::code)));
        // The text is not logged: a subject may hold what is nobody's business.
        read.map_err(|_| self.unread.push(name)).ok()
    }
}

impl Reader<'_> {
    /// Tasks name the marketplace's words together, or one by one.
    fn tasks(&mut self, currency: Option<Currency>) -> Option<Vec<SettlementTask>> {
        let words = ["transaction_type", "amount_type", "amount_description"];
        for task in self.parts.get_mut("tasks").and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(task) = task.as_object_mut().filter(|task| !task.contains_key("rows_of")) else { continue };
            let found: Vec<Value> = words.iter().filter_map(|word| task.get(*word).cloned()).collect();
            if !found.is_empty() {
                task.insert("rows_of".to_owned(), Value::Array(found));
            }
        }
        self.part("tasks", currency)
    }
}

fn home(parts: &Map<String, Value>) -> Option<Currency> {
    parts.get("home").and_then(Value::as_str).and_then(|code| Currency::parse(code).ok())
}

/// Gives every amount its currency: the one its own object names, or else `otherwise`. Without either it stays what it was, which
/// is then no amount.
fn with_currency(value: Value, otherwise: Option<&str>) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| with_currency(item, otherwise)).collect(),
        Value::Object(fields) => {
            let own = fields.get("currency").map(|code| code.as_str().unwrap_or_default().to_owned());
            let currency = own.as_deref().or(otherwise);
            let amount = |name: String, value: Value| match (name.strip_suffix(MINOR), currency, value) {
                (Some(name), _, Value::Null) => (name.to_owned(), Value::Null),
                (Some(name), Some(code), Value::Number(minor)) => {
                    (name.to_owned(), json!({ "minor": minor, "currency": code }))
                }
                (None, Some(code), Value::String(digits)) if name == SUM => (name, amount_of(&digits, code)),
                (_, _, value) => (name, with_currency(value, otherwise)),
            };
            Value::Object(fields.into_iter().map(|(name, value)| amount(name, value)).collect())
        }
        value => value,
    }
}

/// An amount that was written in digits; what is none stays a text, which is then no amount.
fn amount_of(digits: &str, code: &str) -> Value {
    let amount = Currency::parse(code).and_then(|currency| money::Money::parse(digits, currency));
    amount.map_or_else(|_| digits.into(), |amount| json!({ "minor": amount.minor(), "currency": code }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_the_currency_beside_it_or_else_that_of_the_books() {
        let summary = Summary::read(
            r#"{"home":"GBP","documents":[
                {"key":"a","kind":"bill","amount_minor":-5,"currency":"JPY"},{"key":"b","kind":"bill","amount_minor":7}],
                "unreadable":[{"line":17,"would_balance_minor":1234},{"line":18,"would_balance_minor":null}]}"#,
            Currency::EUR,
        );
        let shown = serde_json::to_value((&summary.documents, &summary.unreadable)).unwrap();
        assert_eq!(shown[0][0]["amount"], json!({ "minor": -5, "currency": "JPY", "decimals": 0 }));
        assert_eq!(shown[0][1]["amount"], json!({ "minor": 7, "currency": "GBP", "decimals": 2 }));
        assert_eq!(shown[1][0]["would_balance"], json!({ "minor": 1234, "currency": "EUR", "decimals": 2 }));
        assert_eq!(shown[1][1]["would_balance"], Value::Null);
        assert_eq!(summary.unread, [""; 0]);
    }

    #[test]
    fn a_part_that_cannot_be_read_is_named_and_the_others_are_shown() {
        let summary = Summary::read(
            r#"{"home":"GBP","explained":true,"waterfall":[{"step":"sales","amount_minor":1.5}],
                "ledger":[{"account":"1250","title":"1250 Amazon clearing","amount_minor":3}]}"#,
            Currency::GBP,
        );
        assert_eq!((summary.unread, summary.waterfall.len(), summary.ledger.len()), (vec!["waterfall"], 0, 1));
    }

    #[test]
    fn an_amount_without_a_currency_is_not_taken_for_pounds() {
        let summary = Summary::read(r#"{"waterfall":[{"step":"sales","amount_minor":1}]}"#, Currency::GBP);
        assert_eq!(summary.unread, ["waterfall"]);
        let summary = Summary::read(r#"{"home":"XQZ","waterfall":[{"step":"sales","amount_minor":1}]}"#, Currency::GBP);
        assert_eq!(summary.unread, ["waterfall"]);
    }

    #[test]
    fn tasks_and_problems_are_read_in_the_words_of_statements_too() {
        let summary = Summary::read(
            r#"{"home":"GBP","tasks":[{"code":"unknown_row","settlement":"S1","transaction_type":"other","amount_type":"x",
                "amount_description":"Mystery","sum":"-2.50","currency":"EUR","count":2,"cause":"c","next":"n","high_priority":true}],
                "problems":[{"weight":"to_suspense","line":17,"what":"w","means":"m","next":"n"}]}"#,
            Currency::EUR,
        );
        let shown = serde_json::to_value((&summary.tasks, &summary.problems)).unwrap();
        assert_eq!(shown[0][0]["sum"], json!({ "minor": -250, "currency": "EUR", "decimals": 2 }));
        assert_eq!(
            (&shown[0][0]["rows_of"], &shown[0][0]["in_suspense"]),
            (&json!(["other", "x", "Mystery"]), &Value::Null)
        );
        assert_eq!((&shown[1][0]["effect"], &shown[1][0]["weight"]), (&json!("m"), &json!("to_suspense")));
        assert_eq!(summary.unread, [""; 0]);
        let wrong =
            r#"{"home":"GBP","tasks":[{"code":"c","sum":"-2.505","currency":"EUR","count":2,"cause":"c","next":"n"}]}"#;
        assert_eq!(Summary::read(wrong, Currency::EUR).unread, ["tasks"]);
    }

    #[test]
    fn a_list_knows_what_is_on_suspense_only_if_it_was_written_down() {
        let of = |rest: &str| {
            let glance =
                Glance::read(&format!(r#"{{"home":"GBP","clearing":{{"after_minor":5,"currency":"EUR"}}{rest}}}"#));
            (glance.in_suspense(), glance.clearing_after().map(|amount| json!(amount)["currency"].clone()))
        };
        assert_eq!(of(""), (Some(0), Some(json!("EUR"))));
        assert_eq!(of(r#","tasks":[{"in_suspense":true},{"in_suspense":false}]"#).0, Some(1));
        assert_eq!(of(r#","tasks":[{"in_suspense":true},{}]"#).0, None);
        assert_eq!(Glance::read(r#"{"home":"GBP"}"#).in_suspense(), None);
    }

    #[test]
    fn nothing_written_yet_is_nothing_and_no_json_is_told() {
        assert_eq!(Summary::read("{}", Currency::GBP).unread, [""; 0]);
        assert_eq!(Summary::read("", Currency::GBP).unread, [""; 0]);
        assert_eq!(Summary::read("oops", Currency::GBP).unread, ["all of it"]);
        assert_eq!(Glance::read("oops").documents(), None);
    }
}
