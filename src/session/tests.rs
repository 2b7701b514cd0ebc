//! C1, C3, A8: on both engines.

mod at_once;

use std::{sync::Arc, time::Duration};

use sqlx::types::Json;

use super::{browser::BrowserRecord, *};
use crate::{
    core::{Actor, Core, Ctx},
    id::{GrantId, SessionId, Stamp, UserId},
    secret::Digest,
    testing::{TestCore, on_both_engines},
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

struct Person {
    id: UserId,
    stamp: Stamp,
}

async fn person(core: &Core, email: &str) -> Person {
    let person = Person { id: core.new_id(), stamp: core.new_id() };
    let mut tx = core.db().write().await.unwrap();
    tx.query(
        "INSERT INTO users (id, email, email_key, profile, is_active, is_admin, failures, security_stamp, \
         created_at, updated_at) VALUES ($1, $2, $2, $3, $4, $5, 0, $6, 0, 0)",
    )
    .bind(person.id)
    .bind(email.to_owned())
    .bind(Json(serde_json::json!({})))
    .bind(true)
    .bind(false)
    .bind(person.stamp)
    .execute()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    person
}

async fn sign_in(core: &TestCore, person: &Person, stay: bool) -> SessionId {
    sign_in_as(&core.anonymous(), person, stay).await.unwrap()
}

async fn sign_in_as(ctx: &Ctx, person: &Person, stay: bool) -> Result<SessionId, OpenError> {
    let core = &ctx.core;
    let mut tx = core.db().write().await.unwrap();
    let new = NewSession {
        user_id: person.id,
        stamp: person.stamp,
        kind: SessionKind::Browser,
        auth_time: core.now(),
        amr: vec!["pwd".to_owned()],
        stay,
    };
    let id = open(&mut tx, ctx, new).await?;
    tx.commit().await?;
    Ok(id)
}

async fn is_alive(core: &Core, id: SessionId) -> bool {
    resume_session(core, id).await.unwrap().is_some()
}

async fn ctx_of(core: &TestCore, id: SessionId) -> Ctx {
    let live = resume_session(core, id).await.unwrap().unwrap();
    core.ctx(Actor::User(live.actor), core.meta())
}

async fn last_active(core: &Core, id: SessionId) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT last_active_at FROM sessions WHERE id = $1").bind(id).scalar().await.unwrap()
}

/// A client and a live grant of it through the given session.
async fn grant(core: &Core, person: &Person, session: SessionId, client: &str) -> GrantId {
    let id: GrantId = core.new_id();
    let mut tx = core.db().write().await.unwrap();
    tx.query(
        "INSERT INTO clients (id, name, settings, is_system, is_enabled, version, created_at, updated_at) \
         VALUES ($1, $1, $2, $3, $4, 1, 0, 0) ON CONFLICT (id) DO NOTHING",
    )
    .bind(client.to_owned())
    .bind(Json(serde_json::json!({})))
    .bind(client == "system")
    .bind(true)
    .execute()
    .await
    .unwrap();
    tx.query(
        "INSERT INTO grants (id, client_id, user_id, session_id, security_stamp, scope, details, created_at, \
         last_used_at, expires_at) VALUES ($1, $2, $3, $4, $5, 'openid', $6, $7, $7, $8)",
    )
    .bind(id)
    .bind(client.to_owned())
    .bind(person.id)
    .bind(session)
    .bind(person.stamp)
    .bind(Json(serde_json::json!({})))
    .bind(core.now())
    .bind(core.now() + DAY)
    .execute()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id
}

/// C1: a session ends after two hours without use, and use keeps it alive until its day is over.
#[tokio::test]
async fn idle_and_absolute_life() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let idle = sign_in(&core, &mara, false).await;
        core.clock.advance(Duration::from_mins(119));
        assert!(is_alive(&core, idle).await);
        core.clock.advance(2 * HOUR);
        assert!(!is_alive(&core, idle).await);

        let used = sign_in(&core, &mara, false).await;
        for _ in 0..23 {
            core.clock.advance(HOUR);
            assert!(is_alive(&core, used).await);
        }
        core.clock.advance(HOUR);
        assert!(!is_alive(&core, used).await, "a day is a day");
    })
    .await;
}

/// C1: "stay signed in" lives by the longer pair.
#[tokio::test]
async fn stay_signed_in() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let id = sign_in(&core, &mara, true).await;
        for _ in 0..6 {
            core.clock.advance(Duration::from_hours(14 * 24 - 1));
            assert!(is_alive(&core, id).await);
        }
        core.clock.advance(7 * DAY);
        assert!(!is_alive(&core, id).await, "ninety days are over");
        let id = sign_in(&core, &mara, true).await;
        core.clock.advance(14 * DAY);
        assert!(!is_alive(&core, id).await, "fourteen days without use");
    })
    .await;
}

/// C1, C3: use is written down at most once a minute, and never backwards.
#[tokio::test]
async fn use_is_written_once_a_minute() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let id = sign_in(&core, &mara, false).await;
        let opened = last_active(&core, id).await;
        core.clock.advance(MINUTE / 2);
        assert!(is_alive(&core, id).await);
        assert_eq!(last_active(&core, id).await, opened);
        core.clock.advance(MINUTE / 2);
        assert!(is_alive(&core, id).await);
        assert_eq!(last_active(&core, id).await, core.now().as_micros());

        let mut tx = core.db().write().await.unwrap();
        assert!(!touch(&mut tx, id, core.now()).await.unwrap());
        core.clock.advance(MINUTE);
        assert!(touch(&mut tx, id, core.now()).await.unwrap());
        assert!(!touch(&mut tx, id, core.now() - HOUR).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(last_active(&core, id).await, core.now().as_micros());
    })
    .await;
}

/// C3: ended elsewhere takes effect at once, on every node.
#[tokio::test]
async fn ended_elsewhere() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let here = sign_in(&core, &mara, false).await;
        let there = sign_in(&core, &mara, true).await;
        let node = core.second_node().await;
        assert!(is_alive(&node, there).await);
        let ctx = ctx_of(&core, here).await;
        end_session(&ctx, EndSession { id: there }).await.unwrap();
        assert!(!is_alive(&node, there).await);
        assert!(is_alive(&node, here).await);
        let again = end_session(&ctx, EndSession { id: there }).await;
        assert!(matches!(again, Err(EndSessionError::NotFound)));
    })
    .await;
}

/// C3, DESIGN §5: what is not one's own is not there.
#[tokio::test]
async fn a_foreign_session_is_not_found() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let jonas = person(&core, "jonas@nordhavn.example").await;
        let of_mara = sign_in(&core, &mara, false).await;
        let of_jonas = sign_in(&core, &jonas, false).await;
        let ctx = ctx_of(&core, of_jonas).await;
        for id in [of_mara, core.new_id()] {
            let answer = end_session(&ctx, EndSession { id }).await;
            assert!(matches!(answer, Err(EndSessionError::NotFound)));
        }
        let anonymous = end_session(&core.anonymous(), EndSession { id: of_mara }).await;
        assert!(matches!(anonymous, Err(EndSessionError::Denied(_))));
        assert_eq!(end_other_sessions(&ctx).await.unwrap(), 0);
        assert!(matches!(end_other_sessions(&core.anonymous()).await, Err(EndSessionError::Denied(_))));
        assert!(is_alive(&core, of_mara).await);
        assert_eq!(list_sessions(&ctx).await.unwrap().len(), 1);
        assert!(list_sessions(&core.anonymous()).await.unwrap().is_empty());
    })
    .await;
}

/// A8: a changed stamp ends every session but the one that is bound again; deactivation and deletion end all.
#[tokio::test]
async fn the_stamp_the_flag_and_the_end() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let kept = sign_in(&core, &mara, false).await;
        let other = sign_in(&core, &mara, false).await;
        let stamp: Stamp = core.new_id();
        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE users SET security_stamp = $2 WHERE id = $1")
            .bind(mara.id)
            .bind(stamp)
            .execute()
            .await
            .unwrap();
        rebind(&mut tx, kept, stamp).await.unwrap();
        tx.commit().await.unwrap();
        assert!(is_alive(&core, kept).await);
        assert!(!is_alive(&core, other).await);
        let listed = list_sessions(&ctx_of(&core, kept).await).await.unwrap();
        assert_eq!(listed.len(), 1);

        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE users SET is_active = $2 WHERE id = $1").bind(mara.id).bind(false).execute().await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_alive(&core, kept).await);
        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE users SET is_active = $2 WHERE id = $1").bind(mara.id).bind(true).execute().await.unwrap();
        tx.commit().await.unwrap();
        assert!(is_alive(&core, kept).await);
        let mut tx = core.db().write().await.unwrap();
        tx.query("UPDATE users SET deleted_at = 1 WHERE id = $1").bind(mara.id).execute().await.unwrap();
        tx.commit().await.unwrap();
        assert!(!is_alive(&core, kept).await);
        assert!(!is_alive(&core, core.new_id()).await);
    })
    .await;
}

/// C3: the list says device, address, times and applications, marks the session that asks, and leaves out what is over.
#[tokio::test]
async fn the_list() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        sign_in(&core, &mara, false).await;
        core.clock.advance(3 * HOUR);
        let other = sign_in(&core, &mara, true).await;
        core.clock.advance(HOUR);
        let here = sign_in(&core, &mara, false).await;
        grant(&core, &mara, other, "harbour").await;
        grant(&core, &mara, other, "atlas").await;
        grant(&core, &mara, other, "atlas").await;
        grant(&core, &mara, here, "system").await;
        let views = list_sessions(&ctx_of(&core, here).await).await.unwrap();
        assert_eq!(views.iter().map(|view| view.id).collect::<Vec<_>>(), [here, other], "the idle one is over");
        assert!(views[0].is_current && !views[1].is_current);
        assert_eq!(views[1].device.to_string(), "Firefox on Linux");
        assert_eq!(views[1].ip.as_deref(), Some("192.0.2.44"));
        assert_eq!(views[1].last_active_at, core.now() - HOUR);
        let names = |view: &SessionView| view.applications.iter().map(|app| app.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&views[1]), ["atlas", "harbour"]);
        assert!(names(&views[0]).is_empty(), "Ostiary's own client is not shown");
    })
    .await;
}

/// C3: however many sessions a person has, the list has the one that asks, even when all others were active later.
#[tokio::test]
async fn the_list_has_the_one_that_asks() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let here = sign_in(&core, &mara, false).await;
        core.clock.advance(Duration::from_mins(1));
        for _ in 0..201 {
            sign_in(&core, &mara, false).await;
        }
        let views = list_sessions(&ctx_of(&core, here).await).await.unwrap();
        assert_eq!((views.len(), views[0].id, views[0].is_current), (200, here, true));
    })
    .await;
}

/// C3: all others at once; what applications hold through a session ends with it (and nothing else does).
#[tokio::test]
async fn all_others_and_their_grants() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let here = sign_in(&core, &mara, false).await;
        let there = sign_in(&core, &mara, false).await;
        let elsewhere = sign_in(&core, &mara, false).await;
        let kept = grant(&core, &mara, here, "atlas").await;
        let gone = grant(&core, &mara, there, "atlas").await;
        let ctx = ctx_of(&core, here).await;
        let before = core.db().revisions().of(mara.id);
        assert_eq!(end_other_sessions(&ctx).await.unwrap(), 2);
        assert_eq!(end_other_sessions(&ctx).await.unwrap(), 0);
        assert!(core.db().revisions().of(mara.id) > before, "caches must hear of it");
        assert!(is_alive(&core, here).await);
        assert!(!is_alive(&core, there).await && !is_alive(&core, elsewhere).await);
        assert!(!is_revoked(&core, kept).await);
        assert!(is_revoked(&core, gone).await);
        sign_out(&ctx).await.unwrap();
        sign_out(&ctx).await.unwrap();
        sign_out(&core.anonymous()).await.unwrap();
        assert!(!is_alive(&core, here).await);
        assert!(is_revoked(&core, kept).await);
        let kinds = activity(&ctx).await;
        let count = |kind| kinds.iter().filter(|line| line.kind == kind).count();
        assert_eq!(count(crate::audit::AuditKind::SessionEnded), 2);
        assert_eq!(count(crate::audit::AuditKind::SignedOut), 1);
    })
    .await;
}

async fn activity(ctx: &Ctx) -> Vec<crate::audit::Activity> {
    let cmd = crate::audit::ListActivity { after: None, limit: 50 };
    crate::audit::list_own_activity(ctx, cmd).await.unwrap().lines
}

async fn is_revoked(core: &Core, grant: GrantId) -> bool {
    let mut conn = core.db().read().await.unwrap();
    let at: Option<i64> = conn.query("SELECT revoked_at FROM grants WHERE id = $1").bind(grant).scalar().await.unwrap();
    at.is_some()
}

/// Of many that end the same session at once, exactly one does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_at_the_same_moment() {
    on_both_engines(async |core| {
        let mara = person(&core, "mara@nordhavn.example").await;
        let here = sign_in(&core, &mara, false).await;
        let there = sign_in(&core, &mara, false).await;
        let ctx = Arc::new(ctx_of(&core, here).await);
        let mut tasks = Vec::new();
        for _ in 0..40 {
            let ctx = Arc::clone(&ctx);
            tasks.push(tokio::spawn(async move { end_session(&ctx, EndSession { id: there }).await }));
        }
        let mut ended = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => ended += 1,
                Err(EndSessionError::NotFound) => {}
                Err(other) => panic!("{other:?}"),
            }
        }
        assert_eq!(ended, 1);
        let lines = activity(&ctx).await;
        assert_eq!(lines.len(), 1);
    })
    .await;
}

/// C1: browser records are found under their digest only, replaced, expire, and are forgotten.
#[tokio::test]
async fn browser_records() {
    on_both_engines(async |core| {
        let digest = Digest::of(b"one");
        let record =
            |word: &str| BrowserRecord { data: serde_json::json!({ "word": word }), expires_at: core.now() + DAY };
        assert_eq!(browser::load(&core, digest).await.unwrap(), None);
        assert!(browser::create(&core, digest, record("first")).await.unwrap());
        assert!(!browser::create(&core, digest, record("second")).await.unwrap());
        assert_eq!(browser::load(&core, digest).await.unwrap(), Some(record("first")));
        assert_eq!(browser::load(&core, Digest::of(b"two")).await.unwrap(), None);
        browser::save(&core, digest, record("third")).await.unwrap();
        assert_eq!(browser::load(&core, digest).await.unwrap(), Some(record("third")));
        core.clock.advance(DAY);
        assert_eq!(browser::load(&core, digest).await.unwrap(), None, "expired");
        browser::save(&core, digest, record("fourth")).await.unwrap();
        browser::delete(&core, digest).await.unwrap();
        browser::delete(&core, digest).await.unwrap();
        assert_eq!(browser::load(&core, digest).await.unwrap(), None);
    })
    .await;
}
