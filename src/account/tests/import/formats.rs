//! What other systems really write, and that people sign in with the password they had there (A3, A12).

use super::*;

const BOXER: &str = "Zwölf Boxkämpfer-12";

/// They sign in with the password from there; the hash is replaced by one of ours, and nobody notices.
async fn signs_in(core: &TestCore, who: &str, password: &str) {
    assert!(is_refused(core, who, "wrong").await);
    let before = times_on_record(core, AuditKind::PasswordRehashed).await;
    enter(core, who, password).await.unwrap();
    enter(core, who, password).await.unwrap();
    assert_eq!(times_on_record(core, AuditKind::PasswordRehashed).await, before + 1, "{who}");
}

/// A3, A12: our own lines, with all there is; nobody is written to, and each is on record.
#[tokio::test]
async fn our_own_lines() {
    on_both_engines(async |core| {
        let file = r#"
            {"id":"0197a1b2-0000-7000-8000-000000000001","email":"Mara@nordhavn.example","email_verified":true,"username":"mara","name":"Mara Lindqvist","given_name":"Mara","family_name":"Lindqvist","locale":"sv-SE","zone":"Europe/Stockholm","picture":"https://pictures.example/mara.png","password_hash":"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc","active":true,"created_at":"2024-02-29T12:00:00.5+01:00","external_ids":{"crm":4711,"hr":"x-1"}}

            {"email":"bo@nordhavn.example","active":false}
        "#;
        assert_eq!(words(&run(&core, Format::Lines, file, false).await), ["created", "created"]);
        let mara = found(&core, "mara").await;
        assert_eq!(mara.id.to_string(), "0197a1b2-0000-7000-8000-000000000001");
        assert_eq!((mara.email.as_str(), mara.name(), mara.is_verified()), ("Mara@nordhavn.example", "Mara Lindqvist", true));
        assert_eq!((mara.claim("given_name"), mara.claim("zoneinfo"), mara.claim("locale")), ("Mara", "Europe/Stockholm", "sv-SE"));
        assert_eq!(mara.created_at.to_string(), "2024-02-29T11:00:00Z");
        assert_eq!(mara.updated_at, core.now());
        let ids = external_ids(&core, mara.id).await;
        assert_eq!((ids["crm"].as_str(), ids["hr"].as_str()), ("4711", "x-1"));
        let bo = found(&core, "bo@nordhavn.example").await;
        assert!(!bo.is_active && !bo.is_verified() && !bo.has_password && !bo.is_admin);
        signs_in(&core, "mara", "password").await;
        assert!(core.mails().await.is_empty());
        assert_eq!(times_on_record(&core, AuditKind::UserImported).await, 2);
    })
    .await;
}

/// A12: each rule that a user breaks is told, with the line; the others are taken.
#[tokio::test]
async fn what_is_refused_is_told() {
    on_both_engines(async |core| {
        let file = concat!(
            "{\"email\":\"a@nordhavn.example\"}\n",
            "not json\n",
            "[]\n",
            "{\"username\":\"x\"}\n",
            "{\"email\":\"b\",\"username\":\"a b\"}\n",
            "{\"email\":\"c@nordhavn.example\",\"locale\":\"Swedish\",\"emial_verified\":true,\"active\":\"yes\",\"id\":7}\n",
            "{\"email\":\"d@nordhavn.example\",\"password\":\"hunter2\"}\n",
            "{\"email\":\"e@nordhavn.example\",\"password_hash\":\"$2b$04$abcdefghijklmnopqrstuu5C4Yfqg1mfiF5zAx/diiBP6Nyc9aTWm\"}\n",
            "{\"email\":\"f@nordhavn.example\",\"password_hash\":\"$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc\"}\n",
            "{\"email\":\"g@nordhavn.example\",\"created_at\":\"2999-01-01T00:00:00Z\",\"external_ids\":{\"CRM\":\"1\",\"crm\":[]}}\n",
            "{\"email\":\"h@nordhavn.example\",\"name\":\"a\\u0000b\",\"totp_secret\":\"AAAA\"}\n",
            "{\"email\":\"i@nordhavn.example\",\"username\":\"other@nordhavn.example\"}\n",
            "{\"email\":\"z@nordhavn.example\"}",
        );
        let report = run(&core, Format::Lines, file, false).await;
        assert_eq!((words(&report)[0], words(&report)[12]), ("created", "created"));
        let said = reasons(&report);
        let expected = [
            "line 2: line is not JSON",
            "line 3: line is not a JSON object",
            "line 4: email is missing",
            "line 5: email is not of the right form; username is not 1 to 100",
            "line 6: id is not a UUID; ids of other systems go into external_ids; locale is not of the right form; \
             active is neither true nor false; emial_verified is not a field of this format",
            "line 7: password is not taken in the clear",
            "line 8: password_hash is not a whole bcrypt hash within what is accepted: $2a$, $2b$ or $2y$ of cost 10",
            "line 9: password_hash is not a whole Argon2 hash within what is accepted: memory up to 262144 KiB",
            "line 10: created_at is no moment between 1970 and now; external_ids names a source",
            "line 11: name is not of the right form; totp_secret is not 16 to 64 bytes in base 32",
            "line 12: username is an address, and not the one",
        ];
        assert_eq!(said.len(), expected.len(), "{said:#?}");
        for (said, expected) in said.iter().zip(expected) {
            assert!(said.starts_with(expected), "{said}");
        }
        assert_eq!(reasons(&rehearse(&core, Format::Lines, file, false).await), said);
        assert!(!format!("{report:?}").contains("hunter2"));
    })
    .await;
}

/// A12: the same in a spreadsheet, whose cells are text.
#[tokio::test]
async fn our_own_sheet() {
    on_both_engines(async |core| {
        let file = concat!(
            "\u{FEFF}\r\nemail,email_verified,name,external_ids,password_hash,active\r\n",
            "\r\na@nordhavn.example,TRUE,\"'=Å, \"\"the\r\nfirst\"\"\",,,\r\n",
            "b@nordhavn.example,0,'+46,\"{\"\"crm\"\": \"\"9\"\"}\",$2b$10$abcdefghijklmnopqrstuu5C4Yfqg1mfiF5zAx/diiBP6Nyc9aTWm,false\r\n",
            "c@nordhavn.example,maybe,,no,,\r\n",
            "d@nordhavn.example,1\r\n",
            "e@nordhavn.example,1,'Mara,,,t",
        );
        let report = run(&core, Format::Csv, file, false).await;
        assert_eq!(words(&report), ["refused", "created", "refused", "refused", "created"]);
        let said = reasons(&report);
        assert_eq!(said[0], "line 4: name is not of the right form", "a name has one line");
        assert_eq!(said[1], "line 7: email_verified is neither true nor false; external_ids is not a JSON object");
        assert_eq!(said[2], "line 8: line has 2 cells, and the first row has 6");
        let b = found(&core, "b@nordhavn.example").await;
        assert_eq!((b.name(), b.is_verified(), b.is_active, b.has_password), ("+46", false, false, true));
        assert_eq!(external_ids(&core, b.id).await["crm"], "9");
        assert_eq!(found(&core, "e@nordhavn.example").await.name(), "'Mara");
        let unknown = Reader::open(&b"email;name\na;b"[..], Format::Csv, None, core.now()).unwrap_err();
        assert!(unknown.to_string().contains("\"email;name\""), "{unknown}");
    })
    .await;
}

/// A3, A12: rows of `AspNetUsers`, as JSON and as SQL Server's tools write CSV.
#[tokio::test]
async fn aspnet_core_identity() {
    on_both_engines(async |core| {
        let lines = r#"{"Id":"8e445865-a24d-4543-a6c6-9443d048cdb9","UserName":"mara@nordhavn.example","NormalizedUserName":"MARA@NORDHAVN.EXAMPLE","Email":"mara@nordhavn.example","NormalizedEmail":"MARA@NORDHAVN.EXAMPLE","EmailConfirmed":true,"PasswordHash":"AQAAAAEAACcQAAAAEAABAgMEBQYHCAkKCwwNDg+yWU7rLgUwPZb1Itsmra7cbxw2EFpwpVFIEtP+JIuUEw==","SecurityStamp":"VVPCRDAS3MJWQD5CSW2GWPRADBXEZINA","ConcurrencyStamp":"c8554266-b401-4519-9aeb-a9283053fc58","PhoneNumber":"+46701234567","PhoneNumberConfirmed":true,"TwoFactorEnabled":true,"LockoutEnd":null,"LockoutEnabled":true,"AccessFailedCount":0}"#;
        let report = run(&core, Format::AspNet, lines, false).await;
        assert_eq!(words(&report), ["created"]);
        assert_eq!(report[0].left_out, ["phone_number", "second_factor"]);
        signs_in(&core, "mara@nordhavn.example", "my password").await;
        let mara = found(&core, "mara@nordhavn.example").await;
        assert!(mara.username.is_none() && mara.is_verified());
        assert_eq!(external_ids(&core, mara.id).await["aspnet"], "8e445865-a24d-4543-a6c6-9443d048cdb9");

        let sheet = concat!(
            "Id,UserName,Email,EmailConfirmed,PasswordHash,LockoutEnd,LockoutEnabled,TwoFactorEnabled,PhoneNumber\n",
            "1,bo,bo@nordhavn.example,1,ANXrDknc7fGPpigibZXXZFMX4aoqz44JveK6jQuwY3eH/UyPhvr5xTPeGYEckLxz9A==,NULL,1,0,NULL\n",
            "2,gone,gone@nordhavn.example,1,NULL,9999-12-31 23:59:59.9999999 +00:00,1,0,NULL\n",
            "3,late,late@nordhavn.example,1,NULL,2020-01-01 00:00:00 +00:00,1,0,NULL\n",
            "4,free,free@nordhavn.example,False,NULL,9999-12-31,False,0,NULL\n",
            "5,odd,odd@nordhavn.example,1,hunter2,soon,1,0,NULL\n",
        );
        let report = run(&core, Format::AspNet, sheet, false).await;
        assert_eq!(words(&report), ["created", "created", "created", "created", "refused"]);
        assert!(reasons(&report)[0].contains("passwordhash is not a password hash in a form known here"));
        signs_in(&core, "bo", "my password").await;
        let mut active = Vec::new();
        for name in ["bo", "gone", "late", "free"] {
            active.push(found(&core, name).await.is_active);
        }
        assert_eq!(active, [true, false, true, true]);
        let array = format!("[{}]", lines.replace("mara@", "ada@").replace("8e445865", "8e445866"));
        assert_eq!(words(&run(&core, Format::AspNet, &array, false).await), ["created"]);
    })
    .await;
}

/// A3, A12: an export of a realm. The first two hashes are of public samples, the others of the kinds newer versions write.
#[tokio::test]
async fn keycloak() {
    on_both_engines(async |core| {
        let file = r#"{
          "id": "my-realm", "realm": "my-realm", "attributes": {"a]": ["\"}]", 1]}, "requiredCredentials": [ "password" ],
          "users" : [ {
            "id" : "826731b2-bf17-4bd9-b45c-6a26c76ddaae", "createdTimestamp" : 1693887631918, "username" : "mara",
            "enabled" : true, "totp" : false, "emailVerified" : true, "firstName" : "Mara", "lastName" : "Lindqvist",
            "email" : "mara@nordhavn.example", "attributes" : { "locale" : [ "sv" ] },
            "credentials" : [ { "id" : "c3f3759e", "type" : "password", "userLabel" : "My password", "createdDate" : 1693888572700,
              "secretData" : "{\"value\":\"RITBVPdh5pvXOa4JzJ5pZTE0rG96zhnQNmSsKCf83aU=\",\"salt\":\"drB9e5Smf3cbfUfF3FUerw==\",\"additionalParameters\":{}}",
              "credentialData" : "{\"hashIterations\":27500,\"algorithm\":\"pbkdf2-sha256\",\"additionalParameters\":{}}" } ],
            "disableableCredentialTypes" : [ ], "requiredActions" : [ ], "realmRoles" : [ "default-roles-my-realm" ], "notBefore" : 0, "groups" : [ ]
          }, {
            "id" : "3f0b39cb-0a1b-4428-b36f-b8c098126dbd", "username" : "user1", "enabled" : true, "emailVerified" : true, "email": "user1@nordhavn.example",
            "credentials" : [ { "type" : "password",
              "secretData" : "{\"value\":\"gI7lGJLNUQfn6xcMUtLp0XnOIF3JdaoAj8IogosYZsDg4Q5cFxG5JkJrKZpR7mIG5MxlH346ikZKsiZovvFKDQ==\",\"salt\":\"H1Yjwf5UUIip/deJSkNJ+Q==\"}",
              "credentialData" : "{\"hashIterations\":27500,\"algorithm\":\"pbkdf2-sha256\"}" } ]
          }, {
            "id" : "3", "username" : "argon", "enabled" : true, "emailVerified" : true, "email": "argon@nordhavn.example",
            "credentials" : [ { "type" : "password",
              "secretData" : "{\"value\":\"bbDze8uwkbfclN/jyMq8ZuvuU/RBHZvnPqrMBbNHtQQ=\",\"salt\":\"b3N0aWFyeS1zYWx0LTE2Yg==\",\"additionalParameters\":{}}",
              "credentialData" : "{\"hashIterations\":3,\"algorithm\":\"argon2\",\"additionalParameters\":{\"hashLength\":[\"32\"],\"memory\":[\"12288\"],\"type\":[\"id\"],\"version\":[\"1.3\"],\"parallelism\":[\"1\"]}}" },
              { "type" : "webauthn", "secretData": "{}", "credentialData": "{}" } ]
          }, {
            "id" : "4", "username" : "service-account-wiki", "enabled" : true, "serviceAccountClientId" : "wiki", "emailVerified": false
          }, {
            "id" : "5", "username" : "no-mail", "enabled" : false
          }, {
            "id" : "6", "username" : "clear", "email": "clear@nordhavn.example", "credentials" : [ { "type" : "password", "value": "hunter2" } ]
          }, {
            "id" : "7", "username" : "bomb", "email": "bomb@nordhavn.example", "credentials" : [ { "type" : "password",
              "secretData" : "{\"value\":\"bbDze8uwkbfclN/jyMq8ZuvuU/RBHZvnPqrMBbNHtQQ=\",\"salt\":\"b3N0aWFyeS1zYWx0LTE2Yg==\"}",
              "credentialData" : "{\"hashIterations\":2000000000,\"algorithm\":\"pbkdf2-sha512\"}" } ]
          }, {
            "id" : "8", "username" : "odd", "email": "odd@nordhavn.example", "credentials" : [ { "type" : "password", "secretData" : "x", "credentialData" : "{}" } ]
          }, { broken }, {
            "id" : "9", "username" : "last", "email": "last@nordhavn.example", "enabled": false
          } ],
          "clients" : [ ]
        }"#;
        let report = run(&core, Format::Keycloak, file, false).await;
        assert_eq!(
            words(&report),
            ["created", "created", "created", "skipped", "refused", "refused", "refused", "refused", "refused", "created"]
        );
        let said = reasons(&report);
        assert_eq!(said[0], "element 5: email is missing");
        assert!(said[1].contains("credentials holds a password in the clear"), "{}", said[1]);
        assert!(said[2].contains("1000 to 2000000 iterations"), "{}", said[2]);
        assert!(said[3].contains("is not a JSON object") && said[4].starts_with("element 9: element is not JSON"), "{said:?}");
        assert_eq!((&report[0].left_out, &report[2].left_out), (&vec!["roles"], &vec!["passkeys"]));
        for (who, password) in [("mara", "password"), ("user1", "user1"), ("argon", BOXER)] {
            signs_in(&core, who, password).await;
        }
        let mara = found(&core, "mara").await;
        assert_eq!((mara.name(), mara.claim("locale"), mara.claim("family_name")), ("Mara Lindqvist", "sv", "Lindqvist"));
        assert_eq!(mara.created_at.to_string(), "2023-09-05T04:20:31Z");
        assert_eq!(external_ids(&core, mara.id).await["keycloak"], "826731b2-bf17-4bd9-b45c-6a26c76ddaae");
        assert!(!found(&core, "last").await.is_active);

        let short = "{\"users\": [ {\"email\": \"x@nordhavn.example\"}, {\"email\": ";
        let mut reader = Reader::open(short.as_bytes(), Format::Keycloak, None, core.now()).unwrap();
        assert!(reader.next_entry().unwrap().is_some());
        assert!(reader.next_entry().unwrap_err().to_string().contains("ends too early: in element 2"));
        for other in ["{\"realm\": \"x\", \"users\": {}}", "{}", "{", "{\"users\"", "x"] {
            assert!(Reader::open(other.as_bytes(), Format::Keycloak, None, core.now()).is_err(), "{other}");
        }
    })
    .await;
}

/// B2, A12: who had an authenticator app in Keycloak is asked for its codes here.
#[tokio::test]
async fn an_authenticator_comes_along() {
    on_both_engines(async |core| {
        let file = r#"[{"id":"1","username":"mara","email":"mara@nordhavn.example","emailVerified":true,"enabled":true,"credentials":[
            {"type":"password","secretData":"{\"value\":\"RITBVPdh5pvXOa4JzJ5pZTE0rG96zhnQNmSsKCf83aU=\",\"salt\":\"drB9e5Smf3cbfUfF3FUerw==\"}","credentialData":"{\"hashIterations\":27500,\"algorithm\":\"pbkdf2-sha256\"}"},
            {"type":"otp","secretData":"{\"value\":\"DJmQfC73VGFhw7D4QJ8A\"}","credentialData":"{\"subType\":\"totp\",\"digits\":6,\"counter\":0,\"period\":30,\"algorithm\":\"HmacSHA1\"}"}]}]"#;
        assert_eq!(words(&run(&core, Format::Keycloak, file, false).await), ["created"]);
        let outcome = sign_in(&core.anonymous(), attempt("mara", "password")).await.unwrap();
        let SignInOutcome::SecondFactorRequired(required) = outcome else { panic!("no second factor is asked for") };
        let app = crate::testing::TestAuthenticator::with_key("IRFG2ULGIM3TGVSHIZUHON2EGRIUUOCB");
        let cmd = CompleteSignIn {
            pending: required.pending,
            kind: SessionKind::Browser,
            proof: crate::factor::Proof::Totp(app.code(core.now())),
        };
        complete_sign_in(&core.anonymous(), cmd).await.unwrap();
        let other = file.replace("HmacSHA1", "HmacSHA256").replace("mara", "bo").replace("\"id\":\"1\"", "\"id\":\"2\"");
        let report = run(&core, Format::Keycloak, &other, false).await;
        assert_eq!((words(&report), &report[0].left_out), (vec!["created"], &vec!["authenticator"]));
        let third = "{\"email\":\"ada@nordhavn.example\",\"totp_secret\":\"jbsw y3dp ehpk 3pxp jbsw y3dp eh==\"}";
        assert_eq!(words(&run(&core, Format::Lines, third, false).await), ["created"]);
        assert_eq!(count(&core, "SELECT COUNT(*) FROM authenticators WHERE confirmed_at IS NOT NULL").await, 2);
    })
    .await;
}

/// A3, A12: what Auth0's support sends, what its job exports, and what its own import takes.
#[tokio::test]
async fn auth0() {
    on_both_engines(async |core| {
        let file = r#"{"_id":{"$oid":"5dea9f9c82dd7c0e76e4ec93"},"email_verified":true,"email":"mara@nordhavn.example","passwordHash":"$2b$10$abcdefghijklmnopqrstuu5C4Yfqg1mfiF5zAx/diiBP6Nyc9aTWm","password_set_date":{"$date":"2019-12-06T18:36:12.412Z"},"tenant":"t","connection":"Username-Password-Authentication","_tmp_is_unique":true}
{"_id":{"$oid":"5dea9f9c82dd7c0e76e4ec94"},"alt_id":"euclid","passwordHash":"$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u","identifiers":[{"type":"phone","value":"+46"},{"type":"email","value":"bo@nordhavn.example","verified":true}]}
{"user_id":"auth0|3","email":"ada@nordhavn.example","email_verified":true,"name":"ada@nordhavn.example","given_name":"Ada","nickname":"a","picture":"http://x","created_at":"2020-01-02T03:04:05.678Z","blocked":false,"user_metadata":{"color":"red"},"logins_count":3}
"#;
        let report = run(&core, Format::Auth0, file, false).await;
        assert_eq!(words(&report), ["created", "created", "created"]);
        signs_in(&core, "mara@nordhavn.example", BOXER).await;
        signs_in(&core, "bo@nordhavn.example", "a").await;
        let mut ids = Vec::new();
        for who in ["mara", "bo", "ada"] {
            let user = found(&core, &format!("{who}@nordhavn.example")).await;
            ids.push(external_ids(&core, user.id).await["auth0"].clone());
        }
        assert_eq!(ids, ["auth0|5dea9f9c82dd7c0e76e4ec93", "auth0|euclid", "auth0|3"]);
        let ada = found(&core, "ada@nordhavn.example").await;
        assert_eq!((ada.display_name.as_ref(), ada.claim("given_name")), (None, "Ada"));
        assert_eq!(report[2].left_out, ["metadata"]);

        let array = r#"[
          {"email":"s@nordhavn.example","email_verified":true,"user_id":"s","custom_password_hash":{"algorithm":"scrypt","hash":{"value":"575e65c1e74dbdc0bf7609736170be800eb32fdfe2d4a1ae71d3a588fdb0d40b","encoding":"hex"},"salt":{"value":"ostiary-salt-16b"},"keylen":32,"cost":16384}},
          {"email":"p@nordhavn.example","email_verified":true,"username":"p","custom_password_hash":{"algorithm":"pbkdf2","hash":{"value":"$pbkdf2-sha256$i=27500,l=32$drB9e5Smf3cbfUfF3FUerw$RITBVPdh5pvXOa4JzJ5pZTE0rG96zhnQNmSsKCf83aU","encoding":"utf8"}},"mfa_factors":[{"phone":{"value":"+46"}}]},
          {"email":"m@nordhavn.example","custom_password_hash":{"algorithm":"md5","hash":{"value":"x"}}},
          {"email":"n@nordhavn.example","custom_password_hash":{"algorithm":"scrypt","cost":3,"hash":{"value":"x"},"salt":{"value":"x"}}},
          {"email":"o@nordhavn.example","custom_password_hash":{"algorithm":"scrypt","cost":1099511627776,"hash":{"value":"575e65c1e74dbdc0bf7609736170be80","encoding":"hex"},"salt":{"value":"ostiary-salt-16b"}}},
          {"email":"q@nordhavn.example","mfa_factors":[{"totp":{"secret":"JBSWY3DPEHPK3PXPJBSWY3DPEH"}}]}
        ]"#;
        let report = run(&core, Format::Auth0, array, false).await;
        assert_eq!(words(&report), ["created", "created", "refused", "refused", "refused", "created"]);
        signs_in(&core, "s@nordhavn.example", BOXER).await;
        signs_in(&core, "p", "password").await;
        let said = reasons(&report);
        assert!(said[0].contains("protects nothing") && said[1].contains("no power of two"), "{said:?}");
        assert!(said[2].contains("256 MiB"), "{}", said[2]);
        assert_eq!((&report[1].left_out, &report[5].left_out), (&vec!["second_factor"], &Vec::new()));
    })
    .await;
}
