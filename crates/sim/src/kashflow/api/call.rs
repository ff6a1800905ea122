//! A request as the operations see it, and their answer.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use url::form_urlencoded;

use crate::kashflow::day;
use crate::kashflow::error::ApiError;
use crate::kashflow::json::Json;
use crate::kashflow::ledger::Side;

/// Amounts and quantities beyond this are refused, so that no product of two can overflow.
const LARGEST: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// A request.
pub struct Call {
    /// Path segments below `/v2`, decoded, case kept.
    pub path: Vec<String>,
    /// Query parameters, as sent.
    pub query: Vec<(String, String)>,
    /// The body, `Null` when there is none.
    pub body: Json,
    /// Scheme, host and `/v2`.
    pub base: String,
    /// The session token presented.
    pub token: Option<String>,
    /// When it arrived.
    pub now: Timestamp,
    /// Lists and searches do not know documents made after this moment.
    pub seen_until: Timestamp,
}

/// An answer.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// `Location`, below the base.
    pub location: Option<String>,
    /// The body.
    pub body: Option<Json>,
}

impl Reply {
    /// 200 with a body.
    pub fn ok(body: Json) -> Reply {
        Reply { status: 200, location: None, body: Some(body) }
    }

    /// 201 with a body and where the new resource is.
    pub fn created(location: String, body: Json) -> Reply {
        Reply { status: 201, location: Some(location), body: Some(body) }
    }

    /// 204.
    pub fn done() -> Reply {
        Reply { status: 204, location: None, body: None }
    }
}

impl Call {
    /// The segment at `index`, as sent.
    pub fn segment(&self, index: usize) -> &str {
        self.path.get(index).map_or("", String::as_str)
    }

    /// The side that the path is about.
    pub fn side(&self) -> Side {
        let words = ["purchases", "suppliers", "purchase"];
        let named = self.path.iter().take(2).any(|own| words.iter().any(|word| own.eq_ignore_ascii_case(word)));
        if named { Side::Purchases } else { Side::Sales }
    }

    /// The segment at `index` as a number; anything else addresses nothing.
    pub fn number(&self, index: usize, what: &str) -> Result<i64, ApiError> {
        self.segment(index).parse().map_err(|_| ApiError::not_found(what))
    }

    /// A query parameter by its name in any case; an empty one counts as absent.
    pub fn query(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// A query parameter that is a date.
    pub fn query_day(&self, name: &str) -> Result<Option<Date>, ApiError> {
        match self.query(name).map(day::parse) {
            None | Some(Some(None)) => Ok(None),
            Some(Some(Some(day))) => Ok(Some(day)),
            Some(None) => Err(ApiError::invalid(format!("{name} is not a date."))),
        }
    }

    /// Whether a query parameter says yes.
    pub fn query_flag(&self, name: &str) -> Option<bool> {
        Json::from(self.query(name)?).as_flag().or_else(|| Some(self.query(name)? == "1"))
    }

    /// Whether `order` asks for descending; `otherwise` if it is absent.
    pub fn descending(&self, otherwise: bool) -> bool {
        self.query("order").map_or(otherwise, |order| order.eq_ignore_ascii_case("desc") || order == "1")
    }

    /// The path and query of this call with another `page`.
    pub fn url_of_page(&self, page: usize, relative: bool) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("page")));
        query.append_pair("page", &page.to_string());
        let base = if relative { "" } else { &self.base };
        format!("{base}/{}?{}", self.path.join("/"), query.finish())
    }
}

/// Reads properties of a request body; `null` and absence are the same.
pub trait Body {
    /// A string.
    fn text(&self, name: &str) -> Option<String>;
    /// A number within bounds.
    fn amount(&self, name: &str) -> Result<Option<Decimal>, ApiError>;
    /// A whole number.
    fn int(&self, name: &str) -> Result<Option<i64>, ApiError>;
    /// A truth value.
    fn flag(&self, name: &str) -> Result<Option<bool>, ApiError>;
    /// A date; the sentinels for "never" count as absent.
    fn day(&self, name: &str) -> Result<Option<Date>, ApiError>;
    /// An array.
    fn list(&self, name: &str) -> Result<Option<&[Json]>, ApiError>;
}

impl Body for Json {
    fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_text()
    }

    fn amount(&self, name: &str) -> Result<Option<Decimal>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_number().ok_or_else(|| ApiError::invalid(format!("{name} is not a number.")))?;
        if number.abs() > LARGEST {
            return Err(ApiError::invalid(format!("{name} is too large.")));
        }
        Ok(Some(number.round_dp(8)))
    }

    fn int(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let number = value.as_int().ok_or_else(|| ApiError::invalid(format!("{name} is not a whole number.")))?;
        Ok(Some(number))
    }

    fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        Ok(Some(value.as_flag().ok_or_else(|| ApiError::invalid(format!("{name} is not true or false.")))?))
    }

    fn day(&self, name: &str) -> Result<Option<Date>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        day::parse(&text).ok_or_else(|| ApiError::invalid(format!("{name} is not a date.")))
    }

    fn list(&self, name: &str) -> Result<Option<&[Json]>, ApiError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        Ok(Some(value.items().ok_or_else(|| ApiError::invalid(format!("{name} is not a list.")))?))
    }
}
