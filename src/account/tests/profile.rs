//! A9: what an account says of its owner.

use super::*;
use crate::{authz::Denied, text::DisplayName};

fn cmd(user_id: UserId) -> UpdateProfile {
    let name = |text: &str| Some(DisplayName::try_from(text).unwrap());
    UpdateProfile {
        user_id,
        display_name: name("Mara L."),
        profile: Profile {
            given_name: name("Mara"),
            family_name: name("Lindqvist"),
            locale: Some(Locale::try_from("en-GB").unwrap()),
            zone: Some(ZoneName::try_from("Europe/Copenhagen").unwrap()),
            picture: Some(PictureUrl::try_from("https://pictures.example/mara.png").unwrap()),
        },
        version: None,
    }
}

/// A9: what is given is kept, what is left out goes, and each change has a version of its own, even at the same moment.
#[tokio::test]
async fn people_say_what_they_are_called() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let ctx = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        let before = core.db().revisions().of(id);
        let changed = update_profile(&ctx, cmd(id)).await.unwrap();
        assert!(core.db().revisions().of(id) > before, "caches must hear of it");
        let kept = user(&core, id).await;
        assert_eq!(kept, changed);
        assert_eq!((kept.name(), kept.claim("given_name"), kept.claim("locale")), ("Mara L.", "Mara", "en-GB"));
        assert_eq!(kept.claim("picture"), "https://pictures.example/mara.png");
        assert_eq!(update_profile(&ctx, cmd(id)).await.unwrap().version(), kept.version(), "nothing was different");
        assert_eq!(times_on_record(&core, AuditKind::ProfileUpdated).await, 1);

        let less = UpdateProfile { display_name: None, profile: Profile::default(), ..cmd(id) };
        let empty = update_profile(&ctx, less).await.unwrap();
        assert!(empty.version() > kept.version());
        let kept = user(&core, id).await;
        assert_eq!((kept.display_name.as_ref(), kept.claim("given_name"), kept.claim("zoneinfo")), (None, "", ""));
        assert!(kept.is_verified() && kept.has_password, "nothing else changed");
    })
    .await;
}

/// A9: for the owner and operators; everybody else may not, whoever is asked for.
#[tokio::test]
async fn nobody_else_says_it() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        member(&core, "jonas@nordhavn.example").await;
        let jonas = as_user(&core, &enter(&core, "jonas@nordhavn.example", PASSWORD).await.unwrap());
        for ctx in [&jonas, &core.anonymous()] {
            for user_id in [id, core.new_id()] {
                let refused = update_profile(ctx, cmd(user_id)).await;
                assert!(matches!(refused, Err(UpdateProfileError::Denied(Denied))));
            }
        }
        let unknown = update_profile(&core.operator(), cmd(core.new_id())).await;
        assert!(matches!(unknown, Err(UpdateProfileError::NotFound)));
        update_profile(&core.operator(), cmd(id)).await.unwrap();
        assert_eq!(user(&core, id).await.name(), "Mara L.");
    })
    .await;
}

/// A9, RFC 9110 §13.1.1: a change of what was looked at is not made on something else.
#[tokio::test]
async fn a_change_meanwhile_is_noticed() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let ctx = as_user(&core, &enter(&core, MARA, PASSWORD).await.unwrap());
        let seen = Some(user(&core, id).await.version());
        update_profile(&ctx, UpdateProfile { version: seen, ..cmd(id) }).await.unwrap();
        let late = UpdateProfile { version: seen, display_name: None, ..cmd(id) };
        assert!(matches!(update_profile(&ctx, late).await, Err(UpdateProfileError::Changed)));
        assert_eq!(user(&core, id).await.name(), "Mara L.");
    })
    .await;
}
