use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};
use jiff::tz::TimeZone;

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "CopyClaimIfPredicateMatch",
    inputs: &[required("inputClaim", STRING).nullable()],
    parameters: &[],
    outputs: &[output("outputClaim", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(preparation: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    let Some(output) = preparation.output("outputClaim") else {
        return Ok(Box::new(|_| Ok(())));
    };
    let Some(validation) = &output.predicate_validation else {
        return Err(ParameterFailure::new(&output.claim_type, "is a claim type without a predicate validation"));
    };
    let validation =
        validation.compile().map_err(|it| ParameterFailure::new(&output.claim_type, it.to_string()).by(it.cause))?;
    Ok(Box::new(move |call| {
        let today = TimeZone::UTC.to_datetime(call.env.now).date();
        if let Some(text) = call.text("inputClaim").filter(|it| validation.is_valid(it, today)) {
            call.set_text("outputClaim", text);
        }
        Ok(())
    }))
}
