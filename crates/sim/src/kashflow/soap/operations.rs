//! The operations: arguments after the credentials, result, and what does them.

use super::schema::{
    BANK_ACCOUNT, BANK_TRANSACTION, BANK_TX_TYPE, BASIC_DATASET, COMPANY_DETAILS, CURRENCIES, CUSTOMER, Field, INVOICE,
    INVOICE_LINE, INVOICE_TYPED, JOURNAL_ENTRY, Kind, NOMINAL_CODE, NOMINAL_CODE_EXTENDED, PAYMENT, PAYMENT_METHOD,
    PRODUCT, PRODUCTS_FULL, SUB_PRODUCT, int, moment, one, text,
};
use super::{Asked, bank, company, customers, invoices, journals, payments, products};
use crate::kashflow::Account;
use crate::kashflow::api::Kind as Effect;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;

/// What does an operation.
pub type Run = fn(&Account, &Asked) -> Result<Json, ApiError>;

/// One operation.
pub struct Operation {
    /// Its name.
    pub name: &'static str,
    /// What it does to the ledger.
    pub effect: Effect,
    /// Arguments after the credentials, in order.
    pub args: &'static [Field],
    /// What it gives besides its status.
    pub result: Option<Kind>,
    /// What does it.
    pub run: Run,
}

const fn reads(name: &'static str, args: &'static [Field], result: Kind, run: Run) -> Operation {
    Operation { name, effect: Effect::Read, args, result: Some(result), run }
}

const fn writes(name: &'static str, args: &'static [Field], result: Kind, run: Run) -> Operation {
    Operation { name, effect: Effect::Write, args, result: Some(result), run }
}

const WINDOW: &[Field] = &[moment("StartDate"), moment("EndDate")];

/// All of them.
pub static OPERATIONS: &[Operation] = &[
    // Company
    reads("GetCompanyDetails", &[], Kind::One(&COMPANY_DETAILS), company::details),
    reads("GetCurrencies", &[], Kind::Many(&CURRENCIES), company::currencies),
    reads("GetVATRates", &[], Kind::Many(&BASIC_DATASET), company::vat_rates),
    reads("isUserVATRegistered", &[], Kind::Flag, company::vat_registered),
    writes("AutoAuthIP", &[text("appName"), text("AutoAuthKey")], Kind::Text, company::auto_auth_ip),
    reads("GetNominalCodes", &[], Kind::Many(&NOMINAL_CODE), company::nominal_codes),
    reads("GetNominalCodesExtended", &[], Kind::Many(&NOMINAL_CODE_EXTENDED), company::nominal_codes),
    writes(
        "InsertNominalCode",
        &[text("name"), int("code"), int("classification"), int("nomtype")],
        Kind::Int,
        company::insert_nominal_code,
    ),
    // Customers
    reads("GetCustomer", &[text("CustomerCode")], Kind::One(&CUSTOMER), customers::by_code),
    reads("GetCustomerByID", &[int("CustomerID")], Kind::One(&CUSTOMER), customers::by_id),
    reads("GetCustomerByEmail", &[text("CustomerEmail")], Kind::One(&CUSTOMER), customers::by_email),
    reads("GetCustomers", &[], Kind::Many(&CUSTOMER), customers::all),
    reads("GetCustomersModifiedSince", &[moment("ModDate")], Kind::Many(&CUSTOMER), customers::modified_since),
    reads("GetCustomersByPostcode", &[text("Postcode")], Kind::Many(&CUSTOMER), customers::by_postcode),
    reads("GetCustomerSources", &[], Kind::Many(&BASIC_DATASET), customers::sources),
    writes("InsertCustomer", &[one("custr", &CUSTOMER)], Kind::Int, customers::insert),
    writes("UpdateCustomer", &[one("custr", &CUSTOMER)], Kind::Text, customers::update),
    writes("DeleteCustomer", &[int("CustomerID")], Kind::Flag, customers::delete),
    // Invoices
    writes("InsertInvoice", &[one("Inv", &INVOICE)], Kind::Int, invoices::insert),
    writes("InsertInvoice_TypeDefined", &[one("Inv_TD", &INVOICE_TYPED)], Kind::Int, invoices::insert),
    writes(
        "InsertInvoiceLine",
        &[int("InvoiceID"), one("InvLine", &INVOICE_LINE)],
        Kind::Int,
        invoices::insert_line_by_id,
    ),
    writes(
        "InsertInvoiceLineWithInvoiceNumber",
        &[int("InvoiceNumber"), one("InvLine", &INVOICE_LINE)],
        Kind::Int,
        invoices::insert_line,
    ),
    writes("DeleteInvoice", &[int("InvoiceNumber")], Kind::Flag, invoices::delete),
    writes("DeleteInvoiceByID", &[int("InvoiceID")], Kind::Flag, invoices::delete_by_id),
    reads("GetInvoice", &[int("InvoiceNumber")], Kind::One(&INVOICE), invoices::by_number),
    reads("GetInvoiceByID", &[int("InvoiceID")], Kind::One(&INVOICE), invoices::by_id),
    reads("GetInvoicesForCustomer", &[int("CustID")], Kind::Many(&INVOICE), invoices::of_customer),
    reads("GetInvoicesByDateRange", WINDOW, Kind::Many(&INVOICE), invoices::by_date),
    reads("GetInvoices_Recent", &[int("NumberOfInvoices")], Kind::Many(&INVOICE), invoices::recent),
    reads("GetInvoices_Unpaid", &[], Kind::Many(&INVOICE), invoices::unpaid),
    reads("GetInvoices_Overdue", &[], Kind::Many(&INVOICE), invoices::overdue),
    // Payments
    writes("InsertInvoicePayment", &[one("InvoicePayment", &PAYMENT)], Kind::Int, payments::insert),
    reads("GetInvoicePayment", &[int("InvoiceNumber")], Kind::Many(&PAYMENT), payments::of_invoice),
    writes("DeleteInvoicePayment", &[int("InvoicePaymentNumber")], Kind::Flag, payments::delete),
    reads("GetInvPayMethods", &[], Kind::Many(&PAYMENT_METHOD), payments::methods),
    writes(
        "applyCreditNoteToInvoice",
        &[int("InvoiceID"), int("CreditNoteID")],
        Kind::Flag,
        payments::apply_credit_note,
    ),
    writes(
        "AllocateAdvancePaymentToInvoice",
        &[int("InvoiceNumber"), int("BankTxId")],
        Kind::Flag,
        payments::allocate_advance,
    ),
    // Products
    reads("GetProducts", &[], Kind::Many(&PRODUCT), products::sales_types),
    reads("GetProductsWithSubProducts", &[], Kind::Many(&PRODUCTS_FULL), products::sales_types),
    reads("GetSubProducts", &[int("NominalID")], Kind::Many(&SUB_PRODUCT), products::of_sales_type),
    reads("GetSubProductByCode", &[text("ProductCode")], Kind::One(&SUB_PRODUCT), products::by_code),
    reads("GetSubProductByID", &[int("ProductID")], Kind::One(&SUB_PRODUCT), products::by_id),
    writes("AddOrUpdateSubProduct", &[one("sp", &SUB_PRODUCT)], Kind::Int, products::add_or_update),
    // Journals
    writes("InsertJournal", &[one("Jnl", &JOURNAL_ENTRY)], Kind::Int, journals::insert),
    writes("UpdateJournal", &[one("Jnl", &JOURNAL_ENTRY)], Kind::Text, journals::update),
    reads("GetJournal", &[int("JournalNumber")], Kind::One(&JOURNAL_ENTRY), journals::by_number),
    reads("GetJournals", &[], Kind::Many(&JOURNAL_ENTRY), journals::all),
    writes("DeleteJournal", &[int("JournalNumber")], Kind::Flag, journals::delete),
    writes("DeleteJournalByID", &[int("JournalID")], Kind::Flag, journals::delete_by_id),
    // Bank
    reads("GetBankAccounts", &[], Kind::Many(&BANK_ACCOUNT), bank::accounts),
    writes("CreateBankAccount", &[text("AccountName"), int("NominalCode")], Kind::Int, bank::create_account),
    reads("GetBankBalance", &[int("AccountID"), moment("BalanceDate")], Kind::Dec, bank::balance),
    reads("GetBankTxTypes", &[], Kind::Many(&BANK_TX_TYPE), bank::transaction_types),
    writes("InsertBankTransaction", &[one("bp", &BANK_TRANSACTION)], Kind::Int, bank::insert),
    reads("GetBankTransactions", &[int("AccountID")], Kind::Many(&BANK_TRANSACTION), bank::transactions),
    writes("UpdateBankTransaction", &[one("bp", &BANK_TRANSACTION)], Kind::Text, bank::update),
    writes("DeleteBankTransaction", &[int("TransactionID")], Kind::Flag, bank::delete),
];
