//! Customers: found by code, then e-mail, then name; a hit counts only if it is the only one.

use std::collections::BTreeMap;

use model::{CustomerCode, CustomerDraft};
use ports::{ConnectorError, FoundParty, PartyMatch};
use reqwest::Method;
use serde_json::value::RawValue;
use url::Url;

use crate::answer::{duplicate, malformed};
use crate::client::Client;
use crate::wire::customer::{self, Customer, same};
use crate::wire::new_customer;
use crate::wire::object::{Object, objects};

const PER_PAGE: &str = "100";

/// Customers whose details are read because their rows tell no e-mail.
const DETAILS_MAX: usize = 50;

impl Client {
    pub(crate) async fn look_for_customer(&self, wanted: &CustomerDraft) -> Result<Option<FoundParty>, ConnectorError> {
        if let Some(customer) = self.customer(wanted.code.as_str()).await? {
            return found(&customer, PartyMatch::Code, wanted).map(Some);
        }
        if wanted.shared {
            return Ok(None);
        }
        if let Some(email) = wanted.email.as_deref().map(str::trim).filter(|email| !email.is_empty())
            && let Some(code) = self.only_match(PartyMatch::Email, email).await?
        {
            return self.found_as(&code, PartyMatch::Email, wanted).await;
        }
        let name = wanted.name.trim();
        if name.is_empty() {
            return Ok(None);
        }
        match self.only_match(PartyMatch::Name, name).await? {
            Some(code) => self.found_as(&code, PartyMatch::Name, wanted).await,
            None => Ok(None),
        }
    }

    /// Rows of the list are summaries, so differences are told by the customer itself.
    async fn found_as(
        &self,
        code: &str,
        by: PartyMatch,
        wanted: &CustomerDraft,
    ) -> Result<Option<FoundParty>, ConnectorError> {
        match self.customer(code).await? {
            Some(customer) => found(&customer, by, wanted).map(Some),
            None => Ok(None),
        }
    }

    async fn customer(&self, code: &str) -> Result<Option<Customer>, ConnectorError> {
        let what = format!("customer {code}");
        let Some(answer) = self.read_if_there(self.url(&["customers", code])?, &what).await? else { return Ok(None) };
        let customer = Object::parse(&answer.body, "$").and_then(|object| Customer::read(&object));
        let customer = customer.map_err(|error| error.of(&what))?;
        if !same(&customer.code, code) {
            return Err(malformed(&format!("{what}: the answer shows another code")));
        }
        Ok(Some(customer))
    }

    /// The code of the one customer that matches exactly and is not archived; none if there are several.
    ///
    /// Two ways lead to candidates, since how either matches is undocumented (BEHAVIOR 20): the search route, whose internal ids
    /// no other route takes, and the list's own search. Ids that the list's search does not show are looked up in the whole list.
    async fn only_match(&self, by: PartyMatch, text: &str) -> Result<Option<String>, ConnectorError> {
        let hits = self.search(by, text).await?;
        let mut candidates = by_code(self.customers(Some(text)).await?);
        let is_shown = |id: &i64| candidates.values().any(|row| row.id == Some(*id));
        if !hits.iter().all(is_shown) {
            let mut everyone = self.customers(None).await?;
            everyone.retain(|row| row.id.is_some_and(|id| hits.contains(&id)));
            candidates.append(&mut by_code(everyone));
        }
        let mut matching = Vec::new();
        let mut details = 0;
        for row in candidates.into_values() {
            let matches = match by {
                PartyMatch::Email if !row.tells_emails && details < DETAILS_MAX => {
                    details += 1;
                    self.customer(&row.code).await?.is_some_and(|customer| customer.has_email(text))
                }
                PartyMatch::Email => row.has_email(text),
                PartyMatch::Name | PartyMatch::Code => row.has_name(text),
            };
            if matches && !row.archived {
                matching.push(row.code);
            }
        }
        Ok(if matching.len() == 1 { matching.pop() } else { None })
    }

    /// Internal ids that the search route gives; none where it does not exist.
    async fn search(&self, by: PartyMatch, text: &str) -> Result<Vec<i64>, ConnectorError> {
        let field = match by {
            PartyMatch::Code => "code",
            PartyMatch::Email => "email",
            PartyMatch::Name => "name",
        };
        let mut url = self.url(&["customers", "search"])?;
        url.query_pairs_mut().append_pair("searchBy", field).append_pair("searchText", text);
        let what = "the search for a customer";
        let Some(answer) = self.read_if_there(url, what).await? else { return Ok(Vec::new()) };
        let rows: Vec<&RawValue> = serde_json::from_str(&answer.body).map_err(|_| malformed(what))?;
        let hits = objects(&rows, "$").and_then(|rows| rows.iter().map(customer::hit).collect());
        hits.map_err(|error| error.of(what))
    }

    /// Customers that the list's search gives for `text`, or all.
    async fn customers(&self, text: Option<&str>) -> Result<Vec<Customer>, ConnectorError> {
        let mut url = self.url(&["customers"])?;
        url.query_pairs_mut().append_pair("page", "1").append_pair("perpage", PER_PAGE);
        if let Some(text) = text {
            url.query_pairs_mut().append_pair("searchtext", text);
        }
        Ok(self.list(url, "the customers", Customer::read).await?.rows)
    }

    pub(crate) async fn insert_customer(&self, wanted: &CustomerDraft) -> Result<(), ConnectorError> {
        let what = format!("customer {}", wanted.code);
        let body = new_customer::create(wanted).map_err(|error| error.of(&what))?;
        let url = self.url(&["customers"])?;
        match self.write(Method::POST, url, body, &what, &private_words(wanted)).await {
            Ok(_) => Ok(()),
            Err(refused @ ConnectorError::Rejected { .. }) => {
                // As with invoices: the name of "taken already" is unpublished, so one look tells.
                let taken = matches!(self.customer(wanted.code.as_str()).await, Ok(Some(_)));
                Err(if taken { duplicate(&what) } else { refused })
            }
            Err(error) => Err(error),
        }
    }

    /// Reads the customer, changes what we know about, and sends everything else back as it was.
    pub(crate) async fn change_customer(
        &self,
        code: &CustomerCode,
        wanted: &CustomerDraft,
    ) -> Result<(), ConnectorError> {
        let what = format!("customer {code}");
        let url: Url = self.url(&["customers", code.as_str()])?;
        let answer = self.read(url.clone(), &what).await?;
        let held = Object::parse(&answer.body, "$").map_err(|error| error.of(&what))?;
        let body = new_customer::merge(&held, wanted).map_err(|error| error.of(&what))?;
        self.write(Method::PUT, url, body, &what, &private_words(wanted)).await.map(drop)
    }
}

fn by_code(rows: Vec<Customer>) -> BTreeMap<String, Customer> {
    rows.into_iter().map(|row| (row.code.to_lowercase(), row)).collect()
}

/// What errors about a customer must not repeat. A shared customer's name is ours.
pub(crate) fn private_words(customer: &CustomerDraft) -> Vec<&str> {
    if customer.shared {
        return Vec::new();
    }
    let mut words = vec![customer.name.as_str()];
    words.extend(customer.name.split_whitespace());
    words.extend(customer.email.as_deref());
    words.extend(customer.vat_number.as_deref());
    if let Some(address) = &customer.address {
        words.extend(address.lines.iter().map(String::as_str));
        words.extend(address.postcode.as_deref());
    }
    words
}

fn found(customer: &Customer, by: PartyMatch, wanted: &CustomerDraft) -> Result<FoundParty, ConnectorError> {
    let code = CustomerCode::parse(&customer.code)
        .map_err(|_| malformed("a customer's code has characters that no code has"))?;
    Ok(FoundParty { code, by, differs: customer.differs(wanted) })
}
