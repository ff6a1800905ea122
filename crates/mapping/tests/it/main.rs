//! The mapping document: what it accepts and how it refuses.

mod laws;
mod live;
mod offline;
