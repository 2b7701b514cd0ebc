//! The organisation that a person acts in towards an application (C2, E7, E10, E12).

use super::*;
use crate::{
    org::{self, AddEntry, Builtin, ChangeRole, CreateOrganization, Effect, MfaMethod, OrganizationRef, SetMfaPolicy},
    testing::on_both_engines,
};

const ASKS: &str = "openid organization offline_access";

/// A client that may ask for it.
async fn shop(core: &TestCore) -> Arc<Client> {
    client(core, "app", |settings| {
        settings.scopes = scopes("openid email organization offline_access");
        settings.first_party = true;
    })
    .await
}

async fn organization(core: &TestCore, owner: &Person, name: &str) -> OrganizationRef {
    let cmd = CreateOrganization { name: DisplayName::try_from(name).unwrap(), slug: None, owner: Some(owner.id) };
    org::create_organization(&core.operator(), cmd).await.unwrap().id.into()
}

async fn join(core: &TestCore, which: &OrganizationRef, who: &Person, role: Builtin) {
    org::add_member(&core.operator(), which, who.id, role.id()).await.unwrap();
}

fn id_of(which: &OrganizationRef) -> crate::id::OrganizationId {
    match which {
        OrganizationRef::Id(id) => *id,
        OrganizationRef::Slug(_) => panic!("by id"),
    }
}

async fn issue(core: &TestCore, app: &Arc<Client>, ctx: &Ctx, changes: &[(&str, &str)]) -> IssuedTokens {
    let step = begin(ctx, changes).await.unwrap();
    exchange(core, app, &code(&step)).await.unwrap()
}

/// E12: who belongs to one organisation acts there, and every token says so.
#[tokio::test]
async fn tokens_say_where_somebody_acts() {
    on_both_engines(async |core: TestCore| {
        let app = shop(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let which = organization(&core, &mara, "Nordhavn").await;
        let ctx = sign_in(&core, &mara).await;
        let issued = issue(&core, &app, &ctx, &[("scope", ASKS)]).await;
        let info = user_info(&core.anonymous(), &issued.access_token).await.unwrap();
        let told = [
            claims(&issued.access_token),
            claims(issued.id_token.as_ref().unwrap()),
            Value::Object(info.claims().unwrap().clone()),
            {
                let token = SecretString::from(issued.access_token.as_str());
                let cmd = Introspect { client: Arc::clone(&app), token, hint: None };
                serde_json::to_value(introspect(&core.anonymous(), cmd).await.unwrap().to_response()).unwrap()
            },
        ];
        for claims in told {
            assert_eq!(claims["org_id"], id_of(&which).to_string(), "{claims}");
            assert_eq!((&claims["org_slug"], &claims["role"]), (&"nordhavn".into(), &"owner".into()));
            let held: Vec<_> = claims["permissions"].as_array().unwrap().iter().map(|p| p.as_str().unwrap()).collect();
            assert!(held.contains(&"org:delete") && held.contains(&"members:roles"), "{held:?}");
        }
        // Whoever does not ask is told nothing.
        let silent = issue(&core, &app, &ctx, &[("scope", "openid")]).await;
        assert!(claims(&silent.access_token).get("org_id").is_none());
        assert!(claims(silent.id_token.as_ref().unwrap()).get("role").is_none());
    })
    .await;
}

/// C2, E12: of several organisations the person says which, the client names one, or the one chosen last will do.
#[tokio::test]
async fn of_several_one_is_said() {
    on_both_engines(async |core: TestCore| {
        let app = shop(&core).await;
        let (mara, tove) = (person(&core, "mara@x.example").await, person(&core, "tove@x.example").await);
        let (first, second) = (organization(&core, &mara, "First").await, organization(&core, &tove, "Second").await);
        let foreign = organization(&core, &tove, "Foreign").await;
        join(&core, &second, &mara, Builtin::Viewer).await;
        let ctx = sign_in(&core, &mara).await;
        let step = begin(&ctx, &[("scope", ASKS)]).await.unwrap();
        assert_eq!(word(&step), "organization");
        let silent = begin(&ctx, &[("scope", ASKS), ("prompt", "none")]).await.unwrap();
        assert_eq!(word(&silent), "interaction_required");
        let handle = interaction(step);
        assert!(find_interaction(&ctx, &handle).await.unwrap().unwrap().choose_organization);
        assert_eq!(org::find_places(&ctx).await.unwrap().organizations.len(), 2);
        for not_enough in [None, Some(id_of(&foreign))] {
            choose_account(&ctx, &handle, not_enough).await.unwrap();
            assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "organization");
        }
        choose_account(&ctx, &handle, Some(id_of(&second))).await.unwrap();
        assert_eq!(org::find_places(&ctx).await.unwrap().preferred, Some(id_of(&second)));
        let issued = exchange(&core, &app, &code(&resume(&ctx, &handle).await.unwrap())).await.unwrap();
        assert_eq!(
            (&claims(&issued.access_token)["org_slug"], &claims(&issued.access_token)["role"]),
            (&"second".into(), &"viewer".into())
        );
        // It is preferred from now on, where nobody can be asked.
        let silent = issue(&core, &app, &ctx, &[("scope", ASKS), ("prompt", "none")]).await;
        assert_eq!(claims(&silent.access_token)["org_slug"], "second");
        for named in ["first", &id_of(&first).to_string()] {
            let named = issue(&core, &app, &ctx, &[("scope", "openid"), ("organization", named)]).await;
            assert_eq!(claims(&named.access_token)["org_slug"], "first");
        }
        // What is not theirs is told apart from nothing.
        for named in ["foreign", "nowhere", "../x", &id_of(&foreign).to_string()] {
            let step = begin(&ctx, &[("organization", named)]).await.unwrap();
            assert_eq!(word(&step), "sign-in", "{named}: another account may be the member");
            let handle = interaction(step);
            assert!(!find_interaction(&ctx, &handle).await.unwrap().unwrap().choose_organization, "it is named");
            choose_account(&ctx, &handle, None).await.unwrap();
            assert_eq!(word(&resume(&ctx, &handle).await.unwrap()), "access_denied", "{named}");
            let silent = begin(&ctx, &[("organization", named), ("prompt", "none")]).await.unwrap();
            assert_eq!(word(&silent), "access_denied", "{named}");
        }
    })
    .await;
}

/// E12: the parameter means the scope, and a client that may not ask for that may not name one either.
#[tokio::test]
async fn a_client_must_be_let() {
    on_both_engines(async |core: TestCore| {
        app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        organization(&core, &mara, "Nordhavn").await;
        let ctx = sign_in(&core, &mara).await;
        assert_eq!(word(&begin(&ctx, &[("organization", "nordhavn")]).await.unwrap()), "invalid_scope");
        let long = "x".repeat(101);
        assert_eq!(word(&begin(&ctx, &[("organization", &long)]).await.unwrap()), "invalid_request");
    })
    .await;
}

/// E10: each refresh works the rights out anew, and a membership that ended refuses it; introspection knows at once.
#[tokio::test]
async fn a_refresh_brings_what_is_true_now() {
    on_both_engines(async |core: TestCore| {
        let app = shop(&core).await;
        let (mara, tove) = (person(&core, "mara@x.example").await, person(&core, "tove@x.example").await);
        let which = organization(&core, &tove, "Nordhavn").await;
        join(&core, &which, &mara, Builtin::Viewer).await;
        let ctx = sign_in(&core, &mara).await;
        let mut issued = issue(&core, &app, &ctx, &[("scope", ASKS)]).await;
        let operator = core.operator();
        let change =
            ChangeRole { organization: which.clone(), user_id: mara.id, role_id: Builtin::Admin.id(), version: None };
        org::change_role(&operator, change).await.unwrap();
        core.clock.advance(MINUTE);
        issued = rotate(&core, &app, &issued.refresh_token.unwrap()).await.unwrap();
        assert_eq!(claims(&issued.access_token)["role"], "admin");
        assert_eq!(claims(issued.id_token.as_ref().unwrap())["role"], "admin");
        let denial = AddEntry {
            organization: which.clone(),
            user_id: mara.id,
            effect: Effect::Denial,
            pattern: "members:invite".to_owned().try_into().unwrap(),
            resource: None,
            reason: String::new(),
            expires_at: Some(core.now() + HOUR),
            version: None,
        };
        org::add_entry(&operator, denial).await.unwrap();
        let holds = |issued: &IssuedTokens| {
            claims(&issued.access_token)["permissions"].as_array().unwrap().contains(&"members:invite".into())
        };
        assert!(holds(&issued));
        core.clock.advance(MINUTE);
        issued = rotate(&core, &app, &issued.refresh_token.unwrap()).await.unwrap();
        assert!(!holds(&issued), "a denial bites at the next refresh");
        core.clock.advance(HOUR);
        issued = rotate(&core, &app, &issued.refresh_token.unwrap()).await.unwrap();
        assert!(holds(&issued), "it is over");
        assert!(is_active(&core, &app, &issued.access_token).await);
        org::leave_organization(&ctx, &which).await.unwrap();
        assert!(!is_active(&core, &app, &issued.access_token).await);
        core.clock.advance(MINUTE);
        let refused = rotate(&core, &app, &issued.refresh_token.unwrap()).await;
        assert_eq!(refusal(refused), OAuthErrorCode::InvalidGrant);
    })
    .await;
}

/// E7: who showed less than the organisation asks for does not come in, and does not stay.
#[tokio::test]
async fn a_second_factor_is_asked_for() {
    on_both_engines(async |core: TestCore| {
        let app = shop(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let which = organization(&core, &mara, "Nordhavn").await;
        let ctx = sign_in(&core, &mara).await;
        let issued = issue(&core, &app, &ctx, &[("scope", ASKS)]).await;
        let policy = |grace_period_days, exempt_roles| SetMfaPolicy {
            organization: which.clone(),
            require_mfa: true,
            allowed_methods: vec![MfaMethod::Totp],
            grace_period_days,
            exempt_roles,
            version: None,
        };
        org::set_mfa_policy(&core.operator(), policy(7, Vec::new())).await.unwrap();
        assert_eq!(word(&begin(&ctx, &[("scope", ASKS)]).await.unwrap()), "code", "there is a grace");
        core.clock.advance(7 * DAY);
        let ctx = sign_in(&core, &mara).await;
        let step = begin(&ctx, &[("scope", ASKS)]).await.unwrap();
        assert_eq!(word(&step), "enrol");
        let demand = find_enrolment(&ctx, &interaction(step)).await.unwrap().unwrap();
        assert_eq!((demand.organization.as_str(), demand.methods), ("Nordhavn", vec![MfaMethod::Totp]));
        let silent = begin(&ctx, &[("scope", ASKS), ("prompt", "none")]).await.unwrap();
        assert_eq!(word(&silent), "interaction_required");
        assert_eq!(word(&begin(&ctx, &[("scope", "openid")]).await.unwrap()), "code", "nobody asked for it");
        let refused = rotate(&core, &app, &issued.refresh_token.unwrap()).await;
        assert_eq!(refusal(refused), OAuthErrorCode::InvalidGrant);
        org::set_mfa_policy(&core.operator(), policy(0, vec![Builtin::Owner.id()])).await.unwrap();
        assert_eq!(word(&begin(&ctx, &[("scope", ASKS)]).await.unwrap()), "code", "owners are exempt");
    })
    .await;
}

/// E2: tokens of our own API are issued anew for another organisation, and those before them end.
#[tokio::test]
async fn switching_issues_tokens_anew() {
    on_both_engines(async |core: TestCore| {
        let (mara, tove) = (person(&core, "mara@x.example").await, person(&core, "tove@x.example").await);
        let (first, second) = (organization(&core, &mara, "First").await, organization(&core, &tove, "Second").await);
        join(&core, &second, &mara, Builtin::Operator).await;
        let ctx = sign_in_as(&core, &mara, SessionKind::Api).await;
        let before = issue_first_party_tokens(&ctx).await.unwrap();
        assert!(claims(&before.access_token).get("org_id").is_none(), "none was chosen yet");
        let (standing, issued) = switch_organization(&ctx, &second).await.unwrap();
        assert_eq!(standing.role_name(), "operator");
        assert_eq!(claims(&issued.access_token)["org_slug"], "second");
        assert!(authenticate_first_party(&core, &before.access_token).await.unwrap().is_none());
        assert!(authenticate_first_party(&core, &issued.access_token).await.unwrap().is_some());
        let token = SecretString::from(issued.refresh_token.unwrap().expose());
        let next = refresh_first_party(&core.anonymous(), token).await.unwrap();
        assert_eq!(claims(&next.access_token)["role"], "operator");
        let again = sign_in_as(&core, &mara, SessionKind::Api).await;
        let issued = issue_first_party_tokens(&again).await.unwrap();
        assert_eq!(claims(&issued.access_token)["org_slug"], "second", "it is preferred");
        switch_organization(&again, &first).await.unwrap();
        let foreign = organization(&core, &tove, "Foreign").await;
        for which in [foreign, OrganizationRef::Id(core.new_id())] {
            let refused = switch_organization(&again, &which).await;
            assert!(matches!(refused, Err(SwitchOrganizationError::NotFound)));
        }
    })
    .await;
}
