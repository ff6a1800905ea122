//! What a person should see: what waits on suspense, and what was posted but deserves a look. One task for each cause, with its sum.

use std::collections::HashMap;

use money::Money;

use super::book::Cause;
use super::value::Note;
use super::vocabulary::{Source, Suggestion};
use super::words::{Why, WordId};

/// Something that a person should see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Stable code, for example `unknown_row`.
    pub code: &'static str,
    /// Whether its sum waits on suspense; otherwise everything is posted where it belongs.
    pub in_suspense: bool,
    /// Kind, class and name of its rows, if they are all of one triple.
    pub rows_of: Option<[String; 3]>,
    /// What it is about, for example a SKU; empty if nothing more can be said.
    pub subject: String,
    /// Sum of its rows, in the currency of the settlement.
    pub sum: Money,
    /// How many rows or items.
    pub count: u64,
    /// First line in the file; 0 if it is about no row.
    pub line: u64,
    /// What is wrong and what it means for the books.
    pub cause: String,
    /// The next action.
    pub next: String,
    /// Whether it should be looked at first.
    pub high_priority: bool,
    /// Known rows that an unknown one resembles; shown, never applied.
    pub suggestions: Vec<Suggestion>,
}

/// What is collected while rows come.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Matter {
    Waits(Cause),
    Note(Note),
    /// No cost of a product.
    NoCost(u32),
    /// No quantity on a row that moves stock.
    NoUnits,
    /// An instalment without the lender's split.
    LoanSplit(WordId),
    /// A row differs from the invoice that was posted at dispatch.
    DiffersFromInvoice(u32),
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Tally {
    pub(crate) sum: i128,
    pub(crate) count: u64,
    pub(crate) line: u64,
}

/// Tallies by matter.
#[derive(Default)]
pub(crate) struct Tasks {
    tallies: HashMap<Matter, Tally>,
    pub(crate) ready: Vec<Task>,
}

impl Tasks {
    pub(crate) fn waits(&mut self, cause: Cause, minor: i64, rows: u64, line: u64) {
        self.add(Matter::Waits(cause), minor, rows, line);
    }

    pub(crate) fn add(&mut self, matter: Matter, minor: i64, count: u64, line: u64) {
        let tally = self.tallies.entry(matter).or_insert(Tally { line: u64::MAX, ..Tally::default() });
        tally.sum += i128::from(minor);
        tally.count += count;
        tally.line = tally.line.min(line);
    }

    pub(crate) fn tallies(&mut self) -> Vec<(Matter, Tally)> {
        self.tallies.drain().collect()
    }
}

/// Names that texts of tasks need.
pub(crate) struct Names<'n> {
    pub(crate) word: &'n dyn Fn(WordId) -> [String; 3],
    pub(crate) sku: &'n dyn Fn(u32) -> String,
    pub(crate) site: &'n dyn Fn(u16) -> String,
    pub(crate) order: &'n dyn Fn(u32) -> String,
    pub(crate) suggest: &'n dyn Fn(&[String; 3], i128) -> Vec<Suggestion>,
}

const ADD_RULE: &str =
    "Add a rule for these rows to the mapping; the settlement then shows what it would post instead.";

/// The task of a matter.
pub(crate) fn task(matter: Matter, tally: Tally, sum: Money, names: &Names<'_>) -> Task {
    let mut task = Task {
        code: "",
        in_suspense: matches!(matter, Matter::Waits(_)),
        rows_of: None,
        subject: String::new(),
        sum,
        count: tally.count,
        line: if tally.line == u64::MAX { 0 } else { tally.line },
        cause: String::new(),
        next: String::new(),
        high_priority: false,
        suggestions: Vec::new(),
    };
    let mut say = |code, cause: String, next: &str| {
        (task.code, task.cause, task.next) = (code, cause, next.to_owned());
    };
    match matter {
        Matter::Waits(Cause::Word(word, why)) => {
            let text = (names.word)(word);
            match why {
                Why::Unknown => say(
                    "unknown_row",
                    "Nobody has told us what these rows mean, so their sum waits on suspense. Everything else is posted.".to_owned(),
                    ADD_RULE,
                ),
                Why::Unconfirmed => say(
                    "unconfirmed_row",
                    "These rows have a usual treatment, but it must be confirmed once by you or your accountant. Until then their sum waits on suspense without VAT.".to_owned(),
                    "Confirm them in [settlements] confirmed of the mapping, or add a rule of your own.",
                ),
                Why::Unclear => say(
                    "unclear_row",
                    "The name of these rows does not say what they are for, so their sum waits on suspense.".to_owned(),
                    ADD_RULE,
                ),
            }
            if why != Why::Unconfirmed {
                task.suggestions = (names.suggest)(&text, tally.sum);
            }
            task.rows_of = Some(text);
        }
        Matter::Waits(Cause::Site(site)) => {
            task.subject = (names.site)(site);
            task.code = "unknown_marketplace";
            task.cause = format!("`{}` is no marketplace that we know, and VAT depends on its country. Its rows wait on suspense.", task.subject);
            task.next = "Compare the name with Seller Central. If it is right, name its country, or report it.".to_owned();
        }
        Matter::Waits(Cause::Destination) => say(
            "unknown_destination",
            "Where these goods or parcels went decides their VAT, and neither the rows nor an order says it. They wait on suspense.".to_owned(),
            "Add the orders of the period, or decide in the mapping that [destination] unknown = \"marketplace_country\".",
        ),
        Matter::Waits(Cause::Class(sku)) => {
            task.subject = (names.sku)(sku);
            task.code = "no_vat_class";
            task.cause = format!("The VAT class of product `{}` is not known, so its VAT would be a guess. It waits on suspense.", task.subject);
            task.next = "Add the product to [vat.skus] of the mapping (20, 5, 0 or exempt).".to_owned();
        }
        Matter::Waits(Cause::OssRate(country)) => {
            task.subject = country.to_string();
            say(
                "no_oss_rate",
                format!("Goods went to {country} under the One-Stop Shop, but Amazon states no tax and the mapping no rate. They wait on suspense."),
                "Add the rate of the country to [vat.oss.rates] of the mapping.",
            );
        }
        Matter::Waits(Cause::NorthernIreland) => say(
            "northern_ireland_to_eu",
            "Goods went from Northern Ireland to the EU: Union OSS or local VAT rules apply (Windsor Framework). They wait on suspense.".to_owned(),
            "Ask your accountant which VAT applies and clear them from suspense by hand.",
        ),
        Matter::Waits(Cause::Import) => say(
            "import_over_135",
            "Goods came from outside the UK and the EU, and Amazon collected no VAT: who is importer of record decides. They wait on suspense.".to_owned(),
            "Ask your accountant who the importer of record is and clear them from suspense by hand.",
        ),
        Matter::Waits(Cause::LoneTax(word)) => {
            task.rows_of = Some((names.word)(word));
            say(
                "tax_without_price",
                "These taxes belong to no price in the settlement, so they would change VAT without a supply. They wait on suspense.".to_owned(),
                "Look for the order's price in the settlement before or after, and clear them from suspense by hand.",
            );
        }
        Matter::Waits(Cause::Broken) => say(
            "broken_row",
            "A field of these rows could not be read. Their amounts count and wait on suspense; all other rows are posted.".to_owned(),
            "Open the file at the line, correct it or download the settlement again.",
        ),
        Matter::Note(note) => {
            let (code, cause, next, high) = note_text(note);
            say(code, cause.to_owned(), next);
            task.high_priority = high;
        }
        Matter::NoCost(sku) => {
            task.subject = (names.sku)(sku);
            task.code = "no_cost";
            task.cause = format!("The books keep stock, but the cost of product `{}` is not known: its units left without cost of sales.", task.subject);
            task.next = "Add the product to [stock.costs] of the mapping.".to_owned();
        }
        Matter::NoUnits => say(
            "no_units",
            "Rows that move stock carry no quantity, so no cost was posted for them.".to_owned(),
            "Count these units in Seller Central and adjust stock by hand.",
        ),
        Matter::LoanSplit(word) => {
            task.rows_of = Some((names.word)(word));
            say(
                "loan_split",
                "The lender's statement is needed to part these instalments into principal and interest. Until then all of it reduces the loan.".to_owned(),
                "Add the instalment to [[settlements.loans]] of the mapping.",
            );
        }
        Matter::DiffersFromInvoice(known) => {
            task.subject = (names.order)(known);
            task.code = "differs_from_invoice";
            task.cause = format!("Amazon settled order {} with another amount than its invoice. An adjustment was made for the difference.", task.subject);
            task.next = "Compare the order in Seller Central; nothing else to do if the settlement is right.".to_owned();
        }
    }
    task
}

fn note_text(note: Note) -> (&'static str, &'static str, &'static str, bool) {
    match note {
        Note::WronglyWithheld => (
            "marketplace_collects_uk_vat",
            "Amazon withheld VAT on sales within the UK although you are established and registered here: it treats you as an overseas seller. The sales carry your own VAT, and what Amazon withheld stands on the pass-through account until it pays back.",
            "Complete Amazon's establishment check in Seller Central and ask for the VAT back. If these were exports, add the orders of the period.",
            true,
        ),
        Note::VatDiffers => (
            "vat_differs_from_stated",
            "Amazon states another VAT than the class of the product gives. Amazon's figure was posted; the sum is the difference.",
            "Check the product's VAT class in the mapping and its tax code in Seller Central.",
            false,
        ),
        Note::VcsContradicted => (
            "vcs_is_on",
            "The mapping says that Amazon's VAT Calculation Service is off, but rows carry tax. Prices were taken with their tax, and VAT by class.",
            "Set [seller] vcs or vcs_from in the mapping.",
            false,
        ),
        Note::VcsMissing => (
            "vcs_is_off",
            "The mapping says that Amazon's VAT Calculation Service is on, but taxable rows carry no tax. Their prices were taken as including VAT.",
            "Set [seller] vcs or vcs_from in the mapping.",
            false,
        ),
        Note::PassThrough => (
            "pass_through_not_nil",
            "Tax that Amazon collects and tax that it withheld do not cancel. The rest stands in the revenue of these sales.",
            "Open the orders in Seller Central and ask Amazon about the difference.",
            true,
        ),
        Note::ExportEvidence => (
            "export_evidence",
            "These sales were posted as zero-rated exports. That holds only with evidence of export.",
            "Keep proof of dispatch; set export_evidence_kept = true in the mapping if you keep it for all.",
            false,
        ),
        Note::LocalVat => (
            "outside_uk_vat",
            "These goods never were in the UK, so no UK VAT falls on them. VAT of another country may.",
            "Ask your accountant about VAT in the country of the goods.",
            false,
        ),
        Note::Unlinked => (
            "refund_without_sale",
            "The sale of these refunds is neither in the settlement nor known. VAT was given back at the rate of the product.",
            "Nothing to do if they were sold before you began; else add the orders of the period.",
            false,
        ),
        Note::RefundAbovePrice => (
            "refund_above_price",
            "More was refunded than the buyer had paid. VAT was given back up to that of the sale.",
            "Open the orders in Seller Central; a refund above the price may be goodwill.",
            false,
        ),
    }
}

/// Words that a source's unknown rows are compared with.
pub(crate) fn suggest(source: Source, text: &[String; 3], sum: i128) -> Vec<Suggestion> {
    super::vocabulary::suggestions(source, &text[0], &text[1], &text[2], sum)
}
