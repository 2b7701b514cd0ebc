//! What tokens are bound to (RFC 8705 §3, RFC 9449 §5): decided when they are issued, held against who uses them.

use std::sync::Arc;

use super::{
    details::GrantDetails,
    store::grants::{self, FamilyRow},
    tokens::TokenError,
};
use crate::{
    client::{Client, ClientKind},
    db::Tx,
    error::Internal,
    protocol::{Confirmation, OAuthError, OAuthErrorCode, certificate::PresentedCertificate},
};

/// What a request has proved besides who sends it.
#[derive(Clone, Debug, Default)]
pub struct Proved {
    /// The thumbprint of the key of its DPoP proof (RFC 9449 §6.1).
    pub dpop_key: Option<String>,
    /// The certificate of its connection (RFC 8705 §3).
    pub certificate: Option<Arc<PresentedCertificate>>,
}

impl Proved {
    /// What the tokens of `client` are to be bound to: the key of its proof, and its certificate where it is registered
    /// so.
    ///
    /// # Errors
    /// `invalid_dpop_proof` or `invalid_request` when its tokens must be bound and it has not proved what to (RFC 8705
    /// §3.4, RFC 9449 §5.2, FAPI 2.0 Security Profile §5.3.2.1).
    pub fn confirmation(self, client: &Client) -> Result<Confirmation, OAuthError> {
        let settings = &client.settings;
        let missing = |why| Err(OAuthError::new(OAuthErrorCode::InvalidDpopProof, why));
        if settings.dpop_bound_access_tokens && self.dpop_key.is_none() {
            return missing("the tokens of this client are bound to a key, and the DPoP proof is missing");
        }
        // A profile leaves the choice; who proves itself by a certificate need not bring a proof besides.
        let by_choice =
            settings.profile.is_some() && settings.auth_method.uses_certificate() && self.dpop_key.is_none();
        let x5t_s256 = match self.certificate {
            Some(certificate) if settings.certificate_bound_access_tokens || by_choice => {
                Some(certificate.thumbprint())
            }
            None if settings.certificate_bound_access_tokens => {
                let why = "the tokens of this client are bound to its certificate, and the request came without one";
                return Err(OAuthError::invalid_request(why));
            }
            _ => None,
        };
        let confirmation = Confirmation { jkt: self.dpop_key, x5t_s256 };
        if settings.requires_bound_tokens() && confirmation.is_bearer() {
            return missing("the tokens of this client must be bound, and the DPoP proof is missing");
        }
        Ok(confirmation)
    }
}

/// Binds the refresh tokens of a family to what a public client has proved to hold, since nothing else proves that client
/// (RFC 9449 §5, RFC 8705 §4). Those of a confidential client are bound to its credentials.
pub(super) async fn bind_refresh_tokens(
    tx: &mut Tx,
    kind: ClientKind,
    family: &FamilyRow,
    confirmation: &Confirmation,
) -> Result<(), Internal> {
    if kind != ClientKind::Public || confirmation.is_bearer() {
        return Ok(());
    }
    let details = GrantDetails { bound_to: confirmation.clone(), ..family.details.0.clone() };
    grants::set_details(tx, family.grant_id, details).await
}

/// Whether somebody who proved `shown` may use refresh tokens that are bound so.
pub(super) fn check_refresh(bound_to: &Confirmation, shown: &Confirmation) -> Result<(), TokenError> {
    let is_key = bound_to.jkt.is_none() || bound_to.jkt == shown.jkt;
    let is_certificate = bound_to.x5t_s256.is_none() || bound_to.x5t_s256 == shown.x5t_s256;
    if is_key && is_certificate {
        Ok(())
    } else {
        Err(TokenError::invalid_grant("the refresh token is bound to another key than the request proves"))
    }
}
