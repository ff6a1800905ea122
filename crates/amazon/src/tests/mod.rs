//! Tests across the modules: a stub server plays Amazon over real HTTP.

use std::io::Write;

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

/// Compressed, as Amazon sends reports.
pub(crate) fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
