//! What an organisation is set to, who owns it, and its end (E1, E7).

use axum::response::Response;
use ostiary::{
    authz::Denied,
    id::UserId,
    org::{self, Builtin, ListMembers, Member, MemberOrder, Organization, Right, Seat},
};

use super::{
    AskedQuery,
    account::flash,
    asked,
    organizations::{Inside, NamedPath, enter, named, refuse, role_tag},
};
use crate::{
    model::{
        ConfirmHandOverPage, DeleteOrganizationPage, ErrorKind, Flash, HandOverPage, OrganizationPlace,
        OrganizationSettingsPage, Person, SettingsValues, SignInRules,
    },
    ssr::{Visit, respond},
};

/// So many members are offered to hand over to.
const PAGE: u32 = 25;

/// `GET /organizations/{organization}/settings`
pub(crate) async fn settings(visit: Visit, path: NamedPath) -> Response {
    let flash = flash(&visit);
    match page(&visit, &named(path).organization, flash).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// The settings as they are, with nothing wrong.
///
/// # Errors
/// The answer instead.
pub(crate) async fn page(
    visit: &Visit,
    which: &str,
    flash: Option<Flash>,
) -> Result<OrganizationSettingsPage, Response> {
    let Inside { room, seat, at } = enter(visit, which, flash).await?;
    if !at.opens(OrganizationPlace::Settings) {
        return Err(refuse(visit, Denied.into()));
    }
    let organization = &seat.organization;
    Ok(OrganizationSettingsPage {
        room,
        organization: at,
        version: organization.version,
        may_write: seat.may(Right::WriteOrganization),
        may_delete: seat.may(Right::DeleteOrganization),
        may_hand_over: may_hand_over(&seat),
        values: values(organization),
        sign_in: sign_in(organization),
        roles: seat.rulebook.roles.iter().map(role_tag).collect(),
        problems: vec![],
    })
}

/// Its owner, and operators of the instance.
fn may_hand_over(seat: &Seat) -> bool {
    seat.is_owner() || seat.is_operator
}

fn values(organization: &Organization) -> SettingsValues {
    SettingsValues {
        name: organization.name.clone(),
        slug: organization.slug.clone(),
        member_invites: organization.settings.member_invites,
        verified_email: organization.settings.verified_email_required,
        max_members: organization.settings.max_members.to_string(),
    }
}

fn sign_in(organization: &Organization) -> SignInRules {
    let mfa = &organization.mfa;
    SignInRules {
        require: mfa.require_mfa,
        methods: mfa.allowed_methods.iter().map(ToString::to_string).collect(),
        grace: mfa.grace_period_days.to_string(),
        exempt: mfa.exempt_roles.iter().map(ToString::to_string).collect(),
    }
}

/// An organisation that can be handed over or deleted, for those who may.
///
/// # Errors
/// The answer instead: a personal one's settings say why it cannot.
async fn enter_to_part(visit: &Visit, which: &str, may: impl Fn(&Seat) -> bool) -> Result<Inside, Response> {
    let inside = enter(visit, which, None).await?;
    if !may(&inside.seat) {
        return Err(refuse(visit, Denied.into()));
    }
    if inside.seat.organization.personal_of.is_some() {
        let to = visit.site().to(&inside.at.path(OrganizationPlace::Settings));
        return Err(respond::redirect(visit, &to));
    }
    Ok(inside)
}

/// `GET /organizations/{organization}/settings/hand-over?q=&id=`: first whom, and then whether.
pub(crate) async fn hand_over(visit: Visit, path: NamedPath, query: AskedQuery) -> Response {
    let inside = match enter_to_part(&visit, &named(path).organization, may_hand_over).await {
        Ok(inside) => inside,
        Err(instead) => return instead,
    };
    let asked = asked(query);
    let answer = match asked.id {
        Some(id) => confirm_hand_over(&visit, inside, &id).await,
        None => choose_owner(&visit, inside, asked.q.as_deref().map(str::trim).unwrap_or_default()).await,
    };
    answer.unwrap_or_else(|instead| instead)
}

fn person(member: Member) -> Person {
    Person { id: member.membership.user_id.to_string(), name: member.name, email: member.email }
}

async fn choose_owner(visit: &Visit, inside: Inside, search: &str) -> Result<Response, Response> {
    let Inside { room, seat, at } = inside;
    let cmd = ListMembers {
        organization: seat.organization.id.into(),
        search: search.to_owned(),
        role_id: None,
        order: MemberOrder::Name,
        after: None,
        limit: PAGE,
    };
    let found = org::list_members(&visit.ctx, cmd).await.map_err(|refused| refuse(visit, refused))?;
    let others = found.members.into_iter().filter(|member| member.membership.role_id != Builtin::Owner.id());
    let page = HandOverPage {
        room,
        organization: at,
        search: search.to_owned(),
        members: others.map(person).collect(),
        has_more: found.next.is_some(),
    };
    Ok(respond::page(visit, page))
}

async fn confirm_hand_over(visit: &Visit, inside: Inside, id: &str) -> Result<Response, Response> {
    let Inside { seat, at, .. } = inside;
    let nothing = || respond::error(visit, &ErrorKind::NotFound);
    let user_id = id.parse::<UserId>().map_err(|_| nothing())?;
    let found = org::get_member(&visit.ctx, &seat.organization.id.into(), user_id).await;
    let member = found.map_err(|refused| refuse(visit, refused))?.member;
    if member.membership.role_id == Builtin::Owner.id() {
        return Err(nothing());
    }
    let page = ConfirmHandOverPage { organization: at, person: person(member), is_own: seat.is_owner() };
    Ok(respond::page(visit, page))
}

/// `GET /organizations/{organization}/settings/delete`: asks first.
pub(crate) async fn delete(visit: Visit, path: NamedPath) -> Response {
    match about_deleting(&visit, &named(path).organization).await {
        Ok(page) => respond::page(&visit, page),
        Err(instead) => instead,
    }
}

/// The question, with nothing typed.
///
/// # Errors
/// The answer instead.
pub(crate) async fn about_deleting(visit: &Visit, which: &str) -> Result<DeleteOrganizationPage, Response> {
    let inside = enter_to_part(visit, which, |seat| seat.may(Right::DeleteOrganization)).await?;
    let version = inside.seat.organization.version;
    Ok(DeleteOrganizationPage { organization: inside.at, version, typed: String::new(), problems: vec![] })
}
