//! The service's log: lines on stderr with ids and codes, never a value that a request or a policy holds.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::thread;
use wayfarer_store::Guid;

/// So many lines wait for a reader who is slow. More are left out, and counted.
const WAITING: usize = 1024;

/// One line. A log that nobody reads keeps no request from its answer: lines are written by a thread of their own.
pub(crate) fn line(what: impl Display) {
    static LEFT_OUT: AtomicU64 = AtomicU64::new(0);
    static LINES: OnceLock<SyncSender<String>> = OnceLock::new();
    let lines = LINES.get_or_init(|| {
        let (lines, waiting) = mpsc::sync_channel::<String>(WAITING);
        thread::spawn(move || {
            for line in waiting {
                write(&line);
                match LEFT_OUT.swap(0, Ordering::Relaxed) {
                    0 => {}
                    number => write(&format!("{number} lines were left out: nobody read them\n")),
                }
            }
        });
        lines
    });
    if lines.try_send(format!("{what}\n")).is_err() {
        LEFT_OUT.fetch_add(1, Ordering::Relaxed);
    }
}

/// In one piece, so that lines of several processes don't mix.
fn write(line: &str) {
    let _ = io::stderr().lock().write_all(line.as_bytes());
}

/// What became of a request.
pub(crate) fn request(correlation_id: Guid, policy: &str, what: &str) {
    line(format_args!("{correlation_id} {policy} {what}"));
}
