//! Worlds that are consistent by construction, errors planted into them, and laws that hold for any input.

mod chain_world;
mod chains;
mod deferrals;
mod dice;
mod matching;
mod orders_world;
mod three_way;
