//! Organisations come and go.

use std::time::Duration;

use super::*;
use crate::{
    account::{SignIn, sign_in},
    secret::SecretString,
    session::SessionKind,
};

fn slug(text: &str) -> Slug {
    Slug::try_from(text).unwrap()
}

fn create(name: &str, wanted: Option<Slug>) -> CreateOrganization {
    CreateOrganization { name: DisplayName::try_from(name).unwrap(), slug: wanted, owner: None }
}

/// E1
#[tokio::test]
async fn slugs_are_unique_and_made_from_names() {
    on_both_engines(async |core| {
        let mara = as_user(&core, person(&core, "mara").await);
        let first = create_organization(&mara, create("Nordhavn Studio", None)).await.unwrap();
        assert_eq!(first.slug, "nordhavn-studio");
        let second = create_organization(&mara, create("Nordhavn Studio", None)).await.unwrap();
        assert!(second.slug.starts_with("nordhavn-studio-"), "{}", second.slug);
        let taken = create_organization(&mara, create("Other", Some(slug("Nordhavn-Studio")))).await;
        assert!(matches!(taken, Err(CreateOrganizationError::SlugTaken)));
        let nameless = create_organization(&mara, create("株式会社", None)).await.unwrap();
        assert!(nameless.slug.starts_with("org-"), "{}", nameless.slug);
        assert!(matches!(
            create_organization(&core.anonymous(), create("Nobody's", None)).await,
            Err(CreateOrganizationError::Denied(_))
        ));
    })
    .await;
}

/// E1: many ask for the same slug at once, and one gets it.
#[tokio::test]
async fn one_of_many_gets_the_slug() {
    on_both_engines(async |core| {
        let mara = as_user(&core, person(&core, "mara").await);
        let job = |ctx: Ctx| async move { create_organization(&ctx, create("Race", Some(slug("race")))).await };
        let results = together((0..10).map(|_| job(mara.clone())).collect()).await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    })
    .await;
}

/// E1: so many, and no more.
#[tokio::test]
async fn nobody_owns_more_than_they_may() {
    crate::testing::on_both_engines_with(
        |config| config.organizations.most_owned = 2,
        async |core| {
            let mara = as_user(&core, person(&core, "mara").await);
            founded(&mara, "One").await;
            founded(&mara, "Two").await;
            let third = create_organization(&mara, create("Three", None)).await;
            assert!(matches!(third, Err(CreateOrganizationError::TooMany { most: 2 })));
        },
    )
    .await;
}

/// E1
#[tokio::test]
async fn an_organisation_is_changed_by_who_saw_it_last() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let owner = as_user(&core, nordhavn.owner);
        let change = |version| UpdateOrganization {
            organization: nordhavn.id.into(),
            name: Some(DisplayName::try_from("Sydhavn").unwrap()),
            slug: Some(slug("sydhavn")),
            settings: None,
            version,
        };
        assert!(matches!(update_organization(&owner, change(Some(7))).await, Err(UpdateOrganizationError::Changed)));
        assert_eq!(update_organization(&owner, change(Some(1))).await.unwrap().version, 2);
        assert_eq!(update_organization(&owner, change(Some(2))).await.unwrap().version, 2, "nothing to change");
        let found = find_organization(&core, &OrganizationRef::parse("sydhavn").unwrap()).await.unwrap().unwrap();
        assert_eq!((found.name.as_str(), found.version), ("Sydhavn", 2));
        assert!(find_organization(&core, &OrganizationRef::parse("nordhavn").unwrap()).await.unwrap().is_none());
        let settings = OrganizationSettings { max_members: 5000, ..OrganizationSettings::default() };
        let too_many = UpdateOrganization { settings: Some(settings), ..change(None) };
        assert!(matches!(
            update_organization(&owner, too_many.clone()).await,
            Err(UpdateOrganizationError::Settings(SettingsProblem::MaxMembers { most: 1000 }))
        ));
        update_organization(&core.operator(), too_many).await.unwrap();
        let other = founded(&owner, "Other").await;
        let steal = UpdateOrganization { organization: other.into(), ..change(None) };
        assert!(matches!(update_organization(&owner, steal).await, Err(UpdateOrganizationError::SlugTaken)));
    })
    .await;
}

/// E1: deleted, it is there for nobody; within thirty days it comes back as it was.
#[tokio::test]
async fn an_organisation_is_deleted_restored_and_erased() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let (owner, admin) = (as_user(&core, nordhavn.owner), as_user(&core, nordhavn.admin));
        let which = nordhavn.id.into();
        assert!(matches!(delete_organization(&admin, &which, None).await, Err(DeleteOrganizationError::Denied(_))));
        delete_organization(&owner, &which, None).await.unwrap();
        assert!(matches!(get_organization(&owner, &which).await, Err(Refused::NotFound)));
        assert!(role_of(&core, &nordhavn, nordhavn.viewer).await.is_none());
        assert!(matches!(
            create_organization(&owner, create("Squatter", Some(slug("nordhavn")))).await,
            Err(CreateOrganizationError::SlugTaken)
        ));
        assert_eq!(list_deleted(&owner).await.unwrap().len(), 1);
        assert!(list_deleted(&admin).await.unwrap().is_empty());
        assert!(matches!(restore_organization(&admin, nordhavn.id).await, Err(RestoreOrganizationError::NotFound)));
        restore_organization(&owner, nordhavn.id).await.unwrap();
        assert_eq!(role_of(&core, &nordhavn, nordhavn.viewer).await, Some(Builtin::Viewer.id()));
        delete_organization(&owner, &which, None).await.unwrap();
        core.clock.advance(Duration::from_hours(24 * 30));
        assert!(matches!(restore_organization(&owner, nordhavn.id).await, Err(RestoreOrganizationError::NotFound)));
        crate::jobs::clean_up(&core).await.unwrap();
        founded(&owner, "nordhavn").await;
    })
    .await;
}

/// E1: the first sign-in makes a personal organisation, the second none.
#[tokio::test]
async fn everybody_has_an_organisation_of_their_own() {
    on_both_engines(async |core| {
        let password = SecretString::from("Seven-lanterns-7");
        let cmd = CreateUser {
            email: EmailAddress::try_from("mara@nordhavn.example").unwrap(),
            username: None,
            display_name: Some(DisplayName::try_from("Mara Lindqvist").unwrap()),
            password: Some(password.clone()),
            is_verified: true,
            is_admin: false,
        };
        let mara = create_user(&core.operator(), cmd).await.unwrap().user_id;
        for _ in 0..2 {
            let cmd = SignIn {
                identifier: "mara@nordhavn.example".to_owned(),
                password: password.clone(),
                stay: false,
                kind: SessionKind::Api,
            };
            sign_in(&core.anonymous(), cmd).await.unwrap();
        }
        let mine = list_my_organizations(&as_user(&core, mara), ListOrganizations::first()).await.unwrap();
        assert_eq!(mine.organizations.len(), 1);
        let own = &mine.organizations[0];
        assert_eq!((own.organization.name.as_str(), own.role.as_str()), ("Mara Lindqvist", "owner"));
        assert_eq!((own.organization.slug.as_str(), own.organization.personal_of), ("mara-lindqvist", Some(mara)));
        let which = own.organization.id.into();
        let ctx = as_user(&core, mara);
        assert!(matches!(delete_organization(&ctx, &which, None).await, Err(DeleteOrganizationError::Personal)));
        assert!(matches!(transfer_ownership(&ctx, &which, mara).await, Err(TransferOwnershipError::Personal)));
    })
    .await;
}

/// E2: who chose an organisation acts there.
#[tokio::test]
async fn the_preferred_one_is_remembered() {
    on_both_engines(async |core| {
        let nordhavn = house(&core, "nordhavn").await;
        let viewer = as_user(&core, nordhavn.viewer);
        choose_organization(&viewer, &nordhavn.id.into()).await.unwrap();
        let me = crate::account::get_me(&viewer).await.unwrap();
        assert_eq!(me.preferred_organization_id, Some(nordhavn.id));
        let stranger = as_user(&core, person(&core, "stranger").await);
        assert!(matches!(
            choose_organization(&stranger, &nordhavn.id.into()).await,
            Err(ChooseOrganizationError::NotFound)
        ));
    })
    .await;
}
