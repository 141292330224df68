use super::call::Run;
use super::failure::ParameterFailure;
use super::preparation::Preparation;
use super::signature::{STRING, Transformation, output, required};

pub(super) static TRANSFORMATION: Transformation = Transformation {
    method: "ParseDomain",
    inputs: &[required("emailAddress", STRING)],
    parameters: &[],
    outputs: &[output("domain", STRING)],
    documented: true,
    docs: include_str!("docs.md"),
    vectors: include_str!("vectors.toml"),
    prepare,
};

fn prepare(_: &Preparation<'_>) -> Result<Run, ParameterFailure> {
    Ok(Box::new(|call| {
        let address = call.needed_text("emailAddress")?.rsplit_once('@');
        let domain = address.filter(|(local, _)| !local.is_empty()).map_or("", |(_, domain)| domain);
        call.set_text("domain", domain);
        Ok(())
    }))
}
