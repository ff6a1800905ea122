//! Settlements through the public command.

mod bad_input;
mod examples;
mod export;
mod generate;
mod insight;
mod profile;
mod v2;
mod vat;
