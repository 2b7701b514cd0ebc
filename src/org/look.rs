//! Which organisations there are (E2, E11).

use super::{
    Builtin,
    access::{self, Refused, Right, Seat},
    member_store,
    organization::{Organization, OrganizationRef},
    roles::{self, Rulebook},
    standing::{self, Standing},
    store::{self, MineRow, containing},
};
use crate::{
    authz::{self, Denied},
    clock::Timestamp,
    core::{Core, Ctx},
    db::{Conn, Tx},
    error::Internal,
    id::{OrganizationId, RoleId, UserId},
    page::PageSize,
};
use std::sync::Arc;

/// The most organisations of one page.
pub const MOST_ORGANIZATIONS: u32 = 200;

/// Which organisations.
#[derive(Clone, Debug)]
pub struct ListOrganizations {
    /// Only those whose name or slug contains this; all when empty.
    pub search: String,
    /// Those behind this one, the last of the page before.
    pub after: Option<OrganizationId>,
    /// How many: [`MOST_ORGANIZATIONS`] at most.
    pub limit: u32,
}

impl ListOrganizations {
    /// The first page of all.
    pub const fn first() -> Self {
        Self { search: String::new(), after: None, limit: MOST_ORGANIZATIONS }
    }
}

/// An organisation of somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mine {
    /// The organisation.
    pub organization: Organization,
    /// Their role there.
    pub role_id: RoleId,
    /// What it is called.
    pub role: String,
    /// Since when they are a member.
    pub joined_at: Timestamp,
}

impl From<MineRow> for Mine {
    fn from(row: MineRow) -> Self {
        Self { organization: row.organization.into(), role_id: row.role_id, role: row.role, joined_at: row.joined_at }
    }
}

/// One page of one's own.
#[derive(Clone, Debug)]
pub struct MinePage {
    /// By name.
    pub organizations: Vec<Mine>,
    /// Where the next page goes on, if there is one.
    pub next: Option<OrganizationId>,
}

/// Why there is no list.
#[derive(Debug, thiserror::Error)]
pub enum ListOrganizationsError {
    /// Nobody is signed in, or they may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// The organisations of the person who asks.
///
/// # Errors
/// [`ListOrganizationsError`]
pub async fn list_my_organizations(ctx: &Ctx, cmd: ListOrganizations) -> Result<MinePage, ListOrganizationsError> {
    let user_id = authz::require_user(ctx)?.user_id;
    Ok(of_user(&ctx.core, user_id, cmd).await?)
}

/// The organisations of a person.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub(crate) async fn of_user(core: &Core, user_id: UserId, cmd: ListOrganizations) -> Result<MinePage, Internal> {
    let size = PageSize::new(cmd.limit, MOST_ORGANIZATIONS);
    let like = containing(&cmd.search);
    let mut conn = core.db().read().await?;
    let mut rows = store::of_user(&mut conn, user_id, like, cmd.after, size.to_ask()).await?;
    drop(conn);
    let next = size.cut(&mut rows, |row| row.organization.id);
    Ok(MinePage { organizations: rows.into_iter().map(Mine::from).collect(), next })
}

/// Where a person can act.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// By name.
    pub organizations: Vec<Mine>,
    /// The one chosen last.
    pub preferred: Option<OrganizationId>,
}

/// Where the person who asks can act, to choose from (C2); nowhere, when nobody does.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_places(ctx: &Ctx) -> Result<Places, Internal> {
    let Some(actor) = ctx.user() else { return Ok(Places::default()) };
    let organizations = of_user(&ctx.core, actor.user_id, ListOrganizations::first()).await?.organizations;
    Ok(Places { organizations, preferred: preferred(&ctx.core, actor.user_id).await? })
}

/// One page of all.
#[derive(Clone, Debug)]
pub struct OrganizationPage {
    /// By name.
    pub organizations: Vec<Organization>,
    /// Where the next page goes on, if there is one.
    pub next: Option<OrganizationId>,
}

/// All organisations, for operators.
///
/// # Errors
/// [`ListOrganizationsError`]
pub async fn list_organizations(ctx: &Ctx, cmd: ListOrganizations) -> Result<OrganizationPage, ListOrganizationsError> {
    authz::require_operator(ctx)?;
    let size = PageSize::new(cmd.limit, MOST_ORGANIZATIONS);
    let mut conn = ctx.core.db().read().await?;
    let mut organizations = store::list(&mut conn, containing(&cmd.search), cmd.after, size.to_ask()).await?;
    let next = size.cut(&mut organizations, |found| found.id);
    Ok(OrganizationPage { organizations, next })
}

/// One organisation, and what the person who asks may do there.
///
/// # Errors
/// [`Refused`]
pub async fn get_organization(ctx: &Ctx, organization: &OrganizationRef) -> Result<Seat, Refused> {
    access::require(ctx, organization, Right::ReadOrganization).await
}

/// The roles of an organisation and the catalogue, for its members.
///
/// # Errors
/// [`Refused`]
pub async fn list_roles(ctx: &Ctx, organization: &OrganizationRef) -> Result<Seat, Refused> {
    access::enter(ctx, organization).await
}

/// The roles of the instance and the catalogue, for everybody who is signed in.
///
/// # Errors
/// [`ListOrganizationsError`]
pub async fn list_instance_roles(ctx: &Ctx) -> Result<Arc<Rulebook>, ListOrganizationsError> {
    if authz::require_operator(ctx).is_err() {
        authz::require_user(ctx)?;
    }
    Ok(roles::find_rulebook(&ctx.core, None).await?)
}

/// Why nobody acts in that organisation.
#[derive(Debug, thiserror::Error)]
pub enum ChooseOrganizationError {
    /// There is none, or the person is no member.
    #[error("there is no such organisation")]
    NotFound,
    /// Nobody is signed in.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

access::refused!(ChooseOrganizationError);

/// The person who asks acts in this organisation from now on, where nothing else is said (E2). Says where they stand.
///
/// # Errors
/// [`ChooseOrganizationError`]
pub async fn choose_organization(
    ctx: &Ctx,
    organization: &OrganizationRef,
) -> Result<Arc<Standing>, ChooseOrganizationError> {
    let user_id = authz::require_user(ctx)?.user_id;
    let found = standing::find_organization(&ctx.core, organization).await?;
    let organization = found.ok_or(ChooseOrganizationError::NotFound)?;
    let standing = standing::find_standing(&ctx.core, user_id, organization.id).await?;
    let standing = standing.ok_or(ChooseOrganizationError::NotFound)?;
    let mut tx = ctx.core.db().write().await?;
    prefer(&mut tx, user_id, organization.id).await?;
    tx.commit().await?;
    Ok(standing)
}

/// The organisation that a person chose last, unless they lost it since.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub(crate) async fn preferred(core: &Core, user_id: UserId) -> Result<Option<OrganizationId>, Internal> {
    let mut conn = core.db().read().await?;
    let Some(id) = store::preferred(&mut conn, user_id).await? else { return Ok(None) };
    drop(conn);
    Ok(standing::find_standing(core, user_id, id).await?.map(|_| id))
}

/// Remembers the organisation that a member chose.
pub(crate) async fn prefer(tx: &mut Tx, user_id: UserId, id: OrganizationId) -> Result<(), Internal> {
    store::prefer(tx, user_id, Some(id)).await?;
    tx.touch(user_id);
    Ok(())
}

/// The organisation that the person who asks chose last, if they still belong to it.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn find_preferred(ctx: &Ctx) -> Result<Option<Seat>, Internal> {
    let Some(actor) = ctx.user() else { return Ok(None) };
    let Some(id) = preferred(&ctx.core, actor.user_id).await? else { return Ok(None) };
    match access::enter(ctx, &id.into()).await {
        Ok(seat) => Ok(Some(seat).filter(|seat| seat.standing.is_some())),
        Err(Refused::NotFound | Refused::Denied(_)) => Ok(None),
        Err(Refused::Internal(error)) => Err(error),
    }
}

/// An organisation by id and name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationName {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
}

/// What a person owns together with others: it needs another owner before they leave for good.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub(crate) async fn owned_with_others(conn: &mut Conn, user_id: UserId) -> Result<Vec<OrganizationName>, Internal> {
    let found = member_store::shared_and_owned(conn, user_id, Builtin::Owner.id()).await?;
    Ok(found.into_iter().map(|(id, name)| OrganizationName { id, name }).collect())
}
