//! Customers and suppliers: list, search, create, read, change, delete.

use std::collections::BTreeSet;

use super::call::Body;
use super::contact_fields as fields;
use super::paging::{Page, envelope};
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::day::london_day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Contact, Ledger, Side};

/// A page of summaries, by code unless `sortby` says name, paid or outstanding.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 50, per_page_max(account))?;
    let (from, to) = (call.query_day("startcreationdate")?, call.query_day("endcreationdate")?);
    let archived = call.query_flag("filterarchived");
    let ledger = account.ledger();
    let side = call.side();
    let contacts = &ledger[side].contacts;
    let wanted = |own: &Contact| {
        let made = london_day(own.created_at);
        archived.is_none_or(|archived| own.archived == archived)
            && from.is_none_or(|from| made >= from)
            && to.is_none_or(|to| made <= to)
            && own.created_at <= call.seen_until
    };
    let narrowed = narrowed(&ledger, call);
    let by_code = matches!(call.query("sortby"), None | Some("1")) || is_called(call, "Code");
    let unfiltered = narrowed.is_none() && archived.is_none() && from.is_none() && to.is_none();
    if unfiltered && by_code && call.seen_until >= call.now {
        let take = |ids: &mut dyn Iterator<Item = i64>| ids.skip(page.skipped()).take(page.size).collect::<Vec<i64>>();
        let ids = if call.descending(false) {
            take(&mut contacts.ids_by_code().rev())
        } else {
            take(&mut contacts.ids_by_code())
        };
        let rows = ids.iter().filter_map(|id| contacts.by_id(*id)).map(|own| fields::row(&ledger, side, own)).collect();
        return Ok(Reply::ok(envelope(account, call, page, contacts.len(), rows)));
    }
    let ids: Vec<i64> = narrowed.map_or_else(|| contacts.ids_by_code().collect(), |ids| ids.into_iter().collect());
    let mut found: Vec<&Contact> = ids.iter().filter_map(|id| contacts.by_id(*id)).filter(|own| wanted(own)).collect();
    sort(call, &mut found);
    let rows = page.of_slice(&found).iter().map(|own| fields::row(&ledger, side, own)).collect();
    Ok(Reply::ok(envelope(account, call, page, found.len(), rows)))
}

/// Ids, not codes, of the contacts whose code, e-mail or name starts with a text.
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
    let contacts = &ledger[call.side()].contacts;
    let hits = contacts.starting_with(index, text);
    let found = hits.into_iter().filter_map(|id| contacts.by_id(id)).filter(|own| own.created_at <= call.seen_until);
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
    Ok(Reply::ok(account.ledger()[call.side()].contacts.suggest_code(&name).into()))
}

/// Creates a customer or supplier.
pub fn create(account: &Account, call: &Call) -> Outcome {
    let side = call.side();
    let mut ledger = account.ledger();
    let id = file(&mut ledger, side, &call.body)?;
    let contact = ledger[side].contacts.by_id(id).ok_or_else(|| missing(side))?;
    let location = format!("/{}/{}", side.contact_route(), contact.code);
    Ok(Reply::created(location, fields::detail(&ledger, side, contact)))
}

/// Files what `body` says as a new customer or supplier. Gives its internal id.
pub fn file(ledger: &mut Ledger, side: Side, body: &Json) -> Result<i64, ApiError> {
    let name = body.text("Name").unwrap_or_default();
    let may_invent = |flag| body.flag(flag).map(|flag| flag.unwrap_or(false));
    let [name_flag, code_flag] = match side {
        Side::Sales => ["CreateCustomerNameIfEmptyOrNull", "CreateCustomerCodeIfDuplicate"],
        Side::Purchases => ["CreateSupplierNameIfEmptyOrNull", "CreateSupplierCodeIfDuplicate"],
    };
    if name.trim().is_empty() && !may_invent(name_flag)? {
        return Err(ApiError::invalid("Name is required."));
    }
    let sent = body.text("Code").filter(|code| !code.trim().is_empty());
    let code = match sent {
        None => ledger[side].contacts.suggest_code(&name),
        Some(code) => {
            let code = fields::valid_code(side, &code)?;
            match ledger[side].contacts.by_code(&code) {
                None => code,
                Some(_) if may_invent(code_flag)? => ledger[side].contacts.suggest_code(&name),
                Some(_) => return Err(duplicate(side)),
            }
        }
    };
    let mut contact = fields::blank(0, code, ledger.now);
    fields::read(ledger, side, body, &mut contact, ledger.now)?;
    if contact.name.is_empty() {
        contact.name = format!("{} {}", fields::title(side), contact.code);
    }
    contact.id = ledger.fresh_id();
    let id = contact.id;
    ledger[side].contacts.put(contact);
    Ok(id)
}

/// One customer or supplier in full, by code.
pub fn get(account: &Account, call: &Call) -> Outcome {
    let ledger = account.ledger();
    let contact = by_code(&ledger, call)?;
    Ok(Reply::ok(fields::detail(&ledger, call.side(), contact)))
}

/// Changes a customer or supplier; 201 when its code changed.
pub fn update(account: &Account, call: &Call) -> Outcome {
    let side = call.side();
    let mut ledger = account.ledger();
    let address = call.query_flag("updateInvoicesAddress") == Some(true);
    let renamed = change(&mut ledger, side, call.segment(1), &call.body, address)?;
    let code = renamed.as_deref().unwrap_or_else(|| call.segment(1));
    let contact = ledger[side].contacts.by_code(code).ok_or_else(|| missing(side))?;
    let body = fields::detail(&ledger, side, contact);
    match &renamed {
        Some(code) => Ok(Reply::created(format!("/{}/{code}", side.contact_route()), body)),
        None => Ok(Reply::ok(body)),
    }
}

/// Changes the contact with a code. What `body` does not say stays. Gives its new code if that changed.
///
/// With `address` its documents take over its first address.
pub fn change(
    ledger: &mut Ledger,
    side: Side,
    code: &str,
    body: &Json,
    address: bool,
) -> Result<Option<String>, ApiError> {
    let old = ledger[side].contacts.by_code(code).ok_or_else(|| missing(side))?;
    let mut contact = old.clone();
    let wanted = body.text("Code").filter(|code| !code.is_empty() && !code.eq_ignore_ascii_case(&old.code));
    if let Some(code) = &wanted {
        contact.code = fields::valid_code(side, code)?;
        if ledger[side].contacts.by_code(&contact.code).is_some() {
            return Err(duplicate(side));
        }
    }
    fields::read(ledger, side, body, &mut contact, ledger.now)?;
    let (id, code) = (contact.id, contact.code.clone());
    ledger[side].contacts.put(contact);
    if wanted.is_some() || address {
        cascade(ledger, side, id, address);
    }
    Ok(wanted.map(|_| code))
}

/// Deletes a customer or supplier without documents.
pub fn delete(account: &Account, call: &Call) -> Outcome {
    remove(&mut account.ledger(), call.side(), call.segment(1))?;
    Ok(Reply::done())
}

/// Deletes the contact with a code, if it has no documents.
pub fn remove(ledger: &mut Ledger, side: Side, code: &str) -> Result<(), ApiError> {
    let contact = ledger[side].contacts.by_code(code).ok_or_else(|| missing(side))?;
    if contact.figures.count > 0 {
        let name = match side {
            Side::Sales => "CustomerInUse",
            Side::Purchases => "SupplierInUse",
        };
        let message = format!("The {} has {} and cannot be deleted.", side.contact(), side.route());
        return Err(ApiError::refused(name, message));
    }
    let id = contact.id;
    ledger[side].contacts.remove(id);
    Ok(())
}

fn by_code<'a>(ledger: &'a Ledger, call: &Call) -> Result<&'a Contact, ApiError> {
    let side = call.side();
    ledger[side].contacts.by_code(call.segment(1)).ok_or_else(|| missing(side))
}

fn missing(side: Side) -> ApiError {
    ApiError::not_found(&format!("The {}", side.contact()))
}

fn duplicate(side: Side) -> ApiError {
    match side {
        Side::Sales => ApiError::refused("DuplicateCustomerCode", "Customer Code is not unique."),
        Side::Purchases => ApiError::refused("DuplicateSupplierCode", "Supplier Code is not unique."),
    }
}

/// Documents carry their contact's code and, if asked, its address.
fn cascade(ledger: &mut Ledger, side: Side, id: i64, address: bool) {
    let Some(contact) = ledger[side].contacts.by_id(id).cloned() else { return };
    let numbers: Vec<i64> = ledger[side].invoices.of_contact(id).iter().map(|(_, number)| *number).collect();
    let first = contact.extras.get("Addresses").and_then(Json::items).and_then(|addresses| addresses.first()).cloned();
    for number in numbers {
        ledger.change_invoice(side, number, |invoice| {
            invoice.contact_code.clone_from(&contact.code);
            if address {
                invoice.address.clone_from(&first);
            }
        });
    }
}

/// The contacts that a text filter leaves, if there is one.
fn narrowed(ledger: &Ledger, call: &Call) -> Option<BTreeSet<i64>> {
    let contacts = &ledger[call.side()].contacts;
    if let Some(text) = call.query("searchtext") {
        return Some(['c', 'e', 'n'].iter().flat_map(|index| contacts.starting_with(*index, text)).collect());
    }
    call.query("namestartswith").map(|text| contacts.starting_with('n', text))
}

fn is_called(call: &Call, name: &str) -> bool {
    call.query("sortby").is_some_and(|sort| sort.eq_ignore_ascii_case(name))
}

fn sort(call: &Call, found: &mut [&Contact]) {
    let outstanding = |own: &Contact| own.figures.net + own.figures.vat - own.figures.paid;
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
