//! Trusted browsers, on both engines.

use std::time::Duration;

use super::*;
use crate::{
    account::{
        ChangePassword, CompleteSignIn, CreateUser, SecondFactorRequired, SignIn, SignInOutcome, SignedIn,
        change_password, complete_sign_in, complete_sign_in_and_trust, create_user, sign_in, sign_in_trusted,
    },
    core::{Actor, Core},
    factor::{Channel, Proof, SetCodes, set_codes},
    secret::SecretString,
    session::{SessionKind, end_other_sessions, resume_session},
    testing::{CODE_SECONDS, TestAuthenticator, TestCore, on_both_engines, on_both_engines_with},
    text::EmailAddress,
};

const STEP: Duration = Duration::from_secs(CODE_SECONDS);
const DAY: Duration = Duration::from_hours(24);
const PASSWORD: &str = "Seven-lanterns-7";
const MARA: &str = "mara@nordhavn.example";
const TOVE: &str = "tove@nordhavn.example";

fn attempt(address: &str) -> SignIn {
    let password = SecretString::from(PASSWORD);
    SignIn { identifier: address.to_owned(), password, stay: false, kind: SessionKind::Browser }
}

async fn as_user(core: &Core, test: &TestCore, signed_in: &SignedIn) -> Ctx {
    let live = resume_session(core, signed_in.session_id).await.unwrap().unwrap();
    core.ctx(Actor::User(live.actor), test.meta())
}

/// Somebody with an authenticator app, who has just added it.
async fn person(core: &TestCore, address: &str) -> (Ctx, TestAuthenticator) {
    let cmd = CreateUser {
        email: EmailAddress::try_from(address).unwrap(),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    };
    create_user(&core.operator(), cmd).await.unwrap();
    let SignInOutcome::SignedIn(new) = sign_in(&core.anonymous(), attempt(address)).await.unwrap() else {
        panic!("asked for more")
    };
    let ctx = as_user(core, core, &new).await;
    let app = TestAuthenticator::add(&ctx).await;
    (ctx, app)
}

/// The password, in a browser that holds these tokens.
async fn knock(core: &TestCore, address: &str, tokens: &[PlainToken]) -> Result<SignedIn, SecondFactorRequired> {
    match sign_in_trusted(&core.anonymous(), attempt(address), tokens).await.unwrap() {
        SignInOutcome::SignedIn(signed_in) => Ok(signed_in),
        SignInOutcome::SecondFactorRequired(required) => Err(required),
    }
}

/// Both steps, with "don't ask again".
async fn enter_and_trust(core: &TestCore, address: &str, app: &TestAuthenticator) -> SignedIn {
    core.clock.advance(STEP);
    let pending = knock(core, address, &[]).await.unwrap_err().pending;
    let proof = Proof::Totp(app.code(core.now()));
    let cmd = CompleteSignIn { pending, kind: SessionKind::Browser, proof };
    complete_sign_in_and_trust(&core.anonymous(), cmd).await.unwrap()
}

/// B7 B6: a trusted browser is asked for the password alone, for thirty days, and says no more than that of the sign-in.
#[tokio::test]
async fn a_trusted_browser_is_not_asked() {
    on_both_engines(async |core| {
        let (_, app) = person(&core, MARA).await;
        let token = enter_and_trust(&core, MARA, &app).await.trusted.unwrap();
        assert!(token.expose().starts_with("ost_tb_"));
        core.clock.advance(29 * DAY);
        let signed_in = knock(&core, MARA, std::slice::from_ref(&token)).await.unwrap();
        let ctx = as_user(&core, &core, &signed_in).await;
        assert_eq!(ctx.user().unwrap().amr, ["pwd"], "it is no proof");
        let listed = list_trusted_browsers(&ctx, std::slice::from_ref(&token)).await.unwrap();
        assert_eq!((listed.len(), listed[0].is_current, listed[0].last_used_at), (1, true, Some(core.now())));
        assert_eq!(core.mails().await.iter().filter(|mail| mail.kind == "BrowserTrusted").count(), 1);
        knock(&core, MARA, &[]).await.unwrap_err();
        core.clock.advance(DAY);
        knock(&core, MARA, &[token]).await.unwrap_err();
        crate::jobs::clean_up(&core).await.unwrap();
        assert_eq!(list_trusted_browsers(&ctx, &[]).await.unwrap(), []);
    })
    .await;
}

/// B7: a token is of use to its own account only, and to nobody without the password; two accounts may share a browser.
#[tokio::test]
async fn trust_is_for_one_account() {
    on_both_engines(async |core| {
        let (mara, maras_app) = person(&core, MARA).await;
        let (tove, toves_app) = person(&core, TOVE).await;
        let maras = enter_and_trust(&core, MARA, &maras_app).await.trusted.unwrap();
        knock(&core, TOVE, std::slice::from_ref(&maras)).await.unwrap_err();
        let toves = enter_and_trust(&core, TOVE, &toves_app).await.trusted.unwrap();
        assert_ne!(maras, toves, "nobody is trusted by a token that was there before");
        for address in [MARA, TOVE] {
            knock(&core, address, &[maras.clone(), toves.clone()]).await.unwrap();
        }
        let wrong = SignIn { password: SecretString::from("x"), ..attempt(MARA) };
        sign_in_trusted(&core.anonymous(), wrong, std::slice::from_ref(&maras)).await.unwrap_err();
        // What is somebody else's is not there.
        let id = list_trusted_browsers(&mara, &[]).await.unwrap()[0].id;
        assert!(matches!(end_trust(&tove, EndTrust { id }).await, Err(EndTrustError::NotFound)));
        assert!(matches!(end_trust(&core.anonymous(), EndTrust { id }).await, Err(EndTrustError::Denied(_))));
        end_trust(&mara, EndTrust { id }).await.unwrap();
        knock(&core, MARA, &[maras]).await.unwrap_err();
        knock(&core, TOVE, &[toves]).await.unwrap();
    })
    .await;
}

/// B7 A8: a new password, a changed factor and the end of all other sessions end the trust.
#[tokio::test]
async fn trust_ends_with_what_it_rests_on() {
    on_both_engines(async |core| {
        let (_, app) = person(&core, MARA).await;
        for n in 0..3 {
            let here = enter_and_trust(&core, MARA, &app).await;
            let token = here.trusted.clone().unwrap();
            knock(&core, MARA, std::slice::from_ref(&token)).await.unwrap();
            let ctx = as_user(&core, &core, &here).await;
            match n {
                0 => set_codes(&ctx, SetCodes { channel: Channel::Email, on: true }).await.unwrap(),
                1 => drop(end_other_sessions(&ctx).await.unwrap()),
                _ => {
                    let (current, new) = (SecretString::from(PASSWORD), SecretString::from("Eight-harbours-8"));
                    change_password(&ctx, ChangePassword { current, new }).await.unwrap();
                    let (current, new) = (SecretString::from("Eight-harbours-8"), SecretString::from(PASSWORD));
                    change_password(&ctx, ChangePassword { current, new }).await.unwrap();
                }
            }
            knock(&core, MARA, &[token]).await.unwrap_err();
            assert_eq!(list_trusted_browsers(&ctx, &[]).await.unwrap(), []);
        }
    })
    .await;
}

/// B7: where the instance trusts no browsers none is trusted, whatever is asked for; and who is not asked to, is not either.
#[tokio::test]
async fn an_instance_may_trust_none() {
    on_both_engines_with(
        |config| config.second_factors.trust_browsers_for = Duration::ZERO,
        async |core| {
            let (_, app) = person(&core, MARA).await;
            assert_eq!(enter_and_trust(&core, MARA, &app).await.trusted, None);
        },
    )
    .await;
    let core = TestCore::sqlite().await;
    let (_, app) = person(&core, MARA).await;
    core.clock.advance(STEP);
    let pending = knock(&core, MARA, &[]).await.unwrap_err().pending;
    let cmd = CompleteSignIn { pending, kind: SessionKind::Browser, proof: Proof::Totp(app.code(core.now())) };
    assert_eq!(complete_sign_in(&core.anonymous(), cmd).await.unwrap().trusted, None);
}
