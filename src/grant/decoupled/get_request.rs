//! What the person is asked who decides about a decoupled request.

use std::sync::Arc;

use super::UserCode;
use crate::{
    client::{Client, find_client},
    clock::Timestamp,
    core::Ctx,
    error::Internal,
    grant::{
        checks,
        get_consent::{Asked, ConsentRequest, describe},
        store::{
            decoupled::{self, RequestRow},
            people::SignedInRow,
        },
    },
    id::DecoupledId,
    protocol::ScopeSet,
    resource::find_catalogue,
};

/// Which request somebody means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestRef {
    /// The one behind a code, which came from [`super::enter_user_code`].
    Device(UserCode),
    /// A backchannel request of the person's own.
    Backchannel(DecoupledId),
}

/// Who asks for what, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecoupledRequest {
    /// As on the consent page; `redirect_origin` is empty, since no answer goes anywhere.
    pub consent: ConsentRequest,
    /// Shown on both sides, so that the person sees that they belong together (CIBA §7.1).
    pub binding_message: Option<String>,
    /// Where the request came from.
    pub ip: Option<String>,
    /// When.
    pub asked_at: Timestamp,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub enum GetRequestError {
    /// There is no such request, or it is decided, or it took too long, or it is for somebody else.
    #[error("the request was answered already, or took too long")]
    Gone,
    /// The person must sign in first.
    #[error("sign in first")]
    SignIn,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] Internal),
}

/// A request that waits, who asks and who is asked.
pub(super) struct Waiting {
    pub(super) client: Arc<Client>,
    pub(super) row: RequestRow,
    pub(super) scope: ScopeSet,
    pub(super) signed_in: SignedInRow,
}

/// The request, if the person who asks may decide about it.
pub(super) async fn find_waiting(ctx: &Ctx, which: &RequestRef) -> Result<Waiting, GetRequestError> {
    let mut conn = ctx.core.db().read().await?;
    let signed_in = checks::find_signed_in(ctx, &mut conn).await?.ok_or(GetRequestError::SignIn)?;
    let row = match which {
        RequestRef::Device(code) => decoupled::find_by_user_code(&mut conn, code.digest(&ctx.core)).await?,
        RequestRef::Backchannel(id) => decoupled::find_by_id(&mut conn, *id).await?,
    };
    drop(conn);
    let user_id = signed_in.person.user_id;
    // Nobody is named in a request of a device; the code is what it takes.
    let is_for_them = |row: &RequestRow| match which {
        RequestRef::Device(_) => true,
        RequestRef::Backchannel(_) => row.user_id == Some(user_id),
    };
    let row = row.filter(|row| row.waits(ctx.now()) && is_for_them(row)).ok_or(GetRequestError::Gone)?;
    let client = find_client(&ctx.core, &row.client_id).await?.ok_or(GetRequestError::Gone)?;
    let scope = row.read_scope()?;
    Ok(Waiting { client, row, scope, signed_in })
}

/// What the person who asks is to be asked.
///
/// # Errors
/// [`GetRequestError`]
pub async fn get_request(ctx: &Ctx, which: &RequestRef) -> Result<DecoupledRequest, GetRequestError> {
    let Waiting { client, row, scope, signed_in } = find_waiting(ctx, which).await?;
    Ok(DecoupledRequest {
        consent: describe(
            ctx.config(),
            &client,
            &*find_catalogue(&ctx.core).await?,
            signed_in.person,
            Asked {
                scope,
                resources: &row.details.0.resources,
                details: &row.details.0.authorization_details,
                before: None,
            },
        ),
        binding_message: row.details.0.binding_message,
        ip: row.details.0.ip,
        asked_at: row.created_at,
        expires_at: row.expires_at,
    })
}
