use crate::{Service, log};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

/// Editors write a file in several steps: it is read when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(50);
/// Shares, containers and databases tell nothing: so often they are asked.
const ASK: Duration = Duration::from_secs(2);
/// A file that never rests is read all the same.
const PATIENCE: Duration = Duration::from_secs(1);

/// Serves what changes on disk, until the future is dropped: compiled beside what runs, and put in its place when it is
/// sound. What isn't is told on stderr.
pub async fn follow(service: Arc<Service>) {
    let (told, mut changes) = mpsc::channel(1);
    // Kept as long as it is listened to.
    let _watcher = watch(&service, told);
    // The first tick comes at once: what changed since the start is not lost.
    let mut stamp = service.stamp();
    let mut ask = interval(ASK);
    ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            Some(()) = changes.recv() => settle(&mut changes).await,
            _ = ask.tick() => {}
        }
        let now = stamp_now(&service).await;
        if now != stamp {
            // What changes from here on has another stamp, and is read once more.
            stamp = now;
            reload(&service).await;
        }
    }
}

fn watch(service: &Service, told: mpsc::Sender<()>) -> Option<RecommendedWatcher> {
    let tell = move |_: notify::Result<notify::Event>| _ = told.try_send(());
    let mut watcher = notify::recommended_watcher(tell).ok()?;
    for path in service.source().watched() {
        // What can't be watched is asked.
        let _ = watcher.watch(&path, RecursiveMode::Recursive);
    }
    Some(watcher)
}

/// Waits until nothing more changes.
async fn settle(changes: &mut mpsc::Receiver<()>) {
    let started = Instant::now();
    while started.elapsed() < PATIENCE && timeout(QUIET, changes.recv()).await.is_ok() {}
}

async fn stamp_now(service: &Arc<Service>) -> u64 {
    let service = Arc::clone(service);
    tokio::task::spawn_blocking(move || service.source().stamp()).await.unwrap_or_default()
}

async fn reload(service: &Arc<Service>) {
    let service = Arc::clone(service);
    let reload = move || match service.reload() {
        Ok(()) => log::line("reloaded"),
        Err(error) => log::line(format_args!("{error}\nnot reloaded: what ran before goes on")),
    };
    let _ = tokio::task::spawn_blocking(reload).await;
}
