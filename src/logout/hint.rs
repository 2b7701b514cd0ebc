//! The `id_token_hint`: an ID token of ours, shown by whom it was issued to (RP-Initiated Logout §2).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;

use crate::{
    client::Client,
    core::Core,
    error::Internal,
    grant::id_token_hint,
    protocol::jwt::{Audience, MAX_TOKEN_BYTES},
};

/// Whose session it is.
pub(super) struct Hint {
    pub(super) subject: String,
    pub(super) sid: Option<String>,
}

/// Verifies the hint: an ID token that we issued to `client`. It may have expired (§4). None when it is something else.
pub(super) async fn read(core: &Core, client: &Client, text: &str) -> Result<Option<Hint>, Internal> {
    let claims = id_token_hint::read(core, client, text).await?;
    Ok(claims
        .map(|claims| Hint { subject: claims.sub.into_owned(), sid: claims.sid.map(std::borrow::Cow::into_owned) }))
}

/// Whom a token says it is for, before anything is verified: only good for finding the client. ID tokens of ours have one
/// audience.
pub(super) fn unverified_audience(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        aud: Audience<'static>,
    }

    if text.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let claims = URL_SAFE_NO_PAD.decode(text.split('.').nth(1)?).ok()?;
    match serde_json::from_slice::<Claims>(&claims).ok()?.aud {
        Audience::One(one) => Some(one.into_owned()),
        Audience::Many(_) => None,
    }
}
