//! The public command from outside: what a person types, what comes out.

mod command;
mod operate;
mod profile;
mod settlements;
