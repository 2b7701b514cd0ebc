//! One member of an organisation (E3, E5), and what is asked before something ends.

use axum::response::Response;
use ostiary::{
    clock::Timestamp,
    id::{RoleId, UserId},
    org::{
        self, Builtin, Decision, Effect, MemberDetails, MemberEntry, Permission, PermissionEntry, Refused, Right,
        Roles, Seat,
    },
};

use super::{
    AskedQuery,
    account::flash,
    asked,
    members::row,
    organizations::{Inside, Named, NamedPath, enter, named, refuse, role_tag},
    people::when,
};
use crate::{
    model::{
        EffectiveRow, EntryRow, EntryValues, ErrorKind, Flash, May, MemberPage, PermissionGroup, RemoveEntryPage,
        RemoveMemberPage, WhyNot,
    },
    ssr::{Visit, respond},
};

/// `GET /organizations/{organization}/members/{member}`
pub(crate) async fn member(visit: Visit, path: NamedPath) -> Response {
    let Named { organization, member, .. } = named(path);
    let flash = flash(&visit);
    match page(&visit, &organization, &member, flash).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// A member, for those who may see them.
///
/// # Errors
/// The answer instead.
async fn find(
    visit: &Visit,
    which: &str,
    member: &str,
    flash: Option<Flash>,
) -> Result<(Inside, MemberDetails), Response> {
    let inside = enter(visit, which, flash).await?;
    let user_id = member.parse::<UserId>().map_err(|_| respond::error(visit, &ErrorKind::NotFound))?;
    let found = org::get_member(&visit.ctx, &inside.seat.organization.id.into(), user_id).await;
    let found = found.map_err(|refused| refuse(visit, refused))?;
    Ok((inside, found))
}

/// The page of a member, with nothing typed and nothing wrong.
///
/// # Errors
/// The answer instead.
pub(crate) async fn page(
    visit: &Visit,
    which: &str,
    member: &str,
    flash: Option<Flash>,
) -> Result<MemberPage, Response> {
    let (Inside { room, at, .. }, details) = find(visit, which, member, flash).await?;
    let now = visit.ctx.now();
    let MemberDetails { seat, member, entries, standing, names } = details;
    let roles = &seat.rulebook.roles;
    let role_id = member.membership.role_id;
    let (assignable, why_not) = assignable(&seat, member.membership.user_id, role_id);
    let may_change = changeable(&seat, member.membership.user_id, role_id) && seat.may(Right::ManageRoles);
    let add = may_change.then(|| groups(seat.rulebook.permissions.iter()));
    let entry = |entry: &MemberEntry| {
        let by = entry.created_by.and_then(|by| names.get(&by).cloned());
        entry_row(entry, by, may_change && may_withdraw(&seat, entry), now)
    };
    let effective = seat.rulebook.permissions.names().map(|permission| {
        let decision = standing.effective.decide(permission, None, now);
        effective_row(permission, &decision, &entries, roles, now)
    });
    Ok(MemberPage {
        room,
        organization: at,
        invited_by: member.membership.invited_by.and_then(|by| names.get(&by).cloned()),
        version: member.membership.version,
        role: roles.get(role_id).map(role_tag).unwrap_or_default(),
        assignable,
        why_not,
        entries: entries.iter().map(entry).collect(),
        add,
        values: EntryValues::default(),
        problems: vec![],
        effective: effective.collect(),
        may_remove: changeable(&seat, member.membership.user_id, role_id) && seat.may(Right::RemoveMembers),
        member: row(member, roles, seat.user_id(), now),
    })
}

/// Whether whoever has this seat may change a member at all: somebody else, whose role they may take. The commands see to
/// it; here nobody is offered what they would be refused.
fn changeable(seat: &Seat, member: UserId, role: RoleId) -> bool {
    seat.may_assign(role) && (seat.is_operator || seat.user_id() != Some(member))
}

/// To end a denial is to give.
fn may_withdraw(seat: &Seat, entry: &MemberEntry) -> bool {
    entry.effect == Effect::Grant || seat.may_grant(&entry.pattern)
}

/// The roles that somebody may give a member, and why not others.
fn assignable(seat: &Seat, member: UserId, role: RoleId) -> (Vec<(crate::model::RoleTag, String)>, WhyNot) {
    let offered = || seat.assignable().map(|role| (role_tag(role), role.description.clone())).collect::<Vec<_>>();
    if role == Builtin::Owner.id() {
        (vec![], WhyNot::Owner)
    } else if !seat.is_operator && seat.user_id() == Some(member) {
        (vec![], WhyNot::You)
    } else if seat.assignable().next().is_none() {
        (vec![], WhyNot::Nothing)
    } else if !seat.may_assign(role) {
        (vec![], WhyNot::NotBelow)
    } else {
        let offered = offered();
        let all_but_one = offered.len() + 1 == seat.rulebook.roles.iter().count();
        (offered, if all_but_one { WhyNot::OnlyOwnership } else { WhyNot::Ceiling })
    }
}

/// The catalogue by category.
pub(crate) fn groups<'c>(catalogue: impl Iterator<Item = &'c PermissionEntry>) -> Vec<PermissionGroup> {
    let mut groups: Vec<PermissionGroup> = Vec::new();
    for entry in catalogue {
        let line = (entry.name.to_string(), entry.description.clone());
        match groups.last_mut().filter(|group| group.category == entry.name.category()) {
            Some(group) => group.permissions.push(line),
            None => {
                groups.push(PermissionGroup { category: entry.name.category().to_owned(), permissions: vec![line] });
            }
        }
    }
    groups
}

fn entry_row(entry: &MemberEntry, by: Option<String>, may_remove: bool, now: Timestamp) -> EntryRow {
    EntryRow {
        id: entry.id.to_string(),
        is_denial: entry.effect == Effect::Denial,
        pattern: entry.pattern.to_string(),
        resource: entry.resource.as_ref().map(ToString::to_string),
        reason: entry.reason.clone(),
        by,
        made: when(entry.created_at, now),
        ends: entry.expires_at.map(|at| when(at, now)),
        is_over: entry.is_over(now),
        may_remove,
    }
}

fn effective_row(
    permission: &Permission,
    decision: &Decision,
    entries: &[MemberEntry],
    roles: &Roles,
    now: Timestamp,
) -> EffectiveRow {
    let name = |id: &RoleId| roles.get(*id).map(|role| role_tag(role).name).unwrap_or_default();
    let until = |entry: &MemberEntry| match entry.expires_at {
        Some(end) => format!(" until {}", when(end, now).text),
        None => String::new(),
    };
    let of = |ids: &[ostiary::id::MemberEntryId]| entries.iter().find(|entry| ids.contains(&entry.id));
    let (may, because) = if let Some(denial) = of(&decision.denials) {
        (May::Denied, format!("Denied{}", until(denial)))
    } else {
        match (decision.role_path.as_slice(), of(&decision.grants)) {
            ([only], _) => (May::ByRole, format!("Role {}", name(only))),
            ([first, .., last], _) => (May::ByInheritance, format!("Role {}, through {}", name(first), name(last))),
            ([], Some(grant)) => (May::ByGrant, format!("Granted{}", until(grant))),
            ([], None) => (May::No, "Nothing gives it".to_owned()),
        }
    };
    let single = entries.iter().filter(|entry| !entry.is_over(now) && entry.pattern.covers(permission));
    let besides = single.filter_map(|entry| {
        let resource = entry.resource.as_ref()?;
        let word = if entry.effect == Effect::Denial { "Denied" } else { "Granted" };
        Some(format!("{word} on {resource}{}", until(entry)))
    });
    EffectiveRow { name: permission.to_string(), may, because, besides: besides.collect() }
}

/// `GET /organizations/{organization}/members/{member}/withdraw?id=`: asks first.
pub(crate) async fn withdraw(visit: Visit, path: NamedPath, query: AskedQuery) -> Response {
    let Named { organization, member, .. } = named(path);
    let page = match page(&visit, &organization, &member, None).await {
        Ok(page) => page,
        Err(instead) => return instead,
    };
    let id = asked(query).id.unwrap_or_default();
    match page.entries.into_iter().find(|entry| entry.id == id) {
        Some(entry) if entry.may_remove => {
            let page = RemoveEntryPage {
                organization: page.organization,
                person: page.member.person,
                version: page.version,
                entry,
            };
            respond::page(&visit, page)
        }
        Some(_) => refuse(&visit, Refused::Denied(ostiary::authz::Denied)),
        None => respond::error(&visit, &ErrorKind::NotFound),
    }
}

/// `GET /organizations/{organization}/members/{member}/remove`: asks first.
pub(crate) async fn remove(visit: Visit, path: NamedPath) -> Response {
    let Named { organization, member, .. } = named(path);
    match page(&visit, &organization, &member, None).await {
        Ok(page) if page.may_remove => {
            let MemberPage { organization, member, version, .. } = page;
            respond::page(&visit, RemoveMemberPage { organization, person: member.person, version })
        }
        Ok(_) => refuse(&visit, Refused::Denied(ostiary::authz::Denied)),
        Err(instead) => instead,
    }
}
