//! The threads on which passwords are hashed (I10).
//!
//! Hashing one password takes some 25 ms of a core and 19 MiB. It must never hold up an async worker, nor use more memory
//! than was planned, so it has a fixed number of threads of its own, each with one block of memory that it keeps, and a
//! bounded queue in front of them. When the queue is full the caller learns at once that the server is [busy](PoolError::Busy)
//! and when to come back; nothing else waits behind it.
//!
//! Nothing is started before the first job, so an idle server pays for neither threads nor memory. A job whose caller has
//! gone (a closed connection) is skipped. The threads end when the pool is dropped.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::memory::Memory;

/// What the first estimate of one job is, before any was measured.
const FIRST_ESTIMATE: Duration = Duration::from_millis(50);
/// The longest wait that a refused caller is asked for.
const MAX_RETRY_AFTER_SECS: u64 = 30;

/// A job; tells whether it did any work (a skipped one does not count in the estimate).
type Task = Box<dyn FnOnce(&mut Memory) -> bool + Send>;

/// Why a job was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PoolError {
    /// The queue is full; it will be through in about so many seconds.
    Busy {
        /// 1 to 30.
        retry_after_secs: u32,
    },
    /// No thread could be started, or the job failed in a way that it must not.
    Failed,
}

/// A fixed number of threads behind a bounded queue.
pub(super) struct Pool {
    threads: usize,
    /// Jobs that may wait, beside those at work.
    queue_len: usize,
    /// The memory that each thread keeps, in KiB.
    memory_kib: usize,
    queue: Mutex<Option<SyncSender<Task>>>,
    load: Arc<Load>,
}

/// What the threads tell about themselves.
#[derive(Default)]
struct Load {
    /// Threads that run.
    alive: AtomicUsize,
    /// The moving average of one job, in microseconds; 0 before the first.
    job_micros: AtomicU64,
    /// Jobs asked for so far.
    #[cfg(any(test, feature = "testing"))]
    asked: AtomicUsize,
}

impl Pool {
    /// Plans a pool; no thread is started yet.
    pub(super) fn new(threads: usize, queue_len: usize, memory_kib: usize) -> Self {
        Self {
            threads: threads.max(1),
            queue_len: queue_len.max(1),
            memory_kib,
            queue: Mutex::default(),
            load: Arc::default(),
        }
    }

    /// Runs `job` on one of the threads and waits for its result.
    ///
    /// # Errors
    /// [`PoolError::Busy`] when the queue is full, [`PoolError::Failed`] when no thread could be started or `job` panicked.
    pub(super) async fn run<T, F>(&self, job: F) -> Result<T, PoolError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Memory) -> T + Send + 'static,
    {
        #[cfg(any(test, feature = "testing"))]
        self.load.asked.fetch_add(1, Ordering::Relaxed);
        let (reply, answer) = oneshot::channel();
        let task: Task = Box::new(move |memory| {
            if reply.is_closed() {
                return false; // nobody waits for it any more
            }
            // Memory holds nothing that a half-done job could leave in disorder. Without the answer the caller sees `Failed`.
            if let Ok(result) = catch_unwind(AssertUnwindSafe(|| job(memory))) {
                let _gone = reply.send(result);
            }
            true
        });
        match self.queue()?.try_send(task) {
            Ok(()) => answer.await.map_err(|_| PoolError::Failed),
            Err(TrySendError::Full(_)) => Err(PoolError::Busy { retry_after_secs: self.retry_after_secs() }),
            Err(TrySendError::Disconnected(_)) => Err(PoolError::Failed),
        }
    }

    /// Jobs asked for so far.
    #[cfg(any(test, feature = "testing"))]
    pub(super) fn asked(&self) -> usize {
        self.load.asked.load(Ordering::Relaxed)
    }

    /// The way to the threads, which are started by the first call.
    fn queue(&self) -> Result<SyncSender<Task>, PoolError> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = &*queue {
            return Ok(queue.clone());
        }
        let started = self.start().ok_or(PoolError::Failed)?;
        Ok(queue.insert(started).clone())
    }

    /// Starts the threads; `None` when not even one would start.
    fn start(&self) -> Option<SyncSender<Task>> {
        let (sender, receiver) = sync_channel(self.queue_len);
        let receiver = Arc::new(Mutex::new(receiver));
        let mut any = None;
        for number in 0..self.threads {
            let (receiver, load, memory_kib) = (Arc::clone(&receiver), Arc::clone(&self.load), self.memory_kib);
            let thread = std::thread::Builder::new()
                .name(format!("hash-{number}"))
                .spawn(move || work(&receiver, &load, Memory::new(memory_kib)));
            match thread {
                Ok(_) => any = Some(()),
                Err(error) => tracing::error!(%error, "a password hashing thread did not start"),
            }
        }
        any.map(|()| sender)
    }

    /// How long a full queue takes, in whole seconds.
    fn retry_after_secs(&self) -> u32 {
        let job = match self.load.job_micros.load(Ordering::Relaxed) {
            0 => FIRST_ESTIMATE,
            micros => Duration::from_micros(micros),
        };
        let jobs = u32::try_from(self.queue_len / self.threads + 1).unwrap_or(u32::MAX);
        let secs = job.saturating_mul(jobs).as_secs().saturating_add(1).min(MAX_RETRY_AFTER_SECS);
        u32::try_from(secs).unwrap_or(1)
    }
}

/// What one thread does until the pool is dropped and the queue empty.
fn work(queue: &Mutex<Receiver<Task>>, load: &Load, mut memory: Memory) {
    load.alive.fetch_add(1, Ordering::Relaxed);
    loop {
        // One idle thread waits at the queue, the others for their turn there.
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(task) = next else { break };
        let started = Instant::now();
        if task(&mut memory) {
            load.worked(started.elapsed());
        }
    }
    load.alive.fetch_sub(1, Ordering::Relaxed);
}

impl Load {
    /// Takes one job into the moving average. Two threads may overwrite each other; it is an estimate.
    fn worked(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).max(1);
        let average = match self.job_micros.load(Ordering::Relaxed) {
            0 => took,
            before => (before / 8).saturating_mul(7).saturating_add(took / 8).max(1),
        };
        self.job_micros.store(average, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Waits until `what` holds; the test fails after five seconds.
    fn eventually(what: impl Fn() -> bool) {
        let started = Instant::now();
        while !what() {
            assert!(started.elapsed() < Duration::from_secs(5), "it did not happen");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// I10: nothing starts before the first job, and the threads end with the pool.
    #[tokio::test]
    async fn threads_start_late_and_end() {
        let pool = Pool::new(3, 4, 8);
        let load = Arc::clone(&pool.load);
        assert_eq!(load.alive.load(Ordering::Relaxed), 0);
        assert_eq!(pool.run(|_| 7).await, Ok(7));
        eventually(|| load.alive.load(Ordering::Relaxed) == 3);
        drop(pool);
        eventually(|| load.alive.load(Ordering::Relaxed) == 0);
    }

    /// I10: a full queue refuses at once and names the time to come back; what was accepted is still done.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn full_queue_refuses() {
        let pool = Arc::new(Pool::new(1, 2, 8));
        let (go, gate) = mpsc::channel::<()>();
        let (at_work, is_at_work) = mpsc::channel();
        let start = |job: Box<dyn FnOnce() + Send>| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.run(move |_| job()).await })
        };
        let first = start(Box::new(move || {
            at_work.send(()).unwrap();
            gate.recv().unwrap();
        }));
        is_at_work.recv().unwrap();
        let mut others = Vec::new();
        for _ in 0..2 {
            others.push(start(Box::new(|| ())));
        }
        // Whoever comes third is refused; until both of the others are queued, one more may get in instead.
        let refused = loop {
            let probe = tokio::time::timeout(Duration::from_millis(20), pool.run(|_| ())).await;
            if let Ok(answer) = probe {
                break answer;
            }
        };
        assert!(matches!(refused, Err(PoolError::Busy { retry_after_secs: 1..=30 })), "{refused:?}");
        go.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(()));
        for other in others {
            // One of them may have lost its place to the probe.
            assert!(matches!(other.await.unwrap(), Ok(()) | Err(PoolError::Busy { .. })));
        }
        assert_eq!(pool.run(|_| 1).await, Ok(1), "the queue has room again");
    }

    /// I10: a job whose caller has gone is not done.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn abandoned_jobs_are_skipped() {
        let pool = Arc::new(Pool::new(1, 4, 8));
        let (go, gate) = mpsc::channel::<()>();
        let (at_work, is_at_work) = mpsc::channel();
        let first = {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move {
                pool.run(move |_| {
                    at_work.send(()).unwrap();
                    gate.recv().unwrap();
                })
                .await
            })
        };
        is_at_work.recv().unwrap();
        let done = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&done);
        let abandoned = pool.run(move |_| counted.fetch_add(1, Ordering::Relaxed));
        assert!(tokio::time::timeout(Duration::from_millis(20), abandoned).await.is_err());
        go.send(()).unwrap();
        first.await.unwrap().unwrap();
        pool.run(|_| ()).await.unwrap(); // stands behind the abandoned one
        assert_eq!(done.load(Ordering::Relaxed), 0);
    }

    /// A job that panics fails alone; its thread goes on.
    #[tokio::test]
    async fn panic_is_contained() {
        let pool = Pool::new(1, 1, 8);
        assert_eq!(pool.run(|_| -> u8 { panic!("as this test wants it") }).await, Err(PoolError::Failed));
        assert_eq!(pool.run(|_| 2).await, Ok(2));
    }

    /// I10: the time to come back follows what jobs take, within bounds.
    #[test]
    fn retry_after_follows_the_load() {
        let pool = Pool::new(2, 128, 8);
        assert_eq!(pool.retry_after_secs(), 4); // 65 × 50 ms
        pool.load.worked(Duration::from_millis(10));
        assert_eq!(pool.retry_after_secs(), 1);
        for _ in 0..100 {
            pool.load.worked(Duration::from_mins(1));
        }
        assert_eq!(pool.retry_after_secs(), 30);
    }
}
