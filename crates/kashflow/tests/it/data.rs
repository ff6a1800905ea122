//! Invented drafts, and the documents that KashFlow shows for them.

use jiff::civil::date;
use model::{
    Address, Country, CustomerCode, CustomerDraft, DocumentKey, DocumentKind, Draft, DraftLine, NominalCode, OrderId,
    PaymentDraft, PaymentMethodId, ProductCode, SalesDraft, Subject, TradeBorder, VatRate,
};
use money::{Currency, Money};
use rust_decimal::Decimal;

pub const INVOICE: &str = include_str!("../../testdata/invoice.json");
pub const CUSTOMER: &str = include_str!("../../testdata/customer.json");
pub const REFERENCE: &str = "AMZ-203-0000001-0000001";

pub fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

pub fn shared_customer() -> CustomerDraft {
    CustomerDraft {
        code: CustomerCode::parse("AMZUKSTD").unwrap(),
        name: "Amazon UK sales".into(),
        currency: Currency::GBP,
        border: TradeBorder::Domestic,
        country: Some(Country::GB),
        email: None,
        vat_number: None,
        address: None,
        shared: true,
    }
}

pub fn buyer() -> CustomerDraft {
    CustomerDraft {
        code: CustomerCode::parse("AMZB7KQ2X").unwrap(),
        name: "Zoe Kettle".into(),
        currency: Currency::GBP,
        border: TradeBorder::Domestic,
        country: Some(Country::GB),
        email: Some("zoe@example.invalid".into()),
        vat_number: None,
        address: Some(Address {
            lines: vec!["4 Row".into(), "Leeds".into()],
            postcode: Some("LS1 0AA".into()),
            country: Some(Country::GB),
        }),
        shared: false,
    }
}

fn line(quantity: i32, unit: i64, vat_rate: VatRate, vat: i64, product: Option<&str>) -> DraftLine {
    DraftLine {
        description: "Enamel teapot,\nblue".into(),
        quantity,
        unit_net: gbp(unit),
        net: gbp(unit * i64::from(quantity)),
        vat_rate,
        vat: gbp(vat),
        nominal: NominalCode(4000),
        product: product.map(|code| ProductCode::parse(code).unwrap()),
        order_line: None,
        units: quantity.unsigned_abs(),
        sku: None,
    }
}

/// The draft of [`sales`], as the port wants it.
pub fn draft() -> Draft {
    Draft::Sales(sales())
}

/// 2 teapots at 12.50 and 20 %, 1 exempt tea cosy at 0.05: 25.05 net, 5.00 VAT, paid.
pub fn sales() -> SalesDraft {
    SalesDraft {
        key: DocumentKey {
            subject: Subject::Order(OrderId::parse("203-0000001-0000001").unwrap()),
            kind: DocumentKind::Invoice,
            part: String::new(),
            ordinal: 1,
        },
        reference: REFERENCE.into(),
        customer: shared_customer(),
        issued_on: date(2026, 11, 2),
        due_on: date(2026, 11, 2),
        currency: Currency::GBP,
        rate: None,
        lines: vec![
            line(2, 12_50, VatRate::Percent(Decimal::from(20)), 5_00, Some("TEAPOT-B")),
            line(1, 5, VatRate::OutsideScope, 0, None),
        ],
        payment: Some(PaymentDraft {
            account: NominalCode(1250),
            method: PaymentMethodId(700_001),
            amount: gbp(30_05),
            on: date(2026, 11, 2),
            note: "AMZP:1".into(),
        }),
        delivery: None,
        reverses: None,
    }
}
