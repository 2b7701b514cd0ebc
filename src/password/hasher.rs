//! Making and checking password hashes (A3, A7, I10).

use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use password_hash::phc::{Ident, Output, ParamsString, PasswordHash, Salt};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::foreign::Scheme;
use super::foreign::argon2::compute;
use super::memory::Memory;
use super::pool::{Pool, PoolError};
use super::stored::StoredHash;
use crate::secret::SecretString;

#[cfg(test)]
mod tests;

/// Bytes of a hash that we make.
const OUTPUT_LEN: usize = 32;
/// What an attempt at an unknown account is hashed with; its result is thrown away.
const NO_SALT: [u8; 16] = [0; 16];

/// The cost of a hash, and how many are made at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HasherConfig {
    /// Argon2's memory in KiB, 8 × `lanes` to 262,144; 19,456 by default. Each thread keeps so much.
    pub memory_kib: u32,
    /// Argon2's passes over that memory, 1 to 64; 2 by default.
    pub passes: u32,
    /// Argon2's lanes, 1 to 16; 1 by default. They are computed one after the other.
    pub lanes: u32,
    /// Threads that hash, up to 256; 0, the default, means one per core.
    pub threads: usize,
    /// How many may wait for each thread, 1 to 4,096, before the server says that it is busy; 64 by default.
    pub queue_per_thread: usize,
}

impl Default for HasherConfig {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1, threads: 0, queue_per_thread: 64 }
    }
}

impl HasherConfig {
    /// The cheapest parameters that Argon2 takes, for tests that hash a lot.
    #[cfg(any(test, feature = "testing"))]
    pub fn cheap() -> Self {
        Self { memory_kib: 8, passes: 1, threads: 1, ..Self::default() }
    }

    /// Says whether every value is within its bounds; to be called when the configuration is read.
    ///
    /// # Errors
    /// [`HasherConfigError`] when one is not.
    pub fn check(&self) -> Result<(), HasherConfigError> {
        if *self == self.within_bounds() { Ok(()) } else { Err(HasherConfigError) }
    }

    /// The same, with each value that is out of bounds moved to the nearest that is not.
    fn within_bounds(&self) -> Self {
        let lanes = self.lanes.clamp(1, 16);
        Self {
            memory_kib: self.memory_kib.clamp(8 * lanes, 262_144),
            passes: self.passes.clamp(1, 64),
            lanes,
            threads: self.threads.min(256),
            queue_per_thread: self.queue_per_thread.clamp(1, 4_096),
        }
    }
}

/// Parameters that Argon2 or this server cannot work with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "password hashing needs memory_kib from 8 × lanes to 262144, passes 1 to 64, lanes 1 to 16, at most 256 threads, queue_per_thread 1 to 4096"
)]
pub struct HasherConfigError;

/// What a check of a password found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The password is the right one.
    pub matches: bool,
    /// The password is right, and its hash is not as we would make it now: hash it anew and replace it (A3).
    pub needs_rehash: bool,
}

impl Verdict {
    /// The answer to a wrong password, and to any for an unknown account.
    pub const NO: Self = Self { matches: false, needs_rehash: false };
}

/// Why a password was not hashed or checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// More passwords wait to be hashed than the queue holds: answer 503 with `Retry-After` (I10).
    #[error("too many passwords wait to be hashed; room again in about {retry_after_secs} s")]
    Busy {
        /// When to come back, in seconds from now, 1 to 30.
        retry_after_secs: u32,
    },
    /// The stored hash is in no form we know. It was not when it was stored, so somebody else wrote it there.
    #[error("the stored password hash is in no known form")]
    UnknownFormat,
    /// A fault of ours: no hashing thread could be started, or the computation failed.
    #[error("a password could not be hashed")]
    Failed,
}

impl From<PoolError> for HashError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Busy { retry_after_secs } => Self::Busy { retry_after_secs },
            PoolError::Failed => Self::Failed,
        }
    }
}

/// Makes and checks password hashes, on threads of its own. A clone shares them; they end with the last one.
#[derive(Clone)]
pub struct Hasher {
    pool: Arc<Pool>,
    params: Params,
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher").field("params", &self.params).finish_non_exhaustive()
    }
}

impl Hasher {
    /// Plans the threads; none is started and nothing allocated before the first password.
    ///
    /// `config` was [checked](HasherConfig::check) when it was read; here a value out of bounds counts as the nearest
    /// one within.
    pub fn new(config: &HasherConfig) -> Self {
        let config = config.within_bounds();
        let params = Params::new(config.memory_kib, config.passes, config.lanes, Some(OUTPUT_LEN));
        let params = params.unwrap_or_default(); // within its bounds it is taken as it is: a test tries the corners
        let threads = match config.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        let queue_len = threads * config.queue_per_thread;
        let pool = Arc::new(Pool::new(threads, queue_len, params.block_count()));
        Self { pool, params }
    }

    /// How many passwords were hashed or checked so far, for tests that compare the work.
    #[cfg(any(test, feature = "testing"))]
    pub fn work_asked(&self) -> usize {
        self.pool.asked()
    }

    /// Hashes a new password. `salt` comes from the context's entropy and is used once.
    ///
    /// # Errors
    /// [`HashError::Busy`] when too many wait, [`HashError::Failed`] for a fault of ours.
    pub async fn hash(&self, password: SecretString, salt: [u8; 16]) -> Result<StoredHash, HashError> {
        let params = self.params.clone();
        let made = self.pool.run(move |memory| make(&params, password.expose().as_bytes(), &salt, memory)).await?;
        made.ok_or(HashError::Failed)
    }

    /// Checks a password against what is stored. Without a stored hash — an unknown account, or one that has no password —
    /// the answer is no, after the time that a check takes (A7).
    ///
    /// # Errors
    /// As [`Hasher::hash`], and [`HashError::UnknownFormat`] when the stored text is not understood.
    pub async fn verify(&self, password: SecretString, stored: Option<&StoredHash>) -> Result<Verdict, HashError> {
        let Some(stored) = stored else {
            return self.verify_unknown(password).await;
        };
        let scheme = stored.scheme().ok_or(HashError::UnknownFormat)?;
        let params = self.params.clone();
        let checked =
            self.pool.run(move |memory| check(&params, &scheme, password.expose().as_bytes(), memory)).await?;
        checked.ok_or(HashError::Failed)
    }

    /// Does for an unknown account what [`Hasher::verify`] does for a known one, and answers [`Verdict::NO`].
    ///
    /// # Errors
    /// As [`Hasher::hash`].
    pub async fn verify_unknown(&self, password: SecretString) -> Result<Verdict, HashError> {
        let params = self.params.clone();
        let work = move |memory: &mut Memory| {
            let output = digest(&params, password.expose().as_bytes(), &NO_SALT, memory);
            std::hint::black_box(output).is_some()
        };
        if self.pool.run(work).await? { Ok(Verdict::NO) } else { Err(HashError::Failed) }
    }
}

/// The Argon2id output for a password, with our parameters.
fn digest(
    params: &Params,
    password: &[u8],
    salt: &[u8; 16],
    memory: &mut Memory,
) -> Option<Zeroizing<[u8; OUTPUT_LEN]>> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut output = Zeroizing::new([0_u8; OUTPUT_LEN]);
    compute(&argon2, password, salt, output.as_mut_slice(), memory)?;
    Some(output)
}

/// A new hash, as PHC string.
fn make(params: &Params, password: &[u8], salt: &[u8; 16], memory: &mut Memory) -> Option<StoredHash> {
    let output = digest(params, password, salt, memory)?;
    let phc = PasswordHash {
        algorithm: Ident::new("argon2id").ok()?,
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(output.as_slice()).ok()?),
    };
    Some(StoredHash::own(phc.to_string()))
}

/// Compares a password with what is stored, and says whether that should be replaced.
fn check(params: &Params, scheme: &Scheme, password: &[u8], memory: &mut Memory) -> Option<Verdict> {
    let matches = scheme.verify(password, memory)?;
    let current = match scheme {
        Scheme::Argon2(hash) => hash.is_current(params),
        Scheme::Bcrypt(_) | Scheme::Scrypt(_) | Scheme::Pbkdf2(_) | Scheme::AspNet(_) => false,
    };
    Some(Verdict { matches, needs_rehash: matches && !current })
}
