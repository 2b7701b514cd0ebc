//! The second step of signing in, and what somebody could try who knows the password alone.

use super::*;
use crate::{
    factor::{Proof, RemoveAuthenticator, SecondFactor, list_factors, remove_authenticator},
    testing::{CODE_SECONDS, TestAuthenticator},
};

const STEP: Duration = Duration::from_secs(CODE_SECONDS);

/// Somebody with an authenticator, and the session it was added in.
async fn member_with_app(core: &TestCore) -> (SignedIn, TestAuthenticator) {
    member(core, MARA).await;
    core.clock.advance(HOUR);
    let here = enter(core, MARA, PASSWORD).await.unwrap();
    let app = TestAuthenticator::add(&as_user(core, &here)).await;
    (here, app)
}

/// The right password.
async fn knock(core: &TestCore) -> SecondFactorRequired {
    match super::super::sign_in(&core.anonymous(), attempt(MARA, PASSWORD)).await.unwrap() {
        SignInOutcome::SecondFactorRequired(required) => required,
        SignInOutcome::SignedIn(_) => panic!("the second factor was skipped"),
    }
}

async fn show(core: &TestCore, pending: &PlainToken, proof: Proof) -> Result<SignedIn, CompleteSignInError> {
    let cmd = CompleteSignIn { pending: pending.clone(), kind: SessionKind::Browser, proof };
    complete_sign_in(&core.anonymous(), cmd).await
}

fn totp(code: SecretString) -> Proof {
    Proof::Totp(code)
}

fn recovery(code: &str) -> Proof {
    Proof::Recovery(SecretString::from(code))
}

/// A code that is certainly wrong.
fn wrong(core: &TestCore, app: &TestAuthenticator) -> SecretString {
    let near: Vec<String> =
        [core.now() - STEP, core.now(), core.now() + STEP].map(|at| app.code(at).expose().to_owned()).to_vec();
    let wrong = ["000000", "111111", "222222", "333333"].into_iter().find(|code| !near.contains(&(*code).to_owned()));
    SecretString::from(wrong.unwrap())
}

async fn sessions(core: &TestCore) -> i64 {
    count(core, "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await
}

/// B2 B6: the password alone opens nothing; with the code there is one session, and it says truthfully how it came about.
#[tokio::test]
async fn the_code_completes_a_sign_in() {
    on_both_engines(async |core| {
        let (here, app) = member_with_app(&core).await;
        let asked = knock(&core).await;
        assert_eq!(asked.methods, [SecondFactor::Totp, SecondFactor::Recovery]);
        assert_eq!(sessions(&core).await, 1, "only the one in which the app was added");
        let view = find_pending_sign_in(&core.anonymous(), &asked.pending).await.unwrap().unwrap();
        assert_eq!((view.user_id, view.recovery_codes_left), (here.user_id, 10));

        core.clock.advance(MINUTE);
        let signed_in = show(&core, &asked.pending, totp(app.code(core.now()))).await.unwrap();
        assert_eq!((signed_in.user_id, signed_in.auth_time), (here.user_id, core.now()));
        let live = resume_session(&core, signed_in.session_id).await.unwrap().unwrap();
        assert_eq!(live.actor.amr, ["pwd", "otp", "mfa"]);
        // The handle is used up, with whatever code.
        core.clock.advance(STEP);
        let again = show(&core, &asked.pending, totp(app.code(core.now()))).await;
        assert!(matches!(again, Err(CompleteSignInError::Gone)));
        assert_eq!(find_pending_sign_in(&core.anonymous(), &asked.pending).await.unwrap(), None);
    })
    .await;
}

/// B2, RFC 6238 §5.2: the codes of one step before and after are good, those of two are not, and none is good twice: not
/// even through another sign-in.
#[tokio::test]
async fn codes_are_good_once_and_for_a_short_time() {
    on_both_engines(async |core| {
        let (_, app) = member_with_app(&core).await;
        for (shift, good) in [(-2_i32, false), (-1, true), (0, true), (1, true), (2, false)] {
            core.clock.advance(10 * MINUTE);
            let at = if shift < 0 {
                core.now() - STEP * shift.unsigned_abs()
            } else {
                core.now() + STEP * shift.unsigned_abs()
            };
            let asked = knock(&core).await;
            let tried = show(&core, &asked.pending, totp(app.code(at))).await;
            assert_eq!(tried.is_ok(), good, "{shift}");
            let replayed = show(&core, &knock(&core).await.pending, totp(app.code(at))).await;
            assert!(matches!(replayed, Err(CompleteSignInError::WrongCode)), "{shift}");
            core.clock.advance(HOUR);
        }
        // After the code of the next step, the one of now is old.
        assert!(show(&core, &knock(&core).await.pending, totp(app.code(core.now() + STEP))).await.is_ok());
        let older = show(&core, &knock(&core).await.pending, totp(app.code(core.now()))).await;
        assert!(matches!(older, Err(CompleteSignInError::WrongCode)));
    })
    .await;
}

/// Spaces are for reading, and what is no code is no fault of ours.
#[tokio::test]
async fn codes_are_read_as_people_write_them() {
    on_both_engines(async |core| {
        let (_, app) = member_with_app(&core).await;
        for odd in ["", "12345", "1234567", "١٢٣٤٥٦", "+12345", "a\0b", &"9".repeat(10_000)] {
            let asked = knock(&core).await;
            for proof in [totp(SecretString::from(odd)), recovery(odd)] {
                assert!(matches!(show(&core, &asked.pending, proof).await, Err(CompleteSignInError::WrongCode)));
            }
            core.clock.advance(HOUR);
        }
        let code = app.code(core.now());
        let spaced = format!(" {} {} ", &code.expose()[..3], &code.expose()[3..]);
        show(&core, &knock(&core).await.pending, totp(SecretString::from(spaced))).await.unwrap();
    })
    .await;
}

/// A7: wrong codes and wrong passwords share one count, and a right password forgives nothing. Whoever knows it has five
/// tries at the code, not five after each.
#[tokio::test]
async fn the_password_forgives_no_wrong_code() {
    on_both_engines(async |core| {
        let (here, app) = member_with_app(&core).await;
        for n in 1..=4 {
            let asked = knock(&core).await;
            let tried = show(&core, &asked.pending, totp(wrong(&core, &app))).await;
            assert!(matches!(tried, Err(CompleteSignInError::WrongCode)));
            knock(&core).await;
            assert_eq!(user(&core, here.user_id).await.failures, n);
        }
        let asked = knock(&core).await;
        assert!(is_refused(&core, MARA, "Wrong-password-1").await, "the fifth");
        assert!(user(&core, here.user_id).await.is_locked(core.now()));
        assert!(is_refused(&core, MARA, PASSWORD).await);
        let tried = show(&core, &asked.pending, totp(app.code(core.now()))).await;
        assert!(matches!(tried, Err(CompleteSignInError::TooMany(_))), "a pause holds the right code up, too");
        last_mail(&core, "AccountLocked").await;

        core.clock.advance(16 * MINUTE);
        show(&core, &knock(&core).await.pending, totp(app.code(core.now()))).await.unwrap();
        assert_eq!(user(&core, here.user_id).await.failures, 0, "a whole sign-in does");
    })
    .await;
}

/// A5 A7: a mailbox and the password it resets are no way around the second factor: a reset forgives no wrong code and ends
/// no pause.
#[tokio::test]
async fn a_reset_forgives_no_wrong_code() {
    on_both_engines(async |core| {
        let (here, app) = member_with_app(&core).await;
        for n in 1..=5 {
            let asked = knock(&core).await;
            show(&core, &asked.pending, totp(wrong(&core, &app))).await.unwrap_err();
            let cmd = ForgotPassword { email: email(MARA), return_to: None };
            forgot_password(&core.anonymous(), cmd).await.unwrap();
            let token = reset_token(&last_mail(&core, "ResetPassword").await);
            let cmd = ResetPassword { token, password: SecretString::from(PASSWORD) };
            reset_password(&core.anonymous(), cmd).await.unwrap();
            assert_eq!(user(&core, here.user_id).await.failures, n);
            core.clock.advance(MINUTE);
        }
        assert!(user(&core, here.user_id).await.is_locked(core.now()));
        assert!(is_refused(&core, MARA, PASSWORD).await);
        core.clock.advance(16 * MINUTE);
        show(&core, &knock(&core).await.pending, totp(app.code(core.now()))).await.unwrap();
    })
    .await;
}

/// A7: a hundred wrong codes at once are no more than the five that are allowed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_are_all_counted() {
    on_both_engines(async |core| {
        let (here, app) = member_with_app(&core).await;
        let (asked, code) = (knock(&core).await, wrong(&core, &app));
        let job = || {
            let ctx = core.anonymous();
            let proof = totp(code.clone());
            let cmd = CompleteSignIn { pending: asked.pending.clone(), kind: SessionKind::Browser, proof };
            async move { complete_sign_in(&ctx, cmd).await }
        };
        let tried = super::concurrency::race(job, |done| done.is_ok()).await;
        assert_eq!(tried, 0);
        let user = user(&core, here.user_id).await;
        assert_eq!(user.failures, 5);
        assert!(user.is_locked(core.now()));
    })
    .await;
}

/// B2: of a hundred who show one code at once exactly one gets in, through whichever sign-in.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_code_opens_once() {
    on_both_engines_with(
        |config| config.lockout.attempts = 1_000,
        async |core| {
            let (_, app) = member_with_app(&core).await;
            let mut handles = Vec::new();
            for _ in 0..10 {
                handles.push(knock(&core).await.pending);
            }
            let next = std::sync::atomic::AtomicUsize::new(0);
            let job = || {
                let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % handles.len();
                let (ctx, pending, proof) = (core.anonymous(), handles[n].clone(), totp(app.code(core.now())));
                async move {
                    complete_sign_in(&ctx, CompleteSignIn { pending, kind: SessionKind::Browser, proof }).await
                }
            };
            assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 1);
            assert_eq!(sessions(&core).await, 2);
        },
    )
    .await;
}

/// B3 B9: a recovery code works once, also for a hundred at once; its use is told by mail.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_recovery_code_works_once() {
    on_both_engines_with(
        |config| config.lockout.attempts = 1_000,
        async |core| {
            let (here, app) = member_with_app(&core).await;
            let mut handles = Vec::new();
            for _ in 0..100 {
                handles.push(knock(&core).await.pending);
            }
            let next = std::sync::atomic::AtomicUsize::new(0);
            let job = || {
                let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let (ctx, pending, proof) = (core.anonymous(), handles[n].clone(), recovery(&app.recovery_codes[0]));
                async move {
                    complete_sign_in(&ctx, CompleteSignIn { pending, kind: SessionKind::Browser, proof }).await
                }
            };
            assert_eq!(super::concurrency::race(job, |done| done.is_ok()).await, 1);
            assert_eq!(times_on_record(&core, AuditKind::RecoveryCodeUsed).await, 1);
            assert_eq!(kinds_of_mail(&core).await.iter().filter(|kind| *kind == "RecoveryCodeUsed").count(), 1);
            let codes = list_factors(&as_user(&core, &here)).await.unwrap().recovery_codes.unwrap();
            assert_eq!((codes.left, codes.last_used_at, codes.is_low()), (9, Some(core.now()), false));
            // Another one, as somebody in a hurry types it.
            let other = app.recovery_codes[1].replace('-', " ").to_uppercase();
            show(&core, &knock(&core).await.pending, recovery(&other)).await.unwrap();
        },
    )
    .await;
}

/// A handle is good for its own account, its own kind of session, for ten minutes, and until the account changes (A8).
#[tokio::test]
async fn a_handle_is_good_for_what_it_was_made_for() {
    on_both_engines(async |core| {
        let (here, app) = member_with_app(&core).await;
        let tove = "tove@nordhavn.example";
        member(&core, tove).await;
        core.clock.advance(MINUTE);
        let toves = enter(&core, tove, PASSWORD).await.unwrap();
        let toves_app = TestAuthenticator::add(&as_user(&core, &toves)).await;

        // Another person's code does not fit, nor their recovery code.
        let asked = knock(&core).await;
        for proof in [totp(toves_app.code(core.now())), recovery(&toves_app.recovery_codes[0])] {
            assert!(matches!(show(&core, &asked.pending, proof).await, Err(CompleteSignInError::WrongCode)));
        }
        let cmd = CompleteSignIn {
            pending: asked.pending.clone(),
            kind: SessionKind::Api,
            proof: totp(app.code(core.now())),
        };
        assert!(matches!(complete_sign_in(&core.anonymous(), cmd).await, Err(CompleteSignInError::Gone)));
        let made_up = PlainToken::generate(TokenKind::PendingSignIn, core.entropy());
        let tried = show(&core, &made_up, totp(app.code(core.now()))).await;
        assert!(matches!(tried, Err(CompleteSignInError::Gone)));

        // Ten minutes, and not a moment longer.
        core.clock.advance(PENDING_LIFE);
        let late = show(&core, &asked.pending, totp(app.code(core.now()))).await;
        assert!(matches!(late, Err(CompleteSignInError::Gone)));

        // The password is changed, the account deactivated, the last app removed.
        let asked = knock(&core).await;
        let changed = ChangePassword { current: SecretString::from(PASSWORD), new: SecretString::from(OTHER) };
        change_password(&as_user(&core, &here), changed).await.unwrap();
        let tried = show(&core, &asked.pending, totp(app.code(core.now()))).await;
        assert!(matches!(tried, Err(CompleteSignInError::Gone)));
        assert_eq!(find_pending_sign_in(&core.anonymous(), &asked.pending).await.unwrap(), None);
    })
    .await;
}

/// A8: the session that added the first app goes on, all others end; the last removal ends them again, and signing in asks
/// for the password alone.
#[tokio::test]
async fn a_new_factor_ends_what_was_opened_without_it() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        core.clock.advance(HOUR);
        let elsewhere = enter(&core, MARA, PASSWORD).await.unwrap();
        let here = enter(&core, MARA, PASSWORD).await.unwrap();
        let app = TestAuthenticator::add(&as_user(&core, &here)).await;
        assert!(!is_alive(&core, elsewhere.session_id).await);
        assert!(is_alive(&core, here.session_id).await);

        let elsewhere = show(&core, &knock(&core).await.pending, totp(app.code(core.now()))).await.unwrap();
        let remove = RemoveAuthenticator { id: app.id.unwrap() };
        remove_authenticator(&as_user(&core, &here), remove).await.unwrap();
        assert!(!is_alive(&core, elsewhere.session_id).await);
        assert!(is_alive(&core, here.session_id).await);
        enter(&core, MARA, PASSWORD).await.unwrap();
        last_mail(&core, "AuthenticatorRemoved").await;
    })
    .await;
}
