//! Changes: how closures become transactions, on one writer for SQLite and side by side on the others.
//!
//! On SQLite there is one writing connection. Work that waits is done together: one transaction, a savepoint for each
//! piece so that one failure takes nothing else with it, one commit and so one wait for the disk, and only then the
//! answers. Nothing waits for company: a batch is what came in while the one before was being written.

use crate::{
    Error, Outlet, Result,
    db::{Connection, Db, Lease, Leases, Tx},
    error::is_passing,
};
use futures::{FutureExt, future::BoxFuture};
use model::event::{Announcement, Touched};
use std::{
    mem::take,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{mpsc, oneshot};

/// Pieces of work in one commit on SQLite, at most.
const BATCH: usize = 128;
/// For how long a batch takes in work that was not yet waiting when it began.
const GATHER: Duration = Duration::from_millis(1);
/// Pieces of work that may wait before callers wait for room.
const QUEUE: usize = 4096;
/// How often a transaction is run before a deadlock is an error.
const ATTEMPTS: u32 = 4;

/// Where released announcements go; set once.
pub(crate) type Outlets = Arc<OnceLock<Arc<dyn Outlet>>>;

/// A closure waiting for its transaction, and the one who waits for its answer.
pub(crate) struct Job<T, E, F> {
    work: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

/// A [`Job`] of any type.
pub(crate) trait Work: Send {
    /// Does the work and tells whether it is to be kept.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// Answers the caller: with the work's own result, or with what happened to the commit.
    fn answer(self: Box<Self>, committed: Result<()>);
}

/// Does the work once. An error of a statement that the work kept quiet about is its result nonetheless, since what
/// has failed once cannot be committed on every database.
async fn attempt<T, E, F>(work: &F, tx: &mut Tx) -> Result<T, E>
where
    E: From<Error>,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    let outcome = AssertUnwindSafe(async { work(tx).await }).catch_unwind().await;
    match outcome {
        Ok(Ok(value)) => match tx.failure.take() {
            None => Ok(value),
            Some(error) => Err(error.into()),
        },
        Ok(Err(error)) => Err(error),
        Err(_) => Err(Error::Panicked.into()),
    }
}

impl<T, E, F> Work for Job<T, E, F>
where
    T: Send,
    E: From<Error> + Send,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let result = attempt(&self.work, tx).await;
            tx.failure = None;
            let kept = result.is_ok();
            self.result = Some(result);
            kept
        })
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let answer = match committed {
            Ok(()) => self.result.unwrap_or_else(|| Err(Error::Closed.into())),
            Err(error) => Err(error.into()),
        };
        // Nobody listens any more: the change stands all the same.
        let _ = self.reply.send(answer);
    }
}

/// What goes to the writer's task.
pub(crate) enum Message {
    Work(Box<dyn Work>),
    /// Finish what waits, take nothing more, then let go of this.
    Stop(oneshot::Sender<()>),
}

/// Starts the one task that writes to a SQLite database.
pub(crate) fn start(pool: Leases, keep: bool, outlets: Outlets) -> mpsc::Sender<Message> {
    let (sender, queue) = mpsc::channel(QUEUE);
    tokio::spawn(Writer { pool, keep, connection: None, queue, outlets, stopped: Vec::new() }.run());
    sender
}

/// Hands work to the writer and waits for the commit.
pub(crate) async fn enqueue<T, E, F>(queue: &mpsc::Sender<Message>, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
{
    let (reply, answer) = oneshot::channel();
    let job = Box::new(Job { work, result: None, reply });
    queue.send(Message::Work(job)).await.map_err(|_| Error::Closed)?;
    answer.await.unwrap_or_else(|_| Err(Error::Closed.into()))
}

struct Writer {
    pool: Leases,
    /// Whether the connection is this task's alone; in memory it is shared with readers and given back.
    keep: bool,
    connection: Option<Lease>,
    queue: mpsc::Receiver<Message>,
    outlets: Outlets,
    /// Those who wait for the end. The last field, and so the last to go.
    stopped: Vec<oneshot::Sender<()>>,
}

/// A transaction being filled.
struct Batch {
    tx: Tx,
    /// Done, waiting for the commit.
    done: Vec<Box<dyn Work>>,
    /// Whether `BEGIN` has been said.
    open: bool,
    /// Whether the connection can be used again.
    sound: bool,
    /// Whether a savepoint stands that the next piece of work can use or has to release.
    savepoint: Savepoint,
}

enum Savepoint {
    None,
    /// Left behind by work that succeeded.
    Used,
    /// Rolled back to: as good as new.
    Fresh,
}

impl Writer {
    async fn run(mut self) {
        while let Some(message) = self.queue.recv().await {
            match message {
                Message::Work(first) => self.batch(first).await,
                Message::Stop(waiting) => self.stop(waiting),
            }
        }
    }

    fn stop(&mut self, waiting: oneshot::Sender<()>) {
        self.queue.close();
        self.stopped.push(waiting);
    }

    async fn batch(&mut self, first: Box<dyn Work>) {
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.pool.acquire().await,
        };
        let connection = match connection {
            Ok(connection) => connection,
            Err(error) => return first.answer(Err(error)),
        };
        let tx = Tx::new(Connection::Sqlite(connection));
        let mut batch = Batch { tx, done: Vec::new(), open: false, sound: true, savepoint: Savepoint::None };
        let (started, waiting) = (Instant::now(), self.queue.len());
        let (mut next, mut taken) = (Some(first), 0);
        while let Some(work) = next {
            if !batch.take(work).await {
                break;
            }
            let more = taken < BATCH && (taken < waiting || started.elapsed() < GATHER);
            taken += 1;
            next = if more { self.waiting() } else { None };
        }
        let connection = batch.finish(&self.outlets).await;
        self.connection = connection.filter(|_| self.keep);
    }

    /// The next piece of work, if one waits.
    fn waiting(&mut self) -> Option<Box<dyn Work>> {
        match self.queue.try_recv() {
            Ok(Message::Work(work)) => Some(work),
            Ok(Message::Stop(waiting)) => {
                self.stop(waiting);
                None
            }
            Err(_) => None,
        }
    }
}

impl Batch {
    /// Does one piece of work inside the transaction; false when the transaction itself is broken.
    async fn take(&mut self, mut work: Box<dyn Work>) -> bool {
        if let Err(error) = self.enter().await {
            work.answer(Err(error.clone()));
            self.fail(error).await;
            return false;
        }
        let (announced, touched) = (self.tx.outbox.len(), self.tx.touched.len());
        if work.run(&mut self.tx).await {
            self.done.push(work);
            return true;
        }
        self.tx.outbox.truncate(announced);
        self.tx.touched.truncate(touched);
        let undone = self.undo().await;
        work.answer(Ok(()));
        match undone {
            Ok(()) => true,
            Err(error) => {
                self.fail(error).await;
                false
            }
        }
    }

    /// Begins the transaction, or sets a savepoint in it. The first piece of work needs none: if it fails, nothing
    /// else is lost with the transaction.
    async fn enter(&mut self) -> Result<()> {
        let statement = match (self.open, &self.savepoint) {
            (false, _) => "BEGIN IMMEDIATE",
            (true, Savepoint::None) => "SAVEPOINT work",
            (true, Savepoint::Used) => "RELEASE work; SAVEPOINT work",
            (true, Savepoint::Fresh) => {
                self.savepoint = Savepoint::Used;
                return Ok(());
            }
        };
        self.say(statement).await?;
        self.savepoint = if self.open { Savepoint::Used } else { Savepoint::None };
        self.open = true;
        Ok(())
    }

    /// Takes back the piece of work that has just failed.
    async fn undo(&mut self) -> Result<()> {
        if matches!(self.savepoint, Savepoint::None) {
            self.open = false;
            return self.say("ROLLBACK").await;
        }
        self.say("ROLLBACK TO work").await?;
        self.savepoint = Savepoint::Fresh;
        Ok(())
    }

    /// Gives up the whole transaction: everybody in it hears why.
    async fn fail(&mut self, error: Error) {
        tracing::error!(error = &error as &dyn std::error::Error, pieces = self.done.len(), "a transaction was lost");
        for work in self.done.drain(..) {
            work.answer(Err(error.clone()));
        }
        self.tx.outbox.clear();
        self.tx.touched.clear();
        if self.open {
            // The database may have rolled back by itself, and then says that there is no transaction.
            self.sound = self.say("ROLLBACK").await.is_ok();
            self.open = false;
        }
    }

    /// Commits, releases what was announced, answers; gives the connection back if it is sound.
    async fn finish(mut self, outlets: &Outlets) -> Option<Lease> {
        if self.open {
            match self.say("COMMIT").await {
                Ok(()) => self.open = false,
                Err(error) => self.fail(error).await,
            }
        }
        if !self.done.is_empty() {
            release(outlets, take(&mut self.tx.touched), take(&mut self.tx.outbox));
        }
        for work in self.done.drain(..) {
            work.answer(Ok(()));
        }
        match self.tx.connection {
            Connection::Sqlite(lease) if self.sound => Some(lease),
            Connection::Sqlite(lease) => {
                lease.discard();
                None
            }
            _ => None,
        }
    }

    async fn say(&mut self, statement: &'static str) -> Result<()> {
        let Connection::Sqlite(connection) = &mut self.tx.connection else { return Ok(()) };
        sqlx::query(statement).execute(&mut **connection).await?;
        Ok(())
    }
}

/// Hands over what a committed transaction has to say.
fn release(outlets: &Outlets, touched: Vec<Touched>, announcements: Vec<Announcement>) {
    if touched.is_empty() && announcements.is_empty() {
        return;
    }
    let Some(outlet) = outlets.get() else { return };
    // The change stands whatever the outlet makes of it, and the writer has to go on.
    if catch_unwind(AssertUnwindSafe(|| outlet.released(touched, announcements))).is_err() {
        tracing::error!("the outlet panicked: announcements were lost");
    }
}

/// Runs work in a transaction of its own, in a task that a caller who goes away does not stop.
///
/// When the database stops answering, the caller is told at once, and the work is given up unless its commit has been
/// sent: then nobody knows what came of it, and whoever repeats the change has to be ready for its having happened.
pub(crate) async fn alone<T, E, F>(db: Arc<Db>, outlets: Outlets, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Error> + Send + 'static,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>> + Send + Sync + 'static,
{
    let away = || Error::Unavailable(Arc::new(sqlx::Error::PoolTimedOut));
    if !db.is_reachable() {
        return Err(away().into());
    }
    let (watched, committing) = (db.clone(), Arc::new(AtomicBool::new(false)));
    let flag = committing.clone();
    let mut task = tokio::spawn(async move {
        let mut left = ATTEMPTS;
        loop {
            left -= 1;
            match once(&db, &outlets, &work, &flag).await {
                Err((_, true)) if left > 0 => tokio::time::sleep(pause(left)).await,
                other => return other.map_err(|(error, _)| error),
            }
        }
    });
    tokio::select! {
        biased;
        done = &mut task => done.unwrap_or_else(|_| Err(Error::Panicked.into())),
        () = watched.away() => {
            if !committing.load(Ordering::Acquire) {
                task.abort();
            }
            Err(away().into())
        }
    }
}

/// How long to stand back after a deadlock; not the same for both who met.
fn pause(left: u32) -> Duration {
    let nanos = std::time::SystemTime::UNIX_EPOCH.elapsed().map_or(0, |t| t.subsec_nanos());
    Duration::from_millis(u64::from((ATTEMPTS - left) * 5 + nanos / 1000 % 16))
}

/// One attempt; an error comes with whether another attempt may cure it.
async fn once<T, E, F>(db: &Db, outlets: &Outlets, work: &F, committing: &AtomicBool) -> Result<T, (E, bool)>
where
    E: From<Error>,
    F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, E>>,
{
    let opened = match db {
        Db::Postgres(pool) => pool.begin().await.map(Connection::Postgres),
        Db::MySql(pool) => pool.begin().await.map(Connection::MySql),
        Db::Sqlite { .. } => return Err((Error::Closed.into(), false)),
    };
    let mut tx = Tx::new(opened.map_err(|error| (Error::from(error).into(), false))?);
    let value = match attempt(work, &mut tx).await {
        Ok(value) => value,
        // Dropping the transaction takes it back.
        Err(error) => return Err((error, tx.again)),
    };
    let Tx { connection, outbox, touched, .. } = tx;
    committing.store(true, Ordering::Release);
    let committed = match connection {
        Connection::Postgres(transaction) => transaction.commit().await,
        Connection::MySql(transaction) => transaction.commit().await,
        Connection::Sqlite(_) => Ok(()),
    };
    committing.store(false, Ordering::Release);
    committed.map_err(|error| {
        let again = is_passing(&error);
        (Error::from(error).into(), again)
    })?;
    release(outlets, touched, outbox);
    Ok(value)
}
