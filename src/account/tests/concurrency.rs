use super::*;

/// Runs a hundred of the same at once and counts those for which `won` is true.
pub(super) async fn race<T, F>(job: impl Fn() -> F, won: impl Fn(T) -> bool) -> usize
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let tasks: Vec<_> = (0..100).map(|_| tokio::spawn(job())).collect();
    let mut winners = 0;
    for task in tasks {
        winners += usize::from(won(task.await.unwrap()));
    }
    winners
}

/// A1: of a hundred who register one address at once exactly one gets it, and one mail leaves.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_address_goes_to_one() {
    on_both_engines(async |core| {
        let job = || {
            let ctx = core.anonymous();
            async move { register(&ctx, registration(MARA)).await }
        };
        let winners = race(job, |made| matches!(made.unwrap(), Registered::Created { .. })).await;
        assert_eq!(winners, 1);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM users").await, 1);
        assert_eq!(kinds_of_mail(&core).await, ["VerifyEmail"]);
    })
    .await;
}

/// A4: of a hundred who use one link at once exactly one succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_verification_link_works_once() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let token = verification_token(&last_mail(&core, "VerifyEmail").await);
        let job = || {
            let (ctx, token) = (core.anonymous(), token.clone());
            async move { verify_email(&ctx, VerifyEmail::Link(token)).await }
        };
        assert_eq!(race(job, |done| done.is_ok()).await, 1);
    })
    .await;
}

/// A4: a hundred guesses at a code at once are no more than the ten that are allowed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_are_all_counted() {
    on_both_engines(async |core| {
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        let code = last_mail(&core, "VerifyEmail").await.code.unwrap();
        let guess = if code == "123456" { "654321" } else { "123456" };
        let job = || {
            let ctx = core.anonymous();
            let cmd = VerifyEmail::Code { email: email(MARA), code: guess.to_owned() };
            async move { verify_email(&ctx, cmd).await }
        };
        assert_eq!(race(job, |done| matches!(done, Err(VerifyEmailError::WrongCode))).await, 10);
    })
    .await;
}

/// A5: of a hundred who use one link at once exactly one succeeds.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_reset_link_works_once() {
    on_both_engines_with(
        |config| config.hashing.queue_per_thread = 4096,
        async |core| {
            member(&core, MARA).await;
            let cmd = ForgotPassword { email: email(MARA), return_to: None };
            forgot_password(&core.anonymous(), cmd).await.unwrap();
            let token = reset_token(&last_mail(&core, "ResetPassword").await);
            let job = || {
                let ctx = core.anonymous();
                let cmd = ResetPassword { token: token.clone(), password: SecretString::from(OTHER) };
                async move { reset_password(&ctx, cmd).await }
            };
            assert_eq!(race(job, |done| done.is_ok()).await, 1);
            let told = kinds_of_mail(&core).await.into_iter().filter(|kind| kind == "PasswordWasReset").count();
            assert_eq!(told, 1);
        },
    )
    .await;
}

/// A5: a hundred requests at once send one mail.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_reset_mail_leaves() {
    on_both_engines(async |core| {
        member(&core, MARA).await;
        let job = || {
            let ctx = core.anonymous();
            let cmd = ForgotPassword { email: email(MARA), return_to: None };
            async move { forgot_password(&ctx, cmd).await }
        };
        assert_eq!(race(job, |done| done.is_ok()).await, 100);
        let sent = kinds_of_mail(&core).await.into_iter().filter(|kind| kind == "ResetPassword").count();
        assert_eq!(sent, 1);
    })
    .await;
}

/// A7: a hundred wrong passwords at once count to exactly the pause, which is told once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_passwords_at_once_are_all_counted() {
    on_both_engines_with(
        |config| config.hashing.queue_per_thread = 4096,
        async |core| {
            let id = member(&core, MARA).await;
            let job = || {
                let ctx = core.anonymous();
                async move { super::super::sign_in(&ctx, attempt(MARA, "Wrong-password-1")).await }
            };
            assert_eq!(race(job, |done| matches!(done, Err(SignInError::Refused))).await, 100);
            let user = user(&core, id).await;
            assert_eq!(user.failures, 5);
            assert!(user.is_locked(core.now()));
            assert_eq!(times_on_record(&core, AuditKind::SignInFailed).await, 100);
            assert_eq!(times_on_record(&core, AuditKind::AccountLocked).await, 1);
            let told = kinds_of_mail(&core).await.into_iter().filter(|kind| kind == "AccountLocked").count();
            assert_eq!(told, 1);
        },
    )
    .await;
}

/// I10: when too many passwords wait, the answer is "busy", and nothing was counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn too_many_passwords_are_told_to_come_back() {
    let core = TestCore::sqlite_with(|config| {
        config.hashing.queue_per_thread = 1;
        config.hashing.memory_kib = 19_456;
    })
    .await;
    let job = || {
        let ctx = core.anonymous();
        async move { super::super::sign_in(&ctx, attempt(MARA, PASSWORD)).await }
    };
    let busy =
        race(job, |done| matches!(done, Err(SignInError::Busy { retry_after_secs }) if retry_after_secs >= 1)).await;
    assert!(busy > 0);
    let refused = times_on_record(&core, AuditKind::SignInFailed).await;
    assert_eq!(refused, 100 - i64::try_from(busy).unwrap());
}
