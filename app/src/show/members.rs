//! The members of an organisation: the list (E2, E11).

use axum::response::Response;
use ostiary::{
    clock::Timestamp,
    id::{RoleId, UserId},
    org::{self, ListMembers, Member, MemberOrder, Roles},
};

use super::{
    AskedQuery, asked,
    organizations::{Inside, NamedPath, enter_for, named, refuse, role_tag},
    people::when,
};
use crate::{
    model::{MemberRow, MembersPage, OrganizationPlace, Person},
    ssr::{Visit, respond},
};

/// So many members stand on one page.
const PAGE: u32 = 25;

/// `GET /organizations/{organization}/members?q=&role=&order=&after=`
pub(crate) async fn members(visit: Visit, path: NamedPath, query: AskedQuery) -> Response {
    let entered = enter_for(&visit, &named(path).organization, OrganizationPlace::Members).await;
    let Inside { room, seat, at } = match entered {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let asked = asked(query);
    let search = asked.q.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let role_id = asked.role.as_deref().and_then(|role| role.parse::<RoleId>().ok());
    let by_name = asked.order.as_deref() == Some("name");
    let after = asked.after.and_then(|after| after.parse().ok());
    let cmd = ListMembers {
        organization: seat.organization.id.into(),
        search: search.clone(),
        role_id,
        order: if by_name { MemberOrder::Name } else { MemberOrder::Newest },
        after,
        limit: PAGE,
    };
    let found = match org::list_members(&visit.ctx, cmd).await {
        Ok(found) => found,
        Err(refused) => return refuse(&visit, refused),
    };
    let now = visit.ctx.now();
    let roles = &seat.rulebook.roles;
    let count = |id: RoleId| found.by_role.iter().find(|(role, _)| *role == id).map_or(0, |(_, count)| *count);
    let page = MembersPage {
        room,
        organization: at,
        total: u64::try_from(found.total).unwrap_or_default(),
        most: seat.organization.settings.max_members.into(),
        roles: roles.iter().map(|role| (role_tag(role), u64::try_from(count(role.id)).unwrap_or_default())).collect(),
        search,
        role: role_id.map(|id| id.to_string()).unwrap_or_default(),
        by_name,
        rows: found.members.into_iter().map(|member| row(member, roles, seat.user_id(), now)).collect(),
        is_later: after.is_some(),
        next: found.next.map(|next| next.to_string()),
    };
    respond::page(&visit, page)
}

/// What the list says of a member.
pub(super) fn row(member: Member, roles: &Roles, viewer: Option<UserId>, now: Timestamp) -> MemberRow {
    let membership = member.membership;
    MemberRow {
        is_you: viewer == Some(membership.user_id),
        role: roles.get(membership.role_id).map(|role| role_tag(role).name).unwrap_or_default(),
        entries: u64::try_from(member.entries).unwrap_or_default(),
        is_active: member.is_active,
        joined: when(membership.joined_at, now),
        seen: member.last_sign_in_at.map(|at| when(at, now)),
        person: Person { id: membership.user_id.to_string(), name: member.name, email: member.email },
    }
}
