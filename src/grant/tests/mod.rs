//! What applications may get, and what they may not: on both engines.

mod access;
mod applications;
mod authorization;
mod backchannel;
mod client_credentials;
mod code;
mod consent;
mod decoupled_targets;
mod details;
mod device;
mod dpop;
mod exchange;
mod first_party;
mod messages;
mod organization;
mod pairwise;
mod prompt;
mod pushed;
mod refresh;
mod request_object;
mod resources;

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;
use sqlx::types::Json;

use super::*;
use crate::{
    client::{Client, ClientSettings, CreateClient, create_client, find_client},
    core::{Actor, Core, Ctx},
    error::Internal,
    id::{SessionId, Stamp, UserId},
    protocol::{
        AuthorizationResponse, CodeVerifier, Confirmation, GrantType, OAuthErrorCode, Params, RedirectUri, Scope,
        ScopeSet, TokenAim, TokenEndpointAuthMethod,
    },
    secret::{PlainToken, SecretString, TokenKind},
    session::{self, NewSession, SessionKind},
    testing::TestCore,
    text::DisplayName,
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

const REDIRECT: &str = "https://app.example/cb";
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[derive(Clone)]
struct Person {
    id: UserId,
    stamp: Stamp,
}

async fn person(core: &Core, email: &str) -> Person {
    let person = Person { id: core.new_id(), stamp: core.new_id() };
    let mut tx = core.db().write().await.unwrap();
    tx.query(
        "INSERT INTO users (id, email, email_key, email_verified_at, username, username_key, display_name, profile, \
         is_active, is_admin, failures, security_stamp, created_at, updated_at) \
         VALUES ($1, $2, $2, 1, $3, $3, $4, $5, $6, $7, 0, $8, 0, 5000000)",
    )
    .bind(person.id)
    .bind(email.to_owned())
    .bind(email.split('@').next().unwrap().to_owned())
    .bind("Mara Lindqvist")
    .bind(Json(serde_json::json!({ "given_name": "Mara", "zoneinfo": "", "secret_note": "x", "phone_number": "+46" })))
    .bind(true)
    .bind(false)
    .bind(person.stamp)
    .execute()
    .await
    .unwrap();
    tx.commit().await.unwrap();
    person
}

/// The person in a browser session that begins now.
async fn sign_in(core: &TestCore, person: &Person) -> Ctx {
    sign_in_as(core, person, SessionKind::Browser).await
}

async fn sign_in_as(core: &TestCore, person: &Person, kind: SessionKind) -> Ctx {
    let mut tx = core.db().write().await.unwrap();
    let (auth_time, amr) = (core.now(), vec!["pwd".to_owned()]);
    let new = NewSession { user_id: person.id, stamp: person.stamp, kind, auth_time, amr, stay: true };
    let id = session::open(&mut tx, &core.anonymous(), new).await.unwrap();
    tx.commit().await.unwrap();
    let live = session::resume_session(core, id).await.unwrap().unwrap();
    core.ctx(Actor::User(live.actor), core.meta())
}

fn session_of(ctx: &Ctx) -> SessionId {
    ctx.user().unwrap().session_id
}

/// The confidential client most tests use.
async fn app(core: &Core) -> Arc<Client> {
    client(core, "app", |_| {}).await
}

async fn client(core: &Core, id: &str, configure: impl FnOnce(&mut ClientSettings)) -> Arc<Client> {
    let mut settings = ClientSettings {
        redirect_uris: vec![RedirectUri::parse(REDIRECT).unwrap()],
        scopes: scopes("openid profile email phone offline_access api:read api:write"),
        ..ClientSettings::default()
    };
    configure(&mut settings);
    let name = DisplayName::try_from(format!("Name of {id}").as_str()).unwrap();
    create_client(&core.operator(), CreateClient { id: Some(id.to_owned()), name, settings }).await.unwrap();
    find_client(core, id).await.unwrap().unwrap()
}

/// Changes the settings of a client as an operator would.
async fn reconfigure(core: &Core, id: &str, configure: impl FnOnce(&mut ClientSettings)) -> Arc<Client> {
    let mut settings = find_client(core, id).await.unwrap().unwrap().settings.clone();
    configure(&mut settings);
    let mut tx = core.db().write().await.unwrap();
    tx.query("UPDATE clients SET settings = $2 WHERE id = $1")
        .bind(id.to_owned())
        .bind(Json(settings))
        .execute()
        .await
        .unwrap();
    tx.touch(crate::db::Touched::Clients);
    tx.commit().await.unwrap();
    find_client(core, id).await.unwrap().unwrap()
}

fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

/// A request of `app`; `changes` replace parameters, and an empty value takes one out.
fn request(changes: &[(&str, &str)]) -> Params {
    let mut params = vec![
        ("client_id", "app"),
        ("redirect_uri", REDIRECT),
        ("response_type", "code"),
        ("scope", "openid email"),
        ("state", "st"),
        ("nonce", "n-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for change in changes {
        params.retain(|(name, _)| name != &change.0);
        params.push(*change);
    }
    let text = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    Params::parse(text.as_bytes()).unwrap()
}

/// Userinfo for who bears this token and proves nothing.
async fn user_info(ctx: &Ctx, access_token: &str) -> Result<UserInfo, UserInfoError> {
    let scheme = crate::protocol::AccessTokenType::Bearer;
    super::user_info(ctx, GetUserInfo { access_token, scheme, proof: None, certificate: None }).await
}

async fn begin(ctx: &Ctx, changes: &[(&str, &str)]) -> Result<AuthorizationStep, AuthorizationRefused> {
    begin_authorization(ctx, BeginAuthorization { params: request(changes) }).await
}

async fn resume(ctx: &Ctx, interaction: &PlainToken) -> Result<AuthorizationStep, AuthorizationRefused> {
    resume_authorization(ctx, ResumeAuthorization { interaction: interaction.clone() }).await
}

fn field(response: &AuthorizationResponse, name: &str) -> Option<String> {
    response.fields().iter().find(|(found, _)| *found == name).map(|(_, value)| value.clone())
}

/// The step as one word: `sign-in`, `consent`, `code`, or the error that the application is told.
fn word(step: &AuthorizationStep) -> String {
    match step {
        AuthorizationStep::SignIn { .. } => "sign-in".to_owned(),
        AuthorizationStep::Consent { .. } => "consent".to_owned(),
        AuthorizationStep::Organization { .. } => "organization".to_owned(),
        AuthorizationStep::Enrol { .. } => "enrol".to_owned(),
        AuthorizationStep::Respond(response) => {
            field(response, "error").unwrap_or_else(|| field(response, "code").map(|_| "code".to_owned()).unwrap())
        }
    }
}

fn interaction(step: AuthorizationStep) -> PlainToken {
    match step {
        AuthorizationStep::SignIn { interaction, .. }
        | AuthorizationStep::Consent { interaction }
        | AuthorizationStep::Organization { interaction }
        | AuthorizationStep::Enrol { interaction } => interaction,
        AuthorizationStep::Respond(_) => panic!("{step:?}"),
    }
}

fn code(step: &AuthorizationStep) -> String {
    match step {
        AuthorizationStep::Respond(response) => field(response, "code").unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Yes to everything.
fn allow(interaction: &PlainToken) -> DecideConsent {
    DecideConsent {
        interaction: interaction.clone(),
        allow: true,
        granted_optional: Scope::STANDARD.to_vec(),
        remember: false,
    }
}

/// The whole way of a request whose person is signed in and says yes.
async fn authorize(ctx: &Ctx, changes: &[(&str, &str)]) -> String {
    let step = begin(ctx, changes).await.unwrap();
    if let AuthorizationStep::Consent { interaction } = &step {
        decide_consent(ctx, allow(interaction)).await.unwrap();
        return code(&resume(ctx, interaction).await.unwrap());
    }
    code(&step)
}

fn exchange_of(client: &Arc<Client>, code: &str) -> ExchangeCode {
    ExchangeCode {
        client: Arc::clone(client),
        code: SecretString::from(code),
        redirect_uri: Some(REDIRECT.to_owned()),
        code_verifier: Some(CodeVerifier::parse(VERIFIER).unwrap()),
        confirmation: Confirmation::NONE,
        aim: TokenAim::default(),
    }
}

async fn exchange(house: &TestCore, client: &Arc<Client>, code: &str) -> Result<IssuedTokens, TokenError> {
    exchange_code(&house.anonymous(), exchange_of(client, code)).await
}

/// Tokens of `app` with the given scope.
async fn tokens(core: &TestCore, ctx: &Ctx, scope: &str) -> IssuedTokens {
    let app = find_client(core, "app").await.unwrap().unwrap();
    exchange(core, &app, &authorize(ctx, &[("scope", scope)]).await).await.unwrap()
}

fn refresh_of(client: &Arc<Client>, token: &PlainToken) -> Refresh {
    let refresh_token = SecretString::from(token.expose());
    Refresh {
        client: Arc::clone(client),
        refresh_token,
        scope: None,
        confirmation: Confirmation::NONE,
        aim: TokenAim::default(),
    }
}

async fn rotate(core: &TestCore, client: &Arc<Client>, token: &PlainToken) -> Result<IssuedTokens, TokenError> {
    refresh(&core.anonymous(), refresh_of(client, token)).await
}

fn refusal(result: Result<IssuedTokens, TokenError>) -> OAuthErrorCode {
    match result {
        Err(TokenError::Refused(error)) => error.code(),
        Err(error @ (TokenError::Internal(_) | TokenError::TooMany(_))) => panic!("{error:?}"),
        Ok(_) => panic!("tokens were issued"),
    }
}

/// The claims of a JWT, without verifying it.
fn claims(jwt: &str) -> Value {
    let encoded = jwt.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

async fn is_active(core: &TestCore, client: &Arc<Client>, token: &str) -> bool {
    let cmd = Introspect { client: Arc::clone(client), token: SecretString::from(token), hint: None };
    introspect(&core.anonymous(), cmd).await.unwrap().is_active()
}

async fn count(core: &Core, sql: &'static str) -> i64 {
    core.db().read().await.unwrap().query(sql).scalar().await.unwrap()
}

async fn audited(core: &Core, kind: &'static str) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM audit WHERE kind = $1").bind(kind).scalar().await.unwrap()
}

async fn execute_about(core: &Core, sql: &'static str, user: UserId) -> Result<(), Internal> {
    let mut tx = core.db().write().await?;
    tx.query(sql).bind(user).execute().await?;
    tx.touch(user);
    tx.commit().await
}
