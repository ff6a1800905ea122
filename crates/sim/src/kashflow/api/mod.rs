//! The operations of REST v2: which path and method is which, and what each answers.
//!
//! An operation is a plain function of the account and the call; it never waits. Faults, delays and connections are the
//! business of [`super::http`].

pub(super) mod bank;
mod bank_rows;
mod bulk;
mod call;
pub(super) mod companies;
mod contact_fields;
pub(super) mod contacts;
pub(super) mod invoice_fields;
mod invoice_list;
pub(super) mod invoices;
pub(super) mod journals;
mod nominals;
mod notes;
mod paging;
mod payment_fields;
mod products;
mod routes;
mod session;
pub(super) mod transactions;

pub use call::{Body, Call, Reply};

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
    let operations = routes::resource(path).ok_or_else(|| ApiError::not_found("The resource"))?;
    let wanted = Verb::of(method).ok_or_else(ApiError::wrong_method)?;
    operations.iter().find(|operation| operation.method == wanted).copied().ok_or_else(ApiError::wrong_method)
}

/// Whether somebody has switched the REST API off.
pub fn rest_is_off(account: &Account) -> bool {
    companies::is_off(&account.ledger(), "RESTAPIEnabled")
}

/// Whether somebody has switched the SOAP API off.
pub fn soap_is_off(account: &Account) -> bool {
    companies::is_off(&account.ledger(), "APIEnabled")
}
