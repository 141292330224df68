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
    pub(super) fn quoted(self, path: &Path) -> String {
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
  Node.js                           {node}
  Python's requests, and so MSAL    {requests}
  OpenSSL, Python's ssl, Go, .NET   {openssl}
  curl                              {curl}
  Java                              keytool -importcert -cacerts -alias wayfarer-development-ca -file {file}

REQUESTS_CA_BUNDLE and SSL_CERT_FILE stand in for all other authorities; NODE_EXTRA_CA_CERTS adds one.
Whoever has `ca-key.pem` beside it can pose as any site to you: keep that file where it is.
",
        command = command(platform, certificate),
        node = platform.variable("NODE_EXTRA_CA_CERTS", &file),
        requests = platform.variable("REQUESTS_CA_BUNDLE", &file),
        openssl = platform.variable("SSL_CERT_FILE", &file),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_platform_has_its_command() {
        let command = |platform, path: &str| command(platform, Path::new(path));
        assert_eq!(
            command(Platform::Windows, r"C:\Users\Jo Doe\ca.pem"),
            r#"certutil -user -addstore Root "C:\Users\Jo Doe\ca.pem""#
        );
        assert_eq!(
            command(Platform::MacOs, "/Users/jo/ca.pem"),
            "security add-trusted-cert -r trustRoot -p ssl -k ~/Library/Keychains/login.keychain-db '/Users/jo/ca.pem'"
        );
        assert_eq!(
            command(Platform::Debian, "/home/jo/it's/ca.pem"),
            r"sudo cp '/home/jo/it'\''s/ca.pem' /usr/local/share/ca-certificates/wayfarer-development-ca.crt && sudo update-ca-certificates"
        );
        assert_eq!(command(Platform::Fedora, "/home/jo/ca.pem"), "sudo trust anchor '/home/jo/ca.pem'");
    }

    #[test]
    fn clients_with_stores_of_their_own() {
        let unix = instructions(Platform::Fedora, Path::new("/home/jo/ca.pem"));
        let windows = instructions(Platform::Windows, Path::new(r"C:\ca.pem"));
        for name in ["NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"] {
            assert!(unix.contains(&format!("export {name}='/home/jo/ca.pem'\n")), "{unix}");
            assert!(windows.contains(&format!("$env:{name} = \"C:\\ca.pem\"\n")), "{windows}");
        }
        assert!(unix.contains("curl --cacert '/home/jo/ca.pem' "), "{unix}");
        assert!(windows.contains(r#"curl.exe --ssl-no-revoke --cacert "C:\ca.pem" "#), "{windows}");
    }
}
