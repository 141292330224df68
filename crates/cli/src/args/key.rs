use super::{Format, Set, TenantPlace, instant};
use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use std::path::PathBuf;
use wayfarer_store::{KeySize, KeyUse};

/// What the private parts of policy keys are encrypted with.
#[derive(Args, Clone, Default)]
pub(crate) struct Passphrase {
    /// The file that holds the passphrase of encrypted policy keys (default: the variable WAYFARER_KEY_PASSPHRASE)
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Key {
    #[command(flatten)]
    pub(crate) tenant: TenantPlace,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub(crate) format: Format,
    #[command(subcommand)]
    pub(crate) command: KeyCommand,
}

/// CONTAINER is the name by which policies refer to a keyset, such as B2C_1A_TokenSigningKeyContainer.
#[derive(Subcommand)]
pub(crate) enum KeyCommand {
    /// List the key containers, and which of their keys is active
    List,
    /// Show one container
    Show {
        /// The container
        container: String,
    },
    /// Make an RSA key, in a new container or beside the keys that are there
    Generate {
        /// The container
        container: String,
        #[command(flatten)]
        size: Size,
        /// What it is for
        #[arg(long, value_enum, default_value_t = Use::Sig)]
        r#use: Use,
        /// When it becomes active, such as 2026-01-31T08:00:00Z (default: it has no such date, and any key that has one
        /// comes first)
        #[arg(long, value_name = "T", value_parser = instant)]
        nbf: Option<Timestamp>,
        /// When it ends (default: never)
        #[arg(long, value_name = "T", value_parser = instant)]
        exp: Option<Timestamp>,
    },
    /// Import the keys of a file: PKCS#12 (.pfx), PEM, DER, or JWK; its password is read from --password-file or the
    /// variable WAYFARER_IMPORT_PASSWORD
    Import {
        /// The container, new or not
        container: String,
        /// The file
        file: PathBuf,
        /// The file that holds its password
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
        /// What the keys are for (default: what a JWK says, else sig for RSA keys and enc for secrets)
        #[arg(long, value_enum)]
        r#use: Option<Use>,
    },
    /// Make the key that signs next: published at once, active after a while, and the one before it is kept until its
    /// last token ends
    Rotate {
        /// The container
        container: String,
        /// From publishing the new key to signing with it: as long as any client keeps a JWKS
        #[arg(long, value_name = "DURATION", default_value = "24h", value_parser = duration)]
        lead: SignedDuration,
        /// From then to the end of the old key: as long as any token lives, and five minutes for clocks that differ
        #[arg(long, value_name = "DURATION", default_value = "24h5m", value_parser = duration)]
        overlap: SignedDuration,
        #[command(flatten)]
        size: Size,
    },
    /// Take a key that must not be trusted any more out of use at once, and make its successor if there is none
    Withdraw {
        /// The container
        container: String,
        /// The key's id
        #[arg(allow_hyphen_values = true)]
        kid: String,
        #[command(flatten)]
        size: Size,
    },
    /// Take a disabled key into use again
    Enable {
        /// The container
        container: String,
        /// The key's id
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Take a key out of use, and let the others decide who is active
    Disable {
        /// The container
        container: String,
        /// The key's id
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Remove a container; a copy stays beside it with .bak in its name
    Remove {
        /// The container
        container: String,
    },
    /// Encrypt the private parts of all keys with the passphrase
    Encrypt {
        /// The file that holds the passphrase with which they are encrypted so far
        #[arg(long, value_name = "FILE")]
        old_passphrase_file: Option<PathBuf>,
    },
    /// Keep the private parts of all keys in clear again
    Decrypt,
    /// Put a secret, read from standard input, into a new key container: what a REST API's password or key is read from
    SetSecret {
        /// The container, such as B2C_1A_CustomerApiKey
        container: String,
        /// Where the container is there already, add the secret as the one that counts from now on
        #[arg(long)]
        replace: bool,
    },
    /// Print the public keys that verify a policy's tokens
    Jwks {
        #[command(flatten)]
        set: Set,
        /// The policy (default: the only relying party of the set)
        #[arg(long, value_name = "ID")]
        policy: Option<String>,
    },
}

#[derive(Args, Clone, Copy)]
pub(crate) struct Size {
    /// How many bits the new key has (default: as many as the key that it follows, else 2048)
    #[arg(long = "size", value_enum, value_name = "BITS")]
    bits: Option<Bits>,
}

impl Size {
    /// The size that was asked for.
    pub(crate) fn key_size(self) -> Option<KeySize> {
        self.bits.map(|it| match it {
            Bits::Two => KeySize::Rsa2048,
            Bits::Three => KeySize::Rsa3072,
            Bits::Four => KeySize::Rsa4096,
        })
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Bits {
    #[value(name = "2048")]
    Two,
    #[value(name = "3072")]
    Three,
    #[value(name = "4096")]
    Four,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Use {
    /// Signing tokens
    Sig,
    /// Encryption, and secrets of other services
    Enc,
}

impl From<Use> for KeyUse {
    fn from(usage: Use) -> Self {
        match usage {
            Use::Sig => Self::Signature,
            Use::Enc => Self::Encryption,
        }
    }
}

fn duration(text: &str) -> Result<SignedDuration, String> {
    let days = SpanRelativeTo::days_are_24_hours();
    let span = if text == "0" { Ok(Span::new()) } else { text.parse::<Span>() };
    let duration = span.ok().and_then(|it| it.to_duration(days).ok()).filter(|it| !it.is_negative());
    duration.ok_or_else(|| "expected a duration such as 24h, 90m, 2d or 0".to_owned())
}
