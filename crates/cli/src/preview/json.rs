use super::{Claim, Journey, Preview, word};
use serde_json::{Value, json};

/// One object.
pub(crate) fn json(preview: &Preview) -> Value {
    json!({ "policy": preview.policy, "journeys": preview.journeys.iter().map(journey).collect::<Vec<_>>() })
}

fn journey(it: &Journey) -> Value {
    let system = it.system.iter().map(|it| {
        json!({ "name": it.name, "presence": if it.always { "always" } else { "maybe" }, "jsonType": it.json_type, "what": it.what })
    });
    json!({
        "journey": it.id,
        "flow": it.title,
        "notes": it.notes,
        "claims": it.claims.iter().map(claim).collect::<Vec<_>>(),
        "systemClaims": system.collect::<Vec<_>>(),
    })
}

fn claim(it: &Claim) -> Value {
    let origins = it.origins.iter().map(|it| json!({ "what": it.what, "step": it.step, "place": it.place }));
    json!({
        "name": it.name,
        "presence": word(it.presence),
        "jsonType": it.json_type,
        "claimType": it.claim,
        "namedBy": it.named_by,
        "place": it.place,
        "values": it.values,
        "constant": it.constant.is_some(),
        "conditions": it.conditions,
        "remarks": it.remarks,
        "origins": origins.collect::<Vec<_>>(),
    })
}
