//! Adding a passkey.

use serde_json::json;

use super::*;

/// B1: the key is made for the account, is to be found without a name, and verifies its person.
#[tokio::test]
async fn what_an_authenticator_is_asked() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let (authenticator, _) = key_of(&mara).await;
        let options = begin_enrolment(&mara).await.unwrap().options;
        assert_eq!(options["rp"]["id"], "localhost");
        assert_eq!(options["user"]["name"], MARA);
        let wishes = &options["authenticatorSelection"];
        assert_eq!(wishes["residentKey"], "required");
        assert_eq!(wishes["userVerification"], "required");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["excludeCredentials"][0]["id"], json!(authenticator.credential_id()));
        assert_eq!(options["timeout"], 300_000);
    })
    .await;
}

/// B1, B9: it has a name and a maker, is on record, and its owner is told.
#[tokio::test]
async fn a_passkey_is_added() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let mut authenticator = SoftAuthenticator::new(ORIGIN);
        authenticator.aaguid = uuid::uuid!("ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4");
        let added = add(&mara, &mut authenticator).await.unwrap();
        assert_eq!(added.name, "Google Password Manager");
        core.clock.advance(MINUTE);
        let (_, second) = key_of(&mara).await;

        let list = list_passkeys(&mara).await.unwrap();
        assert_eq!(list.relying_party_id.as_deref(), Some("localhost"));
        let [first, other] = list.keys.as_slice() else { panic!("{list:?}") };
        assert_eq!((first.id, other.id), (added.id, second));
        assert_eq!(first.authenticator.unwrap().kind, AuthenticatorKind::Manager);
        assert_eq!(first.credential_id, authenticator.credential_id());
        assert_eq!((other.name.as_str(), other.authenticator), ("Firefox on Linux", None));
        assert_eq!(first.last_used_at, None);
        assert_eq!(times_on_record(&core, AuditKind::PasskeyAdded).await, 2);
        assert_eq!(mails(&core, "PasskeyAdded").await, 2);
        assert!(is_alive(&core, session_id(&mara)).await, "nobody is signed out by it");
    })
    .await;
}

/// B1: one ceremony adds one passkey, within five minutes, for who began it.
#[tokio::test]
async fn a_ceremony_is_good_once_for_one_person_and_five_minutes() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let mut authenticator = SoftAuthenticator::new(ORIGIN);
        let ceremony = begin_enrolment(&mara).await.unwrap();
        let said = authenticator.create(&ceremony.options);
        let foreign = finish_enrolment(&ivo, enrolment(&ceremony, &said)).await;
        assert!(matches!(foreign, Err(FinishEnrolmentError::Expired)), "{foreign:?}");
        finish_enrolment(&mara, enrolment(&ceremony, &said)).await.unwrap();
        let again = finish_enrolment(&mara, enrolment(&ceremony, &said)).await;
        assert!(matches!(again, Err(FinishEnrolmentError::Expired)), "{again:?}");

        let late = begin_enrolment(&mara).await.unwrap();
        let said = SoftAuthenticator::new(ORIGIN).create(&late.options);
        core.clock.advance(5 * MINUTE);
        let late = finish_enrolment(&mara, enrolment(&late, &said)).await;
        assert!(matches!(late, Err(FinishEnrolmentError::Expired)), "{late:?}");

        let sign_in = begin_sign_in(&core.anonymous()).await.unwrap();
        let mixed = finish_enrolment(&mara, enrolment(&sign_in, &said)).await;
        assert!(matches!(mixed, Err(FinishEnrolmentError::Expired)), "one kind is not the other: {mixed:?}");
        assert_eq!(list_passkeys(&mara).await.unwrap().keys.len(), 1);
    })
    .await;
}

/// B1: what does not fit is refused, and is the one answer to its challenge.
#[tokio::test]
async fn a_wrong_answer_adds_nothing() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let wrong: [fn(&mut SoftAuthenticator); 4] = [
            |a| a.origin = "https://evil.example".to_owned(),
            |a| a.origin = "http://localhost:8081".to_owned(),
            |a| a.rp_id = Some("evil.example".to_owned()),
            |a| a.verifies = false,
        ];
        for (n, lie) in wrong.into_iter().enumerate() {
            let mut authenticator = SoftAuthenticator::new(ORIGIN);
            lie(&mut authenticator);
            let ceremony = begin_enrolment(&mara).await.unwrap();
            let said = authenticator.create(&ceremony.options);
            let refused = finish_enrolment(&mara, enrolment(&ceremony, &said)).await;
            assert!(matches!(refused, Err(FinishEnrolmentError::Refused)), "{n}: {refused:?}");
            let again = finish_enrolment(&mara, enrolment(&ceremony, &said)).await;
            assert!(matches!(again, Err(FinishEnrolmentError::Expired)), "{n}: {again:?}");
        }
        let other = begin_enrolment(&mara).await.unwrap();
        let said = SoftAuthenticator::new(ORIGIN).create(&begin_enrolment(&mara).await.unwrap().options);
        let refused = finish_enrolment(&mara, enrolment(&other, &said)).await;
        assert!(matches!(refused, Err(FinishEnrolmentError::Refused)), "another challenge: {refused:?}");
        assert!(list_passkeys(&mara).await.unwrap().keys.is_empty());
    })
    .await;
}

/// B1: a credential belongs to one account, once.
#[tokio::test]
async fn a_known_credential_is_not_added_again() {
    on_both_engines(async |core| {
        let (mara, ivo) = (member(&core, MARA).await, member(&core, IVO).await);
        let (mut authenticator, _) = key_of(&mara).await;
        for ctx in [&mara, &ivo] {
            let known = add(ctx, &mut authenticator).await;
            assert!(matches!(known, Err(FinishEnrolmentError::Known)), "{known:?}");
        }
        assert_eq!(list_passkeys(&mara).await.unwrap().keys.len(), 1);
    })
    .await;
}

/// B1: sent twice at the same moment, it is added once.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_the_same_moment_one_is_added() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let ceremony = begin_enrolment(&mara).await.unwrap();
        let said = SoftAuthenticator::new(ORIGIN).create(&ceremony.options);
        let tries = (0..8).map(|_| {
            let (ctx, cmd) = (mara.clone(), enrolment(&ceremony, &said));
            tokio::spawn(async move { finish_enrolment(&ctx, cmd).await.is_ok() })
        });
        let mut added = 0;
        for one in tries.collect::<Vec<_>>() {
            added += u32::from(one.await.unwrap());
        }
        assert_eq!(added, 1);
        assert_eq!(mails(&core, "PasskeyAdded").await, 1);
    })
    .await;
}

/// B1, B6: only somebody who signed in within ten minutes adds one.
#[tokio::test]
async fn it_takes_a_recent_sign_in() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        core.clock.advance(Duration::from_secs(599));
        begin_enrolment(&mara).await.unwrap();
        core.clock.advance(Duration::from_secs(1));
        let late = begin_enrolment(&mara).await;
        assert!(matches!(late, Err(BeginEnrolmentError::SignInAgain)), "{late:?}");
        let nobody = begin_enrolment(&core.anonymous()).await;
        assert!(matches!(nobody, Err(BeginEnrolmentError::Denied(_))), "{nobody:?}");
    })
    .await;
}

/// B1: there is an end to it.
#[tokio::test]
async fn there_is_a_most() {
    on_both_engines(async |core| {
        let mara = member(&core, MARA).await;
        let early = begin_enrolment(&mara).await.unwrap();
        for _ in 0..25 {
            key_of(&mara).await;
        }
        let full = begin_enrolment(&mara).await;
        assert!(matches!(full, Err(BeginEnrolmentError::Full)), "{full:?}");
        let said = SoftAuthenticator::new(ORIGIN).create(&early.options);
        let full = finish_enrolment(&mara, enrolment(&early, &said)).await;
        assert!(matches!(full, Err(FinishEnrolmentError::Full)), "{full:?}");
    })
    .await;
}

/// What is no answer of an authenticator is not read.
#[test]
fn nonsense_is_not_read() {
    for text in ["", "{}", "null", "[]", r#"{"id":"","rawId":"","type":"public-key","response":{}}"#] {
        assert!(NewCredential::parse(text).is_none() && Assertion::parse(text).is_none(), "{text}");
    }
    let ceremony = json!({ "challenge": "AAAA", "rpId": "localhost" });
    let said = SoftAuthenticator::new(ORIGIN).get(&ceremony);
    assert!(Assertion::parse(&said).is_some());
    assert!(Assertion::parse(&format!("{said}{}", " ".repeat(40_000))).is_none());
}

/// B1: without a name, or over plain http, browsers make no passkeys.
#[tokio::test]
async fn some_addresses_have_none() {
    for (url, id) in [
        ("http://127.0.0.1:8080", None),
        ("https://192.0.2.1", None),
        ("http://id.example", None),
        ("https://id.example/door", Some("id.example")),
        ("http://app.localhost:1", Some("app.localhost")),
    ] {
        let core = TestCore::sqlite_with(|config| config.server.public_url = url.parse().unwrap()).await;
        assert_eq!(relying_party_id(core.config()), id, "{url}");
        assert_eq!(begin_sign_in(&core.anonymous()).await.is_ok(), id.is_some(), "{url}");
    }
}
