//! Text tables as people have them: tabs, commas or semicolons, UTF-8 or an older encoding, titles above the header or not.

use jiff::civil::Date;
use money::{Currency, Money};

use super::EvidenceError;

/// Problems that are told of one file; the rest would only hide them.
const PROBLEMS_MAX: usize = 20;

/// Lines in which a header is looked for.
const HEAD_MAX: usize = 30;

/// A column that is looked for, and the names that files have for it, in lower case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    /// What we call it.
    pub(super) name: &'static str,
    /// What others call it.
    pub(super) others: &'static [&'static str],
}

impl Wanted {
    fn is(&self, heading: &str) -> bool {
        heading == self.name || self.others.contains(&heading)
    }
}

/// A table with its header found.
pub(super) struct Table<'a> {
    file: &'a str,
    /// Position of each wanted column.
    places: Vec<Option<usize>>,
    wanted: &'static [Wanted],
    rows: Vec<Vec<String>>,
    lines: Vec<u64>,
}

/// A row of a table.
pub(super) struct Row<'t> {
    table: &'t Table<'t>,
    cells: &'t [String],
    pub(super) line: u64,
}

/// Reads text in UTF-8, or in Windows-1252 if it is none.
pub(super) fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

impl<'a> Table<'a> {
    /// Finds the header: the first line that has every one of `needed`, each a set of columns of which one will do.
    pub(super) fn read(
        file: &'a str,
        bytes: &[u8],
        wanted: &'static [Wanted],
        needed: &[&[&'static str]],
    ) -> Result<Table<'a>, Vec<EvidenceError>> {
        let text = decoded(bytes);
        if text.trim().is_empty() {
            return Err(vec![EvidenceError::new(file, "the file is empty", "Export it again")]);
        }
        if text.contains('\0') || text.starts_with("%PDF") || text.trim_start().starts_with('<') {
            return Err(vec![EvidenceError::new(
                file,
                "this is not a text table",
                "Give a file of tab- or comma-separated values",
            )]);
        }
        let mut nearest: Vec<String> = Vec::new();
        for separator in [b'\t', b',', b';'] {
            let (rows, lines) = records(&text, separator);
            for (index, row) in rows.iter().enumerate().take(HEAD_MAX) {
                let headings: Vec<String> = row.iter().map(|cell| heading(cell)).collect();
                let place = |wanted: &Wanted| headings.iter().position(|heading| wanted.is(heading));
                let places: Vec<Option<usize>> = wanted.iter().map(place).collect();
                let has = |name: &&str| {
                    wanted.iter().zip(&places).any(|(wanted, place)| wanted.name == *name && place.is_some())
                };
                if needed.iter().all(|any| any.iter().any(has)) {
                    let (rows, lines) = (rows[index + 1..].to_vec(), lines[index + 1..].to_vec());
                    return Ok(Table { file, places, wanted, rows, lines });
                }
                if headings.iter().filter(|heading| !heading.is_empty()).count() > nearest.len() {
                    nearest = headings;
                }
            }
        }
        let needed: Vec<String> = needed.iter().map(|any| any.join(" or ")).collect();
        Err(vec![EvidenceError::new(
            file,
            format!("no line names the columns {}", needed.join(", ")),
            format!("The columns found are: {}", nearest.join(", ")),
        )])
    }

    /// Whether a column is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.wanted.iter().zip(&self.places).any(|(wanted, place)| wanted.name == name && place.is_some())
    }

    /// Every row that has something in it.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = self.rows.iter().zip(&self.lines);
        rows.filter(|(cells, _)| cells.iter().any(|cell| !cell.trim().is_empty())).map(|(cells, line)| Row {
            table: self,
            cells,
            line: *line,
        })
    }

    /// Reads each row; all problems are told at once, up to a few.
    pub(super) fn each<T>(
        &self,
        read: impl Fn(&Row<'_>) -> Result<Option<T>, EvidenceError>,
    ) -> Result<Vec<T>, Vec<EvidenceError>> {
        let (mut found, mut problems, mut more) = (Vec::new(), Vec::new(), 0_usize);
        for row in self.rows() {
            match read(&row) {
                Ok(item) => found.extend(item),
                Err(problem) if problems.len() < PROBLEMS_MAX => problems.push(problem),
                Err(_) => more += 1,
            }
        }
        if more > 0 {
            problems.push(EvidenceError::new(
                self.file,
                format!("{more} more lines have problems"),
                "Correct those above first",
            ));
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }
}

/// Records and the line on which each begins.
fn records(text: &str, separator: u8) -> (Vec<Vec<String>>, Vec<u64>) {
    // In tab-separated reports quotes are ordinary characters.
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(separator != b'\t')
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for record in reader.records().flatten() {
        lines.push(record.position().map_or(0, csv::Position::line));
        rows.push(record.iter().map(str::to_owned).collect());
    }
    (rows, lines)
}

fn heading(cell: &str) -> String {
    cell.trim().trim_matches('"').to_lowercase().replace(['_', '-'], " ")
}

impl Row<'_> {
    /// The text of a column; empty if the column is missing.
    pub(super) fn text(&self, name: &str) -> &str {
        let table = self.table;
        let place = table
            .wanted
            .iter()
            .zip(&table.places)
            .find(|(wanted, _)| wanted.name == name)
            .and_then(|(_, place)| *place);
        place.and_then(|place| self.cells.get(place)).map_or("", |cell| cell.trim())
    }

    /// A problem with this row.
    pub(super) fn problem(&self, column: &str, what: impl Into<String>, fix: impl Into<String>) -> EvidenceError {
        EvidenceError::new(self.table.file, what, fix).at(self.line).in_column(column)
    }

    /// An amount; `None` if the cell is empty.
    pub(super) fn amount(&self, name: &str, currency: Currency) -> Result<Option<Money>, EvidenceError> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let refused = |what: String| self.problem(name, what, "Write it as 12.34");
        let digits = plain_digits(text).ok_or_else(|| refused(format!("`{text}` is not an amount")))?;
        Money::parse(&digits, currency).map(Some).map_err(|error| refused(error.to_string()))
    }

    /// A whole number; `None` if the cell is empty.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, EvidenceError> {
        match self.text(name) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| self.problem(name, format!("`{text}` is not a whole number"), "Write it as 3")),
        }
    }

    /// A day; `None` if the cell is empty. `month_first`: `11/05/2025` is 5 November.
    pub(super) fn day(&self, name: &str, month_first: bool) -> Result<Option<Date>, EvidenceError> {
        match self.text(name) {
            "" => Ok(None),
            text => day(text, month_first)
                .map(Some)
                .ok_or_else(|| self.problem(name, format!("`{text}` is not a day"), "Write it as 2025-11-05")),
        }
    }
}

/// `£1,234.56`, `(12.34)`, `12.34-`, `1.234,56` as `-1234.56`; `None` if it is none of these.
fn plain_digits(text: &str) -> Option<String> {
    let mut body: String =
        text.chars().filter(|character| !character.is_whitespace() && !matches!(character, '£' | '€' | '$')).collect();
    let mut negative = false;
    if let Some(inner) = body.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        (negative, body) = (true, inner.to_owned());
    }
    body = body.replace('−', "-");
    for bare in [body.strip_prefix('-'), body.strip_suffix('-')]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .take(1)
        .collect::<Vec<_>>()
    {
        negative = !negative;
        body = bare;
    }
    let body = body.strip_prefix('+').unwrap_or(&body);
    let last = |separator: char| body.rfind(separator);
    let decimal = match (last('.'), last(',')) {
        (Some(point), Some(comma)) => Some(if point > comma { '.' } else { ',' }),
        // A lone comma is a decimal one unless three digits follow it.
        (None, Some(comma)) if body.len() - comma != 4 => Some(','),
        (Some(_), None) => Some('.'),
        _ => None,
    };
    let plain: String = body
        .chars()
        .filter(|character| Some(*character) == decimal || !matches!(character, '.' | ',' | '\''))
        .map(|character| if Some(character) == decimal { '.' } else { character })
        .collect();
    let good = !plain.is_empty()
        && plain.chars().all(|character| character.is_ascii_digit() || character == '.')
        && plain.matches('.').count() <= 1
        && plain.starts_with(|character: char| character.is_ascii_digit());
    good.then(|| if negative { format!("-{plain}") } else { plain })
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Whether the slash dates of a column put the month first: only if some date allows nothing else.
pub(super) fn month_first<'a>(mut texts: impl Iterator<Item = &'a str>) -> bool {
    texts.any(|text| {
        let parts: Vec<u32> = parts(text).iter().filter_map(|part| part.parse().ok()).collect();
        matches!(parts.as_slice(), [first, second, year] if *first <= 12 && *second > 12 && *year > 31)
    })
}

fn parts(text: &str) -> Vec<&str> {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    // `05 Nov 2025` has its blanks inside.
    let whole = if day.len() <= 3 { text } else { day };
    whole.split(['/', '.', '-', ' ']).filter(|part| !part.is_empty()).take(3).collect()
}

fn day(text: &str, month_first: bool) -> Option<Date> {
    if let Ok(date) = text.get(..10).unwrap_or(text).parse::<Date>() {
        return Some(date);
    }
    let parts = parts(text);
    let [first, second, third] = parts.as_slice() else { return None };
    let month_of =
        |part: &str| MONTHS.iter().position(|month| part.to_lowercase().starts_with(month)).map(|month| month + 1);
    let (day, month) = match (month_of(first), month_of(second)) {
        (None, Some(month)) => (first.parse().ok()?, month),
        (Some(month), None) => (second.parse().ok()?, month),
        _ if month_first => (second.parse().ok()?, first.parse().ok()?),
        _ => (first.parse().ok()?, second.parse().ok()?),
    };
    let year: i16 = third.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    Date::new(year, i8::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_banks_write_them() {
        for (text, digits) in [
            ("341.20", "341.20"),
            ("£1,234.56", "1234.56"),
            ("(12.34)", "-12.34"),
            ("12.34-", "-12.34"),
            ("-1.234,56", "-1234.56"),
            ("95,00", "95.00"),
            ("1,234", "1234"),
            ("+5", "5"),
        ] {
            assert_eq!(plain_digits(text).as_deref(), Some(digits), "{text}");
        }
        for text in ["", "x", "1.2.3", "--1", ".", "1e3"] {
            assert_eq!(plain_digits(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_read_as_banks_write_them() {
        let fifth = Date::new(2025, 11, 5).expect("a day");
        for text in [
            "2025-11-05",
            "2025-11-05T10:00:00+00:00",
            "05/11/2025",
            "5.11.25",
            "05-11-2025",
            "05 Nov 2025",
            "Nov 5 2025",
            "5-Nov-25",
        ] {
            assert_eq!(day(text, false), Some(fifth), "{text}");
        }
        assert_eq!(day("11/05/2025", true), Some(fifth));
        assert!(month_first(["11/05/2025", "11/25/2025"].into_iter()));
        assert!(!month_first(["11/05/2025", "25/11/2025"].into_iter()));
        assert_eq!(day("32/11/2025", false), None);
    }
}
