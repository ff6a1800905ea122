//! The demo to watch: sandbox and server on the real clock, orders arriving while you look.

use anyhow::Result;
use clock::Clock;
use runner::Runner;
use sim::{KashflowOptions, Sandbox, SandboxConfig};
use store::{Store, users};
use tokio::net::TcpListener;

use super::{Options, pairing};
use crate::cli::desk::Address;
use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime, serve};

/// Orders per day if none are asked for: one every minute or so, so that something happens while a person watches.
const ORDERS_PER_DAY: u32 = 1_500;

/// Plays the demo until Ctrl-C.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let mut config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let folder = std::env::temp_dir().join(format!("tillbridge-demo-{}", std::process::id()));
        config.data.dir.clone_from(&folder);
        eprintln!("starting the sandbox: a faithful Amazon and KashFlow with {} day(s) of trade …", options.days);
        let sandbox = Sandbox::start(SandboxConfig {
            amazon_port: 0,
            kashflow_port: 0,
            seed: options.seed,
            days: options.days,
            quiet_days: 0,
            orders_per_day: options
                .orders_per_day
                .or(options.orders.map(|orders| orders / options.days.max(1)))
                .unwrap_or(ORDERS_PER_DAY),
            orders: None,
            clock: Clock::real(),
            quotas: options.quotas.into(),
            faults: options.faults.into(),
            kashflow: KashflowOptions { numbers: options.numbers.into(), ..KashflowOptions::default() },
        })
        .await?;
        let store = Store::open(&folder, Clock::real()).await?;
        eprintln!("connecting the two accounts …");
        pairing::connect(&sandbox, &store, &config).await?;
        let runner = Runner::new(store.clone(), config.runner.clone());
        pairing::add(&runner, &config).await?;
        let listener = match TcpListener::bind(config.server.bind).await {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind("127.0.0.1:0").await?,
        };
        let base = format!("http://{}", listener.local_addr()?);
        let published = Address::publish(&folder, listener.local_addr()?)?;
        let link = format!("{base}/owner#token={}", users::new_owner_link(&store).await?);
        let shown = serde_json::json!({ "url": base, "owner_link": link, "sandbox": sandbox.credentials() });
        output::print(global, &shown, || {
            format!(
                "The demo runs at {base}\n\n  1. Open {link}\n     and choose a password (the link works once).\n  2. Watch orders become invoices on the Overview; open any order to see why.\n\n\
                 The sandbox's KashFlow is at {}; everything is invented and is deleted when you stop with Ctrl-C.",
                sandbox.credentials().kashflow.base_url
            )
        })?;
        let ended = serve::work(store.clone(), runner, &config, listener).await;
        drop(published);
        sandbox.stop().await;
        store.close().await;
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            eprintln!("the demo's folder {} stays: {error}", folder.display());
        }
        ended.map(|()| Ended::Done)
    })
}
