//! From stored connections to a pair at work.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use flow::Flow;
use mapping::Mapping;
use model::PairId;
use ports::{Permits, System};
use runner::{PairSetup, Runner};
use store::Store;
use store::connections::{self, Connection};

use crate::logins::Ledger;

use crate::config::Config;
use crate::registry;

/// The flow that ships with the binary.
pub const SHIPPED_FLOW: &str = include_str!("../flows/orders-to-invoices.toml");

/// The pair of a house that has one.
pub const MAIN_PAIR: &str = "main";

/// Builds the Amazon client of a connection.
pub fn amazon(connection: &Connection, store: &Store, permits: Arc<dyn Permits>) -> Result<amazon::Client> {
    let config: amazon::Config = serde_json::from_value(connection.config.clone())
        .context("the stored configuration of Amazon cannot be read")?;
    let secret = |name: &str| {
        connection
            .secrets
            .get(name)
            .cloned()
            .with_context(|| format!("the connection has no {name}; connect Amazon again"))
    };
    let secrets = amazon::Secrets {
        client_secret: secret("client_secret")?,
        refresh_token: secret("refresh_token")?,
        aws_secret_access_key: connection.secrets.get("aws_secret_access_key").cloned(),
    };
    Ok(amazon::Client::new(config, secrets, store.clock().clone(), permits)?)
}

/// Builds the KashFlow client of a connection.
pub fn kashflow(connection: &Connection, store: &Store) -> Result<kashflow::Client> {
    let config: kashflow::Config = serde_json::from_value(connection.config.clone())
        .context("the stored configuration of KashFlow cannot be read")?;
    let account = format!("{} at {}", connection.config["auth"], config.base_url);
    let ledger = Arc::new(Ledger::new(store.clone(), connection.pair.clone(), account));
    Ok(kashflow::Client::new(
        config,
        kashflow::Secrets::new(connection.secrets.clone()),
        store.clock().clone(),
        ledger,
    )?)
}

/// Where the mapping of a pair lies.
pub fn mapping_path(data: &Path, pair: &PairId) -> PathBuf {
    data.join("pairs").join(pair.as_str()).join("mapping.toml")
}

/// Reads a mapping file; the error lists every problem with its key.
pub fn read_mapping(path: &Path) -> Result<Mapping> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("there is no mapping at {}; `tillbridge connect kashflow` writes one", path.display())
    })?;
    parse_mapping(&text).with_context(|| path.display().to_string())
}

/// Parses a mapping; the error lists every problem with its key.
pub fn parse_mapping(text: &str) -> Result<Mapping> {
    Mapping::parse(text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the mapping has {} problems:\n  {}", lines.len(), lines.join("\n  "))
    })
}

/// Parses a flow; the error lists every problem with its line.
pub fn parse_flow(text: &str) -> Result<Flow> {
    Flow::parse(text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the flow has {} problems:\n  {}", lines.len(), lines.join("\n  "))
    })
}

/// Adds every pair whose two connections and mapping are there. Says which were left out and why.
pub async fn add_pairs(runner: &Runner, config: &Config) -> Result<Vec<(PairId, String)>> {
    let store = runner.store();
    let all = connections::list(store).await?;
    let mut pairs: Vec<PairId> = all.iter().map(|connection| connection.pair.clone()).collect();
    pairs.sort();
    pairs.dedup();
    let mut left_out = Vec::new();
    for pair in pairs {
        if let Err(error) = add_pair(runner, config, &pair).await {
            left_out.push((pair, format!("{error:#}")));
        }
    }
    Ok(left_out)
}

async fn add_pair(runner: &Runner, config: &Config, pair: &PairId) -> Result<()> {
    let store = runner.store();
    let mapping = read_mapping(&mapping_path(&config.data.dir, pair))?;
    let marketplace = connections::load(store, pair, System::Amazon).await?.context("Amazon is not connected")?;
    let books = connections::load(store, pair, System::KashFlow).await?.context("KashFlow is not connected")?;
    let history = std::time::Duration::from_secs(u64::from(config.amazon.history_days) * 86_400);
    let history_from = store.clock().now().checked_sub(history).context("history_days is too long")?;
    runner.add_pair(PairSetup {
        id: pair.clone(),
        marketplace: registry::marketplace(&marketplace, store)?,
        books: registry::books(&books, store)?,
        flow: parse_flow(SHIPPED_FLOW)?,
        mapping,
        history_from,
        buyer_days: config.amazon.buyer_days,
    });
    Ok(())
}

/// A pair id from the command line.
pub fn pair_id(text: &str) -> Result<PairId> {
    match PairId::parse(text) {
        Ok(pair) => Ok(pair),
        Err(_) => bail!("`{text}` is not a pair name: use letters, digits, `-` and `_`"),
    }
}

/// Time in which the notifications bucket grows the tokens that setting up needs (one a second).
const SETUP_PAUSE: std::time::Duration = std::time::Duration::from_secs(6);

/// Failures after which setting up gives up; listings find every change meanwhile.
const SETUP_FAILURES_MAX: u32 = 12;

/// Makes sure that the marketplace sends its changes to the connection's queue, if it has one.
pub async fn subscribe(connection: &Connection, store: &Store) -> Result<()> {
    let permits: Arc<dyn Permits> = Arc::new(store::quotas::StorePermits::new(store.clone()));
    let config: amazon::Config = serde_json::from_value(connection.config.clone())?;
    let Some(queue) = &config.queue else { return Ok(()) };
    let client = amazon(connection, store, permits)?;
    let arn = queue.arn()?;
    let mut failures = 0;
    loop {
        match amazon::setup::ensure_destination_and_subscription(&client, &arn).await {
            Ok(_) => return Ok(()),
            Err(error @ ports::ConnectorError::Throttled { until, .. }) => {
                eprintln!("setting up notifications: {error}");
                // Setting up takes several calls: let the bucket fill for all of them, or the first call empties it each time.
                let wait = std::time::Duration::try_from(until.duration_since(store.clock().now())).unwrap_or_default();
                store.clock().sleep_in_request(wait + SETUP_PAUSE).await;
            }
            // Everything is looked for before it is made, so a lost answer may be tried again.
            Err(
                error @ (ports::ConnectorError::Unavailable { .. }
                | ports::ConnectorError::OutcomeUnknown { .. }
                | ports::ConnectorError::Malformed { .. }),
            ) if failures < SETUP_FAILURES_MAX => {
                failures += 1;
                eprintln!("setting up notifications: {error}; trying again");
                store.clock().sleep_in_request(SETUP_PAUSE * failures).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Forbids order reports on every Amazon connection: listings and single reads then do all the work.
pub async fn without_reports(store: &Store) -> Result<()> {
    for mut connection in connections::list(store).await? {
        if connection.system == System::Amazon {
            connection.config["reports"] = serde_json::Value::Bool(false);
            connections::save(store, &connection).await?;
        }
    }
    Ok(())
}
