//! Bank transactions against a nominal code, and transfers, which are transactions against another bank account.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Extras, Ledger, Origin, Posting, Side, Tax};

/// Money in or out of a bank account that pays no invoice.
#[derive(Clone, Debug, PartialEq)]
pub struct BankTransaction {
    /// Internal id, which is its address. A transfer has the same one in both accounts.
    pub id: i64,
    /// The bank account it was entered on.
    pub account: i64,
    /// When.
    pub date: Date,
    /// The nominal code it is against; for a transfer that of the other bank account.
    pub nominal: i64,
    /// For a transfer: the other bank account.
    pub other_account: Option<i64>,
    /// Pounds including VAT: in above 0, out below.
    pub amount: Decimal,
    /// Whether VAT is in it.
    pub vatable: bool,
    /// VAT percentage.
    pub vat_level: Decimal,
    /// VAT in it, with the sign of the amount.
    pub vat: Decimal,
    /// Free text.
    pub comment: String,
    /// Customer it is about; money on account if it is against debtors.
    pub customer_id: Option<i64>,
    /// Supplier it is about; money on account if it is against creditors.
    pub supplier_id: Option<i64>,
    /// What else a client has set.
    pub extras: Extras,
}

impl BankTransaction {
    /// One without VAT.
    pub fn plain(id: i64, account: i64, date: Date, nominal: i64, amount: Decimal, comment: String) -> BankTransaction {
        BankTransaction {
            id,
            account,
            date,
            nominal,
            other_account: None,
            amount,
            vatable: false,
            vat_level: Decimal::ZERO,
            vat: Decimal::ZERO,
            comment,
            customer_id: None,
            supplier_id: None,
            extras: Extras::new(),
        }
    }

    /// Whom it is about on this side.
    pub fn contact(&self, side: Side) -> Option<i64> {
        match side {
            Side::Sales => self.customer_id,
            Side::Purchases => self.supplier_id,
        }
    }

    /// Says whom it is about on this side.
    pub fn set_contact(&mut self, side: Side, contact: Option<i64>) {
        match side {
            Side::Sales => self.customer_id = contact,
            Side::Purchases => self.supplier_id = contact,
        }
    }

    /// Whose money on account it is.
    fn advance(&self) -> Option<(Side, i64)> {
        let side = Side::BOTH.into_iter().find(|side| side.control() == self.nominal)?;
        let right_way = self.amount * side.sign() > Decimal::ZERO;
        self.contact(side).filter(|_| right_way).map(|contact| (side, contact))
    }
}

impl Ledger {
    /// Files a bank transaction, in place of the one with its id if there is one.
    pub(in crate::kashflow) fn put_transaction(&mut self, own: BankTransaction) {
        self.take_out_transaction(own.id);
        let postings = self.transaction_postings(&own);
        self.post(&postings, Decimal::ONE);
        if let Some((side, contact)) = own.advance() {
            self[side].advances.entry(contact).or_default().insert(own.id);
        }
        self.transactions.insert(own.id, own);
    }

    /// Takes a bank transaction out of the books.
    pub(in crate::kashflow) fn take_out_transaction(&mut self, id: i64) -> Option<BankTransaction> {
        let own = self.transactions.remove(&id)?;
        let postings = self.transaction_postings(&own);
        self.post(&postings, Decimal::NEGATIVE_ONE);
        if let Some((side, contact)) = own.advance()
            && let Some(advances) = self[side].advances.get_mut(&contact)
        {
            advances.remove(&id);
        }
        Some(own)
    }

    /// What a bank transaction does. Money in brings output VAT, money out input VAT.
    pub(in crate::kashflow) fn transaction_postings(&self, own: &BankTransaction) -> Vec<Posting> {
        let Some(bank) = self.banks.get(&own.account) else { return Vec::new() };
        let origin = if own.other_account.is_some() { Origin::Transfer } else { Origin::BankTransaction };
        let side = if own.amount > Decimal::ZERO { Side::Sales } else { Side::Purchases };
        let tax = |is_vat| own.vatable.then_some(Tax { side, level: own.vat_level, exempt: false, is_vat });
        let money = Posting { origin, id: own.id, date: own.date, nominal: bank.code, amount: own.amount, tax: None };
        let against = Posting { nominal: own.nominal, amount: own.vat - own.amount, tax: tax(false), ..money };
        let mut postings = vec![money, against];
        if !own.vat.is_zero() {
            postings.push(Posting { nominal: side.vat_control(), amount: -own.vat, tax: tax(true), ..money });
        }
        postings
    }
}
