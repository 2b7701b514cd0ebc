//! The demo application's side of OpenID Connect, all of it by the `openidconnect` crate: discovery, authorization code with
//! PKCE, nonce, verification of the ID token, refresh, userinfo. It knows the provider's address, its own client id and
//! secret, and nothing else.

use std::collections::BTreeMap;

use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenFields, IssuerUrl, LogoutRequest, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, ProviderMetadataWithLogout,
    RedirectUrl, RefreshToken, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse as _, UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
        CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
    reqwest,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio_rustls::rustls;

/// Every claim the crate has no field for; the demo shows them all.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OtherClaims {
    #[serde(flatten)]
    claims: BTreeMap<String, Value>,
}

impl AdditionalClaims for OtherClaims {}

type Tokens = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Client = openidconnect::Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Something between the application and the provider went wrong; the text is shown on the demo's page.
#[derive(Debug)]
pub(super) struct Trouble(pub(super) String);

impl Trouble {
    fn at(step: &str) -> impl FnOnce(&dyn std::error::Error) -> Self + '_ {
        move |cause| {
            let mut text = format!("{step}: {cause}");
            let mut source = cause.source();
            while let Some(deeper) = source {
                text = format!("{text}: {deeper}");
                source = deeper.source();
            }
            Self(text)
        }
    }
}

/// What the application was registered with.
#[derive(Clone, Debug)]
pub(super) struct Registration {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) redirect_uri: String,
    /// Where people are sent after they signed out.
    pub(super) post_logout_redirect_uri: String,
}

/// A sign-in on its way: what has to match when the browser comes back.
pub(super) struct Attempt {
    pub(super) state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// What the application holds of somebody who is signed in.
pub(super) struct SignedIn {
    /// The verified claims of the newest ID token.
    pub(super) claims: Map<String, Value>,
    /// Seconds the access token is good for.
    pub(super) expires_in: Option<u64>,
    /// How often the tokens were refreshed.
    pub(super) refreshed: u32,
    /// What userinfo said, if it was asked.
    pub(super) userinfo: Option<Map<String, Value>>,
    tokens: Tokens,
    nonce: Nonce,
}

impl SignedIn {
    /// Whether the person let the application keep working while they are away.
    pub(super) fn can_refresh(&self) -> bool {
        self.tokens.refresh_token().is_some()
    }
}

/// The application as a relying party.
pub(super) struct RelyingParty {
    http: reqwest::Client,
    registration: Registration,
}

impl RelyingParty {
    /// A relying party with this registration.
    pub(super) fn new(registration: Registration) -> Result<Self, Trouble> {
        // The HTTP client takes the provider of cryptography that the process has; a second call changes nothing.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        // Following redirects would let an answer send the secret elsewhere.
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        Ok(Self { http: http.map_err(|cause| Trouble::at("HTTP client")(&cause))?, registration })
    }

    async fn provider(&self) -> Result<ProviderMetadataWithLogout, Trouble> {
        let issuer = IssuerUrl::new(self.registration.issuer.clone()).map_err(|cause| Trouble::at("issuer")(&cause))?;
        let found = ProviderMetadataWithLogout::discover_async(issuer, &self.http).await;
        found.map_err(|cause| Trouble::at("discovery")(&cause))
    }

    /// Who the provider says it is, and its keys. Asked anew each time, so that a rotation of keys is seen at once; a larger
    /// application would keep the answer as long as `Cache-Control` allows.
    async fn client(&self) -> Result<Client, Trouble> {
        let Registration { client_id, client_secret, redirect_uri, .. } = &self.registration;
        let metadata = self.provider().await?;
        let redirect = RedirectUrl::new(redirect_uri.clone()).map_err(|cause| Trouble::at("redirect URI")(&cause))?;
        let (id, secret) = (ClientId::new(client_id.clone()), ClientSecret::new(client_secret.clone()));
        Ok(Client::from_provider_metadata(metadata, id, Some(secret)).set_redirect_uri(redirect))
    }

    /// Begins a sign-in: where to send the browser, and what to keep until it is back.
    pub(super) async fn begin(&self) -> Result<(url::Url, Attempt), Trouble> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = self
            .client()
            .await?
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".to_owned()))
            .add_scope(Scope::new("email".to_owned()))
            .add_scope(Scope::new("offline_access".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok((url, Attempt { state, nonce, verifier }))
    }

    /// Trades the code for tokens and verifies them.
    pub(super) async fn finish(&self, attempt: Attempt, code: String) -> Result<SignedIn, Trouble> {
        let client = self.client().await?;
        let request = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|cause| Trouble::at("token endpoint")(&cause))?
            .set_pkce_verifier(attempt.verifier);
        let tokens = request.request_async(&self.http).await.map_err(|cause| Trouble::at("code exchange")(&cause))?;
        let claims = verified(&client, &tokens, |found| match found {
            Some(found) if found.secret() == attempt.nonce.secret() => Ok(()),
            _ => Err("the nonce is not ours".to_owned()),
        })?
        .ok_or_else(|| Trouble("code exchange: the answer has no ID token".to_owned()))?;
        let expires_in = tokens.expires_in().map(|time| time.as_secs());
        Ok(SignedIn { claims, expires_in, refreshed: 0, userinfo: None, tokens, nonce: attempt.nonce })
    }

    /// Trades the refresh token for fresh tokens.
    pub(super) async fn refresh(&self, held: &mut SignedIn) -> Result<(), Trouble> {
        let client = self.client().await?;
        let old = held.tokens.refresh_token().ok_or_else(|| Trouble("there is no refresh token".to_owned()))?.clone();
        let request = client.exchange_refresh_token(&old).map_err(|cause| Trouble::at("token endpoint")(&cause))?;
        let mut tokens = request.request_async(&self.http).await.map_err(|cause| Trouble::at("refresh")(&cause))?;
        // After a refresh the nonce may be missing, but it may not be another one (OIDC Core §12.2).
        let claims = verified(&client, &tokens, |found| match found {
            Some(found) if found.secret() != held.nonce.secret() => Err("the nonce is not ours".to_owned()),
            _ => Ok(()),
        })?;
        if let Some(claims) = claims {
            held.claims = claims;
        }
        if tokens.refresh_token().is_none() {
            tokens.set_refresh_token(Some(RefreshToken::new(old.secret().clone())));
        }
        held.expires_in = tokens.expires_in().map(|time| time.as_secs());
        held.refreshed += 1;
        held.tokens = tokens;
        Ok(())
    }

    /// Where to send the browser so that the person is signed out at the provider as well (RP-Initiated Logout §2).
    pub(super) async fn leave(&self, held: &SignedIn) -> Result<url::Url, Trouble> {
        let Registration { client_id, post_logout_redirect_uri, .. } = &self.registration;
        let provider = self.provider().await?;
        let endpoint = provider.additional_metadata().end_session_endpoint.clone();
        let endpoint = endpoint.ok_or_else(|| Trouble("the provider signs nobody out".to_owned()))?;
        let back = PostLogoutRedirectUrl::new(post_logout_redirect_uri.clone());
        let mut request = LogoutRequest::from(endpoint)
            .set_client_id(ClientId::new(client_id.clone()))
            .set_post_logout_redirect_uri(back.map_err(|cause| Trouble::at("redirect URI")(&cause))?);
        if let Some(token) = held.tokens.id_token() {
            request = request.set_id_token_hint(token);
        }
        Ok(request.http_get_url())
    }

    /// Asks userinfo with the access token, and checks that it speaks of the same person.
    pub(super) async fn userinfo(&self, held: &mut SignedIn) -> Result<(), Trouble> {
        let subject = held.claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
        let client = self.client().await?;
        let request = client
            .user_info(held.tokens.access_token().clone(), Some(openidconnect::SubjectIdentifier::new(subject)))
            .map_err(|cause| Trouble::at("userinfo endpoint")(&cause))?;
        let claims: UserInfoClaims<OtherClaims, CoreGenderClaim> =
            request.request_async(&self.http).await.map_err(|cause| Trouble::at("userinfo")(&cause))?;
        held.userinfo = Some(as_map(&claims));
        Ok(())
    }
}

/// Verifies the ID token, if the answer has one: signature, issuer, audience, expiry, nonce, and that it belongs to the
/// access token beside it.
fn verified(
    client: &Client,
    tokens: &Tokens,
    nonce: impl FnOnce(Option<&Nonce>) -> Result<(), String>,
) -> Result<Option<Map<String, Value>>, Trouble> {
    let Some(token) = tokens.id_token() else { return Ok(None) };
    let verifier = client.id_token_verifier();
    let claims = token.claims(&verifier, nonce).map_err(|cause| Trouble::at("ID token")(&cause))?;
    if let Some(expected) = claims.access_token_hash() {
        let trouble = |cause: &dyn std::error::Error| Trouble::at("at_hash")(cause);
        let alg = token.signing_alg().map_err(|cause| trouble(&cause))?;
        let key = token.signing_key(&verifier).map_err(|cause| trouble(&cause))?;
        let found = AccessTokenHash::from_token(tokens.access_token(), alg, key).map_err(|cause| trouble(&cause))?;
        if found != *expected {
            return Err(Trouble("at_hash: the access token is not the one this ID token was issued with".to_owned()));
        }
    }
    Ok(Some(as_map(claims)))
}

fn as_map(claims: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(claims) {
        Ok(Value::Object(map)) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}
