//! D8: pushed authorization requests (RFC 9126).

use super::*;
use crate::testing::{on_both_engines, on_both_engines_with};

async fn push(core: &TestCore, client: &Arc<Client>, changes: &[(&str, &str)]) -> Result<String, TokenError> {
    let ctx = core.ctx(Actor::Client { client_id: client.id.clone() }, core.meta());
    let cmd = PushAuthorization { client: Arc::clone(client), params: request(changes), dpop_key: None };
    push_authorization(&ctx, cmd).await.map(|pushed| pushed.request_uri)
}

async fn open(ctx: &Ctx, client_id: &str, request_uri: &str) -> Result<AuthorizationStep, AuthorizationRefused> {
    let pairs = [("client_id", client_id), ("request_uri", request_uri)];
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    begin_authorization(ctx, BeginAuthorization { params: Params::parse(text.as_bytes()).unwrap() }).await
}

fn is_refused(step: &Result<AuthorizationStep, AuthorizationRefused>) -> bool {
    matches!(step, Err(AuthorizationRefused::Untrusted { error: OAuthErrorCode::InvalidRequestUri, .. }))
}

/// D8, RFC 9126 §2.3: what is wrong with a request is told at once, and nothing is stored.
#[tokio::test]
async fn a_wrong_request_is_refused_at_once() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        for (changes, expected) in [
            (&[("redirect_uri", "")][..], OAuthErrorCode::InvalidRequest),
            (&[("redirect_uri", "https://app.example/other")], OAuthErrorCode::InvalidRequest),
            (&[("client_id", "")], OAuthErrorCode::InvalidRequest),
            (&[("client_id", "other")], OAuthErrorCode::InvalidRequest),
            (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], OAuthErrorCode::InvalidRequest),
            (&[("response_type", "token")], OAuthErrorCode::UnsupportedResponseType),
            (&[("scope", "openid admin")], OAuthErrorCode::InvalidScope),
            (&[("code_challenge_method", "plain")], OAuthErrorCode::InvalidRequest),
            (&[("code_challenge", ""), ("code_challenge_method", "")], OAuthErrorCode::InvalidRequest),
            (&[("id_token_hint", "a.b.c")], OAuthErrorCode::InvalidRequest),
        ] {
            match push(&core, &app, changes).await {
                Err(TokenError::Refused(error)) => assert_eq!(error.code(), expected, "{changes:?}"),
                other => panic!("{changes:?}: {other:?}"),
            }
        }
        assert_eq!(count(&core, "SELECT COUNT(*) FROM pushed_requests").await, 0);
    })
    .await;
}

/// D8, RFC 9126 §4, §7.3: a reference may be opened again until the application is answered; then it is used up, whichever
/// of the pages that were opened comes back first.
#[tokio::test]
async fn a_reference_is_used_up_by_the_answer() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let reference = push(&core, &app, &[]).await.unwrap();
        let first = interaction(open(&ctx, "app", &reference).await.unwrap());
        let second = interaction(open(&ctx, "app", &reference).await.unwrap());
        assert_ne!(first, second);
        for handle in [&first, &second] {
            decide_consent(&ctx, allow(handle)).await.unwrap();
        }
        // The pages outlast the reference: its time is for opening them.
        core.clock.advance(10 * MINUTE);
        let code = code(&resume(&ctx, &second).await.unwrap());
        assert!(matches!(resume(&ctx, &first).await, Err(AuthorizationRefused::Gone)));
        assert!(is_refused(&open(&ctx, "app", &reference).await));
        exchange(&core, &app, &code).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authorization_codes").await, 1);
    })
    .await;
}

/// D8, RFC 9126 §7.3: an error is an answer, too.
#[tokio::test]
async fn a_denial_uses_a_reference_up() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let reference = push(&core, &app, &[("prompt", "none")]).await.unwrap();
        assert_eq!(word(&open(&ctx, "app", &reference).await.unwrap()), "consent_required");
        assert!(is_refused(&open(&ctx, "app", &reference).await));
    })
    .await;
}

/// D8, RFC 9126 §2.2, §4: a reference works for its client and for its time.
#[tokio::test]
async fn a_reference_works_for_its_client_and_its_time() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        client(&core, "other", |_| {}).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let reference = push(&core, &app, &[]).await.unwrap();
        assert!(is_refused(&open(&ctx, "other", &reference).await));
        assert!(is_refused(&open(&ctx, "app", "urn:ietf:params:oauth:request_uri:ost_par_x").await));
        let code = PlainToken::generate(TokenKind::PushedRequest, core.entropy());
        let unknown = format!("urn:ietf:params:oauth:request_uri:{}", code.expose());
        assert!(is_refused(&open(&ctx, "app", &unknown).await));
        assert!(matches!(open(&ctx, "nobody", &reference).await, Err(AuthorizationRefused::Untrusted { .. })));
        core.clock.advance(89 * SECOND);
        assert_eq!(word(&open(&ctx, "app", &reference).await.unwrap()), "consent");
        core.clock.advance(SECOND);
        assert!(is_refused(&open(&ctx, "app", &reference).await));
        // What the application may do is looked at again.
        let reference = push(&core, &app, &[]).await.unwrap();
        reconfigure(&core, "app", |settings| settings.redirect_uris.clear()).await;
        assert!(matches!(open(&ctx, "app", &reference).await, Err(AuthorizationRefused::Untrusted { .. })));
        core.clock.advance(2 * DAY);
        clean_up(&core).await.unwrap();
        assert_eq!(count(&core, "SELECT COUNT(*) FROM pushed_requests").await, 0);
    })
    .await;
}

/// D8, RFC 9126 §7.3: of 50 tabs that come back with one reference exactly one gets a code.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reference_is_answered_once() {
    on_both_engines(async |core: TestCore| {
        let app = client(&core, "app", |settings| settings.first_party = true).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        let reference = push(&core, &app, &[]).await.unwrap();
        let tasks = (0..50).map(|_| {
            let (ctx, reference) = (ctx.clone(), reference.clone());
            tokio::spawn(async move { open(&ctx, "app", &reference).await.is_ok() })
        });
        let mut answered = 0;
        for task in tasks.collect::<Vec<_>>() {
            answered += i32::from(task.await.unwrap());
        }
        assert_eq!(answered, 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authorization_codes").await, 1);
    })
    .await;
}

/// D8, RFC 9126 §5, §6: where requests must be pushed, others are refused before anybody sees a page.
#[tokio::test]
async fn pushing_can_be_required() {
    on_both_engines(async |core: TestCore| {
        let app = client(&core, "app", |settings| settings.require_pushed_authorization_requests = true).await;
        client(&core, "free", |_| {}).await;
        let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
        assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "invalid_request");
        assert_eq!(word(&begin(&ctx, &[("client_id", "free")]).await.unwrap()), "consent");
        let reference = push(&core, &app, &[]).await.unwrap();
        assert_eq!(word(&open(&ctx, "app", &reference).await.unwrap()), "consent");
    })
    .await;
    on_both_engines_with(
        |config| config.authorization.require_pushed_requests = true,
        async |core: TestCore| {
            app(&core).await;
            let ctx = sign_in(&core, &person(&core, "mara@x.example").await).await;
            assert_eq!(word(&begin(&ctx, &[]).await.unwrap()), "invalid_request");
        },
    )
    .await;
}
