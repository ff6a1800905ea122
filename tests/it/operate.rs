//! Operating from the shell beside a running server.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::command::tillbridge;

/// A server on a data folder, killed when the test ends.
struct Server(Child);

impl Server {
    fn start(data: &Path) -> Server {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tillbridge"))
            .args(["serve", "--data"])
            .arg(data)
            .env("TILLBRIDGE_SERVER_BIND", "127.0.0.1:0")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let ready = lines.map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the server did not start");
        Server(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_second_server_on_one_folder_is_refused_with_who_has_it() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(data.path());
    let said = tillbridge(data.path(), &["serve", "--data", ".", "--json"]).ended(3);
    let holder = format!("process {}", server.0.id());
    assert!(said.json()["error"].as_str().is_some_and(|error| error.contains(&holder)), "{}", said.out);
}

#[test]
fn what_only_reads_works_beside_a_server() {
    let data = tempfile::tempdir().expect("a folder");
    let _server = Server::start(data.path());
    for (command, list) in [("review", "items"), ("dlq", "items"), ("breaks", "items"), ("runs", "runs")] {
        let said = tillbridge(data.path(), &[command, "--data", ".", "--json"]).ended(0);
        assert_eq!(said.json()[list], serde_json::json!([]), "{command}");
    }
    let said = tillbridge(data.path(), &["order", "show", "203-1234567-7654321", "--data", "."]).ended(1);
    assert!(said.err.contains("has heard of no order 203-1234567-7654321"), "{}", said.err);
    tillbridge(data.path(), &["doctor", "--data", "."]).ended(3);
}

#[test]
fn a_folder_without_a_database_is_told_apart_from_one_without_items() {
    let data = tempfile::tempdir().expect("a folder");
    let said = tillbridge(data.path(), &["review", "--data", "."]).ended(1);
    assert!(said.err.contains("Connect an account first"), "{}", said.err);
}
