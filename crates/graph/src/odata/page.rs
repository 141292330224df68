use serde_json::{Value, json};

use super::options::pairs;
use super::{Entity, Options};
use crate::call::Call;
use crate::error::GraphError;
use crate::reply::Reply;

/// A list of objects, each with a member `id`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Collection<'a> {
    /// Its path below the version.
    pub(crate) path: &'a str,
    /// How `@odata.context` calls it.
    pub(crate) context: &'a str,
    /// The members that `$filter` may ask for.
    pub(crate) filterable: &'static [&'static str],
}

impl Collection<'_> {
    /// Shows those of `entities` that the query asks for, a page at a time.
    pub(crate) fn show(self, call: &Call<'_>, entities: Vec<Entity>) -> Result<Reply, GraphError> {
        let options = Options::of(call.request.query)?;
        if let Some(member) = options.filter.as_ref().and_then(|it| it.beyond(self.filterable)) {
            let filterable = self.filterable.join(", ");
            let message = format!("`$filter` can't ask for `{member}`: it can for {filterable}");
            return Err(GraphError::unsupported_query(message));
        }
        let found = entities.into_iter().filter(|it| options.filter.as_ref().is_none_or(|filter| filter.takes(it)));
        let found: Vec<Entity> = found.collect();
        let first = first_after(&found, options.skip_token.as_deref())?;
        let last = found.len().min(first.saturating_add(options.page_size()));
        let next = if last < found.len() { found.get(last - 1).and_then(id) } else { None };
        let next = next.map(|id| self.next_link(call, id));
        let page = found.into_iter().take(last).skip(first);
        let page = page.map(|it| options.selected(it).map(Value::from)).collect::<Result<Vec<_>, _>>()?;
        let context = call.url(&format!("$metadata#{}{}", self.context, options.selection()));
        let mut body = json!({ "@odata.context": context });
        if let Some(next) = next {
            body["@odata.nextLink"] = next.into();
        }
        body["value"] = page.into();
        Ok(Reply::ok(&body))
    }

    /// The same request, from behind `last` on.
    fn next_link(self, call: &Call<'_>, last: &str) -> String {
        let query = call.request.query.unwrap_or_default();
        let is_token =
            |name: &str| name.eq_ignore_ascii_case("$skiptoken") || name.eq_ignore_ascii_case("%24skiptoken");
        let kept = pairs(query).filter(|(name, _)| !is_token(name)).map(|(name, value)| format!("{name}={value}&"));
        format!("{}?{}$skiptoken={last}", call.url(self.path), kept.collect::<String>())
    }
}

/// A page begins behind the object that its token names. When that is gone meanwhile, nobody can tell where to go on.
fn first_after(found: &[Entity], token: Option<&str>) -> Result<usize, GraphError> {
    let Some(token) = token else { return Ok(0) };
    let at = found.iter().position(|it| id(it) == Some(token)).map(|at| at + 1);
    at.ok_or_else(|| GraphError::unsupported_query("`$skiptoken` is none of ours, or its object is gone: begin anew"))
}

fn id(entity: &Entity) -> Option<&str> {
    entity.get("id").and_then(Value::as_str)
}
