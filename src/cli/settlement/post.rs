//! `settlement post FILE… --profile P`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use bookkeeping::settlement::Mode;
use clap::{Args, ValueEnum};
use offline::pack::Pack;
use offline::{Outcome, Request, evidence};

use super::{files, table};
use crate::cli::Global;
use crate::cli::output::{self, Ended, Usage};

/// Options of `settlement post`.
#[derive(Args)]
pub struct Options {
    /// Settlement files; several of one chain are followed from one to the next.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The profile: what you decided about VAT, accounts and stock. `docs/settlements.md` explains every key.
    #[arg(long)]
    profile: PathBuf,
    /// One document for each order, each day, or each settlement: all give the same totals. Default: that of the profile.
    #[arg(long, value_enum)]
    mode: Option<ModeWord>,
    /// Orders: Amazon's all-orders report, or a table of your own.
    #[arg(long)]
    orders: Vec<PathBuf>,
    /// Finances: answers of listTransactions (2024-06-19), which tell deferred sales.
    #[arg(long)]
    finances: Vec<PathBuf>,
    /// Bank statements as comma-separated values.
    #[arg(long)]
    bank: Vec<PathBuf>,
    /// The settlement before: its file, or what `post --json` printed about it.
    #[arg(long)]
    previous: Vec<PathBuf>,
    /// Rate cards of fees, and the category and size of your products; the one that is shipped knows no products.
    #[arg(long)]
    fees: Option<PathBuf>,
    /// The day for which breaks and payouts are told. Default: the last one that the files speak of.
    #[arg(long, value_name = "DAY")]
    as_of: Option<jiff::civil::Date>,
    /// Write an evidence pack: .xlsx with live totals, .csv (one file for each table), or .json.
    #[arg(long)]
    export: Vec<PathBuf>,
    /// Accept AMOUNT for the unreadable amount of LINE: it goes to suspense, and everything posts. FILE:LINE=AMOUNT for several files.
    #[arg(long = "accept-amount", value_name = "LINE=AMOUNT", allow_hyphen_values = true)]
    accept: Vec<String>,
    /// Threads for reading; default: as many as help.
    #[arg(long)]
    threads: Option<usize>,
}

/// Posting modes.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeWord {
    /// One document for each order and dispatch, and each refund.
    PerOrder,
    /// One for each day.
    Daily,
    /// One for each settlement.
    Settlement,
}

impl From<ModeWord> for Mode {
    fn from(word: ModeWord) -> Mode {
        match word {
            ModeWord::PerOrder => Mode::PerOrder,
            ModeWord::Daily => Mode::Daily,
            ModeWord::Settlement => Mode::Settlement,
        }
    }
}

/// Posts.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    for path in &options.export {
        export_kind(path)?;
    }
    let profile = files::profile(&options.profile)?;
    let home = profile.seller.home_currency;
    let accepted = files::accepted(&options.accept, &options.files)?;
    let mut request = Request {
        files: &files::given(&options.files)?,
        profile: &profile,
        mode: options.mode.map(Mode::from),
        orders: Vec::new(),
        deferrals: Default::default(),
        bank: Vec::new(),
        previous: Vec::new(),
        accepted,
        told: Vec::new(),
        fees: evidence::FeeKnowledge::shipped(),
        as_of: options.as_of,
        threads: files::threads(options.threads),
    };
    for path in &options.orders {
        request.orders.extend(files::told(evidence::orders(&shown(path), &files::evidence(path)?, home))?);
    }
    for path in &options.finances {
        let finances = files::told(evidence::finances(&shown(path), &files::evidence(path)?))?;
        request.deferrals.extend(finances.deferrals);
        request.told.extend(finances.transactions);
    }
    if let Some(path) = &options.fees {
        request.fees = files::told(evidence::fees(&shown(path), &files::evidence(path)?))?;
    }
    for path in &options.bank {
        request.bank.extend(files::told(evidence::bank(&shown(path), &files::evidence(path)?, home))?);
    }
    for path in &options.previous {
        request.previous.extend(files::told(evidence::previous(&shown(path), &files::evidence(path)?))?);
    }
    let outcome = offline::post(request, &mut output::progress()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(offline::pack::profile_trouble).collect();
        Usage::of(anyhow::anyhow!("nothing can be posted with this profile:\n  {}", lines.join("\n  ")))
    })?;
    let pack = Pack::of(&outcome, &profile).context("the documents cannot be added up, so nothing is shown")?;
    for path in &options.export {
        export(path, &pack, &outcome)?;
    }
    output::print(global, &pack, || table::pack(&pack))?;
    Ok(if pack.is_refused() {
        Ended::Failed
    } else if pack.needs_person() {
        Ended::NeedsPerson
    } else {
        Ended::Done
    })
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ExportKind {
    Workbook,
    Csv,
    Json,
}

fn export_kind(path: &Path) -> Result<ExportKind> {
    match path.extension().and_then(|end| end.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("xlsx") => Ok(ExportKind::Workbook),
        Some("csv") => Ok(ExportKind::Csv),
        Some("json") => Ok(ExportKind::Json),
        _ => Err(Usage::of(anyhow::anyhow!("--export {}: the name must end in .xlsx, .csv or .json", path.display()))),
    }
}

fn export(path: &Path, pack: &Pack, outcome: &Outcome<'_>) -> Result<()> {
    let failed = || format!("the pack could not be written to {}", path.display());
    match export_kind(path)? {
        ExportKind::Json => {
            std::fs::write(path, serde_json::to_vec_pretty(pack)?).with_context(failed)?;
        }
        ExportKind::Workbook => {
            let file = std::fs::File::create(path).with_context(failed)?;
            offline::pack::workbook(pack, outcome).write(file).with_context(failed)?;
        }
        ExportKind::Csv => {
            for table in offline::pack::tables(pack, outcome) {
                let path = beside(path, &table.name);
                let failed = || format!("the table could not be written to {}", path.display());
                let file = std::fs::File::create(&path).with_context(failed)?;
                let mut out = std::io::BufWriter::new(file);
                offline::export::write_csv(&table, &mut out).with_context(failed)?;
                eprintln!("wrote {}", path.display());
            }
            return Ok(());
        }
    }
    eprintln!("wrote {}", path.display());
    Ok(())
}

/// `pack.csv` holds the lines of documents; every other table stands beside it, `pack.ledger.csv`.
fn beside(path: &Path, table: &str) -> PathBuf {
    if table == "Lines" {
        return path.to_owned();
    }
    let name = table.to_lowercase().replace(' ', "-");
    path.with_extension(format!("{name}.csv"))
}
