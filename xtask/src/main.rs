//! Everything a contributor or CI runs.
fn main() {}
