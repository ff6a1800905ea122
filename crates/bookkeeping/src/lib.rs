//! The core: VAT, drafts and what the books should hold. Pure.
