//! Names as words: how a fee code, an account name or a field path is taken apart, so that `FBAPerUnitFulfillmentFee`,
//! `FBA_PER_UNIT_FULFILMENT_FEE` and "FBA per-unit fulfilment fees" are the same words.

/// The words of a name: split at case changes, digits and punctuation, in lower case, British spelling, singular.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = text.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        if character == '&' || character == '+' {
            flush(&mut words, &mut word);
            words.push("and".to_owned());
            continue;
        }
        // An apostrophe joins: seller's, children's.
        if matches!(character, '\'' | '’') {
            continue;
        }
        if !character.is_alphanumeric() {
            flush(&mut words, &mut word);
            continue;
        }
        if starts_word(&characters, index) {
            flush(&mut words, &mut word);
        }
        word.extend(character.to_lowercase());
    }
    flush(&mut words, &mut word);
    words
}

/// A capital after a small letter (`feeBase`), the last capital of a run before a small letter (`FBAFee`), a digit after a letter.
fn starts_word(characters: &[char], index: usize) -> bool {
    let Some(before) = index.checked_sub(1).and_then(|before| characters.get(before)) else { return false };
    let (this, after) = (characters[index], characters.get(index + 1));
    let capital_after_small = this.is_uppercase() && before.is_lowercase();
    let end_of_acronym = this.is_uppercase()
        && before.is_uppercase()
        && after.is_some_and(|after| after.is_lowercase())
        // A plural of an acronym: SKUs, IDs.
        && !(after == Some(&'s') && characters.get(index + 2).is_none_or(|next| !next.is_lowercase()));
    let digit_edge = before.is_alphanumeric() && (this.is_ascii_digit() != before.is_ascii_digit());
    capital_after_small || end_of_acronym || digit_edge
}

fn flush(words: &mut Vec<String>, word: &mut String) {
    if word.is_empty() {
        return;
    }
    let folded: String = std::mem::take(word).chars().map(folded).collect();
    words.push(singular(british(&folded)));
}

/// Letters without their accents, as far as western names need it.
fn folded(character: char) -> char {
    match character {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

/// American spellings and run-together words of marketplaces, as one British form.
fn british(word: &str) -> &str {
    match word {
        "fulfillment" | "fulfillments" | "fulfilments" | "fulfil" | "fulfill" | "fulfilled" => "fulfilment",
        "labeling" | "labels" | "labelled" | "labeled" => "labelling",
        "advertisement" | "advertisements" | "adverts" | "advertise" => "advertising",
        "catalog" => "catalogue",
        "license" | "licenses" => "licence",
        "enrollment" | "enrolment" => "enrolment",
        "utilization" => "utilisation",
        "program" | "programs" | "programmes" => "programme",
        "canceled" => "cancelled",
        "organization" => "organisation",
        "center" => "centre",
        "color" => "colour",
        "installment" | "installments" | "instalments" => "instalment",
        "aluminum" => "aluminium",
        "gray" => "grey",
        "tire" => "tyre",
        "diaper" | "diapers" => "nappy",
        "pajamas" => "pyjamas",
        "postal" => "postage",
        "reimburse" | "reimbursed" => "reimbursement",
        "promotional" | "promotions" => "promotion",
        "disposed" => "disposal",
        "removed" => "removal",
        "stored" => "storage",
        "whs" => "warehouse",
        "adj" | "adjusted" | "adjustments" => "adjustment",
        "comm" => "commission",
        "amz" | "amzn" => "amazon",
        "qty" => "quantity",
        "acct" | "acc" => "account",
        "inv" => "invoice",
        "amt" => "amount",
        "ref" => "reference",
        "addr" => "address",
        "desc" => "description",
        "num" | "no" | "nr" => "number",
        "curr" | "ccy" => "currency",
        "misc" => "miscellaneous",
        "exch" => "exchange",
        "tel" => "telephone",
        "wht" => "withholding",
        other => other,
    }
}

/// The singular of a regular plural. Words that only look like plurals stay.
fn singular(word: &str) -> String {
    let keep = word.len() < 4
        || ["ss", "us", "is", "os"].iter().any(|ending| word.ends_with(ending))
        || matches!(word, "series" | "news" | "vans");
    if keep || !word.ends_with('s') {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    for ending in ["sses", "xes", "ches", "shes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    word[..word.len() - 1].to_owned()
}

/// The words of a phrase to look for; one that ends with `*` also finds words that only begin like it.
pub fn phrase(text: &str) -> Vec<String> {
    let mut phrase = words(text);
    if let (true, Some(last)) = (text.ends_with('*'), phrase.last_mut()) {
        last.push('*');
    }
    phrase
}

/// Whether `phrase` stands in `words`, consecutively.
pub fn contains(words: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty()
        && words.windows(phrase.len()).any(|window| window.iter().zip(phrase).all(|(word, cue)| is(word, cue)))
}

/// Whether all words of `phrase` stand somewhere in `words`.
pub fn contains_all(words: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && phrase.iter().all(|cue| words.iter().any(|word| is(word, cue)))
}

fn is(word: &str, cue: &str) -> bool {
    cue.strip_suffix('*').map_or_else(|| word == cue, |beginning| word.starts_with(beginning))
}

/// A name as one word, for exact comparison: letters and digits of its words.
pub fn squeezed(text: &str) -> String {
    words(text).concat()
}

/// Three-letter pieces of a name with its edges, for likeness of spelling.
pub fn trigrams(words: &[String]) -> Vec<[char; 3]> {
    let padded: Vec<char> = format!(" {} ", words.join(" ")).chars().collect();
    padded.windows(3).map(|window| [window[0], window[1], window[2]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        words(text).join(" ")
    }

    #[test]
    fn the_same_name_in_different_dress_is_the_same_words() {
        for text in [
            "FBAPerUnitFulfillmentFee",
            "FBA_PER_UNIT_FULFILMENT_FEES",
            "FBA per-unit fulfilment fee",
            "fba.per.unit fulfillment fees",
        ] {
            assert_eq!(shown(text), "fba per unit fulfilment fee", "{text}");
        }
        assert_eq!(shown("MarketplaceFacilitatorVAT-Principal"), "marketplace facilitator vat principal");
        assert_eq!(shown("Postage & Packing"), "postage and packing");
        assert_eq!(shown("Children's clothes"), "children clothe");
        assert_eq!(shown("SKUs of IDs"), "skus of ids");
        assert_eq!(shown("Line2"), "line 2");
        assert_eq!(shown("Frais de stockage d'Amazon: réservé"), "frais de stockage damazon reserve");
    }

    #[test]
    fn a_phrase_is_found_in_order_and_by_its_beginning_where_it_says_so() {
        let name = words("Monthly Warehousing Fees");
        assert!(contains(&name, &phrase("warehous*")));
        assert!(contains(&name, &phrase("warehousing fee")));
        assert!(!contains(&name, &phrase("fee warehousing")));
        assert!(contains_all(&name, &phrase("fee warehousing")));
        assert!(!contains(&words("customer refund"), &phrase("customs")), "customs are not customers");
    }
}
