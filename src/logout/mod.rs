//! Signing out, and who is told (D9: OpenID Connect RP-Initiated Logout 1.0, Back-Channel Logout 1.0, Front-Channel
//! Logout 1.0).
//!
//! 1. An application sends somebody to the logout endpoint: [`begin_logout`]. If it shows an ID token that belongs to the
//!    session of this very browser, the session ends at once. Everybody else is asked first, and the request waits under a
//!    handle, as an authorization request does; no page's address carries anything else of it.
//! 2. [`complete_logout`] is the answer of the person, also on our own sign-out page, where no application asked.
//! 3. Whatever ends a session — this, the list of sessions, an operator, a new password, somebody else who signs in —
//!    goes through `session::end`, and that calls `back_channel::announce` in the same transaction: each application
//!    that knows the session and is registered with a `backchannel_logout_uri` finds its message in the outbox, or the
//!    session did not end. The token is made and signed when the message leaves, so it is fresh at every try.
//! 4. Applications with a `frontchannel_logout_uri` can only be told by the browser they are used in: the signed-out page
//!    loads theirs ([`find_logout`]). A session that ends from elsewhere cannot tell them.
//!
//! A session that merely grew old tells nobody: there is no moment at which it ends, and applications keep what they were
//! given for as long as it was given. A session that is *ended* takes along everything that was issued in it, refresh
//! tokens with `offline_access` included (the person asked for an end; Back-Channel Logout §2.7 leaves this to us).
//!
//! Who knows a session stands in `session_clients`, apart from grants: an application's own session outlives its tokens.
//! When the same person proves again who they are, the new session takes the old one's place, and an application still
//! knows it by the old `sid`; so it is told under every name it may know. What stands there are sessions: a pairwise client is
//! told the name for its sector, as in its ID tokens (`grant::subject`).

mod back_channel;
mod begin_logout;
mod complete_logout;
mod find_logout;
mod hint;
mod store;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(crate) use self::back_channel::{Notice, announce, deliver};
pub use self::{
    begin_logout::{BeginLogout, LogoutRefused, LogoutStep, begin_logout},
    complete_logout::{CompleteLogout, LoggedOut, complete_logout},
    find_logout::{Frame, LogoutView, find_logout},
};
use crate::{
    client::Client,
    clock::Timestamp,
    db::Tx,
    error::Internal,
    id::SessionId,
    protocol::{LogoutRequest, RedirectUri},
};

/// Where to return to. Rows written by an older version are read with the defaults of what they lack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Asked {
    /// One of the client's, compared when the request came.
    #[serde(skip_serializing_if = "Option::is_none")]
    post_logout_redirect_uri: Option<RedirectUri>,
    /// Repeated there.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
}

impl Asked {
    /// Where the browser goes in the end.
    fn way_back(&self) -> Option<String> {
        let uri = self.post_logout_redirect_uri.as_ref()?;
        Some(LogoutRequest::way_back(uri, self.state.as_deref()))
    }
}

/// A client is told of a session in an ID token. From now on it hears of the session's end, if it wants to.
pub(crate) async fn introduce(tx: &mut Tx, session_id: SessionId, client: &Client) -> Result<(), Internal> {
    let settings = &client.settings;
    let back_channel = settings.backchannel_logout_uri.is_some();
    if !back_channel && settings.frontchannel_logout_uri.is_none() {
        return Ok(());
    }
    store::insert_listener(tx, session_id, client.id.clone(), back_channel).await
}

/// The session `to` takes the place of `from`: whoever knows the one hears of the end of the other.
pub(crate) async fn carry_over(tx: &mut Tx, from: SessionId, to: SessionId) -> Result<(), Internal> {
    store::copy_listeners(tx, from, to).await?;
    store::rename_listeners(tx, from, to).await
}

/// Removes requests that waited too long, for the clean-up job; says how many.
pub(crate) async fn delete_expired(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<u64, Internal> {
    store::delete_expired(tx, now, limit).await
}
