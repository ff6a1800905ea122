//! The sandbox as a client sees it: over real HTTP on loopback.

mod kashflow;
