//! D3: refresh tokens rotate, repeat themselves for ten seconds, and betray whoever copied them.

use proptest::prelude::*;

use super::*;
use crate::{
    config::ReuseMode,
    testing::{on_both_engines, on_both_engines_with},
};

const LIVE: &str = "SELECT COUNT(*) FROM refresh_tokens t JOIN grants g ON g.id = t.grant_id \
                    WHERE t.used_at IS NULL AND g.revoked_at IS NULL";

async fn offline(core: &TestCore) -> (Arc<Client>, Ctx, IssuedTokens) {
    let app = app(core).await;
    let ctx = sign_in(core, &person(core, "mara@x.example").await).await;
    let issued = tokens(core, &ctx, "openid email offline_access").await;
    (app, ctx, issued)
}

fn token(issued: &IssuedTokens) -> PlainToken {
    issued.refresh_token.clone().unwrap()
}

/// D3: each use gives a new token, and the old one's digest is all that is kept of it.
#[tokio::test]
async fn a_refresh_token_rotates() {
    on_both_engines(async |core: TestCore| {
        let (app, _, issued) = offline(&core).await;
        core.clock.advance(MINUTE);
        let next = rotate(&core, &app, &token(&issued)).await.unwrap();
        assert_ne!(token(&next), token(&issued));
        assert_eq!(next.scope, issued.scope);
        let (before, after) = (claims(issued.id_token.as_ref().unwrap()), claims(next.id_token.as_ref().unwrap()));
        for name in ["iss", "sub", "aud", "azp", "auth_time", "acr", "sid"] {
            assert_eq!(after[name], before[name], "OIDC Core §12.2: {name}");
        }
        assert!(after.get("nonce").is_none() && after["iat"].as_i64() > before["iat"].as_i64());
        let (before, after) = (claims(&issued.access_token), claims(&next.access_token));
        assert_ne!(after["jti"], before["jti"]);
        let stored = format!(
            "{:?}",
            core.db()
                .read()
                .await
                .unwrap()
                .query("SELECT digest FROM refresh_tokens")
                .all::<(Vec<u8>,)>()
                .await
                .unwrap()
        );
        assert!(!stored.contains(next.refresh_token.as_ref().unwrap().expose()));
        assert_eq!(count(&core, LIVE).await, 1);
    })
    .await;
}

/// D3: the same old token within ten seconds by the same client gets the same successor, and tokens of the same contents.
#[tokio::test]
async fn a_lost_answer_is_given_again() {
    on_both_engines(async |core: TestCore| {
        let (app, _, issued) = offline(&core).await;
        core.clock.advance(MINUTE);
        let first = rotate(&core, &app, &token(&issued)).await.unwrap();
        core.clock.advance(4 * SECOND);
        let again = rotate(&core, &app, &token(&issued)).await.unwrap();
        assert_eq!(token(&again), token(&first));
        assert_eq!(claims(&again.access_token), claims(&first.access_token));
        let without_hash = |issued: &IssuedTokens| {
            let mut claims = claims(issued.id_token.as_ref().unwrap());
            // It binds the access token, whose signature is another one.
            claims.as_object_mut().unwrap().remove("at_hash");
            claims
        };
        assert_eq!(without_hash(&again), without_hash(&first));
        assert_eq!(again.expires_in, first.expires_in - 4);
        // Also when the successor was used meanwhile: both tabs end up with the same token.
        let second = rotate(&core, &app, &token(&first)).await.unwrap();
        core.clock.advance(6 * SECOND);
        assert_eq!(token(&rotate(&core, &app, &token(&issued)).await.unwrap()), token(&first));
        assert_eq!(token(&rotate(&core, &app, &token(&first)).await.unwrap()), token(&second));
        assert_eq!((count(&core, LIVE).await, audited(&core, "refresh_token_reused").await), (1, 0));
    })
    .await;
}

/// D3: another node gives the same answer: what it is made of is in the database and the master key.
#[tokio::test]
async fn another_node_gives_the_same_answer() {
    on_both_engines(async |core: TestCore| {
        let (app, _, issued) = offline(&core).await;
        let node = core.second_node().await;
        let first = rotate(&core, &app, &token(&issued)).await.unwrap();
        let ctx = node.ctx(Actor::Anonymous, core.meta());
        let again = refresh(&ctx, refresh_of(&app, &token(&issued))).await.unwrap();
        assert_eq!(token(&again), token(&first));
        // A node with another master key cannot make it, and so nobody can who has the database alone.
        let other = core.node_with_master_key([9; 32]).await;
        let made = other.sealer().refresh_successor(&token(&issued), &[0; 16]);
        assert_ne!(made, core.sealer().refresh_successor(&token(&issued), &[0; 16]));
    })
    .await;
}

/// D3: 1,000 tasks race to use one token: all get the same successor, and the family stays one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_tasks_and_one_refresh_token() {
    on_both_engines(async |core: TestCore| {
        let (app, _, mut issued) = offline(&core).await;
        // At once, and after a while, when session and grant are touched in the same transaction.
        for pause in [Duration::ZERO, 2 * MINUTE] {
            core.clock.advance(pause);
            let tasks = (0..1000).map(|_| {
                let (ctx, cmd) = (core.anonymous(), refresh_of(&app, &token(&issued)));
                tokio::spawn(async move { refresh(&ctx, cmd).await })
            });
            let mut answers = Vec::new();
            for task in tasks.collect::<Vec<_>>() {
                answers.push(task.await.unwrap().unwrap());
            }
            for answer in &answers {
                assert_eq!(token(answer), token(&answers[0]));
                assert_eq!(claims(&answer.access_token), claims(&answers[0].access_token));
            }
            assert_eq!(count(&core, LIVE).await, 1);
            issued = answers.swap_remove(0);
        }
        assert_eq!(count(&core, "SELECT COUNT(*) FROM refresh_tokens").await, 3);
        assert!(rotate(&core, &app, &token(&issued)).await.is_ok());
    })
    .await;
}

/// D3: an old token after the grace is in two hands: the family ends, once on record, and the owner is told.
#[tokio::test]
async fn an_old_token_ends_its_family() {
    on_both_engines(async |core: TestCore| {
        let (app, ctx, issued) = offline(&core).await;
        let bystander = tokens(&core, &ctx, "openid offline_access").await;
        let next = rotate(&core, &app, &token(&issued)).await.unwrap();
        core.clock.advance(10 * SECOND);
        assert!(rotate(&core, &app, &token(&issued)).await.is_ok(), "ten seconds are ten seconds");
        core.clock.advance(Duration::from_micros(1));
        for _ in 0..3 {
            assert_eq!(refusal(rotate(&core, &app, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
        }
        assert_eq!(refusal(rotate(&core, &app, &token(&next)).await), OAuthErrorCode::InvalidGrant);
        assert!(!is_active(&core, &app, &next.access_token).await);
        assert_eq!(audited(&core, "refresh_token_reused").await, 1);
        assert!(rotate(&core, &app, &token(&bystander)).await.is_ok());
        let mails = core.mails().await;
        assert_eq!(mails.iter().map(|mail| mail.kind.as_str()).collect::<Vec<_>>(), ["RefreshTokenReused"]);
        assert_eq!(mails[0].to, "mara@x.example");
    })
    .await;
}

/// D3: what happens on reuse can be configured.
#[tokio::test]
async fn reuse_can_end_everything_or_nothing() {
    for mode in [ReuseMode::RevokeUser, ReuseMode::LogOnly] {
        let configure = |config: &mut crate::config::Config| config.tokens.refresh_reuse = mode;
        on_both_engines_with(configure, async |core: TestCore| {
            let (app, ctx, issued) = offline(&core).await;
            let bystander = tokens(&core, &ctx, "openid offline_access").await;
            let next = rotate(&core, &app, &token(&issued)).await.unwrap();
            core.clock.advance(MINUTE);
            assert_eq!(refusal(rotate(&core, &app, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
            let goes_on = mode == ReuseMode::LogOnly;
            assert_eq!(rotate(&core, &app, &token(&next)).await.is_ok(), goes_on);
            assert_eq!(rotate(&core, &app, &token(&bystander)).await.is_ok(), goes_on);
            assert_eq!(session::resume_session(&core, session_of(&ctx)).await.unwrap().is_some(), goes_on);
            assert_eq!(audited(&core, "refresh_token_reused").await, 1);
        })
        .await;
    }
}

/// D3: bound to its client. Another one gets nothing and harms nobody.
#[tokio::test]
async fn another_client_gets_nothing() {
    on_both_engines(async |core: TestCore| {
        let (app, _, issued) = offline(&core).await;
        let other = client(&core, "other", |_| {}).await;
        assert_eq!(refusal(rotate(&core, &other, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
        let next = rotate(&core, &app, &token(&issued)).await.unwrap();
        // Not even within the grace, and not by reuse.
        assert_eq!(refusal(rotate(&core, &other, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
        core.clock.advance(MINUTE);
        assert_eq!(refusal(rotate(&core, &other, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
        assert!(rotate(&core, &app, &token(&next)).await.is_ok());
        let unable = client(&core, "unable", |s| s.grant_types = vec![GrantType::AuthorizationCode]).await;
        assert_eq!(refusal(rotate(&core, &unable, &token(&next)).await), OAuthErrorCode::UnauthorizedClient);
        for text in ["", "ost_rt_", "ost_ac_AAAA", "\0"] {
            let cmd = Refresh { refresh_token: SecretString::from(text), ..refresh_of(&app, &token(&next)) };
            assert_eq!(refusal(refresh(&core.anonymous(), cmd).await), OAuthErrorCode::InvalidGrant);
        }
    })
    .await;
}

/// D3: fewer scopes may be asked for, more may not; the next refresh has all of them again (RFC 6749 §6).
#[tokio::test]
async fn scopes_narrow_and_do_not_widen() {
    on_both_engines(async |core: TestCore| {
        let (app, _, issued) = offline(&core).await;
        let with = |token: &PlainToken, scope: &str| Refresh { scope: Some(scopes(scope)), ..refresh_of(&app, token) };
        let wider = refresh(&core.anonymous(), with(&token(&issued), "openid profile")).await;
        assert_eq!(refusal(wider), OAuthErrorCode::InvalidScope);
        let narrow = refresh(&core.anonymous(), with(&token(&issued), "email")).await.unwrap();
        assert_eq!((narrow.scope.to_string(), narrow.id_token.is_some()), ("email".to_owned(), false));
        assert_eq!(claims(&narrow.access_token)["scope"], "email");
        // A repetition with another scope has the same successor and is a token of its own.
        let other = refresh(&core.anonymous(), with(&token(&issued), "openid")).await.unwrap();
        assert_eq!(token(&other), token(&narrow));
        assert_ne!(claims(&other.access_token)["jti"], claims(&narrow.access_token)["jti"]);
        let next = rotate(&core, &app, &token(&narrow)).await.unwrap();
        assert_eq!(next.scope, issued.scope);
    })
    .await;
}

/// D3: 30 days without use, 90 days in any case.
#[tokio::test]
async fn refresh_tokens_end() {
    on_both_engines(async |core: TestCore| {
        let (app, ctx, idle) = offline(&core).await;
        let mut used = tokens(&core, &ctx, "openid offline_access").await;
        for _ in 0..3 {
            core.clock.advance(29 * DAY);
            used = rotate(&core, &app, &token(&used)).await.unwrap();
        }
        assert_eq!(refusal(rotate(&core, &app, &token(&idle)).await), OAuthErrorCode::InvalidGrant);
        // 87 days have passed. Nothing outlives the family.
        core.clock.advance(2 * DAY + 23 * HOUR + 59 * MINUTE + 59 * SECOND);
        let last = rotate(&core, &app, &token(&used)).await.unwrap();
        assert_eq!(last.expires_in, 1);
        core.clock.advance(SECOND);
        assert_eq!(refusal(rotate(&core, &app, &token(&last)).await), OAuthErrorCode::InvalidGrant);
        assert!(!is_active(&core, &app, &last.access_token).await);
    })
    .await;
}

/// A8, C3, D3: a refresh ends with session, account and stamp; a session that merely grew old ends nothing.
#[tokio::test]
async fn a_refresh_ends_with_what_it_came_from() {
    on_both_engines(async |core: TestCore| {
        let app = app(&core).await;
        let mara = person(&core, "mara@x.example").await;
        let ctx = sign_in(&core, &mara).await;
        let issued = tokens(&core, &ctx, "openid offline_access").await;
        execute_about(&core, "UPDATE sessions SET expires_at = 1 WHERE user_id = $1", mara.id).await.unwrap();
        let issued = rotate(&core, &app, &token(&issued)).await.unwrap();
        execute_about(&core, "UPDATE users SET is_active = (1 = 0) WHERE id = $1", mara.id).await.unwrap();
        assert_eq!(refusal(rotate(&core, &app, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
        execute_about(&core, "UPDATE users SET is_active = (1 = 1) WHERE id = $1", mara.id).await.unwrap();
        let issued = rotate(&core, &app, &token(&issued)).await.unwrap();

        let ctx = sign_in(&core, &mara).await;
        let other = tokens(&core, &ctx, "openid offline_access").await;
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(refusal(rotate(&core, &app, &token(&other)).await), OAuthErrorCode::InvalidGrant);
        execute_about(&core, "UPDATE users SET security_stamp = id WHERE id = $1", mara.id).await.unwrap();
        assert_eq!(refusal(rotate(&core, &app, &token(&issued)).await), OAuthErrorCode::InvalidGrant);
    })
    .await;
}

/// C3: a refresh is use of the session it came from.
#[tokio::test]
async fn a_refresh_moves_the_session() {
    on_both_engines(async |core: TestCore| {
        let (app, ctx, issued) = offline(&core).await;
        core.clock.advance(HOUR);
        rotate(&core, &app, &token(&issued)).await.unwrap();
        let mut conn = core.db().read().await.unwrap();
        let moved: i64 = conn
            .query("SELECT last_active_at FROM sessions WHERE id = $1")
            .bind(session_of(&ctx))
            .scalar()
            .await
            .unwrap();
        assert_eq!(moved, core.now().as_micros());
    })
    .await;
}

/// What a client, or several, or a thief may do next.
#[derive(Clone, Debug)]
enum Move {
    /// Present the token with this number (of those seen so far).
    Present(usize),
    /// Let this many seconds pass.
    Wait(u64),
    /// Refresh through a client that does not own the family.
    Foreign(usize),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        4 => any::<usize>().prop_map(Move::Present),
        2 => (0_u64..15).prop_map(Move::Wait),
        1 => any::<usize>().prop_map(Move::Foreign),
    ];
    prop::collection::vec(one, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    /// D3: no sequence of refreshes leaves two live tokens of a family, or a token that was refused alive.
    #[test]
    fn no_sequence_of_refreshes_leaves_two_live_families(moves in moves()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let core = TestCore::sqlite().await;
            let (app, _, issued) = offline(&core).await;
            let other = client(&core, "other", |_| {}).await;
            let mut seen = vec![token(&issued)];
            let mut is_over = false;
            for step in moves {
                match step {
                    Move::Wait(seconds) => core.clock.advance(Duration::from_secs(seconds)),
                    Move::Foreign(n) => {
                        assert!(rotate(&core, &other, &seen[n % seen.len()]).await.is_err());
                    }
                    Move::Present(n) => match rotate(&core, &app, &seen[n % seen.len()]).await {
                        Ok(issued) => {
                            assert!(!is_over, "a family that ended came back");
                            let token = token(&issued);
                            if !seen.contains(&token) {
                                seen.push(token);
                            }
                        }
                        Err(_) => is_over = true,
                    },
                }
                let live = count(&core, LIVE).await;
                assert_eq!(live, i64::from(!is_over));
            }
        });
    }
}
