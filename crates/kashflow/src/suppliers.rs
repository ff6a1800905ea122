//! Suppliers: found by code, made if they are not there, and otherwise the owner's.

use model::{CustomerCode, SupplierDraft};
use ports::{ConnectorError, FoundParty, PartyMatch};
use reqwest::Method;

use crate::answer::{duplicate, malformed, rejected_by_us};
use crate::client::Client;
use crate::wire::customer::{Customer, same};
use crate::wire::new_customer;
use crate::wire::object::Object;

impl Client {
    pub(crate) async fn look_for_supplier(&self, wanted: &SupplierDraft) -> Result<Option<FoundParty>, ConnectorError> {
        let code = wanted.code.as_str();
        let what = format!("supplier {code}");
        let Some(answer) = self.read_if_there(self.url(&["suppliers", code])?, &what).await? else { return Ok(None) };
        // A supplier has the shape of a customer (BEHAVIOR 34).
        let supplier = Object::parse(&answer.body, "$").and_then(|object| Customer::read(&object));
        let supplier = supplier.map_err(|error| error.of(&what))?;
        if !same(&supplier.code, code) {
            return Err(malformed(&format!("{what}: the answer shows another code")));
        }
        let code = CustomerCode::parse(&supplier.code)
            .map_err(|_| malformed("a supplier's code has characters that no code has"))?;
        Ok(Some(FoundParty { code, by: PartyMatch::Code, differs: !supplier.has_name(&wanted.name) }))
    }

    pub(crate) async fn insert_supplier(&self, wanted: &SupplierDraft) -> Result<(), ConnectorError> {
        let what = format!("supplier {}", wanted.code);
        let body = new_customer::supplier(wanted).map_err(|error| error.of(&what))?;
        match self.write(Method::POST, self.url(&["suppliers"])?, body, &what, &[]).await {
            Ok(_) => Ok(()),
            Err(refused @ ConnectorError::Rejected { .. }) => {
                // As with customers: the name of "taken already" is unpublished, so one look tells.
                let taken = matches!(self.look_for_supplier(wanted).await, Ok(Some(_)));
                Err(if taken { duplicate(&what) } else { refused })
            }
            Err(error) => Err(error),
        }
    }

    /// A supplier that is there belongs to the owner.
    pub(crate) fn keep_supplier(code: &CustomerCode) -> ConnectorError {
        rejected_by_us(&format!("supplier {code}"), "a supplier that is in the books is changed by people only")
    }
}
