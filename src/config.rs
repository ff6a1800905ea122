//! Configuration: documented defaults < file < environment < flags.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use toml::{Table, Value};

/// The documented defaults, as shipped.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// Prefix of environment variables that override a key.
const ENV_PREFIX: &str = "TILLBRIDGE_";

/// Everything that can be configured. `config/default.toml` documents each key.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where data lives.
    pub data: DataConfig,
    /// The console and the API.
    pub server: ServerConfig,
    /// Logs.
    pub log: LogConfig,
    /// Amazon.
    pub amazon: AmazonConfig,
    /// KashFlow.
    pub kashflow: KashflowConfig,
    /// Patience of the runner.
    pub runner: runner::Settings,
}

/// Where data lives.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataConfig {
    /// The data folder.
    pub dir: PathBuf,
}

/// The console and the API.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerConfig {
    /// Listening address.
    pub bind: std::net::SocketAddr,
    /// Whether anything but loopback is allowed.
    pub allow_remote: bool,
    /// The address people use, or empty.
    pub public_url: String,
}

/// Logs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogConfig {
    /// Level or filter.
    pub level: String,
    /// `text` or `json`.
    pub format: String,
}

/// Amazon.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AmazonConfig {
    /// Which Orders API.
    pub orders_api: amazon::OrdersApi,
    /// How much buyer data.
    pub buyer_data: amazon::BuyerData,
    /// Days after which buyer data is deleted.
    pub buyer_days: u32,
    /// Days of history on first connection.
    pub history_days: u32,
}

/// KashFlow.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KashflowConfig {
    /// Seconds for one request.
    pub request_timeout_s: u64,
}

impl Config {
    /// Reads the defaults, then `file` (or `tillbridge.toml` of the data folder, if it is there), then the environment.
    ///
    /// # Errors
    ///
    /// Names the file, the key and the nearest known key.
    pub fn load(file: Option<&Path>, data_dir: Option<&Path>) -> Result<Config> {
        let mut table: Table = DEFAULTS.parse().context("the built-in defaults")?;
        let known = table.clone();
        let fallback = data_dir.map(|dir| dir.join("tillbridge.toml")).filter(|path| path.is_file());
        if let Some(path) = file.map(Path::to_path_buf).or(fallback) {
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let own: Table = text.parse().with_context(|| format!("{} is not valid TOML", path.display()))?;
            overlay(&mut table, own, &known, "").with_context(|| path.display().to_string())?;
        }
        let environment: BTreeMap<String, String> = std::env::vars().collect();
        from_environment(&mut table, &environment)?;
        if let Some(dir) = data_dir {
            set(&mut table, "data", "dir", Value::String(dir.display().to_string()));
        }
        let config: Config = Value::Table(table).try_into().context("the configuration")?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<()> {
        if !self.server.bind.ip().is_loopback() && !self.server.allow_remote {
            bail!(
                "[server] bind = \"{}\" would open the console to the network. Put a TLS proxy in front and set [server] allow_remote = true, or bind 127.0.0.1.",
                self.server.bind
            );
        }
        if self.runner.settle_s < 2 * self.kashflow.request_timeout_s {
            bail!(
                "[runner] settle_s = {} is less than twice [kashflow] request_timeout_s = {}: a write that is still under way could be sent twice. Raise settle_s.",
                self.runner.settle_s,
                self.kashflow.request_timeout_s
            );
        }
        Ok(())
    }
}

fn overlay(base: &mut Table, own: Table, known: &Table, path: &str) -> Result<()> {
    for (key, value) in own {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        match (known.get(&key), value) {
            (None, _) => bail!("unknown key `{full}`{}", nearest(&key, known)),
            (Some(Value::Table(known)), Value::Table(value)) => {
                if let Some(Value::Table(base)) = base.get_mut(&key) {
                    overlay(base, value, known, &full)?;
                }
            }
            (Some(known), value) if std::mem::discriminant(known) != std::mem::discriminant(&value) => {
                bail!("`{full}` must be a {}, like {known}, but is {value}", known.type_str())
            }
            (Some(_), value) => {
                base.insert(key, value);
            }
        }
    }
    Ok(())
}

fn nearest(key: &str, known: &Table) -> String {
    known
        .keys()
        .map(|candidate| (strsim::damerau_levenshtein(key, candidate), candidate))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map_or_else(
            || format!(". Known here: {}", known.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
            |(_, candidate)| format!(". Did you mean `{candidate}`?"),
        )
}

fn from_environment(table: &mut Table, environment: &BTreeMap<String, String>) -> Result<()> {
    let keys: Vec<(String, String, Value)> = table
        .iter()
        .filter_map(|(section, value)| value.as_table().map(|inner| (section, inner)))
        .flat_map(|(section, inner)| {
            inner.iter().map(move |(key, value)| (section.clone(), key.clone(), value.clone()))
        })
        .collect();
    for (section, key, old) in keys {
        let name = format!("{ENV_PREFIX}{}_{}", section.to_ascii_uppercase(), key.to_ascii_uppercase());
        let Some(text) = environment.get(&name) else { continue };
        let value = match old {
            Value::String(_) => Value::String(text.clone()),
            other => format!("value = {text}")
                .parse::<Table>()
                .ok()
                .and_then(|table| table.get("value").cloned())
                .filter(|value| value.type_str() == other.type_str())
                .with_context(|| format!("{name}={text} must be a {}, like {other}", other.type_str()))?,
        };
        set(table, &section, &key, value);
    }
    Ok(())
}

fn set(table: &mut Table, section: &str, key: &str, value: Value) {
    if let Some(Value::Table(inner)) = table.get_mut(section) {
        inner.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own.toml");
        std::fs::write(&file, text).unwrap();
        Config::load(Some(&file), None)
    }

    #[test]
    fn the_documented_defaults_are_the_defaults_of_the_code() {
        let config = load("").unwrap();
        assert_eq!(config.runner, runner::Settings::default());
    }

    #[test]
    fn a_typo_names_the_key_that_was_meant() {
        let error = format!("{:#}", load("[runner]\nsetle_s = 200\n").unwrap_err());
        assert!(error.contains("unknown key `runner.setle_s`. Did you mean `settle_s`?"), "{error}");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused_with_an_example() {
        let error = format!("{:#}", load("[runner]\nsettle_s = \"soon\"\n").unwrap_err());
        assert!(error.contains("`runner.settle_s` must be a integer, like 120"), "{error}");
    }

    #[test]
    fn a_settle_time_that_could_double_an_invoice_is_refused() {
        let error = format!("{:#}", load("[runner]\nsettle_s = 30\n").unwrap_err());
        assert!(error.contains("could be sent twice"), "{error}");
    }

    #[test]
    fn an_address_open_to_the_network_is_refused() {
        let error = format!("{:#}", load("[server]\nbind = \"0.0.0.0:8480\"\n").unwrap_err());
        assert!(error.contains("allow_remote"), "{error}");
    }

    #[test]
    fn the_environment_overrides_a_key_with_its_own_type() {
        let mut table: Table = DEFAULTS.parse().unwrap();
        let environment = BTreeMap::from([("TILLBRIDGE_RUNNER_SETTLE_S".to_owned(), "180".to_owned())]);
        from_environment(&mut table, &environment).unwrap();
        assert_eq!(table["runner"]["settle_s"], Value::Integer(180));
    }
}
