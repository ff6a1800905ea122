//! Shapes that more than one route answers with. Rows become wire shapes here and nowhere else.

use jiff::Timestamp;
use money::Currency;
use serde::{Deserialize, Deserializer, Serialize};
use store::connections::ConnectionState;
use store::{connections, orders, reviews, runs};
use utoipa::ToSchema;

/// An amount in whole minor units of its currency.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Money {
    /// Pence, cents, yen. Credits are negative.
    minor: i64,
    /// ISO 4217.
    #[schema(example = "GBP")]
    currency: &'static str,
    /// How many digits of `minor` stand after the point.
    decimals: u32,
}

/// One account at one remote.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Connection {
    /// The pair it belongs to.
    pair: String,
    /// Which remote.
    #[schema(schema_with = system_schema)]
    system: &'static str,
    /// Whether it works.
    state: ConnectionWord,
    /// Stable code of why it is paused.
    #[schema(required)]
    code: Option<String>,
    /// Why it is paused.
    #[schema(required)]
    reason: Option<String>,
    /// What to do.
    #[schema(required)]
    fix: Option<String>,
    /// When the state last changed.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

/// Whether a connection works.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConnectionWord {
    /// It works as far as we know.
    Ready,
    /// A person must act.
    Paused,
}

/// How far an order is on its way into the books.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// Not dispatched or not paid yet.
    Waiting,
    /// A document is on its way.
    Invoicing,
    /// Everything it wants is in the books.
    Invoiced,
    /// It wants nothing, for good.
    NothingToDo,
    /// A person must decide.
    Review,
    /// Given up or refused.
    Failed,
}

/// One order, as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrderSummary {
    /// The pair.
    pair: String,
    /// The marketplace's id.
    order_id: String,
    /// Name of the site.
    marketplace: String,
    /// Status in our words.
    status: String,
    /// `FBA` or `FBM`.
    fulfilment: String,
    /// Whether a business bought.
    business: bool,
    /// When it was placed.
    #[schema(value_type = String, format = DateTime)]
    placed_at: Timestamp,
    /// When the marketplace last changed it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// What the marketplace states as total.
    #[schema(required)]
    total: Option<Money>,
    /// How far it is.
    stage: Stage,
    /// Why, in a sentence.
    #[schema(required)]
    stage_reason: Option<String>,
    /// When we first heard of it.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When its first document was confirmed.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    invoiced_at: Option<Timestamp>,
    /// Numbers of its documents.
    documents: Vec<String>,
}

/// One evaluation of a flow for an order.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RunSummary {
    /// Its id; ids sort by time.
    id: String,
    /// The pair.
    pair: String,
    /// The order.
    subject: String,
    /// The flow's name.
    flow: String,
    /// Its version.
    flow_version: u32,
    /// The mapping's version.
    mapping_version: u32,
    /// `wants`, `nothing`, `waiting` or `parked`.
    outcome: String,
    /// Why, in a sentence.
    #[schema(required)]
    reason: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// An item for a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Review {
    /// Its id.
    id: i64,
    /// The pair.
    pair: String,
    /// The order, connection or message it is about.
    subject: String,
    /// Stable code.
    code: String,
    /// What kind of item it is.
    kind: ReviewKind,
    /// Heading.
    title: String,
    /// What happened and what it means for the books.
    reason: String,
    /// The next action.
    fix: String,
    /// JSON path of the value that could not be used.
    #[schema(required)]
    path: Option<String>,
    /// What it is about, in money.
    #[schema(required)]
    amount: Option<Money>,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// When it was closed.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// By whom.
    #[schema(required)]
    closed_by: Option<String>,
    /// What they wrote.
    #[schema(required)]
    note: Option<String>,
}

/// What kind of item it is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReviewKind {
    /// Something cannot be decided without a person.
    Review,
    /// The books hold something that we cannot explain.
    Break,
    /// Work that was given up or refused.
    DeadLetter,
}

impl From<money::Money> for Money {
    fn from(money: money::Money) -> Money {
        let currency = money.currency();
        Money { minor: money.minor(), currency: currency.code(), decimals: currency.decimals() }
    }
}

/// From its minor units and currency, as the workers write it down.
impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Money, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            minor: i64,
            currency: String,
        }
        let written = Written::deserialize(reader)?;
        let currency = Currency::parse(&written.currency).map_err(serde::de::Error::custom)?;
        Ok(money::Money::new(written.minor, currency).into())
    }
}

impl Money {
    /// The same amount to calculate with.
    pub(crate) fn plain(self) -> Result<money::Money, money::MoneyError> {
        Ok(money::Money::new(self.minor, Currency::parse(self.currency)?))
    }
}

impl From<connections::Connection> for Connection {
    fn from(row: connections::Connection) -> Connection {
        let (state, code, reason, fix) = match row.state {
            ConnectionState::Ready => (ConnectionWord::Ready, None, None, None),
            ConnectionState::Paused { code, reason, fix, since: _ } => {
                (ConnectionWord::Paused, Some(code), Some(reason), Some(fix))
            }
        };
        let system = connections::word(row.system);
        Connection { pair: row.pair.to_string(), system, state, code, reason, fix, changed_at: row.changed_at }
    }
}

impl From<orders::Stage> for Stage {
    fn from(stage: orders::Stage) -> Stage {
        match stage {
            orders::Stage::Waiting => Stage::Waiting,
            orders::Stage::Invoicing => Stage::Invoicing,
            orders::Stage::Invoiced => Stage::Invoiced,
            orders::Stage::NothingToDo => Stage::NothingToDo,
            orders::Stage::Review => Stage::Review,
            orders::Stage::Failed => Stage::Failed,
        }
    }
}

impl From<orders::OrderRow> for OrderSummary {
    fn from(row: orders::OrderRow) -> OrderSummary {
        let numbers = row.documents.split(',').map(str::trim).filter(|number| !number.is_empty());
        OrderSummary {
            documents: numbers.map(str::to_owned).collect(),
            pair: row.pair.to_string(),
            order_id: row.order_id,
            marketplace: row.marketplace,
            status: row.status,
            fulfilment: row.fulfilment,
            business: row.business,
            placed_at: row.placed_at,
            updated_at: row.updated_at,
            total: row.total.map(Money::from),
            stage: row.stage.into(),
            stage_reason: row.stage_reason,
            first_seen_at: row.first_seen_at,
            invoiced_at: row.invoiced_at,
        }
    }
}

impl From<runs::Run> for RunSummary {
    fn from(row: runs::Run) -> RunSummary {
        RunSummary {
            id: row.id,
            pair: row.pair.to_string(),
            subject: row.subject,
            flow: row.flow,
            flow_version: row.flow_version,
            mapping_version: row.mapping_version,
            outcome: row.outcome,
            reason: row.reason,
            at: row.at,
        }
    }
}

impl From<reviews::Kind> for ReviewKind {
    fn from(kind: reviews::Kind) -> ReviewKind {
        match kind {
            reviews::Kind::Review => ReviewKind::Review,
            reviews::Kind::Break => ReviewKind::Break,
            reviews::Kind::DeadLetter => ReviewKind::DeadLetter,
        }
    }
}

impl From<reviews::Review> for Review {
    fn from(row: reviews::Review) -> Review {
        Review {
            id: row.id,
            pair: row.pair.to_string(),
            subject: row.subject,
            code: row.code,
            kind: row.kind.into(),
            title: row.title,
            reason: row.reason,
            fix: row.fix,
            path: row.path,
            amount: row.amount.map(Money::from),
            opened_at: row.opened_at,
            closed_at: row.closed_at,
            closed_by: row.closed_by,
            note: row.note,
        }
    }
}

fn system_schema() -> utoipa::openapi::schema::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(["amazon", "kashflow"]))
        .build()
}
