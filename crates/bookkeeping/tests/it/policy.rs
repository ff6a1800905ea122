//! The policy that tests and the benchmark begin with. It is one file, which the unit tests read as well.

use std::collections::{BTreeMap, BTreeSet};

use bookkeeping::{
    Accounts, BooksFacts, CustomerMode, CustomerRules, DestinationRule, InvoiceRules, InvoiceWhen, PaymentRule, Policy,
    Rates, Role, Seller, VatClass, VatClasses, VatHistory, VatScheme, Vcs,
};
use model::{Country, NominalCode, PaymentMethodId, RateSource, UkPart};
use money::Currency;

/// A UK seller on standard VAT whose products are all at 20 %, paid into account 1250.
pub fn policy(general: BTreeMap<Role, NominalCode>) -> Policy {
    Policy {
        seller: Seller {
            established: Country::GB,
            vat: VatHistory::always(VatScheme::Standard),
            vcs: Vcs::Detect,
            vcs_from: None,
            ship_from: Country::GB,
            ship_from_part: UkPart::GreatBritain,
            home: Currency::GBP,
            export_evidence_kept: true,
        },
        vat: VatClasses { default: Some(VatClass::Standard), ..VatClasses::default() },
        invoices: InvoiceRules {
            when: InvoiceWhen::Dispatch,
            prefix: "AMZ-".to_owned(),
            due_days: 0,
            payment: Some(PaymentRule {
                accounts: BTreeMap::from([(Currency::GBP, NominalCode(1250))]),
                method: PaymentMethodId(3),
            }),
        },
        customers: CustomerRules { mode: CustomerMode::Shared, code_prefix: "AMZ".to_owned() },
        accounts: Accounts { general, ..Accounts::default() },
        products: BTreeMap::new(),
        rates: Rates { source: RateSource::HmrcMonthly, table: BTreeMap::new() },
        destination: DestinationRule::Park,
        books: BooksFacts { currencies: BTreeSet::from([Currency::GBP]), ..BooksFacts::default() },
    }
}
