//! Who asks, and the row they leave in the audit trail.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use serde_json::Value;
use store::audit::{self, Entry};

use crate::app::App;
use crate::problem::Problem;

/// The account of the session that came with a request. [`crate::guard`] puts it there.
#[derive(Clone, Debug)]
pub(crate) struct Account(pub(crate) String);

/// Who asks: the owner, or somebody who has not signed in yet.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) name: String,
    ip: Option<String>,
}

impl Actor {
    /// The same address, by the name it has just proved.
    pub(crate) fn named(self, name: &str) -> Actor {
        Actor { name: name.to_owned(), ..self }
    }

    /// A row for the audit trail.
    pub(crate) fn entry(&self, app: &App, action: &str, target: &str, detail: Value) -> Entry {
        Entry {
            actor: self.name.clone(),
            action: action.to_owned(),
            target: target.to_owned(),
            detail,
            ip: self.ip.clone(),
            at: app.services.clock.now(),
        }
    }

    /// Appends a row by itself, for what is not a write of our own.
    pub(crate) async fn record(&self, app: &App, action: &str, target: &str, detail: Value) -> Result<(), Problem> {
        let entry = self.entry(app, action, target, detail);
        app.services.store.write(move |tx| Box::pin(async move { audit::append(tx, &entry).await })).await?;
        Ok(())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let name = parts.extensions.get::<Account>().map_or_else(|| "nobody".to_owned(), |account| account.0.clone());
        let ip = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_string());
        Ok(Actor { name, ip })
    }
}
