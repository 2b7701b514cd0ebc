//! An application wants somebody signed out (RP-Initiated Logout §2).

use std::sync::Arc;

use sqlx::types::Json;

use super::{
    Asked, LoggedOut, complete_logout,
    hint::{self, Hint},
    store::{self, LogoutRow},
};
use crate::{
    client::{Client, find_client},
    core::{Core, Ctx, UserActor},
    error::Internal,
    grant::subject::{sid_of, subject_of},
    protocol::{LogoutRequest, OAuthError, OAuthErrorCode, Params},
    secret::{PlainToken, TokenKind},
};

/// Why a hint is refused, whatever is wrong with it.
const NO_HINT: &str = "id_token_hint is not an ID token of ours";

/// A request has arrived at the logout endpoint.
#[derive(Debug)]
pub struct BeginLogout {
    /// Its query, or the form body of a POST.
    pub params: Params,
}

/// What happens next.
#[derive(Debug)]
pub enum LogoutStep {
    /// The person must be asked: show the sign-out page.
    Ask {
        /// The request, stored.
        logout: PlainToken,
    },
    /// Nobody is signed in any more in this browser, whether somebody was or not.
    Done(LoggedOut),
}

/// Why nothing was done. The person is shown a page: nobody knows where another answer would go.
#[derive(Debug, thiserror::Error)]
pub enum LogoutRefused {
    /// The request cannot be trusted.
    #[error("{error}: {description}")]
    Untrusted {
        /// The code that comes nearest.
        error: OAuthErrorCode,
        /// For the developer of the application; visible ASCII.
        description: String,
        /// The application, if it is known.
        client_name: Option<String>,
    },
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Reads a request, checks it, and signs out at once if it shows an ID token of the session of this very browser; else the
/// person has to be asked (§2: so that no page on the web can sign people out). Where nobody is signed in there is nothing
/// to ask.
///
/// # Errors
/// [`LogoutRefused`]
pub async fn begin_logout(ctx: &Ctx, cmd: BeginLogout) -> Result<LogoutStep, LogoutRefused> {
    let request = LogoutRequest::parse(&cmd.params).map_err(|error| refused(&error, None))?;
    let client = caller(ctx, &request).await?;
    let hint = match (&request.id_token_hint, &client) {
        (Some(text), Some(client)) => {
            Some(hint::read(&ctx.core, client, text).await?.ok_or_else(|| invalid(NO_HINT, None))?)
        }
        _ => None,
    };
    check_way_back(&request, client.as_deref())?;
    let asked = Asked { post_logout_redirect_uri: request.post_logout_redirect_uri, state: request.state };
    let row = LogoutRow {
        client_id: client.as_ref().map(|client| client.id.clone()),
        session_id: None,
        request: Json(asked),
    };
    let Some(actor) = ctx.user() else { return Ok(LogoutStep::Done(complete_logout::finish(ctx, None, row).await?)) };
    let is_theirs = match (&hint, &client) {
        (Some(hint), Some(client)) => belongs_to(&ctx.core, hint, client, actor)?,
        _ => false,
    };
    if is_theirs {
        return Ok(LogoutStep::Done(complete_logout::finish(ctx, None, row).await?));
    }
    let logout = PlainToken::generate(TokenKind::Logout, ctx.core.entropy());
    let mut tx = ctx.core.db().write().await?;
    store::save(&mut tx, logout.digest(), row, ctx.now() + ctx.config().tokens.interaction_ttl).await?;
    tx.commit().await?;
    Ok(LogoutStep::Ask { logout })
}

/// Who asks: the client that names itself, or the one the hint says it was issued to. Both must be the same (§2).
async fn caller(ctx: &Ctx, request: &LogoutRequest) -> Result<Option<Arc<Client>>, LogoutRefused> {
    let hinted = request.id_token_hint.as_deref().map(hint::unverified_audience);
    let (id, unknown) = match (&request.client_id, hinted) {
        (_, Some(None)) => return Err(invalid(NO_HINT, None)),
        (Some(named), Some(Some(hinted))) if *named != hinted => {
            return Err(invalid("id_token_hint was issued to another client than client_id", None));
        }
        (None, None) => return Ok(None),
        (None, Some(Some(hinted))) => (hinted, OAuthError::invalid_request(NO_HINT)),
        (Some(named), _) => {
            let why = "client_id: there is no such client";
            (named.clone(), OAuthError::new(OAuthErrorCode::InvalidClient, why))
        }
    };
    let client = find_client(&ctx.core, &id).await?.filter(|client| !client.is_system);
    client.ok_or_else(|| refused(&unknown, None)).map(Some)
}

/// People are sent only to where a client wants them sent, byte for byte (§2, §3).
fn check_way_back(request: &LogoutRequest, client: Option<&Client>) -> Result<(), LogoutRefused> {
    let Some(uri) = &request.post_logout_redirect_uri else { return Ok(()) };
    let Some(client) = client else {
        return Err(invalid("post_logout_redirect_uri needs an id_token_hint or a client_id beside it", None));
    };
    if client.settings.post_logout_redirect_uris.contains(uri) {
        return Ok(());
    }
    let name = Some(client.name.clone());
    Err(invalid("post_logout_redirect_uri differs from every registered one (exact match)", name))
}

/// Whether the hint is about this person and this session, under the names that the client knows them by.
fn belongs_to(core: &Core, hint: &Hint, client: &Client, actor: &UserActor) -> Result<bool, Internal> {
    let is_session = hint.sid.as_ref() == Some(&sid_of(core, client, actor.session_id)?);
    Ok(is_session && hint.subject == subject_of(core, client, actor.user_id))
}

fn invalid(why: &'static str, client_name: Option<String>) -> LogoutRefused {
    refused(&OAuthError::invalid_request(why), client_name)
}

fn refused(error: &OAuthError, client_name: Option<String>) -> LogoutRefused {
    let description = error.description().unwrap_or_default().to_owned();
    LogoutRefused::Untrusted { error: error.code(), description, client_name }
}
