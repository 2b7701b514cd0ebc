//! C5, H1: what people see of the record.

use std::time::Duration;

use super::*;
use crate::{
    account::{CreateUser, create_user},
    core::{Actor, UserActor},
    id::AuditId,
    testing::{TestCore, on_both_engines},
    text::EmailAddress,
};

async fn person(core: &TestCore, email: &str) -> Ctx {
    let cmd = CreateUser {
        email: EmailAddress::try_from(email).unwrap(),
        username: None,
        display_name: None,
        password: None,
        is_verified: true,
        is_admin: false,
    };
    let user_id = create_user(&core.operator(), cmd).await.unwrap().user_id;
    let session_id = core.new_id();
    let actor = UserActor { user_id, session_id, auth_time: core.now(), amr: Vec::new(), is_admin: false };
    core.ctx(Actor::User(actor), core.meta())
}

async fn put(ctx: &Ctx, kind: AuditKind, user_id: UserId) {
    let mut tx = ctx.core.db().write().await.unwrap();
    record(&mut tx, ctx, Entry::about(kind, user_id)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn page(ctx: &Ctx, after: Option<AuditId>, limit: u32) -> ActivityPage {
    list_own_activity(ctx, ListActivity { after, limit }).await.unwrap()
}

/// C5: the newest first, page by page, each line once, although many happen at the same moment.
#[tokio::test]
async fn it_is_read_page_by_page() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let id = mara.user().unwrap().user_id;
        for n in 0..11 {
            if n % 3 == 0 {
                core.clock.advance(Duration::from_secs(1));
            }
            put(&mara, AuditKind::SignedIn, id).await;
        }
        let whole = page(&mara, None, 100).await;
        assert_eq!((whole.lines.len(), whole.next), (12, None), "and the making of the account");
        assert!(whole.lines.is_sorted_by_key(|line| std::cmp::Reverse((line.at, line.id))));
        let (mut read, mut after) = (Vec::new(), None);
        loop {
            let next = page(&mara, after, 5).await;
            assert!(next.lines.len() <= 5);
            read.extend(next.lines);
            after = next.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(read, whole.lines);
        assert_eq!(page(&mara, None, 0).await.lines.len(), 1, "never nothing where something is");
        let exactly = page(&mara, None, 12).await;
        assert_eq!(exactly.next, None, "no empty page at the end");
    })
    .await;
}

/// C5: what concerns others is not there, however one asks for it.
#[tokio::test]
async fn nobody_sees_what_concerns_others() {
    on_both_engines(async |core| {
        let (mara, jonas) =
            (person(&core, "mara@nordhavn.example").await, person(&core, "jonas@nordhavn.example").await);
        let theirs = jonas.user().unwrap().user_id;
        put(&jonas, AuditKind::SignedIn, theirs).await;
        put(&core.operator(), AuditKind::KeyRevoked, core.new_id()).await;
        let lines = page(&mara, None, 100).await.lines;
        assert_eq!(lines.iter().map(|line| line.kind).collect::<Vec<_>>(), [AuditKind::UserCreated]);
        // Somebody else's line is no place to go on from.
        let foreign = page(&jonas, None, 1).await.lines[0].id;
        assert_eq!(page(&mara, Some(foreign), 100).await.lines, []);
        assert_eq!(page(&mara, Some(core.new_id()), 100).await.lines, []);
        assert_eq!(page(&core.anonymous(), None, 100).await, ActivityPage { lines: vec![], next: None });
    })
    .await;
}

/// C5: where an operator or an application was is theirs; where the person was is told.
#[tokio::test]
async fn the_place_of_others_is_not_told() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let admin = person(&core, "ada@nordhavn.example").await;
        let id = mara.user().unwrap().user_id;
        let client = core.ctx(Actor::Client { client_id: "app".to_owned() }, core.meta());
        for (ctx, kind, by) in [
            (&mara, AuditKind::SignedIn, Doer::Person),
            (&core.anonymous(), AuditKind::SignInFailed, Doer::Person),
            (&admin, AuditKind::UserDeactivated, Doer::Operator),
            (&core.operator(), AuditKind::UserReactivated, Doer::Operator),
            (&core.anonymous(), AuditKind::RefreshTokenReused, Doer::Application),
            (&client, AuditKind::TokensRevoked, Doer::Application),
            (&core.system(), AuditKind::SessionEnded, Doer::House),
        ] {
            core.clock.advance(Duration::from_secs(1));
            put(ctx, kind, id).await;
            let line = page(&mara, None, 1).await.lines.remove(0);
            assert_eq!((line.kind, line.by), (kind, by));
            assert_eq!(line.ip.is_some(), by == Doer::Person, "{kind:?}");
            assert_eq!(line.user_agent.is_some(), by == Doer::Person, "{kind:?}");
        }
        put(&mara, AuditKind::TokensIssued, id).await;
        put(&mara, AuditKind::PasswordRehashed, id).await;
        assert_eq!(page(&mara, None, 1).await.lines[0].kind, AuditKind::SessionEnded, "what happens all the time");
    })
    .await;
}
