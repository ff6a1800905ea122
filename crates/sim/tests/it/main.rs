//! The sandbox as a client sees it: over real HTTP on loopback.

mod amazon;
mod contracts;
mod kashflow;
