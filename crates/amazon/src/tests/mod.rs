//! Tests across the modules: a stub server plays Amazon over real HTTP.

mod anything;
mod contract;
mod errors;
mod finances;
mod orders;
mod paging;
mod planner;
mod queue;
mod reports;
mod setup;
mod stub;
