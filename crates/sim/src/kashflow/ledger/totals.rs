//! What an invoice comes to: derived from its lines and payments, never from a header.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Invoice, Line, to_pence};

impl Invoice {
    /// Sum of line nets.
    pub fn net(&self) -> Decimal {
        self.lines.iter().map(Line::net).sum()
    }

    /// Sum of line VATs.
    pub fn vat(&self) -> Decimal {
        self.lines.iter().map(|line| line.vat).sum()
    }

    /// Net and VAT.
    pub fn gross(&self) -> Decimal {
        self.net() + self.vat()
    }

    /// Sum of payments.
    pub fn paid(&self) -> Decimal {
        self.payments.iter().map(|payment| payment.amount).sum()
    }

    /// What is still to be paid; negative when too much was paid, or on an unpaid credit note.
    pub fn due(&self) -> Decimal {
        self.gross() - self.paid()
    }

    /// An amount of this document in home currency.
    pub fn in_home(&self, amount: Decimal) -> Decimal {
        if self.rate == Decimal::ONE || self.rate.is_zero() { amount } else { to_pence(amount / self.rate) }
    }

    /// `Status`, from the vocabulary that the sibling list `/expenses` publishes.
    pub fn status(&self, today: Date) -> &'static str {
        let (gross, due) = (self.gross(), self.due());
        // A credit note is judged by what is left of it, so both signs read alike.
        let (gross, due) = if gross < Decimal::ZERO { (-gross, -due) } else { (gross, due) };
        let overdue = self.due_on < today;
        match () {
            () if due.is_zero() => "Paid",
            () if due < Decimal::ZERO => "Overpaid",
            () if due == gross && overdue => "Overdue",
            () if due == gross => "Unpaid",
            () if overdue => "OverduePartPaid",
            () => "PartPaid",
        }
    }

    /// Days since the due date of an open document, else 0.
    pub fn overdue_days(&self, today: Date) -> i64 {
        if self.due().is_zero() || self.due_on >= today {
            return 0;
        }
        self.due_on.until(today).map_or(0, |span| i64::from(span.get_days()))
    }
}
