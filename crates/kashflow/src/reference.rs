//! What decisions refer to: accounts, rates, currencies, payment methods, products.
//!
//! A row that cannot be read is left out and logged by its JSON path: one odd account must not hide a hundred others, and what
//! is not in the reference cannot be booked on, which parks visibly.

use money::Currency;
use ports::{BooksReference, CompanyInfo, ConnectorError, NumberedMethod};
use url::Url;

use crate::answer::malformed;
use crate::client::Client;
use crate::wire::object::{Object, Unreadable};
use crate::wire::reference as wire;

/// The most that lists of products allow (facts §8).
const PER_PAGE: &str = "100";

impl Client {
    pub(crate) async fn company(&self) -> Result<CompanyInfo, ConnectorError> {
        let what = "the company details";
        let answer = self.read(self.url(&["settings", "companydetails"])?, what).await?;
        Object::parse(&answer.body, "$").and_then(|object| wire::company(&object)).map_err(|error| error.of(what))
    }

    /// The home currency, read once.
    pub(crate) async fn home_currency(&self) -> Result<Currency, ConnectorError> {
        let read = || async {
            let company = self.company().await?;
            Currency::parse(&company.home_currency).map_err(|_| malformed("the company's home currency is not known"))
        };
        self.home.get_or_try_init(read).await.copied()
    }

    // One after the other: ten small reads, seldom, and a virtual clock allows one request per guard.
    pub(crate) async fn read_reference(&self) -> Result<BooksReference, ConnectorError> {
        let company = self.company().await?;
        let nominals = self.rows_of(&["nominals"], "the nominal codes", |row| kept(wire::nominal(row))).await?;
        let vat =
            self.rows_of(&["vat", "settings", "vatrates"], "the VAT rates", |row| kept(wire::vat_rate(row))).await?;
        let payment_methods = self.methods("invoice").await?;
        let purchase_methods = absent_is_empty(self.methods("purchase").await)?;
        let mut vat_rates = Vec::new();
        for rate in vat {
            if !vat_rates.contains(&rate) {
                vat_rates.push(rate);
            }
        }
        Ok(BooksReference {
            currencies: self.currencies(&company).await?,
            products: self.products().await?,
            stock_enabled: self.stock_enabled().await?,
            bank_accounts: self.bank_accounts().await?,
            company,
            nominals,
            vat_rates,
            payment_methods,
            purchase_methods,
        })
    }

    async fn methods(&self, of: &str) -> Result<Vec<NumberedMethod>, ConnectorError> {
        self.rows_of(&["paymentmethods", of], "the payment methods", |row| kept(wire::method(row))).await
    }

    /// The configured currencies and home. Where that list does not exist only home is certain to be enabled.
    async fn currencies(&self, company: &CompanyInfo) -> Result<Vec<String>, ConnectorError> {
        let what = "the configured currencies";
        let configured =
            absent_is_empty(self.rows_of(&["currencies", "list"], what, |row| kept(wire::currency(row))).await);
        let mut currencies = configured?;
        if !currencies.contains(&company.home_currency) {
            currencies.push(company.home_currency.clone());
        }
        Ok(currencies)
    }

    /// Products of all sales codes, those not in use as well; the list over all codes first, the older one where it is absent.
    async fn products(&self) -> Result<Vec<ports::Product>, ConnectorError> {
        let paged = |segments: &[&str]| -> Result<Url, ConnectorError> {
            let mut url = self.url(segments)?;
            url.query_pairs_mut().append_pair("page", "1").append_pair("perpage", PER_PAGE);
            Ok(url)
        };
        let mut all = paged(&["products", "list"])?;
        all.query_pairs_mut().append_pair("filterbyinuseonly", "false");
        match self.kept_rows(all, "the products", |row| kept(wire::product(row))).await {
            Err(ConnectorError::NotFound { .. }) => {
                let older = paged(&["products"])?;
                absent_is_empty(self.kept_rows(older, "the products", |row| kept(wire::product(row))).await)
            }
            listed => listed,
        }
    }

    /// Whether stock is counted. An account that does not know the switch does not count.
    async fn stock_enabled(&self) -> Result<bool, ConnectorError> {
        let what = "the stock options";
        let Some(answer) = self.read_if_there(self.url(&["stockoptions"])?, what).await? else { return Ok(false) };
        let enabled = Object::parse(&answer.body, "$").and_then(|object| object.flag("EnableStockManagement"));
        Ok(enabled.map_err(|error| error.of(what))?.unwrap_or(false))
    }

    pub(crate) async fn rows_of<T>(
        &self,
        segments: &[&str],
        what: &str,
        read: fn(&Object<'_>) -> Result<Option<T>, Unreadable>,
    ) -> Result<Vec<T>, ConnectorError> {
        self.kept_rows(self.url(segments)?, what, read).await
    }

    async fn kept_rows<T>(
        &self,
        url: Url,
        what: &str,
        read: fn(&Object<'_>) -> Result<Option<T>, Unreadable>,
    ) -> Result<Vec<T>, ConnectorError> {
        Ok(self.list(url, what, read).await?.rows.into_iter().flatten().collect())
    }
}

pub(crate) fn kept<T>(row: Result<T, Unreadable>) -> Result<Option<T>, Unreadable> {
    Ok(row.inspect_err(|error| tracing::warn!("KashFlow: a row was left out: {error}")).ok())
}

fn absent_is_empty<T>(listed: Result<Vec<T>, ConnectorError>) -> Result<Vec<T>, ConnectorError> {
    match listed {
        Err(ConnectorError::NotFound { .. }) => Ok(Vec::new()),
        listed => listed,
    }
}
