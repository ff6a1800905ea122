//! KashFlow's own words: what is read from it and what is sent to it. They become ours in `translate.rs` and nowhere else.

pub(crate) mod bank;
pub(crate) mod bulk;
pub(crate) mod customer;
pub(crate) mod document;
pub(crate) mod journal;
pub(crate) mod new_customer;
pub(crate) mod new_invoice;
pub(crate) mod object;
pub(crate) mod raw;
pub(crate) mod reference;
