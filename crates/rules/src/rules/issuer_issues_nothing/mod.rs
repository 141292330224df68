use crate::rules::journeys;
use crate::{Findings, Phase, Rule};
use wayfarer_diagnostics::Severity;
use wayfarer_model::{Policy, StepType};

pub static RULE: Rule = Rule {
    code: "issuer-issues-nothing",
    level: Severity::Warning,
    docs: include_str!("docs.md"),
    phase: Phase::Policy(check),
};

fn check(policy: &Policy, findings: &mut Findings<'_>) {
    for journey in journeys::own(policy) {
        for step in journey.steps().iter().filter(|it| it.step_type() == Some(StepType::SendClaims)) {
            let Some(name) = step.issuer().or_else(|| journey.default_issuer()) else { continue };
            let Some(profile) = policy.technical_profile(name.value) else { continue };
            let format = profile.output_token_format().map(|it| it.value.trim().to_owned());
            if format.as_deref().is_some_and(|it| matches!(it, "JWT" | "JSON" | "SAML2" | "OAuth2Error")) {
                continue;
            }
            let why = match &format {
                Some(format) => format!("its `OutputTokenFormat` is `{format}`"),
                None => "it has no `OutputTokenFormat`".to_owned(),
            };
            let level = if journeys::always_comes(step) { Severity::Error } else { Severity::Warning };
            let message =
                format!("{} sends claims with `{}`, which issues no token: {why}", journeys::title(&journey), name.value);
            findings
                .report_as(level, name.span, message)
                .label("no token issuer")
                .help("name a profile with `OutputTokenFormat` JWT, SAML2, JSON or OAuth2Error, for example `JwtIssuer`")
                .related(profile.span(), "declared here");
        }
    }
}
