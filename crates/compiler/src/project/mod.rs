//! A set of policy files: which there are, who derives from whom, and what is wrong with the set as such.

mod bases;
mod built;
mod change;
mod check;
pub(crate) mod load;
mod renumber;
mod run;
mod suppressions;
mod tenant;
mod unused;

use crate::files::Files;
use crate::lower::{self, Flow, TenantIdentity};
use crate::settings::Settings;
use bases::Base;
pub use built::BuiltFile;
use built::Encoding;
pub use run::{Objections, Runnable};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
pub use tenant::TenantBaseline;
use wayfarer_builtins::LocalizedResources;
use wayfarer_builtins::claim_rules::CompiledClaimRules;
use wayfarer_diagnostics::{Diagnostics, FileId, Sources};
use wayfarer_engine::Plan;
use wayfarer_engine::plan::Issuer;
use wayfarer_model::{ClaimType, Policy};
use wayfarer_syntax::Document;

/// How many policies a chain may have, itself included: the service's limit.
const CHAIN_LIMIT: usize = 10;

/// What a project judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// Well-formedness and schema alone, of every `*.xml`.
    SchemaOnly,
}

/// One policy file of a project.
#[derive(Debug)]
pub struct PolicyFile {
    /// The file's id in [`Project::sources`].
    pub file: FileId,
    /// Its tree.
    pub document: Arc<Document>,
    /// Whether findings in it are reported (files that are only looked up as bases are not).
    pub reported: bool,
    folder: PathBuf,
    root: PathBuf,
    base: Base,
    /// Where it is below the path that it was found by.
    relative: PathBuf,
    encoding: Encoding,
    /// What is wrong with it as written: of a file that is only looked up, why it is not well-formed.
    found: Diagnostics,
    /// Whether it holds tokens without a value.
    unresolved: bool,
    /// Whether it may be written as what is uploaded.
    builds: bool,
    effective: OnceLock<Arc<Policy>>,
    /// What is wrong with the policy that it makes with its chain.
    judged: OnceLock<Diagnostics>,
    /// What nothing uses of the policies on this root.
    unused: OnceLock<Diagnostics>,
}

impl PolicyFile {
    /// `PolicyId`, when the file has one.
    pub fn policy_id(&self) -> Option<&str> {
        self.document.root()?.attribute("PolicyId").map(|it| it.value())
    }
}

/// Why a set could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Nothing is at that path.
    #[error("there is no file or folder `{}`", .0.display())]
    NotFound(PathBuf),
    /// The folders hold no `*.xml` file.
    #[error("there is no policy file (`*.xml`) in `{}`", .0.display())]
    Empty(PathBuf),
    /// A file that was named can't be read.
    #[error("`{}` can't be read: {reason}", .path.display())]
    Unreadable {
        /// The path as given.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
}

/// A set of policy files with everything that is known about it.
#[derive(Debug)]
pub struct Project {
    sources: Sources,
    files: Vec<PolicyFile>,
    /// Findings of files that are no policies, and of the settings.
    diagnostics: Diagnostics,
    /// Findings of the set: who derives from whom.
    of_set: Diagnostics,
    settings_files: Vec<FileId>,
    /// The files that the set was asked to judge, whatever is in them.
    judged: Vec<FileId>,
    /// What no message may show.
    secrets: Vec<String>,
    tenant: Option<TenantBaseline>,
}

impl Project {
    /// Reads every policy below `paths` (files or folders); `bases` are folders in which base policies are looked up. With
    /// settings, the policies are those that are built with them; places are told in the files as written.
    ///
    /// # Errors
    /// A path doesn't exist, can't be read, or holds no XML file. All else that is wrong is a finding.
    pub fn load(
        files: &dyn Files,
        paths: &[PathBuf],
        bases: &[PathBuf],
        scope: Scope,
        settings: Option<&Settings>,
    ) -> Result<Self, LoadError> {
        let mut project = load::read(files, paths, bases, scope, settings)?;
        if scope == Scope::All {
            bases::resolve(&mut project);
        }
        Ok(project)
    }

    /// The same, judged with what a tenant has.
    pub fn with_tenant(mut self, tenant: TenantBaseline) -> Self {
        self.tenant = Some(tenant);
        self.files.iter_mut().for_each(|it| it.judged = OnceLock::new());
        self
    }

    /// The texts that places refer to.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The files that the set was asked to judge, whatever is in them, in the order in which they were found.
    pub fn judged(&self) -> &[FileId] {
        &self.judged
    }

    /// How many files that are.
    pub fn looked_at(&self) -> usize {
        self.judged.len()
    }

    /// The policy files, in the order in which they were found.
    pub fn files(&self) -> &[PolicyFile] {
        &self.files
    }

    /// The effective policy of a file of this project. Chains share the work for their bases.
    pub fn effective(&self, file: &PolicyFile) -> Arc<Policy> {
        // From the root of the chain to the file: no recursion, whatever the set looks like.
        let chain = self.chain(file);
        let mut policy: Option<Arc<Policy>> = None;
        for link in chain.into_iter().rev() {
            let base = policy.take();
            let derive = || Arc::new(Policy::derive(Arc::clone(&link.document), base));
            policy = Some(Arc::clone(link.effective.get_or_init(derive)));
        }
        policy.unwrap_or_else(|| Arc::new(Policy::derive(Arc::clone(&file.document), None)))
    }

    /// Lowers one flow of a policy for a tenant; `rest` replaces service addresses, by technical profile.
    ///
    /// # Errors
    /// Everything that keeps the journey from running, by name.
    pub fn plan(
        &self,
        file: &PolicyFile,
        flow: Flow,
        tenant: &TenantIdentity,
        rest: &BTreeMap<String, String>,
    ) -> Result<Plan, Diagnostics> {
        lower::plan(&self.effective(file), flow, tenant, rest).map_err(|it| self.told(it))
    }

    /// The profile that issues a policy's tokens.
    ///
    /// # Errors
    /// What is wrong with it, or that there is none.
    pub fn token_issuer(&self, file: &PolicyFile) -> Result<Issuer, Diagnostics> {
        lower::token_issuer(&self.effective(file)).map_err(|it| self.told(it))
    }

    /// The names of a policy's output claims in the token, in policy order.
    pub fn token_claims(&self, file: &PolicyFile) -> Vec<String> {
        lower::token_claims(&self.effective(file))
    }

    /// What a claim type of a policy says of what is entered and shown.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn claim_rules(&self, file: &PolicyFile, claim_type: &ClaimType) -> Result<CompiledClaimRules, Diagnostics> {
        lower::claim_rules::of(&self.effective(file), claim_type).map_err(|it| self.told(it))
    }

    /// The localized texts of a policy in the language that is closest to `language`, whatever page shows them; `None`
    /// where no content definition has any.
    pub fn localized_texts(&self, file: &PolicyFile, language: &str) -> Option<LocalizedResources> {
        lower::claim_rules::texts(&self.effective(file), language)
    }

    /// The file, its base, and so on, as far as the chain is sound: a loop ends it, and so does a base beyond the limit.
    pub fn chain<'a>(&'a self, file: &'a PolicyFile) -> Vec<&'a PolicyFile> {
        let next = |it: &&'a PolicyFile| match it.base {
            Base::At(index) => self.files.get(index),
            Base::None | Base::Missing | Base::Cyclic | Base::BeyondLimit => None,
        };
        std::iter::successors(Some(file), next).collect()
    }

    /// The files whose `PolicyId` is `id` without regard to case.
    pub fn find<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a PolicyFile> {
        self.files.iter().filter(move |it| it.reported && it.policy_id().is_some_and(|own| same_id(own, id)))
    }

    /// The reported policies that have a relying party of their own: those that can be requested.
    pub fn relying_parties(&self) -> impl Iterator<Item = &PolicyFile> {
        let has_own = |it: &&PolicyFile| it.document.root().is_some_and(|root| root.child("RelyingParty").is_some());
        self.files.iter().filter(|it| it.reported).filter(has_own)
    }
}

fn same_id(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn is_within(folder: &Path, root: &Path) -> bool {
    folder.starts_with(root)
}
