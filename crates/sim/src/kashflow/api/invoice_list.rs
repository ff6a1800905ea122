//! The list of invoices or purchases: filtered, sorted, paged.
//!
//! The narrowest index is walked: references for `searchtext`, then the contact's documents, then the date window, then
//! numbers. A page in the order of its index costs the page; anything else costs what the index left over.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::invoice_fields as fields;
use super::invoices::limit_reached;
use super::paging::{Page, envelope_with};
use super::{Call, Outcome, Reply};
use crate::kashflow::Account;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::{Invoice, Ledger, Side};

/// A page of summaries, newest number first unless `sortby` and `order` say otherwise.
pub fn list(account: &Account, call: &Call) -> Outcome {
    let page = Page::of(call, 50, usize::try_from(account.options().per_page_max).unwrap_or(usize::MAX))?;
    let today = account.today();
    let ledger = account.ledger();
    let filter = Filter::of(&ledger, call, today)?;
    let sort = Sort::of(call)?;
    let descending = call.descending(true);
    let (total, numbers) = filter.page(&ledger, sort, descending, page);
    let rows: Vec<Json> = numbers
        .iter()
        .filter_map(|number| ledger[call.side()].invoices.get(*number))
        .map(|own| fields::row(&ledger, own, today))
        .collect();
    let mut more = vec![("TotalAmount", Json::Number(Decimal::ZERO))];
    if call.side() == Side::Sales {
        more.push(("InvoiceLimitReached", limit_reached(&ledger, today).into()));
    }
    Ok(Reply::ok(envelope_with(account, call, page, total, rows, more)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Reference,
    CustomerName,
    Issued,
    Due,
    Gross,
    Net,
    Status,
    Left,
    Vat,
}

impl Sort {
    fn of(call: &Call) -> Result<Sort, ApiError> {
        let Some(name) = call.query("sortby") else { return Ok(Sort::Number) };
        Ok(match name.to_ascii_lowercase().as_str() {
            "0" | "number" => Sort::Number,
            "1" | "customerref" | "customerreference" | "supplierreference" => Sort::Reference,
            "2" | "customername" | "suppliername" => Sort::CustomerName,
            "3" | "invoicedate" | "issueddate" => Sort::Issued,
            "4" | "paymentduedate" | "duedate" => Sort::Due,
            "5" | "grossamount" => Sort::Gross,
            "6" | "netamount" => Sort::Net,
            "7" | "status" => Sort::Status,
            "9" | "dueamount" => Sort::Left,
            "11" | "vatamount" => Sort::Vat,
            // PaymentPaidDate, Type and Project have no meaning of their own here.
            "8" | "10" | "12" | "paymentpaiddate" | "type" | "project" => Sort::Number,
            _ => return Err(ApiError::invalid(format!("sortby {name} is not known."))),
        })
    }
}

struct Filter<'a> {
    side: Side,
    referring: Option<BTreeSet<i64>>,
    contact: Option<i64>,
    from: Option<Date>,
    to: Option<Date>,
    status: Option<&'a str>,
    hidden: BTreeSet<i64>,
    today: Date,
}

impl<'a> Filter<'a> {
    fn of(ledger: &Ledger, call: &'a Call, today: Date) -> Result<Filter<'a>, ApiError> {
        let side = call.side();
        let trade = &ledger[side];
        // A contact that does not exist has no documents; -1 is nobody's id.
        let id_of = |code: &str| trade.contacts.by_code(code).map_or(-1, |contact| contact.id);
        let code = match side {
            Side::Sales => "customercode",
            Side::Purchases => "suppliercode",
        };
        Ok(Filter {
            side,
            referring: call.query("searchtext").map(|text| trade.invoices.referring_to(text)),
            contact: call.query(code).map(id_of),
            from: call.query_day("issuedatefrom")?,
            to: call.query_day("issuedateto")?,
            status: call.query("statusfilter").filter(|status| !status.eq_ignore_ascii_case("all")),
            hidden: ledger.recent.made_after(call.seen_until),
            today,
        })
    }

    /// How many pass, and the numbers on the page.
    fn page(&self, ledger: &Ledger, sort: Sort, descending: bool, page: Page) -> (usize, Vec<i64>) {
        let invoices = &ledger[self.side].invoices;
        let (from, to) = (self.from.unwrap_or(Date::MIN), self.to.unwrap_or(Date::MAX));
        if self.referring.is_none() && self.status.is_none() && self.hidden.is_empty() {
            match (self.contact, self.from.or(self.to), sort) {
                (None, None, Sort::Number) => return (invoices.len(), slice(page, descending, invoices.numbers.all())),
                (None, _, Sort::Issued) => {
                    let dated = invoices.by_date.between(&(from, i64::MIN), &(to, i64::MAX));
                    let rows = slice(page, descending, dated);
                    return (dated.len(), rows.into_iter().map(|(_, number)| number).collect());
                }
                _ => {}
            }
        }
        let mut found: Vec<&Invoice> =
            self.candidates(ledger, from, to).filter(|own| self.passes(own, from, to)).collect();
        sort_by(ledger, self.today, sort, &mut found);
        let numbers: Vec<i64> = found.iter().map(|own| own.number).collect();
        (numbers.len(), slice(page, descending, &numbers))
    }

    fn candidates<'l>(&self, ledger: &'l Ledger, from: Date, to: Date) -> Box<dyn Iterator<Item = &'l Invoice> + 'l> {
        let invoices = &ledger[self.side].invoices;
        if let Some(referring) = self.referring.clone() {
            return Box::new(referring.into_iter().filter_map(|number| invoices.get(number)));
        }
        let dated = match self.contact {
            Some(contact) => {
                let own = invoices.of_contact(contact);
                let start = own.partition_point(|(day, _)| *day < from);
                let end = own.partition_point(|(day, _)| *day <= to);
                own.get(start..end).unwrap_or_default()
            }
            None => invoices.by_date.between(&(from, i64::MIN), &(to, i64::MAX)),
        };
        Box::new(dated.iter().filter_map(|(_, number)| invoices.get(*number)))
    }

    fn passes(&self, own: &Invoice, from: Date, to: Date) -> bool {
        (from..=to).contains(&own.issued_on)
            && self.contact.is_none_or(|contact| own.contact_id == contact)
            && !self.hidden.contains(&own.id)
            && self.status.is_none_or(|status| has_status(own, status, self.today))
    }
}

fn slice<T: Copy>(page: Page, descending: bool, all: &[T]) -> Vec<T> {
    if descending { page.of_reversed(all) } else { page.of_slice(all).to_vec() }
}

fn has_status(own: &Invoice, wanted: &str, today: Date) -> bool {
    let month = |day: Date| (day.year(), day.month());
    let last_month = today.first_of_month().yesterday().unwrap_or(today);
    match wanted.to_ascii_lowercase().as_str() {
        "notfullypaid" => own.due() > Decimal::ZERO,
        "thismonth" => month(own.issued_on) == month(today),
        "lastmonth" => month(own.issued_on) == month(last_month),
        wanted => own.status(today).eq_ignore_ascii_case(wanted),
    }
}

fn sort_by(ledger: &Ledger, today: Date, sort: Sort, found: &mut [&Invoice]) {
    let name =
        |own: &Invoice| ledger[own.side].contacts.by_id(own.contact_id).map(|contact| contact.name.to_lowercase());
    // Ties are broken by number, so that a list does not shuffle between pages.
    match sort {
        Sort::Number => found.sort_by_key(|own| own.number),
        Sort::Reference => found.sort_by_cached_key(|own| (own.reference.to_lowercase(), own.number)),
        Sort::CustomerName => found.sort_by_cached_key(|own| (name(own), own.number)),
        Sort::Issued => found.sort_by_key(|own| (own.issued_on, own.number)),
        Sort::Due => found.sort_by_key(|own| (own.due_on, own.number)),
        Sort::Gross => found.sort_by_cached_key(|own| (own.gross(), own.number)),
        Sort::Net => found.sort_by_cached_key(|own| (own.net(), own.number)),
        Sort::Status => found.sort_by_cached_key(|own| (own.status(today), own.number)),
        Sort::Left => found.sort_by_cached_key(|own| (own.due(), own.number)),
        Sort::Vat => found.sort_by_cached_key(|own| (own.vat(), own.number)),
    }
}
