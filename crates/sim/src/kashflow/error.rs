//! Refusals: an HTTP status, a stable name and a sentence.
//!
//! Only the names in section 1.2 of the fact sheet are the vendor's. Those marked *invented* in BEHAVIOR-kashflow.md are ours:
//! a client must not depend on them.

use std::borrow::Cow;

use super::json::Json;

/// A request was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// HTTP status.
    pub status: u16,
    /// `Error` of the body.
    pub code: &'static str,
    /// `Message` of the body.
    pub message: Cow<'static, str>,
}

impl ApiError {
    /// 400 with this name.
    pub fn refused(code: &'static str, message: impl Into<Cow<'static, str>>) -> ApiError {
        ApiError { status: 400, code, message: message.into() }
    }

    /// 400: a property is missing, malformed or refers to nothing.
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> ApiError {
        ApiError::refused("ValidationError", message)
    }

    /// 404: `what` does not exist.
    pub fn not_found(what: &str) -> ApiError {
        ApiError { status: 404, code: "ResourceNotFound", message: format!("{what} was not found.").into() }
    }

    /// 405.
    pub fn wrong_method() -> ApiError {
        ApiError {
            status: 405,
            code: "MethodNotAllowed",
            message: "The method is not supported on this resource.".into(),
        }
    }

    /// 401 with the vendor's body: no token, a wrong one and one that idled out look alike.
    pub fn no_session() -> ApiError {
        ApiError { status: 401, code: "InvalidSessionToken", message: "Session token provided is invalid.".into() }
    }

    /// 401: too many failed log-ins.
    pub fn locked_out() -> ApiError {
        let message = "The account is locked because of too many failed log-in attempts.";
        ApiError { status: 401, code: "AccountLocked", message: message.into() }
    }

    /// 400: the vendor's answer to a SQL time-out of its own.
    pub fn sql_timeout() -> ApiError {
        let message = "Execution Timeout Expired. The timeout period elapsed prior to completion of the operation.";
        ApiError::refused("-2146232060", message)
    }

    /// The body.
    pub fn body(&self) -> Json {
        Json::object([("Error", self.code.into()), ("Message", Json::Text(self.message.clone()))])
    }
}
