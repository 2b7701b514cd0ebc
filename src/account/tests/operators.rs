use super::*;
use crate::authz::Denied;

fn person(address: &str) -> CreateUser {
    CreateUser {
        email: email(address),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    }
}

/// An operator's account can be used at once when its address is known to be right.
#[tokio::test]
async fn operators_make_accounts() {
    on_both_engines(async |core| {
        let made = create_user(&core.operator(), person(MARA)).await.unwrap();
        assert!(core.mails().await.is_empty());
        assert_eq!(enter(&core, MARA, PASSWORD).await.unwrap().user_id, made.user_id);
        assert!(matches!(create_user(&core.operator(), person(MARA)).await, Err(CreateUserError::AddressTaken)));
        let mut named = person("b@nordhavn.example");
        named.username = Some(Username::try_from("b").unwrap());
        create_user(&core.operator(), named.clone()).await.unwrap();
        named.email = email("c@nordhavn.example");
        assert!(matches!(create_user(&core.operator(), named).await, Err(CreateUserError::UsernameTaken)));
        assert!(matches!(
            create_user(&core.anonymous(), person("x@y.example")).await,
            Err(CreateUserError::Denied(Denied))
        ));
        let mut weak = person("d@nordhavn.example");
        weak.password = Some(SecretString::from("weak"));
        assert!(matches!(create_user(&core.operator(), weak).await, Err(CreateUserError::Password(_))));

        let mut unverified = person("e@nordhavn.example");
        unverified.is_verified = false;
        create_user(&core.operator(), unverified).await.unwrap();
        assert_eq!(last_mail(&core, "VerifyEmail").await.to, "e@nordhavn.example");
    })
    .await;
}

/// Without a password, its owner chooses it through a mail.
#[tokio::test]
async fn an_account_without_password_gets_one_by_mail() {
    on_both_engines(async |core| {
        let cmd = CreateUser { password: None, is_verified: false, ..person(MARA) };
        let made = create_user(&core.operator(), cmd).await.unwrap();
        assert!(!user(&core, made.user_id).await.has_password);
        let token = reset_token(&last_mail(&core, "ChoosePassword").await);
        core.clock.advance(23 * HOUR);
        let cmd = ResetPassword { token, password: SecretString::from(PASSWORD) };
        reset_password(&core.anonymous(), cmd).await.unwrap();
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert_eq!(kinds_of_mail(&core).await, ["ChoosePassword"]);
    })
    .await;
}

/// A8: deactivation ends sessions at once; activation lets the person in again.
#[tokio::test]
async fn deactivation_works_at_once() {
    on_both_engines(async |core| {
        let id = member(&core, MARA).await;
        let signed_in = enter(&core, MARA, PASSWORD).await.unwrap();
        let stamp = user(&core, id).await.stamp;
        disable_user(&core.operator(), id).await.unwrap();
        disable_user(&core.operator(), id).await.unwrap();
        assert!(!is_alive(&core, signed_in.session_id).await);
        assert!(is_refused(&core, MARA, PASSWORD).await);
        assert_ne!(user(&core, id).await.stamp, stamp);
        enable_user(&core.operator(), id).await.unwrap();
        assert!(!is_alive(&core, signed_in.session_id).await, "what ended stays ended");
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert_eq!(times_on_record(&core, AuditKind::UserDeactivated).await, 1);

        assert!(matches!(disable_user(&core.anonymous(), id).await, Err(ActivationError::Denied(Denied))));
        assert!(matches!(enable_user(&as_user(&core, &signed_in), id).await, Err(ActivationError::Denied(Denied))));
        assert!(matches!(disable_user(&core.operator(), core.new_id()).await, Err(ActivationError::NotFound)));
    })
    .await;
}

/// The list is paged; only operators see it, and people see themselves.
#[tokio::test]
async fn accounts_are_listed_and_found() {
    on_both_engines(async |core| {
        for n in 0..5 {
            create_user(&core.operator(), person(&format!("p{n}@nordhavn.example"))).await.unwrap();
            core.clock.advance(MINUTE);
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = list_users(&core.operator(), ListUsers { after, limit: 2 }).await.unwrap();
            seen.extend(page.users.iter().map(|user| user.email.to_string()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..5).map(|n| format!("p{n}@nordhavn.example")).collect::<Vec<_>>());
        let all = ListUsers { after: None, limit: 0 };
        assert!(matches!(list_users(&core.anonymous(), all).await, Err(ListUsersError::Denied(Denied))));

        let me = enter(&core, "p1@nordhavn.example", PASSWORD).await.unwrap();
        let ctx = as_user(&core, &me);
        assert_eq!(get_me(&ctx).await.unwrap().id, me.user_id);
        assert_eq!(get_user(&ctx, me.user_id).await.unwrap().id, me.user_id);
        let other = find_user(&core.operator(), "P2@nordhavn.example").await.unwrap();
        assert_eq!(find_user(&core.operator(), &other.id.to_string()).await.unwrap(), other);
        assert!(matches!(get_user(&ctx, other.id).await, Err(GetUserError::Denied(Denied))));
        assert!(matches!(find_user(&ctx, "p2@nordhavn.example").await, Err(GetUserError::Denied(Denied))));
        assert!(matches!(get_me(&core.anonymous()).await, Err(GetUserError::Denied(Denied))));
        assert!(matches!(find_user(&core.operator(), "nobody").await, Err(GetUserError::NotFound)));
    })
    .await;
}

fn set_up_token(link: &str) -> PlainToken {
    PlainToken::parse(TokenKind::SetUp, link.split_once("t=").unwrap().1).unwrap()
}

fn set_up_by(token: &PlainToken) -> SetUp {
    SetUp { token: token.clone(), email: email(MARA), display_name: None, password: SecretString::from(PASSWORD) }
}

/// The first administrator is made once, by the newest link.
#[tokio::test]
async fn the_house_is_set_up_once() {
    on_both_engines(async |core| {
        assert_eq!(create_set_up_link(&core.anonymous()).await.unwrap(), None);
        let old = create_set_up_link(&core.system()).await.unwrap().unwrap();
        let link = create_set_up_link(&core.system()).await.unwrap().unwrap();
        assert!(link.starts_with("http://localhost:8080/setup?t=ost_su_"));
        let (old, token) = (set_up_token(&old), set_up_token(&link));
        assert!(!find_set_up(&core.anonymous(), &old).await.unwrap());
        assert!(find_set_up(&core.anonymous(), &token).await.unwrap());
        assert!(matches!(set_up(&core.anonymous(), set_up_by(&old)).await, Err(SetUpError::Unknown)));
        let mut weak = set_up_by(&token);
        weak.password = SecretString::from("weak");
        assert!(matches!(set_up(&core.anonymous(), weak).await, Err(SetUpError::Password(_))));

        let done = set_up(&core.anonymous(), set_up_by(&token)).await.unwrap();
        let admin = user(&core, done.user_id).await;
        assert!(admin.is_admin && admin.is_verified());
        enter(&core, MARA, PASSWORD).await.unwrap();
        assert!(matches!(set_up(&core.anonymous(), set_up_by(&token)).await, Err(SetUpError::Unknown)));
        assert_eq!(create_set_up_link(&core.system()).await.unwrap(), None);
    })
    .await;
}

/// A link is not used up by a registration in between, nor by an address that is taken.
#[tokio::test]
async fn a_stranger_cannot_spoil_the_set_up() {
    on_both_engines(async |core| {
        let token = set_up_token(&create_set_up_link(&core.system()).await.unwrap().unwrap());
        register(&core.anonymous(), registration(MARA)).await.unwrap();
        assert!(matches!(set_up(&core.anonymous(), set_up_by(&token)).await, Err(SetUpError::AddressTaken)));
        let mut cmd = set_up_by(&token);
        cmd.email = email("admin@nordhavn.example");
        set_up(&core.anonymous(), cmd).await.unwrap();
        core.clock.advance(DAY);
        assert!(!find_set_up(&core.anonymous(), &token).await.unwrap());
    })
    .await;
}
