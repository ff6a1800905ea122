//! Addresses in the shape of the books: four lines, postcode, ISO country.
//!
//! Buyers type what they like. Nothing is invented and nothing that matters is dropped: control characters go, repeated parts
//! go, long lines break at words, and what does not fit in four lines is joined, not lost.

use model::{Address, Country};

/// Longest line that the books are known to keep.
const LINE_MAX: usize = 60;

/// Lines of an address in the books.
const LINES_MAX: usize = 4;

/// The parts of an address as a marketplace gives them.
#[derive(Clone, Debug, Default)]
pub struct Parts<'a> {
    /// Street lines.
    pub lines: &'a [&'a str],
    /// Town.
    pub town: &'a str,
    /// County, district, state or region.
    pub county: &'a str,
    /// Postcode.
    pub postcode: &'a str,
    /// Country as ISO code or English name.
    pub country: &'a str,
}

/// Brings an address into shape.
pub fn harmonise(parts: &Parts<'_>) -> Address {
    let country = country(parts.country);
    let postcode = postcode(parts.postcode, country);
    let mut lines: Vec<String> = Vec::new();
    for part in parts.lines.iter().copied().chain([parts.town, &county(parts.county, country)]) {
        for line in broken(&clean(part)) {
            let repeats = |seen: &String| seen.eq_ignore_ascii_case(&line);
            let is_postcode = postcode.as_deref().is_some_and(|code| squeezed(code) == squeezed(&line));
            if !line.is_empty() && !lines.iter().any(repeats) && !is_postcode {
                lines.push(line);
            }
        }
    }
    while lines.len() > LINES_MAX {
        // The two shortest neighbours are joined: nothing is lost, and the town stays on its own line as long as possible.
        let place = (0..lines.len() - 1).min_by_key(|&place| lines[place].len() + lines[place + 1].len()).unwrap_or(0);
        let next = lines.remove(place + 1);
        lines[place] = format!("{}, {next}", lines[place]);
    }
    Address { lines, postcode, country }
}

/// A UK postcode with its space and in upper case (`ls14ap` → `LS1 4AP`); others trimmed.
pub fn postcode(text: &str, country: Option<Country>) -> Option<String> {
    let tidy = clean(text).to_uppercase();
    if tidy.is_empty() {
        return None;
    }
    let uk = country.is_none_or(|country| country == Country::GB || ["JE", "GG", "IM"].contains(&country.code()));
    let compact = squeezed(&tidy);
    if uk && is_uk_postcode(&compact) {
        let (outward, inward) = compact.split_at(compact.len() - 3);
        return Some(format!("{outward} {inward}"));
    }
    Some(tidy)
}

/// Outward code of 2 to 4 characters that begins with a letter, inward code digit-letter-letter.
fn is_uk_postcode(compact: &str) -> bool {
    let bytes = compact.as_bytes();
    if !(5..=7).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_alphanumeric) {
        return false;
    }
    let (outward, inward) = bytes.split_at(bytes.len() - 3);
    outward[0].is_ascii_alphabetic()
        && outward.iter().any(u8::is_ascii_digit)
        && inward[0].is_ascii_digit()
        && inward[1].is_ascii_alphabetic()
        && inward[2].is_ascii_alphabetic()
}

/// A country by its code or by one of the English names that marketplaces use.
pub fn country(text: &str) -> Option<Country> {
    const NAMES: &[(&str, &str)] = &[
        ("united kingdom", "GB"),
        ("great britain", "GB"),
        ("england", "GB"),
        ("scotland", "GB"),
        ("wales", "GB"),
        ("northern ireland", "GB"),
        ("ireland", "IE"),
        ("republic of ireland", "IE"),
        ("germany", "DE"),
        ("deutschland", "DE"),
        ("france", "FR"),
        ("spain", "ES"),
        ("italy", "IT"),
        ("netherlands", "NL"),
        ("the netherlands", "NL"),
        ("belgium", "BE"),
        ("austria", "AT"),
        ("poland", "PL"),
        ("sweden", "SE"),
        ("united states", "US"),
        ("united states of america", "US"),
        ("usa", "US"),
        ("canada", "CA"),
        ("australia", "AU"),
        ("japan", "JP"),
        ("jersey", "JE"),
        ("guernsey", "GG"),
        ("isle of man", "IM"),
        ("switzerland", "CH"),
        ("norway", "NO"),
        ("denmark", "DK"),
        ("portugal", "PT"),
        ("greece", "GR"),
    ];
    let text = clean(text);
    let named = || {
        NAMES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).and_then(|(_, code)| Country::parse(code).ok())
    };
    Country::parse(&text).ok().or_else(named)
}

/// British counties by their usual abbreviations.
fn county(text: &str, country: Option<Country>) -> String {
    const SHORT: &[(&str, &str)] = &[
        ("yorks", "Yorkshire"),
        ("lancs", "Lancashire"),
        ("notts", "Nottinghamshire"),
        ("leics", "Leicestershire"),
        ("staffs", "Staffordshire"),
        ("glos", "Gloucestershire"),
        ("herts", "Hertfordshire"),
        ("beds", "Bedfordshire"),
        ("berks", "Berkshire"),
        ("bucks", "Buckinghamshire"),
        ("cambs", "Cambridgeshire"),
        ("hants", "Hampshire"),
        ("lincs", "Lincolnshire"),
        ("northants", "Northamptonshire"),
        ("oxon", "Oxfordshire"),
        ("wilts", "Wiltshire"),
        ("worcs", "Worcestershire"),
        ("w yorks", "West Yorkshire"),
        ("s yorks", "South Yorkshire"),
        ("n yorks", "North Yorkshire"),
    ];
    let tidy = clean(text);
    if country.is_some_and(|country| country != Country::GB) {
        return tidy;
    }
    let bare = tidy.replace('.', "");
    SHORT.iter().find(|(short, _)| bare.eq_ignore_ascii_case(short)).map_or(tidy, |(_, long)| (*long).to_owned())
}

/// Without control and invisible characters, with single blanks, without separators at the ends.
fn clean(text: &str) -> String {
    const INVISIBLE: &[char] =
        &['\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2060}', '\u{feff}', '\u{fe0f}'];
    let visible: String = text
        .chars()
        .filter(|character| !INVISIBLE.contains(character))
        .map(|character| if character.is_control() || character.is_whitespace() { ' ' } else { character })
        .collect();
    visible
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .trim_matches([',', ';'])
        .trim()
        .to_owned()
}

/// A line in pieces of at most `LINE_MAX` characters, broken at words where there are any.
fn broken(line: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut piece = String::new();
    for word in line.split(' ') {
        let longer = piece.chars().count() + 1 + word.chars().count() > LINE_MAX;
        if longer && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
        }
        if !piece.is_empty() {
            piece.push(' ');
        }
        piece.push_str(word);
        while piece.chars().count() > LINE_MAX {
            let rest: String = piece.chars().skip(LINE_MAX).collect();
            pieces.push(piece.chars().take(LINE_MAX).collect());
            piece = rest;
        }
    }
    pieces.push(piece);
    pieces
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect::<String>().to_ascii_uppercase()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(lines: &[&str], town: &str, county: &str, postcode: &str, country: &str) -> Address {
        harmonise(&Parts { lines, town, county, postcode, country })
    }

    #[test]
    fn a_postcode_gets_its_space_and_repeated_parts_go() {
        let address = of(&["1 High Street ", "Leeds", "ls14ap"], "LEEDS", "W. Yorks", "ls14ap", "United Kingdom");
        assert_eq!(address.lines, ["1 High Street", "Leeds", "West Yorkshire"]);
        assert_eq!(address.postcode.as_deref(), Some("LS1 4AP"));
        assert_eq!(address.country, Some(Country::GB));
    }

    #[test]
    fn what_looks_like_an_attack_is_a_name_like_any_other() {
        let address = of(&["Robert'); DROP TABLE invoices;--"], "Bath", "", "BA1 1AA", "GB");
        assert_eq!(address.lines, ["Robert'); DROP TABLE invoices;--", "Bath"]);
    }

    #[test]
    fn a_foreign_postcode_is_left_as_it_is() {
        assert_eq!(postcode(" 80331 ", Country::parse("DE").ok()).as_deref(), Some("80331"));
        assert_eq!(postcode("d02x285", Country::parse("IE").ok()).as_deref(), Some("D02X285"));
    }

    #[test]
    fn six_lines_become_four_and_no_word_is_lost() {
        let address =
            of(&["Flat 2", "The Old Mill", "12 Canal Street"], "Sowerby Bridge", "West Yorkshire", "HX6 2AB", "GB");
        assert_eq!(address.lines.len(), 4);
        let all = address.lines.join(" ");
        for word in ["Flat", "Mill", "Canal", "Sowerby", "Yorkshire"] {
            assert!(all.contains(word), "{all}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_at_most_four_lines_without_control_characters(
            lines in proptest::collection::vec(".{0,200}", 0..6), town in ".{0,80}", county in ".{0,40}", code in ".{0,20}", country in ".{0,20}"
        ) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let address = of(&lines, &town, &county, &code, &country);
            prop_assert!(address.lines.len() <= 4);
            prop_assert!(address.lines.iter().all(|line| !line.is_empty() && !line.chars().any(char::is_control)));
        }
    }
}
