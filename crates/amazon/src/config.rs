//! What a connection to Amazon needs to know. [`Config`] is stored as it is; [`Secrets`] are sealed and stored apart.

use model::MarketplaceId;
use ports::{ConnectorError, System};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// One seller account in one region (a region is a host, a token and a set of quotas).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Host of the region: `https://sellingpartnerapi-eu.amazon.com` serves the UK, the EU and more.
    pub base_url: Url,
    /// Login with Amazon: `https://api.amazon.com` or the full address of its token endpoint.
    pub lwa_url: Url,
    /// The seller's merchant token (`A…`). Messages for other sellers are left in the queue.
    pub seller_id: String,
    /// The sites whose orders are read.
    pub marketplaces: Vec<MarketplaceId>,
    /// Client id of the application.
    pub client_id: String,
    /// Application id (`amzn1.sp.solution.…`), needed for the website authorisation workflow only.
    #[serde(default)]
    pub application_id: Option<String>,
    /// The notification queue; without one, listings alone find every change.
    #[serde(default)]
    pub queue: Option<QueueConfig>,
    /// How much of the buyer is read.
    #[serde(default)]
    pub buyer_data: BuyerData,
    /// Which Orders API is used.
    #[serde(default)]
    pub orders_api: OrdersApi,
    /// Whether order reports may be used for long gaps.
    #[serde(default = "yes")]
    pub reports: bool,
    /// What we call ourselves: name and version first, at most 500 characters.
    #[serde(default = "user_agent")]
    pub user_agent: String,
}

/// An SQS standard queue in the owner's AWS account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueConfig {
    /// Address of the queue: `https://sqs.eu-west-1.amazonaws.com/123456789012/orders`.
    pub url: Url,
    /// AWS region of the queue.
    pub region: String,
    /// Access key id of an AWS user that may receive from and delete in the queue.
    pub access_key_id: String,
}

/// How much of the buyer is read. Amazon binds the use of buyer data, and the books need none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuyerData {
    /// Nothing, not even where the goods go. Destinations must then be decided by the mapping.
    None,
    /// Country and postcode area letters of the destination: all that VAT needs.
    #[default]
    Destination,
    /// Names and addresses as well, kept apart and sealed.
    Contacts,
}

/// Which Orders API is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrdersApi {
    /// Orders 2026-01-01: everything in one call.
    #[default]
    #[serde(rename = "2026-01-01")]
    V2026,
    /// Orders v0: a call for each order's items; Amazon removes it on 2027-03-27.
    V0,
}

/// What opens the doors. Never serialised; `Debug` shows nothing.
#[derive(Clone, Debug)]
pub struct Secrets {
    /// Client secret of the application (Amazon makes it expire after 180 days).
    pub client_secret: SecretString,
    /// The seller's refresh token (renewed by consent once a year).
    pub refresh_token: SecretString,
    /// Secret key of the AWS user that reads the queue.
    pub aws_secret_access_key: Option<SecretString>,
}

impl Config {
    /// Whether the addresses are ones that we may send credentials to: Amazon's own over TLS, or this machine (sandbox).
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Rejected`] that names the wrong field.
    pub fn check(&self) -> Result<(), ConnectorError> {
        allowed(&self.base_url, "base_url", &[".amazon.com"])?;
        allowed(&self.lwa_url, "lwa_url", &[".amazon.com", ".amazon.co.uk", ".amazon.co.jp"])?;
        if let Some(queue) = &self.queue {
            allowed(&queue.url, "queue.url", &[".amazonaws.com", ".amazonaws.com.cn"])?;
        }
        if self.marketplaces.is_empty() || self.marketplaces.len() > 50 {
            return Err(wrong("marketplaces", "between 1 and 50 marketplaces must be named"));
        }
        if self.user_agent.len() > 500 || self.user_agent.chars().any(char::is_control) {
            return Err(wrong("user_agent", "at most 500 printable characters"));
        }
        Ok(())
    }

    /// The token endpoint of Login with Amazon.
    pub(crate) fn token_url(&self) -> Url {
        let mut url = self.lwa_url.clone();
        if matches!(url.path(), "" | "/") {
            url.set_path("/auth/o2/token");
        }
        url
    }

    /// Whether we talk to a sandbox on this machine.
    pub(crate) fn is_local(&self) -> bool {
        is_loopback(&self.base_url)
    }
}

impl QueueConfig {
    /// The queue's ARN, which is how Amazon names a destination: `arn:aws:sqs:eu-west-1:123456789012:orders`.
    ///
    /// # Errors
    ///
    /// [`ConnectorError::Rejected`] if the address does not end in an account and a name.
    pub fn arn(&self) -> Result<String, ConnectorError> {
        let segments: Vec<&str> =
            self.url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
        match segments.as_slice() {
            [.., account, name] => {
                let partition = if self.region.starts_with("cn-") { "aws-cn" } else { "aws" };
                Ok(format!("arn:{partition}:sqs:{}:{account}:{name}", self.region))
            }
            _ => Err(wrong("queue.url", "the address of a queue ends in an account number and a name")),
        }
    }
}

/// Whether the address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether the host ends in one of `suffixes` and is reached over TLS, or is this machine.
fn allowed(url: &Url, field: &str, suffixes: &[&str]) -> Result<(), ConnectorError> {
    let of_amazon = url.scheme() == "https" && host_ends(url, suffixes);
    if of_amazon || (is_loopback(url) && matches!(url.scheme(), "http" | "https")) {
        return Ok(());
    }
    Err(wrong(field, &format!("`{url}` is neither an https address of Amazon nor on this machine")))
}

pub(crate) fn host_ends(url: &Url, suffixes: &[&str]) -> bool {
    matches!(url.host(), Some(Host::Domain(name)) if suffixes.iter().any(|suffix| name.ends_with(suffix)))
}

fn wrong(field: &str, reason: &str) -> ConnectorError {
    ConnectorError::Rejected {
        system: System::Amazon,
        what: format!("the setting `{field}` of the Amazon connection"),
        reason: reason.to_owned(),
    }
}

fn yes() -> bool {
    true
}

fn user_agent() -> String {
    format!(
        "Tillbridge/{} (Language=Rust; Platform={}/{})",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}
