//! The operations of REST v2: which path and method is which, and what each answers.
//!
//! An operation is a plain function of the account and the call; it never waits. Faults, delays and connections are the
//! business of [`super::http`].

mod bank;
mod bulk;
mod call;
mod companies;
mod customer_fields;
mod customers;
mod invoice_fields;
mod invoice_list;
mod invoices;
mod nominals;
mod notes;
mod paging;
mod products;
mod session;

pub use call::{Call, Reply};

use axum::http::Method;

use super::Account;
use super::error::ApiError;

/// What an operation does to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Reads.
    Read,
    /// Changes.
    Write,
    /// Opens a session; needs none.
    LogIn,
}

/// The answer of an operation.
pub type Outcome = Result<Reply, ApiError>;

/// One operation.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The method it answers to.
    pub method: Verb,
    /// Its name in our OpenAPI.
    pub name: &'static str,
    /// What it does to the ledger.
    pub kind: Kind,
    /// How it is done.
    pub run: fn(&Account, &Call) -> Outcome,
}

/// The methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
    Put,
    Delete,
}

impl Verb {
    fn of(method: &Method) -> Option<Verb> {
        match *method {
            Method::GET => Some(Verb::Get),
            Method::POST => Some(Verb::Post),
            Method::PUT => Some(Verb::Put),
            Method::DELETE => Some(Verb::Delete),
            _ => None,
        }
    }
}

const fn op(method: Verb, name: &'static str, kind: Kind, run: fn(&Account, &Call) -> Outcome) -> Operation {
    Operation { method, name, kind, run }
}

/// The operation at `path` (lower-case segments below `/v2`).
///
/// # Errors
///
/// 404 for a path that is none of ours, 405 for a method it does not have.
pub fn find(method: &Method, path: &[&str]) -> Result<Operation, ApiError> {
    let operations = resource(path).ok_or_else(|| ApiError::not_found("The resource"))?;
    let wanted = Verb::of(method).ok_or_else(ApiError::wrong_method)?;
    operations.iter().find(|operation| operation.method == wanted).copied().ok_or_else(ApiError::wrong_method)
}

fn resource(path: &[&str]) -> Option<&'static [Operation]> {
    use Kind::{LogIn, Read, Write};
    use Verb::{Delete, Get, Post, Put};
    let operations: &'static [Operation] = match path {
        ["sessiontoken"] => {
            const {
                &[
                    op(Post, "requestTemporaryToken", LogIn, session::challenge),
                    op(Put, "exchangeForSessionToken", LogIn, session::answer),
                    op(Get, "sessionFromExternalToken", LogIn, session::external),
                    op(Delete, "logoutCurrent", Read, session::log_out_current),
                ]
            }
        }
        ["sessiontoken", _] => const { &[op(Delete, "logout", Read, session::log_out)] },
        ["customers"] => {
            const { &[op(Get, "listCustomers", Read, customers::list), op(Post, "createCustomer", Write, customers::create)] }
        }
        ["customers", "search"] => const { &[op(Get, "searchCustomers", Read, customers::search)] },
        ["customers", "suggestedcode"] => const { &[op(Post, "suggestCustomerCode", Read, customers::suggested_code)] },
        ["customers", _] => {
            const {
                &[
                    op(Get, "getCustomer", Read, customers::get),
                    op(Put, "updateCustomer", Write, customers::update),
                    op(Delete, "deleteCustomer", Write, customers::delete),
                ]
            }
        }
        ["customers" | "invoices", _, "notes"] => {
            const { &[op(Get, "listNotes", Read, notes::list), op(Post, "addNote", Write, notes::add)] }
        }
        ["customers" | "invoices", _, "notes", _] => const { &[op(Get, "getNote", Read, notes::get)] },
        ["invoices"] => {
            const { &[op(Get, "listInvoices", Read, invoice_list::list), op(Post, "createInvoice", Write, invoices::create)] }
        }
        ["invoices", "bulk", "payments"] => const { &[op(Post, "createBulkPayment", Write, bulk::create)] },
        ["invoices", "bulk", "payments", _] => {
            const {
                &[
                    op(Get, "getBulkPayment", Read, bulk::get),
                    op(Put, "updateBulkPayment", Write, bulk::update),
                    op(Delete, "deleteBulkPayment", Write, bulk::delete),
                ]
            }
        }
        ["invoices", _] => {
            const {
                &[
                    op(Get, "getInvoice", Read, invoices::get),
                    op(Put, "updateInvoice", Write, invoices::update),
                    op(Delete, "deleteInvoice", Write, invoices::delete),
                ]
            }
        }
        ["nextavailableinvoicenumber"] => const { &[op(Get, "nextInvoiceNumber", Read, invoices::next_number)] },
        ["invoicecountforsubscriptioncycle"] => {
            const { &[op(Get, "invoiceCountForCycle", Read, invoices::count_in_cycle)] }
        }
        ["internal", "invoices", _, "credits"] => {
            const {
                &[
                    op(Get, "listCredits", Read, bulk::list_credits),
                    op(Post, "applyCredits", Write, bulk::apply_credits),
                ]
            }
        }
        ["paymentmethods", _] => const { &[op(Get, "listPaymentMethods", Read, companies::payment_methods)] },
        ["products"] => {
            const { &[op(Get, "listProducts", Read, products::list), op(Post, "createProduct", Write, products::create)] }
        }
        ["products", "list"] => const { &[op(Get, "listAllProducts", Read, products::list)] },
        ["products", _, _] => {
            const {
                &[
                    op(Get, "getProduct", Read, products::get),
                    op(Put, "updateProduct", Write, products::update),
                    op(Delete, "deleteProduct", Write, products::delete),
                ]
            }
        }
        ["nominals", _, "products"] => const { &[op(Get, "listProductsOfNominal", Read, products::list_of_nominal)] },
        ["stockoptions"] => {
            const {
                &[
                    op(Get, "getStockOptions", Read, companies::stock_options),
                    op(Put, "setStockOptions", Write, companies::set_stock_options),
                ]
            }
        }
        ["nominals"] => {
            const { &[op(Get, "listNominals", Read, nominals::list), op(Post, "createNominal", Write, nominals::create)] }
        }
        ["nominals", "id", _] => const { &[op(Get, "getNominalById", Read, nominals::get_by_id)] },
        ["nominals", _] => {
            const { &[op(Get, "getNominal", Read, nominals::get), op(Put, "updateNominal", Write, nominals::update)] }
        }
        ["vat", "settings", "vatrates"] => const { &[op(Get, "listVatRates", Read, companies::vat_rates)] },
        ["vat", "settings", "vatrates", _] => {
            const {
                &[
                    op(Post, "createVatRate", Write, companies::create_vat_rate),
                    op(Delete, "deleteVatRate", Write, companies::delete_vat_rate),
                ]
            }
        }
        ["bankaccounts"] => {
            const { &[op(Get, "listBankAccounts", Read, bank::list), op(Post, "createBankAccount", Write, bank::create)] }
        }
        ["bankaccounts", "list"] => const { &[op(Get, "pageBankAccounts", Read, bank::page)] },
        ["bankaccounts", "suggestedcode"] => const { &[op(Get, "suggestBankCode", Read, bank::suggested_code)] },
        ["bankaccounts", _] => {
            const { &[op(Get, "getBankAccount", Read, bank::get), op(Put, "updateBankAccount", Write, bank::update)] }
        }
        ["bankaccounts", _, "transactions"] => const { &[op(Get, "listBankTransactions", Read, bank::transactions)] },
        ["currencies"] => const { &[op(Get, "listCurrencies", Read, companies::currencies)] },
        ["currencies", "list"] => {
            const { &[op(Get, "listConfiguredCurrencies", Read, companies::configured_currencies)] }
        }
        ["currencies", _] => {
            const {
                &[
                    op(Get, "getCurrency", Read, companies::currency),
                    op(Put, "updateCurrency", Write, companies::update_currency),
                ]
            }
        }
        ["countries"] => const { &[op(Get, "listCountries", Read, companies::countries)] },
        ["sources"] => const { &[op(Get, "listSources", Read, companies::sources)] },
        ["sources", "createsource"] => const { &[op(Post, "createSource", Write, companies::create_source)] },
        ["sources", "getsource"] => const { &[op(Get, "getSource", Read, companies::source)] },
        ["settings", "companydetails"] => const { &[op(Get, "getCompanyDetails", Read, companies::company_details)] },
        ["settings", "invoice"] => const { &[op(Get, "getInvoiceSettings", Read, companies::invoice_settings)] },
        ["settings", "api"] => {
            const {
                &[
                    op(Get, "getApiSettings", Read, companies::api_settings),
                    op(Put, "setApiSettings", Write, companies::set_api_settings),
                ]
            }
        }
        _ => return None,
    };
    Some(operations)
}

/// Whether somebody has switched the REST API off.
pub fn rest_is_off(account: &Account) -> bool {
    companies::rest_is_off(&account.ledger())
}
