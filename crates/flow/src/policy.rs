//! From a mapping and what the books offer to the core's policy.

use std::collections::{BTreeMap, BTreeSet};

use bookkeeping::{
    Accounts, BooksFacts, CustomerMode, CustomerRules, DestinationRule, InvoiceRules, InvoiceWhen, PaymentRule, Policy,
    Problem, ProductLink, Rates, Role, Seller, VatClass, VatClasses, VatHistory, VatScheme, Vcs,
};
use mapping::{Account, Mapping, SchemeKind};
use model::{NominalCode, UkPart};
use money::Currency;

/// What the books offer, as far as decisions refer to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reference {
    /// Nominal codes that exist and are not archived; empty while the books were never read.
    pub nominals: BTreeSet<NominalCode>,
    /// Currencies enabled on the account.
    pub currencies: BTreeSet<Currency>,
    /// Codes of products whose stock the books count.
    pub stock_products: BTreeSet<String>,
}

/// Joins mapping and books. Words were checked when the mapping was read, so what remains are roles without an account.
///
/// # Errors
///
/// [`Problem`]s: accounts that the books do not have.
pub fn policy(mapping: &Mapping, reference: &Reference) -> Result<Policy, Vec<Problem>> {
    let accounts = accounts(mapping);
    let missing = missing_accounts(&accounts, reference);
    if !missing.is_empty() {
        return Err(missing);
    }
    Ok(Policy {
        seller: Seller {
            established: mapping.seller.established,
            vat: history(mapping),
            vcs: match (mapping.seller.vcs_from, mapping.seller.vcs.as_str()) {
                (Some(_), _) | (None, "on") => Vcs::On,
                (None, "off") => Vcs::Off,
                (None, _) => Vcs::Detect,
            },
            vcs_from: mapping.seller.vcs_from,
            ship_from: mapping.seller.ship_from,
            ship_from_part: if mapping.seller.northern_ireland {
                UkPart::NorthernIreland
            } else {
                UkPart::GreatBritain
            },
            home: mapping.seller.home_currency,
            export_evidence_kept: mapping.seller.export_evidence_kept,
        },
        vat: vat(mapping),
        invoices: InvoiceRules {
            when: if mapping.invoices.when == "payment" { InvoiceWhen::Payment } else { InvoiceWhen::Dispatch },
            prefix: mapping.invoices.prefix.clone(),
            due_days: mapping.invoices.due_days,
            payment: mapping
                .invoices
                .payment
                .as_ref()
                .map(|payment| PaymentRule { accounts: clearing(payment), method: payment.method }),
        },
        customers: CustomerRules {
            mode: if mapping.customers.mode == "per_buyer" { CustomerMode::PerBuyer } else { CustomerMode::Shared },
            code_prefix: mapping.customers.code_prefix.clone(),
        },
        accounts,
        products: mapping
            .products
            .iter()
            .map(|(sku, product)| {
                (sku.clone(), ProductLink { code: product.code.clone(), stock_managed: product.stock_managed })
            })
            .collect(),
        rates: Rates { source: mapping.rates.source, table: mapping.rates.periods.clone() },
        destination: if mapping.destination.unknown == "marketplace_country" {
            DestinationRule::MarketplaceCountry
        } else {
            DestinationRule::Park
        },
        books: BooksFacts {
            currencies: reference.currencies.clone(),
            stock_products: reference.stock_products.clone(),
        },
    })
}

fn vat(mapping: &Mapping) -> VatClasses {
    let mut classes =
        VatClasses { default: mapping.vat.default_class.as_deref().and_then(VatClass::parse), ..VatClasses::default() };
    for (sku, word) in &mapping.vat.skus {
        let Some(class) = VatClass::parse(word) else { continue };
        match sku.strip_suffix('*') {
            Some(prefix) => classes.by_prefix.insert(prefix.to_owned(), class),
            None => classes.by_sku.insert(sku.clone(), class),
        };
    }
    for (item, word) in &mapping.vat.order_items {
        if let Some(class) = VatClass::parse(word) {
            classes.by_order_line.insert(item.clone(), class);
        }
    }
    classes
}

/// The VAT history. The first scheme holds since ever, whatever day it names: nothing is known of the time before.
fn history(mapping: &Mapping) -> VatHistory {
    let of = |scheme: &mapping::Scheme| match scheme.scheme {
        SchemeKind::Standard => VatScheme::Standard,
        SchemeKind::NotRegistered => VatScheme::NotRegistered,
        SchemeKind::FlatRate => VatScheme::FlatRate { percent: scheme.flat_rate.unwrap_or(VatScheme::LIMITED_COST) },
    };
    let schemes = mapping.schemes();
    let first = schemes.first().map_or(VatScheme::Standard, of);
    schemes
        .iter()
        .filter_map(|scheme| Some((scheme.from?, of(scheme))))
        .fold(VatHistory::always(first), |history, (from, scheme)| history.then(from, scheme))
}

/// Clearing account of each currency.
fn clearing(payment: &mapping::Payment) -> BTreeMap<Currency, NominalCode> {
    payment.accounts.iter().map(|(currency, account)| (*currency, account.code)).collect()
}

fn accounts(mapping: &Mapping) -> Accounts {
    let roles = |table: &BTreeMap<String, Account>| -> BTreeMap<Role, NominalCode> {
        table.iter().filter_map(|(word, account)| Some((Role::parse(word)?, account.code))).collect()
    };
    let tables = |tables: &BTreeMap<String, BTreeMap<String, Account>>| {
        tables.iter().map(|(key, table)| (key.clone(), roles(table))).collect()
    };
    Accounts {
        general: roles(&mapping.accounts.general),
        by_marketplace: tables(&mapping.accounts.marketplaces),
        by_product: tables(&mapping.accounts.products),
        by_currency: mapping.accounts.currencies.iter().map(|(currency, table)| (*currency, roles(table))).collect(),
        names: mapping.account_names(),
    }
}

fn missing_accounts(accounts: &Accounts, reference: &Reference) -> Vec<Problem> {
    if reference.nominals.is_empty() {
        return Vec::new();
    }
    let all =
        std::iter::once(&accounts.general).chain(accounts.by_marketplace.values()).chain(accounts.by_product.values());
    let mut missing: Vec<(Role, NominalCode)> = all
        .flat_map(|table| table.iter().map(|(role, code)| (*role, *code)))
        .filter(|(_, code)| !reference.nominals.contains(code))
        .collect();
    missing.dedup();
    missing
        .into_iter()
        .map(|(role, code)| Problem {
            code: "account_not_in_books".to_owned(),
            path: format!("accounts.{}", role.as_str()),
            reason: format!(
                "The mapping posts {} to account {code}, which KashFlow does not have. Nothing is posted.",
                role.as_str()
            ),
            fix: "Correct [accounts] of the mapping or create the account in KashFlow, then press Retry.".to_owned(),
            high_priority: true,
        })
        .collect()
}
