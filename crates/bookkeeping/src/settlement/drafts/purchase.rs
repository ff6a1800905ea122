//! Bills and purchase credits: one for each supplier, series of tax invoices and segment, one line for each account and rate.

use model::{DocumentKind, Draft, NominalCode, PurchaseDraft, PurchaseLine, VatRate};
use rust_decimal::Decimal;

use super::names::key;
use super::{Desk, Drafted};
use crate::Problem;
use crate::settlement::book::{Doc, Line, LineId, Via};
use crate::settlement::supplier::Company;
use crate::settlement::tasks::Task;

pub(super) fn draft(
    desk: &Desk<'_, '_>,
    doc: usize,
    lines: &[LineId],
    tasks: &mut Vec<Task>,
) -> Result<Option<Drafted>, Problem> {
    let Doc::Purchase { company, series, segment, via } = desk.poster.book.docs[doc].doc else { return Ok(None) };
    let mut sums: Vec<((NominalCode, VatRate), (i64, i64))> = Vec::new();
    let mut places = Vec::with_capacity(lines.len());
    for &id in lines {
        let line = &desk.poster.book.lines[id as usize];
        let of = (line.key.nominal, rate(desk, line, tasks));
        let at = sums.iter().position(|(known, _)| *known == of).unwrap_or_else(|| {
            sums.push((of, (0, 0)));
            sums.len() - 1
        });
        let sum = &mut sums[at].1;
        // A fee is negative for the seller, and a cost on the bill.
        let (net, vat) = (sum.0.checked_sub(line.sums.net), sum.1.checked_sub(line.sums.vat));
        *sum = net.zip(vat).ok_or_else(|| Problem::arithmetic("settlement", &money::MoneyError::TooLarge))?;
        places.push((id, of));
    }
    sums.retain(|(_, sum)| *sum != (0, 0));
    if sums.is_empty() {
        return Ok(None);
    }
    sums.sort_by_key(|((nominal, rate), _)| (*nominal, std::cmp::Reverse(*rate)));
    let on = desk.segment_day(segment);
    let gross = desk.sum(sums.iter().flat_map(|(_, (net, vat))| [desk.money(*net), desk.money(*vat)]))?;
    let kind = if gross.is_negative() { DocumentKind::BillCredit } else { DocumentKind::Bill };
    let part = part(company, series.as_str(), via);
    let segment = desk.segment(segment);
    let posted_on = desk.open_day(on);
    let mut draft = PurchaseDraft {
        key: key(desk, kind, format!("{segment}/{part}")),
        reference: desk.reference(&format!("{segment}-{part}")),
        supplier: company.supplier(series, desk.currency, desk.poster.rules)?,
        issued_on: posted_on,
        due_on: desk.due(posted_on),
        currency: desk.currency,
        rate: desk.rate(on),
        lines: Vec::with_capacity(sums.len()),
        payment: None,
        reverses: None,
    };
    let accounts = &desk.poster.rules.policy.accounts.names;
    for ((nominal, vat_rate), (net, vat)) in &sums {
        let account = accounts.get(nominal).map_or_else(|| nominal.to_string(), Clone::clone);
        draft.lines.push(PurchaseLine {
            description: format!("{account} {segment}{}{}", desk.conversion_text(on), desk.late_text(on)),
            net: desk.money(*net),
            vat_rate: *vat_rate,
            vat: desk.money(*vat),
            nominal: *nominal,
        });
    }
    if !gross.is_zero() {
        draft.payment = Some(desk.payment(&draft.key, via, gross, posted_on));
    }
    let place = |of: &(NominalCode, VatRate)| sums.iter().position(|(known, _)| known == of);
    let lines = places.iter().filter_map(|(id, of)| Some((*id, u32::try_from(place(of)?).ok()?))).collect();
    Ok(Some(Drafted { draft: Draft::Purchase(draft), lines, true_on: on, rank: 2 }))
}

/// The rate of a line. A fee whose VAT has rows of its own is at 20 % if they charge it, at 0 % if none does.
fn rate(desk: &Desk<'_, '_>, line: &Line, tasks: &mut Vec<Task>) -> VatRate {
    let rate = desk.poster.book.rate_of(line.key.rate);
    if line.key.two_row == 0 {
        return rate;
    }
    if line.sums.vat == 0 {
        return VatRate::Percent(Decimal::ZERO);
    }
    let expected = crate::vat::of_whole(line.sums.net, 20, 100);
    let rows = i64::try_from(line.sums.rows).unwrap_or(100);
    let difference = line.sums.vat - expected;
    if difference.abs() > rows.min(100) {
        tasks.push(Task {
            code: "fee_vat_differs",
            in_suspense: false,
            rows_of: None,
            subject: desk.poster.rules.policy.accounts.title(line.key.nominal),
            sum: desk.money(difference),
            count: line.sums.rows,
            line: line.sums.first_line,
            cause: "Amazon's rows of VAT on these fees are not 20 % of their net rows. They were posted as they are."
                .to_owned(),
            next: "Compare them with Amazon's tax invoice of the month.".to_owned(),
            high_priority: false,
            suggestions: Vec::new(),
        });
    }
    rate
}

fn part(company: Company, series: &str, via: Via) -> String {
    let company = match company {
        Company::UkBranch | Company::AdvertisingUk => "",
        Company::Luxembourg => "-lux",
        Company::LuxembourgBefore => "-before",
        Company::Eu => "-eu",
        Company::AdvertisingEu => "-ads-eu",
        Company::Us => "-us",
        Company::World => "-world",
    };
    let waits = if via == Via::Deferred { "-deferred" } else { "" };
    format!("{series}{company}{waits}")
}
