//! D9: what ends a session tells everybody who knows it, and nobody else.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use self::server::Server;
use super::*;
use crate::{
    account::{self, CreateUser, SignIn, SignInOutcome},
    client::{ClientSettings, CreateClient, DeleteClient, create_client, delete_client, find_client},
    config::Config,
    core::{Actor, Core, Ctx},
    mail::Transport,
    outbox::{self, Delivery},
    protocol::Params,
    secret::SecretString,
    session::{self, EndSession, SessionKind},
    testing::{TestCore, on_both_engines_with},
    text::{DisplayName, EmailAddress},
};

const PASSWORD: &str = "Steep-harbour-4481";
const MARA: &str = "mara@nordhavn.example";
const TOVE: &str = "tove@nordhavn.example";

/// Calls to this machine are allowed, so that a server of ours can be an application's.
fn calls_home(config: &mut Config) {
    config.fetch.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
}

async fn person(core: &Core, email: &str) {
    let cmd = CreateUser {
        email: EmailAddress::try_from(email).unwrap(),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    };
    account::create_user(&core.operator(), cmd).await.unwrap();
}

async fn sign_in(core: &TestCore, email: &str) -> Ctx {
    let cmd = SignIn {
        identifier: email.to_owned(),
        password: SecretString::from(PASSWORD),
        stay: false,
        kind: SessionKind::Browser,
    };
    let SignInOutcome::SignedIn(new) = account::sign_in(&core.anonymous(), cmd).await.unwrap() else {
        panic!("nobody here has a second factor")
    };
    let live = session::resume_session(core, new.session_id).await.unwrap().unwrap();
    core.ctx(Actor::User(live.actor), core.meta())
}

fn session_of(ctx: &Ctx) -> SessionId {
    ctx.user().unwrap().session_id
}

/// A client that is told at `server`, by its own path.
async fn client(core: &Core, id: &str, server: &Server, change: impl FnOnce(&mut ClientSettings)) -> Arc<Client> {
    let mut settings = ClientSettings {
        redirect_uris: vec![RedirectUri::parse("https://app.example/cb").unwrap()],
        backchannel_logout_uri: Some(server.url(id)),
        ..ClientSettings::default()
    };
    change(&mut settings);
    let name = DisplayName::try_from("Blockyard").unwrap();
    create_client(&core.operator(), CreateClient { id: Some(id.to_owned()), name, settings }).await.unwrap();
    find_client(core, id).await.unwrap().unwrap()
}

async fn know(core: &Core, ctx: &Ctx, client: &Client) {
    let mut tx = core.db().write().await.unwrap();
    introduce(&mut tx, session_of(ctx), client).await.unwrap();
    tx.commit().await.unwrap();
}

async fn deliver_all(core: &Core) -> Delivery {
    let transport = Transport::new(&core.config().mail).unwrap();
    outbox::deliver_lane(core, &transport, outbox::Lane::Calls).await.unwrap()
}

/// The claims of a token, without verifying it, and the `typ` of its header.
fn read(token: &str) -> (String, Value) {
    let part = |n| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(n).unwrap()).unwrap()).unwrap();
    let header: Value = part(0);
    (header["typ"].as_str().unwrap().to_owned(), part(1))
}

async fn waiting(core: &Core) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM outbox WHERE kind = 'backchannel_logout' AND delivered_at IS NULL AND given_up_at IS NULL")
        .scalar()
        .await
        .unwrap()
}

/// A server of the simplest kind.
mod server {
    use super::*;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        sync::Semaphore,
    };

    /// It keeps path and token of what it is told, and answers as set; held, it does not answer before it is let go.
    pub(super) struct Server {
        port: u16,
        pub(super) heard: Arc<Mutex<Vec<(String, String)>>>,
        pub(super) answer: Arc<Mutex<u16>>,
        gate: Arc<Semaphore>,
    }

    impl Server {
        pub(super) async fn start() -> Self {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
            let port = listener.local_addr().unwrap().port();
            let (heard, answer) = (Arc::<Mutex<Vec<(String, String)>>>::default(), Arc::new(Mutex::new(200)));
            let gate = Arc::new(Semaphore::new(1));
            let (log, reply, door) = (Arc::clone(&heard), Arc::clone(&answer), Arc::clone(&gate));
            tokio::spawn(async move {
                while let Ok((mut socket, _)) = listener.accept().await {
                    let (log, reply, door) = (Arc::clone(&log), Arc::clone(&reply), Arc::clone(&door));
                    tokio::spawn(async move {
                        let mut request = String::new();
                        let token = loop {
                            let mut chunk = [0; 4096];
                            let length = socket.read(&mut chunk).await.unwrap();
                            request.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
                            let Some((fields, body)) = request.split_once("\r\n\r\n") else { continue };
                            let fields = fields.to_lowercase();
                            let length = fields.split_once("content-length: ").unwrap().1;
                            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
                            if body.len() == length {
                                assert!(fields.contains("content-type: application/x-www-form-urlencoded"));
                                break body.strip_prefix("logout_token=").unwrap().to_owned();
                            }
                        };
                        let path = request.split(' ').nth(1).unwrap().to_owned();
                        log.lock().unwrap().push((path, token));
                        drop(door.acquire().await);
                        let status = *reply.lock().unwrap();
                        let line = format!("HTTP/1.1 {status} x\r\ncontent-length: 0\r\n\r\n");
                        let _ = socket.write_all(line.as_bytes()).await;
                    });
                }
            });
            Self { port, heard, answer, gate }
        }

        pub(super) fn url(&self, path: &str) -> url::Url {
            format!("http://127.0.0.1:{}/{path}", self.port).parse().unwrap()
        }

        /// Path and claims of everything heard since the last look, in order of the path.
        pub(super) fn take(&self) -> Vec<(String, Value)> {
            let mut heard = std::mem::take(&mut *self.heard.lock().unwrap());
            heard.sort();
            heard.into_iter().map(|(path, token)| (path, read(&token).1)).collect()
        }

        pub(super) fn answers(&self, status: u16) {
            *self.answer.lock().unwrap() = status;
        }

        /// Answers nothing from now on.
        pub(super) fn hold(&self) {
            self.gate.forget_permits(1);
        }

        pub(super) fn let_go(&self) {
            self.gate.add_permits(1);
        }
    }
}

/// D9, Back-Channel Logout §2.4, §2.5: each application that knows the session gets one token of its own, however often
/// it was used; those that do not want to hear, and those of other sessions, get none.
#[tokio::test]
async fn everybody_who_knows_the_session_is_told_once() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let (ctx, elsewhere) = (sign_in(&core, MARA).await, sign_in(&core, MARA).await);
        let (a, b) = (client(&core, "a", &server, |_| {}).await, client(&core, "b", &server, |_| {}).await);
        let quiet = client(&core, "quiet", &server, |settings| settings.backchannel_logout_uri = None).await;
        for client in [&a, &a, &b, &quiet] {
            know(&core, &ctx, client).await;
        }
        let other = client(&core, "other", &server, |_| {}).await;
        know(&core, &elsewhere, &other).await;

        session::sign_out(&ctx).await.unwrap();
        session::sign_out(&ctx).await.unwrap();
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 2, failed: 0 });
        let raw = server.heard.lock().unwrap()[0].1.clone();
        assert_eq!(read(&raw).0, "logout+jwt");
        let heard = server.take();
        assert_eq!(heard.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["/a", "/b"]);
        let (user, session) = (ctx.user().unwrap().user_id.to_string(), session_of(&ctx).to_string());
        for (path, claims) in &heard {
            let expected = serde_json::json!({
                "iss": core.config().issuer(), "aud": &path[1..], "sub": user, "sid": session,
                "iat": core.now().as_secs(), "exp": core.now().as_secs() + 120, "jti": claims["jti"],
                "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
            });
            assert_eq!(*claims, expected);
        }
        assert_ne!(heard[0].1["jti"], heard[1].1["jti"]);
        assert_eq!(deliver_all(&core).await, Delivery::default());
    })
    .await;
}

/// D9: whatever ends a session tells: the list of sessions, a new password, an operator's link; and somebody else who
/// signs in in the same browser.
#[tokio::test]
async fn every_end_tells() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        person(&core, TOVE).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let told = async |what: &str, ctx: &Ctx| {
            deliver_all(&core).await;
            let sids: Vec<_> = server.take().into_iter().map(|(_, claims)| claims["sid"].clone()).collect();
            assert_eq!(sids, [Value::from(session_of(ctx).to_string())], "{what}");
        };

        let (one, two) = (sign_in(&core, MARA).await, sign_in(&core, MARA).await);
        know(&core, &one, &app).await;
        session::end_session(&two, EndSession { id: session_of(&one) }).await.unwrap();
        told("ended from another one", &one).await;

        let one = sign_in(&core, MARA).await;
        know(&core, &one, &app).await;
        session::end_other_sessions(&two).await.unwrap();
        told("all others ended", &one).await;

        know(&core, &two, &app).await;
        let cmd = account::ChangePassword {
            current: SecretString::from(PASSWORD),
            new: SecretString::from("Another-harbour-4481"),
        };
        let asking = sign_in(&core, MARA).await;
        account::change_password(&asking, cmd).await.unwrap();
        told("a new password", &two).await;

        let first = sign_in(&core, TOVE).await;
        know(&core, &first, &app).await;
        person(&core, "ines@nordhavn.example").await;
        let second = sign_in(&core, "ines@nordhavn.example").await;
        session::replace_session(&first, session_of(&second)).await.unwrap();
        told("somebody else signed in", &first).await;
    })
    .await;
}

/// D9: the same person proves again who they are: nobody is told, and when the new session ends, an application is told
/// under each name it may know.
#[tokio::test]
async fn a_session_that_took_the_place_of_another_ends_under_both_names() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let first = sign_in(&core, MARA).await;
        know(&core, &first, &app).await;
        let second = sign_in(&core, MARA).await;
        session::replace_session(&first, session_of(&second)).await.unwrap();
        let third = sign_in(&core, MARA).await;
        session::replace_session(&second, session_of(&third)).await.unwrap();
        assert_eq!(waiting(&core).await, 0);
        session::sign_out(&third).await.unwrap();
        assert_eq!(deliver_all(&core).await.delivered, 3);
        let mut told: Vec<_> = server.take().into_iter().map(|(_, claims)| claims["sid"].clone()).collect();
        told.sort_by_key(Value::to_string);
        let mut expected: Vec<Value> = [&first, &second, &third].map(|ctx| session_of(ctx).to_string().into()).to_vec();
        expected.sort_by_key(Value::to_string);
        assert_eq!(told, expected);
    })
    .await;
}

/// D9, H2: a session that could not end told nobody.
#[tokio::test]
async fn the_message_belongs_to_the_transaction() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let ctx = sign_in(&core, MARA).await;
        know(&core, &ctx, &app).await;
        let mut tx = core.db().write().await.unwrap();
        session::end_current(&mut tx, &ctx, None).await.unwrap();
        drop(tx);
        assert_eq!(waiting(&core).await, 0);
        assert!(session::resume_session(&core, session_of(&ctx)).await.unwrap().is_some());
    })
    .await;
}

/// D9, Back-Channel Logout §2.8: 204 is a yes as 200 is; 400 is a no for good; what is not ready is asked again, with a
/// fresh token, for about a day.
#[tokio::test]
async fn answers_decide_what_becomes_of_it() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let end = async || {
            let ctx = sign_in(&core, MARA).await;
            know(&core, &ctx, &app).await;
            session::sign_out(&ctx).await.unwrap();
        };
        for (status, arrived) in [(204, 1), (400, 0)] {
            end().await;
            server.answers(status);
            assert_eq!(deliver_all(&core).await.delivered, arrived, "{status}");
            assert_eq!(waiting(&core).await, 0, "{status}");
        }
        end().await;
        server.take();
        server.answers(503);
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 0, failed: 1 });
        core.clock.advance(Duration::from_secs(10));
        server.answers(302);
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 0, failed: 1 });
        let tries = server.take();
        let times: Vec<_> = tries.iter().map(|(_, claims)| claims["iat"].as_i64().unwrap()).collect();
        assert_eq!(times.iter().max().unwrap() - times.iter().min().unwrap(), 10);
        assert_ne!(tries[0].1["jti"], tries[1].1["jti"]);
        let start = core.now();
        while waiting(&core).await > 0 {
            core.clock.advance(Duration::from_mins(30));
            deliver_all(&core).await;
            assert!(core.now().since(start) < Duration::from_hours(48));
        }
        let kept: i64 = core
            .db()
            .read()
            .await
            .unwrap()
            .query("SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL")
            .scalar()
            .await
            .unwrap();
        assert_eq!(kept, 0);
    })
    .await;
}

/// D9: an application that does not answer holds up neither mail nor other applications' messages for long, and one whose
/// registration changed is told as it is registered now.
#[tokio::test]
async fn slow_applications_hold_up_no_mail() {
    on_both_engines_with(calls_home, async |core| {
        let server = Server::start().await;
        person(&core, MARA).await;
        let app = client(&core, "app", &server, |_| {}).await;
        let ctx = sign_in(&core, MARA).await;
        know(&core, &ctx, &app).await;
        session::sign_out(&ctx).await.unwrap();
        server.hold();
        let calls = tokio::spawn({
            let core = core.core.clone();
            async move { deliver_all(&core).await }
        });
        let cmd = account::ForgotPassword { email: EmailAddress::try_from(MARA).unwrap(), return_to: None };
        account::forgot_password(&core.anonymous(), cmd).await.unwrap();
        let transport = Transport::new(&core.config().mail).unwrap();
        assert_eq!(outbox::deliver_lane(&core, &transport, outbox::Lane::Mail).await.unwrap().delivered, 1);
        server.let_go();
        assert_eq!(calls.await.unwrap().delivered, 1);

        let ctx = sign_in(&core, MARA).await;
        know(&core, &ctx, &app).await;
        session::sign_out(&ctx).await.unwrap();
        server.take();
        delete_client(&core.operator(), DeleteClient { client_id: "app".to_owned(), version: None }).await.unwrap();
        assert_eq!(deliver_all(&core).await, Delivery { delivered: 1, failed: 0 });
        assert!(server.take().is_empty());
    })
    .await;
}

/// D9: where calls to this machine are not allowed, none is made, and none is tried again.
#[tokio::test]
async fn private_addresses_are_not_called() {
    on_both_engines_with(
        |_| {},
        async |core| {
            let server = Server::start().await;
            person(&core, MARA).await;
            let app = client(&core, "app", &server, |_| {}).await;
            let ctx = sign_in(&core, MARA).await;
            know(&core, &ctx, &app).await;
            session::sign_out(&ctx).await.unwrap();
            assert_eq!(deliver_all(&core).await, Delivery { delivered: 0, failed: 1 });
            assert_eq!(waiting(&core).await, 0);
            assert!(server.take().is_empty());
        },
    )
    .await;
}

/// D9, RP-Initiated Logout §2: who is not known to hold the session's ID token is asked; the request waits ten minutes
/// and then leads nowhere, but the person is still signed out.
#[tokio::test]
async fn a_request_waits_for_the_person() {
    on_both_engines_with(
        |_| {},
        async |core| {
            let server = Server::start().await;
            person(&core, MARA).await;
            let bye = "https://app.example/bye";
            client(&core, "app", &server, |settings| {
                settings.post_logout_redirect_uris = vec![RedirectUri::parse(bye).unwrap()];
            })
            .await;
            let ctx = sign_in(&core, MARA).await;
            let begin = async |ctx: &Ctx| {
                let query = format!("client_id=app&state=s&post_logout_redirect_uri={bye}");
                begin_logout(ctx, BeginLogout { params: Params::parse(query.as_bytes()).unwrap() }).await.unwrap()
            };
            let LogoutStep::Ask { logout } = begin(&ctx).await else { panic!("not asked") };
            let view = find_logout(&ctx, &logout).await.unwrap().unwrap();
            assert_eq!(view.client.unwrap().name, "Blockyard");
            assert_eq!(view.way_back.as_deref(), Some("https://app.example/bye?state=s"));
            assert_eq!(view.redirect_origin.as_deref(), Some("https://app.example"));
            // Nobody has decided yet.
            assert!(session::resume_session(&core, session_of(&ctx)).await.unwrap().is_some());
            // In a browser where nobody is signed in, nothing has to be asked.
            let step = begin(&core.anonymous()).await;
            assert!(
                matches!(step, LogoutStep::Done(LoggedOut::Return { to }) if to == "https://app.example/bye?state=s")
            );

            core.clock.advance(core.config().tokens.interaction_ttl);
            assert_eq!(find_logout(&ctx, &logout).await.unwrap(), None);
            let done = complete_logout(&ctx, CompleteLogout { logout: Some(logout) }).await.unwrap();
            assert!(matches!(done, LoggedOut::Page { logout: None }));
            assert_eq!(session::resume_session(&core, session_of(&ctx)).await.unwrap(), None);
            assert_eq!(crate::jobs::clean_up(&core).await.unwrap().rows, 1);
        },
    )
    .await;
}

/// D9, Front-Channel Logout §2, §3: the signed-out page loads the page of each application that knows the session, with
/// issuer and session where they are asked for, also when the button is pressed twice.
#[tokio::test]
async fn front_channel_pages_of_the_session_are_loaded() {
    on_both_engines_with(
        |_| {},
        async |core| {
            let server = Server::start().await;
            person(&core, MARA).await;
            let front = |page: &'static str, required: bool| {
                move |settings: &mut ClientSettings| {
                    settings.backchannel_logout_uri = None;
                    settings.frontchannel_logout_uri = Some(page.parse().unwrap());
                    settings.frontchannel_logout_session_required = required;
                }
            };
            let plain = client(&core, "plain", &server, front("https://app.example/out?x=1", false)).await;
            let full = client(&core, "full", &server, front("https://app.example/out", true)).await;
            let (ctx, elsewhere) = (sign_in(&core, MARA).await, sign_in(&core, MARA).await);
            for client in [&plain, &full] {
                know(&core, &ctx, client).await;
            }
            let issuer: String = url::form_urlencoded::byte_serialize(core.config().issuer().as_bytes()).collect();
            let named = format!("https://app.example/out?iss={issuer}&sid={}", session_of(&ctx));
            let mut logout = None;
            for ctx in [&ctx, &core.anonymous()] {
                let LoggedOut::Page { logout: Some(page) } =
                    complete_logout(ctx, CompleteLogout { logout }).await.unwrap()
                else {
                    panic!("nobody is told")
                };
                let frames = find_logout(ctx, &page).await.unwrap().unwrap().frames;
                let urls: Vec<String> = frames.into_iter().map(|frame| frame.url.into()).collect();
                assert_eq!(urls, [named.as_str(), "https://app.example/out?x=1"]);
                logout = Some(page);
            }
            let done = complete_logout(&elsewhere, CompleteLogout { logout: None }).await.unwrap();
            assert!(matches!(done, LoggedOut::Page { logout: None }));
        },
    )
    .await;
}
