//! *Blockyard*, an application that trusts Ostiary: authorization code with PKCE, ID token verified, refresh, userinfo.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RefreshToken, Scope, TokenResponse as _,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreIdTokenClaims, CoreProviderMetadata, CoreTokenResponse,
        CoreUserInfoClaims,
    },
    reqwest,
};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{RELYING_PARTY_URL, Seed, pages};

/// The client as discovery makes it: authorization endpoint known, token and userinfo endpoints perhaps.
type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

const COOKIE: &str = "blockyard";

/// The application's state: everything it knows of its visitors is in memory and gone when it stops.
pub(super) struct RelyingParty {
    issuer: Url,
    seed: Seed,
    visitors: Mutex<HashMap<String, Visitor>>,
}

/// What the application knows of one browser.
#[derive(Clone, Default)]
struct Visitor {
    pending: Option<Pending>,
    signed_in: Option<SignedIn>,
}

/// An authorization request under way.
#[derive(Clone)]
struct Pending {
    state: CsrfToken,
    nonce: Nonce,
    verifier: String,
}

/// A person who came back.
#[derive(Clone)]
pub(super) struct SignedIn {
    /// The verified claims of the ID token, as JSON.
    pub(super) claims: serde_json::Value,
    pub(super) access_token: AccessToken,
    pub(super) refresh_token: Option<RefreshToken>,
    /// How often the tokens were refreshed.
    pub(super) refreshed: u32,
    /// The last answer of the userinfo endpoint.
    pub(super) user_info: Option<serde_json::Value>,
}

/// What went wrong, for the page.
pub(super) struct Trouble(String);

impl Trouble {
    fn new(doing: &str, cause: impl std::fmt::Display) -> Self {
        Self(format!("{doing}: {cause}"))
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, Html(pages::trouble(&self.0))).into_response()
    }
}

type Shared = Arc<RelyingParty>;

/// The application's routes.
pub(super) fn router(party: RelyingParty) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/refresh", post(refresh))
        .route("/userinfo", post(user_info))
        .route("/logout", post(logout))
        .route("/style.css", get(style))
        .with_state(Arc::new(party))
}

impl RelyingParty {
    pub(super) fn new(issuer: Url, seed: Seed) -> Self {
        Self { issuer, seed, visitors: Mutex::default() }
    }

    /// Discovery, afresh each time: keys may have been rotated, and this is a demonstration.
    async fn client(&self) -> Result<(Client, reqwest::Client), Trouble> {
        // Following a redirect could send the code or the secret somewhere else.
        let http = reqwest::ClientBuilder::new().redirect(reqwest::redirect::Policy::none()).build();
        let http = http.map_err(|cause| Trouble::new("make an HTTP client", cause))?;
        let issuer = IssuerUrl::new(self.issuer.as_str().trim_end_matches('/').to_owned());
        let issuer = issuer.map_err(|cause| Trouble::new("read the issuer", cause))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &http).await;
        let metadata = metadata.map_err(|cause| Trouble::new("discover the provider", cause))?;
        let redirect = RedirectUrl::new(format!("{RELYING_PARTY_URL}/callback"));
        let redirect = redirect.map_err(|cause| Trouble::new("read the redirect URI", cause))?;
        let secret = ClientSecret::new(self.seed.client_secret.expose().to_owned());
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.seed.client_id.clone()),
            Some(secret),
        );
        Ok((client.set_redirect_uri(redirect), http))
    }

    fn visitor(&self, headers: &HeaderMap) -> Option<(String, Visitor)> {
        let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
        let id = cookies.split("; ").find_map(|pair| pair.strip_prefix(COOKIE)?.strip_prefix('='))?;
        let visitors = self.visitors.lock().unwrap_or_else(PoisonError::into_inner);
        visitors.get(id).map(|visitor| (id.to_owned(), visitor.clone()))
    }

    fn keep(&self, id: String, visitor: Visitor) {
        let mut visitors = self.visitors.lock().unwrap_or_else(PoisonError::into_inner);
        if visitors.len() >= 1000 {
            visitors.clear();
        }
        visitors.insert(id, visitor);
    }

    fn signed_in(&self, headers: &HeaderMap) -> Option<(String, SignedIn)> {
        self.visitor(headers).and_then(|(id, visitor)| Some((id, visitor.signed_in?)))
    }
}

/// A redirect that sets the visitor's cookie.
fn go(to: &str, visitor: &str) -> Response {
    let cookie = format!("{COOKIE}={visitor}; HttpOnly; SameSite=Lax; Path=/");
    let mut response = Redirect::to(to).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

async fn home(State(party): State<Shared>, headers: HeaderMap) -> Html<String> {
    match party.signed_in(&headers) {
        Some((_, person)) => Html(pages::signed_in(&person, &party.issuer)),
        None => Html(pages::welcome()),
    }
}

async fn login(State(party): State<Shared>) -> Result<Response, Trouble> {
    let (client, _) = party.client().await?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (to, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["profile", "email", "offline_access"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(challenge)
        .url();
    // A fresh id at each sign-in: a cookie that somebody planted before is worth nothing.
    let id = CsrfToken::new_random().secret().to_owned();
    let pending = Pending { state, nonce, verifier: verifier.secret().to_owned() };
    party.keep(id.clone(), Visitor { pending: Some(pending), signed_in: None });
    Ok(go(to.as_str(), &id))
}

#[derive(Deserialize)]
struct Answer {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

async fn callback(
    State(party): State<Shared>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Trouble> {
    let Some((id, Visitor { pending: Some(pending), .. })) = party.visitor(&headers) else {
        // The back button, or a second tab: nothing is under way any more.
        return Ok(Redirect::to("/").into_response());
    };
    if answer.state.as_deref() != Some(pending.state.secret()) {
        return Err(Trouble::new("compare state", "the answer does not belong to this browser's request"));
    }
    // RFC 9207 §2.4: the answer must come from the provider that was asked.
    if answer.iss.as_deref() != Some(party.issuer.as_str().trim_end_matches('/')) {
        return Err(Trouble::new("compare iss", "the answer names another issuer"));
    }
    let code = match (answer.code, answer.error) {
        (Some(code), None) => AuthorizationCode::new(code),
        (_, error) => {
            party.keep(id, Visitor::default());
            let error = error.unwrap_or_default();
            return Ok(Html(pages::refused(&error, answer.error_description.as_deref())).into_response());
        }
    };
    let (client, http) = party.client().await?;
    let tokens: CoreTokenResponse = client
        .exchange_code(code)
        .map_err(|cause| Trouble::new("find the token endpoint", cause))?
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
        .request_async(&http)
        .await
        .map_err(|cause| Trouble::new("exchange the code", cause))?;
    let claims = verify(&client, &tokens, &pending.nonce)?;
    let signed_in = SignedIn {
        claims: to_json(&claims)?,
        access_token: tokens.access_token().clone(),
        refresh_token: tokens.refresh_token().cloned(),
        refreshed: 0,
        user_info: None,
    };
    party.keep(id.clone(), Visitor { pending: None, signed_in: Some(signed_in) });
    Ok(go("/", &id))
}

/// Verifies the ID token: signature, issuer, audience, times, nonce, and the access token's hash.
fn verify(client: &Client, tokens: &CoreTokenResponse, nonce: &Nonce) -> Result<CoreIdTokenClaims, Trouble> {
    let token = tokens.id_token().ok_or_else(|| Trouble::new("read the ID token", "there is none"))?;
    let verifier = client.id_token_verifier();
    let failed = |cause: String| Trouble::new("verify the ID token", cause);
    let claims = token.claims(&verifier, nonce).map_err(|cause| failed(cause.to_string()))?;
    if let Some(expected) = claims.access_token_hash() {
        let alg = token.signing_alg().map_err(|cause| failed(cause.to_string()))?;
        let key = token.signing_key(&verifier).map_err(|cause| failed(cause.to_string()))?;
        let actual = AccessTokenHash::from_token(tokens.access_token(), alg, key);
        if actual.map_err(|cause| failed(cause.to_string()))? != *expected {
            return Err(failed("the access token belongs to another answer".to_owned()));
        }
    }
    Ok(claims.clone())
}

async fn refresh(State(party): State<Shared>, headers: HeaderMap) -> Result<Response, Trouble> {
    let Some((id, mut person)) = party.signed_in(&headers) else { return Ok(Redirect::to("/").into_response()) };
    let Some(token) = person.refresh_token.clone() else { return Ok(Redirect::to("/").into_response()) };
    let (client, http) = party.client().await?;
    let tokens: CoreTokenResponse = client
        .exchange_refresh_token(&token)
        .map_err(|cause| Trouble::new("find the token endpoint", cause))?
        .request_async(&http)
        .await
        .map_err(|cause| Trouble::new("refresh", cause))?;
    person.access_token = tokens.access_token().clone();
    if let Some(token) = tokens.refresh_token() {
        person.refresh_token = Some(token.clone());
    }
    person.refreshed += 1;
    party.keep(id, Visitor { pending: None, signed_in: Some(person) });
    Ok(Redirect::to("/").into_response())
}

async fn user_info(State(party): State<Shared>, headers: HeaderMap) -> Result<Response, Trouble> {
    let Some((id, mut person)) = party.signed_in(&headers) else { return Ok(Redirect::to("/").into_response()) };
    let (client, http) = party.client().await?;
    let claims: CoreUserInfoClaims = client
        .user_info(person.access_token.clone(), None)
        .map_err(|cause| Trouble::new("find the userinfo endpoint", cause))?
        .request_async(&http)
        .await
        .map_err(|cause| Trouble::new("ask the userinfo endpoint", cause))?;
    person.user_info = Some(to_json(&claims)?);
    party.keep(id, Visitor { pending: None, signed_in: Some(person) });
    Ok(Redirect::to("/").into_response())
}

async fn logout(State(party): State<Shared>, headers: HeaderMap) -> Html<String> {
    if let Some((id, _)) = party.visitor(&headers) {
        party.visitors.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
    Html(pages::signed_out(&party.issuer))
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], pages::STYLE)
}

fn to_json(claims: &impl Serialize) -> Result<serde_json::Value, Trouble> {
    serde_json::to_value(claims).map_err(|cause| Trouble::new("show the claims", cause))
}
