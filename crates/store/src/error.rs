//! Why the store failed.

/// Why the store failed. Texts say what to do next.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process works on this data folder.
    #[error(
        "the data folder is in use by {holder}. Stop that process first; two servers on one folder would fight over the books"
    )]
    InUse {
        /// Who holds the lock, as it wrote it down.
        holder: String,
    },
    /// The database was made by a newer program.
    #[error(
        "the database has schema {found}, this program knows {known}. Install the newer program, or restore a backup made by this one"
    )]
    Newer {
        /// Schema of the database.
        found: i64,
        /// Newest schema that this program knows.
        known: i64,
    },
    /// The database was made by an older program, and only the one that works on it may change its schema.
    #[error(
        "the database has schema {found}, this program knows {known}. Start `tillbridge serve` once: it brings the database up to date"
    )]
    Older {
        /// Schema of the database.
        found: i64,
        /// Newest schema that this program knows.
        known: i64,
    },
    /// There is no database in the folder.
    #[error(
        "there is nothing in the data folder {folder} yet. Connect an account first (`tillbridge connect --help`), or name the right folder with --data"
    )]
    Nothing {
        /// The folder.
        folder: String,
    },
    /// What is stored cannot be read as what it must be.
    #[error("the database is damaged: {0}. Stop, keep the folder as it is, and restore the last backup elsewhere")]
    Damaged(String),
    /// The row is not in the state that the change began from: another worker was there, or an older process lives on.
    #[error("{what} was changed by somebody else meanwhile")]
    Stale {
        /// Which row.
        what: String,
    },
    /// A secret cannot be opened: wrong key file, or changed bytes.
    #[error("a sealed value cannot be opened: {0}. Is `tillbridge.key` the one of this database?")]
    Sealed(String),
    /// The request makes no sense; a mistake of ours.
    #[error("{0}")]
    Bad(String),
    /// The database refused.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The file system refused.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        source: std::io::Error,
    },
}
