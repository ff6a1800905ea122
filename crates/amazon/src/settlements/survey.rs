//! The first look at a file: what it is, how it is laid out, and everything that is decided once for all its rows.
//!
//! The beginning tells it all for a file as Amazon writes it. Where it does not (rows sorted by a spreadsheet, no amount with
//! decimals so far), the look goes on to the end: a guess would read some amounts wrongly.

use encoding_rs::{Encoding, SHIFT_JIS, UTF_8, WINDOWS_1252};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::Currency;

use super::header::{Column, Columns, V1_AMOUNTS, normal};
use super::input::Packing;
use super::layout::{Layout, TextRow};
use super::notes::{At, Head};
use super::number::{self, Decimal};
use super::plan::{Format, Places, Plan};
use super::refusal::Refusal;
use super::sniff;
use super::stamp::{DayOrder, Written};
use super::{Options, check, xml};

/// Bytes that are looked at before anything is read.
pub(crate) const WINDOW_BYTES: usize = 1 << 20;
/// Lines above the header that are passed over.
const PREAMBLE_LINES_MAX: usize = 20;

/// What the first look found.
pub(crate) struct Survey {
    pub(crate) packing: Packing,
    pub(crate) format: Format,
    pub(crate) layout: Layout,
    /// What the XML declares, if it is not UTF-8.
    pub(crate) xml_encoding: Option<&'static Encoding>,
    pub(crate) decimal: Decimal,
    pub(crate) day_order: Option<DayOrder>,
    pub(crate) samples: Samples,
}

/// What the rows looked at have shown.
#[derive(Default)]
pub(crate) struct Samples {
    /// Amounts that show a point, a comma, and those that may group with a point or a comma.
    decimals: [u64; 2],
    groups: [u64; 2],
    days: [u64; 2],
    has_ambiguous_days: bool,
    /// The first summary row.
    pub(crate) head: Option<Head>,
    /// What a file without a summary row says of its settlement on a detail row.
    pub(crate) repeated: Repeated,
    /// The first currency on a detail row.
    pub(crate) currency: Option<String>,
    /// The first marketplace.
    pub(crate) marketplace: Option<String>,
    /// The first id.
    pub(crate) id: String,
    rows: u64,
}

/// The settlement's own columns as the detail rows repeat them: each the first that is not empty.
#[derive(Default)]
pub(crate) struct Repeated {
    pub(crate) from: Option<String>,
    pub(crate) to: Option<String>,
    pub(crate) deposit: Option<String>,
    pub(crate) total: Option<String>,
}

impl Samples {
    /// Takes a row in.
    pub(crate) fn row(&mut self, format: Format, places: &Places, row: &TextRow<'_>) {
        if row.is_blank() {
            return;
        }
        self.rows += 1;
        let text = |column| row.at(places.all.place(column));
        let total = row.at(places.total);
        if self.id.is_empty() {
            self.id = crate::answer::cut(row.at(places.settlement), 80);
        }
        if let Some(head) = head(format, places, row) {
            self.head.get_or_insert(head);
        } else {
            first(&mut self.repeated.total, total);
            first(&mut self.repeated.from, text(Column::Start));
            first(&mut self.repeated.to, text(Column::End));
            first(&mut self.repeated.deposit, text(Column::Deposit));
            first(&mut self.currency, row.at(places.currency));
            first(&mut self.marketplace, row.at(places.marketplace));
        }
        self.amount(total);
        match format {
            Format::V1 => V1_AMOUNTS.iter().for_each(|column| self.amount(text(*column))),
            Format::V2 | Format::Xml => self.amount(row.at(places.amount)),
        }
        let moment = row.at(places.posted_at);
        self.day(row.at(places.posted_on), moment);
        self.day(moment, "");
        for column in [Column::Start, Column::End, Column::Deposit] {
            self.day(text(column), "");
        }
    }

    fn amount(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        match number::evidence(text) {
            Some(Decimal::Point) => self.decimals[0] += 1,
            Some(Decimal::Comma) => self.decimals[1] += 1,
            None if text.contains('.') => self.groups[0] += 1,
            None if text.contains(',') => self.groups[1] += 1,
            None => {}
        }
    }

    fn day(&mut self, text: &str, moment: &str) {
        // Dates with the year first are the rule and tell nothing.
        if text.len() < 6 || text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
            return;
        }
        let Some(written) = Written::parse(text) else { return };
        let mut shown = written.shows();
        if shown.is_none() && written.is_ambiguous() {
            self.has_ambiguous_days = true;
            let beside = Written::parse(moment).and_then(|moment| moment.decided(None, &TimeZone::UTC));
            let by_moment = beside.and_then(|stamp| written.within((stamp.day(), stamp.day()), &TimeZone::UTC));
            shown = by_moment.and_then(|stamp| {
                [DayOrder::DayFirst, DayOrder::MonthFirst]
                    .into_iter()
                    .find(|order| written.read(*order, &TimeZone::UTC) == Some(stamp))
            });
        }
        match shown {
            Some(DayOrder::DayFirst) => self.days[0] += 1,
            Some(DayOrder::MonthFirst) => self.days[1] += 1,
            None => {}
        }
    }

    /// Whether rows further on could decide what is still open.
    pub(crate) fn is_open(&self) -> bool {
        let no_decimal = self.decimals == [0, 0];
        let without_decimals =
            self.head.as_ref().is_some_and(|head| matches!(head.currency.as_str(), "JPY" | "KRW" | "CLP" | "VND"));
        self.head.is_none()
            || (no_decimal && (self.groups != [0, 0] || !without_decimals))
            || (self.has_ambiguous_days && self.days == [0, 0])
    }

    fn decimal(&self) -> Decimal {
        let by_majority = |points: u64, commas: u64| if commas > points { Decimal::Comma } else { Decimal::Point };
        if self.decimals != [0, 0] {
            return by_majority(self.decimals[0], self.decimals[1]);
        }
        // Marks that only group (`1.234`): the other one would be the decimal separator.
        by_majority(self.groups[1], self.groups[0])
    }

    fn day_order(&self) -> Option<DayOrder> {
        match self.days {
            [0, 0] => self.head.as_ref().and_then(order_of_period),
            [day, month] if day >= month => Some(DayOrder::DayFirst),
            _ => Some(DayOrder::MonthFirst),
        }
    }
}

fn first(slot: &mut Option<String>, text: &str) {
    if slot.is_none() && !text.is_empty() {
        *slot = Some(crate::answer::cut(text, 80));
    }
}

/// The order in which the period is one: its end after its begin, and no longer than two months.
fn order_of_period(head: &Head) -> Option<DayOrder> {
    let makes_sense = |order: &DayOrder| {
        let day = |text: &str| {
            Written::parse(text).and_then(|written| written.read(*order, &TimeZone::UTC)).map(|stamp| stamp.day())
        };
        let (Some(from), Some(to)) = (day(&head.from), day(&head.to)) else { return false };
        let deposit_fits = day(&head.deposit).is_none_or(|deposit| (0..=31).contains(&days_between(to, deposit)));
        (0..=62).contains(&days_between(from, to)) && deposit_fits
    };
    let mut orders = [DayOrder::DayFirst, DayOrder::MonthFirst].into_iter().filter(makes_sense);
    match (orders.next(), orders.next()) {
        (Some(order), None) => Some(order),
        _ => None,
    }
}

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

impl Survey {
    /// What the beginning of the file shows.
    pub(crate) fn new(
        packing: Packing,
        format: Format,
        mut layout: Layout,
        charset: Option<&'static Encoding>,
        window: &[u8],
    ) -> Survey {
        layout.learn_id(window.get(layout.data_at as usize..).unwrap_or_default());
        if let Some(charset) = charset.filter(|charset| *charset != UTF_8) {
            layout.fallback = charset;
        }
        let xml_encoding =
            if format == Format::Xml && packing.mark.is_none() { xml::declared_encoding(window) } else { None };
        let (decimal, samples) = (Decimal::Point, Samples::default());
        Survey { packing, format, layout, xml_encoding, decimal, day_order: None, samples }
    }

    /// Decides by what the rows have shown.
    pub(crate) fn decide(&mut self, samples: Samples, charset: Option<&'static Encoding>) {
        let in_japan = samples.head.as_ref().is_some_and(|head| head.currency == "JPY")
            || samples.currency.as_deref() == Some("JPY")
            || samples.marketplace.as_deref() == Some("Amazon.co.jp");
        if in_japan && charset.is_none_or(|charset| charset == UTF_8) {
            self.layout.fallback = SHIFT_JIS;
        }
        self.decimal = samples.decimal();
        self.day_order = samples.day_order();
        self.samples = samples;
    }

    /// Whether the file can be cut between rows: text with tabs.
    pub(crate) fn is_read_in_pieces(&self) -> bool {
        self.format != Format::Xml && self.layout.delimiter == b'\t'
    }

    /// The plan for the settlement that `head` introduces, in a file with these `others`.
    pub(crate) fn plan(&self, options: &Options, head: Option<&Head>, others: Vec<String>) -> Result<Plan, Refusal> {
        let currency = self.currency(options, head)?;
        let decimals = currency.decimals();
        let mut unreadable_total = None;
        let in_file = head.map(|head| head.total.as_str()).or(self.samples.repeated.total.as_deref());
        let total = match (&options.total, in_file) {
            (Some(total), _) => Some(check::stated(total, "the total", currency)?),
            (None, Some(text)) => number::minor(text, self.decimal, currency, decimals)
                .inspect_err(|_| unreadable_total = Some(text.to_owned()))
                .ok(),
            (None, None) => None,
        };
        let accepted = options
            .accept
            .iter()
            .map(|(line, amount)| Ok((*line, check::stated(amount, &format!("line {line}"), currency)?)));
        let day = |text: &str| Some(Written::parse(text)?.decided(self.day_order, &options.zoneless)?.day());
        let repeated = &self.samples.repeated;
        let period = match head {
            Some(head) => Some((head.from.as_str(), head.to.as_str())),
            None => repeated.from.as_deref().zip(repeated.to.as_deref()),
        };
        Ok(Plan {
            format: self.format,
            columns: Places::of(&self.layout.columns),
            decimal: self.decimal,
            day_order: self.day_order,
            zoneless: options.zoneless.clone(),
            currency,
            decimals,
            id: head.map_or(&self.samples.id, |head| &head.id).clone(),
            others,
            total,
            unreadable_total,
            period: period.and_then(|(from, to)| Some((day(from)?, day(to)?))),
            accepted: accepted.collect::<Result<_, Refusal>>()?,
            left_out: None,
            header: self.layout.header.clone(),
        })
    }

    /// The currency: from the summary, the rows, the caller, or the site that all rows name.
    fn currency(&self, options: &Options, head: Option<&Head>) -> Result<Currency, Refusal> {
        let stated = [head.map(|head| head.currency.as_str()), self.samples.currency.as_deref()];
        let stated: Vec<&str> = stated.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        if let Some(currency) = stated.iter().find_map(|text| Currency::parse(text).ok()).or(options.currency) {
            return Ok(currency);
        }
        let site = self.samples.marketplace.as_deref().and_then(crate::markets::by_name);
        match (stated.first(), site.and_then(|site| Currency::parse(site.currency).ok())) {
            (None, Some(currency)) => Ok(currency),
            (Some(text), _) => Err(Refusal::UnknownCurrency {
                reason: format!("`{text}` is not a currency that we know"),
                next: "Report it to the makers of Tillbridge".to_owned(),
            }),
            (None, None) => Err(Refusal::UnknownCurrency {
                reason: "The file does not say in which currency it is".to_owned(),
                next: "State the currency, or download the file again with all its columns".to_owned(),
            }),
        }
    }
}

/// The row as a summary, if it is one.
pub(crate) fn head(format: Format, places: &Places, row: &TextRow<'_>) -> Option<Head> {
    let own = |column| crate::answer::cut(row.at(places.all.place(column)), 80);
    let without_amount = match format {
        Format::V1 => V1_AMOUNTS.iter().all(|column| row.at(places.all.place(*column)).is_empty()),
        Format::V2 | Format::Xml => row.at(places.amount).is_empty(),
    };
    let is_summary = without_amount && row.at(places.kind).is_empty() && !row.at(places.total).is_empty();
    is_summary.then(|| Head {
        at: At { block: 0, line: row.line },
        id: own(Column::Settlement),
        from: own(Column::Start),
        to: own(Column::End),
        deposit: own(Column::Deposit),
        total: own(Column::Total),
        currency: own(Column::Currency),
    })
}

/// The layout that the beginning of a flat file shows.
pub(crate) fn layout(window: &[u8], charset: Option<&'static Encoding>) -> Result<(Format, Layout), Refusal> {
    if let Some(refusal) = sniff::by_bytes(window) {
        return Err(refusal);
    }
    let eol = if window.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut best: Option<Candidate> = None;
    let mut at = 0;
    for number in 0..PREAMBLE_LINES_MAX {
        let Some(rest) = window.get(at..).filter(|rest| !rest.is_empty()) else { break };
        let end = memchr::memchr(eol, rest).unwrap_or(rest.len());
        for candidate in candidates(&rest[..end], charset) {
            if best.as_ref().is_none_or(|best| candidate.columns.known() > best.columns.known()) {
                best = Some(Candidate { data_at: at + end + 1, lines_before: number as u64 + 1, ..candidate });
            }
        }
        at += end + 1;
    }
    let best = best.ok_or(Refusal::Empty)?;
    let format = format_of(&best)?;
    let layout = Layout {
        delimiter: best.delimiter,
        eol,
        header: best.cells.iter().map(|cell| normal(cell)).collect(),
        columns: best.columns,
        data_at: best.data_at.min(window.len()) as u64,
        lines_before: best.lines_before,
        fallback: best.encoding,
        first_id: Vec::new(),
    };
    Ok((format, layout))
}

struct Candidate {
    delimiter: u8,
    cells: Vec<String>,
    columns: Columns,
    encoding: &'static Encoding,
    data_at: usize,
    lines_before: u64,
}

/// The line as a header, with each separator and, if it is not UTF-8, each encoding.
fn candidates(line: &[u8], charset: Option<&'static Encoding>) -> Vec<Candidate> {
    let own = charset.filter(|charset| *charset != UTF_8);
    let encodings: Vec<&'static Encoding> = match own {
        Some(charset) => vec![charset],
        None => vec![WINDOWS_1252, SHIFT_JIS],
    };
    let mut candidates = Vec::new();
    for encoding in encodings {
        let text = match std::str::from_utf8(line) {
            Ok(text) => text.to_owned(),
            Err(_) => encoding.decode_without_bom_handling(line).0.into_owned(),
        };
        for delimiter in *b"\t;,|" {
            let cells: Vec<String> =
                text.split(delimiter as char).map(|cell| crate::answer::cut(cell.trim(), 80)).collect();
            if cells.len() < super::split::ENDS_MAX {
                let columns = Columns::of(&cells);
                candidates.push(Candidate { delimiter, cells, columns, encoding, data_at: 0, lines_before: 0 });
            }
        }
    }
    candidates
}

fn format_of(header: &Candidate) -> Result<Format, Refusal> {
    let has = |column| header.columns.has(column);
    let explained = has(Column::Kind) || has(Column::Class) || has(Column::Name);
    if has(Column::Amount) && explained {
        return Ok(Format::V2);
    }
    if V1_AMOUNTS.iter().any(|column| has(*column)) && has(Column::Kind) {
        return Ok(Format::V1);
    }
    if let Some(refusal) = sniff::by_header(&header.cells) {
        return Err(refusal);
    }
    let looks_like_one =
        header.columns.known() >= 5 && (has(Column::Settlement) || has(Column::Class) || has(Column::Name));
    if looks_like_one {
        let missing = if has(Column::Amount) { Column::Name } else { Column::Amount };
        let found = header.cells.iter().take(40).cloned().collect::<Vec<_>>().join(", ");
        return Err(Refusal::MissingColumn { missing: missing.name(), found });
    }
    Err(sniff::unknown_header())
}
