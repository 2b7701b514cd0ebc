//! D7: keys are sealed, published before use, replaced with overlap, revoked at once.

use std::time::Duration;

use super::*;
use crate::testing::{TestCore, on_both_engines};

const DAY: Duration = Duration::from_hours(24);

/// D7: a successor is published before it signs, and its predecessor after it last signed.
#[tokio::test]
async fn rotation_overlaps() {
    on_both_engines(async |core: TestCore| {
        let ring = core.keyring();
        let first = ring.signer(&core, SigningAlg::Es256).await.unwrap();
        assert!(rotate_if_due(&core.system()).await.unwrap().is_empty());

        core.clock.advance(89 * DAY);
        let [next] = rotate_if_due(&core.system()).await.unwrap().try_into().unwrap();
        assert!(rotate_if_due(&core.system()).await.unwrap().is_empty(), "once is enough");
        assert_eq!(ring.jwks(&core).await.unwrap().keys.len(), 2, "published before it signs");
        assert_eq!(ring.signer(&core, SigningAlg::Es256).await.unwrap().kid(), first.kid());

        core.clock.advance(DAY);
        assert_eq!(ring.signer(&core, SigningAlg::Es256).await.unwrap().kid(), next.kid);
        assert!(ring.verifier(&core, first.kid()).await.unwrap().is_some(), "still verifies");

        core.clock.advance(2 * DAY);
        assert!(ring.verifier(&core, first.kid()).await.unwrap().is_none());
        assert_eq!(ring.jwks(&core).await.unwrap().keys.len(), 1);
    })
    .await;
}

/// D7: a revoked key is gone at once, and another signs.
#[tokio::test]
async fn revocation_is_at_once() {
    on_both_engines(async |core: TestCore| {
        let ring = core.keyring();
        let first = ring.signer(&core, SigningAlg::Rs256).await.unwrap();
        let revoked = revoke_key(&core.operator(), RevokeKey { kid: first.kid().to_owned() }).await.unwrap();
        assert!(ring.verifier(&core, first.kid()).await.unwrap().is_none());
        assert_eq!(ring.signer(&core, SigningAlg::Rs256).await.unwrap().kid(), revoked.successor.unwrap());
        let again = revoke_key(&core.operator(), RevokeKey { kid: first.kid().to_owned() }).await;
        assert!(matches!(again, Err(RevokeKeyError::NotFound)));
    })
    .await;
}

/// D7: every node signs with the same key without a restart.
#[tokio::test]
async fn nodes_agree() {
    on_both_engines(async |core: TestCore| {
        let first = core.keyring().signer(&core, SigningAlg::Es256).await.unwrap();
        let other = core.second_node().await;
        assert_eq!(other.keyring().signer(&other, SigningAlg::Es256).await.unwrap().kid(), first.kid());
    })
    .await;
}

/// D7: keys do not open without the master key they were sealed with.
#[tokio::test]
async fn another_master_key_opens_nothing() {
    let core = TestCore::sqlite().await;
    core.keyring().signer(&core, SigningAlg::Es256).await.unwrap();
    let stranger = core.node_with_master_key([9; 32]).await;
    assert!(stranger.keyring().signer(&stranger, SigningAlg::Es256).await.is_err());
}

/// D7: every algorithm of ours signs with a key of its own, made when first asked for; HS256 has none.
#[tokio::test]
async fn every_algorithm_has_its_key() {
    on_both_engines(async |core: TestCore| {
        let ring = core.keyring();
        for &alg in SigningAlg::ASYMMETRIC {
            let key = ring.signer(&core, alg).await.unwrap();
            assert_eq!((key.alg(), ring.verifier(&core, key.kid()).await.unwrap().unwrap().alg()), (alg, alg));
        }
        assert_eq!(ring.jwks(&core).await.unwrap().keys.len(), 4);
        assert!(ring.signer(&core, SigningAlg::Hs256).await.is_err());
        let rotate = RotateKeys { alg: SigningAlg::Hs256, at_once: true };
        assert!(matches!(rotate_keys(&core.operator(), rotate).await, Err(RotateKeysError::Symmetric(_))));
        assert_eq!(ring.jwks(&core).await.unwrap().keys.len(), 4);
    })
    .await;
}

/// Keys made with OpenSSL, one for each algorithm and form.
const EC_SEC1: &str = include_str!("testdata/ec.sec1.pem");
const EC_PKCS8: &str = include_str!("testdata/ec.pkcs8.pem");
const RSA_PKCS1: &str = include_str!("testdata/rsa.pkcs1.pem");
const ED_PKCS8: &str = include_str!("testdata/ed25519.pkcs8.pem");

fn import(alg: SigningAlg, key: impl Into<Vec<u8>>) -> ImportKey {
    ImportKey::new(alg, key.into(), false)
}

/// D7: imported keys are published first and sign later, each for the one algorithm it was imported for.
#[tokio::test]
async fn keys_are_imported() {
    on_both_engines(async |core: TestCore| {
        let (ring, operator) = (core.keyring(), core.operator());
        let before = ring.signer(&core, SigningAlg::Es256).await.unwrap();
        let imported = import_key(&operator, import(SigningAlg::Es256, EC_SEC1)).await.unwrap();
        assert!(ring.verifier(&core, &imported.kid).await.unwrap().is_some(), "published");
        assert_eq!(ring.signer(&core, SigningAlg::Es256).await.unwrap().kid(), before.kid());
        core.clock.advance(core.config().keys.publish_before);
        assert_eq!(ring.signer(&core, SigningAlg::Es256).await.unwrap().kid(), imported.kid);

        let der = pem_contents(ED_PKCS8);
        for (alg, key) in [(SigningAlg::Ps256, RSA_PKCS1.as_bytes()), (SigningAlg::EdDsa, &der)] {
            let imported = import_key(&operator, ImportKey::new(alg, key.to_vec(), true)).await.unwrap();
            assert_eq!(imported.active_at, core.now());
            assert_eq!(ring.signer(&core, alg).await.unwrap().kid(), imported.kid, "{alg}");
        }
        // The same EC key in another form, and the same RSA key for another algorithm.
        for (alg, key) in [(SigningAlg::Es256, EC_PKCS8), (SigningAlg::Rs256, RSA_PKCS1)] {
            let again = import_key(&operator, import(alg, key)).await;
            assert!(matches!(again, Err(ImportKeyError::Known(_))), "{alg}");
        }
        // Revoked is revoked.
        revoke_key(&operator, RevokeKey { kid: imported.kid.clone() }).await.unwrap();
        let again = import_key(&operator, import(SigningAlg::Es256, EC_PKCS8)).await;
        assert!(matches!(again, Err(ImportKeyError::Known(kid)) if kid == imported.kid));
        assert!(ring.verifier(&core, &imported.kid).await.unwrap().is_none());
    })
    .await;
}

fn pem_contents(pem: &str) -> Vec<u8> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let lines: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(lines).unwrap()
}

/// D7: what is no fitting private key is refused with the reason, and nothing is stored.
#[tokio::test]
async fn unfit_keys_are_not_imported() {
    let core = TestCore::sqlite().await;
    let operator = core.operator();
    let result = async |alg, key: &[u8]| import_key(&operator, import(alg, key)).await.unwrap_err().to_string();
    for (alg, key) in [
        (SigningAlg::Rs256, EC_PKCS8),
        (SigningAlg::Es256, RSA_PKCS1),
        (SigningAlg::EdDsa, EC_SEC1),
        (SigningAlg::Es256, ED_PKCS8),
        (SigningAlg::Rs256, include_str!("testdata/rsa1024.pkcs8.pem")),
        (SigningAlg::Es256, include_str!("testdata/p384.pkcs8.pem")),
    ] {
        assert!(result(alg, key.as_bytes()).await.starts_with("the key is not one for"), "{alg}");
    }
    let cut = &EC_PKCS8[..EC_PKCS8.len() / 2];
    let der = pem_contents(EC_PKCS8);
    for key in [
        &b""[..],
        b"junk",
        b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
        cut.as_bytes(),
        &vec![0x30; 70_000],
    ] {
        assert!(result(SigningAlg::Es256, key).await.starts_with("the file holds no private key"));
    }
    assert!(result(SigningAlg::Es256, &der[..der.len() - 1]).await.starts_with("the "));
    let encrypted = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
    assert!(result(SigningAlg::Es256, encrypted).await.starts_with("the key is encrypted"));
    assert!(result(SigningAlg::Hs256, b"secret").await.starts_with("HS256 uses the secrets"));
    assert!(list_keys(&operator).await.unwrap().is_empty());
    assert!(!format!("{:?}", import(SigningAlg::Es256, EC_PKCS8)).contains("BEGIN"));
}

/// Only operators see and change keys.
#[tokio::test]
async fn strangers_are_denied() {
    let core = TestCore::sqlite().await;
    let stranger = core.anonymous();
    assert!(matches!(list_keys(&stranger).await, Err(ListKeysError::Denied(_))));
    let rotate = rotate_keys(&stranger, RotateKeys { alg: SigningAlg::Es256, at_once: true }).await;
    assert!(matches!(rotate, Err(RotateKeysError::Denied(_))));
    assert!(matches!(import_key(&stranger, import(SigningAlg::Es256, EC_PKCS8)).await, Err(ImportKeyError::Denied(_))));
    assert!(matches!(revoke_key(&stranger, RevokeKey { kid: String::new() }).await, Err(RevokeKeyError::Denied(_))));
}
