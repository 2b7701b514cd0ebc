//! The decision API: answers, their reasons, and who may ask.

use serde_json::json;

use super::*;
use crate::{
    client::{ClientSettings, CreateClient, create_client},
    org::{AddEntry, Effect, Pattern, RoleDefinition, RoleName, RoleSettings, add_entry, create_role},
    protocol::{GrantType, ScopeSet},
    testing::on_both_engines,
};

async fn entry(house: &House, effect: Effect, pattern: &str, resource: Option<ResourceRef>) {
    let cmd = AddEntry {
        organization: house.organization_id.into(),
        user_id: id_of(&house.viewer),
        effect,
        pattern: Pattern::try_from(pattern).unwrap(),
        resource,
        reason: "because".to_owned(),
        expires_at: None,
        version: None,
    };
    add_entry(&house.owner, cmd).await.unwrap();
}

/// E8: the answer says which role, grant, denial or policy decided.
#[tokio::test]
async fn answers_say_what_decided() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let owner = &house.owner;
        let answer = ask(owner, house.asks("org:read")).await.unwrap();
        assert_eq!((answer.allowed, answer.reason), (true, Reason::Role));
        assert_eq!(answer.role_path[0].name, "viewer");
        assert_eq!(decided(owner, house.asks("org:billing")).await, (false, Reason::Nothing));

        entry(&house, Effect::Grant, "org:billing", Some(thing("invoice", "7"))).await;
        let about = |id| Evaluation { resource: Some(thing("invoice", id)), ..house.asks("org:billing") };
        let answer = ask(owner, about("7")).await.unwrap();
        assert_eq!((answer.allowed, answer.reason, answer.grants.len()), (true, Reason::Grant, 1));
        assert_eq!(decided(owner, about("8")).await, (false, Reason::Nothing));

        entry(&house, Effect::Denial, "org:read", None).await;
        let answer = ask(owner, house.asks("org:read")).await.unwrap();
        assert_eq!((answer.allowed, answer.reason, answer.denials.len()), (false, Reason::Denial, 1));
        assert_eq!(answer.role_path.len(), 1, "what the role says is said all the same");

        // A permit reaches beyond the role, not beyond a denial; a forbid takes what the role gives.
        let text = format!(
            "{PERMIT}\n@id(\"late\") forbid (principal, action == Ostiary::Action::\"members:read\", resource);"
        );
        house.enact(owner, house.scope(), &text).await;
        assert_eq!(decided(owner, house.asks("org:write")).await, (true, Reason::OrganizationPermits));
        assert_eq!(decided(owner, house.asks("org:read")).await, (false, Reason::Denial));
        let answer = ask(owner, house.asks("members:read")).await.unwrap();
        assert_eq!((answer.allowed, answer.reason), (false, Reason::OrganizationForbids));
        assert_eq!(answer.organization.forbids[0].id, "late");
        // What Ostiary itself lets them do does not follow policies: nobody is shut out by one.
        assert!(
            crate::org::require(&house.owner, &house.organization_id.into(), crate::org::Right::ReadMembers)
                .await
                .is_ok()
        );
    })
    .await;
}

/// E8: who may ask about whom; a foreign organisation is none.
#[tokio::test]
async fn only_who_has_a_part_in_it_may_ask() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let reads = || house.asks("org:read");
        // A viewer may see members; a role without that asks about itself only.
        assert!(ask(&house.viewer, reads()).await.is_ok());
        let settings = RoleSettings {
            name: RoleName::try_from("guest").unwrap(),
            description: String::new(),
            definition: RoleDefinition {
                permissions: vec![Pattern::try_from("org:read").unwrap()],
                ..Default::default()
            },
        };
        let role = create_role(&house.owner, Some(&house.organization_id.into()), settings).await.unwrap();
        let guest = person(&core, "gast@nordhavn.example").await;
        member(&core, house.organization_id, id_of(&guest), role.id).await;
        assert_eq!(ask(&guest, reads()).await.unwrap_err(), Unanswered::Denied(crate::authz::Denied));
        let about_self = Evaluation { subject: Some(id_of(&guest)), ..reads() };
        assert_eq!(decided(&guest, about_self).await, (true, Reason::Role));

        let nowhere = || Evaluation { organization: slug("nowhere"), ..reads() };
        let about_stranger = || Evaluation { subject: Some(id_of(&house.stranger)), ..reads() };
        for asked in [reads(), about_stranger(), nowhere(), Evaluation { organization: None, ..reads() }] {
            assert_eq!(ask(&house.stranger, asked).await.unwrap_err(), Unanswered::NotFound);
        }
        assert_eq!(ask(&house.owner, nowhere()).await.unwrap_err(), Unanswered::NotFound);
        assert!(ask(&core.operator(), reads()).await.unwrap().allowed);
        let denied = ask_all(&core.anonymous(), vec![reads()], Semantics::All).await;
        assert!(matches!(denied, Err(AuthorizeError::Denied(_))));

        // People who do not belong there, and ids of nobody, are the same.
        for subject in [Some(id_of(&house.stranger)), Some(core.new_id()), None] {
            let answer = decided(&house.owner, Evaluation { subject, ..reads() }).await;
            assert_eq!(answer, (false, Reason::NotMember));
        }
    })
    .await;
}

/// E8: an application may ask about everybody when an operator registered it for that.
#[tokio::test]
async fn applications_may_ask_when_they_are_registered_for_it() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let mut actors = Vec::new();
        for scope in ["authorize other", "other"] {
            let settings = ClientSettings {
                grant_types: vec![GrantType::ClientCredentials],
                scopes: ScopeSet::parse(scope).unwrap(),
                ..ClientSettings::default()
            };
            let cmd = CreateClient { name: DisplayName::try_from("Blockyard").unwrap(), id: None, settings };
            let client_id = create_client(&core.operator(), cmd).await.unwrap().client_id;
            actors.push(core.ctx(Actor::Client { client_id }, core.meta()));
        }
        assert!(ask(&actors[0], house.asks("org:read")).await.unwrap().allowed);
        let denied = ask_all(&actors[1], vec![house.asks("org:read")], Semantics::All).await;
        assert!(matches!(denied, Err(AuthorizeError::Denied(_))));
    })
    .await;
}

/// E8: at most a hundred questions at once, in order, as far as asked.
#[tokio::test]
async fn many_questions_at_once() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let many = |count: usize| vec![house.asks("org:read"); count];
        assert_eq!(ask_all(&house.owner, many(100), Semantics::All).await.unwrap().len(), 100);
        let refused = ask_all(&house.owner, many(101), Semantics::All).await;
        assert!(matches!(refused, Err(AuthorizeError::TooMany)));
        let mixed = || vec![house.asks("org:read"), house.asks("org:write"), house.asks("org:read")];
        let answers = async |semantics| {
            let answers = ask_all(&house.owner, mixed(), semantics).await.unwrap();
            answers.into_iter().map(|answer| answer.unwrap().allowed).collect::<Vec<_>>()
        };
        assert_eq!(answers(Semantics::All).await, [true, false, true]);
        assert_eq!(answers(Semantics::UntilDenied).await, [true, false]);
        assert_eq!(answers(Semantics::UntilPermitted).await, [true]);
    })
    .await;
}

/// E8: an organisation's policies count nowhere else, and reach nothing of another organisation.
#[tokio::test]
async fn policies_stay_in_their_organisation() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let other = organization(&core, &house.stranger, "Elsewhere").await;
        member(&core, other, id_of(&house.viewer), Builtin::Viewer.id()).await;
        house.enact(&house.stranger, PolicyScope::Organization(other.into()), PERMIT).await;
        assert_eq!(decided(&house.owner, house.asks("org:write")).await, (false, Reason::Nothing));
        let there = Evaluation { organization: Some(other.into()), ..house.asks("org:write") };
        assert_eq!(decided(&house.stranger, there.clone()).await, (true, Reason::OrganizationPermits));
        // Asked there about what is here.
        let here = house.organization_id.to_string();
        let about_here = Evaluation { resource: Some(thing("organization", &here)), ..there.clone() };
        assert_eq!(decided(&house.stranger, about_here).await, (false, Reason::ForeignResource));
        let owned = json!({ "organization": "nordhavn" });
        let properties = engine::Properties::read(owned.as_object().unwrap()).unwrap();
        let about_here =
            Evaluation { resource: Some(thing("server", "1")), resource_properties: properties, ..there.clone() };
        assert_eq!(decided(&house.stranger, about_here).await, (false, Reason::ForeignResource));
        for own in ["elsewhere".to_owned(), other.to_string()] {
            let itself = Evaluation { resource: Some(thing("organization", &own)), ..there.clone() };
            let answer = ask(&house.stranger, itself).await.unwrap();
            assert_eq!(answer.resource.id, Some(other.to_string()));
            assert!(answer.allowed);
        }
    })
    .await;
}

/// E8: how somebody signed in is known when they ask themselves; nobody can say it of themselves.
#[tokio::test]
async fn nobody_vouches_for_themselves() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let text = "@id(\"two\") permit (principal, action, resource) when { context.mfa };\n\
                    @id(\"office\") forbid (principal, action, resource)\n\
                    when { context has ip && context.ip.isInRange(ip(\"198.51.100.0/24\")) };";
        house.enact(&house.owner, house.scope(), text).await;
        let given = Given { amr: vec!["mfa".to_owned()], ip: Some([203, 0, 113, 1].into()), ..Given::default() };
        let asked = Evaluation { given, ..house.asks("org:write") };
        assert!(!ask(&house.viewer, asked.clone()).await.unwrap().allowed);
        assert!(ask(&house.owner, asked.clone()).await.unwrap().allowed, "told by somebody who may ask");
        let inside = Given { ip: Some([198, 51, 100, 7].into()), ..asked.given.clone() };
        let asked = Evaluation { given: inside, ..asked };
        assert_eq!(decided(&house.owner, asked).await, (false, Reason::OrganizationForbids));
    })
    .await;
}

/// E8: what if they had another role?
#[tokio::test]
async fn another_role_can_be_tried() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let as_owner = Evaluation { as_role: Some(Builtin::Owner.id()), ..house.asks("org:write") };
        let answer = ask(&house.owner, as_owner).await.unwrap();
        assert_eq!((answer.allowed, answer.reason), (true, Reason::Role));
        assert_eq!(answer.role.unwrap().name, "owner");
        let unknown = Evaluation { as_role: Some(core.new_id()), ..house.asks("org:write") };
        assert_eq!(ask(&house.owner, unknown).await.unwrap_err(), Unanswered::UnknownRole);
    })
    .await;
}
