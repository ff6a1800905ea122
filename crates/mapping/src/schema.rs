//! Which keys a mapping may have, so that a typo is answered with the key that was meant.

use toml::{Table, Value};

use crate::MappingError;

/// Tables and their keys. `*` stands for keys that the owner chooses.
const KEYS: &[(&str, &[&str])] = &[
    ("", &["version", "seller", "vat", "invoices", "customers", "accounts", "products", "destination", "rates"]),
    (
        "seller",
        &[
            "established",
            "vat_registered",
            "vcs",
            "ship_from",
            "northern_ireland",
            "home_currency",
            "export_evidence_kept",
        ],
    ),
    ("vat", &["default_class", "skus"]),
    ("vat.skus", &["*"]),
    ("invoices", &["when", "prefix", "due_days", "payment"]),
    ("invoices.payment", &["method", "accounts"]),
    ("invoices.payment.accounts", &["*"]),
    ("customers", &["mode", "code_prefix"]),
    (
        "accounts",
        &[
            "SALES",
            "SALES_MKT",
            "SALES_EXPORT",
            "SALES_OSS",
            "SHIP_INC",
            "GIFT_INC",
            "PROMO",
            "ROUNDING",
            "marketplaces",
            "products",
        ],
    ),
    ("accounts.marketplaces", &["*"]),
    ("accounts.products", &["*"]),
    ("products", &["*"]),
    ("products.*", &["code", "stock_managed"]),
    ("destination", &["unknown"]),
    ("rates", &["source", "periods"]),
    ("rates.periods", &["*"]),
];

/// Roles may stand in every accounts table.
const ROLES: &[&str] =
    &["SALES", "SALES_MKT", "SALES_EXPORT", "SALES_OSS", "SHIP_INC", "GIFT_INC", "PROMO", "ROUNDING"];

/// Unknown keys of `table`, each with the nearest known one.
pub(crate) fn unknown_keys(table: &Table) -> Vec<MappingError> {
    let mut found = Vec::new();
    walk(table, "", &mut found);
    found
}

fn walk(table: &Table, path: &str, found: &mut Vec<MappingError>) {
    let pattern = pattern(path);
    let known = if pattern.starts_with("accounts.marketplaces.") || pattern.starts_with("accounts.products.") {
        Some(ROLES)
    } else {
        KEYS.iter().find(|(name, _)| *name == pattern).map(|(_, keys)| *keys)
    };
    for (key, value) in table {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        if let Some(known) = known
            && !known.contains(&"*")
            && !known.contains(&key.as_str())
        {
            found.push(MappingError::new(full, "this key is not known", nearest(key, known)));
            continue;
        }
        if let Value::Table(inner) = value {
            walk(inner, &full, found);
        }
    }
}

fn pattern(path: &str) -> String {
    match path.split_once('.') {
        Some(("products", _)) => "products.*".to_owned(),
        _ => path.to_owned(),
    }
}

fn nearest(key: &str, known: &[&str]) -> String {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(key, candidate), candidate))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map_or_else(
            || format!("Known here: {}", known.join(", ")),
            |(_, candidate)| format!("Did you mean `{candidate}`?"),
        )
}
