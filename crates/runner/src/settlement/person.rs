//! What a person decides about a settlement.

use money::{Currency, Money};
use store::settlements::{self, SettlementRow, Stage};
use store::{Store, StoreError, intents, lanes};

use super::{Accepted, subject, wake};
use crate::pair::Pair;

/// Why a person's decision was not taken, as sentences.
pub(crate) type Refusal = String;

/// Accepts `amount` for a line that cannot be read: it goes to suspense, and the rest is posted. The settlement is read again.
pub(crate) async fn accept_amount(
    store: &Store,
    pair: &Pair,
    id: &str,
    currency: Currency,
    line: u64,
    amount: &str,
) -> Result<Result<(), Refusal>, StoreError> {
    let amount = match Money::parse(amount.trim(), currency) {
        Ok(amount) => amount,
        Err(error) => {
            return Ok(Err(format!(
                "`{amount}` is not an amount of {currency}: {error}. Write it as 12.34 or -12.34."
            )));
        }
    };
    change(store, pair, id, currency, move |row, accepted| {
        if row.stage != Stage::Quarantined {
            return Err(format!(
                "Settlement {} is not quarantined, so there is nothing to accept: it is {}.",
                row.id,
                row.stage.as_str()
            ));
        }
        accepted.lines.insert(line, amount.digits());
        Ok(())
    })
    .await
}

/// Posts a settlement although it begins before the first day that the pair is responsible for: a person gave its file by hand. One
/// that is decided, or held back for another reason, is left as it is.
pub(super) async fn post_anyway(
    store: &Store,
    pair: &Pair,
    id: &str,
    currency: Currency,
) -> Result<Result<(), Refusal>, StoreError> {
    let decided = !intents::of_subject(store, pair.id(), &subject(id, currency)).await?.is_empty();
    change(store, pair, id, currency, |row, accepted| {
        if decided || row.stage != Stage::Review || accepted.from_before {
            return Err(format!("Settlement {} is {}: it is not held back.", row.id, row.stage.as_str()));
        }
        accepted.from_before = true;
        Ok(())
    })
    .await
}

async fn change(
    store: &Store,
    pair: &Pair,
    id: &str,
    currency: Currency,
    decide: impl FnOnce(&SettlementRow, &mut Accepted) -> Result<(), Refusal>,
) -> Result<Result<(), Refusal>, StoreError> {
    let Some(mut row) = settlements::get(store, pair.id(), id, currency).await? else {
        return Ok(Err(format!("There is no settlement {id} in {currency}.")));
    };
    let mut accepted = Accepted::parse(&row.accepted)?;
    if let Err(refusal) = decide(&row, &mut accepted) {
        return Ok(Err(refusal));
    }
    let now = store.clock().now();
    row.accepted = accepted.to_text()?;
    row.stage = Stage::Received;
    row.stage_reason = None;
    row.updated_at = now;
    let wake = wake(pair.id(), id, currency, now);
    store
        .write(move |tx| {
            Box::pin(async move {
                settlements::update(tx, &row).await?;
                lanes::wake(tx, &[wake]).await
            })
        })
        .await?;
    Ok(Ok(()))
}
