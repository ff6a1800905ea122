//! `tillbridge suggest`: CSV in, ranked suggestions with confidence and reason out. Offline; nothing is changed.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;
use suggest::Band;
use suggest::accounts::{Account, Chart, Direction, Suggester, Suggestion, Term};

use super::Global;
use super::output::{self, Ended};

/// Options of `suggest`.
#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Which account of a chart each fee, charge or adjustment belongs on.
    Accounts {
        /// The chart: CSV with the columns code, name, type (the type may be empty).
        #[arg(long, value_name = "CSV")]
        chart: PathBuf,
        /// What to place: CSV with the columns id, name, context, sign. Context and sign (+ given to the seller, - taken away) may be
        /// empty.
        #[arg(long, value_name = "CSV")]
        terms: PathBuf,
    },
}

/// Suggestions for one term, in the order of the file.
#[derive(Serialize)]
struct Placed {
    id: String,
    suggestions: Vec<Suggestion>,
    band: Band,
}

/// Runs `suggest`.
pub fn run(global: &Global, options: Options) -> Result<Ended> {
    match options.what {
        What::Accounts { chart, terms } => accounts(global, &chart, &terms),
    }
}

fn accounts(global: &Global, chart: &Path, terms: &Path) -> Result<Ended> {
    let accounts: Vec<Account> = rows(chart, &["code", "name", "type"], 2)?
        .into_iter()
        .map(|[code, name, kind]| Account { code, name, kind })
        .collect();
    if accounts.is_empty() {
        bail!("{} has no accounts; export the chart of accounts and give it as CSV", chart.display());
    }
    let chart = Chart::new(accounts);
    let suggester = Suggester::new(&chart);
    let mut placed = Vec::new();
    for (line, [id, name, context, sign]) in (2..).zip(rows(terms, &["id", "name", "context", "sign"], 2)?) {
        let direction = match sign.trim() {
            "" => None,
            "+" | "1" | "credit" | "positive" => Some(Direction::Given),
            "-" | "-1" | "−" | "debit" | "negative" => Some(Direction::TakenAway),
            other => bail!("{} line {line}: the sign `{other}` is neither + nor - nor empty", terms.display()),
        };
        let suggested = suggester.suggest(&Term { name, context, direction });
        placed.push(Placed { id, suggestions: suggested.suggestions, band: suggested.band });
    }
    output::print(global, &placed, || table(&placed))?;
    Ok(Ended::Done)
}

fn table(placed: &[Placed]) -> String {
    let mut lines = Vec::new();
    for term in placed {
        let band = match term.band {
            Band::Auto => "sure",
            Band::Suggest => "likely",
            Band::Review => "needs a person",
        };
        lines.push(format!("{} ({band})", term.id));
        for suggestion in &term.suggestions {
            let Suggestion { code, name, why, .. } = suggestion;
            lines.push(format!("  {:>3} %  {code} {name}: {}", suggestion.percent(), why.join("; ")));
        }
    }
    lines.join("\n")
}

/// The named columns of a CSV file, in this order, whatever order the file has them in. The first `needed` must be there; others that
/// are missing read as empty.
pub(super) fn rows<const N: usize>(path: &Path, columns: &[&str; N], needed: usize) -> Result<Vec<[String; N]>> {
    let text = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let text = String::from_utf8(text).with_context(|| format!("{} is not UTF-8 text", path.display()))?;
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header: Vec<String> = reader.headers()?.iter().map(|name| name.trim().to_lowercase()).collect();
    let mut places = [None; N];
    for (place, (index, column)) in places.iter_mut().zip(columns.iter().enumerate()) {
        *place = header.iter().position(|name| name == column);
        if place.is_none() && index < needed {
            bail!("{} has no column `{column}`; it needs {}", path.display(), columns.join(", "));
        }
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.with_context(|| format!("{} is not a CSV file", path.display()))?;
        rows.push(places.map(|place| place.and_then(|place| record.get(place)).unwrap_or_default().trim().to_owned()));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn columns_are_found_by_name_and_the_last_may_be_missing() {
        let chart = file("\u{feff}Name,Code\nSales, 4000\n\"Postage, packing\",7501\n");
        let read = rows(chart.path(), &["code", "name", "type"], 2).unwrap();
        assert_eq!(read[1], ["7501", "Postage, packing", ""].map(str::to_owned));
        let error = rows(chart.path(), &["id", "name"], 2).unwrap_err().to_string();
        assert!(error.contains("no column `id`"), "{error}");
    }
}
