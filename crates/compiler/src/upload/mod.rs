//! Judging an upload as the service does: whether it takes a policy into a tenant, and with which words it refuses one.
//!
//! The rules find what is wrong, and [`Diagnostic::refusal`] says for which findings the service refuses a policy; its texts are
//! those of `wayfarer_rules::azure`. Where nobody has recorded the service's text, the finding's own message stands in its place.
//! Start reading at [`judge`].

mod compare;
mod inheritance;
mod message;
mod schema;

use crate::lower::TenantIdentity;
use crate::project::{PolicyFile, Project};
use message::{Said, SaidOnce};
use std::fmt;
use wayfarer_diagnostics::{Diagnostic, Diagnostics, FileId, Severity, Sources, Span};
use wayfarer_rules::azure;
use wayfarer_syntax::grammar::check_schema;
use wayfarer_syntax::{Document, decode, parse};

pub use compare::differs;

/// The rule on what is no XML.
const MALFORMED: &str = "xml-malformed";

/// That the service doesn't take an upload. As text it is the whole message of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    policy: String,
    tenant: String,
    messages: Vec<String>,
    /// What is no XML has no policy that the answer could be about.
    is_xml: bool,
}

impl Refused {
    /// What is wrong, each with the service's words.
    pub fn messages(&self) -> &[String] {
        &self.messages
    }

    fn because(policy: &str, tenant: &TenantIdentity, messages: Vec<String>) -> Result<(), Self> {
        if messages.is_empty() {
            return Ok(());
        }
        Err(Self { policy: policy.to_owned(), tenant: tenant.name.clone(), messages, is_xml: true })
    }

    fn malformed(tenant: &TenantIdentity) -> Self {
        let messages = vec![words("invalid-xml", |_| None)];
        Self { policy: String::new(), tenant: tenant.name.clone(), messages, is_xml: false }
    }
}

impl fmt::Display for Refused {
    /// The id is in capitals, and nothing stands between the messages (reference "graph", 2.3).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_xml {
            let (number, policy, tenant) = (self.messages.len(), self.policy.to_uppercase(), &self.tenant);
            write!(
                f,
                "Validation failed: {number} validation error(s) found in policy \"{policy}\" of tenant \"{tenant}\"."
            )?;
        }
        self.messages.iter().try_for_each(|it| f.write_str(it))
    }
}

/// Judges the form of an upload alone: what is no XML, and what breaks the schema, can't be put into a set.
///
/// # Errors
/// That the service refuses it.
pub fn judge_form(bytes: &[u8], tenant: &TenantIdentity) -> Result<(), Refused> {
    let mut sources = Sources::default();
    let file = sources.add("upload", "");
    let (text, undecodable) = decode(file, bytes);
    let (document, malformed) = parse(file, text.clone());
    sources.set_text(file, text);
    if !undecodable.is_empty() || !malformed.is_empty() {
        return Err(Refused::malformed(tenant));
    }
    let policy = policy_id(&document);
    Refused::because(policy, tenant, Judge { tenant, sources: &sources, file }.form(&document))
}

/// Judges a policy of a set, with its chain, as it is uploaded to a tenant. What the tenant has besides policies, such as its
/// policy keys, is the project's to know ([`Project::with_tenant`]).
///
/// # Errors
/// That the service refuses it.
pub fn judge(project: &Project, file: &PolicyFile, tenant: &TenantIdentity) -> Result<(), Refused> {
    let found = project.check_chain(file);
    let chain = project.chain(file);
    if found.iter().any(|it| it.code == MALFORMED && it.primary.span.file == file.file) {
        return Err(Refused::malformed(tenant));
    }
    let policy = file.policy_id().unwrap_or_default();
    let judge = Judge { tenant, sources: project.sources(), file: file.file };
    // The service looks no further where the schema is broken (reference "validation", 1.1).
    let broken: Vec<String> = chain.iter().flat_map(|it| judge.form(&it.document)).collect();
    if !broken.is_empty() {
        return Refused::because(policy, tenant, broken);
    }
    let mut said = SaidOnce::default();
    let tenant_id = file.document.root().and_then(|it| it.attribute("TenantId")).map_or("", |it| it.value().trim());
    if !tenant_id.eq_ignore_ascii_case(&tenant.name) {
        said.add(Said::new("tenant-differs", vec![("name", tenant_id.to_owned()), ("tenant", tenant.name.clone())]));
    }
    let inheritance = |finding: &Diagnostic| inheritance::told(&chain, finding);
    for finding in found.iter().filter(|it| it.severity == Severity::Error) {
        if let Some(it) = judge.said(finding, policy, inheritance) {
            said.add(it);
        }
    }
    Refused::because(policy, tenant, said.texts())
}

/// What the answer is to a policy that is created and is there already.
pub fn already_exists(policy: &str, tenant: &TenantIdentity) -> String {
    words("policy-exists", |place| match place {
        "policy" => Some(policy),
        "tenant" => Some(&tenant.name),
        _ => None,
    })
}

struct Judge<'a> {
    tenant: &'a TenantIdentity,
    sources: &'a Sources,
    /// What is uploaded.
    file: FileId,
}

impl Judge<'_> {
    /// What breaks the schema.
    fn form(&self, document: &Document) -> Vec<String> {
        let policy = policy_id(document);
        let mistakes = schema::mistakes(document);
        if !mistakes.is_empty() {
            return mistakes.into_iter().map(|it| self.at(it.span, policy, &it.text)).collect();
        }
        // What the walk leaves to our own check, such as `xsi:type`.
        let mut found = Diagnostics::default();
        check_schema(document, &mut found);
        found.retain(|it| !(it.code == "required-attribute-missing" && it.message.contains("`PublicPolicyUri`")));
        found.iter().map(|it| self.at(it.primary.span, policy, &it.message)).collect()
    }

    fn at(&self, span: Span, policy: &str, message: &str) -> String {
        let place = self.sources.start(span);
        let (line, column) = (place.line.to_string(), place.column.to_string());
        words("schema", |name| match name {
            "line" => Some(&line),
            "column" => Some(&column),
            "policy" => Some(policy),
            "tenant" => Some(&self.tenant.name),
            "message" => Some(message),
            _ => None,
        })
    }

    /// What the service says of a finding; `None` where it takes the policy all the same.
    fn said(&self, finding: &Diagnostic, uploaded: &str, inheritance: impl Fn(&Diagnostic) -> String) -> Option<Said> {
        let policy = finding.policy.as_deref().unwrap_or(uploaded);
        if finding.code == MALFORMED {
            return Some(Said::own(self.own_words(finding, policy)));
        }
        let refusal = finding.refusal.as_ref()?;
        let tenant = &self.tenant.name;
        let Some(text) = refusal.text else { return Some(Said::own(self.own_words(finding, policy))) };
        let mut values: Vec<(&'static str, String)> = refusal.values.clone();
        if text == "tenant-of-session" && values.iter().any(|it| it.1.eq_ignore_ascii_case(tenant)) {
            // The base is looked for in this tenant: the policy's own tenant is wrong, which is told.
            return None;
        }
        if text == "base-not-derivable" {
            values.push(("chain", inheritance(finding)));
        }
        values.extend([
            ("between", format!("in policy \"{policy}\" of tenant \"{tenant}\" ")),
            ("directory", self.tenant.object_id.clone()),
            ("login", tenant.clone()),
            ("policy", policy.to_owned()),
            ("tenant", tenant.clone()),
        ]);
        Some(Said::new(text, values))
    }

    /// Where the service's words are not recorded.
    fn own_words(&self, finding: &Diagnostic, policy: &str) -> String {
        let place = self.sources.start(finding.primary.span);
        let place = match finding.primary.span.file == self.file {
            true => format!(" (line {} col {})", place.line, place.column),
            false => String::new(),
        };
        format!("Policy \"{policy}\" of tenant \"{}\": {}{place}.", self.tenant.name, finding.message)
    }
}

/// The service's text of that name.
fn words<'v>(name: &'static str, value: impl Fn(&str) -> Option<&'v str>) -> String {
    azure::find(name).map(|it| it.write(value)).unwrap_or_default()
}

fn policy_id(document: &Document) -> &str {
    document.root().and_then(|it| it.attribute("PolicyId")).map_or("", |it| it.value())
}
