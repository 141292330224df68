//! References to what a tenant has. The policies don't say, so it is judged only where somebody does.

use super::PolicyFile;
use std::collections::BTreeMap;
use wayfarer_diagnostics::{Diagnostics, Severity, closest};
use wayfarer_syntax::Element;

/// What a tenant has that policies refer to; what is `None` or absent is not judged.
#[derive(Clone, Debug, Default)]
pub struct TenantBaseline {
    /// Its name, for messages.
    pub name: String,
    /// All its policy keys.
    pub policy_keys: Option<Vec<String>>,
    /// The application id and the object id of the app that extension attributes belong to.
    pub extensions_app: Option<(String, String)>,
    /// The claim data type for each extension attribute, by its name.
    pub extension_attributes: BTreeMap<String, String>,
}

/// The data types that an extension attribute has an equal of.
const TYPES: [&str; 5] = ["boolean", "dateTime", "int", "long", "string"];

/// What the file says of the tenant and the tenant doesn't have.
pub(super) fn judge(file: &PolicyFile, tenant: &TenantBaseline, found: &mut Diagnostics) {
    let mut own = Diagnostics::default();
    for element in file.document.elements().filter(|it| it.is_policy()) {
        match element.name() {
            "Key" => policy_key(element, tenant, &mut own),
            "Metadata" => extensions_app(element, tenant, &mut own),
            "ClaimType" => extension_attribute(element, tenant, &mut own),
            _ => {}
        }
    }
    own.iter_mut().for_each(|it| it.policy = file.policy_id().map(str::to_owned));
    found.extend(own);
}

fn policy_key(key: Element<'_>, tenant: &TenantBaseline, found: &mut Diagnostics) {
    let (Some(known), Some(reference)) = (&tenant.policy_keys, key.attribute("StorageReferenceId")) else { return };
    let name = reference.value();
    if name.is_empty() || known.iter().any(|it| it.eq_ignore_ascii_case(name)) {
        return;
    }
    let message = format!("tenant `{}` has no policy key `{name}`", tenant.name);
    let finding = found.report("unresolved-policy-key", Severity::Error, reference.value_span(), message);
    finding.label("not in `policy_keys`").refused_as("policy-key-missing", &[("key", name)]);
    match closest(name, known.iter().map(String::as_str)) {
        Some(close) => finding.help(format!("did you mean `{close}`?")),
        None => finding.help("create the key, or add it to `policy_keys` in baseline.toml if the tenant has it"),
    };
}

fn extensions_app(metadata: Element<'_>, tenant: &TenantBaseline, found: &mut Diagnostics) {
    let Some((client, object)) = &tenant.extensions_app else { return };
    let item =
        |key: &str| metadata.children_named("Item").find(|it| it.attribute("Key").is_some_and(|it| it.value() == key));
    let handler = metadata.parent().and_then(|it| it.child("Protocol")).and_then(|it| it.attribute("Handler"));
    let is_directory = handler.is_some_and(|it| it.value().contains("AzureActiveDirectoryProvider"));
    let named = item("ClientId").map(|it| it.text().trim().to_owned()).unwrap_or_default();
    // Other providers have a `ClientId` too; the object id is the directory's alone.
    if !is_directory && item("ApplicationObjectId").is_none() {
        return;
    }
    for (key, own, other, what) in
        [("ClientId", client, object, "application (client) id"), ("ApplicationObjectId", object, client, "object id")]
    {
        let Some(item) = item(key) else { continue };
        let value = item.text().trim();
        if value.eq_ignore_ascii_case(own) {
            continue;
        }
        let message = format!("`{key}` is not the {what} of the extensions app of tenant `{}`", tenant.name);
        let place = item.text_span().unwrap_or_else(|| item.start_tag());
        let finding = found.report("extensions-app-mismatch", Severity::Error, place, message);
        finding.help(format!("write `{own}`")).refused_as("extensions-app", &[("id", "id"), ("value", &named)]);
        finding.label(match value.eq_ignore_ascii_case(other) {
            true => "this is its other id",
            false => "another id",
        });
    }
}

fn extension_attribute(claim: Element<'_>, tenant: &TenantBaseline, found: &mut Diagnostics) {
    let name = claim.attribute("Id").and_then(|it| it.value().strip_prefix("extension_"));
    let (Some(name), Some(data_type)) = (name, claim.child("DataType")) else { return };
    let known = tenant.extension_attributes.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
    let Some((name, expected)) = known else { return };
    let written = data_type.text().trim();
    if written == expected || !TYPES.contains(&written) {
        return;
    }
    let message = format!("extension attribute `{name}` of tenant `{}` is no `{written}`", tenant.name);
    found
        .report(
            "extension-attribute-type",
            Severity::Warning,
            data_type.text_span().unwrap_or(data_type.span()),
            message,
        )
        .label(format!("the attribute's type is that of `{expected}`"))
        .help(format!("write `{expected}`, or take another attribute"));
}
