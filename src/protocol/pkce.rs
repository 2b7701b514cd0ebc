//! Proof Key for Code Exchange (RFC 7636).
//!
//! Only `S256` is spoken: `plain` would hand the verifier to whoever sees the authorization request,
//! and RFC 9700 §2.1.1 asks for a method that does not. A request that names no method means `plain`
//! (RFC 7636 §4.3) and is refused likewise.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize as _;

text_enum! {
    /// How a challenge is made from its verifier (RFC 7636 §4.2).
    pub enum CodeChallengeMethod {
        /// The SHA-256 of the verifier, base64url without padding.
        S256 = "S256",
    }
}

/// A challenge or verifier that is not what RFC 7636 §4 describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PkceError {
    /// Not 43 characters of base64url that stand for 32 bytes.
    #[error("the code challenge is not 43 characters of base64url")]
    Challenge,
    /// Not 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`.
    #[error("the code verifier is not 43 to 128 unreserved characters")]
    Verifier,
}

/// An `S256` code challenge: 43 characters of base64url.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeChallenge(String);

impl CodeChallenge {
    /// Length of an `S256` challenge in bytes.
    pub const BYTES: usize = 43;

    /// Checks a `code_challenge` parameter.
    ///
    /// # Errors
    /// Anything but the canonical base64url of 32 bytes.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let mut digest = [0_u8; 33];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut digest) {
            Ok(32) if text.len() == Self::BYTES => Ok(Self(text.to_owned())),
            _ => Err(PkceError::Challenge),
        }
    }

    /// The challenge as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `verifier` is the one this challenge was made from (RFC 7636 §4.6), compared in
    /// constant time.
    pub fn verify(&self, verifier: &CodeVerifier) -> bool {
        verifier.challenge().0.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

impl TryFrom<String> for CodeChallenge {
    type Error = PkceError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<CodeChallenge> for String {
    fn from(challenge: CodeChallenge) -> Self {
        challenge.0
    }
}

/// A code verifier: a secret of 43 to 128 unreserved characters (RFC 7636 §4.1). Wiped when dropped,
/// never shown by `Debug`.
#[derive(Clone)]
pub struct CodeVerifier(String);

impl CodeVerifier {
    /// Checks a `code_verifier` parameter.
    ///
    /// # Errors
    /// A length outside 43 to 128, or a character that is not unreserved.
    pub fn parse(text: &str) -> Result<Self, PkceError> {
        let unreserved = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        if (43..=128).contains(&text.len()) && text.bytes().all(unreserved) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PkceError::Verifier)
        }
    }

    /// The `S256` challenge of this verifier (RFC 7636 §4.2).
    pub fn challenge(&self) -> CodeChallenge {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.0.as_bytes());
        CodeChallenge(URL_SAFE_NO_PAD.encode(digest))
    }
}

impl fmt::Debug for CodeVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeVerifier(…)")
    }
}

impl Drop for CodeVerifier {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example of RFC 7636 Appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc() {
        let verifier = CodeVerifier::parse(VERIFIER).unwrap();
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert_eq!(verifier.challenge(), challenge);
        assert!(challenge.verify(&verifier));
        assert!(!format!("{verifier:?}").contains("dBjf"));
    }

    #[test]
    fn the_challenge_itself_is_not_a_proof() {
        // What `plain` would have accepted.
        let challenge = CodeChallenge::parse(CHALLENGE).unwrap();
        assert!(!challenge.verify(&CodeVerifier::parse(CHALLENGE).unwrap()));
    }

    #[test]
    fn malformed_challenges_are_refused() {
        let long = format!("{CHALLENGE}A");
        let padded = format!("{CHALLENGE}=");
        // The last character carries two unused bits, which must be zero.
        let loose = format!("{}N", &CHALLENGE[..42]);
        for text in ["", &CHALLENGE[..42], &long, &padded, &loose, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"] {
            assert_eq!(CodeChallenge::parse(text), Err(PkceError::Challenge), "{text}");
        }
        assert!(serde_json::from_str::<CodeChallenge>("\"short\"").is_err());
    }

    #[test]
    fn malformed_verifiers_are_refused() {
        for text in [
            &VERIFIER[..42],
            &"a".repeat(129),
            &format!("{VERIFIER} "),
            &format!("{VERIFIER}é"),
            &format!("{VERIFIER}+"),
        ] {
            assert!(CodeVerifier::parse(text).is_err(), "{text}");
        }
        assert!(CodeVerifier::parse(&"~".repeat(128)).is_ok());
    }

    #[test]
    fn plain_is_not_a_method() {
        assert!("plain".parse::<CodeChallengeMethod>().is_err());
        assert!("s256".parse::<CodeChallengeMethod>().is_err());
    }

    proptest! {
        #[test]
        fn a_verifier_proves_its_own_challenge_and_no_other(a in "[A-Za-z0-9._~-]{43,128}", b in "[A-Za-z0-9._~-]{43,128}") {
            let (va, vb) = (CodeVerifier::parse(&a).unwrap(), CodeVerifier::parse(&b).unwrap());
            let challenge = CodeChallenge::parse(va.challenge().as_str()).unwrap();
            prop_assert!(challenge.verify(&va));
            prop_assert_eq!(challenge.verify(&vb), a == b);
        }

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            let _ = CodeVerifier::parse(&text);
            let _ = CodeChallenge::parse(&text);
        }
    }
}
