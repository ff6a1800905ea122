//! KashFlow's invoice or bill to our receipt, our draft to KashFlow's request. Nothing is guessed: what decides an amount is there and
//! readable, or the document is malformed, named by number and JSON path.

use std::collections::BTreeMap;

use model::{
    BankAccountId, DocumentNumber, DraftLine, EntryKind, ExchangeRate, NominalCode, PaymentDraft, PurchaseDraft,
    PurchaseLine, Receipt, ReceiptLine, ReceiptPayment, SalesDraft, VatRate,
};
use money::{Currency, Money};
use ports::ConnectorError;
use rust_decimal::Decimal;

use crate::answer::{malformed, rejected_by_us};
use crate::wire::document::{Document, Line, Names, PURCHASES, Payment};
use crate::wire::new_invoice::{NewAddress, NewCurrency, NewInvoice, NewLine, NewPayment, NewPurchase};
use crate::wire::object::Unreadable;
use crate::{amounts, dates};

/// Decimals of an amount that KashFlow keeps for certain (facts §5).
const AMOUNT_DECIMALS: u32 = 2;

/// The nominal codes of the bank-type accounts by KashFlow's ids of them.
pub(crate) type Accounts = BTreeMap<BankAccountId, NominalCode>;

/// A document as a receipt. `home` is the currency of a document that names none; `accounts` tells which account a payment is on.
///
/// A line's net is quantity × rate to the minor unit, half away from zero (BEHAVIOR 12). Totals are the sums of the lines,
/// unless the header says otherwise by more than a minor unit a line: then the header is believed (BEHAVIOR 13), so that a
/// document whose lines do not tell all is seen to differ instead of passing for ours.
pub(crate) fn receipt(
    document: &Document,
    names: &Names,
    home: Currency,
    accounts: &Accounts,
) -> Result<Receipt, ConnectorError> {
    let wrong = |error: Unreadable| error.of(&format!("{} {}", names.noun, document.number));
    let currency = match &document.currency {
        Some(code) => Currency::parse(code)
            .map_err(|_| wrong(Unreadable::new("$.Currency.Code", "a currency whose decimals we know")))?,
        None => home,
    };
    let amount = |value: Decimal, path: &str| {
        amounts::money(value, currency).ok_or_else(|| wrong(Unreadable::new(path, "an amount that fits")))
    };
    let mut lines = Vec::new();
    for line in &document.lines {
        lines.push(ReceiptLine {
            net: amount(net(line).map_err(wrong)?, &line.path)?,
            vat: amount(line.vat_amount.unwrap_or_default(), &line.path)?,
            vat_rate: vat_rate(line).map_err(wrong)?,
            nominal: line.nominal.filter(|code| *code != 0).map(NominalCode),
            document: None,
        });
    }
    let total = |of: fn(&ReceiptLine) -> Money, header: Option<Decimal>, path: &str| {
        let sum = Money::sum(currency, lines.iter().map(of));
        let sum = sum.map_err(|_| wrong(Unreadable::new("$.LineItems", "a list whose sum fits")))?;
        let Some(header) = header.map(|header| amount(header, path)).transpose()? else { return Ok(sum) };
        let apart = header.minor().abs_diff(sum.minor());
        Ok(if apart > lines.len() as u64 { header } else { sum })
    };
    let mut payments = Vec::new();
    for payment in &document.payments {
        let Some(paid) = payment.amount else { continue };
        payments.push(receipt_payment(payment, amount(paid, &payment.path)?, accounts));
    }
    let paid_in_lines = Money::sum(currency, payments.iter().map(|payment| payment.amount));
    let paid = match document.paid {
        Some(paid) => amount(paid, "$.TotalPaidAmount")?,
        None => paid_in_lines.map_err(|_| wrong(Unreadable::new("$.PaymentLines", "a list whose sum fits")))?,
    };
    let in_a_return = |id: Option<i64>| id.is_some_and(|id| id != 0);
    Ok(Receipt {
        kind: if names.route == PURCHASES.route { EntryKind::Purchase } else { EntryKind::Sales },
        number: Some(DocumentNumber(document.number)),
        remote_id: document.id,
        reference: document.reference.clone().unwrap_or_default(),
        party: document.party.clone().unwrap_or_default(),
        account: None,
        on: document.issued_on.ok_or_else(|| wrong(Unreadable::new("$.IssuedDate", "a date")))?,
        currency,
        net: total(|line| line.net, document.net, "$.NetAmount")?,
        vat: total(|line| line.vat, document.vat, "$.VATAmount")?,
        payments,
        paid,
        locked: in_a_return(document.vat_return)
            || document.payments.iter().any(|payment| in_a_return(payment.vat_return)),
        lines,
    })
}

fn receipt_payment(payment: &Payment, amount: Money, accounts: &Accounts) -> ReceiptPayment {
    ReceiptPayment {
        remote_id: payment.id,
        account: payment.account.and_then(|id| accounts.get(&BankAccountId(id)).copied()),
        amount,
        on: payment.on,
        note: payment.note.clone().unwrap_or_default(),
        credit: payment.credit,
    }
}

/// Quantity × rate. A line with neither is a comment; one with only one of them says nothing that can be trusted.
fn net(line: &Line) -> Result<Decimal, Unreadable> {
    match (line.quantity, line.rate) {
        (Some(quantity), Some(rate)) => {
            quantity.checked_mul(rate).ok_or_else(|| Unreadable::new(&line.path, "a line whose net fits"))
        }
        (None, None) => Ok(Decimal::ZERO),
        _ => Err(Unreadable::new(&line.path, "a line with both Quantity and Rate")),
    }
}

/// The flag stands for exempt and for outside the scope alike; a line without a level has none only if it has no VAT either.
fn vat_rate(line: &Line) -> Result<VatRate, Unreadable> {
    match line.vat_level {
        _ if line.vat_exempt => Ok(VatRate::OutsideScope),
        Some(level) if level >= Decimal::ZERO => Ok(VatRate::Percent(level.normalize())),
        Some(_) => Ok(VatRate::OutsideScope),
        None if line.vat_amount.unwrap_or_default().is_zero() => Ok(VatRate::OutsideScope),
        None => Err(Unreadable::new(format!("{}.VATLevel", line.path), "there, though the line has VAT")),
    }
}

/// Whether KashFlow can hold `draft` to the penny.
///
/// # Errors
///
/// [`ConnectorError::Rejected`] before anything is asked or sent, if a line is not exact or a currency is not one KashFlow can hold.
pub(crate) fn sendable(number: DocumentNumber, draft: &SalesDraft) -> Result<(), ConnectorError> {
    let what = format!("invoice {number}");
    for (index, line) in draft.lines.iter().enumerate() {
        let checked = check(line, draft.currency);
        checked.map_err(|reason| rejected_by_us(&what, &format!("line {}: {reason}", index + 1)))?;
    }
    sendable_head(&what, draft.currency, draft.rate.as_ref(), draft.payment.as_ref())
}

/// As [`sendable`], for a bill: its lines have quantity one, so they are exact by themselves.
pub(crate) fn sendable_purchase(number: DocumentNumber, draft: &PurchaseDraft) -> Result<(), ConnectorError> {
    let what = format!("bill {number}");
    let foreign = |line: &PurchaseLine| [line.net, line.vat].iter().any(|amount| amount.currency() != draft.currency);
    if let Some(index) = draft.lines.iter().position(foreign) {
        return Err(rejected_by_us(&what, &format!("line {}: an amount is not in {}", index + 1, draft.currency)));
    }
    sendable_head(&what, draft.currency, draft.rate.as_ref(), draft.payment.as_ref())
}

fn sendable_head(
    what: &str,
    currency: Currency,
    rate: Option<&ExchangeRate>,
    payment: Option<&PaymentDraft>,
) -> Result<(), ConnectorError> {
    if currency.decimals() > AMOUNT_DECIMALS {
        return Err(rejected_by_us(what, &format!("{currency} has more decimals than KashFlow keeps")));
    }
    if let Some(payment) = payment
        && payment.amount.currency() != currency
    {
        let paid_in = payment.amount.currency();
        return Err(rejected_by_us(what, &format!("the payment is in {paid_in}, the document in {currency}")));
    }
    if rate.is_some_and(|rate| rate.per_home <= Decimal::ZERO) {
        return Err(rejected_by_us(what, "the exchange rate is not above zero"));
    }
    Ok(())
}

/// The body of a create or of a full replacement of a draft that is [`sendable`]. Totals are left out: KashFlow derives them from
/// the lines. `account` is KashFlow's id of the payment's account, if there is a payment.
pub(crate) fn request(
    number: DocumentNumber,
    draft: &SalesDraft,
    account: Option<BankAccountId>,
) -> Result<String, ConnectorError> {
    let new = NewInvoice {
        number: number.0,
        customer_code: draft.customer.code.as_str(),
        customer_reference: &draft.reference,
        issued_date: dates::sent(draft.issued_on),
        due_date: dates::sent(draft.due_on),
        currency: new_currency(draft.currency, draft.rate.as_ref()),
        line_items: draft.lines.iter().enumerate().map(|(index, line)| new_line(index, line)).collect(),
        payment_lines: new_payments(draft.payment.as_ref(), account),
        use_custom_delivery_address: draft.delivery.as_ref().map(|_| true),
        delivery_address: draft.delivery.as_ref().map(NewAddress::of),
    };
    serde_json::to_string(&new).map_err(|_| malformed("the invoice could not be written down"))
}

/// As [`request`], for a bill.
pub(crate) fn purchase_request(
    number: DocumentNumber,
    draft: &PurchaseDraft,
    account: Option<BankAccountId>,
) -> Result<String, ConnectorError> {
    let new = NewPurchase {
        number: number.0,
        supplier_code: draft.supplier.code.as_str(),
        supplier_reference: &draft.reference,
        issued_date: dates::sent(draft.issued_on),
        due_date: dates::sent(draft.due_on),
        currency: draft.rate.as_ref().map(|rate| new_currency(draft.currency, Some(rate))),
        line_items: draft.lines.iter().enumerate().map(|(index, line)| new_purchase_line(index, line)).collect(),
        payment_lines: new_payments(draft.payment.as_ref(), account),
    };
    serde_json::to_string(&new).map_err(|_| malformed("the bill could not be written down"))
}

fn new_currency(currency: Currency, rate: Option<&ExchangeRate>) -> NewCurrency<'static> {
    let rate = rate.map_or(Decimal::ONE, |rate| rate.per_home);
    NewCurrency { code: currency.code(), exchange_rate: amounts::rate(rate) }
}

fn new_payments(payment: Option<&PaymentDraft>, account: Option<BankAccountId>) -> Vec<NewPayment<'_>> {
    let payments = payment.into_iter().zip(account).map(|(payment, account)| NewPayment {
        date: dates::sent(payment.on),
        amount: amounts::number(payment.amount),
        method: payment.method.0,
        account_id: account.0,
        note: &payment.note,
    });
    payments.collect()
}

/// What KashFlow would compute must be what we mean: it derives totals from quantity and rate.
fn check(line: &DraftLine, currency: Currency) -> Result<(), String> {
    if [line.net, line.unit_net, line.vat].iter().any(|amount| amount.currency() != currency) {
        return Err(format!("an amount is not in {currency}"));
    }
    if line.quantity == 0 {
        return Err("the quantity is zero".to_owned());
    }
    match line.unit_net.times(i64::from(line.quantity)) {
        Ok(net) if net == line.net => Ok(()),
        _ => Err("its net is not exactly quantity × unit price".to_owned()),
    }
}

/// Rates to the wire (facts §12): a percentage, or level 0 with the exempt flag for everything that has no rate.
pub(crate) fn level(rate: VatRate) -> (Decimal, bool) {
    match rate {
        VatRate::Percent(percent) => (percent, false),
        VatRate::Exempt
        | VatRate::OutsideScope
        | VatRate::NoVat
        | VatRate::ReverseCharge
        | VatRate::OneStopShop { .. } => (Decimal::ZERO, true),
    }
}

/// Line breaks are unreliable (facts §3.8), other control characters are nobody's intention.
fn plain(text: &str) -> String {
    text.replace(|character: char| character.is_control(), " ")
}

fn new_line(index: usize, line: &DraftLine) -> NewLine<'_> {
    let (level, exempt) = level(line.vat_rate);
    NewLine {
        number: index + 1,
        description: plain(&line.description),
        quantity: line.quantity,
        rate: amounts::number(line.unit_net),
        vat_level: amounts::decimal(level),
        vat_amount: amounts::number(line.vat),
        vat_exempt: exempt,
        nominal_code: line.nominal.0,
        product_code: line.product.as_ref().map(model::ProductCode::as_str),
    }
}

fn new_purchase_line(index: usize, line: &PurchaseLine) -> NewLine<'_> {
    let (level, exempt) = level(line.vat_rate);
    NewLine {
        number: index + 1,
        description: plain(&line.description),
        quantity: 1,
        rate: amounts::number(line.net),
        vat_level: amounts::decimal(level),
        vat_amount: amounts::number(line.vat),
        vat_exempt: exempt,
        nominal_code: line.nominal.0,
        product_code: None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::wire::document::INVOICES;
    use crate::wire::object::Object;

    fn read(json: &str) -> Result<Receipt, ConnectorError> {
        let object = Object::parse(json, "$").map_err(|error| error.of("it"))?;
        let document = Document::read(&object, &INVOICES).map_err(|error| error.of("it"))?;
        let accounts = BTreeMap::from([(BankAccountId(9002), NominalCode(1250))]);
        receipt(&document, &INVOICES, Currency::GBP, &accounts)
    }

    fn gbp(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    const OURS: &str = r#"{"Id": 880001, "Number": 1042, "CustomerCode": "AMZUKSTD", "CustomerReference": "AMZ-203-1 ",
        "IssuedDate": "2026-11-02 12:00:00", "Currency": {"Code": "GBP", "ExchangeRate": 1.0000}, "NetAmount": 25.0000,
        "VATAmount": 5.0, "TotalPaidAmount": 30.0000, "VATReturnId": 0,
        "LineItems": [{"Quantity": 2.0000, "Rate": 12.5000, "VATLevel": 20.0000, "VATAmount": 5.0000, "VATExempt": 0, "NominalCode": 4000}],
        "PaymentLines": [{"Amount": 30.0, "AccountId": 9002, "VATReturnId": null}]}"#;

    #[test]
    fn a_document_is_read_to_the_penny() {
        let receipt = read(OURS).unwrap();
        assert_eq!((receipt.kind, receipt.number), (EntryKind::Sales, Some(DocumentNumber(1042))));
        assert_eq!((receipt.remote_id, receipt.reference.as_str()), (Some(880_001), "AMZ-203-1"));
        assert_eq!(receipt.on, date(2026, 11, 2));
        assert_eq!((receipt.net, receipt.vat, receipt.paid), (gbp(25_00), gbp(5_00), gbp(30_00)));
        assert_eq!(receipt.lines[0].vat_rate, VatRate::Percent(Decimal::from(20)));
        assert!(!receipt.locked);
        let payment = &receipt.payments[0];
        assert_eq!((payment.amount, payment.account, payment.credit), (gbp(30_00), Some(NominalCode(1250)), false));
    }

    #[test]
    fn a_document_in_a_vat_return_is_locked_by_its_payment_too() {
        for json in [
            OURS.replace(r#""VATReturnId": 0"#, r#""VATReturnId": 7"#),
            OURS.replace(r#""VATReturnId": null"#, r#""VATReturnId": "7""#),
        ] {
            assert!(read(&json).unwrap().locked);
        }
    }

    #[test]
    fn header_totals_that_contradict_the_lines_are_believed_so_that_the_document_is_seen_to_differ() {
        assert_eq!(read(&OURS.replace("25.0000", "20.0000")).unwrap().net, gbp(20_00));
        assert_eq!(read(&OURS.replace("25.0000", "25.0100")).unwrap().net, gbp(25_00), "a penny a line is rounding");
    }

    #[test]
    fn what_decides_an_amount_or_a_day_has_no_default() {
        for (from, to, expected) in [
            (r#""Quantity": 2.0000, "#, "", "$.LineItems[0] is not a line with both Quantity and Rate"),
            (r#""VATLevel": 20.0000, "#, "", "$.LineItems[0].VATLevel is not there"),
            (r#""2026-11-02 12:00:00""#, "null", "$.IssuedDate is not a date"),
            (r#""2026-11-02 12:00:00""#, r#""1900-01-01 12:00:00""#, "$.IssuedDate is not a date"),
            (r#""Code": "GBP""#, r#""Code": "XTS""#, "$.Currency.Code is not a currency"),
            (r#""Number": 1042, "#, "", "$.Number is not there"),
            ("12.5000", r#""twelve""#, "$.LineItems[0].Rate is not a number"),
        ] {
            let error = read(&OURS.replace(from, to)).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn what_does_not_decide_may_be_absent() {
        let receipt = read(r#"{"Number": "7", "IssuedDate": "2026-11-02", "LineItems": [{"Description": "thanks"}]}"#);
        let receipt = receipt.unwrap();
        assert_eq!((receipt.net, receipt.currency, receipt.reference.as_str()), (gbp(0), Currency::GBP, ""));
    }

    proptest! {
        #[test]
        fn no_json_makes_the_reader_panic(
            number in "[-0-9.eE\"a]{0,12}", line in "[-0-9.eE\"anul{}\\[\\],: ]{0,40}", total in "[-0-9.eE\"]{0,40}"
        ) {
            let _ = read(&format!(r#"{{"Number": {number}, "IssuedDate": "2026-11-02", "LineItems": [{line}], "NetAmount": {total}}}"#));
            let _ = read(&format!(r#"{{"Number": 1, "IssuedDate": "2026-11-02", "LineItems": [{{"Quantity": {total}, "Rate": {number}}}]}}"#));
            let _ = read(&line);
        }

        #[test]
        fn pennies_survive_four_decimals(minor in -100_000_i64..100_000, quantity in 1_i64..100) {
            let json = format!(
                r#"{{"Number": 1, "IssuedDate": "2026-11-02", "LineItems": [{{"Quantity": {quantity}.0000, "Rate": {}00, "VATLevel": 0}}]}}"#,
                gbp(minor).digits()
            );
            prop_assert_eq!(read(&json).unwrap().net, gbp(minor * quantity));
        }
    }
}
