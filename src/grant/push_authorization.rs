//! Pushed authorization requests (RFC 9126): a client hands its request in by itself, and sends the person with a
//! reference to it. Nobody on the way sees or changes what it asks for, and it learns at once what is wrong with it.
//!
//! The same ordered checks are run as at the authorization endpoint, as far as they need no person. What is stored is the
//! request as it was understood. Its handle works for the client that pushed it, for `tokens.pushed_request_ttl`, and until
//! the application was answered: the reference is used up in the transaction that answers. So a page that is loaded again
//! does no harm, and one answer is all that can come of it (§7.3).

use std::sync::Arc;

use super::{
    checks,
    interaction::Pending,
    request_object,
    store::pushed::{self, NewPushed},
    tokens::TokenError,
};
use crate::{
    client::{Client, ClientKind},
    core::{Core, Ctx},
    error::Internal,
    protocol::{AuthorizationRequest, AuthorizationTarget, OAuthError, OAuthErrorCode, Params},
    secret::{Digest, PlainToken, TokenKind},
};

/// What a reference to a pushed request begins with (RFC 9126 §2.2).
const REQUEST_URI_PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// A client pushes a request.
#[derive(Debug)]
pub struct PushAuthorization {
    /// The client, authenticated as at the token endpoint (§2.1).
    pub client: Arc<Client>,
    /// The body of the request.
    pub params: Params,
    /// The thumbprint of the key of its DPoP proof: another way to say `dpop_jkt` (RFC 9449 §10.1).
    pub dpop_key: Option<String>,
}

/// A request was pushed.
#[derive(Debug)]
pub struct AuthorizationPushed {
    /// What the person is sent with.
    pub request_uri: String,
    /// How long it works, in seconds.
    pub expires_in: u64,
}

/// Checks and stores a request.
///
/// # Errors
/// [`TokenError::Refused`] with the error that the authorization endpoint would have answered (§2.3).
pub async fn push_authorization(ctx: &Ctx, cmd: PushAuthorization) -> Result<AuthorizationPushed, TokenError> {
    let PushAuthorization { client, params, dpop_key } = cmd;
    if client.settings.kind() == ClientKind::Public {
        ctx.core.limits().stored_request(ctx)?;
    }
    params.refuse_duplicates().map_err(OAuthError::from)?;
    if params.get("request_uri").is_some() {
        return Err(OAuthError::invalid_request("request_uri: a pushed request cannot refer to another one").into());
    }
    if params.get("client_id").is_some_and(|named| named != client.id) {
        return Err(OAuthError::invalid_request("client_id: not the client that pushes the request").into());
    }
    let params = request_object::read(ctx, &client, &params).await?.unwrap_or(params);
    let target = AuthorizationTarget::parse(&params).map_err(|error| error.to_oauth_error())?;
    let client = checks::target(Some(client), &target)?;
    let mut request = AuthorizationRequest::parse(&params, &target)?;
    if let Some(key) = dpop_key
        && request.dpop_jkt.get_or_insert_with(|| key.clone()) != &key
    {
        let why = "dpop_jkt: not the key of the DPoP proof";
        return Err(OAuthError::new(OAuthErrorCode::InvalidDpopProof, why).into());
    }
    let pending = Pending::new(ctx, request);
    pending.judge(ctx, &client).await?;

    let handle = PlainToken::generate(TokenKind::PushedRequest, ctx.core.entropy());
    let ttl = ctx.config().tokens.pushed_request_ttl;
    let new = NewPushed {
        digest: handle.digest(),
        client_id: client.id.clone(),
        request: pending.request,
        expires_at: ctx.now() + ttl,
    };
    let mut tx = ctx.core.db().write().await?;
    pushed::insert(&mut tx, new).await?;
    tx.commit().await?;
    Ok(AuthorizationPushed {
        request_uri: format!("{REQUEST_URI_PREFIX}{}", handle.expose()),
        expires_in: ttl.as_secs(),
    })
}

/// Whether a `request_uri` refers to a pushed request, and not to a page of somebody else's (RFC 9101 §5.2.2).
pub(super) fn is_pushed(request_uri: &str) -> bool {
    request_uri.starts_with(REQUEST_URI_PREFIX)
}

/// The request that this client pushed under this reference; none when it was used, is too old, or was never there.
pub(super) async fn find(
    core: &Core,
    client_id: &str,
    request_uri: &str,
) -> Result<Option<(Digest, AuthorizationRequest)>, Internal> {
    let handle = request_uri.strip_prefix(REQUEST_URI_PREFIX);
    let Some(handle) = handle.and_then(|text| PlainToken::parse(TokenKind::PushedRequest, text)) else {
        return Ok(None);
    };
    let digest = handle.digest();
    let mut conn = core.db().read().await?;
    let request = pushed::find(&mut conn, digest, client_id.to_owned(), core.now()).await?;
    Ok(request.map(|request| (digest, request)))
}
