//! Time-based one-time codes (RFC 6238): six digits, thirty seconds, SHA-1, which is what every app understands.

use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use crate::{clock::Timestamp, core::Core, error::Internal, seal::Purpose, secret::SecretString};

/// The length that RFC 4226 §4 recommends: 160 bits.
const SECRET_BYTES: usize = 20;

/// A fresh secret, sealed for the table.
pub(super) fn new_secret(core: &Core) -> Result<Vec<u8>, Internal> {
    let mut secret = Zeroizing::new([0_u8; SECRET_BYTES]);
    core.entropy().fill(&mut *secret);
    core.sealer().seal(Purpose::Authenticator, &*secret, core.entropy())
}

/// The generator behind a sealed secret. Names matter only in its address.
pub(super) fn open(core: &Core, sealed: &[u8], account: &str) -> Result<Totp, Internal> {
    let secret = core.sealer().open(Purpose::Authenticator, sealed);
    let secret = secret.ok_or_else(|| Internal::new("open an authenticator's secret", "sealed by another key"))?;
    // The label's two parts are told apart by a colon (Key URI format), so neither may have one.
    let issuer = core.config().instance.name.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_issuer(Some(issuer))
        .with_account_name(account.replace(':', " "))
        .build()
        .map_err(|cause| Internal::new("use an authenticator's secret", cause))
}

/// The time step whose code this is, if it is that of now, the one before, or the one after (RFC 6238 §5.2).
pub(super) fn matching_step(totp: &Totp, code: &SecretString, now: Timestamp) -> Option<i64> {
    let digits: Zeroizing<String> =
        Zeroizing::new(code.expose().chars().filter(|c| !c.is_whitespace() && *c != '-').take(7).collect());
    let step = totp.check(&digits, u64::try_from(now.as_secs()).ok()?)?;
    i64::try_from(step).ok()
}
