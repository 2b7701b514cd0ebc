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

/// Only operators see and change keys.
#[tokio::test]
async fn strangers_are_denied() {
    let core = TestCore::sqlite().await;
    let stranger = core.anonymous();
    assert!(matches!(list_keys(&stranger).await, Err(ListKeysError::Denied(_))));
    let rotate = rotate_keys(&stranger, RotateKeys { alg: SigningAlg::Es256, at_once: true }).await;
    assert!(matches!(rotate, Err(RotateKeysError::Denied(_))));
    assert!(matches!(revoke_key(&stranger, RevokeKey { kid: String::new() }).await, Err(RevokeKeyError::Denied(_))));
}
