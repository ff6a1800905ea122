//! Mapping documents and the function library: accounts, customers, texts, addresses. Pure.
