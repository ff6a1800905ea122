//! Profiles and their reference.

use std::path::Path;

use mapping::Mapping;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_reference_of_profiles_says_what_the_program_takes() {
    let page = format!(
        "# The profile, key by key\n\nWritten by the program itself from what it takes; [settlements](settlements.md) explains what for. In \
         `<angle brackets>` stand names that you choose, `[]` is a list of tables (`[[vat.schemes]]`). *Offline* defaults hold for `tillbridge \
         settlement`; the mapping of live books must say these itself.\n\n{}",
        mapping::reference()
    );
    let path = root().join("docs/profile.md");
    if std::env::var_os("UPDATE_EXAMPLES").is_some() {
        std::fs::write(&path, &page).expect("the page");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == page, "write docs/profile.md anew with UPDATE_EXAMPLES=1");
}

#[test]
fn every_example_profile_is_one() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("examples/profiles")).expect("examples").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("text");
        if let Err(problems) = Mapping::parse_profile(&text) {
            panic!("{}: {}", entry.path().display(), problems[0]);
        }
        seen += 1;
    }
    assert_eq!(seen, 3);
}
