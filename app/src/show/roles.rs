//! The roles of an organisation (E3, E4).

use axum::response::Response;
use ostiary::{
    authz::Denied,
    id::RoleId,
    org::{self, Builtin, ListMembers, MemberOrder, Permission, Right, Role, RoleDefinition, Roles, Seat},
};

use super::{
    account::flash,
    member::groups,
    organizations::{Inside, Named, NamedPath, enter, enter_for, named, refuse, role_tag},
};
use crate::{
    model::{
        DeleteRolePage, ErrorKind, MatrixGroup, MatrixRow, OrganizationPlace, Pass, RoleColumn, RolePage, RoleValues,
        RolesPage,
    },
    ssr::{Visit, respond},
};

/// `GET /organizations/{organization}/roles`
pub(crate) async fn roles(visit: Visit, path: NamedPath) -> Response {
    let entered = enter_for(&visit, &named(path).organization, OrganizationPlace::Roles).await;
    let Inside { room, seat, at } = match entered {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let counts = match members_by_role(&visit, &seat).await {
        Ok(counts) => counts,
        Err(instead) => return instead,
    };
    let all = &seat.rulebook.roles;
    let columns = all.iter().map(|role| RoleColumn {
        role: role_tag(role),
        description: role.description.clone(),
        is_own: role.organization_id.is_some(),
        members: counts.as_ref().map(|counts| count(counts, role.id)),
        inherits: role
            .definition
            .inherits
            .iter()
            .filter_map(|id| all.get(*id))
            .map(|role| role_tag(role).name)
            .collect(),
        may_edit: may_edit(&seat, role),
    });
    let implied = all.iter().map(|role| all.implied(role.id)).collect::<Vec<_>>();
    let pass = |implied: &Vec<org::Implied>, permission: &Permission| {
        let found = implied.iter().find(|implied| implied.pattern.covers(permission));
        match found.map(|found| found.path.as_slice()) {
            None | Some([]) => Pass::No,
            Some([_]) => Pass::Full,
            Some([.., last]) => Pass::Through(all.get(*last).map(|role| role_tag(role).name).unwrap_or_default()),
        }
    };
    let row = |(name, description): (String, String)| {
        let permission = Permission::try_from(name.as_str());
        let cell = |implied| permission.as_ref().map_or(Pass::No, |permission| pass(implied, permission));
        MatrixRow { cells: implied.iter().map(cell).collect(), name, description }
    };
    let groups = groups(seat.rulebook.permissions.iter())
        .into_iter()
        .map(|group| MatrixGroup { category: group.category, rows: group.permissions.into_iter().map(row).collect() });
    let page = RolesPage {
        room,
        organization: at,
        may_make: seat.may(Right::ManageRoles),
        columns: columns.collect(),
        groups: groups.collect(),
    };
    respond::page(&visit, page)
}

/// How many members have each role, for those who may see members.
///
/// # Errors
/// The answer instead.
async fn members_by_role(visit: &Visit, seat: &Seat) -> Result<Option<Vec<(RoleId, i64)>>, Response> {
    if !seat.may(Right::ReadMembers) {
        return Ok(None);
    }
    let cmd = ListMembers {
        organization: seat.organization.id.into(),
        search: String::new(),
        role_id: None,
        order: MemberOrder::Newest,
        after: None,
        limit: 1,
    };
    let page = org::list_members(&visit.ctx, cmd).await.map_err(|refused| refuse(visit, refused))?;
    Ok(Some(page.by_role))
}

fn count(counts: &[(RoleId, i64)], id: RoleId) -> u64 {
    counts.iter().find(|(role, _)| *role == id).map_or(0, |(_, count)| u64::try_from(*count).unwrap_or_default())
}

/// A role of the organisation's own that gives nothing which whoever has this seat does not have themselves.
fn may_edit(seat: &Seat, role: &Role) -> bool {
    role.organization_id.is_some() && seat.may(Right::ManageRoles) && seat.covers(&role.definition)
}

/// `GET /organizations/{organization}/roles/new`
pub(crate) async fn new(visit: Visit, path: NamedPath) -> Response {
    match page(&visit, &named(path).organization, "").await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// `GET /organizations/{organization}/roles/{role}`
pub(crate) async fn role(visit: Visit, path: NamedPath) -> Response {
    let Named { organization, role, .. } = named(path);
    match page(&visit, &organization, &role).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// The form of a role as it is; of one to be made when `role` is empty.
///
/// # Errors
/// The answer instead.
pub(crate) async fn page(visit: &Visit, which: &str, role: &str) -> Result<RolePage, Response> {
    let Inside { room, seat, at } = enter(visit, which, flash(visit)).await?;
    seat.require(Right::ManageRoles).map_err(|denied| refuse(visit, denied.into()))?;
    let found = match role {
        "" => None,
        role => Some(find(visit, &seat, role)?),
    };
    let roles = &seat.rulebook.roles;
    let is_other = |role: &&Role| role.id != Builtin::Owner.id() && found.is_none_or(|found| found.id != role.id);
    Ok(RolePage {
        room,
        organization: at,
        role: found.map(role_tag),
        version: found.map_or(0, |role| role.mark.version),
        values: found.map(values).unwrap_or_default(),
        groups: groups(seat.rulebook.permissions.iter()),
        others: roles.iter().filter(is_other).map(role_tag).collect(),
        problems: vec![],
    })
}

/// A role of the organisation's own that may be changed.
///
/// # Errors
/// The answer instead.
#[expect(clippy::result_large_err, reason = "the error is the answer, made once in a request")]
fn find<'s>(visit: &Visit, seat: &'s Seat, role: &str) -> Result<&'s Role, Response> {
    let id = role.parse::<RoleId>().ok();
    let found = id.and_then(|id| seat.rulebook.roles.get(id)).filter(|role| role.organization_id.is_some());
    let role = found.ok_or_else(|| respond::error(visit, &ErrorKind::NotFound))?;
    if may_edit(seat, role) { Ok(role) } else { Err(refuse(visit, Denied.into())) }
}

fn values(role: &Role) -> RoleValues {
    let RoleDefinition { permissions, inherits, assigns } = &role.definition;
    RoleValues {
        name: role.name.clone(),
        description: role.description.clone(),
        permissions: permissions.iter().map(ToString::to_string).collect(),
        inherits: inherits.iter().map(ToString::to_string).collect(),
        assigns: assigns.iter().map(ToString::to_string).collect(),
    }
}

/// Other roles name it.
fn is_named(roles: &Roles, id: RoleId) -> bool {
    let names = |role: &Role| role.definition.inherits.contains(&id) || role.definition.assigns.contains(&id);
    roles.iter().any(|role| role.id != id && names(role))
}

/// `GET /organizations/{organization}/roles/{role}/delete`: asks first.
pub(crate) async fn delete(visit: Visit, path: NamedPath) -> Response {
    let Named { organization, role, .. } = named(path);
    match about_deleting(&visit, &organization, &role).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// The question.
///
/// # Errors
/// The answer instead.
pub(crate) async fn about_deleting(visit: &Visit, which: &str, role: &str) -> Result<DeleteRolePage, Response> {
    let Inside { seat, at, .. } = enter(visit, which, None).await?;
    seat.require(Right::ManageRoles).map_err(|denied| refuse(visit, denied.into()))?;
    let role = find(visit, &seat, role)?;
    let counts = members_by_role(visit, &seat).await?.unwrap_or_default();
    let is_used = count(&counts, role.id) > 0 || is_named(&seat.rulebook.roles, role.id);
    Ok(DeleteRolePage { organization: at, role: role_tag(role), version: role.mark.version, is_used })
}
