use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Notify, watch};

/// How far the end of the service is.
#[derive(Debug, Default)]
pub(crate) struct Drain {
    /// Answers ask their clients to go.
    ending: AtomicBool,
    open: AtomicUsize,
    changed: Notify,
    closing: watch::Sender<bool>,
}

impl Drain {
    /// Whether the service ends: it is no longer ready, and each answer is the last on its connection.
    pub(crate) fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Relaxed)
    }

    pub(crate) fn begin(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    /// Tells connections that wait for a request to go.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Comes when [`Drain::close`] was called.
    pub(crate) async fn closed(&self) {
        let mut closing = self.closing.subscribe();
        let _ = closing.wait_for(|it| *it).await;
    }

    /// Counts a connection until the guard is dropped: from the moment on at which it is accepted, so that nobody takes
    /// the service for empty before the connection's own task has begun.
    pub(crate) fn count(self: &Arc<Self>) -> Counted {
        self.open.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(self))
    }

    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Comes when no connection is open.
    pub(crate) async fn emptied(&self) {
        loop {
            let changed = self.changed.notified();
            if self.open() == 0 {
                return;
            }
            changed.await;
        }
    }
}

/// A connection that is counted.
pub(crate) struct Counted(Arc<Drain>);

impl Drop for Counted {
    fn drop(&mut self) {
        if self.0.open.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.changed.notify_waiters();
        }
    }
}
