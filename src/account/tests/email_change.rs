//! A9: another e-mail address, and everything somebody could try with it.

use super::*;
use crate::authz::FRESH;

const NEW: &str = "mara@lindqvist.example";

async fn ask(ctx: &Ctx, address: &str) -> Result<(), RequestEmailChangeError> {
    request_email_change(ctx, RequestEmailChange { email: email(address) }).await
}

async fn by_code(ctx: &Ctx, code: &str) -> Result<EmailAddress, ConfirmEmailChangeError> {
    confirm_email_change(ctx, ConfirmEmailChange::Code(code.to_owned())).await
}

async fn by_link(ctx: &Ctx, mail: &TestMail) -> Result<EmailAddress, ConfirmEmailChangeError> {
    let token = PlainToken::parse(TokenKind::EmailChange, mail.token()).unwrap();
    confirm_email_change(ctx, ConfirmEmailChange::Link(token)).await
}

async fn undo(core: &TestCore, mail: &TestMail) -> Result<EmailChangeUndone, UndoEmailChangeError> {
    let token = PlainToken::parse(TokenKind::EmailUndo, mail.token()).unwrap();
    undo_email_change(&core.anonymous(), UndoEmailChange { token }).await
}

/// A member who is signed in, and their context.
async fn inside(core: &TestCore, address: &str) -> Ctx {
    member(core, address).await;
    as_user(core, &enter(core, address, PASSWORD).await.unwrap())
}

fn id_of(ctx: &Ctx) -> UserId {
    ctx.user().unwrap().user_id
}

/// A9: the new address is proved by link or code, the old one is told; other sessions end, this one stays.
#[tokio::test]
async fn an_address_is_changed_when_it_is_proved() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        let other = enter(&core, MARA, PASSWORD).await.unwrap();
        let stamp = user(&core, id_of(&ctx)).await.stamp;
        ask(&ctx, NEW).await.unwrap();
        let (proof, warning) = (last_mail(&core, "ProveEmail").await, last_mail(&core, "EmailChangeAsked").await);
        assert_eq!((proof.to.as_str(), warning.to.as_str()), (NEW, MARA));
        assert!(!warning.raw.contains("lindqvist.example"), "whoever asked chose the new address");
        assert_eq!(find_email_change(&ctx).await.unwrap().unwrap().email.as_str(), NEW);
        assert_eq!(user(&core, id_of(&ctx)).await.email.as_str(), MARA, "nothing changed yet");
        assert!(is_refused(&core, NEW, PASSWORD).await);

        let code = proof.code.clone().unwrap();
        assert_eq!(by_code(&ctx, &format!("{} {}", &code[..3], &code[3..])).await.unwrap().as_str(), NEW);
        let changed = user(&core, id_of(&ctx)).await;
        assert!(changed.email.as_str() == NEW && changed.is_verified() && changed.stamp != stamp);
        assert!(!is_alive(&core, other.session_id).await && is_alive(&core, ctx.user().unwrap().session_id).await);
        assert_eq!(last_mail(&core, "EmailChanged").await.to, MARA);
        assert_eq!(find_email_change(&ctx).await.unwrap(), None);
        assert!(is_refused(&core, MARA, PASSWORD).await);
        enter(&core, NEW, PASSWORD).await.unwrap();
        assert!(matches!(by_link(&ctx, &proof).await, Err(ConfirmEmailChangeError::Unknown)), "link and code are one");
        let times = [AuditKind::EmailChangeRequested, AuditKind::EmailChanged];
        for kind in times {
            assert_eq!(times_on_record(&core, kind).await, 1);
        }
    })
    .await;
}

/// B6: it is asked for within ten minutes of signing in, and proved from the account it was asked for.
#[tokio::test]
async fn only_the_person_lately_proved_begins_and_ends_it() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        let jonas = inside(&core, "jonas@nordhavn.example").await;
        assert!(matches!(ask(&core.anonymous(), NEW).await, Err(RequestEmailChangeError::Denied(_))));
        assert!(matches!(ask(&ctx, &MARA.to_uppercase()).await, Err(RequestEmailChangeError::Same)));
        core.clock.advance(FRESH);
        assert!(matches!(ask(&ctx, NEW).await, Err(RequestEmailChangeError::SignInAgain)));
        let ctx = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        ask(&ctx, NEW).await.unwrap();
        let proof = last_mail(&core, "ProveEmail").await;
        let code = proof.code.clone().unwrap();

        assert!(matches!(by_code(&core.anonymous(), &code).await, Err(ConfirmEmailChangeError::Denied(_))));
        assert!(matches!(by_link(&core.anonymous(), &proof).await, Err(ConfirmEmailChangeError::Denied(_))));
        assert!(matches!(by_code(&jonas, &code).await, Err(ConfirmEmailChangeError::Unknown)), "no change of theirs");
        assert!(matches!(by_link(&jonas, &proof).await, Err(ConfirmEmailChangeError::Unknown)));
        let token = PlainToken::parse(TokenKind::EmailChange, proof.token()).unwrap();
        assert_eq!(find_email_proof(&jonas, &token).await.unwrap(), None);
        assert_eq!(find_email_proof(&ctx, &token).await.unwrap().unwrap().as_str(), NEW);
        // A change of their own does not make somebody else's code right.
        let jonas = as_user(&core, &enter(&core, "jonas@nordhavn.example", PASSWORD).await.unwrap());
        ask(&jonas, "jonas@elsewhere.example").await.unwrap();
        let theirs = last_mail(&core, "ProveEmail").await;
        assert_eq!(theirs.to, "jonas@elsewhere.example");
        if theirs.code != proof.code {
            assert!(matches!(by_code(&jonas, &code).await, Err(ConfirmEmailChangeError::WrongCode)));
        }
        core.clock.advance(FRESH);
        assert_eq!(by_link(&ctx, &proof).await.unwrap().as_str(), NEW, "the proof may take longer");
    })
    .await;
}

/// A9: whether an address has an account is not told, and cannot be found out by waiting.
#[tokio::test]
async fn a_taken_address_stays_a_secret() {
    on_both_engines(async |core| {
        let jonas = "jonas@nordhavn.example";
        let theirs = member(&core, jonas).await;
        core.clock.advance(HOUR);
        let ctx = inside(&core, MARA).await;
        ask(&ctx, jonas).await.unwrap();
        assert_eq!(find_email_change(&ctx).await.unwrap().unwrap().email.as_str(), jonas, "looks like any other");
        let mails = core.mails().await;
        assert!(mails.iter().all(|mail| mail.kind != "ProveEmail"));
        assert_eq!(last_mail(&core, "EmailInUse").await.to, jonas);
        for code in ["000000", "123456"] {
            assert!(matches!(by_code(&ctx, code).await, Err(ConfirmEmailChangeError::WrongCode)));
        }
        assert_eq!(user(&core, theirs).await.email.as_str(), jonas);
        // Asked again and again, its owner is not flooded.
        for _ in 0..30 {
            core.clock.advance(MINUTE);
            let ctx = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
            let _ = ask(&ctx, jonas).await;
        }
        assert!(core.mails().await.iter().filter(|mail| mail.kind == "EmailInUse").count() <= 20);
    })
    .await;
}

/// A9: an address that somebody else got meanwhile is not taken away from them; one that was registered and never
/// confirmed does not keep its owner out.
#[tokio::test]
async fn an_address_that_is_taken_meanwhile() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        ask(&ctx, NEW).await.unwrap();
        let proof = last_mail(&core, "ProveEmail").await;
        core.clock.advance(MINUTE);
        member(&core, NEW).await;
        assert!(matches!(by_link(&ctx, &proof).await, Err(ConfirmEmailChangeError::Taken)));
        assert_eq!(user(&core, id_of(&ctx)).await.email.as_str(), MARA);

        let squatted = "squatted@lindqvist.example";
        register(&core.anonymous(), registration(squatted)).await.unwrap();
        core.clock.advance(2 * MINUTE);
        ask(&ctx, squatted).await.unwrap();
        let proof = last_mail(&core, "ProveEmail").await;
        assert_eq!(proof.to, squatted);
        assert_eq!(by_link(&ctx, &proof).await.unwrap().as_str(), squatted);
        assert!(is_refused(&core, squatted, OTHER).await);
        enter(&core, squatted, PASSWORD).await.unwrap();
    })
    .await;
}

/// A9: the last request counts; what was mailed for the one before opens nothing.
#[tokio::test]
async fn of_two_changes_the_last_counts() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        ask(&ctx, "first@lindqvist.example").await.unwrap();
        let first = last_mail(&core, "ProveEmail").await;
        assert!(matches!(ask(&ctx, NEW).await, Err(RequestEmailChangeError::TooMany(_))), "not twice at once");
        core.clock.advance(2 * MINUTE);
        ask(&ctx, NEW).await.unwrap();
        let second = last_mail(&core, "ProveEmail").await;
        assert!(matches!(by_link(&ctx, &first).await, Err(ConfirmEmailChangeError::Unknown)));
        if first.code != second.code {
            let old = first.code.as_deref().unwrap();
            assert!(matches!(by_code(&ctx, old).await, Err(ConfirmEmailChangeError::WrongCode)));
        }
        assert_eq!(by_link(&ctx, &second).await.unwrap().as_str(), NEW);
    })
    .await;
}

/// I5: a code is guessed at ten times, at once or one after the other; then it is void, and so is its link's age.
#[tokio::test]
async fn codes_are_not_guessed() {
    on_both_engines_with(
        |config| config.limits.auth_per_minute = 0,
        async |core| {
            let ctx = inside(&core, MARA).await;
            ask(&ctx, NEW).await.unwrap();
            let proof = last_mail(&core, "ProveEmail").await;
            let right = proof.code.clone().unwrap();
            let wrong = if right == "000000" { "000001" } else { "000000" };
            for text in ["", "12345", "1234567", "abcdef", "１２３４５６", "\0"] {
                assert!(matches!(by_code(&ctx, text).await, Err(ConfirmEmailChangeError::WrongCode)), "{text:?}");
            }
            let mut tries = tokio::task::JoinSet::new();
            for _ in 0..20 {
                let (ctx, wrong) = (ctx.clone(), wrong.to_owned());
                tries.spawn(async move { by_code(&ctx, &wrong).await });
            }
            let answers = tries.join_all().await;
            let told =
                answers.iter().filter(|answer| matches!(answer, Err(ConfirmEmailChangeError::WrongCode))).count();
            assert_eq!(told, 10);
            assert!(matches!(by_code(&ctx, &right).await, Err(ConfirmEmailChangeError::Unknown)));
            core.clock.advance(DAY);
            assert!(matches!(by_link(&ctx, &proof).await, Err(ConfirmEmailChangeError::Unknown)));
        },
    )
    .await;
}

/// A9, A8: somebody with a stolen session asks for a change. A new password ends it, and so does the warning's link.
#[tokio::test]
async fn a_change_that_waits_dies_with_the_password_and_by_the_warning() {
    on_both_engines(async |core| {
        let thief = inside(&core, MARA).await;
        ask(&thief, NEW).await.unwrap();
        let proof = last_mail(&core, "ProveEmail").await;
        let owner = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        let (current, new) = (SecretString::from(PASSWORD), SecretString::from(OTHER));
        change_password(&owner, ChangePassword { current, new }).await.unwrap();
        assert!(matches!(by_link(&owner, &proof).await, Err(ConfirmEmailChangeError::Unknown)));

        core.clock.advance(2 * MINUTE);
        let thief = as_user(&core, &enter(&core, MARA, OTHER).await.unwrap());
        ask(&thief, NEW).await.unwrap();
        let (proof, warning) = (last_mail(&core, "ProveEmail").await, last_mail(&core, "EmailChangeAsked").await);
        let token = PlainToken::parse(TokenKind::EmailUndo, warning.token()).unwrap();
        assert!(find_email_undo(&core.anonymous(), &token).await.unwrap().unwrap().is_pending);
        undo(&core, &warning).await.unwrap();
        assert!(!is_alive(&core, thief.user().unwrap().session_id).await);
        assert!(matches!(by_link(&thief, &proof).await, Err(ConfirmEmailChangeError::Unknown)));
        assert!(is_refused(&core, MARA, OTHER).await, "what the thief knew opens nothing");
    })
    .await;
}

/// A9, B9: a change that was made by a thief, even twice, is undone by the owner of the old address, and only by them.
#[tokio::test]
async fn the_owner_of_the_old_address_takes_the_account_back() {
    on_both_engines(async |core| {
        let thief = inside(&core, MARA).await;
        let id = id_of(&thief);
        ask(&thief, NEW).await.unwrap();
        by_link(&thief, &last_mail(&core, "ProveEmail").await).await.unwrap();
        let told = last_mail(&core, "EmailChanged").await;
        core.clock.advance(2 * MINUTE);
        ask(&thief, "second@thief.example").await.unwrap();
        let theirs = last_mail(&core, "EmailChangeAsked").await;
        assert_eq!(theirs.to, NEW);
        by_link(&thief, &last_mail(&core, "ProveEmail").await).await.unwrap();
        forgot_password(&core.anonymous(), ForgotPassword { email: email("second@thief.example"), return_to: None })
            .await
            .unwrap();
        let hatch = last_mail(&core, "ResetPassword").await;
        // Somebody registers the old address, so that it cannot come back.
        register(&core.anonymous(), registration(MARA)).await.unwrap();

        core.clock.advance(6 * DAY);
        let undone = undo(&core, &told).await.unwrap();
        assert_eq!((undone.email.as_str(), user(&core, id).await.email.as_str()), (MARA, MARA));
        assert!(!is_alive(&core, thief.user().unwrap().session_id).await);
        for address in [MARA, NEW, "second@thief.example"] {
            assert!(is_refused(&core, address, PASSWORD).await, "{address}");
        }
        for (kind, mail) in [("undo", &theirs), ("undo", &told)] {
            assert!(matches!(undo(&core, mail).await, Err(UndoEmailChangeError::Unknown)), "{kind}");
        }
        assert_eq!(find_reset(&core.anonymous(), &reset_token(&hatch)).await.unwrap(), None);
        let cmd = ResetPassword { token: undone.reset, password: SecretString::from(OTHER) };
        reset_password(&core.anonymous(), cmd).await.unwrap();
        assert_eq!(enter(&core, MARA, OTHER).await.unwrap().user_id, id);
        assert_eq!(times_on_record(&core, AuditKind::EmailChangeUndone).await, 1);
    })
    .await;
}

/// A9: the way back is open for a week, and leads nowhere else.
#[tokio::test]
async fn the_way_back_closes() {
    on_both_engines(async |core| {
        let ctx = inside(&core, MARA).await;
        ask(&ctx, NEW).await.unwrap();
        let proof = last_mail(&core, "ProveEmail").await;
        by_link(&ctx, &proof).await.unwrap();
        let told = last_mail(&core, "EmailChanged").await;
        let wrong = PlainToken::generate(TokenKind::EmailUndo, core.entropy());
        let wrong = undo_email_change(&core.anonymous(), UndoEmailChange { token: wrong }).await;
        assert!(matches!(wrong, Err(UndoEmailChangeError::Unknown)));
        assert_eq!(PlainToken::parse(TokenKind::EmailUndo, proof.token()), None, "one link is not the other");
        // The old address is free again; once it is somebody's, it is not taken from them.
        core.clock.advance(MINUTE);
        let newcomer = member(&core, MARA).await;
        assert!(matches!(undo(&core, &told).await, Err(UndoEmailChangeError::Taken)));
        assert_eq!(user(&core, newcomer).await.email.as_str(), MARA);
        assert_eq!(user(&core, id_of(&ctx)).await.email.as_str(), NEW);
        core.clock.advance(7 * DAY);
        assert!(matches!(undo(&core, &told).await, Err(UndoEmailChangeError::Unknown)));
    })
    .await;
}
