//! Starts and stops both remotes on loopback.
//!
//! On a virtual clock somebody else must run [`Clock::drive`]: the sandbox has no work of its own that could hold time up
//! or move it.

use std::sync::Arc;

use axum::Router;
use axum::serve::ListenerExt as _;
use clock::Clock;
use rust_decimal::Decimal;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::amazon::{self, Amazon};
use crate::faults::Faults;
use crate::kashflow::{self, Account, NewProduct};
use crate::oracle::{self, Verdict};
use crate::world::World;
use crate::{Credentials, SandboxConfig};

/// Both remotes, running.
#[derive(Debug)]
pub struct Sandbox {
    credentials: Credentials,
    world: Arc<World>,
    account: Arc<Account>,
    faults: Arc<Faults>,
    amazon: Arc<Amazon>,
    clock: Clock,
    servers: [JoinHandle<()>; 2],
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The port is taken or not allowed.
    #[error("the sandbox cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
}

impl Sandbox {
    /// Makes the world and serves both remotes. Call it on the runtime that is to serve them.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Listen`] if a port cannot be had.
    pub async fn start(config: SandboxConfig) -> Result<Sandbox, SandboxError> {
        let (amazon_listener, amazon_port) = listen(config.amazon_port).await?;
        let (kashflow_listener, kashflow_port) = listen(config.kashflow_port).await?;
        let clock = config.clock.clone();
        let world = Arc::new(World::new(&config));
        let faults = Arc::new(Faults::new(config.faults, config.seed, clock.clone()));
        let account = Account::new(config.seed, config.kashflow.clone(), clock.clone());
        add_products(&world, &account);
        if config.faults == crate::FaultLevel::People {
            account.schedule(kashflow::people::plan(&world));
        }
        let amazon_url = format!("http://127.0.0.1:{amazon_port}");
        let amazon =
            Arc::new(Amazon::new(Arc::clone(&world), Arc::clone(&faults), clock.clone(), config.quotas, amazon_url));
        let credentials = Credentials {
            amazon: amazon.credentials(),
            kashflow: account.credentials(&format!("http://127.0.0.1:{kashflow_port}/v2")),
        };
        let servers = [
            serve(amazon_listener, amazon::router(Arc::clone(&amazon))),
            serve(kashflow_listener, kashflow::router(Arc::clone(&account), Arc::clone(&faults), clock.clone())),
        ];
        Ok(Sandbox { credentials, world, account, faults, amazon, clock, servers })
    }

    /// What a client needs: the line that `tillbridge sandbox --json` prints.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The world.
    pub fn world(&self) -> Arc<World> {
        Arc::clone(&self.world)
    }

    /// The KashFlow account.
    pub fn account(&self) -> Arc<Account> {
        Arc::clone(&self.account)
    }

    /// The fault plan.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Amazon, for what people do there: withdraw and renew the authorisation.
    pub fn amazon(&self) -> &Amazon {
        &self.amazon
    }

    /// What the oracle says now: the world against KashFlow's own ledger.
    pub fn verdict(&self) -> Verdict {
        oracle::judge(&self.world, &self.account, self.clock.now())
    }

    /// What the judge of settlements says now.
    pub fn settlements_verdict(&self) -> oracle::settlements::Judgement {
        oracle::settlements::judge(&self.world, &self.account, self.clock.now())
    }

    /// Stops listening and frees the ports. Connections that are open are cut when the runtime ends or their client closes them.
    pub async fn stop(mut self) {
        for server in &mut self.servers {
            server.abort();
            let _ended_or_aborted = server.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.servers.iter().for_each(JoinHandle::abort);
    }
}

async fn listen(port: u16) -> Result<(TcpListener, u16), SandboxError> {
    let failed = |source| SandboxError::Listen { port, source };
    let listener = TcpListener::bind(("127.0.0.1", port)).await.map_err(failed)?;
    let taken = listener.local_addr().map_err(failed)?.port();
    Ok((listener, taken))
}

fn serve(listener: TcpListener, router: Router) -> JoinHandle<()> {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection of the sandbox keeps its delay");
        }
    });
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            tracing::error!(%error, "a server of the sandbox ended");
        }
    })
}

/// Puts the seller's products into KashFlow, those that it knows there.
fn add_products(world: &World, account: &Account) {
    let Some(&nominal) = account.roles().get("SALES") else { return };
    for sku in &world.seller().skus {
        if let Some(code) = &sku.kashflow_product_code {
            account.add_product(NewProduct {
                nominal,
                code: code.clone(),
                name: sku.title.clone(),
                vat_rate: Decimal::from(sku.vat_class.rate()),
                managed: sku.stock_managed,
                in_stock: i64::from(sku.opening_stock),
            });
        }
    }
}
