//! How far a check is, for whoever waits for it at a terminal.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;
use wayfarer_diagnostics::one_line;

/// Shorter checks are over before anybody has read a line.
const PATIENCE: Duration = Duration::from_millis(500);
const REFRESH: Duration = Duration::from_millis(100);

/// Does `work`, which counts what it has done; on a terminal stderr tells how much of `total` that is, and nothing is left of
/// it when the work is done.
pub(crate) fn watched<R>(total: usize, work: impl FnOnce(&AtomicUsize) -> R) -> R {
    let done = AtomicUsize::new(0);
    let is_dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
    if !std::io::stderr().is_terminal() || is_dumb {
        return work(&done);
    }
    thread::scope(|scope| {
        let (ended, watch) = channel::<()>();
        scope.spawn({
            let done = &done;
            move || {
                let mut wait = PATIENCE;
                while watch.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    let _ = write!(std::io::stderr(), "\r{}", line(done.load(Ordering::Relaxed), total));
                    wait = REFRESH;
                }
                if wait == REFRESH {
                    let _ = write!(std::io::stderr(), "\r\u{1b}[2K");
                }
            }
        });
        let result = work(&done);
        drop(ended);
        result
    })
}

/// A line on the terminal that says what is being done, until something else is said.
pub(crate) struct Line {
    is_shown: bool,
}

impl Line {
    pub(crate) fn new() -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|it| it == "dumb");
        Self { is_shown: std::io::stderr().is_terminal() && !is_dumb }
    }

    pub(crate) fn say(&self, text: &str) {
        self.write(&format!("\r\u{1b}[2K{}", one_line(text.to_owned())));
    }

    /// Takes it away, before something that stays is printed.
    pub(crate) fn clear(&self) {
        self.write("\r\u{1b}[2K");
    }

    fn write(&self, text: &str) {
        if self.is_shown {
            let mut stderr = std::io::stderr();
            let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.clear();
    }
}

fn line(done: usize, total: usize) -> String {
    format!("checking: {done} of {total} policies judged")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_work_is_done_whoever_watches() {
        let number = watched(3, |done| {
            done.fetch_add(2, Ordering::Relaxed);
            done.load(Ordering::Relaxed)
        });
        assert_eq!((number, line(2, 3).as_str()), (2, "checking: 2 of 3 policies judged"));
    }
}
