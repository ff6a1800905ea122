//! Amazon's official models, which are not part of this repository.

use std::path::PathBuf;

use serde_json::Value;

/// The folder of the contracts, or `None` (said aloud) where there is none. CI must have it.
pub fn folder() -> Option<PathBuf> {
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/contracts"));
    let folder = std::env::var_os("TILLBRIDGE_CONTRACTS").map_or(beside, PathBuf::from);
    if folder.join("amazon/models").is_dir() {
        return Some(folder);
    }
    assert!(std::env::var_os("CI").is_none(), "CI needs the contracts: set TILLBRIDGE_CONTRACTS");
    eprintln!("SKIPPED: no contracts in {}; set TILLBRIDGE_CONTRACTS", folder.display());
    None
}

/// A JSON file of the contracts.
pub fn read(path: &str) -> Option<Value> {
    let file = folder()?.join(path);
    Some(serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap())
}
