//! Sellers v1: where the seller participates, and its account.

use serde_json::{Value, json};

use super::Amazon;
use super::answer::{Answer, Answered};
use super::call::Call;
use crate::world::MARKETPLACES;

/// Answers the operations of this API; `None` for others.
pub(super) fn answer(amazon: &Amazon, call: &Call<'_>) -> Option<Answered> {
    let payload = match call.operation.name {
        "getMarketplaceParticipations" => participations(amazon),
        "getAccount" => account(amazon),
        _ => return None,
    };
    Some(Ok(Answer::payload(&payload)))
}

fn participations(amazon: &Amazon) -> Value {
    let participation = |marketplace: &&crate::world::Marketplace| {
        json!({
            "marketplace": {
                "id": marketplace.id,
                "name": marketplace.name,
                "countryCode": marketplace.country,
                "defaultCurrencyCode": marketplace.currency,
                "defaultLanguageCode": marketplace.language,
                "domainName": marketplace.domain,
            },
            "participation": {"isParticipating": true, "hasSuspendedListings": false},
            "storeName": amazon.world.seller().store_name,
        })
    };
    MARKETPLACES.iter().map(participation).collect()
}

fn account(amazon: &Amazon) -> Value {
    let seller = amazon.world.seller();
    let place = &seller.warehouse;
    json!({
        "marketplaceParticipationList": participations(amazon),
        "businessType": "PRIVATE_LIMITED",
        "sellingPlan": "PROFESSIONAL",
        "business": {
            "name": place.name,
            "registeredBusinessAddress": {
                "addressLine1": place.line1,
                "city": place.city,
                "stateOrProvinceCode": place.county,
                "postalCode": place.postcode,
                "countryCode": place.country,
            },
            "companyRegistrationNumber": "00000000",
        },
        "primaryContact": {
            "name": "A. N. Owner",
            "address": {"addressLine1": place.line1, "city": place.city, "postalCode": place.postcode, "countryCode": place.country},
        },
    })
}
