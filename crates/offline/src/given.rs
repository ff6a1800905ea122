//! Files as they were given: opened, told apart, checked.

use std::collections::BTreeMap;
use std::path::Path;

use amazon::settlements::{Checked, Format, Input, Options, Problem, Refusal, SettlementFile, Suspect, Weight};
use bookkeeping::settlement::vocabulary::{Known, Source, Vocabulary};
use money::Money;
use serde::Serialize;

/// A file to read.
#[derive(Clone, Copy, Debug)]
pub struct Given<'a> {
    /// Its name, as messages tell it.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: Bytes<'a>,
}

/// Where the bytes of a file are.
#[derive(Clone, Copy, Debug)]
pub enum Bytes<'a> {
    /// On disk.
    Path(&'a Path),
    /// In memory.
    Memory(&'a [u8]),
}

impl<'a> Given<'a> {
    /// A file on disk; its name is its path.
    pub fn path(path: &'a Path) -> Option<Given<'a>> {
        Some(Given { name: path.to_str()?, bytes: Bytes::Path(path) })
    }

    pub(crate) fn input(&self) -> Input<'a> {
        match self.bytes {
            Bytes::Path(path) => Input::Path(path),
            Bytes::Memory(bytes) => Input::Bytes(bytes),
        }
    }

    /// Opens it, with amounts that a person accepted for lines of it.
    pub(crate) fn open(&self, accept: &BTreeMap<u64, String>) -> Result<SettlementFile<'a>, Refusal> {
        SettlementFile::open(self.input(), Options { accept: accept.clone(), ..Options::default() })
    }
}

/// What a check says about one settlement of a file, or about a file that has none.
#[derive(Clone, Debug, Serialize)]
pub struct FileReport {
    /// The file.
    pub file: String,
    /// The marketplace's id of the settlement; empty if it is not known.
    pub settlement: String,
    /// `v2`, `v1`, `xml`; `None`: it is no settlement.
    pub format: Option<&'static str>,
    /// `utf-8`, `windows-1252`, ….
    pub encoding: Option<String>,
    /// Whether it was compressed.
    pub gzip: bool,
    /// `point` or `comma`.
    pub decimal: Option<&'static str>,
    /// Currency of its amounts.
    pub currency: Option<&'static str>,
    /// Begin of its period.
    pub from: Option<String>,
    /// End of its period.
    pub to: Option<String>,
    /// When its payout is initiated.
    pub deposit: Option<String>,
    /// Amounts read.
    pub rows: u64,
    /// What is paid out, as the file says.
    pub total: Option<String>,
    /// What its rows sum to.
    pub sum: Option<String>,
    /// Whether every amount was read and the two are the same.
    pub balanced: bool,
    /// Rows that nobody has told us the meaning of.
    pub unknown: Vec<UnknownRows>,
    /// Rows with a usual treatment that a person must confirm once.
    pub unconfirmed: Vec<UnknownRows>,
    /// What is wrong.
    pub problems: Vec<Trouble>,
    /// Rows that may be why it does not balance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suspects: Vec<Suspect>,
}

/// Rows of one kind, class and name that the vocabulary does not explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownRows {
    /// The marketplace's `transaction-type`.
    pub transaction_type: String,
    /// Its `amount-type`.
    pub amount_type: String,
    /// Its `amount-description`.
    pub amount_description: String,
    /// How many.
    pub rows: u64,
    /// Their sum.
    pub sum: String,
}

/// Something wrong with a file: what happened, what it means for the books, what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trouble {
    /// Stable code, for example `duplicate`, `damaged`.
    pub code: &'static str,
    /// How heavy it weighs.
    pub weight: Weight,
    /// Line of the file (1-based).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<&'static str>,
    /// The value there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What happened.
    pub what: String,
    /// What it means for the books.
    pub means: String,
    /// What to do next.
    pub next: String,
}

impl Trouble {
    pub(crate) fn of_file(code: &'static str, what: String, means: &str, next: &str) -> Trouble {
        Trouble {
            code,
            weight: Weight::Stops,
            line: None,
            column: None,
            value: None,
            what,
            means: means.to_owned(),
            next: next.to_owned(),
        }
    }
}

impl From<&Problem> for Trouble {
    fn from(problem: &Problem) -> Trouble {
        Trouble {
            code: match problem.weight {
                Weight::Stops => "does_not_balance",
                Weight::ToSuspense => "broken_field",
                Weight::Note => "note",
            },
            weight: problem.weight,
            line: problem.line,
            column: problem.column,
            value: problem.value.clone(),
            what: problem.what.clone(),
            means: problem.means.clone(),
            next: problem.next.clone(),
        }
    }
}

impl FileReport {
    /// A file that could not be read as a settlement.
    pub(crate) fn refused(file: &str, refusal: &Refusal) -> FileReport {
        let text = refusal.to_string();
        // A refusal is told in sentences: what happened, that nothing was done, what to do.
        let (what, next) = text.split_once(". Nothing was done").unwrap_or((&text, ""));
        FileReport {
            file: file.to_owned(),
            settlement: String::new(),
            format: None,
            encoding: None,
            gzip: false,
            decimal: None,
            currency: None,
            from: None,
            to: None,
            deposit: None,
            rows: 0,
            total: None,
            sum: None,
            balanced: false,
            unknown: Vec::new(),
            unconfirmed: Vec::new(),
            problems: vec![Trouble::of_file(
                refusal.code(),
                what.to_owned(),
                "Nothing of this file is posted",
                next.trim_start_matches(['.', ',', ' ']),
            )],
            suspects: Vec::new(),
        }
    }

    /// A settlement that was read to its end.
    pub(crate) fn of(file: &str, checked: &Checked, vocabulary: &Vocabulary) -> FileReport {
        let head = checked.settlement.as_ref();
        let (unknown, unconfirmed) = unexplained(checked, vocabulary);
        FileReport {
            file: file.to_owned(),
            settlement: checked.id.clone(),
            format: Some(checked.format.name()),
            encoding: Some(checked.encoding.clone()),
            gzip: checked.gzip,
            decimal: Some(checked.decimal.name()),
            currency: Some(checked.currency.code()),
            from: head.and_then(|head| head.from).map(|at| at.to_string()),
            to: head.and_then(|head| head.to).map(|at| at.to_string()),
            deposit: head.and_then(|head| head.deposit_on).map(|at| at.to_string()),
            rows: checked.rows,
            total: head.map(|head| head.total.digits()),
            sum: Some(checked.sum.digits()),
            balanced: checked.balanced,
            unknown,
            unconfirmed,
            problems: checked.problems.iter().map(Trouble::from).collect(),
            suspects: checked.suspects.clone(),
        }
    }

    /// Whether a person must look before everything is where it belongs.
    pub fn needs_person(&self) -> bool {
        !self.balanced || !self.unknown.is_empty() || self.problems.iter().any(|trouble| trouble.weight != Weight::Note)
    }

    /// Whether the file is no settlement that can be read.
    pub fn is_refused(&self) -> bool {
        self.format.is_none()
    }
}

/// The vocabulary of a format: V1 and XML are read into the words of V2.
pub(crate) fn source(_format: Format) -> Source {
    Source::SettlementV2
}

/// Rows that the vocabulary does not know, and those it knows only with a confirmation.
fn unexplained(checked: &Checked, vocabulary: &Vocabulary) -> (Vec<UnknownRows>, Vec<UnknownRows>) {
    let source = source(checked.format);
    let (mut unknown, mut unconfirmed) = (Vec::new(), Vec::new());
    for triple in checked.tally.triples() {
        let list = match vocabulary.look_up(source, triple.kind(), triple.class(), triple.name()) {
            Known::Yes(_) => continue,
            Known::Unconfirmed(_) => &mut unconfirmed,
            Known::No => &mut unknown,
        };
        let sum = i64::try_from(triple.sum_minor)
            .map_or_else(|_| triple.sum_minor.to_string(), |minor| Money::new(minor, checked.currency).digits());
        list.push(UnknownRows {
            transaction_type: triple.kind().to_owned(),
            amount_type: triple.class().to_owned(),
            amount_description: triple.name().to_owned(),
            rows: triple.rows,
            sum,
        });
    }
    (unknown, unconfirmed)
}
