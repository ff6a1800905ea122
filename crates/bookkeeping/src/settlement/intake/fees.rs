//! Fees: valued row by row.

use model::Country;

use super::Fields;
use crate::Role;
use crate::settlement::book::{BankText, Cause, Doc, Group, Journal, LineId, LineKey, Via};
use crate::settlement::calendar::DayId;
use crate::settlement::fee::{FeeRate, plan};
use crate::settlement::poster::Poster;
use crate::settlement::rules::FeeForm;
use crate::settlement::value::ends;
use crate::settlement::words::{Fee, WordId};

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::settlement) struct PlanKey {
    pub(in crate::settlement) word: WordId,
    pub(in crate::settlement) site: u16,
    pub(in crate::settlement) day: DayId,
    pub(in crate::settlement) via: Via,
    pub(in crate::settlement) from: Country,
    pub(in crate::settlement) to: Option<Country>,
}

/// Where rows of a fee go.
#[derive(Clone, Copy)]
pub(in crate::settlement) struct Plan {
    pub(in crate::settlement) line: LineId,
    pub(in crate::settlement) rate: FeeRate,
    /// Lines of the reverse-charge journal: input VAT, output VAT.
    pub(in crate::settlement) reverse: Option<(LineId, LineId)>,
    pub(in crate::settlement) suspense: Option<Cause>,
}

impl Poster<'_> {
    pub(in crate::settlement) fn fee(&mut self, row: Fields<'_>, fee: Fee) {
        let known = self.known_number(row.order);
        let (day, via) = self.deferral(known, row.day, !self.words.get(row.word).event.is_refund());
        let (from, to) = match &self.sites[usize::from(row.site)].1 {
            Some(site) => ends(&self.scene(site, day, row.sku, known)),
            None => (Country::GB, None),
        };
        let key = PlanKey { word: row.word, site: row.site, day, via, from, to };
        let recent = self.recent.get(usize::from(row.word)).copied().flatten();
        let plan = match recent.filter(|(known, _)| *known == key) {
            Some((_, plan)) => plan,
            None => self.planned(key, fee),
        };
        if let Some(cause) = plan.suspense {
            let line = self.suspend(cause, day, row.minor, 1, row.line, via);
            return self.links.set(row.link, line);
        }
        let (net, vat) = plan.rate.split(row.minor);
        let (net, vat) = (self.converted(day, net), self.converted(day, vat));
        self.convert_sum(day, row.minor, net + vat);
        self.book.add(plan.line, net, vat, 1, row.line);
        self.links.set(row.link, plan.line);
        self.defer(known, via, net + vat);
        if let Some((input, output)) = plan.reverse {
            // Journals are in home currency; `net` already is, where documents are converted.
            let home = if self.converts() { net } else { self.in_home(day, net) };
            let vat = plan.rate.reverse_charge(home);
            self.book.add(input, -vat, 0, 0, row.line);
            self.book.add(output, vat, 0, 0, row.line);
        }
    }

    /// The plan of a fee, and remembers it as the last one of its triple: rows of one day and site mostly follow each other.
    fn planned(&mut self, key: PlanKey, fee: Fee) -> Plan {
        let plan = match self.plans.get(&key) {
            Some(plan) => *plan,
            None => {
                let plan = self.plan(key, fee);
                self.plans.insert(key, plan);
                plan
            }
        };
        let at = usize::from(key.word);
        if self.recent.len() <= at {
            self.recent.resize(at + 1, None);
        }
        self.recent[at] = Some((key, plan));
        plan
    }

    fn plan(&mut self, key: PlanKey, fee: Fee) -> Plan {
        let waits = |cause| Plan { line: 0, rate: FeeRate::Cost, reverse: None, suspense: Some(cause) };
        let (date, scheme, segment) = {
            let day = self.calendar.day(key.day);
            (day.date, day.scheme, day.segment)
        };
        let Some(site) = self.sites[usize::from(key.site)].1.clone() else { return waits(Cause::Site(key.site)) };
        let Some(plan) = plan(self.rules, date, &site, fee, key.from, key.to) else {
            return waits(Cause::Destination);
        };
        let nominal = self.nominal(fee.role, &site.short, None);
        let rate = self.book.rate(plan.rate.on_line());
        let doc = match self.rules.fee_form(scheme) {
            FeeForm::Bill => Doc::Purchase { company: plan.company, series: fee.series, segment, via: key.via },
            FeeForm::Bank => Doc::Bank { segment, text: BankText::Fee(fee.series), rate, nominal, via: key.via },
        };
        let two_row = match plan.rate {
            FeeRate::Net | FeeRate::Tax => self.words.get(key.word).class.saturating_add(1),
            _ => 0,
        };
        let line = self.book.line(doc, LineKey { nominal, rate, slot: None, order_line: 0, two_row });
        let reverse = (plan.rate == FeeRate::Reverse && self.rules.journals.reverse_charge).then(|| {
            let journal = Doc::Journal { journal: Journal::ReverseCharge, group: Group::Segment { segment, site: 0 } };
            let (input, output) = (self.nominal(Role::VatIn, "", None), self.nominal(Role::VatOut, "", None));
            (self.journal_line(journal, input), self.journal_line(journal, output))
        });
        Plan { line, rate: plan.rate, reverse, suspense: None }
    }
}
