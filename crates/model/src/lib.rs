//! The canonical data model: what every marketplace and every set of books is translated to and from.
//!
//! Nothing here knows a remote's field names. Ids are types, so an order number cannot be passed for a SKU; amounts are
//! [`money::Money`]; days are [`jiff::civil::Date`] in Europe/London, moments are [`jiff::Timestamp`].

mod address;
mod country;
mod draft;
mod ids;
mod market;
mod order;
mod receipt;
mod settlement;
mod transaction;

pub use address::{Address, Buyer};
pub use country::{Country, UkPart};
pub use draft::{
    AllocationDraft, BankDraft, CustomerDraft, DocumentKey, DocumentKind, DocumentRef, Draft, DraftLine, EntryKind,
    ExchangeRate, JournalDraft, JournalLine, LaterPaymentDraft, Marker, PaidItem, PaymentDraft, PurchaseDraft,
    PurchaseLine, RateSource, SalesDraft, Series, Subject, SupplierDraft, TradeBorder, TransferDraft, VatRate,
};
pub use ids::{
    BankAccountId, CustomerCode, DocumentNumber, IdError, MarketplaceId, NominalCode, OrderId, OrderLineId, PairId,
    PaymentMethodId, ProductCode, Sku,
};
pub use market::Market;
pub use order::{
    Charge, Dispatch, DispatchedLine, Fulfilment, LineCharges, MarketplaceTax, Order, OrderLine, OrderStatus,
    PriceBasis, Programme, TaxScheme,
};
pub use receipt::{Agreement, Fingerprint, Receipt, ReceiptLine, ReceiptPayment};
pub use settlement::{RowDoubt, Settlement, SettlementRow};
pub use transaction::{
    Balance, MoneySummary, Payout, PayoutStatus, Transaction, TransactionItem, TransactionPart, TransactionStatus,
};
