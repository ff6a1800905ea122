//! What holds offline when a profile leaves it out.

use toml::{Table, Value};

use crate::roles::{CLEARING, ROLES};

/// Fills in every documented default that is not one of the live mapping.
pub(super) fn fill(own: &mut Table) {
    own.entry("version").or_insert(Value::Integer(1));
    put(own, &["seller"], "established", "GB");
    if own.get("seller").and_then(|seller| seller.get("vcs_from")).is_none() {
        put(own, &["seller"], "vcs", "detect");
    } else {
        put(own, &["seller"], "vcs", "on");
    }
    put(own, &["seller"], "ship_from", "GB");
    put(own, &["seller"], "home_currency", "GBP");
    put(own, &["invoices"], "when", "dispatch");
    put(own, &["invoices"], "prefix", "AMZ-");
    put(own, &["invoices", "payment"], "method", 0);
    put(own, &["customers"], "mode", "shared");
    put(own, &["customers"], "code_prefix", "AMZ");
    put(own, &["destination"], "unknown", "marketplace_country");
    for (currency, code, _) in CLEARING {
        put(own, &["invoices", "payment", "accounts"], currency, i64::from(*code));
    }
    for role in ROLES {
        put(own, &["accounts"], role.word, i64::from(role.code));
    }
}

/// Puts `value` at `path`.`key` unless something is there.
fn put(table: &mut Table, path: &[&str], key: &str, value: impl Into<Value>) {
    let Some((first, rest)) = path.split_first() else {
        table.entry(key).or_insert(value.into());
        return;
    };
    let inner = table.entry(*first).or_insert_with(|| Value::Table(Table::new()));
    // What is there and no table was refused before.
    if let Value::Table(inner) = inner {
        put(inner, rest, key, value);
    }
}
