//! Tests of the runner across its modules.

mod protocol;
mod sandbox;
mod settlements;
