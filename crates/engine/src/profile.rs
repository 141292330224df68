//! One execution of a technical profile: the stages of the reference "technical-profiles", A9, as far as a journey
//! without a user needs them. Every session provider behaves like Noop here (reference, B26).

use crate::localization::{self, Texts};
use crate::plan::{
    Claim, ClaimsExchange, DefaultValue, InputClaim, OutputClaim, Plan, TechnicalProfile, Transformation,
};
use crate::trace::{Change, StepTrace};
use crate::{ClaimsBag, JourneyError, Request};
use std::collections::BTreeMap;
use wayfarer_builtins::providers::{Call, InputValue, ProfileKind, ProviderError};
use wayfarer_builtins::resolvers::{self, ResolverContext, ResolverError};
use wayfarer_builtins::transformations::{Env, Options, Output, Remark};
use wayfarer_builtins::{Host, HostError, Secret, Value};
use wayfarer_diagnostics::Span;

/// `{Context:BuildNumber}`: any stable number of four parts (not documented, so chosen).
const BUILD_NUMBER: &str = "1.0.0.0";

/// What a step has at hand while it runs.
pub(crate) struct Run<'a, 'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) request: &'a Request,
    pub(crate) host: &'a dyn Host,
    pub(crate) bag: &'a mut ClaimsBag,
    pub(crate) step: &'a mut StepTrace,
    /// Whether `step` will be looked at.
    pub(crate) records: bool,
}

pub(crate) async fn run(exchange: &ClaimsExchange, step: u32, run: &mut Run<'_, '_>) -> Result<(), JourneyError> {
    let profile = &exchange.profile;
    if run.records {
        run.step.claims_exchange = Some(exchange.id.clone());
        run.step.technical_profile = Some(profile.id.clone());
        run.step.provider = Some(profile.kind.name());
        run.step.profile_span = Some(profile.span);
        run.step.notes.extend(profile.notes.iter().cloned());
    }
    let ended = stages(exchange, step, run).await;
    ended.map_err(|error| JourneyError { technical_profile: Some(profile.id.clone()), ..error })
}

async fn stages(exchange: &ClaimsExchange, step: u32, run: &mut Run<'_, '_>) -> Result<(), JourneyError> {
    let profile = &exchange.profile;
    for transformation in &profile.input_claims_transformations {
        run.transform(transformation, profile).await?;
    }
    let inputs: Vec<InputValue> =
        profile.input_claims.iter().map(|it| run.input(it, &profile.id)).collect::<Result<_, _>>()?;
    let tenant = &run.plan.names.relying_party_tenant;
    let call = Call { exchange_id: &exchange.id, step, tenant, inputs: &inputs };
    let (answer, notes) = profile.exchange.run(call, run.host).await;
    run.step.notes.extend(notes.into_iter().map(|it| it.text));
    let mut returned: BTreeMap<usize, Value> = answer.map_err(failed)?.into_iter().collect();
    for (index, row) in profile.output_claims.iter().enumerate() {
        run.output(row, returned.remove(&index), profile)?;
    }
    for transformation in &profile.output_claims_transformations {
        run.transform(transformation, profile).await?;
    }
    Ok(())
}

fn failed(error: ProviderError) -> JourneyError {
    JourneyError::new(error.code, error.user_message.unwrap_or(error.message), error.detail)
}

/// What a default is, for the trace.
pub(crate) fn describe(default: &DefaultValue) -> String {
    match default {
        DefaultValue::Literal(_) => "its `DefaultValue`".to_owned(),
        DefaultValue::Resolver(text) => format!("claim resolver `{text}`"),
    }
}

impl Run<'_, '_> {
    fn set(&mut self, claim: &str, after: Option<Value>, by: impl FnOnce() -> String, span: Span) {
        let recorded = if self.records { after.clone() } else { None };
        let before = match after {
            Some(value) => self.bag.insert(claim.to_owned(), value),
            None => self.bag.shift_remove(claim),
        };
        if self.records && before != recorded {
            let (claim, by) = (claim.to_owned(), by());
            self.step.changes.push(Change { claim, before, after: recorded, by, span });
        }
    }

    /// Stage 3, reference A9.1. A default creates the claim in the bag (decisions: yes).
    fn input(&mut self, row: &InputClaim, profile: &str) -> Result<InputValue, JourneyError> {
        let held = self.bag.get(&row.claim.id).cloned();
        let value = match (&row.default, held) {
            (Some(default), held) if row.always_use_default || held.is_none() => {
                let value = self.value_of(default, &row.claim)?;
                let by = || format!("input claim of `{profile}`: {}", describe(default));
                // A password is for this profile alone (reference "technical-profiles", A9.1).
                if !self.plan.names.passwords.contains(&row.claim.id) {
                    self.set(&row.claim.id, value.clone(), by, row.span);
                }
                value
            }
            (_, held) => held,
        };
        match value {
            Some(value) => Ok(InputValue::Value(value)),
            None if row.required => Err(JourneyError::generic(format!(
                "the required input claim `{}` of technical profile `{profile}` has no value",
                row.claim.id
            ))),
            None if row.always_use_default && row.default.is_some() => Ok(InputValue::Null),
            None => Ok(InputValue::Absent),
        }
    }

    /// Stage 7, reference A9.2. A resolver that yields nothing leaves the claim as it is.
    fn output(
        &mut self,
        row: &OutputClaim,
        returned: Option<Value>,
        profile: &TechnicalProfile,
    ) -> Result<(), JourneyError> {
        let (claim, id) = (&row.claim.id, &profile.id);
        let is_missing = row.required && returned.is_none() && row.default.is_none();
        // Reference "claims", 10.2. Profiles that call nobody have no answer that could lack something.
        if is_missing && !matches!(profile.kind, ProfileKind::Setup | ProfileKind::ClaimsTransformation) {
            return Err(JourneyError::generic(format!(
                "the answer to technical profile `{id}` has no `{}` for the required output claim `{claim}`",
                row.partner
            )));
        }
        let (value, default) = match (&row.default, returned) {
            (Some(default), _) if row.always_use_default => (self.value_of(default, &row.claim)?, Some(default)),
            (_, Some(returned)) => (Some(returned), None),
            (Some(default), None) if !self.bag.contains_key(claim) => {
                (self.value_of(default, &row.claim)?, Some(default))
            }
            _ => (None, None),
        };
        if let Some(value) = value {
            let by = || default.map_or_else(|| format!("answer member `{}`", row.partner), describe);
            self.set(claim, Some(value), || format!("output claim of `{id}`: {}", by()), row.span);
        }
        Ok(())
    }

    /// Stages 2 and 8: what a transformation writes is in the bag at once.
    async fn transform(
        &mut self,
        transformation: &Transformation,
        profile: &TechnicalProfile,
    ) -> Result<(), JourneyError> {
        let secrets = self.secrets(transformation).await?;
        let inputs: Vec<Option<Value>> = transformation.inputs.iter().map(|it| self.bag.get(it).cloned()).collect();
        let host = self.host;
        let language = localization::language(&self.plan.names, self.request);
        let texts = Texts::of(&profile.localization, language, &self.plan.names.default_language);
        let remarks = std::sync::Mutex::new(Vec::new());
        let env = Env {
            now: host.now(),
            random: &|bytes: &mut [u8]| host.random(bytes),
            technical_profile: &profile.id,
            relying_party_tenant: &self.plan.names.relying_party_tenant,
            trust_framework_tenant: &self.plan.names.trust_framework_tenant,
            authenticator_issuer: &self.plan.names.relying_party_tenant,
            keys: &|container: &str| secrets.get(container).cloned(),
            localization: &texts,
            options: Options::default(),
            remark: &|remark: Remark| {
                if let Ok(mut list) = remarks.lock() {
                    list.push(remark);
                }
            },
        };
        let outputs = transformation.prepared.run(&inputs, &env).map_err(|error| {
            JourneyError::generic(format!("claims transformation `{}`: {error}", transformation.id))
        })?;
        let remarks = remarks.into_inner().unwrap_or_default();
        self.step.notes.extend(remarks.iter().map(|it| format!("claims transformation `{}`: {it}", transformation.id)));
        for (claim, output) in transformation.outputs.iter().zip(outputs) {
            let by = || format!("claims transformation `{}` ({})", transformation.id, transformation.method);
            match output {
                Output::Set(value) => self.set(claim, Some(value), by, transformation.span),
                Output::Clear => self.set(claim, None, by, transformation.span),
                Output::Untouched => {}
            }
        }
        Ok(())
    }

    /// The policy keys that a transformation's parameters name, read at the moment of use.
    async fn secrets(&self, transformation: &Transformation) -> Result<BTreeMap<String, Secret>, JourneyError> {
        let mut secrets = BTreeMap::new();
        for container in &transformation.keys {
            let secret = self.host.policy_key(container).await.map_err(|error| self.key_error(container, &error))?;
            secrets.insert(container.clone(), secret);
        }
        Ok(secrets)
    }

    fn key_error(&self, container: &str, error: &HostError) -> JourneyError {
        let tenant = &self.plan.names.relying_party_tenant;
        let message = format!("KeyContainer with 'id': '{container}' cannot be found in the directory '{tenant}'");
        JourneyError::new("AADB2C90073", message, error.to_string())
    }

    /// The value of a `DefaultValue` at this moment; `None` where a resolver's source has nothing.
    pub(crate) fn value_of(&self, default: &DefaultValue, claim: &Claim) -> Result<Option<Value>, JourneyError> {
        let written = match default {
            DefaultValue::Literal(value) => return Ok(Some(value.clone())),
            DefaultValue::Resolver(written) => written,
        };
        let resolved = self.resolve(written).map_err(|error| {
            JourneyError::new(ResolverError::CODE, error.to_string(), format!("claim resolver `{written}`"))
        })?;
        let Some(text) = resolved else { return Ok(None) };
        let value = Value::parse(claim.data_type, &text).map_err(|error| {
            JourneyError::generic(format!("the text of `{written}` does not fit claim `{}`: {error}", claim.id))
        })?;
        Ok(Some(value))
    }

    fn resolve(&self, written: &str) -> Result<Option<String>, ResolverError> {
        let (names, request) = (&self.plan.names, self.request);
        let claim = |id: &str| {
            if names.passwords.iter().any(|it| it.eq_ignore_ascii_case(id)) {
                return None;
            }
            let held = self.bag.get(id);
            held.or_else(|| self.bag.iter().find(|(name, _)| name.eq_ignore_ascii_case(id)).map(|it| it.1)).cloned()
        };
        let context = ResolverContext {
            journey: self.plan.kind,
            policy_id: &self.plan.policy,
            relying_party_tenant: &names.relying_party_tenant,
            tenant_object_id: &names.tenant_object_id,
            trust_framework_tenant: &names.trust_framework_tenant,
            correlation_id: &request.correlation_id,
            now: self.host.now(),
            deployment_mode: names.deployment_mode.as_deref(),
            host_name: &request.host,
            ip_address: request.ip_address.as_deref(),
            keep_me_signed_in: false,
            build_number: BUILD_NUMBER,
            culture: localization::language(names, request),
            request: &request.parameters,
            saml: None,
            token_response: None,
            claim: &claim,
        };
        resolvers::parse(written).resolve(&context)
    }
}
