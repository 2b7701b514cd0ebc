//! The organisations one belongs to, and one of them from its entrance (E1, E2, E11). Whoever does not belong to an
//! organisation is told what is said of every address where nothing is.

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use ostiary::{
    authz::Denied,
    org::{
        self, Builtin, ListMembers, ListOrganizations, ListOrganizationsError, MemberOrder, OrganizationRef, Refused,
        Right, Role, Seat,
    },
};
use serde::Deserialize;

use super::{
    AskedQuery,
    account::{flash, own_room, room, to_sign_in},
    asked,
    people::when,
};
use crate::{
    model::{
        DeletedOrganization, ErrorKind, Flash, LeaveOrganizationPage, NewOrganizationPage, OrganizationPage,
        OrganizationPlace, OrganizationRow, OrganizationsPage, RoleTag, Room, RoomOrganization,
    },
    ssr::{Next, Visit, respond},
};

/// So many organisations stand on one page.
const PAGE: u32 = 25;

/// What the path of a page of an organisation names. What is not in it is empty, and names nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Named {
    /// The organisation: its slug, or its id.
    pub(crate) organization: String,
    /// An invitation: its id.
    pub(crate) invitation: String,
    /// A member: the id of the account.
    pub(crate) member: String,
    /// A role: its id.
    pub(crate) role: String,
}

/// The path, read leniently: what cannot be read names nothing.
pub(crate) type NamedPath = Result<Path<Named>, PathRejection>;

/// See [`NamedPath`].
pub(crate) fn named(path: NamedPath) -> Named {
    path.map(|Path(named)| named).unwrap_or_default()
}

/// A role as pages name it.
pub(crate) fn role_tag(role: &Role) -> RoleTag {
    RoleTag::new(role.id.to_string(), &role.name, role.is_builtin, role.id == Builtin::Owner.id())
}

/// Whether the person may use a page of an organisation; the side leaves out the others.
fn opens(seat: &Seat, place: OrganizationPlace) -> bool {
    match place {
        OrganizationPlace::Overview | OrganizationPlace::Roles | OrganizationPlace::Why => true,
        OrganizationPlace::Members => seat.may(Right::ReadMembers),
        OrganizationPlace::Invitations => seat.may(Right::ReadMembers) && seat.require_inviting().is_ok(),
        OrganizationPlace::Settings => seat.may(Right::WriteOrganization) || seat.may(Right::DeleteOrganization),
        OrganizationPlace::Policies | OrganizationPlace::Activity => seat.may(Right::WriteOrganization),
    }
}

/// An organisation as the side of a room speaks of it.
pub(super) fn beside(seat: &Seat) -> RoomOrganization {
    let role = seat.standing.as_ref().and_then(|standing| standing.role());
    RoomOrganization {
        id: seat.organization.id.to_string(),
        name: seat.organization.name.clone(),
        slug: seat.organization.slug.clone(),
        is_personal: seat.organization.personal_of.is_some(),
        role: role.map(role_tag),
        pages: OrganizationPlace::ALL.into_iter().filter(|place| opens(seat, *place)).collect(),
    }
}

/// An organisation that the person who asks has entered.
pub(crate) struct Inside {
    /// The room around its pages.
    pub(crate) room: Room,
    /// What they may do there.
    pub(crate) seat: Seat,
    /// The organisation as pages show it.
    pub(crate) at: RoomOrganization,
}

/// Enters an organisation, named by slug or id, for one of its pages.
///
/// # Errors
/// The answer instead: sign-in for nobody, "nothing is here" for those who do not belong to it.
pub(crate) async fn enter(visit: &Visit, which: &str, flash: Option<Flash>) -> Result<Inside, Response> {
    let (room, _) = own_room(visit, Next::Organizations, flash).await?;
    let nothing = || respond::error(visit, &ErrorKind::NotFound);
    let organization = OrganizationRef::parse(which).ok_or_else(nothing)?;
    let seat = org::enter(&visit.ctx, &organization).await.map_err(|refused| refuse(visit, refused))?;
    let at = beside(&seat);
    Ok(Inside { room: Room { organization: Some(at.clone()), ..room }, seat, at })
}

/// The same for those who may use this page.
///
/// # Errors
/// The answer instead; "this is not for you" for members without the right.
pub(crate) async fn enter_for(visit: &Visit, which: &str, place: OrganizationPlace) -> Result<Inside, Response> {
    let inside = enter(visit, which, flash(visit)).await?;
    if inside.at.opens(place) { Ok(inside) } else { Err(refuse(visit, Denied.into())) }
}

/// What is answered to whom a command about an organisation stopped.
pub(crate) fn refuse(visit: &Visit, refused: Refused) -> Response {
    match refused {
        Refused::NotFound => respond::error(visit, &ErrorKind::NotFound),
        Refused::Denied(_) if visit.live.is_none() => to_sign_in(visit, Next::Organizations),
        Refused::Denied(_) => respond::error(visit, &ErrorKind::Forbidden),
        Refused::Internal(cause) => respond::broken(visit, &cause),
    }
}

/// `GET /organizations?q=&after=`
pub(crate) async fn organizations(visit: Visit, query: AskedQuery) -> Response {
    let room = match room(&visit, Next::Organizations, flash(&visit)).await {
        Ok((room, _)) => room,
        Err(instead) => return instead,
    };
    let asked = asked(query);
    let search = asked.q.as_deref().map(str::trim).unwrap_or_default().to_owned();
    let after = asked.after.and_then(|after| after.parse().ok());
    let cmd = ListOrganizations { search: search.clone(), after, limit: PAGE };
    let found = match org::list_my_organizations(&visit.ctx, cmd).await {
        Ok(found) => found,
        Err(ListOrganizationsError::Denied(_)) => return to_sign_in(&visit, Next::Organizations),
        Err(ListOrganizationsError::Internal(cause)) => return respond::broken(&visit, &cause),
    };
    let deleted = match org::list_deleted(&visit.ctx).await {
        Ok(deleted) => deleted,
        Err(cause) => return respond::broken(&visit, &cause),
    };
    let now = visit.ctx.now();
    let preferred = room.organization.as_ref().map(|at| at.id.clone());
    let rows = found.organizations.into_iter().map(|mine| {
        let id = mine.organization.id.to_string();
        let is_builtin = Builtin::ALL.iter().any(|role| role.id() == mine.role_id);
        OrganizationRow {
            is_preferred: preferred.as_ref() == Some(&id),
            id,
            name: mine.organization.name,
            slug: mine.organization.slug,
            role: RoleTag::new(mine.role_id.to_string(), &mine.role, is_builtin, false).name,
            is_personal: mine.organization.personal_of.is_some(),
            since: when(mine.joined_at, now),
        }
    });
    let deleted = deleted.into_iter().map(|one| DeletedOrganization {
        id: one.id.to_string(),
        name: one.name,
        erase: when(one.deleted_at.unwrap_or(now) + org::GRACE, now),
    });
    let page = OrganizationsPage {
        search,
        rows: rows.collect(),
        is_later: after.is_some(),
        next: found.next.map(|next| next.to_string()),
        deleted: deleted.collect(),
        may_found: visit.ctx.config().organizations.members_may_create || room.is_admin,
        room,
    };
    respond::page(&visit, page)
}

/// `GET /organizations/new`
pub(crate) async fn new(visit: Visit) -> Response {
    match room(&visit, Next::NewOrganization, flash(&visit)).await {
        Ok((room, _)) => respond::page(&visit, NewOrganizationPage { room, ..NewOrganizationPage::default() }),
        Err(instead) => instead,
    }
}

/// `GET /organizations/{organization}`
pub(crate) async fn organization(visit: Visit, path: NamedPath) -> Response {
    let Inside { room, seat, at } = match enter(&visit, &named(path).organization, flash(&visit)).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let now = visit.ctx.now();
    let members = if seat.may(Right::ReadMembers) {
        let cmd = ListMembers {
            organization: seat.organization.id.into(),
            search: String::new(),
            role_id: None,
            order: MemberOrder::Newest,
            after: None,
            limit: 1,
        };
        match org::list_members(&visit.ctx, cmd).await {
            Ok(page) => {
                Some((u64::try_from(page.total).unwrap_or_default(), seat.organization.settings.max_members.into()))
            }
            Err(refused) => return refuse(&visit, refused),
        }
    } else {
        None
    };
    let own = seat.rulebook.roles.iter().filter(|role| role.organization_id.is_some()).count();
    let standing = seat.standing.as_ref();
    let permissions = match standing {
        Some(standing) => standing.permissions(now).into_iter().map(ToString::to_string).collect(),
        None => vec![],
    };
    let page = OrganizationPage {
        founded: when(seat.organization.created_at, now),
        since: standing.map(|standing| when(standing.membership.joined_at, now)),
        members,
        own_roles: u64::try_from(own).unwrap_or_default(),
        permissions,
        asks_more: seat.organization.mfa.require_mfa,
        may_leave: standing.is_some() && !seat.is_owner(),
        organization: at,
        room,
    };
    respond::page(&visit, page)
}

/// `GET /organizations/{organization}/leave`: asks first. An owner hands over before, and is led there.
pub(crate) async fn leave(visit: Visit, path: NamedPath) -> Response {
    match enter(&visit, &named(path).organization, None).await {
        Ok(inside) if inside.seat.standing.is_some() && !inside.seat.is_owner() => {
            respond::page(&visit, LeaveOrganizationPage { organization: inside.at })
        }
        Ok(inside) => respond::redirect(&visit, &visit.site().to(&inside.at.below(""))),
        Err(instead) => instead,
    }
}
