//! What this account takes, as far as it was seen: the capability probe.
//!
//! KashFlow does not say what `MoneyType` means, nor which body a REST journal wants. Both are learnt: from rows that are there, or
//! from a refusal, after which nothing was written. A refusal never leads to a second write in the same call: the next form is
//! remembered, and the runner comes back through the intent protocol, with its look before the write.

use std::sync::{MutexGuard, PoisonError};

use model::NominalCode;
use ports::ConnectorError;

use crate::answer::{rejected_by_us, unavailable};
use crate::client::Client;
use crate::ledger_ids::LedgerIds;
use crate::wire::bank::BankRow;

/// What the number in `MoneyType` is (BEHAVIOR 35).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MoneyType {
    /// KashFlow's internal id of the nominal.
    Id,
    /// The nominal code itself.
    Code,
}

/// What was learnt.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Routes {
    /// `None` until a row or a refusal told.
    pub(crate) money_type: Option<MoneyType>,
    /// REST refused the form it was given, and SOAP is there.
    pub(crate) bank_by_soap: bool,
    /// The same for journals.
    pub(crate) journals_by_soap: bool,
    /// Ids were tried and refused.
    ids_refused: bool,
    /// Codes were tried and refused.
    codes_refused: bool,
}

impl Client {
    pub(crate) fn routes(&self) -> Routes {
        *self.lock_routes()
    }

    fn lock_routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Learns from rows that name their other side both by number and by name.
    pub(crate) fn learn_money_type<'r>(&self, rows: impl Iterator<Item = &'r BankRow>, ids: &LedgerIds) {
        let known = self.routes();
        if known.money_type.is_some() && !known.ids_refused {
            return;
        }
        for row in rows {
            let (Some(number), Some(name)) = (row.money_type, row.type_name.as_deref()) else { continue };
            let Some(code) = ids.named(name) else { continue };
            let is_id = ids.id_of(code) == Some(number);
            let is_code = i64::from(code.0) == number;
            if is_id != is_code {
                let mut routes = self.lock_routes();
                routes.money_type = Some(if is_id { MoneyType::Id } else { MoneyType::Code });
                routes.ids_refused = false;
                return;
            }
        }
    }

    /// The number that stands for a nominal in `MoneyType`: its id until something else was learnt. While nothing was learnt, a
    /// number that means one account as an id and another as a code is not sent: it could be posted to the wrong one.
    pub(crate) async fn money_type_of(&self, nominal: NominalCode) -> Result<i64, ConnectorError> {
        let id = self.nominal_id(nominal).await?;
        let (code, ids, routes) = (i64::from(nominal.0), self.ledger_ids().await?, self.routes());
        let (number, other) = match routes.money_type {
            Some(MoneyType::Code) => (code, ids.code_of(code)),
            Some(MoneyType::Id) | None => {
                (id, u32::try_from(id).ok().map(NominalCode).filter(|code| ids.id_of(*code).is_some()))
            }
        };
        let guessed = routes.money_type.is_none() || routes.ids_refused;
        if guessed && other.is_some_and(|other| other != nominal) {
            return Err(rejected_by_us(
                &format!("a bank transaction against {nominal}"),
                "KashFlow does not say whether it names accounts by id or by code, and the two could be confused here. \
                 Enter one bank transaction in KashFlow by hand, then press Retry: it shows which it is",
            ));
        }
        Ok(number)
    }

    /// After a refusal of a bank transaction: codes instead of ids, then SOAP, if there is more to try; else the refusal.
    pub(crate) fn next_bank_route(&self, refused: ConnectorError) -> ConnectorError {
        let mut routes = self.lock_routes();
        match routes.money_type {
            None if !routes.ids_refused => {
                routes.ids_refused = true;
                routes.money_type = Some(MoneyType::Code);
                return unavailable("it refused an account named by its id; the next attempt names it by its code");
            }
            Some(MoneyType::Code) if routes.ids_refused && !routes.codes_refused => {
                routes.codes_refused = true;
                // Neither form helped, so the form was not the cause.
                routes.money_type = None;
            }
            _ => {}
        }
        if self.has_soap() && !routes.bank_by_soap {
            routes.bank_by_soap = true;
            return unavailable("REST refused the bank transaction; the next attempt goes through SOAP");
        }
        refused
    }

    /// After a refusal of a journal by REST: SOAP, if it is there; else the refusal.
    pub(crate) fn next_journal_route(&self, refused: ConnectorError) -> ConnectorError {
        let mut routes = self.lock_routes();
        if self.has_soap() && !routes.journals_by_soap {
            routes.journals_by_soap = true;
            return unavailable("REST refused the journal; the next attempt goes through SOAP");
        }
        refused
    }

    /// SOAP refused it too, so the form was not the cause: REST is asked again the next time.
    pub(crate) fn soap_did_not_help(&self) {
        let mut routes = self.lock_routes();
        routes.bank_by_soap = false;
        routes.journals_by_soap = false;
    }
}
