//! The console's files are compiled in, so a new build of them must compile this crate again.

fn main() {
    let dist = "../../ui/dist";
    // Cargo takes a folder that is missing for one that has changed, and would compile this crate on every build. Where it
    // cannot be made, that is all that happens.
    let _ = std::fs::create_dir_all(dist);
    println!("cargo:rerun-if-changed={dist}");
    println!("cargo:rerun-if-changed=build.rs");
}
