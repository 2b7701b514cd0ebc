//! The public keys of a client (RFC 7591 §2 `jwks` and `jwks_uri`), in memory.
//!
//! Keys behind a `jwks_uri` are kept as long as their answer says, between a minute and a day. When a token names a key
//! that is not among them they are fetched again, since the client may just have changed them, but not more than once in
//! half a minute: whoever makes up key names does not make us knock at the client's door each time. One request at a
//! time is on its way for a client, and while its answers cannot be used the last good keys stay in use.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use moka::sync::Cache;
use serde_json::Value;
use url::Url;

use super::Client;
use crate::{
    clock::Timestamp,
    core::Core,
    fetch::{FetchError, Fetched},
    protocol::{ForeignKeys, ForeignKeysError},
};

/// Largest key set, bytes.
const MAX_BYTES: usize = 64 * 1024;
/// How long a key set is kept whose answer does not say.
const KEEP: Duration = Duration::from_hours(1);
const KEEP_AT_LEAST: Duration = Duration::from_mins(1);
const KEEP_AT_MOST: Duration = Duration::from_hours(24);
/// Least time between two requests for a client's keys.
const PAUSE: Duration = Duration::from_secs(30);

/// Why there are no keys of a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ClientKeysError {
    /// It is registered with none.
    #[error("the client is registered without keys")]
    None,
    /// `jwks` or what is found at `jwks_uri` is no set of public keys.
    #[error("{0}")]
    Keys(#[from] ForeignKeysError),
    /// `jwks_uri` cannot be fetched.
    #[error("the client's jwks_uri cannot be used: {0}")]
    Fetch(#[from] FetchError),
}

/// Where keys come from.
#[derive(Clone, Debug, PartialEq)]
enum Source {
    Inline(Value),
    At(Url),
}

/// Keys of others in memory, by their owner.
pub(super) struct KeyCache(Cache<String, Arc<Slot>>);

impl Default for KeyCache {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(10_000).time_to_idle(KEEP_AT_MOST).build())
    }
}

struct Slot {
    source: Source,
    state: RwLock<State>,
    /// Held by who fetches.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct State {
    keys: Result<Arc<ForeignKeys>, ClientKeysError>,
    fresh_until: Timestamp,
    /// When they were last asked for, with or without success.
    tried_at: Timestamp,
}

impl Slot {
    fn state(&self) -> State {
        self.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// The keys of `client`. With `kid` they are fetched again when none has that name; whether one has it then is for the
/// caller to see.
///
/// # Errors
/// [`ClientKeysError`]
pub(crate) async fn find_keys(
    core: &Core,
    client: &Client,
    kid: Option<&str>,
) -> Result<Arc<ForeignKeys>, ClientKeysError> {
    let settings = &client.settings;
    find(core, format!("client {}", client.id), settings.jwks.as_ref(), settings.jwks_uri.as_ref(), kid).await
}

/// The keys of anybody else who is configured with `jwks` or `jwks_uri`, such as the issuer of an assertion (RFC 7523
/// §3). `owner` tells them apart.
///
/// # Errors
/// [`ClientKeysError`]
pub(crate) async fn find_foreign_keys(
    core: &Core,
    owner: &str,
    jwks: Option<&Value>,
    jwks_uri: Option<&Url>,
    kid: Option<&str>,
) -> Result<Arc<ForeignKeys>, ClientKeysError> {
    find(core, format!("issuer {owner}"), jwks, jwks_uri, kid).await
}

async fn find(
    core: &Core,
    owner: String,
    jwks: Option<&Value>,
    jwks_uri: Option<&Url>,
    kid: Option<&str>,
) -> Result<Arc<ForeignKeys>, ClientKeysError> {
    let source = match (jwks, jwks_uri) {
        (Some(jwks), _) => Source::Inline(jwks.clone()),
        (None, Some(url)) => Source::At(url.clone()),
        (None, None) => return Err(ClientKeysError::None),
    };
    let slot = slot(core, &owner, source);
    let Source::At(url) = &slot.source else { return slot.state().keys };
    let good = |state: &State| {
        let wanted = state.keys.as_ref().ok().filter(|keys| kid.is_none_or(|kid| keys.has_kid(kid)))?;
        (core.now() < state.fresh_until).then(|| Arc::clone(wanted))
    };
    if let Some(keys) = good(&slot.state()) {
        return Ok(keys);
    }
    let _flight = slot.flight.lock().await;
    // Whoever held the lock before may have brought them.
    let before = slot.state();
    if let Some(keys) = good(&before) {
        return Ok(keys);
    }
    if core.now() < before.tried_at + PAUSE {
        return before.keys;
    }
    let after = match fetch(core, url).await {
        Ok((keys, fetched)) => {
            let keep = fetched.max_age.unwrap_or(KEEP).clamp(KEEP_AT_LEAST, KEEP_AT_MOST);
            State { keys: Ok(Arc::new(keys)), fresh_until: core.now() + keep, tried_at: core.now() }
        }
        Err(error) => {
            tracing::warn!(owner, %url, %error, "the keys of a client cannot be fetched");
            let keys = before.keys.map_err(|_| error);
            State { keys, fresh_until: before.fresh_until, tried_at: core.now() }
        }
    };
    slot.set(after.clone());
    after.keys
}

fn slot(core: &Core, owner: &str, source: Source) -> Arc<Slot> {
    let cache = &core.clients().keys.0;
    if let Some(slot) = cache.get(owner)
        && slot.source == source
    {
        return slot;
    }
    let never = Timestamp::default();
    let keys = match &source {
        Source::Inline(jwks) => ForeignKeys::parse(jwks).map(Arc::new).map_err(ClientKeysError::from),
        Source::At(_) => Err(ClientKeysError::None),
    };
    let state = RwLock::new(State { keys, fresh_until: never, tried_at: never });
    let slot = Arc::new(Slot { source, state, flight: tokio::sync::Mutex::new(()) });
    cache.insert(owner.to_owned(), Arc::clone(&slot));
    slot
}

async fn fetch(core: &Core, url: &Url) -> Result<(ForeignKeys, Fetched), ClientKeysError> {
    let (document, fetched) = core.fetcher().get_json(url, MAX_BYTES).await?;
    Ok((ForeignKeys::parse(&document)?, fetched))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        client::ClientSettings,
        testing::{TestCore, TestWeb},
    };

    const KEY: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

    fn jwks(kids: &[&str]) -> Value {
        let key = |kid: &&str| {
            let mut key: Value = serde_json::from_str(KEY).unwrap();
            key["kid"] = (*kid).into();
            key
        };
        serde_json::json!({ "keys": kids.iter().map(key).collect::<Vec<_>>() })
    }

    fn client(settings: ClientSettings) -> Client {
        Client::new("blockyard".to_owned(), "Blockyard".to_owned(), settings, Timestamp::default())
    }

    async fn house() -> (TestCore, TestWeb, Client) {
        let web = TestWeb::http().await;
        let core = TestCore::sqlite_with(|config| web.open(&mut config.fetch)).await;
        let client = client(ClientSettings { jwks_uri: Some(web.url("/jwks")), ..ClientSettings::default() });
        (core, web, client)
    }

    /// D4, RFC 7591 §2: keys that came with the registration.
    #[tokio::test]
    async fn inline_keys_are_read_once_and_follow_the_settings() {
        let core = TestCore::sqlite().await;
        let with = |jwks| client(ClientSettings { jwks: Some(jwks), ..ClientSettings::default() });
        let first = find_keys(&core, &with(jwks(&["a"])), None).await.unwrap();
        assert!(Arc::ptr_eq(&first, &find_keys(&core, &with(jwks(&["a"])), Some("x")).await.unwrap()));
        assert!(find_keys(&core, &with(jwks(&["b"])), None).await.unwrap().has_kid("b"), "changed settings count");
        let broken = find_keys(&core, &with(serde_json::json!([])), None).await;
        assert_eq!(broken.unwrap_err(), ClientKeysError::Keys(ForeignKeysError::Form));
        let none = find_keys(&core, &client(ClientSettings::default()), None).await;
        assert_eq!(none.unwrap_err(), ClientKeysError::None);
    }

    /// OIDC Core §10.1.1: a key that is not known is looked for once more; who makes names up cannot make us ask again
    /// and again.
    #[tokio::test]
    async fn an_unknown_key_is_looked_for_but_not_too_often() {
        let (core, web, client) = house().await;
        web.put_json("/jwks", &jwks(&["a"]));
        assert!(find_keys(&core, &client, Some("a")).await.unwrap().has_kid("a"));
        web.put_json("/jwks", &jwks(&["b"]));
        for _ in 0..5 {
            assert!(!find_keys(&core, &client, Some("b")).await.unwrap().has_kid("b"), "too soon");
        }
        assert_eq!(web.asked("/jwks"), 1);
        core.clock.advance(PAUSE);
        assert!(find_keys(&core, &client, Some("b")).await.unwrap().has_kid("b"));
        assert!(find_keys(&core, &client, None).await.is_ok());
        assert_eq!(web.asked("/jwks"), 2);
    }

    /// RFC 9111 §5.2.2.1, within our own bounds.
    #[tokio::test]
    async fn keys_are_kept_as_long_as_they_say() {
        for (cache, minutes) in
            [("max-age=1", 1), ("no-store", 1), ("max-age=600", 10), ("public", 60), ("max-age=999999", 24 * 60)]
        {
            let (core, web, client) = house().await;
            web.put("/jwks", "application/jwk-set+json", &[("cache-control", cache)], jwks(&["a"]).to_string());
            find_keys(&core, &client, None).await.unwrap();
            core.clock.advance(Duration::from_secs(minutes * 60 - 1));
            find_keys(&core, &client, None).await.unwrap();
            assert_eq!(web.asked("/jwks"), 1, "{cache}");
            core.clock.advance(Duration::from_secs(1));
            find_keys(&core, &client, None).await.unwrap();
            assert_eq!(web.asked("/jwks"), 2, "{cache}");
        }
    }

    /// D4: a client whose server is down for a while is still believed.
    #[tokio::test]
    async fn the_last_good_keys_survive() {
        let (core, web, client) = house().await;
        let missing = find_keys(&core, &client, None).await;
        assert_eq!(missing.unwrap_err(), ClientKeysError::Fetch(FetchError::Status(404)));
        web.put_json("/jwks", &jwks(&["a"]));
        assert!(find_keys(&core, &client, None).await.is_err(), "not asked again so soon");
        core.clock.advance(PAUSE);
        find_keys(&core, &client, None).await.unwrap();
        core.clock.advance(Duration::from_hours(2));
        for broken in [serde_json::json!({ "keys": [{ "kty": "oct", "k": "AA" }] }), serde_json::json!(7)] {
            web.put_json("/jwks", &broken);
            assert!(find_keys(&core, &client, Some("a")).await.unwrap().has_kid("a"));
            core.clock.advance(PAUSE);
        }
        web.remove("/jwks");
        assert!(find_keys(&core, &client, Some("a")).await.unwrap().has_kid("a"));
        assert_eq!(web.asked("/jwks"), 5);
    }

    /// D4: many at once make one request.
    #[tokio::test]
    async fn one_request_at_a_time() {
        let (core, web, client) = house().await;
        web.put_json("/jwks", &jwks(&["a"]));
        let ask = || {
            let (core, client) = (core.core.clone(), client.clone());
            tokio::spawn(async move { find_keys(&core, &client, Some("a")).await.is_ok() })
        };
        for asking in (0..20).map(|_| ask()).collect::<Vec<_>>() {
            assert!(asking.await.unwrap());
        }
        assert_eq!(web.asked("/jwks"), 1);
    }

    /// D8: keys are not fetched from where only we can reach.
    #[tokio::test]
    async fn private_addresses_are_refused() {
        let web = TestWeb::https().await;
        web.put_json("/jwks", &jwks(&["a"]));
        let core = TestCore::sqlite().await;
        let client = client(ClientSettings { jwks_uri: Some(web.url("/jwks")), ..ClientSettings::default() });
        let refused = find_keys(&core, &client, None).await;
        assert_eq!(refused.unwrap_err(), ClientKeysError::Fetch(FetchError::Forbidden));
        assert!(web.requests().is_empty());
    }
}
