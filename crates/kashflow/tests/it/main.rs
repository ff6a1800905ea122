//! The client against a little KashFlow over real HTTP: what is sent, what is understood, what is never sent twice.

mod contract;
mod customers;
mod data;
mod limits;
mod login;
mod oauth;
mod reads;
mod reference;
mod sandbox;
mod stub;
mod writes;
