//! Every statement is prepared on a fresh SQLite and on a fresh PostgreSQL 15: one text for both.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sqlx::{Connection, Executor, PgConnection, SqlSafeStr, SqliteConnection};
use store::Store;

const BIN: &str = "/usr/lib/postgresql/15/bin";

#[tokio::test]
async fn every_statement_is_prepared_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), clock::Clock::real()).await.unwrap();
    let url = format!("sqlite://{}", folder.path().join("tillbridge.db").display());
    let mut connection = SqliteConnection::connect(&url).await.unwrap();
    for (name, sql) in store::sql::ALL {
        connection
            .prepare(sqlx::AssertSqlSafe(*sql).into_sql_str())
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(store::sql::ALL.len() > 60);
    drop(store);
}

#[tokio::test]
async fn every_statement_is_prepared_on_postgresql() {
    if !Path::new(BIN).join("initdb").exists() {
        let ci = std::env::var_os("CI").is_some();
        assert!(!ci, "PostgreSQL 15 is not installed, and CI must not skip this test");
        eprintln!("SKIPPED: PostgreSQL 15 is not installed at {BIN}");
        return;
    }
    let cluster = Cluster::start();
    let mut connection = PgConnection::connect(&cluster.url()).await.unwrap();
    for schema in [
        include_str!("../../migrations/postgres/0001.sql"),
        include_str!("../../migrations/postgres/0002.sql"),
        include_str!("../../migrations/postgres/0003.sql"),
        include_str!("../../migrations/postgres/0004.sql"),
    ] {
        sqlx::raw_sql(schema).execute(&mut connection).await.unwrap();
    }
    let mut refused = Vec::new();
    for (name, sql) in store::sql::ALL {
        if let Err(error) = connection.prepare(sqlx::AssertSqlSafe(*sql).into_sql_str()).await {
            refused.push(format!("{name}: {error}"));
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

/// A private cluster in a temporary folder, reached through a socket there.
struct Cluster {
    folder: tempfile::TempDir,
}

impl Cluster {
    fn start() -> Cluster {
        let folder = tempfile::Builder::new().prefix("tbpg").tempdir_in("/tmp").unwrap();
        let cluster = Cluster { folder };
        std::fs::set_permissions(cluster.folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let owned = Command::new("chown").arg("-R").arg("postgres").arg(cluster.folder.path()).status().unwrap();
        assert!(owned.success(), "the folder could not be given to the user postgres");
        cluster.run("initdb", &["-A", "trust", "-U", "postgres", "--no-sync"]);
        let socket = cluster.folder.path().display().to_string();
        cluster.run(
            "pg_ctl",
            &[
                "start",
                "-w",
                "-o",
                &format!("-c listen_addresses='' -k {socket} -c fsync=off"),
                "-l",
                &format!("{socket}/log"),
            ],
        );
        cluster
    }

    /// PostgreSQL refuses to run as root, so it runs as its own user.
    fn run(&self, program: &str, args: &[&str]) {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(Path::new(BIN).join(program)).arg("-D").arg(self.data()).args(args);
        let status = command.current_dir("/tmp").stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{program} failed");
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.folder.path().display())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "-m", "immediate"]);
    }
}
