//! The authorization request and its way to an answer (RFC 6749 §4.1.1, OIDC Core §3.1.2).

use std::sync::Arc;

use super::{
    checks::{self, Outcome, WhySignIn},
    interaction::Pending,
    push_authorization, request_object, respond,
    tokens::TokenError,
};
use crate::{
    client::{Client, find_client},
    core::Ctx,
    error::Internal,
    limits::TooMany,
    protocol::{
        AuthorizationRequest, AuthorizationResponse, AuthorizationTarget, OAuthError, OAuthErrorCode, Params,
        TargetError,
    },
    secret::PlainToken,
};

/// A request has arrived at the authorization endpoint.
#[derive(Debug)]
pub struct BeginAuthorization {
    /// Its query, or the form body of a POST.
    pub params: Params,
}

/// The person comes back from a page.
#[derive(Debug)]
pub struct ResumeAuthorization {
    /// The interaction they come back to.
    pub interaction: PlainToken,
}

/// What happens next.
#[derive(Debug)]
pub enum AuthorizationStep {
    /// The person must sign in, perhaps again: show the sign-in page.
    SignIn {
        /// The request, stored.
        interaction: PlainToken,
        /// On which page it begins.
        at: SignInAt,
    },
    /// The person must say for which organisation they come (E12): show the list.
    Organization {
        /// The request, stored.
        interaction: PlainToken,
    },
    /// The person must set up a second factor (E7): show how.
    Enrol {
        /// The request, stored.
        interaction: PlainToken,
    },
    /// The person must be asked: show the consent page.
    Consent {
        /// The request, stored.
        interaction: PlainToken,
    },
    /// The application is answered: with a code, or with an error that may be told to it.
    Respond(AuthorizationResponse),
}

/// Where signing in begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInAt {
    /// At the sign-in form.
    Form,
    /// At the accounts of this browser: somebody is signed in, and perhaps is not meant.
    Chooser,
    /// At registration (`prompt=create`).
    Registration,
}

impl From<WhySignIn> for SignInAt {
    fn from(why: WhySignIn) -> Self {
        match why {
            WhySignIn::Nobody | WhySignIn::Again | WhySignIn::More(_) => Self::Form,
            WhySignIn::Other => Self::Chooser,
            WhySignIn::Create => Self::Registration,
        }
    }
}

/// Why the application cannot be answered: the person is shown a page instead (D13, RFC 6749 §4.1.2.1).
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationRefused {
    /// Nobody knows where an answer would go.
    #[error("{error}: {description}")]
    Untrusted {
        /// The registered code.
        error: OAuthErrorCode,
        /// For the developer of the application; visible ASCII.
        description: String,
        /// The application, if it is known.
        client_name: Option<String>,
    },
    /// There is no such interaction, or it was answered, or it took too long.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// Too many requests from this address wait for somebody.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// Reads a request, checks it, and says what happens next.
///
/// # Errors
/// [`AuthorizationRefused`]; errors that the application may be told are [`AuthorizationStep::Respond`].
pub async fn begin_authorization(
    ctx: &Ctx,
    cmd: BeginAuthorization,
) -> Result<AuthorizationStep, AuthorizationRefused> {
    let params = &cmd.params;
    if let Some(request_uri) = params.get("request_uri")
        && push_authorization::is_pushed(request_uri)
    {
        return begin_pushed(ctx, params, request_uri).await;
    }
    if params.get("request").is_some() {
        return begin_signed(ctx, params).await;
    }
    let (client, target) = trusted_target(ctx, params).await?;
    let may_come_so = match checks::must_be_pushed(&ctx.core, &client) {
        Ok(()) => request_object::read(ctx, &client, params).await.map(drop),
        Err(error) => Err(error.into()),
    };
    let request = may_come_so.and_then(|()| Ok(AuthorizationRequest::parse(params, &target)?));
    answer_or_advance(ctx, &client, &target, request).await
}

/// A request object has arrived (RFC 9101 §5). Until it is verified nobody knows what it asks for, but if the address names
/// a registered redirect URI of its own, its client can be told what is wrong with it.
async fn begin_signed(ctx: &Ctx, params: &Params) -> Result<AuthorizationStep, AuthorizationRefused> {
    let client = named_client(ctx, params).await?;
    let read = match checks::must_be_pushed(&ctx.core, &client) {
        Ok(()) => request_object::read(ctx, &client, params).await,
        Err(error) => Err(error.into()),
    };
    let error = match read {
        Ok(inner) => {
            let inner = inner.unwrap_or_default();
            let (client, target) = trusted_target(ctx, &inner).await?;
            let request = AuthorizationRequest::parse(&inner, &target).map_err(TokenError::from);
            return answer_or_advance(ctx, &client, &target, request).await;
        }
        Err(TokenError::TooMany(limit)) => return Err(limit.into()),
        Err(TokenError::Internal(error)) => return Err(error.into()),
        // Its own code for it at this endpoint (OIDC Core §3.1.2.6).
        Err(TokenError::Refused(_)) if request_object::is_without_signature(params) => {
            OAuthError::new(OAuthErrorCode::RequestNotSupported, "an unsigned request object is not supported")
        }
        Err(TokenError::Refused(error)) => error,
    };
    match trusted_target(ctx, params).await {
        Ok((client, target)) => answer_or_advance(ctx, &client, &target, Err(error.into())).await,
        Err(_) => Err(untrusted(&error, Some(client.name.clone()))),
    }
}

/// The client that the address names, which is all that counts of it beside a reference or an object.
async fn named_client(ctx: &Ctx, params: &Params) -> Result<Arc<Client>, AuthorizationRefused> {
    match params.single("client_id").map_err(OAuthError::from) {
        Ok(Some(client_id)) => checks::known(find_client(&ctx.core, client_id).await?),
        Ok(None) => Err(untrusted(&OAuthError::invalid_request("client_id is missing"), None)),
        Err(error) => Err(untrusted(&error, None)),
    }
}

/// The client, and where its answers may go.
async fn trusted_target(
    ctx: &Ctx,
    params: &Params,
) -> Result<(Arc<Client>, AuthorizationTarget), AuthorizationRefused> {
    let target = match AuthorizationTarget::parse(params) {
        Ok(target) => target,
        Err(error) => return Err(untrusted_target(ctx, params, &error).await?),
    };
    let client = find_client(&ctx.core, &target.client_id).await?;
    Ok((checks::target(client, &target)?, target))
}

/// Goes on with a request that was understood, or tells its client why it was not.
async fn answer_or_advance(
    ctx: &Ctx,
    client: &Arc<Client>,
    target: &AuthorizationTarget,
    request: Result<AuthorizationRequest, TokenError>,
) -> Result<AuthorizationStep, AuthorizationRefused> {
    match request {
        Ok(request) => advance(ctx, client, Pending::new(ctx, request)).await,
        Err(TokenError::Refused(error)) => {
            Ok(AuthorizationStep::Respond(respond::refusal(ctx, client, target, &error).await?))
        }
        Err(TokenError::TooMany(limit)) => Err(limit.into()),
        Err(TokenError::Internal(error)) => Err(error.into()),
    }
}

/// The page for a request whose client cannot be answered.
fn untrusted(error: &OAuthError, client_name: Option<String>) -> AuthorizationRefused {
    AuthorizationRefused::Untrusted {
        error: error.code(),
        description: error.description().unwrap_or_default().to_owned(),
        client_name,
    }
}

/// A person comes with the reference to a pushed request (RFC 9126 §4). What else is in the address counts for nothing, but
/// for the client's name.
async fn begin_pushed(
    ctx: &Ctx,
    params: &Params,
    request_uri: &str,
) -> Result<AuthorizationStep, AuthorizationRefused> {
    if let Err(error) = params.single("request_uri").map_err(OAuthError::from) {
        return Err(untrusted(&error, None));
    }
    let client = named_client(ctx, params).await?;
    let Some((digest, request)) = push_authorization::find(&ctx.core, &client.id, request_uri).await? else {
        let why = "request_uri: it has been used, is too old, or was not pushed by this application";
        let error = OAuthError::new(OAuthErrorCode::InvalidRequestUri, why);
        return Err(untrusted(&error, Some(client.name.clone())));
    };
    let client = checks::target(Some(client), &request.target)?;
    let mut pending = Pending::new(ctx, request);
    pending.state.pushed = Some(digest);
    advance(ctx, &client, pending).await
}

/// Runs the checks again after a page and says what happens next.
///
/// # Errors
/// [`AuthorizationRefused`]
pub async fn resume_authorization(
    ctx: &Ctx,
    cmd: ResumeAuthorization,
) -> Result<AuthorizationStep, AuthorizationRefused> {
    let found = Pending::find(ctx, &cmd.interaction).await?;
    let (pending, client) = found.ok_or(AuthorizationRefused::Gone)?;
    let client = checks::target(client, &pending.request.target)?;
    advance(ctx, &client, pending).await
}

/// Runs the checks about request and person, and takes the step they lead to.
async fn advance(ctx: &Ctx, client: &Arc<Client>, pending: Pending) -> Result<AuthorizationStep, AuthorizationRefused> {
    let (situation, outcome) = pending.outcome(ctx, client).await?;
    let must_be_stored = pending.stored.is_none() && matches!(outcome, Outcome::SignIn(_));
    if must_be_stored {
        ctx.core.limits().stored_request(ctx)?;
    }
    match outcome {
        Outcome::SignIn(why) => {
            Ok(AuthorizationStep::SignIn { interaction: pending.store(ctx).await?, at: why.into() })
        }
        Outcome::Organization => Ok(AuthorizationStep::Organization { interaction: pending.store(ctx).await? }),
        Outcome::Enrol => Ok(AuthorizationStep::Enrol { interaction: pending.store(ctx).await? }),
        Outcome::Consent => Ok(AuthorizationStep::Consent { interaction: pending.store(ctx).await? }),
        Outcome::Refuse(error) => {
            if !respond::finish(ctx, &pending).await? {
                return Err(AuthorizationRefused::Gone);
            }
            Ok(AuthorizationStep::Respond(respond::refusal(ctx, client, &pending.request.target, &error).await?))
        }
        Outcome::Grant { signed_in, consented } => {
            let answer = respond::grant(ctx, &situation, &pending, *signed_in, consented).await?;
            answer.map(AuthorizationStep::Respond).ok_or(AuthorizationRefused::Gone)
        }
    }
}

/// The page for a request whose client or redirect URI cannot even be read.
async fn untrusted_target(ctx: &Ctx, params: &Params, error: &TargetError) -> Result<AuthorizationRefused, Internal> {
    let client = match (error, params.get("client_id")) {
        (TargetError::RedirectUri(_) | TargetError::RedirectUriMissing, Some(id)) => find_client(&ctx.core, id).await?,
        _ => None,
    };
    let cleaned = error.to_oauth_error();
    Ok(AuthorizationRefused::Untrusted {
        error: cleaned.code(),
        description: cleaned.description().unwrap_or_default().to_owned(),
        client_name: client.filter(|client| !client.is_system).map(|client| client.name.clone()),
    })
}
