//! The list of connectors: one line for each. A new connector is a new folder, a line here and a line in `Cargo.toml`.

use std::sync::Arc;

use anyhow::{Context, Result};
use ports::{Books, Marketplace, Permits, System};
use store::Store;
use store::connections::Connection;

/// Builds the marketplace of a connection.
///
/// # Errors
///
/// If its configuration or its secrets cannot be used.
pub fn marketplace(connection: &Connection, store: &Store) -> Result<Arc<dyn Marketplace>> {
    let permits: Arc<dyn Permits> = Arc::new(store::quotas::StorePermits::new(store.clone()));
    match connection.system {
        System::Amazon => Ok(Arc::new(crate::setup::amazon(connection, store, permits)?)),
        System::KashFlow => anyhow::bail!("KashFlow is not a marketplace"),
    }
}

/// Builds the books of a connection.
///
/// # Errors
///
/// If its configuration or its secrets cannot be used.
pub fn books(connection: &Connection, store: &Store) -> Result<Arc<dyn Books>> {
    match connection.system {
        System::KashFlow => Ok(Arc::new(crate::setup::kashflow(connection, store).context("KashFlow")?)),
        System::Amazon => anyhow::bail!("Amazon keeps no books"),
    }
}
