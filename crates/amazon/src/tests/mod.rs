//! Tests across the modules: a stub server plays Amazon over real HTTP.

mod contract;
mod errors;
mod orders;
mod paging;
mod planner;
mod queue;
mod stub;
