//! The keys.

use super::Key;
use super::kind::{CLASSES, Kind};

const fn key(path: &'static str, kind: Kind, default: &'static str, meaning: &'static str) -> Key {
    Key { path, kind, default, meaning }
}

/// Supplier series: one bill for each, because Amazon issues one series of tax invoices for each.
pub(super) const SERIES: &[&str] = &["selling", "fba", "advertising", "shipping"];

const SCHEMES: &[&str] = &["standard", "flat_rate", "not_registered"];

/// Every key, in the order of the reference.
pub(super) const KEYS: &[Key] = &[
    key(
        "version",
        Kind::Whole(1, 1_000_000),
        "1 offline",
        "raise it with each change: the trace of every document names it",
    ),
    // Who sells.
    key(
        "seller.established",
        Kind::Country,
        "`\"GB\"` offline",
        "where the business is established: decides who owes VAT when Amazon withholds some, and the VAT on Amazon's fees",
    ),
    key(
        "seller.eu_establishment",
        Kind::Flag,
        "`false`",
        "you also have an establishment in the EU: fees of EU marketplaces are then billed there, without UK reverse charge",
    ),
    key(
        "seller.vat_registered",
        Kind::Flag,
        "",
        "short for one scheme since ever: `true` is standard VAT accounting, `false` is not registered. Write this or `[[vat.schemes]]`",
    ),
    key(
        "seller.vcs",
        Kind::Word(&["on", "off", "detect"]),
        "`\"detect\"` offline",
        "Amazon's VAT Calculation Service: `detect` uses the VAT that Amazon states, where it states some",
    ),
    key(
        "seller.vcs_from",
        Kind::Day,
        "",
        "the day since which the service is on; before it, prices include VAT. Replaces `vcs`",
    ),
    key(
        "seller.ship_from",
        Kind::Country,
        "`\"GB\"` offline",
        "where goods start when neither the order nor `[stock.places]` says",
    ),
    key("seller.northern_ireland", Kind::Flag, "`false`", "goods start in Northern Ireland"),
    key("seller.home_currency", Kind::Currency, "`\"GBP\"` offline", "currency of the books"),
    key(
        "seller.export_evidence_kept",
        Kind::Flag,
        "`false`",
        "you keep proof of dispatch for every export, so exports need no reminder",
    ),
    // VAT.
    key(
        "vat.default_class",
        Kind::Word(CLASSES),
        "",
        "VAT class of products that are not listed; without it they wait for you",
    ),
    key(
        "vat.skus.<sku>",
        Kind::Word(CLASSES),
        "",
        "VAT class of a product: a SKU, or the beginning of SKUs followed by `*`",
    ),
    key(
        "vat.order_items.<order>/<item>",
        Kind::Word(CLASSES),
        "",
        "VAT class of one item of one order; goes before its SKU",
    ),
    key("vat.schemes[].scheme", Kind::Word(SCHEMES), "", "how you account for VAT"),
    key(
        "vat.schemes[].from",
        Kind::Day,
        "since ever",
        "first day on which it holds; a list of schemes is your VAT history",
    ),
    key(
        "vat.schemes[].flat_rate",
        Kind::Percent,
        "",
        "percentage of the flat-rate scheme, with your first-year discount taken off",
    ),
    key("vat.schemes[].limited_cost", Kind::Flag, "`false`", "limited-cost trader: 16.5 per cent"),
    key(
        "vat.schemes[].cash",
        Kind::Flag,
        "`false`",
        "cash accounting; shown in the VAT preview, since a sale on Amazon is paid at dispatch the tax point stays there",
    ),
    key(
        "vat.flat_rate_journal",
        Kind::Flag,
        "`false`",
        "post the flat-rate surplus as a journal. Leave it off if KashFlow's own flat-rate adjustment does it: never both",
    ),
    key("vat.period_months", Kind::Whole(1, 12), "3", "months in a VAT period: 1, 3 or 12"),
    key("vat.period_ends", Kind::Whole(1, 12), "3", "a month in which a VAT period ends"),
    key("vat.oss.union", Kind::Flag, "`false`", "you are registered for the Union One-Stop Shop"),
    key("vat.oss.from", Kind::Day, "since ever", "first day of that registration"),
    key(
        "vat.oss.rates.<country>",
        Kind::Percent,
        "",
        "VAT rate of a country of destination; without it the rate that Amazon's rows show is used, and none of both waits for you",
    ),
    // Documents of sale.
    key(
        "invoices.when",
        Kind::Word(&["dispatch", "payment"]),
        "`\"dispatch\"` offline",
        "when an order becomes an invoice; dispatch is the UK tax point of goods",
    ),
    key(
        "invoices.prefix",
        Kind::SomeText,
        "`\"AMZ-\"` offline",
        "what references begin with; never change it once documents exist",
    ),
    key("invoices.due_days", Kind::Whole(0, 365), "0", "days until an invoice is due"),
    key(
        "invoices.payment.method",
        Kind::Whole(0, 4_294_967_295),
        "0 offline",
        "id of KashFlow's payment method; `tillbridge doctor` lists them",
    ),
    key(
        "invoices.payment.accounts.<currency>",
        Kind::Account,
        "1250 GBP, 1251 EUR, 1252 USD offline",
        "clearing account of a currency: a bank-type account that stands for what Amazon owes you",
    ),
    key(
        "customers.mode",
        Kind::Word(&["shared", "per_buyer"]),
        "`\"shared\"` offline",
        "one customer for each marketplace, currency and VAT treatment, or one for each buyer",
    ),
    key("customers.code_prefix", Kind::Code, "`\"AMZ\"` offline", "what customer codes begin with"),
    // Accounts.
    key(
        "accounts.<role>",
        Kind::Account,
        "the suggested chart, offline only",
        "the account of a role; a name is shown where the books are not connected",
    ),
    key("accounts.marketplaces.<marketplace>.<role>", Kind::Account, "", "another account for one marketplace (`DE`)"),
    key("accounts.products.<sku>.<role>", Kind::Account, "", "another account for one product"),
    key(
        "accounts.currencies.<currency>.<role>",
        Kind::Account,
        "",
        "another account for one currency: `BANK`, `RESERVE`, `DEFERRED`, `INTER_MKT`, `GIFTCARD`",
    ),
    key("products.<sku>.code", Kind::SomeText, "", "code of the product in KashFlow"),
    key(
        "products.<sku>.stock_managed",
        Kind::Flag,
        "`false`",
        "KashFlow counts its stock, so FBM invoices carry the product",
    ),
    key(
        "destination.unknown",
        Kind::Word(&["park", "marketplace_country"]),
        "`\"park\"`; offline `\"marketplace_country\"`",
        "what to do when the destination of a sale is not known: let it wait, or take the marketplace's own country",
    ),
    // Currency.
    key(
        "rates.source",
        Kind::Word(&["hmrc_monthly", "ecb", "own"]),
        "`\"hmrc_monthly\"`",
        "where exchange rates are from; `ecb` and `own` need HMRC's agreement",
    ),
    key("rates.periods.<month or day>.<currency>", Kind::Rate, "", "units of a currency for one unit of home currency"),
    // Stock.
    key(
        "stock.perpetual",
        Kind::Flag,
        "`false`",
        "the books keep stock perpetually: dispatches post cost of goods sold, lost and found stock is moved",
    ),
    key(
        "stock.costs.<sku>",
        Kind::Cost,
        "",
        "cost of one unit, also by day; a SKU, or the beginning of SKUs followed by `*`",
    ),
    key(
        "stock.places.<sku>",
        Kind::Country,
        "`seller.ship_from`",
        "country in which the stock of a product lies; a SKU, or the beginning of SKUs followed by `*`",
    ),
    // Settlements.
    key(
        "settlements.mode",
        Kind::Word(&["per_order", "daily", "settlement"]),
        "`\"per_order\"`",
        "one document for each order, for each day, or for each settlement; `--mode` goes before it. All give the same totals",
    ),
    key(
        "settlements.fees",
        Kind::Word(&["bill", "bank"]),
        "by scheme",
        "fees as a supplier's bill (default on standard VAT) or as bank transactions (default on flat rate and if not registered)",
    ),
    key(
        "settlements.method",
        Kind::Word(&["clearing", "bank"]),
        "`\"clearing\"`",
        "pay documents through the clearing account, or straight on the bank (only mode `settlement`, and only settlements without reserve, deferral, month end or foreign currency)",
    ),
    key("settlements.split_months", Kind::Flag, "`true`", "split summaries at the end of each month and VAT period"),
    key(
        "settlements.deferred",
        Kind::Word(&["own_account", "clearing"]),
        "`\"own_account\"`",
        "where sales stand whose money Amazon has not released: on `DEFERRED`, or on the clearing account",
    ),
    key(
        "settlements.locked_until",
        Kind::Day,
        "",
        "last day of the period you have locked; later finds are posted on the first open day and listed",
    ),
    key(
        "settlements.confirmed",
        Kind::Texts,
        "none",
        "items whose treatment you have confirmed (`Chargeback Refund`, `Refund Reimbursal`, …); before that they wait on `SUSPENSE`",
    ),
    key(
        "settlements.chargebacks",
        Kind::Word(&["credit_note", "bad_debt"]),
        "`\"credit_note\"`",
        "how a chargeback is posted once it is confirmed",
    ),
    key(
        "settlements.short_invoices",
        Kind::Flag,
        "`false`",
        "leave out pairs of lines that cancel, such as delivery and free delivery",
    ),
    key(
        "settlements.vat_tolerance",
        Kind::Amount,
        "\"0.05\"",
        "largest difference between Amazon's VAT and ours on one document that is accepted in silence",
    ),
    key(
        "settlements.rules[].transaction_type",
        Kind::Text,
        "any",
        "what Amazon writes in this column; `*` at the end stands for the rest",
    ),
    key("settlements.rules[].amount_type", Kind::Text, "any", "what Amazon writes in this column"),
    key("settlements.rules[].amount_description", Kind::Text, "any", "what Amazon writes in this column"),
    key("settlements.rules[].role", Kind::Role, "", "where it is posted"),
    key(
        "settlements.rules[].vat",
        Kind::Word(&["standard", "zero", "reverse_charge", "none"]),
        "`\"none\"`",
        "VAT on it: 20 per cent contained, 0 per cent, reverse charge, or none",
    ),
    key("settlements.loans[].paid_on", Kind::Day, "", "day of the instalment in the settlement"),
    key(
        "settlements.loans[].principal",
        Kind::Amount,
        "",
        "the part that repays the loan, from the lender's statement",
    ),
    key("settlements.loans[].interest", Kind::Amount, "", "the part that is interest"),
    key(
        "settlements.sites.<name>",
        Kind::Country,
        "",
        "country of a marketplace whose name the program does not know, by its name in settlements",
    ),
    // Suppliers.
    key(
        "suppliers.<series>.code",
        Kind::Code,
        "made from the name",
        "supplier code in KashFlow for a series of Amazon's tax invoices: `selling`, `fba`, `advertising`, `shipping`",
    ),
    key("suppliers.<series>.name", Kind::SomeText, "by date and establishment", "name of the supplier in KashFlow"),
];
