use crate::{ReloadError, Service, log};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep, timeout};

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
    let mut stamp = service.stamp_at_start();
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
    let tell = move |event: notify::Result<notify::Event>| {
        // Whoever looks whether something changed opens files, too.
        if !event.is_ok_and(|it| it.kind.is_access()) {
            let _ = told.try_send(());
        }
    };
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

/// How often what can't be read for the moment is tried again: virus scanners and editors hold files for a while.
const TRIES: u32 = 5;

async fn reload(service: &Arc<Service>) {
    for again in (0..TRIES).rev() {
        let service = Arc::clone(service);
        let reload = move || {
            let reloaded = service.reload();
            // A policy may name a container that nobody has asked for.
            service.make_keys();
            reloaded
        };
        match tokio::task::spawn_blocking(reload).await {
            Ok(Ok(())) => return log::line("reloaded"),
            Ok(Err(ReloadError::Unreadable(_) | ReloadError::Store(_))) if again > 0 => sleep(PATIENCE).await,
            Ok(Err(error)) => return log::line(format_args!("{error}\nnot reloaded: what ran before goes on")),
            Err(_) => return,
        }
    }
}
