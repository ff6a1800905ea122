//! The abstract syntax of a flow.

/// A flow: a trigger and steps in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) description: String,
    pub(crate) steps: Vec<Step>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its id, unique in the flow.
    pub id: String,
    /// Runs only on these routes of an earlier switch; empty: always.
    pub only: Vec<String>,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Message Filter: orders that do not match end here.
    Filter {
        /// All must hold.
        when: Vec<Condition>,
        /// How the others end.
        otherwise: Otherwise,
    },
    /// Content-Based Router: names the route that later steps may be limited to.
    Switch {
        /// What is looked at.
        on: Field,
        /// (value, route).
        cases: Vec<(String, String)>,
    },
    /// Message Translator: the mapping that the actions use.
    Map,
    /// A business action.
    Act(Action),
}

/// A business action. Each calls `bookkeeping`; none computes an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Find or create the customer of each wanted document.
    UpsertCustomer,
    /// Want an invoice for each dispatch that has none.
    WantInvoice,
    /// Want cancelled units taken back.
    WantReversal,
}

/// What of an order a condition or switch looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `pending`, `unshipped`, `partially_shipped`, `shipped`, `cancelled`, `unfulfillable`.
    Status,
    /// `FBA` or `FBM`.
    Fulfilment,
    /// `business` or `consumer`.
    Buyer,
    /// Short code of the marketplace: `UK`, `DE`, ….
    Marketplace,
    /// `replacement` or `sale`.
    Purpose,
    /// `marketplace` (Amazon invoices the buyer) or `seller`.
    InvoicedBy,
    /// `yes` or `no`: whether the order is ready for documents under the mapping's rule.
    Ready,
}

/// One of the values must be the order's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is looked at.
    pub field: Field,
    /// The values that match.
    pub any_of: Vec<String>,
}

/// How an order ends that a filter does not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// It waits for something to change; the words say for what.
    Wait(String),
    /// It wants nothing, for good; the words say why.
    Stop(String),
}

impl Flow {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What it is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Its steps, in order.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }
}

impl Field {
    /// Every field with its word and the values it can have; no values: any.
    pub(crate) const ALL: &[(Field, &str, &[&str])] = &[
        (
            Field::Status,
            "status",
            &["pending", "unshipped", "partially_shipped", "shipped", "cancelled", "unfulfillable"],
        ),
        (Field::Fulfilment, "fulfilment", &["FBA", "FBM"]),
        (Field::Buyer, "buyer", &["business", "consumer"]),
        (Field::Marketplace, "marketplace", &[]),
        (Field::Purpose, "purpose", &["replacement", "sale"]),
        (Field::InvoicedBy, "invoiced_by", &["marketplace", "seller"]),
        (Field::Ready, "ready", &["yes", "no"]),
    ];
}
