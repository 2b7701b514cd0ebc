//! The cookie session (C1): what is kept for a browser, and where.
//!
//! The cookie holds a random id of 128 bits; our table holds its SHA-256 and a small record that names the sessions signed
//! in there. Whoever reads the table cannot make a cookie from it. Visitors who never signed in have no record, and no
//! cookie.

use std::collections::HashMap;

use async_trait::async_trait;
use ostiary::{
    clock::Timestamp,
    core::Core,
    id::SessionId,
    secret::Digest,
    session::browser::{self, BrowserRecord},
};
use serde::{Deserialize, Serialize};
use tower_sessions::{
    Expiry, Session, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store,
};

use super::House;

/// Under which key the record keeps [`SignedIn`].
const KEY: &str = "signed_in";

/// The sessions that are signed in in a browser, or were until they were over (C2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// All of them, the oldest first.
    pub sessions: Vec<SessionId>,
    /// The one that asks.
    pub current: Option<SessionId>,
    /// The cookie outlives the browser ("stay signed in").
    #[serde(default)]
    pub stay: bool,
}

impl SignedIn {
    #[must_use]
    /// The same without this one, which is no longer the one that asks either.
    pub fn without(&self, id: SessionId) -> Self {
        Self {
            sessions: self.sessions.iter().copied().filter(|held| *held != id).collect(),
            current: self.current.filter(|current| *current != id),
            stay: self.stay,
        }
    }
}

/// Reads the browser's record.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn read(session: &Session) -> Result<SignedIn, tower_sessions::session::Error> {
    // A record that cannot be read (written by another version) is no record.
    Ok(session.get_value(KEY).await?.and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default())
}

/// Writes the record under a new id: whoever knew the old cookie has nothing of it (session fixation).
///
/// # Errors
/// When the database does not answer.
pub(super) async fn write(
    core: &Core,
    session: &Session,
    signed_in: &SignedIn,
) -> Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.insert(KEY, signed_in).await?;
    let longest = core.config().sessions.stay_absolute.max(core.config().sessions.absolute);
    let longest = time::Duration::try_from(longest).unwrap_or(time::Duration::DAY);
    session.set_expiry(Some(if signed_in.stay { Expiry::OnInactivity(longest) } else { Expiry::OnSessionEnd }));
    Ok(())
}

/// The layer that reads and writes the cookie. Around every route that has to know who is signed in.
pub fn layer(house: &House) -> SessionManagerLayer<BrowserStore> {
    let names = house.cookies();
    SessionManagerLayer::new(BrowserStore { core: house.core().clone() })
        .with_name(names.session().to_owned())
        .with_path(names.path().to_owned())
        .with_secure(names.is_secure())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
}

/// Keeps browser records in the domain's table, under the digest of the cookie.
#[derive(Clone, Debug)]
pub struct BrowserStore {
    core: Core,
}

impl BrowserStore {
    /// Records live as long as the longest session could; the sessions they name have lives of their own.
    fn record(&self, data: &HashMap<String, serde_json::Value>) -> session_store::Result<BrowserRecord> {
        let sessions = &self.core.config().sessions;
        let data = serde_json::to_value(data).map_err(|cause| session_store::Error::Encode(cause.to_string()))?;
        Ok(BrowserRecord { data, expires_at: self.core.now() + sessions.stay_absolute.max(sessions.absolute) })
    }
}

#[async_trait]
impl SessionStore for BrowserStore {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let data = self.record(&record.data)?;
        while !browser::create(&self.core, digest(record.id), data.clone()).await.map_err(|cause| backend(&cause))? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        browser::save(&self.core, digest(record.id), self.record(&record.data)?).await.map_err(|cause| backend(&cause))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(found) = browser::load(&self.core, digest(*id)).await.map_err(|cause| backend(&cause))? else {
            return Ok(None);
        };
        let data = serde_json::from_value(found.data).map_err(|c| session_store::Error::Decode(c.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date: Timestamp::to_date_time(found.expires_at) }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        browser::delete(&self.core, digest(*id)).await.map_err(|cause| backend(&cause))
    }
}

fn digest(id: Id) -> Digest {
    Digest::of(&id.0.to_le_bytes())
}

fn backend(cause: &ostiary::error::Internal) -> session_store::Error {
    session_store::Error::Backend(cause.to_string())
}
