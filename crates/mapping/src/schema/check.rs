//! Holding a document against the table of keys.

use toml::{Table, Value};

use super::Key;
use super::keys::{KEYS, SERIES};
use super::kind::name_refused;
use crate::MappingError;
use crate::roles::{ROLES, role_of};

/// Everything in `table` that no key allows, with the key that was probably meant.
pub(crate) fn problems(table: &Table) -> Vec<MappingError> {
    let mut found = Vec::new();
    walk(table, &mut Vec::new(), "", &mut found);
    found
}

/// A segment of a pattern and what hangs below it.
struct Below {
    segment: &'static str,
    leaf: Option<&'static Key>,
}

fn below(pattern: &[&'static str]) -> Vec<Below> {
    let mut found: Vec<Below> = Vec::new();
    for key in KEYS {
        let segments: Vec<&'static str> = segments(key.path);
        if segments.len() > pattern.len() && segments[..pattern.len()] == *pattern {
            let segment = segments[pattern.len()];
            let leaf = (segments.len() == pattern.len() + 1).then_some(key);
            match found.iter_mut().find(|below| below.segment == segment) {
                Some(below) => below.leaf = below.leaf.or(leaf),
                None => found.push(Below { segment, leaf }),
            }
        }
    }
    found
}

/// Segments of a path; a placeholder may contain a dot or a slash.
fn segments(path: &'static str) -> Vec<&'static str> {
    path.split('.').collect()
}

fn walk(table: &Table, pattern: &mut Vec<&'static str>, path: &str, found: &mut Vec<MappingError>) {
    let below = below(pattern);
    for (name, value) in table {
        let full = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let Some(hit) = below.iter().find(|below| matches(below.segment, name)) else {
            found.push(MappingError::new(full, "this key is not known", nearest(name, &below)));
            continue;
        };
        if let Some((what, fix)) = name_refused(hit.segment, name) {
            found.push(MappingError::new(full, what, fix));
            continue;
        }
        if let Some(key) = hit.leaf {
            if let Some((what, fix)) = key.kind.refuses(value) {
                found.push(MappingError { meaning: key.meaning.to_owned(), ..MappingError::new(full, what, fix) });
            }
            continue;
        }
        pattern.push(hit.segment);
        match (value, hit.segment.ends_with("[]")) {
            (Value::Table(inner), false) => walk(inner, pattern, &full, found),
            (Value::Array(list), true) => {
                for (index, entry) in list.iter().enumerate() {
                    let place = format!("{full}[{}]", index + 1);
                    match entry {
                        Value::Table(inner) => walk(inner, pattern, &place, found),
                        _ => found.push(MappingError::new(
                            place,
                            "this is not a table",
                            "Write [[…]] and its keys below",
                        )),
                    }
                }
            }
            (_, true) => found.push(MappingError::new(
                full.clone(),
                "this is a list of tables",
                format!("Write [[{full}]] and its keys below"),
            )),
            (_, false) => {
                found.push(MappingError::new(
                    full.clone(),
                    "this is a table",
                    format!("Write [{full}] and its keys below"),
                ));
            }
        }
        pattern.pop();
    }
}

fn matches(segment: &str, name: &str) -> bool {
    match segment {
        "<role>" => role_of(name).is_some(),
        "<series>" => SERIES.contains(&name),
        _ if segment.starts_with('<') => true,
        _ => segment.trim_end_matches("[]") == name,
    }
}

/// The known key that is nearest to a typo, or all known ones if none is near.
fn nearest(name: &str, below: &[Below]) -> String {
    let known: Vec<&str> = below
        .iter()
        .flat_map(|below| match below.segment {
            "<role>" => ROLES.iter().map(|role| role.word).collect(),
            "<series>" => SERIES.to_vec(),
            segment => vec![segment.trim_end_matches("[]")],
        })
        .collect();
    if ["CLEARING", "clearing"].contains(&name) {
        return "Clearing accounts stand in [invoices.payment.accounts], one for each currency".to_owned();
    }
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map_or_else(
            || format!("Known here: {}", known.join(", ")),
            |(_, candidate)| format!("Did you mean `{candidate}`?"),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_name_goes_before_a_name_that_the_owner_chooses() {
        let accounts = below(&["accounts"]);
        let hit = accounts.iter().find(|below| matches(below.segment, "marketplaces")).expect("a segment");
        assert_eq!(hit.segment, "marketplaces");
    }
}
