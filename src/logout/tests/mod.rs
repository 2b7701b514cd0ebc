//! D9: what ends a session tells everybody who knows it, and nobody else.

mod back_channel;
mod pages;
mod sectors;
mod server;

use std::{sync::Arc, time::Duration};

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
