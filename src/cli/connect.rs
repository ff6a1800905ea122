//! `tillbridge connect`: stores an account's credentials, sealed, after trying them.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use clock::Clock;
use ports::System;
use secrecy::SecretString;
use serde::Serialize;
use sim::Credentials;
use store::Store;
use store::connections::{self, Connection, ConnectionState};

use crate::cli::demo::pairing;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::config::Config;
use crate::{registry, setup};

/// Options of `connect`.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    account: Account,
}

#[derive(Subcommand)]
enum Account {
    /// Connect an Amazon seller account with a refresh token of your own (private) application.
    Amazon(Amazon),
    /// Connect a KashFlow account with user name, password and memorable word.
    Kashflow(Kashflow),
    /// Connect both accounts of a sandbox: FILE (or - for standard input) is what `tillbridge sandbox --json` prints.
    Sandbox(FromSandbox),
}

#[derive(Args)]
struct Amazon {
    /// Name of the pair.
    #[arg(long, default_value = setup::MAIN_PAIR)]
    pair: String,
    /// Host of the region.
    #[arg(long, default_value = "https://sellingpartnerapi-eu.amazon.com")]
    base_url: String,
    /// Login with Amazon.
    #[arg(long, default_value = "https://api.amazon.com/auth/o2/token")]
    lwa_url: String,
    /// Seller id (merchant token).
    #[arg(long)]
    seller_id: String,
    /// Marketplace ids, comma-separated.
    #[arg(long, default_value = "A1F83G8C2ARO7P", value_delimiter = ',')]
    marketplaces: Vec<String>,
    /// Client id of your application.
    #[arg(long)]
    client_id: String,
    /// SQS queue of your AWS account that notifications go to. Without one, listings alone find every change.
    #[arg(long, requires = "aws_region", requires = "aws_access_key_id")]
    queue_url: Option<String>,
    /// Region of the queue.
    #[arg(long)]
    aws_region: Option<String>,
    /// Access key id of an AWS user that may read the queue.
    #[arg(long)]
    aws_access_key_id: Option<String>,
}

#[derive(Args)]
struct Kashflow {
    /// Name of the pair.
    #[arg(long, default_value = setup::MAIN_PAIR)]
    pair: String,
    /// Address of the API.
    #[arg(long, default_value = "https://api.kashflow.com/v2")]
    base_url: String,
    /// User name; a user of its own with a limited role is best.
    #[arg(long)]
    username: String,
}

#[derive(Args)]
struct FromSandbox {
    /// What `tillbridge sandbox --json` printed; - reads standard input.
    #[arg(long)]
    from: PathBuf,
    /// Name of the pair.
    #[arg(long, default_value = setup::MAIN_PAIR)]
    pair: String,
}

#[derive(Serialize)]
struct Connected {
    pair: String,
    system: String,
    checked: String,
    next: String,
}

/// Stores the credentials if they work.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let store = Store::open(&config.data.dir, Clock::real()).await?;
        let connections = match options.account {
            Account::Amazon(options) => vec![amazon(&config, &store, options)?],
            Account::Kashflow(options) => vec![kashflow(&config, &store, options)?],
            Account::Sandbox(options) => from_sandbox(&config, &store, &options)?,
        };
        let mut done = Vec::new();
        for connection in connections {
            done.push(check_and_save(&config, &store, connection).await?);
        }
        output::print(global, &done, || {
            done.iter()
                .map(|one| format!("{} of pair {}: {}\n  {}", one.system, one.pair, one.checked, one.next))
                .collect::<Vec<_>>()
                .join("\n")
        })?;
        store.close().await;
        Ok(Ended::Done)
    })
}

async fn check_and_save(config: &Config, store: &Store, connection: Connection) -> Result<Connected> {
    let (checked, next) = match connection.system {
        System::Amazon => {
            let client = registry::marketplace(&connection, store)?;
            let sites = client.participations().await.context("Amazon was not connected and nothing was stored")?;
            let names: Vec<String> =
                sites.iter().filter(|site| site.participating).map(|site| site.name.clone()).collect();
            (
                format!("sells on {}", names.join(", ")),
                "Connect KashFlow next, then run `tillbridge doctor`.".to_owned(),
            )
        }
        System::KashFlow => {
            let client = registry::books(&connection, store)?;
            let company = client.probe().await.context("KashFlow was not connected and nothing was stored")?;
            (format!("the books of {}", company.name), write_mapping(config, &connection)?)
        }
    };
    connections::save(store, &connection).await?;
    if connection.system == System::Amazon {
        setup::subscribe(&connection, store).await.context(
            "the connection is stored, but notifications could not be set up; listings find every change meanwhile",
        )?;
    }
    Ok(Connected { pair: connection.pair.to_string(), system: connection.system.to_string(), checked, next })
}

/// Writes the documented mapping for a person to complete, unless there is one.
fn write_mapping(config: &Config, connection: &Connection) -> Result<String> {
    let path = setup::mapping_path(&config.data.dir, &connection.pair);
    if path.exists() {
        return Ok(format!("Its mapping is {}.", path.display()));
    }
    std::fs::create_dir_all(path.parent().context("the mapping has a folder")?)?;
    std::fs::write(&path, mapping::DEFAULT)?;
    Ok(format!(
        "Complete its mapping {} (VAT classes, accounts, clearing account); `tillbridge doctor` lists what KashFlow has.",
        path.display()
    ))
}

fn amazon(config: &Config, store: &Store, options: Amazon) -> Result<Connection> {
    let queue = match (options.queue_url, options.aws_region, options.aws_access_key_id) {
        (Some(url), Some(region), Some(key)) => {
            Some(serde_json::json!({ "url": url, "region": region, "access_key_id": key }))
        }
        _ => None,
    };
    let mut secrets = BTreeMap::new();
    secrets.insert("client_secret".to_owned(), secret("TILLBRIDGE_AMAZON_CLIENT_SECRET", "LWA client secret")?);
    secrets.insert("refresh_token".to_owned(), secret("TILLBRIDGE_AMAZON_REFRESH_TOKEN", "refresh token")?);
    if queue.is_some() {
        secrets.insert(
            "aws_secret_access_key".to_owned(),
            secret("TILLBRIDGE_AWS_SECRET_ACCESS_KEY", "AWS secret access key")?,
        );
    }
    let settings = serde_json::json!({
        "base_url": options.base_url,
        "lwa_url": options.lwa_url,
        "seller_id": options.seller_id,
        "marketplaces": options.marketplaces,
        "client_id": options.client_id,
        "queue": queue,
        "buyer_data": config.amazon.buyer_data,
        "orders_api": config.amazon.orders_api,
    });
    connection(&options.pair, System::Amazon, settings, secrets, store)
}

fn kashflow(config: &Config, store: &Store, options: Kashflow) -> Result<Connection> {
    let mut secrets = BTreeMap::new();
    secrets.insert("password".to_owned(), secret("TILLBRIDGE_KASHFLOW_PASSWORD", "KashFlow password")?);
    secrets.insert("memorable_word".to_owned(), secret("TILLBRIDGE_KASHFLOW_MEMORABLE_WORD", "memorable word")?);
    let settings = serde_json::json!({
        "base_url": options.base_url,
        "auth": { "strategy": "kf_session", "username": options.username },
        "request_timeout_s": config.kashflow.request_timeout_s,
    });
    connection(&options.pair, System::KashFlow, settings, secrets, store)
}

fn connection(
    pair: &str,
    system: System,
    config: serde_json::Value,
    secrets: BTreeMap<String, SecretString>,
    store: &Store,
) -> Result<Connection> {
    let changed_at = store.clock().now();
    Ok(Connection { pair: setup::pair_id(pair)?, system, config, secrets, state: ConnectionState::Ready, changed_at })
}

fn from_sandbox(config: &Config, store: &Store, options: &FromSandbox) -> Result<Vec<Connection>> {
    let mut text = String::new();
    if options.from.as_os_str() == "-" {
        std::io::stdin().read_line(&mut text)?;
    } else {
        std::fs::File::open(&options.from)
            .and_then(|mut file| file.read_to_string(&mut text))
            .with_context(|| options.from.display().to_string())?;
    }
    let credentials: Credentials = serde_json::from_str(text.lines().next().unwrap_or_default())
        .context("this is not what `tillbridge sandbox --json` prints")?;
    pairing::connections_of(&credentials, &setup::pair_id(&options.pair)?, store, config)
}

/// A secret from the environment, or asked for on the terminal. Never from the command line, where other users see it.
fn secret(variable: &str, name: &str) -> Result<SecretString> {
    if let Ok(value) = std::env::var(variable) {
        return Ok(SecretString::from(value));
    }
    if !std::io::stdin().is_terminal() {
        bail!("give the {name} in the environment variable {variable}, or run this on a terminal");
    }
    eprint!("{name}: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let value = line.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        bail!("no {name} was given");
    }
    Ok(SecretString::from(value))
}
