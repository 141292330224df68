//! A folder of a test's own, and the binary in it.

use serde_json::Value;
use std::ffi::OsStr;
use std::fmt::Debug;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The text of a file of the repository.
pub(crate) fn repository_file(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// How a command ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Ended {
    /// The JSON on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {self:#?}"))
    }

    /// Exit code 0; gives stdout.
    #[track_caller]
    pub(crate) fn fine(&self) -> &str {
        assert_eq!(self.code, 0, "{self:#?}");
        &self.stdout
    }

    /// That exit code, nothing on stdout, and each of the texts on stderr.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.stdout, "", "{self:#?}");
        self.refused_after(code, texts);
    }

    /// As [`Ended::refused`], after some of the work was told on stdout.
    #[track_caller]
    pub(crate) fn refused_after(&self, code: i32, texts: &[&str]) {
        assert_eq!(self.code, code, "{self:#?}");
        for text in texts {
            assert!(self.stderr.contains(text), "`{text}` is missing: {self:#?}");
        }
    }
}

/// A folder that goes away with the test; `WAYFARER_HOME` is in it.
pub(crate) struct Sandbox {
    folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// Writes a file, with its folders; gives its path as text.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("the folder");
        fs::write(&path, bytes).expect("the file");
        text(&path)
    }

    /// The text of a file in it.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A copy of a tenant of `fixtures/` without its keys, so that what a test makes stays here.
    pub(crate) fn tenant(&self, name: &str) -> String {
        let (from, to) = (root().join("fixtures").join(name), self.path(name));
        fs::create_dir_all(to.join("apps")).expect("the folder");
        fs::copy(from.join("tenant.toml"), to.join("tenant.toml")).expect("tenant.toml");
        for app in fs::read_dir(from.join("apps")).expect("the apps").flatten() {
            fs::copy(app.path(), to.join("apps").join(app.file_name())).expect("an app");
        }
        text(&to)
    }

    /// The three files of `policies/client-credentials`, each changed by `change` (which is told the file's name).
    pub(crate) fn policies(&self, folder: &str, change: impl Fn(&str, String) -> String) -> String {
        for name in ["TrustFrameworkBase.xml", "TrustFrameworkExtensions.xml", "ClientCredentials.xml"] {
            let text = repository_file(&format!("policies/client-credentials/{name}"));
            self.write(&format!("{folder}/{name}"), change(name, text));
        }
        text(&self.path(folder))
    }

    /// `policies/client-credentials` with one warning: a suppression that allows nothing.
    pub(crate) fn policies_with_a_warning(&self, folder: &str) -> String {
        self.policies(folder, |name, text| match name {
            "ClientCredentials.xml" => text.replacen("?>\n", "?><!-- wayfarer: allow rest-http -->\n", 1),
            _ => text,
        })
    }

    fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        // `tests/attacks/run` names another build of it.
        let binary = std::env::var_os("WAYFARER_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_wayfarer").into());
        let mut command = Command::new(binary);
        command.args(arguments).current_dir(root()).env("WAYFARER_HOME", self.home()).stdin(Stdio::null());
        for name in [
            "CLICOLOR_FORCE",
            "CLICOLOR",
            "NO_COLOR",
            "WAYFARER_KEY_PASSPHRASE",
            "WAYFARER_IMPORT_PASSWORD",
            "HTTP_PROXY",
            "http_proxy",
            "ALL_PROXY",
            "all_proxy",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the binary to its end. It never panics: exit code 101 fails every test.
    #[track_caller]
    pub(crate) fn wayfarer<S: AsRef<OsStr> + Debug>(&self, arguments: &[S]) -> Ended {
        let output = self.command(arguments).output().expect("the binary");
        ended(output.status, output.stdout, output.stderr, arguments)
    }

    /// As [`Sandbox::wayfarer`], with these environment variables.
    #[track_caller]
    pub(crate) fn wayfarer_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Ended {
        let output = self.command(arguments).envs(variables.iter().copied()).output().expect("the binary");
        ended(output.status, output.stdout, output.stderr, arguments)
    }

    /// As [`Sandbox::wayfarer`], with standard input.
    #[track_caller]
    pub(crate) fn wayfarer_reading(&self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary");
        child.stdin.take().expect("stdin").write_all(input.as_bytes()).expect("the input");
        let output = child.wait_with_output().expect("the end");
        ended(output.status, output.stdout, output.stderr, arguments)
    }

    /// Starts the binary and doesn't wait for its end. What it says goes nowhere.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary")
    }

    /// Starts `wayfarer serve` on a free port and waits until it says where it listens.
    #[track_caller]
    pub(crate) fn serve(&self, arguments: &[&str]) -> Server {
        self.serve_in(&[], arguments)
    }

    /// As [`Sandbox::serve`], with these environment variables.
    #[track_caller]
    pub(crate) fn serve_in(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Server {
        let log = self.path("serve.log");
        let mut command = self.command(&[&["serve", "--listen", "127.0.0.1:0"], arguments].concat());
        command.envs(variables.iter().copied());
        command.stdout(Stdio::piped()).stderr(fs::File::create(&log).expect("the log"));
        let mut child = command.spawn().expect("the binary");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line");
        let said = line.trim_end().strip_prefix("listening on ").and_then(|it| it.split_once("://")?.1.split_once('/'));
        let Some((address, tenant)) = said else {
            let _ = child.kill();
            panic!("it said {line:?} and {}", fs::read_to_string(log).unwrap_or_default());
        };
        Server { address: address.to_owned(), tenant: tenant.to_owned(), log, child, stdout }
    }
}

/// A running `wayfarer serve`; it ends with the test.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) tenant: String,
    log: PathBuf,
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Server {
    /// What it wrote to stderr so far. Its log is written by a thread of its own: an unknown host that it tells of in vain
    /// shows that all before is there.
    pub(crate) fn log(&self) -> String {
        static MARKS: AtomicU32 = AtomicU32::new(0);
        let mark = format!("mark-{}.example", MARKS.fetch_add(1, Ordering::Relaxed));
        let request = format!("GET / HTTP/1.1\r\nHost: {mark}\r\nConnection: close\r\n\r\n");
        let asked = TcpStream::connect(&self.address).and_then(|mut it| {
            it.write_all(request.as_bytes())?;
            it.read_to_string(&mut String::new())
        });
        let started = Instant::now();
        loop {
            let log = fs::read_to_string(&self.log).expect("the log");
            // Over TLS, past a rate limit and after its end it tells of no host.
            if asked.is_err() || log.contains(&mark) || started.elapsed() > Duration::from_secs(1) {
                let lines = log.lines().filter(|it| !it.contains("`mark-"));
                return lines.map(|it| format!("{it}\n")).collect();
            }
            thread::yield_now();
        }
    }

    /// Where it writes its stderr.
    pub(crate) fn log_file(&self) -> &Path {
        &self.log
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGTERM, as supervisors do.
    #[cfg(unix)]
    pub(crate) fn ask_to_end(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.id().to_string()]).status().expect("kill").success());
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> ExitStatus {
        self.child.wait().expect("the end")
    }

    /// Sends SIGTERM and waits.
    #[cfg(unix)]
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        self.ask_to_end();
        self.ended()
    }

    /// Ends it at once, on any system.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What it wrote to stdout behind the line that says where it listens, once it has ended.
    pub(crate) fn rest_of_stdout(&mut self) -> String {
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("stdout");
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

#[track_caller]
fn ended(status: ExitStatus, stdout: Vec<u8>, stderr: Vec<u8>, arguments: impl Debug) -> Ended {
    let (stdout, stderr) = (String::from_utf8(stdout).expect("UTF-8"), String::from_utf8(stderr).expect("UTF-8"));
    let Some(code) = status.code() else { panic!("{arguments:?} was killed: {status}\n{stderr}") };
    let ended = Ended { stdout, stderr, code };
    assert!(code <= 2 && !ended.stderr.contains("panicked at"), "{arguments:?} crashed: {ended:#?}");
    ended
}

fn text(path: &Path) -> String {
    path.to_str().expect("a path that is text").to_owned()
}
