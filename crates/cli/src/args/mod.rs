mod app;
mod key;
mod place;
mod tenant;

use crate::deploy::Deploy;
use crate::known;
use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use wayfarer_builtins::{DataType, Value};
use wayfarer_diagnostics::closest;
use wayfarer_runtime::AllowEntry;

pub(crate) use app::{App, AppCommand};
pub(crate) use key::{Key, KeyCommand, Passphrase};
pub(crate) use place::{DatabaseUrl, Place, TenantPlace};
pub(crate) use tenant::{Tenant, TenantCommand, Transfer};

/// Compile, check and run Azure AD B2C custom policies on your own machine.
#[derive(Parser)]
#[command(name = "wayfarer", version, max_term_width = 110)]
pub(crate) struct Arguments {
    /// Whether output is coloured (default: on a terminal, and as NO_COLOR, CLICOLOR and CLICOLOR_FORCE say)
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto, global = true, hide_default_value = true)]
    pub(crate) color: Colour,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check policies for what Azure rejects and for what Azure never sees
    Check(Check),
    /// Run a journey step by step and issue its token
    Run(Run),
    /// Serve tokens at B2C's own URLs
    Serve(Serve),
    /// App registrations of a tenant
    App(App),
    /// Tenants: make one, move one between a folder and a database, show one
    Tenant(Tenant),
    /// Policy keys
    Key(Key),
    /// The development certificate authority of `serve --tls`
    Ca {
        #[command(subcommand)]
        command: CaCommand,
    },
    /// Run one claims transformation, or one predicate, without a policy
    Eval(Eval),
    /// Print the page of a rule, a claims transformation, a claim resolver, a data type or a predicate
    Explain(Explain),
    /// Print a policy merged with its base policies
    Effective(Effective),
    /// Tell which claims the tokens of a policy will carry, without running it
    Preview(Preview),
    /// Print what a claim type says, and judge a value by it
    Claim(Claim),
    /// Compare two effective policies by meaning
    Diff(Diff),
    /// Write the policies as they are uploaded, with the settings of one environment
    Build(Build),
    /// Upload the policies to a tenant, those that changed, base policies first
    Deploy(Deploy),
    /// Write a first policy set that checks clean and runs, with a tenant for it
    Init(Init),
    /// Print a completion script for your shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: Shell,
    },
}

/// The files that a command is about.
#[derive(Args, Clone, Default)]
pub(crate) struct Set {
    /// Policy files, or folders (every *.xml below them)
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Where base policies are looked up when the set lacks them (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) base: Vec<PathBuf>,
    /// The settings: an appsettings.json, or a conf.json (default: the appsettings.json beside the policies or above)
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Judge the policies as they are built for this environment
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    /// What the set's team agrees on (default: the wayfarer.toml beside the paths or above)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Args)]
pub(crate) struct Init {
    /// The folder that is written to; nothing in it is overwritten
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// The name of your tenant
    #[arg(long, value_name = "NAME", default_value = "contoso.onmicrosoft.com")]
    pub(crate) tenant_name: String,
}

#[derive(Args)]
pub(crate) struct Build {
    #[command(flatten)]
    pub(crate) set: Set,
    /// Where the built policies are written; not among the policies
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

const BY_BASELINE: &str =
    "Judge references to policy keys and extension attributes too, by baseline.toml of this tenant";

#[derive(Args)]
#[command(mut_arg("tenant", |it| it.help(BY_BASELINE)))]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) set: Set,
    /// Exit with 1 on warnings too
    #[arg(long, value_name = "LEVEL")]
    pub(crate) deny: Option<Deny>,
    /// Well-formedness and schema alone, of every *.xml
    #[arg(long)]
    pub(crate) schema_only: bool,
    /// How findings are printed
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
    /// Only these rules (repeatable, or separated by commas)
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// All but these rules (repeatable, or separated by commas)
    #[arg(long, value_name = "SLUG", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    #[command(flatten)]
    pub(crate) tenant: TenantPlace,
    /// Don't report the findings in this file, which --write-baseline has written
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings to a baseline (default: wayfarer-baseline.json beside wayfarer.toml, or here) and report none
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, conflicts_with_all = ["select", "ignore", "schema_only", "statistics", "baseline", "fix", "diff"])]
    pub(crate) write_baseline: Option<Option<PathBuf>>,
    /// Print how often each rule fired instead of the findings
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Show findings of level info too (human format)
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Apply the safe fixes of the findings to the files, then tell what is left
    #[arg(long)]
    pub(crate) fix: bool,
    /// Print what --fix would change as a unified diff, and exit with 1 if that is anything
    #[arg(long, conflicts_with_all = ["fix", "format", "statistics"])]
    pub(crate) diff: bool,
    /// With --fix or --diff: also the fixes that a person should look at
    #[arg(long)]
    pub(crate) unsafe_fixes: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people, with the source around each place
    Human,
    /// One line a finding
    Concise,
    /// One JSON array
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands that GitHub shows as annotations
    Github,
    /// JUnit XML, a test suite for each file
    Junit,
}

#[derive(Args)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) set: Set,
    /// The policy that is requested (default: the only relying party of the set that runs)
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Option<String>,
    /// Which journey (default: client-credentials where the token issuer names one, else default)
    #[arg(long, value_enum)]
    pub(crate) flow: Option<Flow>,
    #[command(flatten)]
    pub(crate) tenant: TenantPlace,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// The app that asks, by name or id (default: the only one with granted application roles)
    #[arg(long, value_name = "NAME|APPID")]
    pub(crate) client: Option<String>,
    /// What it asks for (default: the API's first URI and /.default)
    #[arg(long, value_name = "SCOPE")]
    pub(crate) scope: Option<String>,
    /// A request parameter, as {OAUTH-KV:KEY} sees it (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair)]
    pub(crate) param: Vec<(String, String)>,
    /// Call this address instead of the technical profile's ServiceUrl (repeatable)
    #[arg(long, value_name = "PROFILE=URL", value_parser = pair)]
    pub(crate) rest: Vec<(String, String)>,
    /// Wait this many seconds for a REST API instead of the service's 30
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) rest_timeout: Option<u64>,
    /// The time of the run, such as 2026-01-31T08:00:00Z (default: now)
    #[arg(long, value_name = "T")]
    pub(crate) now: Option<Timestamp>,
    /// Draw the same random values in every run (never for keys)
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = RunFormat::Human)]
    pub(crate) format: RunFormat,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Flow {
    /// The OAuth 2.0 client credentials grant
    ClientCredentials,
    /// The relying party's default user journey
    Default,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum RunFormat {
    /// Chain, steps, response and token for people
    Human,
    /// One JSON object
    Json,
    /// The access token alone
    Token,
}

// Without PATH, a database may hold all policies that there are.
#[derive(Args)]
#[command(mut_arg("paths", |it| it.default_value(None).help("Policy files, or folders (default: . and with --database none)")))]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) set: Set,
    #[command(flatten)]
    pub(crate) tenant: TenantPlace,
    #[command(flatten)]
    pub(crate) passphrase: Passphrase,
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8464")]
    pub(crate) listen: SocketAddr,
    /// Call this address instead of the technical profile's ServiceUrl (repeatable)
    #[arg(long, value_name = "PROFILE=URL", value_parser = pair)]
    pub(crate) rest: Vec<(String, String)>,
    /// Wait this many seconds for a REST API (default: 10 for all tries together; the service waits 30 for each of three)
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=600))]
    pub(crate) rest_timeout: Option<u64>,
    /// HTTPS, with a certificate of a development authority of this machine that `wayfarer ca trust` makes known
    #[arg(long, conflicts_with = "tls_cert")]
    pub(crate) tls: bool,
    /// HTTPS with this certificate chain (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of --tls-cert (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Microsoft Graph under /graph/, for callers with the bearer token in WAYFARER_GRAPH_TOKEN (default: one that is made
    /// at first use and kept with the tenant's keys)
    #[arg(long)]
    pub(crate) graph: bool,
    /// How many requests one address, and one client, may send in five minutes; `off` for any number
    #[arg(long, value_name = "NUMBER", default_value = "6000", value_parser = rate_limit)]
    pub(crate) rate_limit: RateLimit,
    /// Let calls of REST APIs go here too: a host, an address or a network, such as api.local, api.local:8443, [::1]:8080
    /// or 10.0.0.0/8 (repeatable; default: public addresses alone, and loopback while listening there)
    #[arg(long, value_name = "ENTRY")]
    pub(crate) allow_outbound: Vec<AllowEntry>,
}

/// Requests in five minutes; `None` for any number.
#[derive(Clone, Copy)]
pub(crate) struct RateLimit(pub(crate) Option<NonZeroU32>);

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Human,
    /// JSON
    Json,
}

#[derive(Subcommand)]
pub(crate) enum CaCommand {
    /// Print where its certificate is; it is made at first use
    Path,
    /// Print how to trust it on this platform, and in clients that have certificates of their own
    Trust,
}

#[derive(Args)]
pub(crate) struct Effective {
    #[command(flatten)]
    pub(crate) set: Set,
    /// The policy (default: the only relying party of the set)
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Option<String>,
    /// Tell in comments where each piece is from
    #[arg(long)]
    pub(crate) origins: bool,
    /// How the policy is printed
    #[arg(long, value_enum, default_value_t = EffectiveFormat::Xml)]
    pub(crate) format: EffectiveFormat,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum EffectiveFormat {
    /// TrustFrameworkPolicy XML without a base
    Xml,
    /// One JSON object, always with the origins
    Json,
}

#[derive(Args)]
pub(crate) struct Claim {
    /// The claim type
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) set: Set,
    /// The policy (default: the only relying party of the set)
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Option<String>,
    /// Judge this as what a user entered (repeatable: the boxes that are ticked)
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) value: Vec<String>,
    /// Take texts and lists of this language, such as de or pt-BR, where the policy localizes them
    #[arg(long, value_name = "LANG")]
    pub(crate) language: Option<String>,
    /// What `Today` means in predicates, such as 2026-01-31T08:00:00Z (default: now)
    #[arg(long, value_name = "T")]
    pub(crate) now: Option<Timestamp>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct Preview {
    #[command(flatten)]
    pub(crate) set: Set,
    /// The policy (default: the only relying party of the set)
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Option<String>,
    /// Only the token of this journey (default: of both, where the policy has them)
    #[arg(long, value_enum)]
    pub(crate) flow: Option<Flow>,
    /// How the preview is printed
    #[arg(long, value_enum, default_value_t = PreviewFormat::Human)]
    pub(crate) format: PreviewFormat,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub(crate) enum PreviewFormat {
    /// For the terminal
    Human,
    /// One JSON object
    Json,
    /// A page for the browser, in one file
    Html,
}

#[derive(Args)]
pub(crate) struct Diff {
    /// A policy file, or a folder
    #[arg(value_name = "A")]
    pub(crate) left: PathBuf,
    /// A policy file, or a folder
    #[arg(value_name = "B")]
    pub(crate) right: PathBuf,
    /// The policy to compare (default: the files' own; of two folders every relying party)
    #[arg(long, value_name = "ID")]
    pub(crate) policy: Option<String>,
    /// Where base policies are looked up (repeatable)
    #[arg(long, value_name = "DIR")]
    pub(crate) base: Vec<PathBuf>,
    /// What the team agrees on (default: the wayfarer.toml beside each side or above)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The settings of both sides (default: the appsettings.json beside each side or above)
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// Compare what is built for this environment; given twice, the first is for A and the second for B
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Vec<String>,
    /// How the differences are printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

const EVAL_HELP: &str = "\
Every NAME=TEXT is split at its first `=`: `--in NAME=` gives the empty text. A collection is a JSON array, an identity
is {\"issuer\":…,\"issuerUserId\":…}. An input that is not given is declared and has no value.

  wayfarer eval ParseDomain --in emailAddress=joe@outlook.com
  wayfarer eval FormatStringClaim --in inputClaim=Emily --param 'stringFormat=ID_{0}'
  wayfarer eval StringJoin --in 'inputClaim=[\"a\",\"b\"]' --param delimiter=,
  wayfarer eval SetClaimsIfRegexMatch --in claimToMatch=emily@contoso.com --param 'matchTo=(?<alias>.*)@' \\
    --param extractGroups=true --type alias=string
  wayfarer eval IsLengthRange --in value=abc --param Minimum=5 --param Maximum=15

`wayfarer explain METHOD` tells the names, types and meaning. Exit code 1: the transformation fails, or a policy that
declares it like this would be refused.";

#[derive(Args)]
#[command(after_help = EVAL_HELP)]
pub(crate) struct Eval {
    /// A TransformationMethod, or the method of a predicate (whose input is `value`)
    #[arg(value_parser = Known(known::eval), hide_possible_values = true)]
    pub(crate) method: String,
    /// The value of an input claim, by its TransformationClaimType (repeatable)
    #[arg(long = "in", value_name = "NAME=TEXT", value_parser = assigned)]
    pub(crate) inputs: Vec<(String, String)>,
    /// The same, read from a file as it is; `-` is standard input. Comes after every --in
    #[arg(long = "in-file", value_name = "NAME=FILE", value_parser = assigned)]
    pub(crate) input_files: Vec<(String, String)>,
    /// The text of an input parameter, by its Id (repeatable)
    #[arg(long = "param", value_name = "ID=TEXT", value_parser = assigned)]
    pub(crate) parameters: Vec<(String, String)>,
    /// The same, read from a file as it is; `-` is standard input. Comes after every --param
    #[arg(long = "param-file", value_name = "ID=FILE", value_parser = assigned)]
    pub(crate) parameter_files: Vec<(String, String)>,
    /// The data type of an input or output claim; declares a claim that the method has no fixed name for (repeatable)
    #[arg(long = "type", value_name = "NAME=DATATYPE", value_parser = typed)]
    pub(crate) types: Vec<(String, DataType)>,
    /// The data type of a parameter (repeatable)
    #[arg(long = "param-type", value_name = "ID=DATATYPE", value_parser = typed)]
    pub(crate) parameter_types: Vec<(String, DataType)>,
    /// A localized string of the request's language (repeatable)
    #[arg(long = "localized", value_name = "STRINGID=TEXT", value_parser = assigned)]
    pub(crate) localized: Vec<(String, String)>,
    /// An item of the output claim type's Restriction: what is shown, and what is stored (repeatable)
    #[arg(long = "enumeration", value_name = "TEXT=VALUE", value_parser = assigned)]
    pub(crate) enumeration: Vec<(String, String)>,
    /// A parameter of a predicate that the output claim type demands, such as MatchesRegex.RegularExpression=^[0-9]+$;
    /// a parameter that the predicate has already begins another one (repeatable)
    #[arg(long = "predicate", value_name = "METHOD.ID=TEXT", value_parser = assigned)]
    pub(crate) predicates: Vec<(String, String)>,
    /// How many of these predicates must hold (default: all)
    #[arg(long, value_name = "N", requires = "predicates")]
    pub(crate) match_at_least: Option<i64>,
    /// The secret in a policy key container, such as B2C_1A_Secret=… (repeatable)
    #[arg(long = "key", value_name = "CONTAINER=TEXT", value_parser = assigned)]
    pub(crate) keys: Vec<(String, String)>,
    /// What {TechnicalProfileId}, {RelyingPartyTenantId}, {TrustFrameworkTenantId} or {AuthenticatorIssuer} stands for
    #[arg(long = "expression", value_name = "NAME=TEXT", value_parser = assigned)]
    pub(crate) expressions: Vec<(String, String)>,
    /// The time, such as 2026-01-31T08:00:00Z (default: now)
    #[arg(long, value_name = "T", value_parser = instant)]
    pub(crate) now: Option<Timestamp>,
    /// Draw the same random values in every run
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// A rule's slug, a TransformationMethod, a claim resolver such as OIDC:ClientId, a data type or a predicate's
    /// method; without it, all are listed
    #[arg(value_parser = Known(known::explain), hide_possible_values = true)]
    pub(crate) name: Option<String>,
    /// With --azure: the policies (files or folders) in which the cause is looked for
    #[arg(value_name = "PATH", requires = "azure")]
    pub(crate) paths: Vec<PathBuf>,
    /// What Azure said, at upload or at run time: its text, a whole JSON answer, or - for stdin
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) azure: Option<String>,
    /// With --azure: where base policies are looked up when the set lacks them (repeatable)
    #[arg(long, value_name = "DIR", requires = "azure")]
    pub(crate) base: Vec<PathBuf>,
    /// With --azure: how the result is printed
    #[arg(long, value_enum, default_value_t = Format::Human, requires = "azure")]
    pub(crate) format: Format,
}

impl Explain {
    /// The policies that `--azure` is given: the first stands where the name does otherwise.
    pub(crate) fn set(&self) -> Set {
        let paths = self.name.iter().map(PathBuf::from).chain(self.paths.iter().cloned()).collect();
        Set { paths, base: self.base.clone(), ..Set::default() }
    }
}

/// Any text; shells complete the known ones. What is unknown is told by the command, which knows what is close.
#[derive(Clone)]
struct Known(fn() -> Vec<&'static str>);

impl TypedValueParser for Known {
    type Value = String;

    fn parse_ref(&self, command: &clap::Command, _: Option<&clap::Arg>, value: &OsStr) -> Result<String, clap::Error> {
        let text = value.to_str().map(str::to_owned);
        text.ok_or_else(|| clap::Error::new(clap::error::ErrorKind::InvalidUtf8).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter().map(PossibleValue::new)))
    }
}

fn assigned(text: &str) -> Result<(String, String), String> {
    pair(text).map_err(|_| "expected a name, `=` and what it is".to_owned())
}

fn typed(text: &str) -> Result<(String, DataType), String> {
    let (name, data_type) = assigned(text)?;
    let names = DataType::ALL.map(DataType::as_str);
    let problem = || match closest(&data_type, names) {
        Some(close) => format!("there is no data type `{data_type}`; did you mean `{close}`?"),
        None => format!("there is no data type `{data_type}`; there are {}", names.join(", ")),
    };
    DataType::from_name(&data_type).map(|it| (name, it)).ok_or_else(problem)
}

/// An instant as a dateTime claim has it: without an offset in UTC, and without a time of day at its start.
fn instant(text: &str) -> Result<Timestamp, String> {
    match Value::parse(DataType::DateTime, text) {
        Ok(Value::DateTime(it)) => Ok(it),
        _ => Err("expected an instant such as 2026-01-31T08:00:00Z".to_owned()),
    }
}

/// Splits at the first `=`; the value may be empty.
fn rate_limit(text: &str) -> Result<RateLimit, String> {
    match text {
        "off" => Ok(RateLimit(None)),
        number => number.parse().map(|it| RateLimit(Some(it))).map_err(|_| "expected a number or `off`".to_owned()),
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}
