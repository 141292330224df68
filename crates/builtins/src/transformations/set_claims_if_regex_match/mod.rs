use super::call::{Call, Run};
use super::env::{NoMatch, Remark};
use super::failure::{Failure, ParameterFailure};
use super::preparation::Preparation;
use super::regex::{Regex, StepLimit};
use super::signature::{BOOLEAN, Content, FLAG, STRING, Transformation, output, parameter, required, variadic};
use crate::{DataType, Value};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "SetClaimsIfRegexMatch",
    inputs: &[required("claimToMatch", STRING)],
    parameters: &[
        parameter("matchTo", STRING, Content::Regex),
        parameter("outputClaimIfMatched", STRING, Content::Text).optional(),
        parameter("extractGroups", BOOLEAN, FLAG).or("false"),
    ],
    outputs: &[
        output("outputClaim", STRING),
        output("regexCompareResultClaim", BOOLEAN),
        variadic("<group name>", "", STRING),
    ],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

struct Match {
    regex: Regex,
    text: Option<String>,
    groups: Groups,
}

enum Groups {
    Extracted,
    Ignored,
}

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let regex = Regex::new(preparation.text("matchTo")?);
    let it = Match {
        regex: regex.map_err(|it| ParameterFailure::new("matchTo", it.to_string()).by(it.cause))?,
        text: preparation.optional_text("outputClaimIfMatched").map(str::to_owned),
        groups: if preparation.boolean("extractGroups")? { Groups::Extracted } else { Groups::Ignored },
    };
    Ok(Box::new(move |call| run(call, &it)))
}

fn run(call: &mut Call<'_>, it: &Match) -> Result<(), Failure> {
    let subject = call.needed_text("claimToMatch")?;
    let found = match it.groups {
        Groups::Extracted => it.regex.named_groups(subject),
        Groups::Ignored => it.regex.is_match(subject).map(|it| it.then(Vec::new)),
    };
    let groups = found.unwrap_or_else(|StepLimit| {
        (call.env.remark)(Remark::RegexLimit);
        None
    });
    call.set_boolean("regexCompareResultClaim", groups.is_some());
    match groups {
        Some(groups) => {
            if let Some(text) = &it.text {
                call.set_text("outputClaim", text.as_str());
            }
            set_groups(call, &groups);
        }
        None if call.env.options.no_match == NoMatch::Clears => call.clear("outputClaim"),
        None => {}
    }
    Ok(())
}

/// Each declared output that is called like a group. The signature's own names are not group names.
fn set_groups(call: &mut Call<'_>, groups: &[(&str, &str)]) {
    for (index, name, data_type) in call.declared_outputs() {
        let own = ["outputClaim", "regexCompareResultClaim"].iter().any(|it| it.eq_ignore_ascii_case(name));
        let group = groups.iter().find(|(group, _)| group.eq_ignore_ascii_case(name));
        if let Some((_, text)) = group.filter(|_| !own && data_type == DataType::String) {
            call.set_declared(index, Value::String((*text).to_owned()));
        }
    }
}
