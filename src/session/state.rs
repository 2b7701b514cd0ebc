//! What applications may watch of a session in the browser (OpenID Connect Session Management 1.0).
//!
//! The browser holds the *browser state*, which changes whenever somebody signs in or out, in a cookie that the script of
//! our check-session page may read. It is derived from the session by a key of this instance: nobody can tell the session
//! from it, and nothing has to be stored. An application holds a *session state*, a salted hash of the browser state bound
//! to it and to its origin, and asks that page whether it still fits.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;

use crate::{core::Core, id::SessionId, protocol::RedirectUri, secret::Digest};

/// The state of a browser in which this session is signed in.
pub fn browser_state(core: &Core, session_id: SessionId) -> String {
    URL_SAFE_NO_PAD.encode(core.sealer().browser_state(session_id.as_uuid().as_bytes()))
}

/// `session_state` (Session Management §3.2) for the page of the client at `redirect_uri`. None for an address that is of
/// no web origin: nothing there could ask.
pub(crate) fn session_state(
    core: &Core,
    session_id: SessionId,
    client_id: &str,
    redirect_uri: &RedirectUri,
) -> Option<String> {
    let origin = Url::parse(redirect_uri.as_str()).ok()?.origin();
    if !origin.is_tuple() {
        return None;
    }
    let mut salt = [0_u8; 16];
    core.entropy().fill(&mut salt);
    let salt = URL_SAFE_NO_PAD.encode(salt);
    let state = browser_state(core, session_id);
    let text = format!("{client_id} {} {state} {salt}", origin.ascii_serialization());
    Some(format!("{}.{salt}", URL_SAFE_NO_PAD.encode(Digest::of(text.as_bytes()).as_bytes())))
}
