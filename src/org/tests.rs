//! Organisations, on both engines.

mod calculus;
mod life;
mod members;
mod roles;
mod walls;

use super::*;
use crate::{
    account::{CreateUser, create_user},
    core::{Actor, Ctx, UserActor},
    id::{OrganizationId, RoleId, UserId},
    testing::{TestCore, on_both_engines},
    text::{DisplayName, EmailAddress},
};

/// Somebody with an account.
async fn person(core: &TestCore, name: &str) -> UserId {
    let cmd = CreateUser {
        email: EmailAddress::try_from(format!("{name}@nordhavn.example")).unwrap(),
        username: None,
        display_name: Some(DisplayName::try_from(name).unwrap()),
        password: None,
        is_verified: true,
        is_admin: false,
    };
    create_user(&core.operator(), cmd).await.unwrap().user_id
}

/// As that person, signed in.
fn as_user(core: &TestCore, user_id: UserId) -> Ctx {
    let user = UserActor {
        user_id,
        session_id: core.new_id(),
        auth_time: core.now(),
        amr: vec!["pwd".to_owned()],
        is_admin: false,
    };
    core.ctx(Actor::User(user), core.meta())
}

/// An organisation of somebody's.
async fn founded(ctx: &Ctx, name: &str) -> OrganizationId {
    let name = DisplayName::try_from(name).unwrap();
    create_organization(ctx, CreateOrganization { name, slug: None, owner: None }).await.unwrap().id
}

/// An organisation with an owner and one member of each other role.
struct House {
    id: OrganizationId,
    owner: UserId,
    admin: UserId,
    operator: UserId,
    viewer: UserId,
}

async fn house(core: &TestCore, name: &str) -> House {
    let owner = person(core, &format!("{name}-owner")).await;
    let id = founded(&as_user(core, owner), name).await;
    let mut members = Vec::new();
    for role in [Builtin::Admin, Builtin::Operator, Builtin::Viewer] {
        let member = person(core, &format!("{name}-{role:?}").to_lowercase()).await;
        add_member(&core.operator(), &id.into(), member, role.id()).await.unwrap();
        members.push(member);
    }
    House { id, owner, admin: members[0], operator: members[1], viewer: members[2] }
}

async fn role_of(core: &TestCore, house: &House, user_id: UserId) -> Option<RoleId> {
    let standing = find_standing(core, user_id, house.id).await.unwrap();
    standing.map(|standing| standing.membership.role_id)
}

fn permission(text: &str) -> Permission {
    Permission::try_from(text).unwrap()
}

fn pattern(text: &str) -> Pattern {
    Pattern::try_from(text).unwrap()
}

async fn may(core: &TestCore, house: &House, user_id: UserId, what: &str) -> bool {
    let standing = find_standing(core, user_id, house.id).await.unwrap();
    standing.is_some_and(|standing| standing.effective.allows(&permission(what), core.now()))
}

/// All of these at once.
async fn together<T: Send + 'static>(jobs: Vec<impl Future<Output = T> + Send + 'static>) -> Vec<T> {
    let mut set = tokio::task::JoinSet::new();
    for job in jobs {
        set.spawn(job);
    }
    set.join_all().await
}

/// What is asked of a member.
fn grant(house: &House, user_id: UserId, what: &str) -> AddEntry {
    AddEntry {
        organization: house.id.into(),
        user_id,
        effect: Effect::Grant,
        pattern: pattern(what),
        resource: None,
        reason: String::new(),
        expires_at: None,
        version: None,
    }
}

fn denial(house: &House, user_id: UserId, what: &str) -> AddEntry {
    AddEntry { effect: Effect::Denial, ..grant(house, user_id, what) }
}
