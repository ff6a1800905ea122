//! The `tillbridge` binary.
fn main() {}
