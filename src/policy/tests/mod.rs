//! E8: versions of policies, trying them out, and the decision API, on both engines.

mod decisions;
mod versions;

use super::*;
use crate::{
    account::{CreateUser, create_user},
    core::{Actor, Ctx, UserActor},
    id::{OrganizationId, RoleId, UserId},
    org::{Builtin, CreateOrganization, OrganizationRef, Permission, ResourceRef, add_member, create_organization},
    testing::TestCore,
    text::{DisplayName, EmailAddress},
};

/// Everything of the organisation's is permitted.
pub(super) const PERMIT: &str = "@id(\"all\") permit (principal, action, resource);";
/// Nobody deletes.
pub(super) const FORBID: &str = "@id(\"never-delete\") @description(\"Nobody deletes\")\n\
                                 forbid (principal, action == Ostiary::Action::\"org:delete\", resource);";

/// An organisation with its owner and a viewer, and somebody else.
pub(super) struct House {
    pub(super) organization_id: OrganizationId,
    pub(super) owner: Ctx,
    pub(super) viewer: Ctx,
    pub(super) stranger: Ctx,
}

impl House {
    pub(super) async fn on(core: &TestCore) -> Self {
        let [owner, viewer, stranger] = [
            person(core, "mara@nordhavn.example").await,
            person(core, "tove@nordhavn.example").await,
            person(core, "sven@elsewhere.example").await,
        ];
        let organization_id = organization(core, &owner, "Nordhavn").await;
        member(core, organization_id, id_of(&viewer), Builtin::Viewer.id()).await;
        Self { organization_id, owner, viewer, stranger }
    }

    pub(super) fn scope(&self) -> PolicyScope {
        PolicyScope::Organization(self.organization_id.into())
    }

    /// A question about the viewer.
    pub(super) fn asks(&self, action: &str) -> Evaluation {
        Evaluation {
            organization: Some(self.organization_id.into()),
            subject: Some(id_of(&self.viewer)),
            subject_properties: engine::Properties::default(),
            action: Permission::try_from(action).unwrap(),
            resource: None,
            resource_properties: engine::Properties::default(),
            given: Given::default(),
            as_role: None,
        }
    }

    /// Saves a text as the next version and lets it count.
    pub(super) async fn enact(&self, ctx: &Ctx, scope: PolicyScope, text: &str) -> i64 {
        let set = get_policies(ctx, &scope).await.unwrap();
        let number = save(ctx, scope.clone(), text, set.newest()).await.unwrap().number;
        let active = set.active().map(|version| version.number);
        let cmd = ActivatePolicies { scope, number: Some(number), active };
        activate_policies(ctx, cmd).await.unwrap();
        number
    }
}

pub(super) fn id_of(ctx: &Ctx) -> UserId {
    ctx.user().unwrap().user_id
}

pub(super) async fn person(core: &TestCore, email: &str) -> Ctx {
    let cmd = CreateUser {
        email: EmailAddress::try_from(email).unwrap(),
        username: None,
        display_name: None,
        password: None,
        is_verified: true,
        is_admin: false,
    };
    let user_id = create_user(&core.operator(), cmd).await.unwrap().user_id;
    let actor = UserActor {
        user_id,
        session_id: core.new_id(),
        auth_time: core.now(),
        amr: vec!["pwd".to_owned()],
        is_admin: false,
    };
    core.ctx(Actor::User(actor), core.meta())
}

pub(super) async fn organization(core: &TestCore, owner: &Ctx, name: &str) -> OrganizationId {
    let cmd = CreateOrganization { name: DisplayName::try_from(name).unwrap(), slug: None, owner: Some(id_of(owner)) };
    create_organization(&core.operator(), cmd).await.unwrap().id
}

pub(super) async fn member(core: &TestCore, organization: OrganizationId, user_id: UserId, role_id: RoleId) {
    add_member(&core.operator(), &organization.into(), user_id, role_id).await.unwrap();
}

pub(super) async fn save(
    ctx: &Ctx,
    scope: PolicyScope,
    text: &str,
    newest: i64,
) -> Result<SavedPolicies, SavePoliciesError> {
    save_policies(ctx, SavePolicies { scope, text: text.to_owned(), comment: "why".to_owned(), newest }).await
}

/// The one answer to one question.
pub(super) async fn ask(ctx: &Ctx, evaluation: Evaluation) -> Result<Explanation, Unanswered> {
    ask_all(ctx, vec![evaluation], Semantics::All).await.unwrap().pop().unwrap()
}

pub(super) async fn ask_all(
    ctx: &Ctx,
    evaluations: Vec<Evaluation>,
    semantics: Semantics,
) -> Result<Vec<Result<Explanation, Unanswered>>, AuthorizeError> {
    authorize(ctx, Authorize { evaluations, semantics, record: true }).await
}

/// The answer in short.
pub(super) async fn decided(ctx: &Ctx, evaluation: Evaluation) -> (bool, Reason) {
    let answer = ask(ctx, evaluation).await.unwrap();
    (answer.allowed, answer.reason)
}

pub(super) fn thing(kind: &str, id: &str) -> ResourceRef {
    ResourceRef::new(kind, Some(id)).unwrap()
}

pub(super) fn slug(text: &str) -> Option<OrganizationRef> {
    OrganizationRef::parse(text)
}
