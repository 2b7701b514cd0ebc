//! The authorization request (RFC 6749 §4.1.1, OIDC Core §3.1.2.1, RFC 7636 §4.3), read in two
//! stages.
//!
//! Stage 1, [`AuthorizationTarget::parse`], finds the client and the redirect URI. While these are in
//! doubt an error is shown to the person and nothing is redirected (RFC 6749 §4.1.2.1); otherwise
//! this endpoint would send people wherever a link says. The caller then looks the client up and
//! compares the redirect URI with the registered ones.
//!
//! Stage 2, [`AuthorizationRequest::parse`], reads the rest. Its errors go back to the client with
//! [`AuthorizationResponse::error`](super::AuthorizationResponse::error), for which the target
//! already knows `state` and the response mode. What depends on the client (is PKCE required, is the
//! scope allowed) is not judged here: that is what the ordered checks of `grant/checks/` do.
//!
//! The result is stored as JSON in the interaction, so every field checks itself when read back.

use serde::{Deserialize, Serialize};

use super::authorization_details;
use super::claims_request::ClaimsRequest;
use super::display::DisplayHint;
use super::error::{OAuthError, OAuthErrorCode};
use super::max_age::MaxAge;
use super::params::{Params, ParamsError};
use super::pkce::{CodeChallenge, CodeChallengeMethod};
use super::prompt::PromptSet;
use super::redirect_uri::{RedirectUri, RedirectUriError};
use super::resource_indicator;
use super::response_mode::ResponseMode;
use super::response_type::{self, ResponseType};
use super::scope::{Scope, ScopeSet};
use super::ui_locales;

#[cfg(test)]
mod tests;

/// Longest `client_id` in bytes.
pub const MAX_CLIENT_ID_BYTES: usize = 255;
/// Longest `state` in bytes; it comes back in the redirect, so it may not fill a header.
pub const MAX_STATE_BYTES: usize = 4096;
/// Longest `nonce` in bytes; it is repeated in the ID token.
pub const MAX_NONCE_BYTES: usize = 1024;
/// Longest `login_hint` in bytes.
pub const MAX_LOGIN_HINT_BYTES: usize = 320;
/// Longest `organization` in bytes: a slug.
pub const MAX_ORGANIZATION_BYTES: usize = 100;
/// Most entries of `acr_values`.
pub const MAX_ACR_VALUES: usize = 16;

/// Why a request cannot be answered with a redirect. Shown as a page; the texts are for logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The query or body could not be decoded, or `client_id` or `redirect_uri` is there twice.
    #[error(transparent)]
    Params(#[from] ParamsError),
    /// No `client_id`.
    #[error("the request names no client")]
    ClientIdMissing,
    /// A `client_id` longer than 255 bytes or with other than visible ASCII (RFC 6749 A.1).
    #[error("the client_id is not one")]
    ClientIdMalformed,
    /// No `redirect_uri`. OIDC Core §3.1.2.1 requires it; we do for every request.
    #[error("the request names no redirect URI")]
    RedirectUriMissing,
    /// A redirect URI that could never have been registered.
    #[error(transparent)]
    RedirectUri(#[from] RedirectUriError),
}

impl TargetError {
    /// The parameter at fault and the rule, for the page and for the client that pushed the request (RFC 9126 §2.3). The text
    /// is ours, or cleaned.
    pub fn to_oauth_error(&self) -> OAuthError {
        let description = match self {
            Self::RedirectUri(cause) => format!("redirect_uri: {cause}"),
            Self::RedirectUriMissing => format!("redirect_uri: {self}"),
            Self::ClientIdMissing | Self::ClientIdMalformed => format!("client_id: {self}"),
            Self::Params(_) => self.to_string(),
        };
        OAuthError::invalid_request(description)
    }
}

/// Who asks, and where and how answers travel, errors included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationTarget {
    /// The client's identifier as sent, not yet looked up.
    pub client_id: String,
    /// The redirect URI as sent, not yet compared with the registered ones.
    pub redirect_uri: RedirectUri,
    /// How answers travel: as asked for, or the response type's default when the wish is absent or
    /// cannot be read.
    pub response_mode: ResponseMode,
    /// Repeated in every answer. Absent when it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

impl AuthorizationTarget {
    /// Stage 1: reads what an error answer needs.
    ///
    /// # Errors
    /// The client or the redirect URI is missing, repeated or malformed: show a page.
    pub fn parse(params: &Params) -> Result<Self, TargetError> {
        let client_id = params.single("client_id")?.ok_or(TargetError::ClientIdMissing)?;
        check_client_id(client_id)?;
        let redirect_uri = params.single("redirect_uri")?.ok_or(TargetError::RedirectUriMissing)?;
        let redirect_uri = RedirectUri::parse(redirect_uri)?;
        let state = params.single("state").ok().flatten().filter(|state| is_state(state));
        Ok(Self {
            client_id: client_id.to_owned(),
            redirect_uri,
            response_mode: response_mode_for_errors(params),
            state: state.map(str::to_owned),
        })
    }
}

fn check_client_id(text: &str) -> Result<(), TargetError> {
    let visible = text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if visible && text.len() <= MAX_CLIENT_ID_BYTES { Ok(()) } else { Err(TargetError::ClientIdMalformed) }
}

/// RFC 6749 A.5 allows visible ASCII only; other text is harmless once encoded, controls never are.
fn is_state(text: &str) -> bool {
    text.len() <= MAX_STATE_BYTES && !text.chars().any(char::is_control)
}

/// The mode asked for when it can be read, else where the client will look by its response type.
fn response_mode_for_errors(params: &Params) -> ResponseMode {
    let default = response_type::default_mode_of_unknown(params.get("response_type").unwrap_or_default());
    let asked = params.single("response_mode").ok().flatten().and_then(|mode| mode.parse::<ResponseMode>().ok());
    asked.map_or(default, |mode| mode.settle(default))
}

/// Everything a request says that can be understood without knowing the client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks and where answers go.
    #[serde(flatten)]
    pub target: AuthorizationTarget,
    /// What is asked for.
    pub response_type: ResponseType,
    /// The scopes asked for; empty when the request names none.
    #[serde(default, skip_serializing_if = "ScopeSet::is_empty")]
    pub scope: ScopeSet,
    /// Repeated in the ID token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The `S256` challenge, when PKCE is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<CodeChallenge>,
    /// The thumbprint of the key that the code is to be bound to (RFC 9449 §10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
    /// What to do with the person, whether they are signed in or not.
    #[serde(default, skip_serializing_if = "prompt_is_empty")]
    pub prompt: PromptSet,
    /// How old the authentication may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<MaxAge>,
    /// The address or name to fill in at sign-in. Anybody can write it: it proves nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// An ID token issued before, not yet verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_hint: Option<String>,
    /// Authentication contexts wanted, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr_values: Vec<String>,
    /// Claims asked for by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimsRequest>,
    /// The APIs that access is asked for (RFC 8707 §2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// What is asked for in detail (RFC 9396 §2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<serde_json::Value>,
    /// The organisation that the person is to act in, by id or slug, not yet looked up (E12). It means the scope
    /// `organization`, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Languages wanted, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ui_locales: Vec<String>,
    /// The shape of page wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<DisplayHint>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn prompt_is_empty(prompt: &PromptSet) -> bool {
    prompt.is_empty()
}

impl AuthorizationRequest {
    /// Stage 2: reads the whole request. Call it once the redirect URI is known to be registered.
    ///
    /// # Errors
    /// The error to redirect back to the client. `target` must come from the same parameters.
    pub fn parse(params: &Params, target: &AuthorizationTarget) -> Result<Self, OAuthError> {
        params.refuse_duplicates()?;
        refuse_unsupported(params)?;
        let response_type = read_response_type(params)?;
        let response_mode = read_response_mode(params, response_type)?;
        if params.get("state").is_some_and(|state| !is_state(state)) {
            return Err(OAuthError::invalid_request("state is too long or holds a control character"));
        }
        let organization = read_text(params, "organization", MAX_ORGANIZATION_BYTES)?;
        let mut scope = read_scope(params)?;
        if organization.is_some() {
            scope.insert(Scope::ORGANIZATION);
        }
        Ok(Self {
            target: AuthorizationTarget { response_mode, ..target.clone() },
            response_type,
            scope,
            nonce: read_text(params, "nonce", MAX_NONCE_BYTES)?,
            code_challenge: read_code_challenge(params)?,
            dpop_jkt: read_dpop_jkt(params)?,
            prompt: read_prompt(params)?,
            max_age: read_max_age(params)?,
            login_hint: read_text(params, "login_hint", MAX_LOGIN_HINT_BYTES)?,
            id_token_hint: read_text(params, "id_token_hint", Params::MAX_VALUE_BYTES)?,
            acr_values: read_acr_values(params)?,
            claims: read_claims(params)?,
            resources: resource_indicator::parse_all(params)?,
            authorization_details: authorization_details::parse(params)?,
            organization,
            ui_locales: params.get("ui_locales").map(ui_locales::parse).unwrap_or_default(),
            display: params.get("display").and_then(|display| display.parse().ok()),
        })
    }

    /// Whether an ID token is asked for (OIDC Core §3.1.2.1: `openid` in `scope`).
    pub fn is_openid(&self) -> bool {
        self.scope.contains(&Scope::OPENID)
    }
}

/// Parameters whose meaning we would have to ignore, which is worse than refusing (OIDC Core §6, §7.2.1).
fn refuse_unsupported(params: &Params) -> Result<(), OAuthError> {
    for (name, code) in [
        ("request_uri", OAuthErrorCode::RequestUriNotSupported),
        ("registration", OAuthErrorCode::RegistrationNotSupported),
    ] {
        if params.get(name).is_some() {
            return Err(OAuthError::new(code, format!("the parameter {name} is not supported")));
        }
    }
    Ok(())
}

fn read_response_type(params: &Params) -> Result<ResponseType, OAuthError> {
    let text = params.get("response_type").ok_or_else(|| OAuthError::invalid_request("response_type is missing"))?;
    let unsupported = |_| OAuthError::new(OAuthErrorCode::UnsupportedResponseType, "the only response_type is code");
    text.parse().map_err(unsupported)
}

fn read_response_mode(params: &Params, response_type: ResponseType) -> Result<ResponseMode, OAuthError> {
    match params.get("response_mode") {
        None => Ok(response_type.default_mode()),
        Some(text) => {
            let unknown = |_| {
                OAuthError::invalid_request(
                    "response_mode is not query, fragment, form_post, jwt or one of these with .jwt",
                )
            };
            text.parse::<ResponseMode>().map(|mode| mode.settle(response_type.default_mode())).map_err(unknown)
        }
    }
}

fn read_scope(params: &Params) -> Result<ScopeSet, OAuthError> {
    let text = params.get("scope").unwrap_or_default();
    ScopeSet::parse(text).map_err(|error| OAuthError::new(OAuthErrorCode::InvalidScope, error.to_string()))
}

/// RFC 7636 §4.3 and §4.4.1: an absent method means `plain`, which is refused.
fn read_code_challenge(params: &Params) -> Result<Option<CodeChallenge>, OAuthError> {
    let method = params.get("code_challenge_method").map(str::parse::<CodeChallengeMethod>);
    match (params.get("code_challenge"), method) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(OAuthError::invalid_request("code_challenge_method without code_challenge")),
        (Some(text), Some(Ok(CodeChallengeMethod::S256))) => {
            let malformed = |error: super::pkce::PkceError| OAuthError::invalid_request(error.to_string());
            CodeChallenge::parse(text).map(Some).map_err(malformed)
        }
        (Some(_), None | Some(Err(_))) => Err(OAuthError::invalid_request("code_challenge_method must be S256")),
    }
}

/// RFC 9449 §10.
fn read_dpop_jkt(params: &Params) -> Result<Option<String>, OAuthError> {
    match params.get("dpop_jkt") {
        Some(text) if !super::dpop::is_thumbprint(text) => {
            Err(OAuthError::invalid_request("dpop_jkt is not the SHA-256 thumbprint of a key"))
        }
        other => Ok(other.map(str::to_owned)),
    }
}

fn read_prompt(params: &Params) -> Result<PromptSet, OAuthError> {
    let text = params.get("prompt").unwrap_or_default();
    PromptSet::parse(text).map_err(|error| OAuthError::invalid_request(error.to_string()))
}

fn read_max_age(params: &Params) -> Result<Option<MaxAge>, OAuthError> {
    let malformed = |_| OAuthError::invalid_request("max_age is not a number of seconds");
    params.get("max_age").map(MaxAge::parse).transpose().map_err(malformed)
}

/// `acr_values`: authentication contexts, best first; what is beyond the sixteenth is not listened to.
pub(super) fn read_acr_values(params: &Params) -> Result<Vec<String>, OAuthError> {
    let text = read_text(params, "acr_values", ScopeSet::MAX_BYTES)?.unwrap_or_default();
    let values = text.split(' ').filter(|value| !value.is_empty());
    Ok(values.take(MAX_ACR_VALUES).map(str::to_owned).collect())
}

fn read_claims(params: &Params) -> Result<Option<ClaimsRequest>, OAuthError> {
    let claims = params.get("claims").map(ClaimsRequest::parse).transpose();
    let claims = claims.map_err(|error| OAuthError::invalid_request(error.to_string()))?;
    Ok(claims.filter(|claims| !claims.is_empty()))
}

/// Free text: bounded and without control characters.
fn read_text(params: &Params, name: &'static str, max_bytes: usize) -> Result<Option<String>, OAuthError> {
    match params.get(name) {
        Some(text) if text.len() > max_bytes => Err(OAuthError::invalid_request(format!("{name} is too long"))),
        Some(text) if text.chars().any(char::is_control) => {
            Err(OAuthError::invalid_request(format!("{name} holds a control character")))
        }
        other => Ok(other.map(str::to_owned)),
    }
}
