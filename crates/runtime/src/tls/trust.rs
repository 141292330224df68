//! What people are told so that their programs trust the development authority.

use std::path::Path;

/// A place where certificates are trusted in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Windows,
    MacOs,
    /// Debian, Ubuntu, Alpine: a folder and `update-ca-certificates`.
    Debian,
    /// Fedora, Red Hat, Arch, openSUSE: p11-kit.
    Fedora,
}

impl Platform {
    /// The one that this runs on.
    pub(super) fn here() -> Self {
        match () {
            () if cfg!(windows) => Self::Windows,
            () if cfg!(target_os = "macos") => Self::MacOs,
            () if Path::new("/usr/local/share/ca-certificates").is_dir()
                || Path::new("/etc/debian_version").exists() =>
            {
                Self::Debian
            }
            () => Self::Fedora,
        }
    }

    /// The path as one word of the platform's shell.
    fn quoted(self, path: &Path) -> String {
        let path = path.display().to_string();
        match self {
            // No file name holds a double quote there.
            Self::Windows => format!("\"{path}\""),
            _ => format!("'{}'", path.replace('\'', r"'\''")),
        }
    }

    fn variable(self, name: &str, value: &str) -> String {
        match self {
            Self::Windows => format!("$env:{name} = {value}"),
            _ => format!("export {name}={value}"),
        }
    }
}

/// The command that makes the platform trust the certificate.
pub(super) fn command(platform: Platform, certificate: &Path) -> String {
    let file = platform.quoted(certificate);
    match platform {
        Platform::Windows => format!("certutil -user -addstore Root {file}"),
        Platform::MacOs => {
            let keychain = "~/Library/Keychains/login.keychain-db";
            format!("security add-trusted-cert -r trustRoot -p ssl -k {keychain} {file}")
        }
        Platform::Debian => format!(
            "sudo cp {file} /usr/local/share/ca-certificates/wayfarer-development-ca.crt && sudo update-ca-certificates"
        ),
        Platform::Fedora => format!("sudo trust anchor {file}"),
    }
}

/// The command, and what clients need that look elsewhere.
pub(super) fn instructions(platform: Platform, certificate: &Path) -> String {
    let file = platform.quoted(certificate);
    let curl = match platform {
        // Windows' own TLS, which its curl uses, gives up on certificates that name no revocation list.
        Platform::Windows => format!("curl.exe --ssl-no-revoke --cacert {file} https://…"),
        _ => format!("curl --cacert {file} https://…"),
    };
    format!(
        "\
To trust it for all programs that ask the system:
  {command}

Programs with certificates of their own; the variable is set where they start:
  Node.js                            {node}
  Python with requests, as MSAL has  {requests}
  OpenSSL, Python's ssl, Go on Unix  {openssl}
  curl                               {curl}

REQUESTS_CA_BUNDLE and SSL_CERT_FILE stand in for all other authorities; NODE_EXTRA_CA_CERTS adds one.
Whoever has `ca-key.pem` beside it can pose as any site to you: keep that file where it is.
",
        command = command(platform, certificate),
        node = platform.variable("NODE_EXTRA_CA_CERTS", &file),
        requests = platform.variable("REQUESTS_CA_BUNDLE", &file),
        openssl = platform.variable("SSL_CERT_FILE", &file),
    )
}
