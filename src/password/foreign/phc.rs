//! What the PHC strings of Argon2 and scrypt have in common.

use password_hash::phc::PasswordHash;

/// Reads a PHC string. Some writers pad their base64 (`PowerDNS`, for one); the specification does not, so padding goes.
pub(super) fn read(text: &str) -> Option<PasswordHash> {
    let unpadded: Vec<&str> = text.split('$').map(|part| part.trim_end_matches('=')).collect();
    PasswordHash::new(&unpadded.join("$")).ok()
}

/// The parameter `name`, which must be there.
pub(super) fn number(hash: &PasswordHash, name: &str) -> Option<u32> {
    hash.params.get_decimal(name)
}

/// Tells whether the parameters are exactly those named: an unknown one (a key, associated data) changes the result.
pub(super) fn only(hash: &PasswordHash, names: &[&str]) -> bool {
    hash.params.iter().all(|(name, _)| names.contains(&name.as_str()))
}
