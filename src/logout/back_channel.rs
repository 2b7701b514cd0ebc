//! Telling applications of the end of a session (Back-Channel Logout §2.5).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::store;
use crate::{
    client::{Client, find_client},
    core::{Core, Ctx},
    db::Tx,
    error::Internal,
    fetch::FetchError,
    grant::{
        messages,
        subject::{sid_of, subject_of},
    },
    id::{SessionId, UserId},
    mail::SendError,
    outbox::{self, OutboxKind},
    protocol::{LogoutTokenClaims, TokenType, logout_token::LogoutEvents},
};

/// How long a logout token is good for: a request is enough (§2.4).
const LIFE: Duration = Duration::from_mins(2);
/// Most of an answer that is read; what it says besides its status means nothing to us.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// A message to one application about one session, as it waits in the outbox. The token is made when it leaves.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Notice {
    client_id: String,
    user_id: UserId,
    /// The session that the application knows, perhaps under a name for its sector.
    sid: SessionId,
}

/// Puts a message to each application that knows the session into the outbox. Each has an order of its own there, so
/// that an application that does not answer holds up nobody else.
pub(crate) async fn announce(tx: &mut Tx, ctx: &Ctx, user_id: UserId, session_id: SessionId) -> Result<(), Internal> {
    for listener in store::listeners(tx, session_id).await? {
        if !listener.back_channel {
            continue;
        }
        let aggregate = format!("logout {} {}", listener.sid, listener.client_id);
        let notice = Notice { client_id: listener.client_id, user_id, sid: listener.sid };
        outbox::enqueue(tx, ctx, OutboxKind::BackChannelLogout, aggregate, &notice).await?;
    }
    Ok(())
}

/// Delivers a message: 200 and 204 are a yes, 400 is a no for good (§2.8), everything else is tried again.
pub(crate) async fn deliver(core: &Core, notice: &Notice) -> Result<(), SendError> {
    let later = |what: &str| SendError { is_permanent: false, what: what.to_owned() };
    let client = find_client(core, &notice.client_id).await.map_err(|_logged| later("the client cannot be read"))?;
    // Removed, disabled or registered otherwise since: then there is nobody to tell.
    let Some(client) = client else { return Ok(()) };
    let Some(uri) = &client.settings.backchannel_logout_uri else { return Ok(()) };
    let token = token(core, &client, notice).await.map_err(|_logged| later("the token cannot be made"))?;
    let sent = core.fetcher().post_form(uri, &[("logout_token", &token)], MAX_ANSWER_BYTES).await;
    match sent {
        // The status came first, and it was a yes.
        Ok(_) | Err(FetchError::TooLarge(_)) => Ok(()),
        Err(cause) => {
            let is_permanent = matches!(cause, FetchError::Status(400) | FetchError::Url(_) | FetchError::Forbidden);
            Err(SendError { is_permanent, what: format!("back-channel logout at {}: {cause}", notice.client_id) })
        }
    }
}

async fn token(core: &Core, client: &Client, notice: &Notice) -> Result<String, Internal> {
    let now = core.now();
    let claims = LogoutTokenClaims {
        iss: core.grants().issuer().into(),
        sub: subject_of(core, client, notice.user_id).into(),
        aud: client.id.as_str().into(),
        iat: now.as_secs(),
        exp: (now + LIFE).as_secs(),
        jti: core.new_id::<Uuid>().to_string().into(),
        sid: sid_of(core, client, notice.sid)?.into(),
        events: LogoutEvents,
    };
    // Signed and encrypted as the client's ID tokens are (§2.4, §2.6).
    let settings = &client.settings;
    let jwt = messages::sign(core, client, TokenType::LogoutToken, settings.id_token_alg, &claims).await?;
    messages::encrypt_jwt(core, client, settings.id_token_encryption, jwt).await
}
