//! What decisions refer to: accounts, rates, currencies, payment methods, products.

use model::{BankAccountId, NominalCode, PaymentMethodId, VatRate};
use ports::{BankAccount, BooksReference, CompanyInfo, ConnectorError, Nominal, NumberedMethod, Product};
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use crate::amounts::Digits;
use crate::client::{Client, malformed};
use crate::dates;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct NominalRow {
    code: Option<Digits>,
    name: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<serde_json::Value>,
    archived: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct VatRow {
    #[serde(rename = "VATRate")]
    rate: Option<Digits>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CurrencyRow {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MethodRow {
    #[serde(alias = "MethodID", alias = "MethodId")]
    id: Option<Digits>,
    #[serde(alias = "MethodName")]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BankRow {
    id: Option<Digits>,
    account_name: Option<String>,
    code: Option<Digits>,
    transaction_lock_date: Option<String>,
    transaction_lock_enabled: Option<bool>,
    is_archived: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ProductRow {
    code: Option<String>,
    nominal_code: Option<Digits>,
    name: Option<String>,
    #[serde(rename = "VATRate")]
    vat_rate: Option<Digits>,
    manage_stock_level: Option<bool>,
    quantity_in_stock: Option<Digits>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Company {
    company_name: Option<String>,
    home_currency: Option<CurrencyRow>,
    #[serde(rename = "VATRegistered")]
    vat_registered: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
struct StockOptions {
    enable_stock_management: Option<bool>,
}

impl Client {
    pub(crate) async fn company(&self) -> Result<CompanyInfo, ConnectorError> {
        let answer = self.read(self.url(&["settings", "companydetails"])?).await?;
        let company: Company =
            serde_json::from_str(&answer.body).map_err(|error| malformed(&format!("the company details: {error}")))?;
        Ok(CompanyInfo {
            name: company.company_name.unwrap_or_default(),
            home_currency: company.home_currency.and_then(|currency| currency.code).unwrap_or_else(|| "GBP".to_owned()),
            vat_registered: company.vat_registered.unwrap_or(false),
        })
    }

    pub(crate) async fn read_reference(&self) -> Result<BooksReference, ConnectorError> {
        let company = self.company().await?;
        let nominals = self.list::<NominalRow>(self.url(&["nominals"])?).await?.rows;
        let vat = self.list::<VatRow>(self.url(&["vat", "settings", "vatrates"])?).await?.rows;
        let currencies = self.list::<CurrencyRow>(self.url(&["currencies", "list"])?).await?.rows;
        let methods = self.list::<MethodRow>(self.url(&["paymentmethods", "invoice"])?).await?.rows;
        let banks = self.list::<BankRow>(self.url(&["bankaccounts"])?).await?.rows;
        let mut products = self.url(&["products"])?;
        products.query_pairs_mut().append_pair("page", "1").append_pair("perpage", "100");
        let products = self.list::<ProductRow>(products).await?.rows;
        let stock = self.read(self.url(&["stockoptions"])?).await?;
        // An answer that cannot be read must not pass for "no stock": orders decided meanwhile would not count theirs.
        let stock: StockOptions = match stock.status {
            404 => StockOptions::default(),
            _ => {
                serde_json::from_str(&stock.body).map_err(|error| malformed(&format!("the stock options: {error}")))?
            }
        };
        Ok(BooksReference {
            nominals: nominals.into_iter().filter_map(nominal).collect(),
            vat_rates: vat.into_iter().filter_map(|row| Some(VatRate::Percent(row.rate?.0.normalize()))).collect(),
            currencies: currencies
                .into_iter()
                .filter_map(|row| row.code)
                .chain([company.home_currency.clone()])
                .collect(),
            payment_methods: methods.into_iter().filter_map(method).collect(),
            bank_accounts: banks.into_iter().filter(|row| row.is_archived != Some(true)).filter_map(bank).collect(),
            products: products.into_iter().filter_map(product).collect(),
            stock_enabled: stock.enable_stock_management.unwrap_or(false),
            company,
        })
    }
}

fn id(digits: Option<Digits>) -> Option<u32> {
    digits.and_then(|digits| digits.0.to_u32())
}

fn nominal(row: NominalRow) -> Option<Nominal> {
    Some(Nominal {
        code: NominalCode(id(row.code)?),
        name: row.name.unwrap_or_default(),
        kind: row.kind.and_then(|kind| kind.as_str().map(str::to_owned)),
        archived: row.archived.unwrap_or(false),
    })
}

fn method(row: MethodRow) -> Option<NumberedMethod> {
    Some(NumberedMethod { id: PaymentMethodId(id(row.id)?), name: row.name.unwrap_or_default() })
}

fn bank(row: BankRow) -> Option<BankAccount> {
    let locked = row.transaction_lock_enabled.unwrap_or(false);
    Some(BankAccount {
        id: BankAccountId(id(row.id)?),
        name: row.account_name.unwrap_or_default(),
        nominal: id(row.code).map(NominalCode),
        locked_until: row.transaction_lock_date.as_deref().and_then(dates::day).filter(|_| locked),
    })
}

fn product(row: ProductRow) -> Option<Product> {
    Some(Product {
        code: row.code?,
        nominal: NominalCode(id(row.nominal_code)?),
        name: row.name.unwrap_or_default(),
        vat_rate: row.vat_rate.map(|rate| VatRate::Percent(rate.0.normalize())),
        stock_managed: row.manage_stock_level.unwrap_or(false),
        in_stock: row.quantity_in_stock.and_then(|count| count.0.to_i64()),
    })
}
