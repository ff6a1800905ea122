//! Running the built binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// What a command said.
#[derive(Debug)]
pub struct Said {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// Its progress and errors.
    pub err: String,
}

impl Said {
    /// The one object on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out)
            .unwrap_or_else(|error| panic!("stdout is not one JSON value ({error}):\n{}\n{}", self.out, self.err))
    }

    /// Insists on an exit code.
    #[track_caller]
    pub fn ended(self, code: i32) -> Said {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self
    }
}

/// Runs `tillbridge` in `folder`, with neither configuration nor data.
pub fn tillbridge(folder: &Path, arguments: &[&str]) -> Said {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_tillbridge"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("TILLBRIDGE_DATA")
        .env_remove("TILLBRIDGE_CONFIG")
        .output()
        .expect("the binary starts");
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The folder of the settlement tests' data.
pub fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/settlements")
}

#[test]
fn a_command_that_fails_says_why_in_one_json_object() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = tillbridge(folder.path(), &["order", "show", "203-0", "--data", ".", "--json"]).ended(1);
    assert!(said.json()["error"].as_str().is_some_and(|error| error.contains("203-0")), "{}", said.out);
}

#[test]
fn a_wrong_option_is_wrong_usage() {
    let said = tillbridge(&data(), &["order", "show", "--colour", "red"]).ended(2);
    assert!(said.err.contains("--colour"), "{}", said.err);
}
