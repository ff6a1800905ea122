//! The XML format as rows of V2: every `Amount` becomes a row, and none is lost because its place is not known.
//!
//! A document type declaration is refused (it can make a small file huge), depth and text are bounded, and no entity but XML's own
//! five and numbers is known. The order's date comes after some of its amounts, so the rows of one order are kept until it ends.

use std::io::{BufReader, Read};

use encoding_rs::{Encoding, UTF_8};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Error, Reader};

use super::blocks::{Bounded, Stop};
use super::header::Column;
use super::input::Transcoded;
use super::layout::{Scratch, Seen, TextRow};
use super::refusal::Refusal;
use super::v1;

const DEPTH_MAX: usize = 32;
const TEXT_BYTES_MAX: usize = 64 << 10;
/// Amounts of one order: a thousand items of a hundred amounts.
const ROWS_OF_ORDER_MAX: usize = 100_000;

/// Calls `each` with every amount as a row of V2, and with the summary.
pub(crate) fn rows(reader: impl Read, scratch: &mut Scratch, mut each: impl FnMut(TextRow<'_>)) -> Result<Seen, Stop> {
    let (bounded, progress) = Bounded::new(reader);
    let mut xml = Reader::from_reader(BufReader::with_capacity(1 << 16, bounded));
    let mut document = Document::default();
    let mut buffer = Vec::new();
    let mut seen = Seen::default();
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer).map_err(|error| stop(error, seen.lines))?;
        progress.reset();
        let line = seen.lines;
        seen.lines += event.bytes().filter(|byte| *byte == b'\n').count() as u64;
        match event {
            Event::Start(start) => document.open(&start)?,
            Event::Empty(start) => {
                document.open(&start)?;
                document.close(line, scratch, &mut each)?;
            }
            Event::End(_) => document.close(line, scratch, &mut each)?,
            Event::Text(text) => document.text(&text)?,
            Event::CData(text) => document.text(&text)?,
            Event::GeneralRef(reference) => document.reference(&reference)?,
            Event::DocType(_) => return Err(refused("an XML document with a document type declaration")),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    if !document.stack.is_empty() {
        return Err(damaged("the XML ends in the middle of an element"));
    }
    Ok(seen)
}

/// The encoding that the declaration names, if it is not UTF-8.
pub(crate) fn declared_encoding(head: &[u8]) -> Option<&'static Encoding> {
    let text = String::from_utf8_lossy(head.get(..200).unwrap_or(head)).into_owned();
    let declaration = text.trim_start().strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let label = declaration.split("encoding").nth(1)?.trim_start_matches([' ', '=']).trim_start_matches(['"', '\'']);
    let label = label.split(['"', '\'']).next()?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
}

/// As UTF-8.
pub(crate) fn decoded<'i>(
    reader: Box<dyn Read + Send + 'i>,
    encoding: Option<&'static Encoding>,
) -> Box<dyn Read + Send + 'i> {
    match encoding {
        Some(encoding) => Box::new(Transcoded::new(reader, encoding.new_decoder_with_bom_removal())),
        None => reader,
    }
}

fn stop(error: Error, line: u64) -> Stop {
    match error {
        Error::Io(error) => Stop::of_io(std::io::Error::new(error.kind(), error)),
        other => {
            damaged(&format!("it is not XML near line {}: {}", line + 1, crate::answer::cut(&other.to_string(), 120)))
        }
    }
}

fn damaged(reason: &str) -> Stop {
    Stop::Refused(Refusal::Damaged { reason: reason.to_owned() })
}

fn refused(what: &str) -> Stop {
    let next = "Download the settlement as Flat File V2".to_owned();
    Stop::Refused(Refusal::NotASettlement { what: what.to_owned(), next })
}

/// An element that is open.
struct Element {
    name: String,
    text: String,
    /// What its own children said.
    children: Vec<(String, String)>,
    currency: String,
}

/// What is under way.
#[derive(Default)]
struct Document {
    stack: Vec<Element>,
    settlement: String,
    pending: Vec<Pending>,
}

/// An amount whose order has not ended.
struct Pending {
    line: u64,
    class: String,
    name: String,
    amount: String,
    currency: String,
    promotion: String,
    /// Fields of the item, by column.
    item: Vec<(Column, String)>,
}

impl Document {
    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), Stop> {
        if self.stack.len() >= DEPTH_MAX {
            return Err(damaged("its XML is nested deeper than any settlement"));
        }
        let currency = start
            .attributes()
            .flatten()
            .find(|attribute| attribute.key.local_name().into_inner().eq_ignore_ascii_case("currency"))
            .map(|attribute| crate::answer::cut(&attribute.value, 8))
            .unwrap_or_default();
        let name = crate::answer::cut(start.local_name().into_inner(), 80);
        self.stack.push(Element { name, text: String::new(), children: Vec::new(), currency });
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), Stop> {
        let Some(element) = self.stack.last_mut() else { return Ok(()) };
        if element.text.len() + text.len() > TEXT_BYTES_MAX {
            return Err(damaged("a text in it is longer than any of a settlement"));
        }
        element.text.push_str(text);
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Result<(), Stop> {
        let known = match reference.resolve_char_ref() {
            Ok(Some(character)) => Some(character),
            Ok(None) => match &**reference {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => None,
            },
            Err(_) => None,
        };
        match known {
            Some(character) => self.text(character.encode_utf8(&mut [0; 4])),
            None => Err(damaged("its XML uses an entity that it does not explain")),
        }
    }

    fn close(&mut self, line: u64, scratch: &mut Scratch, each: &mut impl FnMut(TextRow<'_>)) -> Result<(), Stop> {
        let Some(element) = self.stack.pop() else { return Ok(()) };
        if element.name == "SettlementData" {
            self.summary(&element, line, scratch, each);
            return Ok(());
        }
        let is_group = self.stack.last().is_some_and(|parent| parent.name == "SettlementReport");
        if let Some(amount) = element.child("Amount") {
            if self.pending.len() >= ROWS_OF_ORDER_MAX {
                return Err(damaged("an order in it has more amounts than any order"));
            }
            self.pending.push(self.pending_of(&element, amount, line));
        }
        if is_group {
            self.group(&element, scratch, each);
            return Ok(());
        }
        let text = element.text.trim().trim_matches(['\'', '"']).to_owned();
        let currency = element.currency;
        if let Some(parent) = self.stack.last_mut() {
            if element.name == "Amount" && parent.currency.is_empty() {
                parent.currency = currency.clone();
            }
            if element.name == "TotalAmount" {
                parent.currency = currency;
            }
            // Fields of a delivery hold for its order.
            if element.name == "Fulfillment" {
                parent.children.extend(element.children);
            } else {
                parent.children.push((element.name, text));
            }
        }
        Ok(())
    }

    fn pending_of(&self, element: &Element, amount: &str, line: u64) -> Pending {
        let above = self.stack.last().map_or("", |parent| parent.name.as_str());
        let class = match (above, element.name.as_str()) {
            (_, "Promotion" | "PromotionAdjustment") => "Promotion",
            ("ItemPrice" | "ItemPriceAdjustments", _) => "ItemPrice",
            ("ItemFees" | "ItemFeeAdjustments", _) => "ItemFees",
            ("ShipmentFees" | "ShipmentFeeAdjustments", _) => "Shipment-Fees",
            ("OrderFees" | "OrderFeeAdjustments", _) => "OrderFees",
            (_, "DirectPayment") => "DirectPayment",
            // Amounts of the group itself: the description is the type of the transaction.
            ("SettlementReport", _) => "",
            (above, _) => above,
        };
        let mut item = Vec::new();
        for holder in self.stack.iter().filter(|holder| matches!(holder.name.as_str(), "Item" | "AdjustedItem")) {
            for (column, name) in ITEM_FIELDS {
                item.extend(holder.child(name).map(|text| (*column, text.to_owned())));
            }
        }
        Pending {
            line,
            class: class.to_owned(),
            name: element.child("Type").unwrap_or_default().to_owned(),
            amount: amount.to_owned(),
            currency: element.currency.clone(),
            promotion: element.child("MerchantPromotionID").unwrap_or_default().to_owned(),
            item,
        }
    }

    fn summary(&mut self, data: &Element, line: u64, scratch: &mut Scratch, each: &mut impl FnMut(TextRow<'_>)) {
        let text = |name| data.child(name).unwrap_or_default();
        self.settlement = text("AmazonSettlementID").to_owned();
        let row = Row::default()
            .with(Column::Settlement, &self.settlement)
            .with(Column::Start, text("StartDate"))
            .with(Column::End, text("EndDate"))
            .with(Column::Deposit, text("DepositDate"))
            .with(Column::Total, text("TotalAmount"))
            .with(Column::Currency, &data.currency);
        row.give(line, scratch, each);
    }

    /// Gives the rows of a group that has ended.
    fn group(&mut self, group: &Element, scratch: &mut Scratch, each: &mut impl FnMut(TextRow<'_>)) {
        let text = |name| group.child(name).unwrap_or_default();
        let said = ["TransactionType", "FeeType", "Type"].into_iter().find_map(|name| group.child(name));
        let kind = match group.name.as_str() {
            "Chargeback" => "Chargeback Refund",
            "GuaranteeClaim" => "A-to-z Guarantee Refund",
            "Retrocharge" => "Order_Retrocharge",
            "OtherTransaction" | "OtherFee" | "MiscEvent" => said.unwrap_or(&group.name),
            "Adjustment" => "Refund",
            name => name,
        };
        let id_of_other = if text("AmazonOrderID").is_empty() { text("TransactionID") } else { "" };
        for pending in std::mem::take(&mut self.pending) {
            let (kind, class, name) = if pending.class.is_empty() {
                v1::triple(Column::OtherAmount, kind, &|_| "")
            } else {
                (kind, pending.class.as_str(), pending.name.as_str())
            };
            let posted = group.child("PostedDate").unwrap_or_default();
            let mut row = Row::default()
                .with(Column::Settlement, &self.settlement)
                .with(Column::Currency, &pending.currency)
                .with(Column::Kind, kind)
                .with(Column::Class, class)
                .with(Column::Name, name)
                .with(Column::Amount, &pending.amount)
                .with(Column::Promotion, &pending.promotion)
                .with(Column::PostedOn, posted)
                .with(Column::Adjustment, id_of_other);
            for (column, name) in GROUP_FIELDS {
                row = row.with(*column, text(name));
            }
            for (column, text) in &pending.item {
                row = row.with(*column, text);
            }
            row.give(pending.line, scratch, each);
        }
    }
}

const GROUP_FIELDS: &[(Column, &str)] = &[
    (Column::Order, "AmazonOrderID"),
    (Column::MerchantOrder, "MerchantOrderID"),
    (Column::Shipment, "ShipmentID"),
    (Column::Adjustment, "AdjustmentID"),
    (Column::Marketplace, "MarketplaceName"),
    (Column::Fulfilment, "MerchantFulfillmentID"),
];

const ITEM_FIELDS: &[(Column, &str)] =
    &[(Column::OrderLine, "AmazonOrderItemCode"), (Column::Sku, "SKU"), (Column::Quantity, "Quantity")];

impl Element {
    fn child(&self, name: &str) -> Option<&str> {
        self.children.iter().find(|(child, _)| child == name).map(|(_, text)| text.as_str())
    }
}

/// Fields of a row, in no order.
#[derive(Default)]
struct Row<'a>(Vec<(Column, &'a str)>);

impl<'a> Row<'a> {
    fn with(mut self, column: Column, text: &'a str) -> Row<'a> {
        if !text.is_empty() {
            self.0.push((column, text));
        }
        self
    }

    fn give(&self, line: u64, scratch: &mut Scratch, each: &mut impl FnMut(TextRow<'_>)) {
        scratch.clear();
        for place in 0..super::header::COLUMNS {
            if place > 0 {
                scratch.end_field();
            }
            if let Some((_, text)) = self.0.iter().find(|(column, _)| *column as usize == place) {
                scratch.text.extend(text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }));
            }
        }
        each(scratch.row(line));
    }
}
