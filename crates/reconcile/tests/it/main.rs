//! Worlds that are consistent by construction, errors planted into them, and laws that hold for any input.

mod bank;
mod books;
mod chain_world;
mod chains;
mod deferrals;
mod dice;
mod fees;
mod insight;
mod matching;
mod orders_world;
mod page;
mod three_way;
