//! Rules to test with.

use jiff::civil::date;
use model::NominalCode;

use super::Rules;
use crate::{DestinationRule, Policy, Role};

#[path = "../../tests/it/policy.rs"]
mod policy;

/// A UK seller on standard VAT whose products are all at 20 %. Accounts are numbered by role.
pub(crate) fn rules() -> Rules {
    let general = Role::ALL.iter().zip(4_000..).map(|(role, code)| (*role, NominalCode(code))).collect();
    let mut policy: Policy = policy::policy(general);
    policy.seller.vcs_from = Some(date(2000, 1, 1));
    policy.destination = DestinationRule::MarketplaceCountry;
    Rules::new(policy)
}
