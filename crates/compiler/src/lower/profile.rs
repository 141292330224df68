use super::Lowering;
use super::claims::Row;
use super::localization;
use wayfarer_builtins::providers::{
    self as providers, Caller, DeclaredClaim, ProfileKind, ProfileSettings, SettingProblem, SettingSubject, Support,
};
use wayfarer_builtins::resolvers::Place;
use wayfarer_builtins::transformations::{self, Declaration, DeclaredParameter, TransformationError};
use wayfarer_diagnostics::{Diagnostic, Severity, Span};
use wayfarer_engine::plan::{self, Enabled, InputClaim, OutputClaim};
use wayfarer_model::{ClaimsTransformation, TechnicalProfile, Text};

/// How providers name what Wayfarer can't run yet.
const NOT_RUNNABLE: &str = "not-runnable";

impl Lowering<'_> {
    pub(super) fn profile(&mut self, profile: &TechnicalProfile) -> Option<plan::TechnicalProfile> {
        let kind = profile.kind(Some(Caller::ClaimsExchange));
        let provider = match kind.support() {
            Support::Runs(provider) => provider,
            Support::Planned { needs } => {
                let message = format!(
                    "technical profile `{}` ({}) can't be run yet: it needs {needs}",
                    profile.id(),
                    kind.name()
                );
                self.not_yet(profile.span(), message).label("not run");
                return None;
            }
            _ => {
                let message = format!(
                    "technical profile `{}` ({}) can't be called by a `ClaimsExchange`",
                    profile.id(),
                    kind.name()
                );
                self.not_yet(profile.span(), message).label("not run");
                return None;
            }
        };
        let (input_claims, inputs) = self.inputs(profile, &kind);
        let (output_claims, outputs) = self.outputs(profile, &kind);
        let settings = self.settings(profile, inputs, outputs);
        let notes = settings.service_url_override.iter().map(|it| format!("ServiceUrl replaced by `{it}`")).collect();
        // What does not block is for `check` to tell: a call knows nothing of it.
        let remarks = provider.check(&settings);
        remarks.iter().filter(|it| !it.blocks).for_each(|it| self.setting_problem(profile, it));
        let exchange = match provider.configure(&settings) {
            Ok(exchange) => Some(exchange),
            Err(problems) => {
                problems.iter().filter(|it| it.blocks).for_each(|it| self.setting_problem(profile, it));
                None
            }
        };
        let before: Vec<_> = profile.input_claims_transformations().collect();
        let after: Vec<_> = profile.output_claims_transformations().collect();
        let input_claims_transformations = before.into_iter().filter_map(|it| self.transformation(it)).collect();
        let output_claims_transformations = after.into_iter().filter_map(|it| self.transformation(it)).collect();
        Some(plan::TechnicalProfile {
            id: profile.id().to_owned(),
            enabled: self.enabled(profile),
            kind,
            input_claims_transformations,
            input_claims,
            exchange: exchange?,
            output_claims,
            output_claims_transformations,
            localization: self.localization(profile),
            span: profile.span(),
            notes,
        })
    }

    /// The texts of the content definition that the profile names; only transformations read them.
    fn localization(&self, profile: &TechnicalProfile) -> plan::Localization {
        let content_definition = profile.metadata("ContentDefinitionReferenceId");
        content_definition
            .map_or_else(plan::Localization::default, |it| localization::of_content_definition(self.policy, it.value))
    }

    fn inputs(&mut self, profile: &TechnicalProfile, kind: &ProfileKind) -> (Vec<InputClaim>, Vec<DeclaredClaim>) {
        let protocol = profile.protocol().map_or("Proprietary", |it| it.name.value);
        let row = Row { kind, place: Place::InputClaim, flag: profile.resolving_flag(), protocol };
        let rows: Vec<_> = profile.input_claims().collect();
        rows.iter().filter_map(|it| self.input(it, row)).unzip()
    }

    fn outputs(&mut self, profile: &TechnicalProfile, kind: &ProfileKind) -> (Vec<OutputClaim>, Vec<DeclaredClaim>) {
        let protocol = profile.protocol().map_or("Proprietary", |it| it.name.value);
        let row = Row { kind, place: Place::OutputClaim, flag: profile.resolving_flag(), protocol };
        let rows: Vec<_> = profile.output_claims().collect();
        rows.iter().filter_map(|it| self.output(it, row)).unzip()
    }

    fn settings(
        &self,
        profile: &TechnicalProfile,
        inputs: Vec<DeclaredClaim>,
        outputs: Vec<DeclaredClaim>,
    ) -> ProfileSettings {
        let pair = |it: wayfarer_model::Item<'_>| (it.key.value.to_owned(), it.value.value.to_owned());
        let mode = self.policy.root_attribute("DeploymentMode");
        let replaced = self.rest.iter().find(|(id, _)| id.eq_ignore_ascii_case(profile.id()));
        ProfileSettings {
            id: profile.id().to_owned(),
            metadata: profile.metadata_items().map(pair).collect(),
            keys: profile.cryptographic_keys().map(pair).collect(),
            inputs,
            outputs,
            production: mode.is_none_or(|it| it.value == "Production"),
            service_url_override: replaced.map(|(_, url)| url.clone()),
        }
    }

    fn setting_problem(&mut self, profile: &TechnicalProfile, problem: &SettingProblem) {
        let item = |key: &str| profile.metadata_items().find(|it| it.key.value == key);
        let span = match &problem.subject {
            SettingSubject::Profile => profile.span(),
            SettingSubject::Metadata(key) => item(key).map_or_else(|| profile.span(), |it| it.value.span),
            SettingSubject::MetadataKey(key) => item(key).map_or_else(|| profile.span(), |it| it.key.span),
            SettingSubject::Key(id) => {
                let key = profile.cryptographic_keys().find(|it| it.key.value == id);
                key.map_or_else(|| profile.span(), |it| it.key.span)
            }
            SettingSubject::Input(at) => row_span(profile.input_claims().nth(*at), profile),
            SettingSubject::Output(at) => row_span(profile.output_claims().nth(*at), profile),
        };
        let message = format!("technical profile `{}`: {}", profile.id(), problem.message);
        if problem.rule == NOT_RUNNABLE {
            self.not_yet(span, message).label("not run");
            return;
        }
        let severity = match problem.severity {
            providers::Severity::Error => Severity::Error,
            providers::Severity::Warning => Severity::Warning,
        };
        let mut diagnostic = Diagnostic::new(problem.rule, severity, span, message);
        diagnostic.policy(self.policy.id());
        refuse(&mut diagnostic, profile, problem, item);
        if let Some(help) = &problem.help {
            diagnostic.help(help.clone());
        }
        let list = if problem.blocks { &mut self.found } else { &mut self.remarks };
        list.push(diagnostic);
    }

    fn enabled(&self, profile: &TechnicalProfile) -> Enabled {
        let Some(written) = profile.enabled_for_user_journeys() else { return Enabled::Always };
        let id = |it: Text<'_>| {
            self.policy.claim_type(it.value).map_or_else(|| it.value.to_owned(), |it| it.id().to_owned())
        };
        let claim = profile.metadata("ClaimTypeOnWhichToEnable").map(id);
        let value = profile.metadata("ClaimValueOnWhichToEnable").map(|it| it.value.to_owned());
        match (written.value, claim, value) {
            ("Never" | "false", ..) => Enabled::Never,
            ("OnClaimsExistence", Some(claim), value) => Enabled::OnClaimsExistence(claim, value),
            ("OnItemExistenceInStringCollectionClaim", Some(claim), Some(value)) => {
                Enabled::OnItemExistence(claim, value)
            }
            ("OnItemAbsenceInStringCollectionClaim", Some(claim), Some(value)) => Enabled::OnItemAbsence(claim, value),
            _ => Enabled::Always,
        }
    }

    fn transformation(&mut self, name: Text<'_>) -> Option<plan::Transformation> {
        let Some(declared) = self.policy.claims_transformation(name.value) else {
            let message = format!("no `ClaimsTransformation` declares `{}`", name.value);
            self.error("unresolved-claims-transformation", name.span, message);
            return None;
        };
        let Some(method) = declared.method() else {
            self.broken(declared.node(), "TransformationMethod");
            return None;
        };
        let Some(transformation) = transformations::find(method.value) else {
            let message = format!("no transformation method is called `{}`", method.value);
            self.error("claims-transformation-unknown-method", method.span, message);
            return None;
        };
        let declaration = self.declaration(&declared)?;
        match transformation.prepare(&declaration) {
            Ok(prepared) => Some(plan::Transformation {
                id: declared.id().to_owned(),
                method: transformation.method,
                prepared,
                inputs: declaration.inputs.into_iter().map(|it| it.claim_type).collect(),
                outputs: declaration.outputs.into_iter().map(|it| it.claim_type).collect(),
                keys: keys_of(&declaration.parameters),
                span: declared.span(),
            }),
            Err(error @ TransformationError::Unsupported { .. }) => {
                self.not_yet(declared.span(), error.to_string()).label("not run");
                None
            }
            Err(error @ TransformationError::Parameter { .. }) => {
                self.error("claims-transformation-parameter-value", declared.span(), error.to_string());
                None
            }
            Err(error) => {
                self.error("claims-transformation-signature", declared.span(), error.to_string());
                None
            }
        }
    }

    fn declaration(&mut self, declared: &ClaimsTransformation) -> Option<Declaration> {
        let (inputs, outputs): (Vec<_>, Vec<_>) =
            (declared.input_claims().collect(), declared.output_claims().collect());
        let mut claims = |rows: &[wayfarer_model::TransformationArgument<'_>]| {
            rows.iter().map(|it| self.argument(it)).collect::<Option<Vec<_>>>()
        };
        let (inputs, outputs) = (claims(&inputs)?, claims(&outputs)?);
        let parameters = declared.declared_parameters().map(|it| it.1);
        Some(Declaration { id: declared.id().to_owned(), inputs, parameters: parameters.collect(), outputs })
    }
}

/// What the service says of a profile's settings when the policy is uploaded.
fn refuse<'a>(
    diagnostic: &mut Diagnostic,
    profile: &TechnicalProfile,
    problem: &SettingProblem,
    item: impl Fn(&str) -> Option<wayfarer_model::Item<'a>>,
) {
    let id = ("profile", profile.id());
    match (problem.rule, &problem.subject) {
        ("rest-insecure", _) => diagnostic.refused_as("insecure-authentication", &[id]),
        ("metadata-invalid-value", SettingSubject::Metadata(key)) => {
            let value = item(key).map_or("", |it| it.value.value);
            diagnostic.refused_as("metadata-invalid", &[id, ("item", key), ("value", value)])
        }
        _ => diagnostic,
    };
}

/// The policy keys that parameters name: only `Hash` has such a parameter.
fn keys_of(parameters: &[DeclaredParameter]) -> Vec<String> {
    parameters.iter().filter(|it| it.id.eq_ignore_ascii_case("randomizerSecret")).map(|it| it.value.clone()).collect()
}

fn row_span(row: Option<wayfarer_model::ClaimReference<'_>>, profile: &TechnicalProfile) -> Span {
    row.map_or_else(|| profile.span(), |it| it.claim_type.span)
}
