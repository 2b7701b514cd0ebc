//! D8: device codes.

use super::{
    decoupled::{
        BeginDevice, CollectTokens, DecideRequest, DecideRequestError, DecoupledKind, DeviceBegun, EnterUserCode,
        EnterUserCodeError, GetRequestError, RequestRef, begin_device, collect_tokens, decide_request, enter_user_code,
        get_request,
    },
    *,
};
use crate::{core::RequestMeta, testing::on_both_engines};

const EVERYTHING: &str = "openid profile offline_access";

async fn television(core: &Core) -> Arc<Client> {
    client(core, "television", |settings| {
        settings.auth_method = TokenEndpointAuthMethod::None;
        settings.grant_types = vec![GrantType::DeviceCode, GrantType::RefreshToken];
        settings.redirect_uris = Vec::new();
    })
    .await
}

async fn begin(core: &TestCore, client: &Arc<Client>, scope: &str) -> Result<DeviceBegun, TokenError> {
    let cmd = BeginDevice { client: Arc::clone(client), scope: scopes(scope), aim: TokenAim::default() };
    begin_device(&core.anonymous(), cmd).await
}

fn poll_of(client: &Arc<Client>, begun: &DeviceBegun) -> CollectTokens {
    CollectTokens {
        client: Arc::clone(client),
        kind: DecoupledKind::Device,
        code: SecretString::from(begun.device_code.expose()),
        confirmation: Confirmation::NONE,
        aim: TokenAim::default(),
    }
}

async fn poll(core: &TestCore, client: &Arc<Client>, begun: &DeviceBegun) -> Result<IssuedTokens, TokenError> {
    collect_tokens(&core.anonymous(), poll_of(client, begun)).await
}

fn answer(begun: &DeviceBegun, allow: bool) -> DecideRequest {
    let which = RequestRef::Device(begun.user_code.clone());
    DecideRequest { which, allow, granted_optional: Scope::STANDARD.to_vec() }
}

async fn enter(ctx: &Ctx, text: &str) -> Result<decoupled::UserCode, EnterUserCodeError> {
    enter_user_code(ctx, EnterUserCode { text: text.to_owned() }).await
}

/// D8, RFC 8628 §3: the whole way: code, question, yes, tokens with the authentication of who decided.
#[tokio::test]
async fn a_device_is_connected() {
    on_both_engines(async |core: TestCore| {
        let (television, mara) = (television(&core).await, person(&core, "mara@nordhavn.example").await);
        let begun = begin(&core, &television, EVERYTHING).await.unwrap();
        assert_eq!((begun.expires_in, begun.interval), (600, 5));
        assert_eq!(refusal(poll(&core, &television, &begun).await), OAuthErrorCode::AuthorizationPending);

        let typed = begun.user_code.to_string().to_lowercase().replace('-', " ");
        assert_eq!(enter(&core.anonymous(), &typed).await.unwrap(), begun.user_code);
        let which = RequestRef::Device(begun.user_code.clone());
        assert!(matches!(get_request(&core.anonymous(), &which).await, Err(GetRequestError::SignIn)));
        let ctx = sign_in(&core, &mara).await;
        let asked = get_request(&ctx, &which).await.unwrap();
        assert_eq!(asked.consent.client_name, "Name of television");
        assert_eq!(asked.ip.as_deref(), core.meta().ip.map(|ip| ip.to_string()).as_deref());
        let listed: Vec<_> = asked.consent.scopes.iter().map(|line| (line.scope.as_str(), line.optional)).collect();
        assert_eq!(listed, [("openid", false), ("profile", false), ("offline_access", true)]);
        decide_request(&ctx, answer(&begun, true)).await.unwrap();

        let issued = poll(&core, &television, &begun).await.unwrap();
        assert_eq!(issued.scope, scopes(EVERYTHING));
        let id_token = claims(issued.id_token.as_deref().unwrap());
        assert_eq!((&id_token["sub"], &id_token["amr"]), (&mara.id.to_string().into(), &serde_json::json!(["pwd"])));
        assert_eq!(id_token["auth_time"], ctx.user().unwrap().auth_time.as_secs());
        let rotated = rotate(&core, &television, issued.refresh_token.as_ref().unwrap()).await.unwrap();
        assert!(rotated.refresh_token.is_some());
        assert_eq!(audited(&core, "consent_given").await, 1);
        assert_eq!(audited(&core, "tokens_issued").await, 1);

        assert_eq!(refusal(poll(&core, &television, &begun).await), OAuthErrorCode::InvalidGrant);
        assert!(matches!(decide_request(&ctx, answer(&begun, false)).await, Err(DecideRequestError::Gone)));
        assert!(matches!(enter(&ctx, &typed).await, Err(EnterUserCodeError::Unknown)));
    })
    .await;
}

/// RFC 8628 §3.5: who polls too fast is told so, and has to wait longer from then on.
#[tokio::test]
async fn polling_too_fast_slows_down() {
    on_both_engines(async |core: TestCore| {
        let television = television(&core).await;
        let begun = begin(&core, &television, "openid").await.unwrap();
        let mut told = Vec::new();
        // After the third the interval is ten seconds, after the fifth fifteen.
        for seconds in [0, 5, 1, 10, 5, 14, 15] {
            core.clock.advance(SECOND * seconds);
            told.push(refusal(poll(&core, &television, &begun).await));
        }
        let (pending, slow) = (OAuthErrorCode::AuthorizationPending, OAuthErrorCode::SlowDown);
        assert_eq!(told, [pending, pending, slow, pending, slow, pending, pending]);
        for _ in 0..50 {
            assert_eq!(refusal(poll(&core, &television, &begun).await), slow);
        }
        core.clock.advance(MINUTE);
        assert_eq!(refusal(poll(&core, &television, &begun).await), pending, "the interval grows without end");
    })
    .await;
}

/// RFC 8628 §3.5: a no, an end in time, and codes of others.
#[tokio::test]
async fn refusals_are_told_apart() {
    on_both_engines(async |core: TestCore| {
        let (television, mara) = (television(&core).await, person(&core, "mara@nordhavn.example").await);
        let other = client(&core, "other", |settings| settings.grant_types.push(GrantType::DeviceCode)).await;
        let ctx = sign_in(&core, &mara).await;

        let denied = begin(&core, &television, "openid").await.unwrap();
        decide_request(&ctx, answer(&denied, false)).await.unwrap();
        assert_eq!(refusal(poll(&core, &television, &denied).await), OAuthErrorCode::AccessDenied);
        assert_eq!(audited(&core, "consent_denied").await, 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM grants").await, 0);

        let foreign = begin(&core, &television, "openid").await.unwrap();
        decide_request(&ctx, answer(&foreign, true)).await.unwrap();
        assert_eq!(refusal(poll(&core, &other, &foreign).await), OAuthErrorCode::InvalidGrant);
        assert!(poll(&core, &television, &foreign).await.is_ok(), "another client's try must not use it up");

        let (late, allowed_late) =
            (begin(&core, &television, "openid").await.unwrap(), begin(&core, &television, "openid").await.unwrap());
        decide_request(&ctx, answer(&allowed_late, true)).await.unwrap();
        core.clock.advance(10 * MINUTE);
        assert_eq!(refusal(poll(&core, &television, &late).await), OAuthErrorCode::ExpiredToken);
        assert_eq!(refusal(poll(&core, &television, &allowed_late).await), OAuthErrorCode::ExpiredToken);
        assert!(matches!(decide_request(&ctx, answer(&late, true)).await, Err(DecideRequestError::Gone)));
        let typed = late.user_code.to_string();
        assert!(matches!(enter(&ctx, &typed).await, Err(EnterUserCodeError::Unknown)));

        let unknown = DeviceBegun {
            device_code: PlainToken::generate(TokenKind::DeviceCode, core.entropy()),
            ..begin(&core, &television, "openid").await.unwrap()
        };
        assert_eq!(refusal(poll(&core, &television, &unknown).await), OAuthErrorCode::InvalidGrant);
    })
    .await;
}

/// D8: a hundred polls at once get one set of tokens.
#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_collected_once() {
    on_both_engines(async |core: TestCore| {
        let (television, mara) = (television(&core).await, person(&core, "mara@nordhavn.example").await);
        let begun = Arc::new(begin(&core, &television, EVERYTHING).await.unwrap());
        decide_request(&sign_in(&core, &mara).await, answer(&begun, true)).await.unwrap();
        let mut polls = tokio::task::JoinSet::new();
        for _ in 0..100 {
            let (ctx, cmd) = (core.anonymous(), poll_of(&television, &begun));
            polls.spawn(async move { collect_tokens(&ctx, cmd).await });
        }
        let answers = polls.join_all().await;
        let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        assert_eq!(won.len(), 1);
        assert!(lost.into_iter().all(|answer| refusal(answer) == OAuthErrorCode::InvalidGrant));
        assert_eq!(count(&core, "SELECT COUNT(*) FROM refresh_tokens").await, 1);
        assert_eq!(audited(&core, "tokens_issued").await, 1);
    })
    .await;
}

/// Of a yes and a no at once one counts, and only a yes that counts leaves a grant.
#[tokio::test(flavor = "multi_thread")]
async fn one_decision_counts() {
    on_both_engines(async |core: TestCore| {
        let (television, mara) = (television(&core).await, person(&core, "mara@nordhavn.example").await);
        let ctx = sign_in(&core, &mara).await;
        let begun = begin(&core, &television, "openid").await.unwrap();
        let mut decisions = tokio::task::JoinSet::new();
        for n in 0..20 {
            let (ctx, cmd) = (ctx.clone(), answer(&begun, n % 2 == 0));
            decisions.spawn(async move { decide_request(&ctx, cmd).await });
        }
        let counted = decisions.join_all().await.into_iter().flatten().count();
        assert_eq!(counted, 1);
        let allowed = poll(&core, &television, &begun).await.is_ok();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM grants").await, i64::from(allowed));
    })
    .await;
}

/// A8, C3: what was allowed ends with the session that allowed it, before and after the device has its tokens.
#[tokio::test]
async fn it_ends_with_the_session_that_allowed_it() {
    on_both_engines(async |core: TestCore| {
        let (television, mara) = (television(&core).await, person(&core, "mara@nordhavn.example").await);
        let ctx = sign_in(&core, &mara).await;
        let (first, second) = (
            begin(&core, &television, EVERYTHING).await.unwrap(),
            begin(&core, &television, EVERYTHING).await.unwrap(),
        );
        for begun in [&first, &second] {
            decide_request(&ctx, answer(begun, true)).await.unwrap();
        }
        let issued = poll(&core, &television, &first).await.unwrap();
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(
            refusal(rotate(&core, &television, issued.refresh_token.as_ref().unwrap()).await),
            OAuthErrorCode::InvalidGrant
        );
        assert_eq!(refusal(poll(&core, &television, &second).await), OAuthErrorCode::InvalidGrant);
        assert!(matches!(
            get_request(&ctx, &RequestRef::Device(second.user_code.clone())).await,
            Err(GetRequestError::SignIn)
        ));
    })
    .await;
}

/// RFC 6749 §3.3: scopes as at the authorization endpoint; what was not left in on the page is not granted.
#[tokio::test]
async fn scopes_follow_the_same_rules() {
    on_both_engines(async |core: TestCore| {
        let (television, mara) = (television(&core).await, person(&core, "mara@nordhavn.example").await);
        for scope in ["", "openid admin", "profile"] {
            let refused = begin(&core, &television, scope).await;
            assert!(
                matches!(&refused, Err(TokenError::Refused(error)) if error.code() == OAuthErrorCode::InvalidScope),
                "{scope}: {refused:?}"
            );
        }
        let plain = client(&core, "plain", |_| {}).await;
        let refused = begin(&core, &plain, "openid").await;
        assert!(
            matches!(refused, Err(TokenError::Refused(error)) if error.code() == OAuthErrorCode::UnauthorizedClient)
        );
        let begun = begin(&core, &television, EVERYTHING).await.unwrap();
        let decision = DecideRequest { granted_optional: vec![Scope::PHONE], ..answer(&begun, true) };
        decide_request(&sign_in(&core, &mara).await, decision).await.unwrap();
        let issued = poll(&core, &television, &begun).await.unwrap();
        assert_eq!(issued.scope, scopes("openid profile"));
        assert!(issued.refresh_token.is_none());
    })
    .await;
}

/// RFC 8628 §5.1: tries are few, per address and per session; stored is no code.
#[tokio::test]
async fn codes_cannot_be_tried_out() {
    let core = TestCore::sqlite_with(|config| config.limits.user_code_per_minute = 3).await;
    let mara = person(&core, "mara@nordhavn.example").await;
    let ctx = sign_in(&core, &mara).await;
    let elsewhere =
        |n: u8| Ctx { meta: RequestMeta { ip: Some([203, 0, 113, n].into()), ..core.meta() }, ..ctx.clone() };
    for n in 1..=3 {
        assert!(matches!(enter(&elsewhere(n), "BBBB-BBBB").await, Err(EnterUserCodeError::Unknown)));
    }
    assert!(matches!(enter(&elsewhere(4), "BBBB-BBBB").await, Err(EnterUserCodeError::TooMany(_))), "one session");
    let stranger = Ctx { actor: Actor::Anonymous, ..elsewhere(9) };
    for _ in 0..3 {
        assert!(matches!(enter(&stranger, "x").await, Err(EnterUserCodeError::Unknown)));
    }
    assert!(matches!(enter(&stranger, "x").await, Err(EnterUserCodeError::TooMany(_))), "one address");
}

/// D12: what has expired goes, and its grant with what it issued stays its own time.
#[tokio::test]
async fn old_requests_are_cleaned_up() {
    on_both_engines(async |core: TestCore| {
        let television = television(&core).await;
        begin(&core, &television, "openid").await.unwrap();
        core.clock.advance(11 * MINUTE);
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM decoupled_requests").await, 1);
        core.clock.advance(HOUR);
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM decoupled_requests").await, 0);
    })
    .await;
}
