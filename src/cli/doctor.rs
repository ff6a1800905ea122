//! `tillbridge doctor`: checks everything that a person can put right, and says how.

use anyhow::Result;
use clap::Args;
use clock::Clock;
use ports::{BooksReference, System};
use serde::Serialize;
use store::connections::{self, Connection, ConnectionState};
use store::{Store, StoreError, audit};

use crate::cli::output::{self, Ended};
use crate::cli::{Global, runtime};
use crate::config::Config;
use crate::{registry, setup};

/// Options of `doctor`.
#[derive(Args)]
pub struct Options {
    /// Also list accounts, payment methods and products of the books, for the mapping.
    #[arg(long)]
    list: bool,
}

/// One thing that was checked.
#[derive(Debug, Serialize)]
struct Check {
    what: String,
    ok: bool,
    found: String,
    fix: Option<String>,
}

/// Checks everything. Exit 3 if a person must act.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let config = global.config()?;
    output::logging(&config.log)?;
    runtime()?.block_on(async {
        let (store, used_by) = match Store::open(&config.data.dir, Clock::real()).await {
            Ok(store) => (store, None),
            Err(StoreError::InUse { holder }) => (Store::read(&config.data.dir, Clock::real()).await?, Some(holder)),
            Err(error) => return Err(error.into()),
        };
        let whose =
            used_by.as_ref().map_or_else(|| "is ours alone".to_owned(), |holder| format!("is used by {holder}"));
        let mut checks =
            vec![ok("data folder", format!("{} {whose}", config.data.dir.display())), audit_chain(&store).await?];
        let all = connections::list(&store).await?;
        if all.is_empty() {
            checks.push(bad(
                "connections",
                "none",
                "Run `tillbridge connect amazon` and `tillbridge connect kashflow`.",
            ));
        }
        let mut lists = Vec::new();
        for connection in &all {
            checks.push(check_state(connection));
            if let Some(holder) = &used_by {
                checks.push(left_alone(&config, connection, holder));
                continue;
            }
            check_connection(&config, &store, connection, &mut checks, &mut lists).await?;
        }
        let good = checks.iter().all(|check| check.ok);
        let shown = serde_json::json!({ "ok": good, "checks": checks, "books": options.list.then_some(&lists) });
        output::print(global, &shown, || text(&checks, options.list.then_some(&lists)))?;
        store.close().await;
        Ok(if good { Ended::Done } else { Ended::NeedsPerson })
    })
}

async fn audit_chain(store: &Store) -> Result<Check> {
    Ok(match audit::verify(store).await? {
        Ok(entries) => ok("audit", format!("{entries} entries, the chain is whole")),
        Err(audit::BrokenAt(id)) => bad(
            "audit",
            format!("the chain is broken at entry {id}"),
            "Somebody changed the database by hand. Keep the folder and compare with the last backup.",
        ),
    })
}

fn check_state(connection: &Connection) -> Check {
    let what = format!("{} of pair {}", connection.system, connection.pair);
    match &connection.state {
        ConnectionState::Ready => ok(what, "is not paused"),
        ConnectionState::Paused { reason, fix, .. } => bad(what, format!("is paused: {reason}"), fix.clone()),
    }
}

/// The account is not called beside the process that works with it: log-ins and quotas are counted by one.
fn left_alone(config: &Config, connection: &Connection, holder: &str) -> Check {
    let what = format!("{} of pair {}", connection.system, connection.pair);
    match connection.system {
        System::Amazon => ok(what, format!("is called by {holder}, so it was not called for this check")),
        System::KashFlow => {
            let path = setup::mapping_path(&config.data.dir, &connection.pair);
            match setup::read_mapping(&path) {
                Ok(mapping) => ok(
                    what,
                    format!(
                        "is called by {holder}; mapping version {} is readable, its accounts are checked when that process is stopped",
                        mapping.version
                    ),
                ),
                Err(error) => bad(what, format!("{error:#}"), format!("Correct {}.", path.display())),
            }
        }
    }
}

async fn check_connection(
    config: &Config,
    store: &Store,
    connection: &Connection,
    checks: &mut Vec<Check>,
    lists: &mut Vec<BooksReference>,
) -> Result<()> {
    let what = format!("{} of pair {}", connection.system, connection.pair);
    match connection.system {
        System::Amazon => match registry::marketplace(connection, store)?.participations().await {
            Ok(sites) => checks.push(ok(what, format!("answers; {} sites", sites.len()))),
            Err(error) => {
                checks.push(bad(what, error.to_string(), "Connect Amazon again with `tillbridge connect amazon`."))
            }
        },
        System::KashFlow => match registry::books(connection, store)?.reference().await {
            Ok(books) => {
                checks.push(ok(what, format!("answers; the books of {}", books.company.name)));
                check_mapping(config, connection, &books, checks);
                lists.push(books);
            }
            Err(error) => {
                checks.push(bad(what, error.to_string(), "Connect KashFlow again with `tillbridge connect kashflow`."))
            }
        },
    }
    Ok(())
}

fn check_mapping(config: &Config, connection: &Connection, books: &BooksReference, checks: &mut Vec<Check>) {
    let path = setup::mapping_path(&config.data.dir, &connection.pair);
    let what = format!("mapping of pair {}", connection.pair);
    let mapping = match setup::read_mapping(&path) {
        Ok(mapping) => mapping,
        Err(error) => return checks.push(bad(what, format!("{error:#}"), format!("Correct {}.", path.display()))),
    };
    let reference = flow::Reference {
        nominals: books.nominals.iter().filter(|nominal| !nominal.archived).map(|nominal| nominal.code).collect(),
        ..flow::Reference::default()
    };
    match flow::policy(&mapping, &reference) {
        Ok(_) => checks.push(ok(what.clone(), format!("version {}, all accounts exist", mapping.version))),
        Err(problems) => {
            checks.extend(problems.into_iter().map(|problem| bad(what.clone(), problem.reason, problem.fix)))
        }
    }
    let Some(payment) = &mapping.invoices.payment else {
        return checks.push(bad(
            what,
            "invoices are not paid into a clearing account",
            "Add [invoices.payment] so that debtors stay at zero; `doctor --list` shows the ids.",
        ));
    };
    if !books.payment_methods.iter().any(|method| method.id == payment.method) {
        checks.push(bad(
            what.clone(),
            format!("KashFlow has no payment method {}", payment.method),
            "Correct invoices.payment.method; `doctor --list` shows the ids.",
        ));
    }
    for (currency, account) in &payment.accounts {
        if !books.bank_accounts.iter().any(|bank| bank.nominal == Some(account.code)) {
            checks.push(bad(
                what.clone(),
                format!("KashFlow has no bank account with the nominal code {} for {currency}", account.code),
                "Correct invoices.payment.accounts; `doctor --list` shows the codes.",
            ));
        }
    }
    if mapping.vat.default_class.is_none() && mapping.vat.skus.is_empty() {
        checks.push(bad(
            what,
            "no product has a VAT class",
            "Add [vat.skus], or [vat] default_class if all products have one rate.",
        ));
    }
}

fn ok(what: impl Into<String>, found: impl Into<String>) -> Check {
    Check { what: what.into(), ok: true, found: found.into(), fix: None }
}

fn bad(what: impl Into<String>, found: impl Into<String>, fix: impl Into<String>) -> Check {
    Check { what: what.into(), ok: false, found: found.into(), fix: Some(fix.into()) }
}

fn text(checks: &[Check], lists: Option<&Vec<BooksReference>>) -> String {
    let mut lines: Vec<String> = checks
        .iter()
        .map(|check| {
            let fix = check.fix.as_ref().map_or_else(String::new, |fix| format!("\n      -> {fix}"));
            format!("{}  {}: {}{fix}", if check.ok { "ok " } else { "!! " }, check.what, check.found)
        })
        .collect();
    for books in lists.into_iter().flatten() {
        lines.push(format!("\nThe books of {}:", books.company.name));
        lines.extend(books.nominals.iter().map(|nominal| format!("  account {} {}", nominal.code, nominal.name)));
        lines.extend(books.bank_accounts.iter().map(|bank| {
            let code = bank.nominal.map_or_else(|| "without a nominal code".to_owned(), |code| code.to_string());
            format!("  bank account {code} {}", bank.name)
        }));
        lines.extend(
            books.payment_methods.iter().map(|method| format!("  payment method {} {}", method.id, method.name)),
        );
        lines.extend(books.products.iter().map(|product| format!("  product {} {}", product.code, product.name)));
    }
    lines.join("\n")
}
