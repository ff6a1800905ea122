//! Tests of the runner across its modules.

mod protocol;
