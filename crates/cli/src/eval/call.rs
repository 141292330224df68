//! One call of a claims transformation.

use super::{Given, Problem, predicate};
use crate::args::Eval;
use crate::output::{self, Failure};
use std::collections::BTreeMap;
use wayfarer_builtins::transformations::regex::Regex;
use wayfarer_builtins::transformations::{
    Content, Declaration, DeclaredClaim, EnumerationItem, Env, Fallback, Localization, Options, Output, Presence,
    Remark, SignatureList, SignatureProblem, SignatureProblemKind, Transformation, Trial,
};
use wayfarer_builtins::{Secret, Value};
use wayfarer_diagnostics::closest;
use wayfarer_runtime::{Clock, Random};

/// The tenant of both policies when nothing else is said: the built-in one.
const TENANT: &str = "contoso.onmicrosoft.com";
/// What the expressions of parameters stand for when nothing else is said. The issuer is that of the documentation.
const EXPRESSIONS: [(&str, &str); 4] = [
    ("TechnicalProfileId", "TechnicalProfile"),
    ("RelyingPartyTenantId", TENANT),
    ("TrustFrameworkTenantId", TENANT),
    ("AuthenticatorIssuer", "Contoso demo"),
];

/// The declared outputs, and what the call does to each.
pub(crate) type Outputs = Vec<(DeclaredClaim, Output)>;

/// Runs it, and tells what is remarkable on stderr.
pub(crate) fn run(
    transformation: &'static Transformation,
    options: &Eval,
    given: &Given,
) -> Result<Result<Outputs, Problem>, Failure> {
    usable(transformation, options)?;
    let expressions = expressions(options)?;
    let mut declaration = declare(options, given).declare(transformation);
    let validation = predicate::validation(&options.predicates, options.match_at_least)?;
    for output in &mut declaration.outputs {
        output.enumeration = items(&options.enumeration);
        output.predicate_validation.clone_from(&validation);
    }
    let (errors, remarks): (Vec<_>, Vec<_>) =
        transformation.check(&declaration).into_iter().partition(SignatureProblem::is_error);
    remarks.iter().for_each(|it| output::remark(format_args!("warning: {it}")));
    if !errors.is_empty() {
        return Ok(Err(refused(transformation, &errors)));
    }
    let values = match values(&declaration, given) {
        Ok(values) => values,
        Err(problem) => return Ok(Err(problem)),
    };
    let clock = options.now.map_or(Clock::System, Clock::Fixed);
    let random = options.seed.map_or(Random::System, Random::seeded);
    let expression = |name: &str| expressions.get(name).copied().unwrap_or_default();
    let env = Env {
        now: clock.now(),
        random: &|bytes: &mut [u8]| random.fill(bytes),
        technical_profile: expression("TechnicalProfileId"),
        relying_party_tenant: expression("RelyingPartyTenantId"),
        trust_framework_tenant: expression("TrustFrameworkTenantId"),
        authenticator_issuer: expression("AuthenticatorIssuer"),
        keys: &|container: &str| {
            let found = options.keys.iter().rev().find(|(name, _)| name == container);
            found.map(|(_, secret)| Secret::new(secret.as_str()))
        },
        localization: &Texts(&options.localized),
        options: Options::default(),
        remark: &|it: Remark| output::remark(format_args!("warning: {}", told(&it))),
    };
    let ended = transformation.prepare(&declaration).and_then(|it| it.run(&values, &env));
    tell_groups(&declaration);
    Ok(match ended {
        Ok(outputs) => Ok(declaration.outputs.into_iter().zip(outputs).collect()),
        Err(error) => Err(advise(transformation, options, Problem::from(error))),
    })
}

fn declare(options: &Eval, given: &Given) -> Trial {
    Trial {
        inputs: given.inputs.iter().map(|(name, _)| name.clone()).collect(),
        parameters: given.parameters.clone(),
        types: options.types.clone(),
        parameter_types: options.parameter_types.clone(),
        ..Trial::default()
    }
}

/// In the order of the declaration, which begins with what is given.
fn values(declaration: &Declaration, given: &Given) -> Result<Vec<Option<Value>>, Problem> {
    let mut values = Vec::new();
    for (index, declared) in declaration.inputs.iter().enumerate() {
        let text = given.inputs.get(index).map(|(_, text)| text);
        let value = text.map(|it| Trial::value(declared.data_type, it)).transpose().map_err(|error| {
            let problem = Problem::new("value", format!("input `{}` is {error}", declared.slot));
            problem.help(format!("`--type {}=DATATYPE` gives it another data type", declared.slot))
        })?;
        values.push(value);
    }
    Ok(values)
}

/// Options that this method has no use for are mistakes.
fn usable(transformation: &Transformation, options: &Eval) -> Result<(), Failure> {
    let method = transformation.method;
    let has = |content| transformation.parameters.iter().any(|it| it.content == content);
    let checks = [
        (!options.localized.is_empty(), "localized", has(Content::StringId) || method.starts_with("GetLocalized")),
        (!options.enumeration.is_empty(), "enumeration", method == "GetMappedValueFromLocalizedCollection"),
        (!options.predicates.is_empty(), "predicate", method == "CopyClaimIfPredicateMatch"),
        (!options.keys.is_empty(), "key", has(Content::PolicyKey)),
    ];
    for (given, option, used) in checks {
        if given && !used {
            return Err(Failure::new(format!("`{method}` has no use for `--{option}`")).help(see(method)));
        }
    }
    let known = |id: &str| options.parameters.iter().chain(&options.parameter_files).any(|(it, _)| it == id);
    match options.parameter_types.iter().find(|(id, _)| !known(id)) {
        Some((id, _)) => Err(Failure::new(format!("`--param-type {id}=…` is about a parameter that is not given"))
            .help(format!("give it with `--param {id}=TEXT`"))),
        None => Ok(()),
    }
}

fn expressions(options: &Eval) -> Result<BTreeMap<&str, &str>, Failure> {
    let mut all: BTreeMap<&str, &str> = EXPRESSIONS.into_iter().collect();
    for (name, text) in &options.expressions {
        match all.get_mut(name.as_str()) {
            Some(it) => *it = text,
            None => {
                let names = EXPRESSIONS.map(|(name, _)| format!("`{name}`")).join(", ");
                return Err(Failure::new(format!("there is no expression `{name}`")).help(format!("there are {names}")));
            }
        }
    }
    Ok(all)
}

fn items(pairs: &[(String, String)]) -> Vec<EnumerationItem> {
    pairs.iter().map(|(text, value)| EnumerationItem { text: text.clone(), value: value.clone() }).collect()
}

/// What the service says when such a policy is uploaded.
fn refused(transformation: &Transformation, problems: &[SignatureProblem]) -> Problem {
    let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let help = problems.first().map(|it| remedy(transformation, it)).unwrap_or_default();
    Problem::new("signature", messages.join("; ")).help(help)
}

fn remedy(transformation: &Transformation, problem: &SignatureProblem) -> String {
    let method = transformation.method;
    match (&problem.kind, problem.list) {
        (SignatureProblemKind::Unexpected { name, .. }, list) => {
            let claims = |slots: &'static [_]| slots.iter().filter_map(named).collect::<Vec<_>>();
            let names = match list {
                SignatureList::InputClaims => claims(transformation.inputs),
                SignatureList::OutputClaims => [claims(transformation.inputs), claims(transformation.outputs)].concat(),
                SignatureList::InputParameters => transformation.parameters.iter().map(|it| it.name).collect(),
            };
            let elsewhere = transformation.parameter(name).is_some() && list == SignatureList::InputClaims;
            match closest(name, names) {
                Some(close) => format!("did you mean `{close}`?"),
                None if elsewhere => format!("`{name}` is a parameter: give it with `--param {name}=TEXT`"),
                None if list == SignatureList::InputClaims && transformation.output(name).is_some() => {
                    format!("`{name}` is an output claim, which the method writes")
                }
                None if list == SignatureList::InputParameters && transformation.input(name).is_some() => {
                    format!("`{name}` is an input claim: give it with `--in {name}=TEXT`")
                }
                None => see(method),
            }
        }
        (SignatureProblemKind::Missing { name, .. }, SignatureList::InputParameters) => {
            format!("give it with `--param {name}=TEXT`")
        }
        (SignatureProblemKind::WrongType { name, expected, .. }, list) => {
            let option = if list == SignatureList::InputParameters { "--param-type" } else { "--type" };
            match expected.first() {
                Some(it) => format!("`{option} {name}={it}`, or leave `{option}` out"),
                None => see(method),
            }
        }
        _ => see(method),
    }
}

fn named(slot: &wayfarer_builtins::transformations::Slot) -> Option<&'static str> {
    (!matches!(slot.presence, Presence::Variadic(_))).then_some(slot.name)
}

fn see(method: &str) -> String {
    format!("`wayfarer explain {method}` tells what it takes")
}

/// The next step after a failure that an option mends.
fn advise(transformation: &Transformation, options: &Eval, problem: Problem) -> Problem {
    let needs_key = transformation.parameters.iter().any(|it| it.content == Content::PolicyKey);
    let needs_predicate = transformation.method == "CopyClaimIfPredicateMatch" && options.predicates.is_empty();
    match problem.code {
        "missing-input" => problem.help(see(transformation.method)),
        "failed" if needs_key => problem.help("`--key CONTAINER=TEXT` gives the secret of a policy key"),
        "parameter" if needs_predicate => {
            problem.help("`--predicate METHOD.ID=TEXT` gives one, such as `--predicate IsLengthRange.Minimum=5`")
        }
        _ => problem,
    }
}

/// Groups that SetClaimsIfRegexMatch would write if they were declared.
fn tell_groups(declaration: &Declaration) {
    let parameter = |id: &str| declaration.parameters.iter().find(|it| it.id.eq_ignore_ascii_case(id));
    let extracts = parameter("extractGroups").is_some_and(|it| it.value.eq_ignore_ascii_case("true"));
    let Some(regex) = parameter("matchTo").filter(|_| extracts).and_then(|it| Regex::new(&it.value).ok()) else {
        return;
    };
    for name in regex.names().filter(|name| !declaration.outputs.iter().any(|it| it.slot.eq_ignore_ascii_case(name))) {
        let declare = format!("`--type {name}=string` declares one");
        output::remark(format_args!("warning: no output claim takes the group `{name}`; {declare}"));
    }
}

fn told(remark: &Remark) -> String {
    match remark {
        Remark::RegexLimit => remark.to_string(),
        Remark::LocalizedStringMissing { string_id } => {
            format!("{remark}; `--localized {string_id}=TEXT` gives one")
        }
    }
}

struct Texts<'a>(&'a [(String, String)]);

impl Localization for Texts<'_> {
    fn string(&self, _: &str, string_id: &str, _: Fallback) -> Option<String> {
        self.0.iter().rev().find(|(id, _)| id == string_id).map(|(_, text)| text.clone())
    }

    fn restriction(&self, _: &str) -> Option<&[EnumerationItem]> {
        None
    }
}
