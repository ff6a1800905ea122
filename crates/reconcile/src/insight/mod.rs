//! Insight: pure functions over posted lines, so that every figure ties to the books and leads back to its documents.

mod cash;
mod late;
mod lines;
mod profit;
mod threshold;
mod vat_return;

pub use cash::{CashFacts, CashForecast, CashLine, CashReason, DeferredMoney, forecast_cash};
pub use late::{LateEntries, LateEntry, late_entries};
pub use lines::{EntryLine, EntryRole, FeeGroup, LineError, entry_lines};
pub use profit::{AdRule, Profit, ProfitKey, ProfitRow, profit};
pub use threshold::{RegistrationMonth, RegistrationWatch, watch_registration};
pub use vat_return::{VatBoxes, VatPreview, VatPreviewLine, VatScheme, preview_vat_return};
