//! Tests of the runner across its modules.

mod parties;
mod protocol;
mod sandbox;
mod settlements;
