use std::sync::Arc;

use wayfarer_diagnostics::Sources;
use wayfarer_syntax::{Place, decode, encode, escaped, parse};

/// An uploaded file: as much of it as its place needs. Whether it is a sound policy is not judged here.
pub(super) struct Document<'a> {
    bytes: &'a [u8],
    text: Arc<str>,
    tree: wayfarer_syntax::Document,
}

impl<'a> Document<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        // The id is of no use to anybody: no finding leaves this function.
        let file = Sources::default().add("upload", "");
        let (text, _) = decode(file, bytes);
        let (tree, _) = parse(file, text.clone());
        Self { bytes, text, tree }
    }

    /// The `PolicyId` of the root, where there is a root that can be a policy's.
    pub(super) fn policy_id(&self) -> Option<String> {
        let root = self.tree.root().filter(|root| root.name() == "TrustFrameworkPolicy")?;
        root.attribute("PolicyId").map(|it| it.value().to_owned()).filter(|id| !id.trim().is_empty())
    }

    /// The file with `PublicPolicyUri` behind the last attribute of its root, if it lacks one: as the service fills it in.
    /// A file that can't be written back in its own encoding is left as it is.
    pub(super) fn with_public_policy_uri(&self, tenant: &str, id: &str) -> Vec<u8> {
        self.filled(tenant, id).unwrap_or_else(|| self.bytes.to_vec())
    }

    fn filled(&self, tenant: &str, id: &str) -> Option<Vec<u8>> {
        let root = self.tree.root().filter(|_| self.tree.is_well_formed())?;
        if root.attribute("PublicPolicyUri").is_some() {
            return None;
        }
        let last = root.attributes().chain(root.namespace_declarations()).map(|it| it.span().end).max()?;
        let (before, after) = self.text.split_at_checked(usize::try_from(last).ok()?)?;
        let uri = escaped(&format!("http://{tenant}/{id}"), Place::Attribute);
        let filled = format!("{before} PublicPolicyUri=\"{uri}\"{after}");
        encode(&filled, &self.text, self.bytes)
    }
}
