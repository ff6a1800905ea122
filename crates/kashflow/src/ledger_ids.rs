//! KashFlow's own ids and names of nominal codes: bank transactions and SOAP journals name an account by its id.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use model::NominalCode;
use ports::ConnectorError;

use crate::answer::rejected_by_us;
use crate::client::Client;
use crate::wire::object::{Object, Unreadable};

/// Ids and names of nominal codes, as one reading of the list gave them.
#[derive(Debug, Default)]
pub(crate) struct LedgerIds {
    by_id: BTreeMap<i64, NominalCode>,
    by_code: BTreeMap<NominalCode, i64>,
    by_name: BTreeMap<String, Vec<NominalCode>>,
}

impl LedgerIds {
    pub(crate) fn code_of(&self, id: i64) -> Option<NominalCode> {
        self.by_id.get(&id).copied()
    }

    pub(crate) fn id_of(&self, code: NominalCode) -> Option<i64> {
        self.by_code.get(&code).copied()
    }

    /// The code of the only nominal with this name.
    pub(crate) fn named(&self, name: &str) -> Option<NominalCode> {
        match self.by_name.get(&name.trim().to_lowercase()).map(Vec::as_slice) {
            Some([code]) => Some(*code),
            _ => None,
        }
    }
}

impl Client {
    /// The list of nominal codes, read once.
    pub(crate) async fn ledger_ids(&self) -> Result<Arc<LedgerIds>, ConnectorError> {
        if let Some(known) = self.ids.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Ok(known);
        }
        let rows = self.rows_of(&["nominals"], "the nominal codes", |row| nominal(row).map(Some)).await?;
        let mut ids = LedgerIds::default();
        for (code, id, name) in rows {
            if let Some(id) = id {
                ids.by_id.insert(id, code);
                ids.by_code.insert(code, id);
            }
            ids.by_name.entry(name.trim().to_lowercase()).or_default().push(code);
        }
        let ids = Arc::new(ids);
        *self.ids.lock().unwrap_or_else(PoisonError::into_inner) = Some(ids.clone());
        Ok(ids)
    }

    /// The id of a nominal code, read again if it is not known: an account made a moment ago is found.
    pub(crate) async fn nominal_id(&self, code: NominalCode) -> Result<i64, ConnectorError> {
        if let Some(id) = self.ledger_ids().await?.id_of(code) {
            return Ok(id);
        }
        *self.ids.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.ledger_ids().await?.id_of(code).ok_or_else(|| {
            rejected_by_us(&format!("nominal code {code}"), "KashFlow has no nominal code of that number")
        })
    }
}

type Nominal = (NominalCode, Option<i64>, String);

fn nominal(row: &Object<'_>) -> Result<Nominal, Unreadable> {
    let code = NominalCode(row.id("Code")?.ok_or_else(|| row.missing("Code"))?);
    Ok((code, row.integer("Id")?, row.text("Name")?.unwrap_or_default()))
}
