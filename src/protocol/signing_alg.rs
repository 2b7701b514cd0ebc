//! Signature algorithms (RFC 7518 §3.1, RFC 8037 §3.1).

use jsonwebtoken::{Algorithm, AlgorithmFamily};

text_enum! {
    /// How tokens are signed. The algorithm belongs to the key; what a token's header says is only
    /// compared with it (RFC 8725 §3.1).
    pub enum SigningAlg {
        /// ECDSA on P-256 with SHA-256: the default.
        Es256 = "ES256",
        /// RSA PKCS#1 v1.5 with SHA-256: mandatory to implement (OIDC Core §15.1).
        Rs256 = "RS256",
        /// RSA-PSS with SHA-256.
        Ps256 = "PS256",
        /// Ed25519 (RFC 8037).
        EdDsa = "EdDSA",
        /// HMAC with SHA-256 and a secret that both sides know: never with a key of our own (D7).
        Hs256 = "HS256",
    }
}

impl SigningAlg {
    /// Those with a private and a public key: the only ones that our published keys use.
    pub const ASYMMETRIC: &'static [Self] = &[Self::Es256, Self::Rs256, Self::Ps256, Self::EdDsa];

    /// Whether whoever can verify can also sign.
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::Hs256)
    }

    /// The name the `jsonwebtoken` crate has for it.
    pub const fn to_jsonwebtoken(self) -> Algorithm {
        match self {
            Self::Es256 => Algorithm::ES256,
            Self::Rs256 => Algorithm::RS256,
            Self::Ps256 => Algorithm::PS256,
            Self::EdDsa => Algorithm::EdDSA,
            Self::Hs256 => Algorithm::HS256,
        }
    }

    /// The kind of key it needs.
    pub const fn family(self) -> AlgorithmFamily {
        match self {
            Self::Es256 => AlgorithmFamily::Ec,
            Self::Rs256 | Self::Ps256 => AlgorithmFamily::Rsa,
            Self::EdDsa => AlgorithmFamily::Ed,
            Self::Hs256 => AlgorithmFamily::Hmac,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D7: HS256 is the one algorithm that no published key has.
    #[test]
    fn one_algorithm_is_symmetric() {
        for &alg in SigningAlg::ALL {
            assert_eq!(alg.is_symmetric(), !SigningAlg::ASYMMETRIC.contains(&alg), "{alg}");
            assert_eq!(alg.is_symmetric(), alg.family() == AlgorithmFamily::Hmac, "{alg}");
            assert_eq!(alg.to_jsonwebtoken().family(), alg.family(), "{alg}");
        }
    }
}
