//! Versions: saved, tried out, made to count, and gone back to.

use super::*;
use crate::{audit::AuditKind, jobs::clean_up, testing::on_both_engines};

/// E8: a text is a draft until it is activated; then it counts at once, and an older one can be gone back to.
#[tokio::test]
async fn a_version_counts_once_it_is_activated() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let (owner, scope) = (&house.owner, house.scope());
        assert_eq!(get_policies(owner, &scope).await.unwrap().versions, []);
        assert!(!ask(owner, house.asks("org:write")).await.unwrap().allowed);
        let saved = save(owner, scope.clone(), PERMIT, 0).await.unwrap();
        assert_eq!(saved.number, 1);
        assert!(!ask(owner, house.asks("org:write")).await.unwrap().allowed, "a draft counts for nothing");

        let activate = |number, active| ActivatePolicies { scope: house.scope(), number, active };
        activate_policies(owner, activate(Some(1), None)).await.unwrap();
        assert_eq!(decided(owner, house.asks("org:write")).await, (true, Reason::OrganizationPermits));
        assert_eq!(save(owner, scope.clone(), "// none", 1).await.unwrap().number, 2);
        activate_policies(owner, activate(Some(2), Some(1))).await.unwrap();
        assert_eq!(decided(owner, house.asks("org:write")).await, (false, Reason::Nothing));

        // Back to the first, and to none.
        activate_policies(owner, activate(Some(1), Some(2))).await.unwrap();
        assert!(ask(owner, house.asks("org:write")).await.unwrap().allowed);
        let set = get_policies(owner, &scope).await.unwrap();
        assert_eq!(set.active().map(|version| version.number), Some(1));
        assert_eq!(set.versions.len(), 2);
        let first = set.version(1).unwrap();
        assert_eq!((first.comment.as_str(), first.created_by), ("why", Some(id_of(owner))));
        assert_eq!(first.activated_by, Some(id_of(owner)));
        activate_policies(owner, activate(None, Some(1))).await.unwrap();
        assert!(!ask(owner, house.asks("org:write")).await.unwrap().allowed);
        let (_, text) = get_policy_version(owner, &scope, 1).await.unwrap();
        assert_eq!(text, PERMIT);
        assert!(matches!(get_policy_version(owner, &scope, 3).await, Err(PoliciesError::NotFound)));
        assert!(matches!(
            activate_policies(owner, activate(Some(3), None)).await,
            Err(ActivatePoliciesError::NotFound)
        ));
        assert_eq!(on_record(&core, AuditKind::PoliciesActivated).await, 4);
        assert_eq!(on_record(&core, AuditKind::PoliciesSaved).await, 2);
    })
    .await;
}

async fn on_record(core: &TestCore, kind: AuditKind) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM audit WHERE kind = $1").bind(kind.as_str()).scalar().await.unwrap()
}

/// E8: texts with mistakes are no versions, and neither are those that were thought out for another one.
#[tokio::test]
async fn what_cannot_be_a_version_is_refused() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let owner = &house.owner;
        let refused = async |text: &str, newest| save(owner, house.scope(), text, newest).await.unwrap_err();
        for text in ["permit (", "@id(\"a\") permit (principal, action == Ostiary::Action::\"no:no\", resource);"] {
            let SavePoliciesError::Mistakes(found) = refused(text, 0).await else { panic!("{text}") };
            assert_eq!(found[0].line, Some(1), "{found:?}");
        }
        let long = " ".repeat(engine::LONGEST_TEXT + 1);
        assert!(matches!(refused(&long, 0).await, SavePoliciesError::Mistakes(_)));
        assert!(matches!(refused("\0", 0).await, SavePoliciesError::Mistakes(_)));
        assert!(matches!(refused(PERMIT, 1).await, SavePoliciesError::Changed));
        save(owner, house.scope(), PERMIT, 0).await.unwrap();
        assert!(matches!(refused(PERMIT, 0).await, SavePoliciesError::Changed));
        for comment in ["a\0", "a\nb", &"x".repeat(LONGEST_COMMENT + 1)] {
            let cmd =
                SavePolicies { scope: house.scope(), text: PERMIT.to_owned(), comment: comment.to_owned(), newest: 1 };
            assert!(matches!(save_policies(owner, cmd).await, Err(SavePoliciesError::Comment)));
        }
    })
    .await;
}

/// E8: an organisation's policies are for `org:write`, the instance's for operators; others see neither.
#[tokio::test]
async fn policies_are_for_who_may_change_them() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let scope = house.scope();
        assert!(matches!(get_policies(&house.viewer, &scope).await, Err(PoliciesError::Denied(_))));
        assert!(matches!(get_policies(&house.stranger, &scope).await, Err(PoliciesError::NotFound)));
        assert!(matches!(save(&house.stranger, scope.clone(), PERMIT, 0).await, Err(SavePoliciesError::NotFound)));
        let tried = TryPolicies { scope: scope.clone(), text: PERMIT.to_owned() };
        assert!(matches!(try_policies(&house.viewer, tried).await, Err(TryPoliciesError::Denied(_))));
        let instance = PolicyScope::Instance;
        for ctx in [&house.owner, &house.stranger, &core.anonymous()] {
            assert!(matches!(save(ctx, instance.clone(), PERMIT, 0).await, Err(SavePoliciesError::Denied(_))));
        }
        let operator = core.operator();
        save(&operator, scope, PERMIT, 0).await.unwrap();
        let number = house.enact(&operator, instance.clone(), FORBID).await;
        assert_eq!(number, 1, "each scope counts for itself");
        let mut about_owner = house.asks("org:delete");
        about_owner.subject = Some(id_of(&house.owner));
        let answer = ask(&house.owner, about_owner).await.unwrap();
        assert_eq!((answer.allowed, answer.reason), (false, Reason::InstanceForbids));
        assert_eq!(answer.instance.forbids[0].description.as_deref(), Some("Nobody deletes"));
    })
    .await;
}

/// E8: two who let different versions count at the same moment: one does, the other is told.
#[tokio::test]
async fn one_version_counts_whoever_races() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        for number in 0..4 {
            save(&house.owner, house.scope(), PERMIT, number).await.unwrap();
        }
        for scope in [house.scope(), PolicyScope::Instance] {
            let operator = core.operator();
            if scope == PolicyScope::Instance {
                for number in 0..4 {
                    save(&operator, scope.clone(), PERMIT, number).await.unwrap();
                }
            }
            let tries = (1..=4).map(|number| {
                let (ctx, scope) = (operator.clone(), scope.clone());
                tokio::spawn(async move {
                    activate_policies(&ctx, ActivatePolicies { scope, number: Some(number), active: None }).await
                })
            });
            let mut done = 0;
            for tried in tries.collect::<Vec<_>>() {
                match tried.await.unwrap() {
                    Ok(()) => done += 1,
                    Err(error) => assert!(matches!(error, ActivatePoliciesError::Changed), "{error:?}"),
                }
            }
            assert_eq!(done, 1);
            let set = get_policies(&operator, &scope).await.unwrap();
            assert_eq!(set.versions.iter().filter(|version| version.is_active).count(), 1);
        }
    })
    .await;
}

/// E8: what ever counted is kept, and of drafts the latest.
#[tokio::test]
async fn old_drafts_are_forgotten() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let counted = house.enact(&house.owner, house.scope(), PERMIT).await;
        for newest in 1..=23 {
            save(&house.owner, house.scope(), "// draft", newest).await.unwrap();
        }
        let set = get_policies(&house.owner, &house.scope()).await.unwrap();
        assert_eq!(set.versions.len(), 21);
        assert_eq!(set.newest(), 24);
        assert!(set.version(counted).is_some() && set.version(2).is_none() && set.version(5).is_some());
    })
    .await;
}

/// E8: a draft is tried on what was decided lately; it says which decisions would come out another way, and by which policy.
#[tokio::test]
async fn a_draft_is_tried_on_recorded_decisions() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        let owner = &house.owner;
        for action in ["org:read", "org:read", "members:read", "org:delete"] {
            ask(owner, house.asks(action)).await.unwrap();
        }
        let mut about_owner = house.asks("org:delete");
        about_owner.subject = Some(id_of(owner));
        ask(owner, about_owner).await.unwrap();
        let text =
            format!("{FORBID}\n@id(\"idle\") permit (principal, action, resource) when {{ resource.type == \"x\" }};");
        let tried = try_policies(owner, TryPolicies { scope: house.scope(), text: text.clone() }).await.unwrap();
        assert_eq!(tried.tried, 4, "the same decision is on record once");
        let [change] = &tried.changes[..] else { panic!("{:?}", tried.changes) };
        assert_eq!(change.question.subject.id, id_of(owner));
        assert!(!change.allowed);
        assert_eq!(change.policies, ["never-delete"]);
        assert_eq!(tried.unused, ["idle"]);

        // The instance's draft is tried on every organisation's.
        let tried = TryPolicies { scope: PolicyScope::Instance, text };
        assert_eq!(try_policies(&core.operator(), tried).await.unwrap().changes.len(), 1);
        // What counts already changes nothing.
        house.enact(owner, house.scope(), FORBID).await;
        let again = TryPolicies { scope: house.scope(), text: FORBID.to_owned() };
        assert_eq!(try_policies(owner, again).await.unwrap().changes, []);
        let broken = TryPolicies { scope: house.scope(), text: "permit".to_owned() };
        assert!(matches!(try_policies(owner, broken).await, Err(TryPoliciesError::Mistakes(_))));
    })
    .await;
}

/// E8: the record is a bounded sample, and is cleaned up.
#[tokio::test]
async fn the_record_is_bounded() {
    on_both_engines(async |core| {
        let house = House::on(&core).await;
        for number in 0..250 {
            let mut evaluation = house.asks("org:read");
            evaluation.resource = Some(thing("server", &format!("node-{number}")));
            ask(&house.owner, evaluation).await.unwrap();
        }
        write_recorded(&core).await.unwrap();
        assert_eq!(recorded(&core).await, 200);
        core.clock.advance(KEEP_RECORDED + std::time::Duration::from_mins(1));
        clean_up(&core).await.unwrap();
        assert_eq!(recorded(&core).await, 0);
    })
    .await;
}

async fn recorded(core: &TestCore) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM recorded_decisions").scalar().await.unwrap()
}
