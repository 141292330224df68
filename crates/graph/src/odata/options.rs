use percent_encoding::percent_decode_str;

use super::filter::Filter;
use super::{Entity, filter};
use crate::error::GraphError;

/// How many objects a page has at most, asked for or not: as Graph has it for applications.
const MOST: usize = 999;
const USUAL: usize = 100;

/// The query options of a request. Those without a `$` are nobody's, and are left alone as OData wants it.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(super) filter: Option<Filter>,
    pub(super) select: Option<Vec<String>>,
    pub(super) top: Option<usize>,
    pub(super) skip_token: Option<String>,
}

impl Options {
    /// Reads a query. What Graph knows and this server does not serve is refused, as it would change what is shown; so are
    /// `$count` and `$search`, which B2C tenants don't have.
    pub(crate) fn of(query: Option<&str>) -> Result<Self, GraphError> {
        let mut options = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in query.into_iter().flat_map(pairs) {
            let (name, value) = (decoded(name)?.to_ascii_lowercase(), decoded(value)?);
            if !name.starts_with('$') {
                continue;
            }
            if seen.contains(&name) {
                return Err(GraphError::unsupported_query(format!("`{name}` is there twice")));
            }
            options.set(&name, &value)?;
            seen.push(name);
        }
        Ok(options)
    }

    /// Those of a single object: only its members can be chosen.
    pub(crate) fn of_entity(query: Option<&str>) -> Result<Self, GraphError> {
        let options = Self::of(query)?;
        if options.filter.is_some() || options.top.is_some() || options.skip_token.is_some() {
            return Err(GraphError::unsupported_query("only `$select` goes with a single object"));
        }
        Ok(options)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), GraphError> {
        match name {
            "$filter" => self.filter = Some(filter::parse(value)?),
            "$select" => self.select = Some(value.split(',').map(|it| it.trim().to_owned()).collect()),
            "$top" => self.top = Some(top(value)?),
            "$skiptoken" => self.skip_token = Some(value.to_owned()),
            // It says how numbers are written and nothing else.
            "$format" => {}
            _ => {
                let name: String = name.chars().take(40).collect();
                let served = "`$filter`, `$select`, `$top`";
                return Err(GraphError::unsupported_query(format!("`{name}` is not served: use {served}")));
            }
        }
        Ok(())
    }

    pub(super) fn page_size(&self) -> usize {
        self.top.unwrap_or(USUAL)
    }

    /// The members that were asked for, in the object's own order.
    pub(crate) fn selected(&self, entity: Entity) -> Result<Entity, GraphError> {
        let Some(names) = self.select.as_ref().filter(|names| names.iter().all(|it| it != "*")) else {
            return Ok(entity);
        };
        if let Some(unknown) = names.iter().find(|name| !entity.contains_key(*name)) {
            let unknown: String = unknown.chars().take(100).collect();
            return Err(GraphError::unsupported_query(format!("there is no member `{unknown}` to select")));
        }
        Ok(entity.into_iter().filter(|(name, _)| names.contains(name)).collect())
    }

    /// What `@odata.context` says of the choice.
    pub(crate) fn selection(&self) -> String {
        self.select.as_ref().map(|names| format!("({})", names.join(","))).unwrap_or_default()
    }
}

fn top(value: &str) -> Result<usize, GraphError> {
    let top = value.parse().ok().filter(|it| (1..=MOST).contains(it));
    top.ok_or_else(|| GraphError::unsupported_query(format!("`$top` must be a number from 1 to {MOST}")))
}

pub(super) fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query.split('&').filter(|it| !it.is_empty()).map(|it| it.split_once('=').unwrap_or((it, "")))
}

fn decoded(text: &str) -> Result<String, GraphError> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().map(|it| it.into_owned());
    decoded.map_err(|_| GraphError::unsupported_query("the query is not UTF-8"))
}
