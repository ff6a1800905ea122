//! `settlement check FILE…`.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use offline::FileReport;

use super::{files, table};
use crate::cli::Global;
use crate::cli::output::{self, Ended};

/// Options of `settlement check`.
#[derive(Args)]
pub struct Options {
    /// Settlement files: Flat File V2, V1 or XML, plain or gzip.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A profile with your own words for rows; without it, Amazon's vocabulary alone decides what is unknown.
    #[arg(long)]
    profile: Option<PathBuf>,
    /// Take AMOUNT for the unreadable amount of LINE, as `post` would: LINE=AMOUNT, or FILE:LINE=AMOUNT.
    #[arg(long = "accept-amount", value_name = "LINE=AMOUNT", allow_hyphen_values = true)]
    accept: Vec<String>,
    /// Threads for reading; default: as many as help.
    #[arg(long)]
    threads: Option<usize>,
}

/// Checks.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    let accepted = files::accepted(&options.accept, &options.files)?;
    let vocabulary = match &options.profile {
        None => bookkeeping::settlement::vocabulary::Vocabulary::default(),
        Some(path) => flow::vocabulary(&files::profile(path)?),
    };
    let given = files::given(&options.files)?;
    let reports =
        offline::check(&given, &accepted, &vocabulary, files::threads(options.threads), &mut output::progress());
    output::print(global, &reports, || text(&reports))?;
    Ok(ended(&reports))
}

/// A file that cannot be read at all is a failure; what is read and wrong needs a person.
fn ended(reports: &[FileReport]) -> Ended {
    if reports.iter().any(FileReport::is_refused) {
        Ended::Failed
    } else if reports.iter().any(FileReport::needs_person) {
        Ended::NeedsPerson
    } else {
        Ended::Done
    }
}

fn text(reports: &[FileReport]) -> String {
    let mut lines = Vec::new();
    for report in reports {
        lines.push(verdict(report));
        lines.extend(table::troubles(report.problems.iter()));
        lines.extend(
            report.suspects.iter().map(|suspect| format!("    suspect: line {}: {}", suspect.line, suspect.why)),
        );
        if !report.unknown.is_empty() {
            lines.push("  Unknown rows; posted, their sum waits on suspense for a rule of yours:".to_owned());
            lines.extend(table::unknown(&report.unknown));
        }
        if !report.unconfirmed.is_empty() {
            lines.push(
                "  Rows with a usual treatment that you must confirm once ([settlements] confirmed of the profile):"
                    .to_owned(),
            );
            lines.extend(table::unknown(&report.unconfirmed));
        }
    }
    lines.join("\n")
}

fn verdict(report: &FileReport) -> String {
    let (Some(format), Some(currency)) = (report.format, report.currency) else {
        return format!("{}: no settlement", report.file);
    };
    let sum = report.sum.as_deref().unwrap_or("?");
    let total = report.total.as_deref().unwrap_or("not stated");
    let verdict = if report.balanced { "balances" } else { "DOES NOT BALANCE" };
    let encoding = report.encoding.as_deref().unwrap_or("?");
    let decimal = report.decimal.unwrap_or("?");
    format!(
        "{}: settlement {} {verdict}: {} rows sum to {sum} {currency}, total {total} ({format}, {encoding}{}, decimal {decimal})",
        report.file,
        if report.settlement.is_empty() { "without an id" } else { &report.settlement },
        report.rows,
        if report.gzip { ", gzip" } else { "" },
    )
}
