//! Joins the sandbox's two accounts: connections, mapping, subscription. What a person types into `connect` and the mapping.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result};
use model::{MarketplaceId, PairId};
use ports::System;
use runner::Runner;
use secrecy::SecretString;
use sim::world::Fulfilment;
use sim::{Credentials, Sandbox};
use store::Store;
use store::connections::{self, Connection, ConnectionState};

use crate::config::Config;
use crate::setup::{self, MAIN_PAIR};

/// Stores both connections and the mapping, and subscribes to the sandbox's notifications.
pub async fn connect(sandbox: &Sandbox, store: &Store, config: &Config) -> Result<()> {
    let pair = setup::pair_id(MAIN_PAIR)?;
    for connection in connections_of(sandbox.credentials(), &pair, store, config)? {
        connections::save(store, &connection).await?;
    }
    let path = setup::mapping_path(&config.data.dir, &pair);
    std::fs::create_dir_all(path.parent().context("the mapping has a folder")?)?;
    std::fs::write(&path, mapping(sandbox)?)?;
    let amazon = connections::load(store, &pair, System::Amazon).await?.context("Amazon was stored a moment ago")?;
    setup::subscribe(&amazon, store).await
}

/// Adds the pair to the runner.
pub async fn add(runner: &Runner, config: &Config) -> Result<()> {
    let left_out = setup::add_pairs(runner, config).await?;
    match left_out.first() {
        None => Ok(()),
        Some((pair, why)) => anyhow::bail!("pair {pair}: {why}"),
    }
}

/// Both connections, as `connect --from` and the demo store them.
pub fn connections_of(
    credentials: &Credentials,
    pair: &PairId,
    store: &Store,
    config: &Config,
) -> Result<Vec<Connection>> {
    let Credentials { amazon, kashflow } = credentials;
    let marketplaces = amazon
        .marketplaces
        .iter()
        .map(|id| MarketplaceId::parse(id))
        .collect::<Result<Vec<_>, _>>()
        .context("marketplaces")?;
    let amazon_config = serde_json::json!({
        "base_url": amazon.base_url,
        "lwa_url": amazon.lwa_url,
        "seller_id": amazon.seller_id,
        "marketplaces": marketplaces,
        "client_id": amazon.client_id,
        "queue": { "url": amazon.queue_url, "region": amazon.aws_region, "access_key_id": amazon.aws_access_key_id },
        "buyer_data": config.amazon.buyer_data,
        "orders_api": config.amazon.orders_api,
    });
    let kashflow_config = serde_json::json!({
        "base_url": kashflow.base_url,
        "auth": { "strategy": "kf_session", "username": kashflow.username },
        "request_timeout_s": config.kashflow.request_timeout_s,
    });
    let secrets = |pairs: &[(&str, &str)]| -> BTreeMap<String, SecretString> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), SecretString::from(*value))).collect()
    };
    let connection = |system, config, secrets| Connection {
        pair: pair.clone(),
        system,
        config,
        secrets,
        state: ConnectionState::Ready,
        changed_at: store.clock().now(),
    };
    Ok(vec![
        connection(
            System::Amazon,
            amazon_config,
            secrets(&[
                ("client_secret", &amazon.client_secret),
                ("refresh_token", &amazon.refresh_token),
                ("aws_secret_access_key", &amazon.aws_secret_access_key),
            ]),
        ),
        connection(
            System::KashFlow,
            kashflow_config,
            secrets(&[("password", &kashflow.password), ("memorable_word", &kashflow.memorable_word)]),
        ),
    ])
}

/// The mapping of the sandbox's seller: what its owner would decide, from the accounts that its KashFlow has.
pub fn mapping(sandbox: &Sandbox) -> Result<String> {
    let (world, account) = (sandbox.world(), sandbox.account());
    let seller = world.seller();
    let mut text = format!(
        "version = 1\n\n[seller]\nestablished = \"{}\"\nvat_registered = {}\nvcs = \"detect\"\nship_from = \"GB\"\nhome_currency = \"GBP\"\n\
         export_evidence_kept = true\n\n[invoices]\nwhen = \"dispatch\"\nprefix = \"AMZ-\"\n\n[invoices.payment]\nmethod = {}\n\n\
         [invoices.payment.accounts]\n",
        seller.established_in,
        seller.vat_registered,
        account.payment_method_id(),
    );
    for currency in ["GBP", "EUR", "USD"] {
        if let Some(id) = account.clearing_nominal(currency) {
            writeln!(text, "{currency} = {id}")?;
        }
    }
    writeln!(text, "\n[customers]\nmode = \"shared\"\ncode_prefix = \"AMZ\"\n\n[accounts]")?;
    // The clearing accounts stand by currency in [invoices.payment.accounts].
    for (role, code) in account.roles().iter().filter(|(role, _)| **role != "CLEARING") {
        writeln!(text, "{role} = {code}")?;
    }
    // What an owner confirms once, and what the lender's statement says of each instalment.
    writeln!(
        text,
        "\n[settlements]\nconfirmed = [\"Chargeback Refund\", \"A-to-z Guarantee Refund\", \"Refund Reimbursal\"]"
    )?;
    for (at, pence) in world.loan_instalments() {
        let (day, interest) = (sim::kashflow::london_day(at), pence / 16);
        writeln!(
            text,
            "\n[[settlements.loans]]\npaid_on = {day}\nprincipal = \"{}\"\ninterest = \"{}\"",
            pounds(pence - interest),
            pounds(interest)
        )?;
    }
    writeln!(text, "\n[vat.skus]")?;
    for sku in &seller.skus {
        writeln!(text, "{} = \"{}\"", quoted(&sku.sku), sku.vat_class.percent())?;
    }
    writeln!(text, "\n[products]")?;
    for sku in seller.skus.iter().filter(|sku| sku.fulfilment == Fulfilment::Fbm) {
        if let Some(code) = &sku.kashflow_product_code {
            writeln!(
                text,
                "{} = {{ code = {}, stock_managed = {} }}",
                quoted(&sku.sku),
                quoted(code),
                sku.stock_managed
            )?;
        }
    }
    writeln!(text, "\n[rates]\nsource = \"hmrc_monthly\"")?;
    for ((year, month), rates) in world.rates() {
        writeln!(text, "\n[rates.periods.\"{year:04}-{month:02}\"]")?;
        for (currency, rate) in rates {
            writeln!(text, "{currency} = \"{rate}\"")?;
        }
    }
    Ok(text)
}

fn pounds(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
