//! Customers: found by code, then e-mail, then name; a hit counts only if it is the only one.

use model::{CustomerCode, CustomerDraft, TradeBorder};
use ports::{ConnectorError, CustomerMatch, FoundCustomer};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::{Client, malformed};
use crate::invoices::NewAddress;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    code: Option<String>,
    name: Option<String>,
    #[serde(default)]
    contacts: Option<Vec<Contact>>,
    #[serde(rename = "VATNumber", alias = "VatNumber", default)]
    vat_number: Option<String>,
    #[serde(default)]
    is_archived: Option<bool>,
    /// The e-mail of older answers.
    #[serde(default)]
    email: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contact {
    email: Option<String>,
}

impl Row {
    fn has_email(&self, email: &str) -> bool {
        let same =
            |held: &Option<String>| held.as_deref().is_some_and(|held| held.trim().eq_ignore_ascii_case(email.trim()));
        same(&self.email) || self.contacts.iter().flatten().any(|contact| same(&contact.email))
    }

    fn has_name(&self, name: &str) -> bool {
        self.name.as_deref().is_some_and(|held| held.trim().to_lowercase() == name.trim().to_lowercase())
    }

    fn differs(&self, wanted: &CustomerDraft) -> bool {
        let vat =
            |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let same_vat = wanted
            .vat_number
            .as_deref()
            .is_none_or(|wanted| vat(wanted) == vat(self.vat_number.as_deref().unwrap_or("")));
        let same_email = wanted.email.as_deref().is_none_or(|email| self.has_email(email));
        !(self.has_name(&wanted.name) && same_vat && same_email)
    }
}

impl Client {
    pub(crate) async fn look_for_customer(
        &self,
        wanted: &CustomerDraft,
    ) -> Result<Option<FoundCustomer>, ConnectorError> {
        if let Some(row) = self.customer_row(wanted.code.as_str()).await? {
            return found(&row, CustomerMatch::Code, wanted);
        }
        if wanted.shared {
            return Ok(None);
        }
        if let Some(email) = wanted.email.as_deref().filter(|email| !email.trim().is_empty())
            && let Some(row) = self.only_hit(email, |row| row.has_email(email)).await?
        {
            return found(&row, CustomerMatch::Email, wanted);
        }
        match self.only_hit(&wanted.name, |row| row.has_name(&wanted.name)).await? {
            Some(row) => found(&row, CustomerMatch::Name, wanted),
            None => Ok(None),
        }
    }

    async fn customer_row(&self, code: &str) -> Result<Option<Row>, ConnectorError> {
        let answer = self.read(self.url(&["customers", code])?).await?;
        if answer.status == 404 {
            return Ok(None);
        }
        let row: Row =
            serde_json::from_str(&answer.body).map_err(|error| malformed(&format!("a customer: {error}")))?;
        Ok(Some(row))
    }

    /// The one customer that matches exactly; none if there are several. The list is searched, because the search route
    /// gives internal ids that no other route takes (facts §1.6).
    async fn only_hit(&self, text: &str, matches: impl Fn(&Row) -> bool) -> Result<Option<Row>, ConnectorError> {
        let mut url = self.url(&["customers"])?;
        url.query_pairs_mut().append_pair("searchtext", text).append_pair("perpage", "100").append_pair("page", "1");
        let rows = self.list::<Row>(url).await?.rows;
        let mut hits = rows.into_iter().filter(|row| matches(row) && row.is_archived != Some(true));
        let first = hits.next();
        Ok(if hits.next().is_some() { None } else { first })
    }

    pub(crate) async fn insert_customer(&self, wanted: &CustomerDraft) -> Result<(), ConnectorError> {
        let what = format!("customer {}", wanted.code);
        let mut body = Map::new();
        body.insert("Code".to_owned(), json!(wanted.code.as_str()));
        apply(&mut body, wanted)?;
        let body = Value::Object(body).to_string();
        self.write(Method::POST, self.url(&["customers"])?, body, &what).await.map(drop)
    }

    /// Reads the customer, changes what we know about, and sends everything else back as it was.
    pub(crate) async fn change_customer(
        &self,
        code: &CustomerCode,
        wanted: &CustomerDraft,
    ) -> Result<(), ConnectorError> {
        let url = self.url(&["customers", code.as_str()])?;
        let answer = self.read(url.clone()).await?;
        let mut body: Map<String, Value> =
            serde_json::from_str(&answer.body).map_err(|error| malformed(&format!("a customer: {error}")))?;
        apply(&mut body, wanted)?;
        self.write(Method::PUT, url, Value::Object(body).to_string(), &format!("customer {code}")).await.map(drop)
    }
}

fn found(row: &Row, by: CustomerMatch, wanted: &CustomerDraft) -> Result<Option<FoundCustomer>, ConnectorError> {
    let code = row.code.as_deref().unwrap_or_default().trim();
    let code = CustomerCode::parse(code).map_err(|_| malformed(&format!("the customer code `{code}`")))?;
    Ok(Some(FoundCustomer { code, by, differs: row.differs(wanted) }))
}

fn apply(body: &mut Map<String, Value>, wanted: &CustomerDraft) -> Result<(), ConnectorError> {
    let border = match wanted.border {
        TradeBorder::Domestic => "Domestic",
        TradeBorder::Eu => "EU",
        TradeBorder::RestOfWorld => "Rest of World",
    };
    body.insert("Name".to_owned(), json!(wanted.name));
    body.insert("Currency".to_owned(), json!({ "Code": wanted.currency.code() }));
    body.insert("TradeBorderType".to_owned(), json!(border));
    if let Some(number) = &wanted.vat_number {
        body.insert("VATNumber".to_owned(), json!(number));
    }
    if let Some(email) = &wanted.email {
        body.insert("Contacts".to_owned(), json!([{ "IsPrimary": true, "Name": wanted.name, "Email": email }]));
    }
    if let Some(address) = &wanted.address {
        let address = serde_json::to_value(NewAddress::of(address)).map_err(|error| malformed(&error.to_string()))?;
        body.insert("Addresses".to_owned(), json!([address]));
    }
    Ok(())
}
