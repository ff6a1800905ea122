//! What the headless demo found of settlements: the world's money, KashFlow's ledger, our own store.

use anyhow::Result;
use serde::Serialize;
use sim::oracle::settlements::{Figure, Judgement};
use store::Store;
use store::settlements::{self, SettlementFilter, Stage};

/// How far settlements got.
#[derive(Debug, Serialize)]
pub struct Settlements {
    /// Those whose reports Amazon has listed.
    closed: u64,
    /// Those of which everything is in the books.
    posted: u64,
    /// Rows of those that are in the books, also where some wait for a person.
    rows: u64,
    /// Sum of all that the ledger has too much or too little, in pence.
    unexplained_minor: u64,
    /// Those of which something waits for a person and the rest is in the books.
    #[serde(skip)]
    in_review: u64,
    /// Rows of the world's settlements.
    #[serde(skip)]
    world_rows: u64,
    /// Whether any was received at all.
    #[serde(skip)]
    received: bool,
}

/// A figure as the world wants it and as KashFlow's own ledger has it, in pence.
#[derive(Debug, Serialize)]
pub struct Compared {
    expected_minor: i64,
    actual_minor: i64,
}

impl Settlements {
    /// Asks the store, beside what the judge says.
    pub async fn of(store: &Store, judgement: &Judgement) -> Result<Settlements> {
        let rows = settlements::page(store, &SettlementFilter::default(), None, u32::MAX - 1).await?.rows;
        let at = |stages: &[Stage]| rows.iter().filter(|row| stages.contains(&row.stage)).collect::<Vec<_>>();
        Ok(Settlements {
            closed: judgement.closed,
            posted: at(&[Stage::Posted]).len() as u64,
            rows: at(&[Stage::Posted, Stage::Review]).iter().map(|row| row.rows).sum(),
            unexplained_minor: judgement.unexplained_minor,
            in_review: at(&[Stage::Review]).len() as u64,
            world_rows: judgement.rows,
            received: !rows.is_empty(),
        })
    }

    /// Whether the product posts settlements: only then the verdict on them counts.
    pub fn product_posts_settlements(&self) -> bool {
        self.received
    }

    /// What is wrong with them beside the ledger.
    pub fn objections(&self) -> Vec<String> {
        let mut found = Vec::new();
        let in_books = self.posted + self.in_review;
        if in_books != self.closed {
            found.push(format!("settlements in the books: {in_books} of {}", self.closed));
        } else if self.rows != self.world_rows {
            found.push(format!("rows of settlements: {} instead of {}", self.rows, self.world_rows));
        }
        found
    }

    /// The line for people.
    pub fn line(&self) -> String {
        format!(
            "{} closed, {} posted, {} with something for people, {} rows, {} unexplained pence",
            self.closed, self.posted, self.in_review, self.rows, self.unexplained_minor
        )
    }
}

impl From<Figure> for Compared {
    fn from(figure: Figure) -> Compared {
        Compared { expected_minor: figure.expected_minor, actual_minor: figure.actual_minor }
    }
}
