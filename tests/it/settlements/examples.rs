//! Every worked example of UK settlement bookkeeping, from the files a seller has to the documents that the books should hold.

use std::collections::BTreeMap;
use std::path::Path;

use crate::command::data;
use crate::settlements::generate::{Files, examples};

/// Whether the files are to be written instead of compared.
fn updating() -> bool {
    std::env::var_os("UPDATE_EXAMPLES").is_some()
}

#[test]
fn the_committed_files_are_those_that_the_examples_give() {
    for example in examples() {
        let folder = data().join(&example.id);
        let files = example.files();
        if updating() {
            std::fs::create_dir_all(&folder).expect("a folder");
            for (name, text) in &files {
                std::fs::write(folder.join(name), text).expect("a file");
            }
        }
        assert_eq!(committed(&folder), files, "{}: write the files anew with UPDATE_EXAMPLES=1", example.id);
    }
}

fn committed(folder: &Path) -> Files {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder for each example").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        files.insert(name, std::fs::read_to_string(entry.path()).expect("text"));
    }
    files
}
