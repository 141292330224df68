//! `servicePrincipals/{id}/appRoleAssignments` (what was granted to it) and `appRoleAssignedTo` (what was granted of its
//! roles, to whom). Source: `graph.md` 1.3, the page "appRoleAssignment".
//!
//! When an assignment was made is not kept: `createdDateTime` is `null`.

mod id;

use http::Method;
use serde_json::{Value, json};
use wayfarer_store::{App, AppRoleAssignment, EditError, Guid, Tenant};

use crate::call::Call;
use crate::error::GraphError;
use crate::odata::{self, Collection, Entity, Options, keyed};
use crate::reply::Reply;
use crate::request::{Key, Segment};

/// The assignments that a service principal has, or those of its roles.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Relation<'a> {
    side: Side,
    app: &'a App,
    id: Guid,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// `appRoleAssignments`
    Principal,
    /// `appRoleAssignedTo`
    Resource,
}

impl Side {
    fn name(self) -> &'static str {
        match self {
            Self::Principal => "appRoleAssignments",
            Self::Resource => "appRoleAssignedTo",
        }
    }
}

impl<'a> Relation<'a> {
    /// The relation of that name of the service principal `id`, which is `app`'s.
    pub(crate) fn named(name: &str, app: &'a App, id: Guid) -> Option<Self> {
        let side = [Side::Principal, Side::Resource].into_iter().find(|side| side.name().eq_ignore_ascii_case(name))?;
        Some(Self { side, app, id })
    }

    fn path(self) -> String {
        format!("servicePrincipals/{}/{}", self.id, self.side.name())
    }

    fn context(self) -> String {
        format!("servicePrincipals('{}')/{}", self.id, self.side.name())
    }
}

/// One assignment with both of its ends.
#[derive(Debug, Clone, Copy)]
struct Grant<'a> {
    principal: (&'a App, Guid),
    resource: (&'a App, Guid),
    assignment: AppRoleAssignment,
}

impl Grant<'_> {
    fn shown(self) -> Entity {
        let Self { principal, resource, assignment } = self;
        let shown = json!({
            "id": id::of(principal.1, assignment),
            "deletedDateTime": null,
            "appRoleId": assignment.app_role_id,
            "createdDateTime": null,
            "principalDisplayName": principal.0.name,
            "principalId": principal.1,
            "principalType": "ServicePrincipal",
            "resourceDisplayName": resource.0.name,
            "resourceId": resource.1
        });
        match shown {
            Value::Object(members) => members,
            _ => Entity::new(),
        }
    }
}

/// `path` begins with the relation's own segment, behind the service principal and its key.
pub(crate) fn answer(
    call: &Call<'_>,
    tenant: &Tenant,
    relation: Relation<'_>,
    path: &[Segment],
) -> Result<Reply, GraphError> {
    match keyed(path)? {
        (None, _) => collection(call, tenant, relation),
        (Some(Key::Id(id)), []) => single(call, tenant, relation, &id),
        (Some(Key::AppId(id)), _) => Err(GraphError::bad_segment(&id)),
        (Some(_), [beyond, ..]) => Err(GraphError::bad_segment(&beyond.name)),
    }
}

fn collection(call: &Call<'_>, tenant: &Tenant, relation: Relation<'_>) -> Result<Reply, GraphError> {
    let (path, context) = (relation.path(), relation.context());
    let filterable = &["appRoleId", "principalDisplayName", "principalId", "resourceDisplayName", "resourceId"];
    match *call.method() {
        Method::GET => {
            let shown = grants(tenant, relation).into_iter().map(Grant::shown).collect();
            Collection { path: &path, context: &context, filterable }.show(call, shown)
        }
        Method::POST => create(call, tenant, relation),
        _ => Err(GraphError::method("GET, POST")),
    }
}

fn single(call: &Call<'_>, tenant: &Tenant, relation: Relation<'_>, id: &str) -> Result<Reply, GraphError> {
    let found = grants(tenant, relation).into_iter().find(|it| id::of(it.principal.1, it.assignment) == id);
    let found = found.ok_or_else(|| GraphError::not_found("app role assignment", id))?;
    match *call.method() {
        Method::GET => {
            let options = Options::of_entity(call.request.query)?;
            let context = format!("{}{}/$entity", relation.context(), options.selection());
            Ok(Reply::ok(&odata::entity(call, &context, options.selected(found.shown())?)))
        }
        Method::DELETE => {
            tenant.clone().unassign_role(found.principal.1, found.assignment)?;
            Ok(Reply::no_content())
        }
        _ => Err(GraphError::method("GET, DELETE")),
    }
}

/// The assignments of a relation, in file order. What is assigned of an API that has no service principal has no other
/// end, and is not shown.
fn grants<'a>(tenant: &'a Tenant, relation: Relation<'a>) -> Vec<Grant<'a>> {
    let principals: Vec<&App> = match relation.side {
        Side::Principal => vec![relation.app],
        Side::Resource => tenant.apps().iter().collect(),
    };
    let of = |app: &'a App| {
        let assignments = app.app_role_assignments.iter();
        assignments.filter_map(move |assignment| {
            let resource = tenant.app(assignment.resource_app_id)?;
            let (principal, resource) = ((app, app.service_principal_id?), (resource, resource.service_principal_id?));
            Some(Grant { principal, resource, assignment: *assignment })
        })
    };
    let is_ours = |it: &Grant<'_>| relation.side == Side::Principal || it.resource.1 == relation.id;
    principals.into_iter().flat_map(of).filter(is_ours).collect()
}

fn create(call: &Call<'_>, tenant: &Tenant, relation: Relation<'_>) -> Result<Reply, GraphError> {
    let body = call.body()?;
    let known = ["principalId", "resourceId", "appRoleId"];
    // Clients that send whole objects send the rest as `null`.
    if let Some((name, _)) = body.iter().find(|(name, value)| {
        !known.contains(&name.as_str()) && !name.contains('@') && !value.is_null() && *name != "principalType"
    }) {
        return Err(invalid(name, "can't be set"));
    }
    let guid = |name: &'static str| -> Result<Guid, GraphError> {
        let guid = body.get(name).and_then(Value::as_str).and_then(|it| it.parse().ok());
        guid.ok_or_else(|| invalid(name, "must be given, and is a GUID"))
    };
    let (principal, resource, role) = (guid("principalId")?, guid("resourceId")?, guid("appRoleId")?);
    let (own, member) = match relation.side {
        Side::Principal => (principal, "principalId"),
        Side::Resource => (resource, "resourceId"),
    };
    if own != relation.id {
        return Err(invalid(member, "is not the service principal that the URL names"));
    }
    let mut tenant = tenant.clone();
    tenant.assign_role(principal, resource, role).map_err(|error| match error {
        EditError::Invalid { .. } => invalid("appRoleId", &error.to_string()),
        other => other.into(),
    })?;
    let made =
        |it: &Grant<'_>| it.principal.1 == principal && it.resource.1 == resource && it.assignment.app_role_id == role;
    let relation = Relation { app: tenant.app(relation.app.app_id).unwrap_or(relation.app), ..relation };
    let grant = grants(&tenant, relation).into_iter().find(made);
    let grant = grant.ok_or_else(|| GraphError::internal("an app role assignment was made and is gone"))?.shown();
    let id = grant.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let shown = odata::entity(call, &format!("{}/$entity", relation.context()), grant);
    Ok(Reply::created(call.url(&format!("{}/{id}", relation.path())), &shown))
}

fn invalid(member: &str, problem: &str) -> GraphError {
    let member: String = member.chars().take(200).collect();
    GraphError::bad_request(format!("`{member}` {problem}")).with_details("InvalidValue", member)
}
