//! The same file twice, a newer one, and people who were here before (A12).

use super::*;

const OLD: &str = "$2b$10$abcdefghijklmnopqrstuu5C4Yfqg1mfiF5zAx/diiBP6Nyc9aTWm";
const BOXER: &str = "Zwölf Boxkämpfer-12";
/// Of "my password".
const NEW: &str = "AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==";

fn line(more: &str) -> String {
    format!(
        "{{\"email\":\"mara@nordhavn.example\",\"email_verified\":true,\"external_ids\":{{\"crm\":\"1\"}}{more}}}\n"
    )
}

/// All that an import may write.
async fn everything(core: &TestCore) -> Vec<i64> {
    let mut sums = Vec::new();
    for sql in [
        "SELECT COUNT(*) FROM users",
        "SELECT CAST(COALESCE(SUM(updated_at), 0) AS BIGINT) FROM users",
        "SELECT COUNT(*) FROM external_ids",
        "SELECT CAST(COALESCE(SUM(imported_at), 0) AS BIGINT) FROM imported_users",
        "SELECT COUNT(*) FROM authenticators",
        "SELECT COUNT(*) FROM audit",
        "SELECT COUNT(*) FROM outbox",
    ] {
        sums.push(count(core, sql).await);
    }
    sums
}

/// A12: the same file again changes nothing, asked for updates or not; what a dry run says is what a run then does.
#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    on_both_engines(async |core| {
        let file = [
            line(&format!(",\"name\":\"Mara\",\"username\":\"mara\",\"password_hash\":\"{OLD}\"")),
            "{\"email\":\"MARA@nordhavn.example\"}\n".to_owned(),
            "{\"email\":\"bo@nordhavn.example\",\"totp_secret\":\"JBSWY3DPEHPK3PXPJBSWY3DPEH\"}\n".to_owned(),
            "{\"email\":\"ada@nordhavn.example\",\"username\":\"MARA\"}\n".to_owned(),
            "{\"email\":\"new@nordhavn.example\",\"external_ids\":{\"crm\":\"1\"}}\n".to_owned(),
        ]
        .concat();
        let before = everything(&core).await;
        let rehearsed = rehearse(&core, Format::Lines, &file, false).await;
        assert_eq!(everything(&core).await, before, "a dry run writes nothing");
        let report = run(&core, Format::Lines, &file, false).await;
        assert_eq!(words(&report), ["created", "exists", "created", "refused", "exists"]);
        assert_eq!(rehearsed, report);
        assert_eq!(reasons(&report), ["line 4: username belongs to another account"]);

        core.clock.advance(HOUR);
        let before = everything(&core).await;
        let again = run(&core, Format::Lines, &file, false).await;
        assert_eq!(words(&again), ["exists", "exists", "exists", "refused", "exists"]);
        let alone = [
            line(&format!(",\"name\":\"Mara\",\"password_hash\":\"{OLD}\"")),
            "{\"email\":\"bo@nordhavn.example\",\"totp_secret\":\"JBSWY3DPEHPK3PXPJBSWY3DPEH\"}".to_owned(),
        ]
        .concat();
        let again = run(&core, Format::Lines, &alone, true).await;
        assert_eq!(words(&again), ["unchanged", "unchanged"]);
        assert_eq!(everything(&core).await, before);
        // Duplicates within a file count as a run would have them, updates too.
        let file = [line(",\"name\":\"M\""), line(",\"name\":\"M\""), line(",\"name\":\"N\"")].concat();
        let rehearsed = rehearse(&core, Format::Lines, &file, true).await;
        assert_eq!(everything(&core).await, before);
        assert_eq!(rehearsed, run(&core, Format::Lines, &file, true).await);
        assert_eq!(words(&rehearsed), ["updated", "unchanged", "updated"]);
    })
    .await;
}

/// A12: an update takes what changed in the file, and leaves what was changed here.
#[tokio::test]
async fn an_update_takes_what_changed_there() {
    on_both_engines(async |core| {
        run(
            &core,
            Format::Lines,
            &line(&format!(",\"name\":\"Mara\",\"locale\":\"sv\",\"password_hash\":\"{OLD}\"")),
            false,
        )
        .await;
        let newer = line(&format!(
            ",\"name\":\"Mara L\",\"given_name\":\"Mara\",\"username\":\"mara\",\"password_hash\":\"{NEW}\""
        ));
        let newer = newer.replace("mara@nordhavn", "m.l@nordhavn");
        let before = found(&core, "mara@nordhavn.example").await;
        assert_eq!(words(&run(&core, Format::Lines, &newer, false).await), ["exists"]);
        assert_eq!(found(&core, "mara@nordhavn.example").await, before);
        let report = run(&core, Format::Lines, &newer, true).await;
        let expected = ["email", "given_name", "name", "password", "username"].to_vec();
        assert_eq!(report[0].outcome, Outcome::Updated(expected));
        let mara = found(&core, "mara").await;
        assert_eq!((mara.id, mara.email.as_str(), mara.name()), (before.id, "m.l@nordhavn.example", "Mara L"));
        assert_eq!((mara.claim("locale"), mara.claim("given_name"), mara.is_verified()), ("sv", "Mara", true));
        assert!(mara.stamp != before.stamp && mara.updated_at > before.updated_at);
        assert!(is_refused(&core, "mara", BOXER).await);
        let inside = enter(&core, "mara", "my password").await.unwrap();

        // She is here now: her password, and what she calls herself, are hers.
        let name = Some("M. Lindqvist".to_owned().try_into().unwrap());
        let cmd = UpdateProfile { user_id: mara.id, display_name: name, profile: Profile::default(), version: None };
        update_profile(&as_user(&core, &inside), cmd).await.unwrap();
        let newest = newer.replace("Mara L", "Mara X").replace(NEW, OLD);
        let report = run(&core, Format::Lines, &newest, true).await;
        assert_eq!((&report[0].outcome, &report[0].kept), (&Outcome::Unchanged, &vec!["name", "password"]));
        assert!(is_alive(&core, inside.session_id).await);
        assert_eq!(found(&core, "mara").await.name(), "M. Lindqvist");
        enter(&core, "mara", "my password").await.unwrap();
        assert!(is_refused(&core, "mara", BOXER).await);

        // Who leaves there is shut out here; who was shut out here is not let in by a file.
        let gone = line(",\"active\":false").replace("mara@nordhavn", "m.l@nordhavn");
        let back = gone.replace("false", "true");
        assert_eq!(words(&run(&core, Format::Lines, &gone, true).await), ["updated"]);
        assert!(!is_alive(&core, inside.session_id).await);
        assert_eq!(words(&run(&core, Format::Lines, &back, true).await), ["updated"]);
        enter(&core, "mara", "my password").await.unwrap();
        disable_user(&core.operator(), mara.id).await.unwrap();
        assert_eq!(words(&run(&core, Format::Lines, &back, true).await), ["unchanged"]);
        assert!(!found(&core, "mara").await.is_active);
        assert!(core.mails().await.is_empty());
    })
    .await;
}

/// A12: what two accounts lay claim to is refused, and told.
#[tokio::test]
async fn nobody_is_taken_for_somebody_else() {
    on_both_engines(async |core| {
        let two = [line(""), line("").replace("mara", "bo").replace("\"1\"", "\"2\"")].concat();
        assert_eq!(words(&run(&core, Format::Lines, &two, false).await), ["created", "created"]);
        let both = [
            line("").replace("\"1\"", "\"3\""),
            line("").replace("mara@", "bo@"),
            line("").replace("\"crm\":\"1\"", "\"crm\":\"1\",\"hr\":\"9\""),
            line("").replace("mara@", "bo@").replace("\"crm\":\"1\"", "\"crm\":\"2\",\"hr\":\"9\""),
        ]
        .concat();
        let rehearsed = rehearse(&core, Format::Lines, &both, true).await;
        let report = run(&core, Format::Lines, &both, true).await;
        assert_eq!(rehearsed, report);
        assert_eq!(report[2].outcome, Outcome::Updated(vec!["external_ids"]));
        let said = reasons(&report);
        assert_eq!(
            said,
            [
                "line 1: external_ids differ from those of the account with this address",
                "line 2: email belongs to another account",
                "line 4: external_ids belong to several accounts",
            ]
        );
        let denied = import_users(&core.anonymous(), ImportUsers { entries: Vec::new(), update: false }).await;
        assert!(matches!(denied, Err(ImportUsersError::Denied(_))));
        let rehearsal = Rehearsal::begin().await.unwrap();
        let denied =
            rehearsal.import_users(&core.anonymous(), ImportUsers { entries: Vec::new(), update: false }).await;
        assert!(matches!(denied, Err(ImportUsersError::Denied(_))));
    })
    .await;
}

/// A4, A12: whoever registered somebody's address without proving it neither keeps them out nor gets their account.
#[tokio::test]
async fn a_squatter_gains_nothing() {
    on_both_engines(async |core| {
        let address = "mara@nordhavn.example";
        let squatter = created(register(&core.anonymous(), registration(address)).await.unwrap());
        let unproved = line("").replace("true", "false");
        assert_eq!(words(&rehearse(&core, Format::Lines, &unproved, false).await), ["exists"]);
        let report = run(&core, Format::Lines, &unproved, true).await;
        assert!(reasons(&report)[0].contains("email was registered here by somebody who has not confirmed it"));
        let file = line(&format!(",\"password_hash\":\"{OLD}\""));
        assert_eq!(words(&rehearse(&core, Format::Lines, &file, true).await), ["created"]);
        assert_eq!(words(&run(&core, Format::Lines, &file, true).await), ["created"]);
        assert_ne!(found(&core, address).await.id, squatter);
        assert!(is_refused(&core, address, PASSWORD).await);
        enter(&core, address, BOXER).await.unwrap();
        core.clock.advance(60 * DAY);
        crate::jobs::clean_up(&core).await.unwrap();
        enter(&core, address, BOXER).await.unwrap();
    })
    .await;
}

/// A12: somebody who is here of their own accord is recognised by the address; only what is empty is filled.
#[tokio::test]
async fn who_was_here_before_is_found_by_the_address() {
    on_both_engines(async |core| {
        let id = member(&core, "mara@nordhavn.example").await;
        let file =
            line(&format!(",\"name\":\"Other\",\"given_name\":\"Mara\",\"active\":false,\"password_hash\":\"{OLD}\""));
        assert_eq!(words(&run(&core, Format::Lines, &file, false).await), ["exists"]);
        let rehearsed = rehearse(&core, Format::Lines, &file, true).await;
        let report = run(&core, Format::Lines, &file, true).await;
        assert_eq!(rehearsed, report);
        assert_eq!(report[0].outcome, Outcome::Updated(vec!["given_name", "external_ids"]));
        assert_eq!(report[0].kept, ["active", "name", "password"]);
        let mara = found(&core, &id.to_string()).await;
        assert_eq!((mara.name(), mara.claim("given_name"), mara.is_active), ("Mara Lindqvist", "Mara", true));
        enter(&core, "mara@nordhavn.example", PASSWORD).await.unwrap();
        assert_eq!(words(&run(&core, Format::Lines, &file, true).await), ["unchanged"]);
    })
    .await;
}

/// A10, A12: a file does not bring back who was deleted here, until they are erased.
#[tokio::test]
async fn who_was_deleted_stays_away() {
    on_both_engines(async |core| {
        run(&core, Format::Lines, &line(""), false).await;
        let id = found(&core, "mara@nordhavn.example").await.id;
        delete_user(&core.operator(), id).await.unwrap();
        let by_address = "{\"email\":\"mara@nordhavn.example\"}\n";
        for (file, field) in [(line(""), "external_ids"), (by_address.to_owned(), "email")] {
            let report = run(&core, Format::Lines, &file, true).await;
            let expected = format!("line 1: {field} leads to an account that was deleted and is not erased yet");
            assert_eq!(reasons(&report), [expected]);
            assert_eq!(rehearse(&core, Format::Lines, &file, true).await, report);
        }
        core.clock.advance(GRACE);
        crate::jobs::clean_up(&core).await.unwrap();
        assert_eq!(words(&run(&core, Format::Lines, &line(""), false).await), ["created"]);
    })
    .await;
}
