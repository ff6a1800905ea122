//! Settlements through the public command.

mod examples;
mod generate;
mod profile;
mod v2;
