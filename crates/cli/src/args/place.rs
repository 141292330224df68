use crate::output::Failure;
use clap::Args;
use percent_encoding::percent_decode_str;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the tenant of a command is.
#[derive(Args, Clone, Default)]
pub(crate) struct TenantPlace {
    /// The tenant folder (default: the built-in contoso.onmicrosoft.com, which can't be changed)
    #[arg(long, value_name = "DIR", global = true)]
    tenant: Option<PathBuf>,
    /// The database that holds the tenant, instead of a folder: sqlite:PATH, or just the path of the file
    #[arg(long, value_name = "URL", global = true)]
    database: Option<DatabaseUrl>,
}

/// `sqlite:PATH`, `sqlite:///PATH`, or a path. It is not read before it is needed: clap repeats what it refuses, and the URL of
/// another database may hold a password.
#[derive(Clone)]
pub(crate) struct DatabaseUrl(OsString);

/// One of the three places that there are.
#[derive(PartialEq, Eq)]
pub(crate) enum Place<'a> {
    BuiltIn,
    Folder(&'a Path),
    /// The file, which need not be there.
    Database(PathBuf),
}

impl TenantPlace {
    /// The place that was named.
    ///
    /// # Errors
    /// It can't be read, or two were named. clap doesn't see that where one stands before a subcommand and the other behind it.
    pub(crate) fn place(&self) -> Result<Place<'_>, Failure> {
        match (&self.tenant, &self.database) {
            (None, None) => Ok(Place::BuiltIn),
            (Some(folder), None) => Ok(Place::Folder(folder)),
            (None, Some(database)) => database.path().map(Place::Database),
            (Some(_), Some(_)) => Err(Failure::new("a tenant is in a folder or in a database, and both are named")
                .help("leave `--tenant` or `--database` away")),
        }
    }

    /// Whether the command names a tenant.
    pub(crate) fn is_given(&self) -> bool {
        self.tenant.is_some() || self.database.is_some()
    }

    /// Whether that is a database.
    pub(crate) fn is_database(&self) -> bool {
        self.database.is_some()
    }

    /// What names the same tenant on another command line; nothing for the built-in one.
    pub(crate) fn argument(&self, quoted: impl Fn(String) -> String) -> String {
        let folder = self.tenant.iter().map(|it| ("tenant", it.as_os_str()));
        let named = folder.chain(self.database.iter().map(|it| ("database", it.0.as_os_str())));
        named.map(|(name, text)| format!(" --{name} {}", quoted(text.display().to_string()))).collect()
    }
}

impl DatabaseUrl {
    /// The file, which need not be there.
    ///
    /// # Errors
    /// The text names none.
    pub(crate) fn path(&self) -> Result<PathBuf, Failure> {
        let path = match self.0.to_str() {
            Some(url) => from_url(url),
            // No URL, and as good a path as any.
            None => Ok(self.0.clone().into()),
        };
        let problem = match path {
            Ok(path) if path.as_os_str().is_empty() => "it names no file".to_owned(),
            Ok(path) if path.is_dir() => "that is a folder, which `--tenant` takes".to_owned(),
            Ok(path) => return Ok(path),
            Err(problem) => problem,
        };
        Err(Failure::new(format!("`--database`: {problem}")).help("`sqlite:PATH` keeps a tenant in one file"))
    }
}

impl From<OsString> for DatabaseUrl {
    fn from(text: OsString) -> Self {
        Self(text)
    }
}

fn from_url(url: &str) -> Result<PathBuf, String> {
    // A path may hold a colon: on Windows all absolute ones do.
    let scheme =
        |it: &str| it.len() > 1 && it.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let Some((scheme, rest)) = url.split_once(':').filter(|(it, _)| scheme(it)) else { return Ok(url.into()) };
    match (scheme.to_ascii_lowercase().as_str(), rest.strip_prefix("//")) {
        ("sqlite", _) if rest == ":memory:" => Err("a tenant lasts, so it needs a file".to_owned()),
        ("sqlite", _) if rest.contains('?') => Err("a URL of SQLite has no parameters here".to_owned()),
        ("sqlite", None) => Ok(rest.into()),
        ("sqlite", Some(rest)) => absolute(rest),
        ("postgres" | "postgresql", _) => Err("PostgreSQL comes in a later version".to_owned()),
        (_, Some(_)) => Err(format!("databases of `{scheme}` are not supported")),
        (_, None) => Ok(url.into()),
    }
}

/// The path of a URL without a host: `/home/me/t.sqlite`, or `/C:/t.sqlite` on Windows.
fn absolute(rest: &str) -> Result<PathBuf, String> {
    if !rest.starts_with('/') {
        return Err("an absolute path follows `sqlite://`; any path follows `sqlite:`".to_owned());
    }
    let path = percent_decode_str(rest).decode_utf8().map_err(|_| "its path is not UTF-8".to_owned())?;
    let has_drive = path.as_bytes().get(2) == Some(&b':');
    Ok(if cfg!(windows) && has_drive { path.trim_start_matches('/').into() } else { path.into_owned().into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_url() {
        let path = |text: &str| {
            let path = DatabaseUrl(text.into()).path();
            path.map(|it| it.display().to_string()).map_err(|it| it.to_string())
        };
        let fine = |text: &str| path(text).ok();
        assert_eq!(fine("sqlite:a/t.sqlite").as_deref(), Some("a/t.sqlite"));
        assert_eq!(fine("SQLite:t.db").as_deref(), Some("t.db"));
        assert_eq!(fine("t.db").as_deref(), Some("t.db"));
        assert_eq!(fine("C:\\t.db").as_deref(), Some("C:\\t.db"));
        assert_eq!(fine("a:b:c").as_deref(), Some("a:b:c"));
        #[cfg(unix)]
        assert_eq!(fine("sqlite:///tmp/with%20space.db").as_deref(), Some("/tmp/with space.db"));
        for (url, why) in [
            ("postgres://u:p@host/db", "PostgreSQL comes in a later version"),
            ("postgresql:db", "PostgreSQL comes in a later version"),
            ("mysql://host/db", "`mysql` are not supported"),
            ("sqlite://t.db", "an absolute path follows"),
            ("sqlite::memory:", "needs a file"),
            ("sqlite:t.db?mode=ro", "has no parameters"),
            ("sqlite:", "names no file"),
            ("", "names no file"),
            (".", "that is a folder"),
        ] {
            let refusal = path(url).unwrap_err();
            assert!(refusal.contains(why) && !refusal.contains("u:p"), "{url}: {refusal}");
        }
    }

    #[test]
    fn one_place_at_most() {
        let both = TenantPlace { tenant: Some("a".into()), database: Some(DatabaseUrl("b c".into())) };
        assert!(both.place().is_err());
        let database = TenantPlace { tenant: None, ..both };
        assert!(matches!(database.place(), Ok(Place::Database(_))) && database.is_given());
        assert_eq!(database.argument(|it| format!("<{it}>")), " --database <b c>");
        assert!(matches!(TenantPlace::default().place(), Ok(Place::BuiltIn)));
    }
}
