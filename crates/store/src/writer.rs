//! The writer: one connection, group commit.
//!
//! Jobs that queue while a commit is under way are run in the next transaction, each in its own savepoint, so that one failing
//! job undoes only itself. Answers go out after the commit: an acknowledged write survives a power cut (`synchronous=FULL`).

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{Executor, SqliteConnection};
use tokio::sync::{mpsc, oneshot, watch};

use crate::StoreError;
use crate::sql;

/// The connection inside a write job.
pub type Tx = SqliteConnection;

/// Jobs in one transaction at most.
const GROUP_MAX: usize = 64;

/// Jobs that may wait before callers are held back.
const QUEUE: usize = 1_024;

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Work = Box<dyn for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, (bool, Answer)> + Send>;

/// Hands jobs to the writer task.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Work>,
}

impl Writer {
    /// Starts the writer task on `connection`. `changed` is raised after each commit.
    pub(crate) fn start(connection: SqliteConnection, changed: watch::Sender<u64>) -> Writer {
        let (jobs, queue) = mpsc::channel(QUEUE);
        tokio::spawn(run(connection, queue, changed));
        Writer { jobs }
    }

    /// A writer that refuses everything, for who only reads.
    pub(crate) fn nobody() -> Writer {
        Writer { jobs: mpsc::channel(1).0 }
    }

    pub(crate) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Tx) -> BoxFuture<'c, Result<T, StoreError>> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let work: Work = Box::new(move |tx| {
            Box::pin(async move {
                let result = match AssertUnwindSafe(job(tx)).catch_unwind().await {
                    Ok(result) => result,
                    Err(_) => Err(StoreError::Bad("a write job panicked; nothing of it was kept".to_owned())),
                };
                let good = result.is_ok();
                let answer: Answer = Box::new(move |committed| {
                    // A caller that is gone does not need its answer.
                    let _ = tell.send(committed.and(result));
                });
                (good, answer)
            })
        });
        let gone = || StoreError::Bad("the writer has stopped, or the folder was opened to read only".to_owned());
        self.jobs.send(work).await.map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}

async fn run(mut connection: SqliteConnection, mut queue: mpsc::Receiver<Work>, changed: watch::Sender<u64>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while queue.recv_many(&mut group, GROUP_MAX).await > 0 {
        let mut answers = Vec::with_capacity(group.len());
        let committed = commit(&mut connection, group.drain(..), &mut answers).await;
        if committed.is_err() {
            // The transaction may be half open; an error here means that it was not.
            let _ = connection.execute(sql::ROLLBACK).await;
        } else {
            changed.send_modify(|count| *count += 1);
        }
        let why = committed.err().map(|error| error.to_string());
        for answer in answers {
            answer(why.as_ref().map_or(Ok(()), |why| Err(StoreError::Bad(format!("the commit failed: {why}")))));
        }
    }
}

async fn commit(
    connection: &mut SqliteConnection,
    group: impl Iterator<Item = Work>,
    answers: &mut Vec<Answer>,
) -> Result<(), sqlx::Error> {
    connection.execute(sql::BEGIN).await?;
    let mut group = group.peekable();
    while let Some(work) = group.next() {
        let (good, answer) = work(connection).await;
        answers.push(answer);
        if !good {
            // The savepoint outlives going back to it: the next job uses it again.
            connection.execute(sql::ROLLBACK_TO).await?;
        } else if group.peek().is_some() {
            connection.execute(sql::NEXT_JOB).await?;
        }
    }
    connection.execute(sql::COMMIT).await?;
    Ok(())
}
