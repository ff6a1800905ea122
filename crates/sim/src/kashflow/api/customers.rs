//! Customers: list, search, create, read, change, delete.

use std::collections::BTreeSet;

use super::call::Body;
use super::customer_fields as fields;
use super::paging::{Page, envelope};
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::day::london_day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Customer, Ledger};

/// A page of summaries, by code unless `sortby` says name, paid or outstanding.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 50, per_page_max(account))?;
    let (from, to) = (call.query_day("startcreationdate")?, call.query_day("endcreationdate")?);
    let archived = call.query_flag("filterarchived");
    let ledger = account.ledger();
    let customers = &ledger.customers;
    let wanted = |customer: &Customer| {
        let made = london_day(customer.created_at);
        archived.is_none_or(|archived| customer.archived == archived)
            && from.is_none_or(|from| made >= from)
            && to.is_none_or(|to| made <= to)
            && customer.created_at <= call.seen_until
    };
    let narrowed = narrowed(&ledger, call);
    let by_code = matches!(call.query("sortby"), None | Some("1")) || is_called(call, "Code");
    let unfiltered = narrowed.is_none() && archived.is_none() && from.is_none() && to.is_none();
    if unfiltered && by_code && call.seen_until >= call.now {
        let take = |ids: &mut dyn Iterator<Item = i64>| ids.skip(page.skipped()).take(page.size).collect::<Vec<i64>>();
        let ids = if call.descending(false) {
            take(&mut customers.ids_by_code().rev())
        } else {
            take(&mut customers.ids_by_code())
        };
        let rows =
            ids.iter().filter_map(|id| customers.by_id(*id)).map(|customer| fields::row(&ledger, customer)).collect();
        return Ok(Reply::ok(envelope(account, call, page, customers.len(), rows)));
    }
    let ids: Vec<i64> = narrowed.map_or_else(|| customers.ids_by_code().collect(), |ids| ids.into_iter().collect());
    let mut found: Vec<&Customer> =
        ids.iter().filter_map(|id| customers.by_id(*id)).filter(|own| wanted(own)).collect();
    sort(call, &mut found);
    let rows = page.of_slice(&found).iter().map(|customer| fields::row(&ledger, customer)).collect();
    Ok(Reply::ok(envelope(account, call, page, found.len(), rows)))
}

/// Ids, not codes, of the customers whose code, e-mail or name starts with a text.
pub fn search(account: &Account, call: &Call) -> Outcome {
    let text = call.query("searchText").ok_or_else(|| ApiError::invalid("searchText is missing."))?;
    let by = call.query("searchBy").unwrap_or_default().to_ascii_lowercase();
    let index = match by.as_str() {
        "code" => 'c',
        "email" => 'e',
        "name" => 'n',
        _ => return Err(ApiError::invalid("searchBy must be code, email or name.")),
    };
    let ledger = account.ledger();
    let hits = ledger.customers.starting_with(index, text);
    let found =
        hits.into_iter().filter_map(|id| ledger.customers.by_id(id)).filter(|own| own.created_at <= call.seen_until);
    let rows = found.map(|own| {
        let value = match index {
            'c' => own.code.clone(),
            'e' => own.emails().next().unwrap_or_default(),
            _ => own.name.clone(),
        };
        Json::object([("key", own.id.into()), ("value", value.into())])
    });
    Ok(Reply::ok(Json::List(rows.collect())))
}

/// A free code for a name, as a bare string.
pub fn suggested_code(account: &Account, call: &Call) -> Outcome {
    let name = call.body.text("Name").unwrap_or_default();
    Ok(Reply::ok(account.ledger().customers.suggest_code(&name).into()))
}

/// Creates a customer.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let name = call.body.text("Name").unwrap_or_default();
    let may_invent = |flag| call.body.flag(flag).map(|flag| flag.unwrap_or(false));
    if name.trim().is_empty() && !may_invent("CreateCustomerNameIfEmptyOrNull")? {
        return Err(ApiError::invalid("Name is required."));
    }
    let sent = call.body.text("Code").filter(|code| !code.trim().is_empty());
    let code = match sent {
        None => ledger.customers.suggest_code(&name),
        Some(code) => {
            let code = fields::valid_code(&code)?;
            match ledger.customers.by_code(&code) {
                None => code,
                Some(_) if may_invent("CreateCustomerCodeIfDuplicate")? => ledger.customers.suggest_code(&name),
                Some(_) => return Err(duplicate()),
            }
        }
    };
    let mut customer = fields::blank(0, code, call);
    fields::read(&ledger, call, &mut customer)?;
    if customer.name.is_empty() {
        customer.name = format!("Customer {}", customer.code);
    }
    customer.id = ledger.fresh_id();
    let body = fields::detail(&ledger, &customer);
    let location = format!("/customers/{}", customer.code);
    ledger.customers.put(customer);
    Ok(Reply::created(location, body))
}

/// One customer in full, by code.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let customer = by_code(&ledger, call.segment(1))?;
    Ok(Reply::ok(fields::detail(&ledger, customer)))
}

/// Changes a customer; 201 when its code changed.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let old = by_code(&ledger, call.segment(1))?;
    let mut customer = old.clone();
    if let Some(code) = call.body.text("Code").filter(|code| !code.eq_ignore_ascii_case(&old.code)) {
        customer.code = fields::valid_code(&code)?;
        if ledger.customers.by_code(&customer.code).is_some() {
            return Err(duplicate());
        }
    }
    let renamed = customer.code != old.code;
    fields::read(&ledger, call, &mut customer)?;
    let body = fields::detail(&ledger, &customer);
    let (id, code) = (customer.id, customer.code.clone());
    ledger.customers.put(customer);
    let address = call.query_flag("updateInvoicesAddress") == Some(true);
    if renamed || address {
        cascade(&mut ledger, id, address);
    }
    if renamed { Ok(Reply::created(format!("/customers/{code}"), body)) } else { Ok(Reply::ok(body)) }
}

/// Deletes a customer without documents.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    let mut ledger = account.ledger();
    let customer = by_code(&ledger, call.segment(1))?;
    if customer.figures.count > 0 {
        return Err(ApiError::refused("CustomerInUse", "The customer has invoices and cannot be deleted."));
    }
    let id = customer.id;
    ledger.customers.remove(id);
    Ok(Reply::done())
}

fn by_code<'a>(ledger: &'a Ledger, code: &str) -> Result<&'a Customer, ApiError> {
    ledger.customers.by_code(code).ok_or_else(|| ApiError::not_found("The customer"))
}

fn duplicate() -> ApiError {
    ApiError::refused("DuplicateCustomerCode", "Customer Code is not unique.")
}

/// Documents carry their customer's code and, if asked, its address.
fn cascade(ledger: &mut Ledger, id: i64, address: bool) {
    let Some(customer) = ledger.customers.by_id(id).cloned() else { return };
    let numbers: Vec<i64> = ledger.invoices.of_customer(id).iter().map(|(_, number)| *number).collect();
    let first = customer.extras.get("Addresses").and_then(Json::items).and_then(|addresses| addresses.first()).cloned();
    for number in numbers {
        ledger.change_invoice(number, |invoice| {
            invoice.contact_code.clone_from(&customer.code);
            if address {
                invoice.address.clone_from(&first);
            }
        });
    }
}

/// The customers that a text filter leaves, if there is one.
fn narrowed(ledger: &Ledger, call: &Call) -> Option<BTreeSet<i64>> {
    let customers = &ledger.customers;
    if let Some(text) = call.query("searchtext") {
        return Some(['c', 'e', 'n'].iter().flat_map(|index| customers.starting_with(*index, text)).collect());
    }
    call.query("namestartswith").map(|text| customers.starting_with('n', text))
}

fn is_called(call: &Call, name: &str) -> bool {
    call.query("sortby").is_some_and(|sort| sort.eq_ignore_ascii_case(name))
}

fn sort(call: &Call, found: &mut [&Customer]) {
    let outstanding = |own: &Customer| own.figures.net + own.figures.vat - own.figures.paid;
    match call.query("sortby").unwrap_or_default().to_ascii_lowercase().as_str() {
        "0" | "name" => found.sort_by_key(|own| own.name.to_lowercase()),
        "3" | "totalpaidamount" => found.sort_by_key(|own| own.figures.paid),
        "4" | "outstandingbalance" => found.sort_by_key(|own| outstanding(own)),
        _ => found.sort_by_key(|own| own.code.to_uppercase()),
    }
    if call.descending(false) {
        found.reverse();
    }
}

fn per_page_max(account: &Account) -> usize {
    usize::try_from(account.options().per_page_max).unwrap_or(usize::MAX)
}
