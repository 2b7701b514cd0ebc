//! The master key: seals what must be stored but not be read from a stolen database, and derives the keys of single
//! purposes (RFC 5869).

use std::{fmt, io, path::PathBuf};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    cipher::{AES_256, DecryptingKey, DecryptionContext, EncryptingKey, UnboundCipherKey},
    hkdf, hmac,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroize as _;

use crate::{config, db::Engine, entropy::Entropy, error::Internal};

/// What a sealed value is for. It is bound to the value: one kind cannot be passed off as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Private signing keys.
    SigningKey,
    /// Payloads of the outbox.
    Outbox,
    /// Short-lived cookies that carry what was typed from one page to the next.
    Flash,
    /// Successors of refresh tokens (D3).
    RefreshSuccessor,
    /// What browsers show applications of a session (Session Management).
    BrowserState,
    /// Digests of short codes: those of mails (A4) and for recovery (B3).
    ShortCode,
    /// Client secrets that sign: `client_secret_jwt` and HS256 ID tokens (D4, D7).
    ClientSecret,
    /// Names of people for one sector (OIDC Core §8.1).
    PairwiseSubject,
    /// Names of sessions for one sector.
    PairwiseSession,
    /// Nonces for DPoP proofs (RFC 9449 §8).
    DpopNonce,
    /// The secrets shared with authenticator apps (B2).
    Authenticator,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::SigningKey => b"ostiary signing key v1",
            Self::Outbox => b"ostiary outbox v1",
            Self::Flash => b"ostiary flash v1",
            Self::RefreshSuccessor => b"ostiary refresh successor v1",
            Self::BrowserState => b"ostiary browser state v1",
            Self::ShortCode => b"ostiary mail code v1",
            Self::ClientSecret => b"ostiary client secret v1",
            Self::PairwiseSubject => b"ostiary pairwise subject v1",
            Self::PairwiseSession => b"ostiary pairwise session v1",
            Self::DpopNonce => b"ostiary dpop nonce v1",
            Self::Authenticator => b"ostiary authenticator v1",
        }
    }
}

/// Seals and derives with the master key. The key itself is not kept.
pub struct Sealer {
    signing_key: LessSafeKey,
    outbox: LessSafeKey,
    flash: LessSafeKey,
    client_secret: LessSafeKey,
    authenticator: LessSafeKey,
    refresh: hmac::Key,
    browser_state: hmac::Key,
    short_code: hmac::Key,
    pairwise: hmac::Key,
    pairwise_session: hmac::Key,
    dpop_nonce: hmac::Key,
}

/// Why there is no master key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// PostgreSQL instances share a database, so they must be given the key.
    #[error("set secrets.master_key or secrets.master_key_file: 32 bytes in base64 (openssl rand -base64 32)")]
    Missing,
    /// Not 32 bytes of base64.
    #[error("the master key must be 32 bytes in base64 (openssl rand -base64 32)")]
    Malformed,
    /// The key file could not be read or made.
    #[error("cannot use the key file {0}: {1}")]
    File(PathBuf, io::Error),
}

impl Sealer {
    /// Takes the master key from the configuration; on SQLite, without one, from `ostiary.key` beside the database
    /// file, which is made on the first start (readable by its owner only).
    ///
    /// # Errors
    /// [`MasterKeyError`] when there is none or it is malformed.
    pub fn load(config: &config::Config, engine: Engine, entropy: &dyn Entropy) -> Result<Self, MasterKeyError> {
        let secrets = &config.secrets;
        let given = config::secret_from(secrets.master_key.as_ref(), secrets.master_key_file.as_ref())
            .map_err(|cause| MasterKeyError::File(secrets.master_key_file.clone().unwrap_or_default(), cause))?;
        let mut text = match (given, engine) {
            (Some(text), _) => text.expose().to_owned(),
            (None, Engine::Sqlite) => key_beside(config.database.url.expose(), entropy)?,
            (None, Engine::Postgres) => return Err(MasterKeyError::Missing),
        };
        let decoded = STANDARD.decode(text.trim());
        text.zeroize();
        let mut key: [u8; 32] =
            decoded.ok().and_then(|bytes| bytes.try_into().ok()).ok_or(MasterKeyError::Malformed)?;
        let sealer = Self::from_key(&key).map_err(|_| MasterKeyError::Malformed);
        key.zeroize();
        sealer
    }

    /// A sealer of exactly this key.
    ///
    /// # Errors
    /// [`Internal`] when the cryptographic library refuses.
    pub fn from_key(key: &[u8; 32]) -> Result<Self, Internal> {
        let aead = |purpose: Purpose| {
            let key = UnboundKey::new(&AES_256_GCM, &derive(key, purpose)?);
            key.map(LessSafeKey::new).map_err(|cause| Internal::new("derive a key", cause))
        };
        let mac = |purpose| Ok::<_, Internal>(hmac::Key::new(hmac::HMAC_SHA256, &derive(key, purpose)?));
        Ok(Self {
            signing_key: aead(Purpose::SigningKey)?,
            outbox: aead(Purpose::Outbox)?,
            flash: aead(Purpose::Flash)?,
            client_secret: aead(Purpose::ClientSecret)?,
            authenticator: aead(Purpose::Authenticator)?,
            refresh: mac(Purpose::RefreshSuccessor)?,
            browser_state: mac(Purpose::BrowserState)?,
            short_code: mac(Purpose::ShortCode)?,
            pairwise: mac(Purpose::PairwiseSubject)?,
            pairwise_session: mac(Purpose::PairwiseSession)?,
            dpop_nonce: mac(Purpose::DpopNonce)?,
        })
    }

    fn key(&self, purpose: Purpose) -> Result<&LessSafeKey, Internal> {
        match purpose {
            Purpose::SigningKey => Ok(&self.signing_key),
            Purpose::Outbox => Ok(&self.outbox),
            Purpose::Flash => Ok(&self.flash),
            Purpose::ClientSecret => Ok(&self.client_secret),
            Purpose::Authenticator => Ok(&self.authenticator),
            Purpose::RefreshSuccessor
            | Purpose::BrowserState
            | Purpose::ShortCode
            | Purpose::PairwiseSubject
            | Purpose::PairwiseSession
            | Purpose::DpopNonce => Err(Internal::new("seal", "this purpose only derives")),
        }
    }

    /// Encrypts and authenticates `plain` (AES-256-GCM; a fresh nonce in front).
    ///
    /// # Errors
    /// [`Internal`] when the cryptographic library refuses.
    pub fn seal(&self, purpose: Purpose, plain: &[u8], entropy: &dyn Entropy) -> Result<Vec<u8>, Internal> {
        let mut nonce = [0_u8; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut sealed = nonce.to_vec();
        let mut body = plain.to_vec();
        self.key(purpose)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(purpose.label()), &mut body)
            .map_err(|cause| Internal::new("seal", cause))?;
        sealed.append(&mut body);
        Ok(sealed)
    }

    /// Opens what [`Sealer::seal`] made; `None` when it was made for another purpose, by another key, or changed.
    pub fn open(&self, purpose: Purpose, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut body = body.to_vec();
        let plain = self.key(purpose).ok()?.open_in_place(nonce, Aad::from(purpose.label()), &mut body).ok()?;
        Some(plain.to_vec())
    }

    /// What a browser shows applications of a session (Session Management §3.2): a value of its own for each.
    pub fn browser_state(&self, session: &[u8]) -> [u8; 32] {
        sign(&self.browser_state, &[session])
    }

    /// What the store keeps of a short code that was given for `about`. A bare digest of six digits could be reversed by
    /// trying them all; this one only by who holds the key.
    pub fn code_digest(&self, about: &[u8], code: &str) -> crate::secret::Digest {
        crate::secret::Digest::from(sign(&self.short_code, &[about, code.as_bytes()]))
    }

    /// The 256 bits of the successor of a refresh token: only who holds the old token *and* this key can make them,
    /// and they come out the same each time (D3).
    pub fn refresh_successor(&self, old: &crate::secret::PlainToken, salt: &[u8]) -> [u8; 32] {
        sign(&self.refresh, &[salt, old.expose().as_bytes()])
    }

    /// The 256 bits of an opaque access token that goes with a refresh token, the same each time (D3, D6). `about` tells
    /// the tokens of one refresh token apart.
    pub fn access_beside(&self, refresh_token: &crate::secret::PlainToken, about: &str) -> [u8; 32] {
        sign(&self.refresh, &[b"access token beside ", refresh_token.expose().as_bytes(), b"\n", about.as_bytes()])
    }

    /// The name of a person for a sector (OIDC Core §8.1): the same each time, and of no use to other sectors.
    pub fn pairwise_subject(&self, sector: &str, person: &[u8]) -> [u8; 32] {
        sign(&self.pairwise, &[sector.as_bytes(), b"\n", person])
    }

    /// The name of a session for a sector: its one block, enciphered with a key of the sector's own (AES-256). The same each
    /// time, of no use to other sectors, and read back by [`Sealer::session_of_pairwise`].
    ///
    /// # Errors
    /// [`Internal`] when the cryptographic library refuses.
    pub fn pairwise_session(&self, sector: &str, mut session: [u8; 16]) -> Result<[u8; 16], Internal> {
        EncryptingKey::ecb(self.sector_key(sector)?)
            .and_then(|key| key.encrypt(&mut session))
            .map_err(|cause| Internal::new("name a session", cause))?;
        Ok(session)
    }

    /// The session that [`Sealer::pairwise_session`] named so; of another sector's name, or of none, some other one.
    ///
    /// # Errors
    /// [`Internal`] when the cryptographic library refuses.
    pub fn session_of_pairwise(&self, sector: &str, mut name: [u8; 16]) -> Result<[u8; 16], Internal> {
        DecryptingKey::ecb(self.sector_key(sector)?)
            .and_then(|key| key.decrypt(&mut name, DecryptionContext::None).map(drop))
            .map_err(|cause| Internal::new("read the name of a session", cause))?;
        Ok(name)
    }

    fn sector_key(&self, sector: &str) -> Result<UnboundCipherKey, Internal> {
        let key = sign(&self.pairwise_session, &[sector.as_bytes()]);
        UnboundCipherKey::new(&AES_256, &key).map_err(|cause| Internal::new("derive a key", cause))
    }

    /// What makes a DPoP nonce of this instance (RFC 9449 §8) from its time.
    pub fn dpop_nonce(&self, time: &[u8]) -> [u8; 32] {
        sign(&self.dpop_nonce, &[time])
    }
}

fn sign(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let mut out = [0_u8; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(…)")
    }
}

fn derive(key: &[u8; 32], purpose: Purpose) -> Result<[u8; 32], Internal> {
    let mut out = [0_u8; 32];
    hkdf::Salt::new(hkdf::HKDF_SHA256, b"ostiary master key")
        .extract(key)
        .expand(&[purpose.label()], hkdf::HKDF_SHA256)
        .and_then(|expanded| expanded.fill(&mut out))
        .map_err(|cause| Internal::new("derive a key", cause))?;
    Ok(out)
}

fn key_beside(database_url: &str, entropy: &dyn Entropy) -> Result<String, MasterKeyError> {
    let file = database_url.trim_start_matches("sqlite:").trim_start_matches("//");
    let file = file.split_once('?').map_or(file, |(file, _)| file);
    let path = PathBuf::from(file).with_file_name("ostiary.key");
    match std::fs::read_to_string(&path) {
        Ok(text) => return Ok(text),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
        Err(cause) => return Err(MasterKeyError::File(path, cause)),
    }
    let mut bytes = [0_u8; 32];
    entropy.fill(&mut bytes);
    let text = STANDARD.encode(bytes);
    bytes.zeroize();
    match write_private(&path, &text) {
        Ok(()) => Ok(text),
        // Another process was first: its key counts.
        Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {
            std::fs::read_to_string(&path).map_err(|cause| MasterKeyError::File(path, cause))
        }
        Err(cause) => Err(MasterKeyError::File(path, cause)),
    }
}

/// Writes a new file that only its owner may read, whole or not at all.
fn write_private(path: &std::path::Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // A hard link fails when the name is taken, a rename would replace it.
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    /// D7: sealed values open only with the same key and for the same purpose.
    #[test]
    fn sealed_values_open_only_where_they_belong() {
        let sealer = Sealer::from_key(&[7; 32]).unwrap();
        let hidden = sealer.seal(Purpose::Outbox, b"hello", &SystemEntropy).unwrap();
        assert_eq!(sealer.open(Purpose::Outbox, &hidden).unwrap(), b"hello");
        assert!(sealer.open(Purpose::Flash, &hidden).is_none());
        assert!(Sealer::from_key(&[8; 32]).unwrap().open(Purpose::Outbox, &hidden).is_none());
        let mut changed = hidden.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert!(sealer.open(Purpose::Outbox, &changed).is_none());
        assert!(sealer.open(Purpose::Outbox, b"").is_none());
    }

    /// D8: the name of a session is one for a sector and another for another, and only its own sector's leads back.
    #[test]
    fn sessions_have_a_name_for_each_sector() {
        let sealer = Sealer::from_key(&[7; 32]).unwrap();
        let (shop, bank) = ("shop.example", "bank.example");
        let session = *b"sixteen of bytes";
        let name = sealer.pairwise_session(shop, session).unwrap();
        assert_eq!(sealer.pairwise_session(shop, session).unwrap(), name);
        assert_eq!(sealer.session_of_pairwise(shop, name).unwrap(), session);
        assert!(name != session && sealer.pairwise_session(bank, session).unwrap() != name);
        assert_ne!(sealer.session_of_pairwise(bank, name).unwrap(), session);
        assert_ne!(Sealer::from_key(&[8; 32]).unwrap().pairwise_session(shop, session).unwrap(), name);
    }

    #[test]
    fn the_key_file_is_made_once_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("o.db").display());
        let first = key_beside(&url, &SystemEntropy).unwrap();
        assert_eq!(key_beside(&url, &SystemEntropy).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.path().join("ostiary.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
