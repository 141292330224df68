//! The chain of policies that a refused inheritance is told with.

use crate::project::PolicyFile;
use serde_json::{Map, Value, json};
use wayfarer_diagnostics::Diagnostic;

/// From the root to the policy that a finding is about, each in the one that it derives from.
pub(super) fn told(chain: &[&PolicyFile], finding: &Diagnostic) -> String {
    let at = chain.iter().position(|it| it.policy_id() == finding.policy.as_deref()).unwrap_or_default();
    let links = chain.get(at..).unwrap_or_default();
    let mut links: Vec<Map<String, Value>> = links.iter().map(|it| link(it)).collect();
    if let Some(refused) = links.first_mut() {
        let value =
            |place: &str| finding.refusal.as_ref()?.values.iter().find(|it| it.0 == place).map(|it| it.1.clone());
        refused.insert("Rule".to_owned(), json!(value("rule")));
        refused.insert("InheritanceAllowed".to_owned(), json!(false));
        refused.insert("Reason".to_owned(), json!(value("reason")));
    }
    // A user flow is no file of the chain.
    links.extend(chain.last().and_then(|it| base(it)));
    if let Some(root) = links.last_mut() {
        root.insert("Root".to_owned(), json!(true));
    }
    let nested = links.into_iter().reduce(|derived, mut base| {
        base.insert("Derived".to_owned(), Value::Object(derived));
        base
    });
    Value::Object(nested.unwrap_or_default()).to_string()
}

fn link(file: &PolicyFile) -> Map<String, Value> {
    let attribute = |name| file.document.root().and_then(|it| it.attribute(name)).map(|it| it.value());
    members(attribute("TenantId"), attribute("PolicyId"), attribute("TenantObjectId"))
}

fn base(file: &PolicyFile) -> Option<Map<String, Value>> {
    let base = file.document.root()?.child("BasePolicy")?;
    let text = |name| base.child(name).map(|it| it.text().trim());
    Some(members(text("TenantId"), text("PolicyId"), None))
}

fn members(tenant: Option<&str>, policy: Option<&str>, object: Option<&str>) -> Map<String, Value> {
    let names = ["TenantId", "PolicyId", "TenantObjectId"];
    names.into_iter().zip([tenant, policy, object]).map(|(name, value)| (name.to_owned(), json!(value))).collect()
}
