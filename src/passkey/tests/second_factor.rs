//! A passkey or security key in the second step (B1).

use super::*;
use crate::{
    account::{
        BeginSecondFactorError, BeginStepUp, BeginStepUpError, CompleteSignIn, CompleteSignInError, Least,
        SecondFactorRequired, begin_second_factor, begin_step_up, complete_sign_in,
    },
    factor::{Proof, SecondFactor},
    grant::{ACR_PHISHING_RESISTANT, acr_of},
    secret::PlainToken,
    testing::TestAuthenticator,
};

/// The right password of somebody who has a second factor.
async fn knock(core: &TestCore, address: &str) -> SecondFactorRequired {
    let cmd = SignIn {
        identifier: address.to_owned(),
        password: SecretString::from(PASSWORD),
        stay: false,
        kind: SessionKind::Browser,
    };
    match sign_in(&core.anonymous(), cmd).await.unwrap() {
        SignInOutcome::SecondFactorRequired(required) => required,
        SignInOutcome::SignedIn(_) => panic!("the second factor was skipped"),
    }
}

async fn show(
    ctx: &Ctx,
    pending: &PlainToken,
    ceremony: &Ceremony,
    said: &str,
) -> Result<SignedIn, CompleteSignInError> {
    let assertion = Assertion::parse(said).unwrap();
    let proof = Proof::Passkey { ceremony: ceremony.token.clone(), assertion };
    complete_sign_in(ctx, CompleteSignIn { pending: pending.clone(), kind: SessionKind::Browser, proof }).await
}

async fn amr(core: &Core, signed_in: &SignedIn) -> Vec<String> {
    resume_session(core, signed_in.session_id).await.unwrap().unwrap().actor.amr
}

/// B1 B6: a key is one of the ways, asks for the keys of this person only, and is told for what it is. A key alone is no
/// reason to ask behind the password.
#[tokio::test]
async fn a_key_completes_a_sign_in() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (mut key, _) = key_of(&mara).await;
        by_password(&core, MARA).await;
        TestAuthenticator::add(&mara).await;
        core.clock.advance(MINUTE);
        let asked = knock(&core, MARA).await;
        assert_eq!(asked.methods, [SecondFactor::Passkey, SecondFactor::Totp, SecondFactor::Recovery]);
        let nobody = core.anonymous();
        let ceremony = begin_second_factor(&nobody, &asked.pending).await.unwrap();
        let allowed = &ceremony.options["allowCredentials"];
        assert_eq!(allowed.as_array().unwrap().len(), 1);
        assert_eq!(allowed[0]["id"], key.credential_id());
        let said = key.get(&ceremony.options);
        let signed_in = show(&nobody, &asked.pending, &ceremony, &said).await.unwrap();
        let amr = amr(&core, &signed_in).await;
        assert_eq!(amr, ["pwd", "hwk", "user", "mfa"]);
        assert_eq!(acr_of(&amr), Some(ACR_PHISHING_RESISTANT));
        // Neither the handle nor the ceremony is good again.
        assert!(matches!(show(&nobody, &asked.pending, &ceremony, &said).await, Err(CompleteSignInError::Gone)));
        let asked = knock(&core, MARA).await;
        assert!(matches!(show(&nobody, &asked.pending, &ceremony, &said).await, Err(CompleteSignInError::WrongCode)));
    })
    .await;
}

/// B1 A7: another person's key, another origin, a person who was not verified, a copied key: refused, and counted.
#[tokio::test]
async fn a_wrong_key_completes_nothing() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let (mut key, _) = key_of(&mara).await;
        let (mut others, _) = key_of(&ivo).await;
        TestAuthenticator::add(&mara).await;
        let nobody = core.anonymous();
        let asked = knock(&core, MARA).await;
        let failures = async || crate::account::get_user(&core.operator(), user_id(&mara)).await.unwrap().failures;
        let wrong_ones: [&mut dyn FnMut(&serde_json::Value) -> String; 3] = [
            &mut |options| others.get(options),
            &mut |options| {
                key.origin = "https://evil.example".to_owned();
                let said = key.get(options);
                key.origin = ORIGIN.to_owned();
                said
            },
            &mut |options| SoftAuthenticator::new(ORIGIN).get(options),
        ];
        for (n, answer) in wrong_ones.into_iter().enumerate() {
            let ceremony = begin_second_factor(&nobody, &asked.pending).await.unwrap();
            let said = answer(&ceremony.options);
            let tried = show(&nobody, &asked.pending, &ceremony, &said).await;
            assert!(matches!(tried, Err(CompleteSignInError::WrongCode)), "{n}");
            assert_eq!(failures().await, i64::try_from(n).unwrap() + 1);
        }
        // A copy: its counter goes back.
        let ceremony = begin_second_factor(&nobody, &asked.pending).await.unwrap();
        let mut copy = key;
        copy.counter = 0;
        let said = copy.get(&ceremony.options);
        let tried = show(&nobody, &asked.pending, &ceremony, &said).await;
        assert!(matches!(tried, Err(CompleteSignInError::WrongCode)));
        assert_eq!(times_on_record(&core, AuditKind::PasskeyCopied).await, 1);
        assert_eq!(mails(&core, "PasskeyCopied").await, 1);
        let made_up = PlainToken::generate(crate::secret::TokenKind::PendingSignIn, core.entropy());
        let gone = begin_second_factor(&nobody, &made_up).await;
        assert!(matches!(gone, Err(BeginSecondFactorError::Gone)));
    })
    .await;
}

/// B6: on top of a session of the password, a key reaches what cannot be phished; a code does not, and is not offered.
#[tokio::test]
async fn a_key_is_shown_on_top() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let least = BeginStepUp { least: Least::PhishingResistant, stay: false };
        let here = by_password(&core, MARA).await;
        let here = with_password(&core, &here);
        assert!(matches!(begin_step_up(&here, least).await, Err(BeginStepUpError::NoStep)));
        let (mut key, _) = key_of(&mara).await;
        core.clock.advance(MINUTE);
        // The session that added the key goes on; it is Mara's of before.
        let mara = with_password(&core, &mara);
        let asked = begin_step_up(&mara, least).await.unwrap();
        assert_eq!(asked.methods, [SecondFactor::Passkey]);
        let ceremony = begin_second_factor(&mara, &asked.pending).await.unwrap();
        let said = key.get(&ceremony.options);
        let signed_in = show(&mara, &asked.pending, &ceremony, &said).await.unwrap();
        assert_eq!(amr(&core, &signed_in).await, ["pwd", "hwk", "user", "mfa"]);
        assert_eq!(signed_in.auth_time, mara.user().unwrap().auth_time);
    })
    .await;
}

/// The same session, and what it knows.
fn with_password(core: &TestCore, ctx: &Ctx) -> Ctx {
    let actor = UserActor { amr: vec!["pwd".to_owned()], ..ctx.user().unwrap().clone() };
    core.ctx(Actor::User(actor), core.meta())
}
