//! Why a write was refused, where KashFlow publishes no name for it: the number is taken, the plan's limit is reached, the period
//! is locked. A few reads tell; they never turn a refusal into a yes.

use jiff::civil::Date;
use model::{DocumentNumber, NominalCode};
use ports::{ConnectorError, System};

use crate::answer::{duplicate, limit_reached, rejected_by_us};
use crate::client::Client;
use crate::documents::same_reference;
use crate::wire::document::{INVOICES, Names};
use crate::wire::object::{Object, Unreadable};

impl Client {
    /// What a refusal of a new document means. `day` is the earliest day of the document and its payment, on `account`.
    pub(crate) async fn why_refused(
        &self,
        names: &Names,
        number: DocumentNumber,
        refused: ConnectorError,
        day: Date,
        account: Option<NominalCode>,
    ) -> ConnectorError {
        if let ConnectorError::Rejected { .. } = &refused {
            if matches!(self.is_taken(names.route, number).await, Ok(true)) {
                return duplicate(&format!("{} {number}", names.noun));
            }
            if names.route == INVOICES.route && matches!(self.is_limit_reached().await, Ok(true)) {
                return limit_reached();
            }
        }
        self.locked_if_so(refused, day, account.as_slice()).await
    }

    pub(crate) async fn is_taken(&self, route: &str, number: DocumentNumber) -> Result<bool, ConnectorError> {
        let url = self.url(&[route, &number.to_string()])?;
        Ok(self.read_if_there(url, "the document").await?.is_some())
    }

    async fn is_limit_reached(&self) -> Result<bool, ConnectorError> {
        let mut url = self.url(&["invoices"])?;
        url.query_pairs_mut().append_pair("page", "1").append_pair("perpage", "1");
        let answer = self.read(url, "the invoices").await?;
        let limit = || match Object::parse(&answer.body, "$")?.object("MetaData")? {
            Some(meta) => meta.flag("InvoiceLimitReached"),
            None => Ok(None),
        };
        limit().map(Option::unwrap_or_default).map_err(|error: Unreadable| error.of("the invoices"))
    }

    /// Names the last locked day if one of `accounts` is locked on `day`: bank accounts tell theirs. The accountant's lock and a
    /// submitted VAT return are told by no route, so they are known by the refusal's code alone (BEHAVIOR 31).
    pub(crate) async fn locked_if_so(
        &self,
        refused: ConnectorError,
        day: Date,
        accounts: &[NominalCode],
    ) -> ConnectorError {
        let (what, reason) = match &refused {
            ConnectorError::Rejected { what, reason, .. }
            | ConnectorError::Locked { what, until: None, reason, .. } => (what.clone(), reason.clone()),
            _ => return refused,
        };
        let Ok(banks) = self.bank_accounts().await else { return refused };
        let until = banks
            .iter()
            .filter(|bank| bank.nominal.is_some_and(|nominal| accounts.contains(&nominal)))
            .filter_map(|bank| bank.locked_until)
            .filter(|until| day <= *until)
            .max();
        match until {
            Some(_) => ConnectorError::Locked { system: System::KashFlow, what, until, reason },
            None => refused,
        }
    }

    /// Refuses to replace a document that is not ours, or not open any more: a PUT of payment lines could double a payment
    /// (BEHAVIOR 16).
    pub(crate) async fn refuse_unless_open(
        &self,
        names: &Names,
        number: DocumentNumber,
        reference: &str,
    ) -> Result<(), ConnectorError> {
        let what = format!("{} {number}", names.noun);
        let Some(held) = self.document(names, number).await? else {
            return Err(ConnectorError::NotFound { system: System::KashFlow, what });
        };
        let reason = if !same_reference(&held.reference, reference) {
            "it carries another reference than ours"
        } else if held.locked {
            "it is in a VAT return"
        } else if !held.paid.is_zero() || !held.payments.is_empty() {
            "payments are recorded on it"
        } else {
            return Ok(());
        };
        Err(rejected_by_us(&what, &format!("{reason}, so it is not changed in place")))
    }
}
