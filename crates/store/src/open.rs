//! Opening a data folder: lock, key, database, schema, epoch.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clock::Clock;
use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, Row, SqliteConnection};
use tokio::sync::watch;

use crate::vault::Vault;
use crate::writer::{Tx, Writer};
use crate::{StoreError, sql};

/// Schemas in order; the database's `user_version` says how many it has.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/sqlite/0001.sql"),
    include_str!("../migrations/sqlite/0002.sql"),
    include_str!("../migrations/sqlite/0003.sql"),
    include_str!("../migrations/sqlite/0004.sql"),
];

/// The database in the data folder.
const DATABASE: &str = "tillbridge.db";

/// Readers at the same time.
const READERS: u32 = 4;

/// One data folder, opened by this process alone. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    clock: Clock,
    writer: Writer,
    readers: SqlitePool,
    vault: Arc<Vault>,
    epoch: i64,
    changed: watch::Receiver<u64>,
    /// Held for as long as the store lives; the operating system frees it when the process dies, however it dies.
    _lock: Option<File>,
    _folder: Option<TemporaryFolder>,
}

impl Store {
    /// Opens the folder, creating what is missing.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] if another process has it, [`StoreError::Newer`] for a database of a newer program,
    /// [`StoreError::Io`] or [`StoreError::Database`].
    pub async fn open(folder: &Path, clock: Clock) -> Result<Store, StoreError> {
        Store::open_in(folder, clock, None).await
    }

    /// Opens the folder to read only, whoever works on it meanwhile: it takes no lock and every write is refused.
    ///
    /// # Errors
    ///
    /// [`StoreError::Nothing`] if there is no database yet, [`StoreError::Newer`] or [`StoreError::Older`] if it is not of this
    /// program's schema, [`StoreError::Io`] or [`StoreError::Database`].
    pub async fn read(folder: &Path, clock: Clock) -> Result<Store, StoreError> {
        if !folder.join(DATABASE).is_file() {
            return Err(StoreError::Nothing { folder: folder.display().to_string() });
        }
        let vault = Arc::new(Vault::open(&folder.join(crate::vault::KEY_FILE))?);
        let readers = readers(options(folder));
        let (found, known) = (readers.fetch_one(sql::SCHEMA_VERSION).await?.try_get(0)?, MIGRATIONS.len() as i64);
        match found {
            newer if newer > known => return Err(StoreError::Newer { found, known }),
            older if older < known => return Err(StoreError::Older { found, known }),
            _ => {}
        }
        let epoch = sqlx::query(sql::EPOCH).fetch_optional(&readers).await?;
        let epoch = epoch.map(|row| row.try_get::<String, _>(0)).transpose()?.and_then(|text| text.parse().ok());
        let (writer, (_, changed)) = (Writer::nobody(), watch::channel(0));
        let epoch = epoch.unwrap_or(0);
        Ok(Store(Arc::new(Inner { clock, writer, readers, vault, epoch, changed, _lock: None, _folder: None })))
    }

    /// A store in a temporary folder of its own, removed with the last clone. For tests.
    ///
    /// # Errors
    ///
    /// As [`Store::open`].
    pub async fn in_memory(clock: Clock) -> Result<Store, StoreError> {
        let folder = TemporaryFolder::new()?;
        let path = folder.0.clone();
        Store::open_in(&path, clock, Some(folder)).await
    }

    async fn open_in(folder: &Path, clock: Clock, temporary: Option<TemporaryFolder>) -> Result<Store, StoreError> {
        create_private(folder)?;
        let lock = lock(folder)?;
        let vault = Arc::new(Vault::open(&folder.join(crate::vault::KEY_FILE))?);
        let options = options(folder);
        let mut connection = options.clone().create_if_missing(true).connect().await?;
        migrate(&mut connection).await?;
        let epoch = next_epoch(&mut connection).await?;
        let readers = readers(options);
        let (changes, changed) = watch::channel(0);
        let writer = Writer::start(connection, changes);
        let lock = Some(lock);
        Ok(Store(Arc::new(Inner { clock, writer, readers, vault, epoch, changed, _lock: lock, _folder: temporary })))
    }

    /// The product's time.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Counts openings of this folder: a process of an older epoch must not change what a newer one has taken over.
    pub fn epoch(&self) -> i64 {
        self.0.epoch
    }

    /// What seals secrets and buyer data.
    pub fn vault(&self) -> Arc<Vault> {
        self.0.vault.clone()
    }

    /// Runs `job` in the next group commit and answers after the commit. An error of the job undoes the job only.
    ///
    /// # Errors
    ///
    /// The job's error, or why the commit failed.
    pub async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        self.0.writer.write(job).await
    }

    /// Raised after each commit.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.0.changed.clone()
    }

    /// Writes a consistent copy of the database to `to`, which must not exist. The key file is not part of it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let mut reader = self.0.readers.acquire().await?;
        sqlx::query(sql::BACKUP).bind(to.display().to_string()).execute(&mut *reader).await?;
        Ok(())
    }

    /// Ends the readers. The writer ends with the last clone.
    pub async fn close(self) {
        self.0.readers.close().await;
    }

    pub(crate) fn readers(&self) -> &SqlitePool {
        &self.0.readers
    }
}

fn options(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join(DATABASE))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(256)
        .disable_statement_logging()
}

fn readers(options: SqliteConnectOptions) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .min_connections(0)
        // A file does not hang up: asking each connection whether it lives doubles the cost of a read.
        .test_before_acquire(false)
        .connect_lazy_with(options.pragma("query_only", "ON"))
}

fn create_private(folder: &Path) -> Result<(), StoreError> {
    let io = |source| StoreError::Io { what: format!("the data folder {}", folder.display()), source };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(io)
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("tillbridge.lock");
    let io = |source| StoreError::Io { what: path.display().to_string(), source };
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
    match file.try_lock() {
        Ok(()) => {
            file.set_len(0).map_err(io)?;
            file.rewind().map_err(io)?;
            write!(file, "process {}", std::process::id()).map_err(io)?;
            Ok(file)
        }
        Err(std::fs::TryLockError::WouldBlock) => {
            let mut holder = String::new();
            file.read_to_string(&mut holder).map_err(io)?;
            Err(StoreError::InUse { holder })
        }
        Err(std::fs::TryLockError::Error(source)) => Err(io(source)),
    }
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: i64 = connection.fetch_one(sql::SCHEMA_VERSION).await?.try_get(0)?;
    let known = MIGRATIONS.len() as i64;
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let mut change = connection.begin().await?;
        sqlx::raw_sql(*migration).execute(&mut *change).await?;
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {}", index + 1)))
            .execute(&mut *change)
            .await?;
        change.commit().await?;
    }
    Ok(())
}

async fn next_epoch(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let row = connection.fetch_one(sql::NEXT_EPOCH).await?;
    let text: String = row.try_get(0)?;
    text.parse().map_err(|_| StoreError::Damaged("meta.epoch is not a number".to_owned()))
}

struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> Result<TemporaryFolder, StoreError> {
        let name = format!("tillbridge-{}", uuid::Uuid::now_v7());
        let path = std::env::temp_dir().join(name);
        create_private(&path)?;
        Ok(TemporaryFolder(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // A folder that cannot be removed is left to the system's own cleaning.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
