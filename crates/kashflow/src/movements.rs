//! Bank transactions and transfers: no number of ours is certain, so they are known by the marker at the end of their comment and
//! looked for in the lists of their accounts.
//!
//! KashFlow keeps them in home currency, whatever the account is called; a draft in another currency is converted by its own rate.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use model::{
    BankAccountId, BankDraft, Draft, EntryKind, Marker, NominalCode, Receipt, ReceiptLine, TransferDraft, VatRate,
};
use money::{Currency, Money};
use ports::{ConnectorError, Found, SendOutcome};
use reqwest::Method;
use rust_decimal::Decimal;

use crate::answer::{malformed, rejected_by_us, unavailable};
use crate::client::Client;
use crate::ledger_ids::LedgerIds;
use crate::pages::Listed;
use crate::routes::MoneyType;
use crate::wire::bank::{BankRow, NewBankRow};
use crate::wire::object::{Object, Unreadable};
use crate::{amounts, dates, translate};

/// Longest comment that is sent; no limit is published.
pub(crate) const COMMENT_MAX: usize = 200;

const PER_PAGE: &str = "100";
const PASSES_MAX: usize = 4;

/// A movement without its currency: what is written and what it is compared with.
pub(crate) struct Movement {
    /// The account it is entered on.
    pub(crate) account: NominalCode,
    /// The account on the other side; of a transfer a bank-type one.
    pub(crate) against: NominalCode,
    pub(crate) on: Date,
    /// Positive is money into `account`.
    pub(crate) amount: Money,
    pub(crate) vat_rate: VatRate,
    pub(crate) vat: Money,
    pub(crate) comment: String,
}

impl Movement {
    /// The movement that a draft in home currency wants, if its kind is one.
    pub(crate) fn of(draft: &Draft) -> Option<Movement> {
        let marker = Marker::of_entry(draft.key());
        match draft {
            Draft::Bank(BankDraft { account, on, amount, nominal, vat_rate, vat, description, .. }) => Some(Movement {
                account: *account,
                against: *nominal,
                on: *on,
                amount: *amount,
                vat_rate: *vat_rate,
                vat: *vat,
                comment: marker.sign(description, COMMENT_MAX),
            }),
            Draft::Transfer(TransferDraft { from, to, amount, on, description, .. }) => Some(Movement {
                account: *from,
                against: *to,
                on: *on,
                amount: amount.negated(),
                vat_rate: VatRate::OutsideScope,
                vat: Money::zero(amount.currency()),
                comment: marker.sign(description, COMMENT_MAX),
            }),
            _ => None,
        }
    }

    /// What cannot be written as it is meant is refused before anything is sent.
    fn check(&self, what: &str) -> Result<(), ConnectorError> {
        let reason = if self.amount.is_zero() {
            "its amount is zero"
        } else if self.account == self.against {
            "both sides are the same account"
        } else if self.vat.currency() != self.amount.currency() {
            "its VAT is in another currency"
        } else if self.vat.minor().checked_abs() > self.amount.minor().checked_abs() {
            "its VAT is more than the amount it is in"
        } else if !self.vat.is_zero() && self.vat.is_negative() != self.amount.is_negative() {
            "its VAT has another sign than its amount"
        } else if translate::level(self.vat_rate).1 && !self.vat.is_zero() {
            "it has VAT, but no rate"
        } else {
            return Ok(());
        };
        Err(rejected_by_us(what, reason))
    }

    fn body(&self, money_type: i64) -> Result<String, ConnectorError> {
        let (level, none) = translate::level(self.vat_rate);
        let (paid_in, paid_out) = self.sides();
        let new = NewBankRow {
            date: dates::sent(self.on),
            transaction_type: 0,
            money_type,
            paid_in: amounts::number(paid_in),
            paid_out: amounts::number(paid_out),
            comment: self.comment.clone(),
            vatable: !none,
            vat_rate: amounts::decimal(level),
            vat_amount: amounts::number(absolute(self.vat)),
        };
        serde_json::to_string(&new).map_err(|_| malformed("the bank transaction could not be written down"))
    }

    /// Money in and money out; one is zero.
    pub(crate) fn sides(&self) -> (Money, Money) {
        let (zero, amount) = (Money::zero(self.amount.currency()), absolute(self.amount));
        if self.amount.is_negative() { (zero, amount) } else { (amount, zero) }
    }
}

pub(crate) fn absolute(amount: Money) -> Money {
    if amount.is_negative() { amount.negated() } else { amount }
}

/// "transfer", "bank transaction".
pub(crate) fn noun(kind: EntryKind) -> &'static str {
    if kind == EntryKind::Transfer { "transfer" } else { "bank transaction" }
}

/// A row and on whose list it stands.
struct Listing {
    on_list_of: NominalCode,
    row: BankRow,
}

impl Client {
    /// The draft as KashFlow keeps it: in home currency.
    pub(crate) async fn at_home(&self, draft: &Draft) -> Result<(Draft, Currency), ConnectorError> {
        let home = self.home_currency().await?;
        let kept = draft.kept_in(home).map_err(|error| {
            let what = format!("{} {}", noun(draft.kind()), draft.reference());
            rejected_by_us(&what, &format!("KashFlow keeps it in {home}, and it cannot be converted: {error}"))
        })?;
        Ok((kept, home))
    }

    /// Lists both accounts from a day before the draft to a day after, and picks what carries its marker, and what says the same
    /// without one.
    pub(crate) async fn movements_of(&self, draft: &Draft) -> Result<Found, ConnectorError> {
        let (draft, home) = self.at_home(draft).await?;
        let Some(movement) = Movement::of(&draft) else { return Ok(Found::default()) };
        let mark = draft.mark();
        let mut by_id: BTreeMap<i64, Vec<Listing>> = BTreeMap::new();
        let mut accounts = vec![movement.account];
        if draft.kind() == EntryKind::Transfer {
            accounts.push(movement.against);
        }
        for account in accounts {
            let id = self.bank_account_id(account).await?;
            for row in self.bank_rows(id, movement.on).await? {
                by_id.entry(row.id).or_default().push(Listing { on_list_of: account, row });
            }
        }
        let ids = self.ledger_ids().await?;
        let banks = self.bank_names().await?;
        self.learn_money_type(by_id.values().flatten().map(|listing| &listing.row), &ids);
        let mut found = Found::default();
        for listings in by_id.values() {
            let Some(first) = listings.first() else { continue };
            if first.row.belongs_elsewhere {
                continue;
            }
            let marked = Marker::find(&first.row.comment);
            let is_ours = marked.as_ref().is_some_and(|marker| marker.as_str().eq_ignore_ascii_case(&mark));
            // A marker of another entry of ours: never ours, whatever it says.
            if !is_ours && marked.is_some() {
                continue;
            }
            let receipt = self.movement_receipt(listings, home, &ids, &banks)?;
            if is_ours {
                found.ours.push(receipt);
            } else if receipt.on == draft.on() && receipt.is_like(&draft) {
                found.alike.push(receipt);
            }
        }
        Ok(found)
    }

    /// The rows of an account from two days before `on` to two days after: a day more than is looked at, since nobody says whether
    /// the bounds count. Read until the list held still.
    async fn bank_rows(&self, account: BankAccountId, on: Date) -> Result<Vec<BankRow>, ConnectorError> {
        let what = format!("the list of bank account {account}");
        let (days, one) = (Span::new().days(2), Span::new().days(1));
        let (from, to) = (on.checked_sub(days).unwrap_or(on), on.checked_add(days).unwrap_or(on));
        let mut url = self.url(&["bankaccounts", &account.to_string(), "transactions"])?;
        url.query_pairs_mut()
            .append_pair("page", "1")
            .append_pair("perpage", PER_PAGE)
            .append_pair("startdate", &dates::filter(from))
            .append_pair("enddate", &dates::filter(to));
        let mut seen: BTreeMap<i64, BankRow> = BTreeMap::new();
        for pass in 0..PASSES_MAX {
            let before = seen.len();
            let Listed { rows, total, .. } = self.list(url.clone(), &what, BankRow::read).await.map_err(no_list)?;
            seen.extend(rows.into_iter().map(|row| (row.id, row)));
            let complete = total.is_none_or(|total| seen.len() as u64 >= total);
            if complete || (pass > 0 && seen.len() == before) {
                let (from, to) = (on.checked_sub(one).unwrap_or(on), on.checked_add(one).unwrap_or(on));
                let near = |row: &BankRow| row.on.is_none_or(|day| from <= day && day <= to);
                return Ok(seen.into_values().filter(near).collect());
            }
        }
        Err(unavailable(&format!("{what} did not hold still while it was read")))
    }

    /// A movement as a receipt. A transfer stands on two lists under one id: the side where money goes out is its account.
    fn movement_receipt(
        &self,
        listings: &[Listing],
        home: Currency,
        ids: &LedgerIds,
        banks: &BTreeMap<String, NominalCode>,
    ) -> Result<Receipt, ConnectorError> {
        let out = listings.iter().find(|listing| listing.row.paid_out > listing.row.paid_in);
        let Some(Listing { on_list_of, row }) = out.or_else(|| listings.first()) else {
            return Err(malformed("a bank transaction without a row"));
        };
        let what = format!("bank transaction {}", row.id);
        let money = |value: Decimal| {
            let fits = amounts::money(value, home);
            fits.ok_or_else(|| Unreadable::new(&row.path, "an amount that fits").of(&what))
        };
        let on = row.on.ok_or_else(|| Unreadable::new(format!("{}.Date", row.path), "a date").of(&what))?;
        let amount = money(row.paid_in - row.paid_out)?;
        let other_list = listings.iter().map(|listing| listing.on_list_of).find(|account| account != on_list_of);
        let against = other_list.or_else(|| self.against(row, ids, banks));
        let is_bank = |code: &NominalCode| banks.values().any(|bank| bank == code);
        let is_transfer = other_list.is_some() || against.as_ref().is_some_and(is_bank);
        let (kind, account, line) = if is_transfer && amount.is_negative() {
            (EntryKind::Transfer, Some(*on_list_of), ReceiptLine::moved(amount.negated(), against))
        } else if is_transfer {
            // Only the side where it arrives was listed: the other one is where it left.
            (EntryKind::Transfer, against, ReceiptLine::moved(amount, Some(*on_list_of)))
        } else {
            let vat = absolute(money(row.vat.filter(|_| row.vatable).unwrap_or_default())?);
            let vat = if amount.is_negative() { vat.negated() } else { vat };
            let rate = match row.vat_rate {
                Some(rate) if row.vatable && rate >= Decimal::ZERO => VatRate::Percent(rate.normalize()),
                _ => VatRate::OutsideScope,
            };
            let net = amount.minus(vat).map_err(|error| malformed(&format!("{what}: {error}")))?;
            let line = ReceiptLine { net, vat, vat_rate: rate, nominal: against, document: None };
            (EntryKind::Bank, Some(*on_list_of), line)
        };
        Ok(Receipt {
            kind,
            number: None,
            remote_id: Some(row.id),
            reference: Marker::find(&row.comment).map(|marker| marker.to_string()).unwrap_or_default(),
            party: String::new(),
            account,
            on,
            currency: home,
            net: line.net,
            vat: line.vat,
            lines: vec![line],
            payments: Vec::new(),
            paid: Money::zero(home),
            locked: row.vat_return.is_some(),
        })
    }

    /// What a row is against: by the name in it if only one account has that name, else by `MoneyType` as far as it is understood.
    fn against(&self, row: &BankRow, ids: &LedgerIds, banks: &BTreeMap<String, NominalCode>) -> Option<NominalCode> {
        let name = row.type_name.as_deref();
        let named = name.and_then(|name| banks.get(&name.trim().to_lowercase()).copied().or_else(|| ids.named(name)));
        named.or_else(|| {
            let money_type = row.money_type?;
            match self.routes().money_type {
                Some(MoneyType::Code) => u32::try_from(money_type).ok().map(NominalCode),
                Some(MoneyType::Id) | None => ids.code_of(money_type),
            }
        })
    }

    pub(crate) async fn insert_movement(&self, draft: &Draft) -> Result<SendOutcome, ConnectorError> {
        let (kept, home) = self.at_home(draft).await?;
        let what = format!("{} {}", noun(draft.kind()), draft.reference());
        let Some(movement) = Movement::of(&kept) else {
            return Err(rejected_by_us(&what, "it is no bank transaction"));
        };
        movement.check(&what)?;
        let account = self.bank_account_id(movement.account).await?;
        if draft.kind() == EntryKind::Transfer {
            self.bank_account_id(movement.against).await?;
        }
        if self.routes().bank_by_soap {
            return self.soap_movement(account, &movement, &what).await;
        }
        let money_type = self.money_type_of(movement.against).await?;
        let list = self.url(&["bankaccounts", &account.to_string(), "transactions"])?;
        let body = movement.body(money_type)?;
        match self.write(Method::POST, list, body, &what, &[]).await {
            Ok(answer) => Ok(self.movement_read_back(&answer.body, account, &movement, home).await),
            Err(refused) => Err(self.why_movement_refused(refused, &movement).await),
        }
    }

    /// Reads the new row by its id, which no list is needed for. What cannot be read was accepted all the same.
    async fn movement_read_back(
        &self,
        answer: &str,
        account: BankAccountId,
        movement: &Movement,
        home: Currency,
    ) -> SendOutcome {
        let read = async || -> Result<Receipt, ConnectorError> {
            let unreadable = |error: Unreadable| error.of("the new bank transaction");
            let id = Object::parse(answer, "$").and_then(|object| object.integer("Id")).map_err(unreadable)?;
            let id = id.ok_or_else(|| malformed("the new bank transaction has no id"))?.to_string();
            let url = self.url(&["bankaccounts", &account.to_string(), "transactions", &id])?;
            let answer = self.read(url, "the new bank transaction").await?;
            let row = Object::parse(&answer.body, "$").and_then(|object| BankRow::read(&object)).map_err(unreadable)?;
            let (ids, banks) = (self.ledger_ids().await?, self.bank_names().await?);
            self.movement_receipt(&[Listing { on_list_of: movement.account, row }], home, &ids, &banks)
        };
        match read().await {
            Ok(receipt) => SendOutcome::Answered(Box::new(receipt)),
            Err(_) => SendOutcome::Accepted,
        }
    }

    /// A refused write was not done. If the account may want another form of it, that is remembered for the next attempt.
    async fn why_movement_refused(&self, refused: ConnectorError, movement: &Movement) -> ConnectorError {
        let accounts = [movement.account, movement.against];
        let refused = self.locked_if_so(refused, movement.on, &accounts).await;
        match refused {
            ConnectorError::Rejected { .. } | ConnectorError::NotFound { .. } => self.next_bank_route(refused),
            other => other,
        }
    }
}

fn no_list(error: ConnectorError) -> ConnectorError {
    match error {
        // "No such list" must never pass for "no such transaction".
        ConnectorError::NotFound { .. } => unavailable("it has no list of bank transactions at the moment (404)"),
        other => other,
    }
}
