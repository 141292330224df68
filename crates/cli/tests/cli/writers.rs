//! Several processes write to one tenant at once, and some of them die of it.

use crate::sandbox::Sandbox;
use std::collections::BTreeSet;
use std::fs;
use std::process::Child;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A folder and a database, each with an empty tenant, as options of the command line.
fn places(sandbox: &Sandbox) -> [[String; 2]; 2] {
    let (folder, database) =
        (sandbox.path("folder").display().to_string(), sandbox.path("t.sqlite").display().to_string());
    sandbox.wayfarer(&["tenant", "create", &folder, "a.onmicrosoft.com"]).fine();
    sandbox.wayfarer(&["tenant", "create", "a.onmicrosoft.com", "--database", &database]).fine();
    [["--tenant".to_owned(), folder], ["--database".to_owned(), database]]
}

fn names(sandbox: &Sandbox, [option, place]: &[String; 2]) -> BTreeSet<String> {
    let listed = sandbox.wayfarer(&["app", "list", option, place, "--format", "json"]);
    listed.fine();
    let apps = listed.json();
    apps.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn two_processes_at_once_lose_nothing() {
    let sandbox = Sandbox::new();
    for place in places(&sandbox) {
        thread::scope(|scope| {
            for writer in ["one", "other"] {
                let (sandbox, [option, place]) = (&sandbox, &place);
                scope.spawn(move || {
                    for number in 0..20 {
                        sandbox.wayfarer(&["app", "create", &format!("{writer}-{number}"), option, place]).fine();
                    }
                });
            }
        });
        assert_eq!(names(&sandbox, &place).len(), 40, "{place:?}");
    }
}

/// A process that may be killed while another thread waits for it.
#[derive(Default)]
struct Slot(Mutex<Option<Child>>);

impl Slot {
    /// Whether the process ended well.
    fn run(&self, child: Child) -> bool {
        *self.0.lock().unwrap() = Some(child);
        loop {
            let mut slot = self.0.lock().unwrap();
            if let Some(status) = slot.as_mut().and_then(|it| it.try_wait().unwrap()) {
                *slot = None;
                return status.success();
            }
            drop(slot);
            thread::yield_now();
        }
    }

    fn kill(&self) {
        if let Some(child) = self.0.lock().unwrap().as_mut() {
            child.kill().unwrap();
        }
    }
}

/// Five times: three processes write, and all of them are killed (`SIGKILL`) while one has written to the log and not to
/// the database yet. What had been acknowledged is there afterwards.
#[test]
fn a_database_outlives_the_processes_that_write_to_it() {
    let sandbox = Sandbox::new();
    let [_, place] = places(&sandbox);
    let acknowledged = Mutex::new(BTreeSet::new());
    let has_log = || fs::metadata(sandbox.path("t.sqlite-wal")).is_ok_and(|it| it.len() > 0);
    for round in 0..5 {
        let (slots, stop) = ([(); 3].map(|()| Slot::default()), AtomicBool::new(false));
        let wanted = acknowledged.lock().unwrap().len() + 2 + round;
        thread::scope(|scope| {
            for (writer, slot) in slots.iter().enumerate() {
                let (sandbox, place, acknowledged, stop) = (&sandbox, &place, &acknowledged, &stop);
                scope.spawn(move || {
                    for number in 0.. {
                        let name = format!("{round}-{writer}-{number}");
                        if stop.load(Ordering::SeqCst) {
                            return;
                        }
                        if slot.run(sandbox.spawn(&["app", "create", &name, &place[0], &place[1]])) {
                            acknowledged.lock().unwrap().insert(name);
                        }
                    }
                });
            }
            let started = Instant::now();
            while acknowledged.lock().unwrap().len() < wanted || !has_log() {
                assert!(started.elapsed() < Duration::from_secs(60), "nobody writes");
                thread::yield_now();
            }
            stop.store(true, Ordering::SeqCst);
            slots.iter().for_each(Slot::kill);
        });
        let (kept, acknowledged) = (names(&sandbox, &place), acknowledged.lock().unwrap());
        assert!(kept.is_superset(&acknowledged), "round {round}: {:?} are lost", acknowledged.difference(&kept));
    }
}
