//! What may stand at a key, and what to write instead of what does.

use jiff::civil::Date;
use model::Country;
use money::Currency;
use rust_decimal::Decimal;
use toml::Value;

use crate::roles::role_of;

/// What may stand at a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number between two.
    Whole(i64, i64),
    /// A text.
    Text,
    /// A text that is not empty.
    SomeText,
    /// Letters and digits.
    Code,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A day: `2025-11-05`.
    Day,
    /// An exact number above zero, in quotes.
    Rate,
    /// An exact number from 0 to 100, in quotes.
    Percent,
    /// An amount of home currency, in quotes; negative if so.
    Amount,
    /// A cost of one unit of home currency in quotes, or a list of `{ from, cost }`.
    Cost,
    /// A country by its two letters.
    Country,
    /// A currency by its three letters.
    Currency,
    /// A nominal code, or `{ code, name }`.
    Account,
    /// A role: `FEE_SELL`.
    Role,
    /// A list of texts.
    Texts,
}

/// Why a value may not stand where it does: what is wrong, what to do.
pub(super) type Refusal = (String, String);

/// VAT classes of products.
pub(super) const CLASSES: &[&str] = &["20", "5", "0", "exempt"];

impl Kind {
    /// Says what is wrong with `value`, if anything.
    pub(super) fn refuses(self, value: &Value) -> Option<Refusal> {
        match self {
            Kind::Flag => (!value.is_bool()).then(|| wrong(value, "Write true or false")),
            Kind::Whole(least, most) => match value.as_integer() {
                Some(number) if (least..=most).contains(&number) => None,
                _ => Some(wrong(value, &format!("Write a whole number from {least} to {most}, without quotes"))),
            },
            Kind::Text => (!value.is_str()).then(|| wrong(value, "Write a text in double quotes")),
            Kind::SomeText => match value.as_str() {
                Some(text) if !text.trim().is_empty() => None,
                _ => Some(wrong(value, "Write a text in double quotes that is not empty")),
            },
            Kind::Code => match value.as_str() {
                Some(text) if !text.is_empty() && text.chars().all(|character| character.is_ascii_alphanumeric()) => {
                    None
                }
                _ => Some(wrong(
                    value,
                    "Write letters and digits only, in double quotes: KashFlow refuses other characters",
                )),
            },
            Kind::Word(words) => match value.as_str() {
                Some(word) if words.contains(&word) => None,
                _ => Some(wrong(value, &format!("Use one of {}", words.join(", ")))),
            },
            Kind::Day => day(value).is_none().then(|| wrong(value, "Write a day such as 2025-11-05")),
            Kind::Rate => number(value, "1.1850", |number| *number > Decimal::ZERO, "a number above zero"),
            Kind::Percent => {
                number(value, "7.5", |number| (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(number), "a percentage")
            }
            Kind::Amount => number(value, "112.50", |_| true, "an amount"),
            Kind::Cost => cost(value),
            Kind::Country => match value.as_str() {
                Some(code) if Country::parse(code).is_ok() => None,
                _ => Some(wrong(value, "Write a country by its two letters, for example \"GB\" or \"DE\"")),
            },
            Kind::Currency => match value.as_str() {
                Some(code) if Currency::parse(code).is_ok() => None,
                Some(code) => Some((
                    format!("unknown currency `{code}`"),
                    "Write a currency by its three letters, for example \"GBP\"".to_owned(),
                )),
                None => Some(wrong(value, "Write a currency by its three letters, for example \"GBP\"")),
            },
            Kind::Account => account(value),
            Kind::Role => match value.as_str() {
                Some(word) if role_of(word).is_some() => None,
                _ => Some(wrong(value, "Write one of the roles of [accounts], for example \"FEE_SELL\"")),
            },
            Kind::Texts => match value.as_array() {
                Some(list) if list.iter().all(Value::is_str) => None,
                _ => Some(wrong(value, "Write a list of texts: [\"…\", \"…\"]")),
            },
        }
    }

    /// How the reference calls it.
    pub(super) fn words(self) -> String {
        match self {
            Kind::Flag => "`true` / `false`".to_owned(),
            Kind::Whole(least, most) => format!("{least} to {most}"),
            Kind::Text | Kind::SomeText => "text".to_owned(),
            Kind::Code => "letters and digits".to_owned(),
            Kind::Word(words) => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(" / "),
            Kind::Day => "day, `2025-11-05`".to_owned(),
            Kind::Rate => "number in quotes, `\"1.1850\"`".to_owned(),
            Kind::Percent => "per cent in quotes, `\"7.5\"`".to_owned(),
            Kind::Amount => "amount in quotes, `\"112.50\"`".to_owned(),
            Kind::Cost => "amount in quotes, or list of `{ from, cost }`".to_owned(),
            Kind::Country => "country, `\"DE\"`".to_owned(),
            Kind::Currency => "currency, `\"GBP\"`".to_owned(),
            Kind::Account => "nominal code, or `{ code = 4000, name = \"…\" }`".to_owned(),
            Kind::Role => "role of `[accounts]`".to_owned(),
            Kind::Texts => "list of texts".to_owned(),
        }
    }
}

fn wrong(value: &Value, fix: &str) -> Refusal {
    let shown: String = match value {
        Value::String(text) => text.chars().take(60).collect(),
        Value::Table(_) => return ("a table is not possible here".to_owned(), fix.to_owned()),
        other => other.to_string().chars().take(60).collect(),
    };
    (format!("`{shown}` is not possible here"), fix.to_owned())
}

/// A native date, or a text that is one.
pub(super) fn day(value: &Value) -> Option<Date> {
    match value {
        Value::Datetime(moment) => moment.to_string().parse().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn number(value: &Value, example: &str, allowed: impl Fn(&Decimal) -> bool, what: &str) -> Option<Refusal> {
    let parsed = match value {
        Value::String(text) => Decimal::from_str_exact(text.trim()).ok(),
        Value::Integer(number) => Some(Decimal::from(*number)),
        // A float has lost its digits before we see it.
        Value::Float(_) => None,
        _ => None,
    };
    match parsed {
        Some(number) if allowed(&number) => None,
        _ => Some(wrong(value, &format!("Write {what} in double quotes, for example \"{example}\""))),
    }
}

fn cost(value: &Value) -> Option<Refusal> {
    let one = |value: &Value| {
        number(value, "8.10", |number| *number >= Decimal::ZERO, "the cost of one unit in home currency")
    };
    let Some(list) = value.as_array() else { return one(value) };
    for entry in list {
        let table = entry.as_table();
        // Only the first cost may leave out its day: it holds since ever.
        let fields = table.map(|table| (table.get("from"), table.get("cost"), table.len()));
        match fields {
            Some((from, Some(cost), length))
                if length == 1 + usize::from(from.is_some()) && from.is_none_or(|from| day(from).is_some()) =>
            {
                if let Some(refusal) = one(cost) {
                    return Some(refusal);
                }
            }
            _ => return Some(wrong(entry, "Write { from = 2025-01-01, cost = \"4.25\" }")),
        }
    }
    None
}

fn account(value: &Value) -> Option<Refusal> {
    let code = |value: &Value| value.as_integer().is_some_and(|code| u32::try_from(code).is_ok());
    let good = match value {
        Value::Table(table) => {
            table.get("code").is_some_and(code)
                && table.get("name").is_none_or(Value::is_str)
                && table.keys().all(|key| ["code", "name"].contains(&key.as_str()))
        }
        other => code(other),
    };
    (!good).then(|| wrong(value, "Write a nominal code such as 4000, or { code = 4000, name = \"Amazon sales\" }"))
}

/// Whether `name` may stand where the path has the placeholder `place`; says what to write if not.
pub(super) fn name_refused(place: &str, name: &str) -> Option<Refusal> {
    let refusal = |fix: &str| Some((format!("`{name}` is not possible here"), fix.to_owned()));
    match place {
        "<currency>" if Currency::parse(name).is_err() => Some((
            format!("unknown currency `{name}`"),
            "Write a currency by its three letters, for example GBP".to_owned(),
        )),
        "<country>" if Country::parse(name).is_err() => refusal("Write a country by its two letters, for example DE"),
        "<month or day>" if !dated(name) => {
            Some(("this is neither a month nor a day".to_owned(), "Write 2026-11 or 2026-11-05".to_owned()))
        }
        "<order>/<item>" if name.split('/').filter(|part| !part.is_empty()).count() != 2 => {
            refusal("Write the order id, a slash, and the order-item-code of the settlement")
        }
        _ => None,
    }
}

fn dated(period: &str) -> bool {
    match period.len() {
        7 => format!("{period}-01").parse::<Date>().is_ok(),
        _ => period.len() == 10 && period.parse::<Date>().is_ok(),
    }
}
