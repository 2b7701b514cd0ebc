//! Signature algorithms (RFC 7518 §3.1).

use jsonwebtoken::{Algorithm, AlgorithmFamily};

text_enum! {
    /// How tokens are signed. The algorithm belongs to the key; what a token's header says is only
    /// compared with it (RFC 8725 §3.1).
    pub enum SigningAlg {
        /// ECDSA on P-256 with SHA-256: the default.
        Es256 = "ES256",
        /// RSA PKCS#1 v1.5 with SHA-256: mandatory to implement (OIDC Core §15.1).
        Rs256 = "RS256",
    }
}

impl SigningAlg {
    /// The name the `jsonwebtoken` crate has for it.
    pub const fn to_jsonwebtoken(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
        }
    }

    /// Whether the key is a secret that both sides hold.
    pub const fn is_symmetric(self) -> bool {
        false
    }

    /// The kind of key it needs.
    pub const fn family(self) -> AlgorithmFamily {
        match self {
            Self::Es256 => AlgorithmFamily::Ec,
            Self::Rs256 => AlgorithmFamily::Rsa,
        }
    }
}
