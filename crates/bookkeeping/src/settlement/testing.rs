//! Rules to test with.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use model::{Country, NominalCode, PaymentMethodId, RateSource, UkPart};
use money::Currency;

use super::Rules;
use crate::{
    Accounts, BooksFacts, CustomerMode, CustomerRules, DestinationRule, InvoiceRules, InvoiceWhen, PaymentRule, Policy,
    Rates, Role, Seller, VatClass, VatClasses, VatHistory, VatScheme, Vcs,
};

/// A UK seller on standard VAT whose products are all at 20 %. Accounts are numbered by role.
pub(crate) fn rules() -> Rules {
    let general = Role::ALL.iter().zip(4_000..).map(|(role, code)| (*role, NominalCode(code))).collect();
    Rules::new(Policy {
        seller: Seller {
            established: Country::GB,
            vat: VatHistory::always(VatScheme::Standard),
            vcs: Vcs::Detect,
            vcs_from: Some(date(2000, 1, 1)),
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
        destination: DestinationRule::MarketplaceCountry,
        books: BooksFacts { currencies: BTreeSet::from([Currency::GBP]), ..BooksFacts::default() },
    })
}
