//! Amounts as files write them: a point or a comma, thousands grouped or not, and a minus in one of five forms.
//!
//! Which of point and comma is the decimal separator is decided once for a file, from all the amounts that show it; one amount
//! alone cannot always tell (`1.234`). The quick path reads `-12.34`; whatever else there is takes the long one.

use money::Currency;

/// What stands between the whole and the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Decimal {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl Decimal {
    /// `point` or `comma`.
    pub fn name(self) -> &'static str {
        match self {
            Decimal::Point => "point",
            Decimal::Comma => "comma",
        }
    }

    fn byte(self) -> u8 {
        match self {
            Decimal::Point => b'.',
            Decimal::Comma => b',',
        }
    }
}

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum NotAnAmount {
    /// Nothing is written.
    Empty,
    /// Not a number, or not one in the file's form.
    Unreadable,
    /// More decimals than the currency has, and they are not zero.
    TooPrecise,
    /// Beyond 92 quadrillion minor units.
    TooLarge,
}

impl NotAnAmount {
    pub(crate) fn reason(self) -> &'static str {
        match self {
            NotAnAmount::Empty => "is empty",
            NotAnAmount::Unreadable => "is not an amount in the form of this file",
            NotAnAmount::TooPrecise => "has more decimals than the currency has",
            NotAnAmount::TooLarge => "is larger than any amount can be",
        }
    }
}

/// Minor units of `text` in a currency of `decimals` decimals.
#[inline]
pub(crate) fn minor(text: &str, form: Decimal, currency: Currency, decimals: u32) -> Result<i64, NotAnAmount> {
    match plain(text.as_bytes(), form.byte(), decimals) {
        Some(minor) => Ok(minor),
        None => written(text, form, currency, decimals),
    }
}

/// `-12.34` with exactly the currency's decimals, up to 15 digits.
#[inline]
fn plain(bytes: &[u8], separator: u8, decimals: u32) -> Option<i64> {
    let (negative, digits) = match bytes {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > 15 {
        return None;
    }
    let decimals = decimals as usize;
    let (whole, fraction) = if decimals == 0 {
        (digits, &[][..])
    } else {
        let at = digits.len().checked_sub(decimals + 1)?;
        if digits[at] != separator {
            return None;
        }
        (&digits[..at], &digits[at + 1..])
    };
    if whole.is_empty() {
        return None;
    }
    let mut minor = 0_i64;
    for &byte in whole.iter().chain(fraction) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        minor = minor * 10 + i64::from(digit);
    }
    Some(if negative { -minor } else { minor })
}

/// The long way: signs before, behind and around, groups, blanks, the currency's code or symbol.
#[cold]
fn written(text: &str, form: Decimal, currency: Currency, decimals: u32) -> Result<i64, NotAnAmount> {
    let (negative, digits) = unsigned(text, currency)?;
    let (whole, fraction) = match digits.rsplit_once(form.byte() as char) {
        Some((whole, fraction)) => (whole, fraction),
        None => (digits.as_str(), ""),
    };
    let whole = ungrouped(whole, form)?;
    if (whole.is_empty() && fraction.is_empty()) || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotAnAmount::Unreadable);
    }
    let (kept, beyond) = fraction.split_at(fraction.len().min(decimals as usize));
    if beyond.bytes().any(|byte| byte != b'0') {
        return Err(NotAnAmount::TooPrecise);
    }
    let padding = std::iter::repeat_n(b'0', decimals as usize - kept.len());
    let mut minor = 0_i64;
    for digit in whole.bytes().chain(kept.bytes()).chain(padding) {
        minor = minor
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(i64::from(digit - b'0')))
            .ok_or(NotAnAmount::TooLarge)?;
    }
    Ok(if negative { -minor } else { minor })
}

/// Whether it is negative, and what is left when blanks, signs and the currency's own sign are taken away.
fn unsigned(text: &str, currency: Currency) -> Result<(bool, String), NotAnAmount> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(NotAnAmount::Empty);
    }
    let mut negative = false;
    let mut signed = false;
    let in_brackets = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    if let Some(inner) = in_brackets {
        (rest, negative, signed) = (inner.trim(), true, true);
    }
    loop {
        let before = rest;
        for minus in ['-', '\u{2212}', '\u{2013}', '\u{FF0D}', '+'] {
            if let Some(inner) = rest.strip_prefix(minus).or_else(|| rest.strip_suffix(minus)) {
                if signed {
                    return Err(NotAnAmount::Unreadable);
                }
                (rest, negative, signed) = (inner.trim(), minus != '+', true);
            }
        }
        for sign in signs(currency) {
            if let Some(inner) = rest.strip_prefix(sign).or_else(|| rest.strip_suffix(sign)) {
                rest = inner.trim();
            }
        }
        if rest == before {
            break;
        }
    }
    let digits = rest.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    Ok((negative, digits.collect()))
}

/// How the currency is written beside an amount, the longest first.
fn signs(currency: Currency) -> impl Iterator<Item = &'static str> {
    let symbols: &[&str] = match currency.code() {
        "GBP" => &["£"],
        "EUR" => &["€"],
        "USD" => &["US$", "$"],
        "JPY" | "CNY" => &["¥", "￥", "円", "元"],
        "PLN" => &["zł"],
        "SEK" => &["kr"],
        "CAD" | "AUD" | "SGD" | "MXN" => &["$"],
        "INR" => &["₹"],
        "TRY" => &["₺"],
        "BRL" => &["R$"],
        _ => &[],
    };
    std::iter::once(currency.code()).chain(symbols.iter().copied())
}

/// The digits of a whole number whose groups, if it has any, are right: three digits each, or Indian (`12,34,567`).
fn ungrouped(whole: &str, form: Decimal) -> Result<String, NotAnAmount> {
    let mark = match form {
        Decimal::Point => ',',
        Decimal::Comma => '.',
    };
    let mut used = None;
    for character in whole.chars().filter(|character| !character.is_ascii_digit()) {
        if !(character == mark || matches!(character, ' ' | '\'' | '\u{2019}')) || used.is_some_and(|u| u != character)
        {
            return Err(NotAnAmount::Unreadable);
        }
        used = Some(character);
    }
    let Some(used) = used else { return Ok(whole.to_owned()) };
    let groups: Vec<&str> = whole.split(used).collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let well_grouped = match lengths.as_slice() {
        [first, rest @ ..] if (1..=3).contains(first) && rest.iter().all(|length| *length == 3) => true,
        [first, middle @ .., 3] => (1..=2).contains(first) && middle.iter().all(|length| *length == 2),
        _ => false,
    };
    if well_grouped { Ok(groups.concat()) } else { Err(NotAnAmount::Unreadable) }
}

/// What an amount tells about the file's decimal separator.
pub(crate) fn evidence(text: &str) -> Option<Decimal> {
    let last = text.rfind(['.', ','])?;
    let byte = text.as_bytes()[last];
    let form = if byte == b'.' { Decimal::Point } else { Decimal::Comma };
    let other = if byte == b'.' { ',' } else { '.' };
    let behind = text[last + 1..].bytes().take_while(u8::is_ascii_digit).count();
    let repeated = text[..last].contains(byte as char);
    let with_other = text[..last].contains(other);
    if repeated {
        // `1.234.567`: a mark that comes twice groups, so the other one would be the decimal separator.
        return Some(if form == Decimal::Point { Decimal::Comma } else { Decimal::Point });
    }
    // `1,234.567` shows both; three digits behind one mark alone may be a group, unless it could not be one (`0.500`).
    let starts_with_zero = text[..last].trim_start_matches(|c: char| !c.is_ascii_digit()).starts_with('0');
    (with_other || behind != 3 || starts_with_zero).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, form: Decimal) -> Result<i64, NotAnAmount> {
        minor(text, form, Currency::GBP, 2)
    }

    #[test]
    fn every_way_of_writing_an_amount_is_read_to_the_penny() {
        for (text, expected) in [
            ("95.00", 95_00),
            ("-0.05", -5),
            ("1234.5", 1234_50),
            ("1,234.56", 1234_56),
            ("12,345,678.90", 12_345_678_90),
            ("1'234.56", 1234_56),
            ("1\u{a0}234.56", 1234_56),
            (" 32.09    ", 32_09),
            ("1.23-", -1_23),
            ("(1.23)", -1_23),
            ("\u{2212}1.23", -1_23),
            ("+7", 7_00),
            ("£1.20", 1_20),
            ("-£1.20", -1_20),
            ("1.20 GBP", 1_20),
            (".5", 50),
            ("12.3400", 12_34),
            ("0", 0),
            ("12,34,567.00", 12_34_567_00),
        ] {
            assert_eq!(read(text, Decimal::Point), Ok(expected), "{text}");
        }
        for (text, expected) in [("95,00", 95_00), ("1.234,56", 1234_56), ("1.234", 1234_00), ("-1 234,5", -1234_50)] {
            assert_eq!(read(text, Decimal::Comma), Ok(expected), "{text}");
        }
        let yen = Currency::parse("JPY").unwrap();
        assert_eq!(minor("1,980", Decimal::Point, yen, 0), Ok(1980));
        assert_eq!(minor("-1980", Decimal::Point, yen, 0), Ok(-1980));
        assert_eq!(minor("1980.00", Decimal::Point, yen, 0), Ok(1980));
    }

    #[test]
    fn what_is_not_an_amount_is_never_read_as_one() {
        for text in ["abc", "1.2.3", "12,34", "1,23.45", "1.2e3", "--1", "-(1)", "1 23", "£", ".", "1,2345.00", "9,99"]
        {
            assert_eq!(read(text, Decimal::Point), Err(NotAnAmount::Unreadable), "{text}");
        }
        assert_eq!(read("1.005", Decimal::Point), Err(NotAnAmount::TooPrecise));
        assert_eq!(read("92233720368547758.08", Decimal::Point), Err(NotAnAmount::TooLarge));
        assert_eq!(read(" ", Decimal::Point), Err(NotAnAmount::Empty));
    }

    #[test]
    fn an_amount_tells_its_separator_only_if_it_can_be_read_one_way() {
        for (text, told) in [
            ("95.00", Some(Decimal::Point)),
            ("95,00", Some(Decimal::Comma)),
            ("1.234,56", Some(Decimal::Comma)),
            ("1,234.56", Some(Decimal::Point)),
            ("1.234", None),
            ("1,234", None),
            ("0.500", Some(Decimal::Point)),
            ("1.234.567", Some(Decimal::Comma)),
            ("12", None),
            ("(1,5)", Some(Decimal::Comma)),
        ] {
            assert_eq!(evidence(text), told, "{text}");
        }
    }
}
