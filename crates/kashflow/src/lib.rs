//! KashFlow REST v2 as a set of Books.
