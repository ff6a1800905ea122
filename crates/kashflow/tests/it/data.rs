//! Invented drafts, and the documents that KashFlow shows for them.

use jiff::civil::date;
use model::{
    Address, BankDraft, Country, CustomerCode, CustomerDraft, DocumentKey, DocumentKind, DocumentNumber, DocumentRef,
    Draft, DraftLine, JournalDraft, JournalLine, LaterPaymentDraft, NominalCode, OrderId, PaidItem, PaymentDraft,
    PaymentMethodId, ProductCode, PurchaseDraft, PurchaseLine, SalesDraft, Series, Subject, SupplierDraft, TradeBorder,
    TransferDraft, VatRate,
};
use money::{Currency, Money};
use rust_decimal::Decimal;

pub const INVOICE: &str = include_str!("../../testdata/invoice.json");
pub const CUSTOMER: &str = include_str!("../../testdata/customer.json");
pub const REFERENCE: &str = "AMZ-203-0000001-0000001";

/// The invoice without a payment.
pub fn unpaid_invoice() -> String {
    let mut invoice: serde_json::Value = serde_json::from_str(INVOICE).unwrap();
    invoice["TotalPaidAmount"] = serde_json::json!(0.0);
    invoice["PaymentLines"] = serde_json::json!([]);
    invoice.to_string()
}

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

fn settlement(kind: DocumentKind) -> DocumentKey {
    let subject = Subject::Settlement { id: "42".into(), currency: Currency::GBP };
    DocumentKey { subject, kind, part: String::new(), ordinal: 1 }
}

/// 12.00 out of clearing for a fee, 2.00 of it VAT.
pub fn bank() -> Draft {
    Draft::Bank(BankDraft {
        key: settlement(DocumentKind::Bank),
        reference: "AMZ-S-42-FEES".into(),
        account: NominalCode(1250),
        on: date(2026, 11, 5),
        amount: gbp(-12_00),
        rate: None,
        nominal: NominalCode(6200),
        vat_rate: VatRate::Percent(Decimal::from(20)),
        vat: gbp(-2_00),
        description: "Amazon fees".into(),
        reverses: None,
    })
}

/// 350.00 from clearing to the current account.
pub fn transfer() -> Draft {
    Draft::Transfer(TransferDraft {
        key: settlement(DocumentKind::Transfer),
        reference: "AMZ-S-42-DEPOSIT".into(),
        from: NominalCode(1250),
        to: NominalCode(1200),
        amount: gbp(350_00),
        rate: None,
        on: date(2026, 11, 5),
        description: "Amazon payout".into(),
        reverses: None,
    })
}

/// 8.10 of stock sold.
pub fn journal() -> Draft {
    let line = |nominal, minor| JournalLine {
        nominal: NominalCode(nominal),
        amount: gbp(minor),
        description: "Cost of goods sold".into(),
    };
    Draft::Journal(JournalDraft {
        key: settlement(DocumentKind::Journal),
        reference: "AMZ-S-42-COGS".into(),
        on: date(2026, 11, 5),
        currency: Currency::GBP,
        lines: vec![line(5000, 8_10), line(1001, -8_10)],
        description: "Cost of goods sold".into(),
        reverses: None,
    })
}

/// A bill of 3.67 net and 0.73 VAT, paid from clearing.
pub fn bill() -> Draft {
    Draft::Purchase(PurchaseDraft {
        key: settlement(DocumentKind::Bill),
        reference: "AMZ-S-42-1-SELL".into(),
        supplier: supplier(),
        issued_on: date(2026, 11, 5),
        due_on: date(2026, 11, 5),
        currency: Currency::GBP,
        rate: None,
        lines: vec![PurchaseLine {
            description: "Amazon selling fees".into(),
            net: gbp(3_67),
            vat_rate: VatRate::Percent(Decimal::from(20)),
            vat: gbp(73),
            nominal: NominalCode(6200),
        }],
        payment: Some(PaymentDraft {
            account: NominalCode(1250),
            method: PaymentMethodId(700_002),
            amount: gbp(4_40),
            on: date(2026, 11, 5),
            note: "AMZP:2".into(),
        }),
        reverses: None,
    })
}

pub fn supplier() -> SupplierDraft {
    SupplierDraft {
        code: CustomerCode::parse("AMAZON01").unwrap(),
        name: "Amazon EU SARL, UK Branch".into(),
        currency: Currency::GBP,
        border: TradeBorder::Domestic,
        country: Some(Country::GB),
    }
}

/// 30.00 later on each of these invoices.
pub fn payment(numbers: &[u32]) -> Draft {
    let item = |number: &u32| PaidItem {
        document: DocumentRef { key: settlement(DocumentKind::Invoice), number: Some(DocumentNumber(*number)) },
        amount: gbp(30_00),
    };
    Draft::Payment(LaterPaymentDraft {
        key: settlement(DocumentKind::Payment),
        reference: "AMZ-S-42-PAID".into(),
        series: Series::Sales,
        account: NominalCode(1250),
        method: PaymentMethodId(700_001),
        on: date(2026, 11, 5),
        currency: Currency::GBP,
        items: numbers.iter().map(item).collect(),
        description: "Amazon settlement 42".into(),
        reverses: None,
    })
}
