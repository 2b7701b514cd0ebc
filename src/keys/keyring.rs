//! The keys in memory: parsed once, read again when a node changed them or one of their times has come.

use std::{
    collections::HashMap,
    sync::{Arc, OnceLock, PoisonError, RwLock},
    time::Duration,
};

use super::{
    rotate_keys,
    store::{self, StoredKey},
};
use crate::{
    clock::Timestamp,
    core::Core,
    db::Touched,
    error::Internal,
    protocol::{
        JwkSet, SigningAlg,
        jwt::{SigningKey, VerifyingKey},
    },
    seal::Purpose,
};

/// Keys are read again after this long in any case: on SQLite the command line may have changed them, and no node tells.
const GOOD_FOR: Duration = Duration::from_secs(10);

/// The signing keys of this instance.
#[derive(Debug, Default)]
pub struct Keyring {
    loaded: RwLock<Option<Arc<Loaded>>>,
}

struct Loaded {
    revision: u64,
    good_until: Timestamp,
    /// At most one per algorithm: the one that signs now. Parsed on first use: an RSA key takes milliseconds.
    signers: HashMap<SigningAlg, (StoredKey, OnceLock<Arc<SigningKey>>)>,
    verifiers: HashMap<String, Arc<VerifyingKey>>,
    jwks: Arc<JwkSet>,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("kids", &self.verifiers.keys()).finish_non_exhaustive()
    }
}

impl Keyring {
    /// The key that signs with `alg` now; the first one of an algorithm is made when it is first asked for.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer or a stored key does not open with the master key, and always for
    /// HS256, which has no key of ours.
    pub async fn signer(&self, core: &Core, alg: SigningAlg) -> Result<Arc<SigningKey>, Internal> {
        if let Some(signer) = self.current(core).await?.signer(core, alg)? {
            return Ok(signer);
        }
        let ctx = core.system();
        let key = rotate_keys::make_apart(&ctx, alg, ctx.now()).await?;
        rotate_keys::store_first(&ctx, &key).await?;
        let signer = self.current(core).await?.signer(core, alg)?;
        signer.ok_or_else(|| Internal::new("make a signing key", "it is not there"))
    }

    /// The published key named `kid`, if there is one.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn verifier(&self, core: &Core, kid: &str) -> Result<Option<Arc<VerifyingKey>>, Internal> {
        Ok(self.current(core).await?.verifiers.get(kid).cloned())
    }

    /// The published keys, for the JWKS document.
    ///
    /// # Errors
    /// [`Internal`] when the database does not answer.
    pub async fn jwks(&self, core: &Core) -> Result<Arc<JwkSet>, Internal> {
        Ok(Arc::clone(&self.current(core).await?.jwks))
    }

    async fn current(&self, core: &Core) -> Result<Arc<Loaded>, Internal> {
        let revision = core.db().revisions().of(Touched::Keys);
        let now = core.now();
        if let Some(loaded) = &*self.loaded.read().unwrap_or_else(PoisonError::into_inner)
            && loaded.revision == revision
            && now < loaded.good_until
        {
            return Ok(Arc::clone(loaded));
        }
        let loaded = load(core, revision, now).await?;
        if let Some(before) = &*self.loaded.read().unwrap_or_else(PoisonError::into_inner) {
            loaded.keep_parsed(before);
        }
        let loaded = Arc::new(loaded);
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&loaded));
        Ok(loaded)
    }
}

async fn load(core: &Core, revision: u64, now: Timestamp) -> Result<Loaded, Internal> {
    let mut conn = core.db().read().await?;
    let keys = store::list(&mut conn).await?;
    drop(conn);
    let good_until = keys.iter().filter_map(|key| key.times.next_change(now)).min();
    let mut signers = HashMap::new();
    let mut verifiers = HashMap::new();
    let mut jwks = Vec::new();
    for key in keys.into_iter().filter(|key| key.times.is_published(now)) {
        let verifier =
            VerifyingKey::from_jwk(&key.jwk).map_err(|cause| Internal::new("read a published key", cause))?;
        verifiers.insert(key.kid().to_owned(), Arc::new(verifier));
        jwks.push(key.jwk.clone());
        if key.times.may_sign(now) {
            // Newest first, so the first one of each algorithm is the one that signs.
            signers.entry(key.alg).or_insert_with(|| (key, OnceLock::new()));
        }
    }
    Ok(Loaded {
        revision,
        good_until: good_until.map_or(now + GOOD_FOR, |at| at.min(now + GOOD_FOR)),
        signers,
        verifiers,
        jwks: Arc::new(JwkSet { keys: jwks }),
    })
}

impl Loaded {
    /// Takes over keys that were parsed before.
    fn keep_parsed(&self, before: &Self) {
        for (alg, (stored, parsed)) in &self.signers {
            if let Some((_, earlier)) = before.signers.get(alg)
                && let Some(signer) = earlier.get()
                && signer.kid() == stored.kid()
            {
                parsed.get_or_init(|| Arc::clone(signer));
            }
        }
    }

    fn signer(&self, core: &Core, alg: SigningAlg) -> Result<Option<Arc<SigningKey>>, Internal> {
        let Some((stored, parsed)) = self.signers.get(&alg) else { return Ok(None) };
        if let Some(signer) = parsed.get() {
            return Ok(Some(Arc::clone(signer)));
        }
        let pkcs8 = core
            .sealer()
            .open(Purpose::SigningKey, &stored.sealed)
            .map(zeroize::Zeroizing::new)
            .ok_or_else(|| Internal::new("open a signing key", "the master key does not fit"))?;
        let signer = SigningKey::from_pkcs8(alg, &pkcs8).map_err(|cause| Internal::new("read a signing key", cause))?;
        Ok(Some(Arc::clone(parsed.get_or_init(|| Arc::new(signer)))))
    }
}
