//! Making the tokens of a person's grant (OIDC Core §2, RFC 9068, D5, D6).
//!
//! Everything in them follows from the grant, the moment of issue and the twelve bytes that make the `jti` unique. So a
//! repeated refresh, which repeats moment and bytes, makes tokens with the same contents (D3).
//!
//! The `jti` of such a token begins with its grant: whoever sees it back finds the family without another claim.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

use super::{
    acr::{acr_of, acr_told},
    aim::Aim,
    claims, messages,
    store::{
        access::{self, NewToken},
        grants::FamilyRow,
    },
    subject::{sid_of, subject_of},
};
use crate::{
    client::{AccessTokenFormat, Client, FIRST_PARTY_CLIENT_ID},
    clock::Timestamp,
    core::Core,
    db::Tx,
    error::Internal,
    id::GrantId,
    protocol::{
        AccessTokenClaims, Confirmation, IdTokenClaims, Scope, ScopeSet, SigningAlg, TokenType,
        id_token::left_half_hash, jwt::Audience,
    },
    secret::{PlainToken, TokenKind},
};

/// Access tokens are read by every resource, so they are signed by the algorithm that is cheap and everywhere, unless a
/// resource asks for another.
pub(super) const ACCESS_TOKEN_ALG: SigningAlg = SigningAlg::Es256;

/// Names the backchannel request that an ID token answers (CIBA §10.3.1).
const AUTH_REQ_ID_CLAIM: &str = "urn:openid:params:jwt:claim:auth_req_id";

const JTI_GRANT_BYTES: usize = 16;
/// Random, or derived from what is.
pub(super) const JTI_UNIQUE_BYTES: usize = 12;
const JTI_BYTES: usize = JTI_GRANT_BYTES + JTI_UNIQUE_BYTES;

/// What a person's tokens are made of.
pub(super) struct Mint<'a> {
    pub(super) client: &'a Client,
    pub(super) family: &'a FamilyRow,
    /// Of this token: at most what was granted.
    pub(super) scope: &'a ScopeSet,
    /// What the access token is for.
    pub(super) aim: &'a Aim,
    pub(super) issued_at: Timestamp,
    pub(super) unique: [u8; JTI_UNIQUE_BYTES],
    /// What the access token is bound to.
    pub(super) confirmation: &'a Confirmation,
    /// The refresh token it goes with, if its handle must come out the same each time (D3).
    pub(super) beside: Option<&'a PlainToken>,
}

/// An access token, not yet stored.
pub(super) struct AccessToken {
    pub(super) text: String,
    /// When it ends, in seconds since the epoch.
    pub(super) exp: i64,
    /// What is stored of a handle.
    row: Option<NewToken>,
}

impl AccessToken {
    /// Writes `claims` in the given form, signed if that is one; `handle` makes the text of an opaque one. Store it before it is handed out.
    pub(super) async fn write(
        core: &Core,
        (format, alg): (AccessTokenFormat, SigningAlg),
        claims: &AccessTokenClaims<'_>,
        handle: impl FnOnce() -> PlainToken,
    ) -> Result<Self, Internal> {
        let exp = claims.exp;
        match format {
            AccessTokenFormat::Jwt => {
                let signer = core.keyring().signer(core, alg).await?;
                let text = signer
                    .sign(TokenType::AccessToken, claims)
                    .map_err(|cause| Internal::new("sign an access token", cause))?;
                Ok(Self { text, exp, row: None })
            }
            AccessTokenFormat::Opaque => {
                let token = handle();
                let json =
                    serde_json::to_value(claims).map_err(|cause| Internal::new("write an access token", cause))?;
                let row = NewToken {
                    digest: token.digest(),
                    grant_id: grant_of_jti(&claims.jti),
                    client_id: claims.client_id.clone().into_owned(),
                    claims: json,
                    expires_at: Timestamp::from_secs(exp),
                };
                Ok(Self { text: token.expose().to_owned(), exp, row: Some(row) })
            }
        }
    }

    /// Whether [`AccessToken::store`] writes anything.
    pub(super) fn must_be_stored(&self) -> bool {
        self.row.is_some()
    }

    /// Stores what there is to store. Twice is once: the answer to a repeated refresh stores nothing new.
    pub(super) async fn store(&self, tx: &mut Tx) -> Result<(), Internal> {
        match &self.row {
            Some(row) => access::insert(tx, row.clone()).await,
            None => Ok(()),
        }
    }
}

impl Mint<'_> {
    /// Makes the access token.
    pub(super) async fn access_token(&self, core: &Core) -> Result<AccessToken, Internal> {
        let details = &self.family.details.0;
        let person = &self.family.person;
        let is_first_party = self.client.id == FIRST_PARTY_CLIENT_ID;
        let tokens = &core.config().tokens;
        let ttl = if is_first_party { tokens.first_party_ttl } else { self.aim.ttl };
        // Nothing outlives its family: a grant that is gone could not be asked whether it was revoked.
        let exp = (self.issued_at + ttl).min(self.family.grant_expires_at).as_secs();
        let organization = self.aim.organization.as_ref();
        let preferred_username = person.username.as_deref().unwrap_or(&person.email);
        let claims = AccessTokenClaims {
            iss: core.grants().issuer().into(),
            exp,
            aud: self.aim.audience(),
            sub: subject_of(core, self.client, person.user_id).into(),
            client_id: self.client.id.as_str().into(),
            iat: self.issued_at.as_secs(),
            jti: person_jti(self.family.grant_id, self.unique).into(),
            scope: Cow::Borrowed(&self.aim.scope),
            auth_time: Some(details.auth_time.as_secs()),
            acr: acr_of(&details.amr).map(Cow::Borrowed),
            amr: Cow::Borrowed(&details.amr),
            sid: self.sid(core)?.map(Cow::Owned),
            cnf: Cow::Borrowed(self.confirmation),
            act: details.act.as_ref().map(Cow::Borrowed),
            authorization_details: Cow::Borrowed(&self.aim.details),
            org_id: organization.map(|org| org.id.as_str().into()),
            org_slug: organization.map(|org| org.slug.as_str().into()),
            role: organization.map(|org| org.role.as_str().into()),
            permissions: organization.map(|org| Cow::Borrowed(org.permissions.as_slice())),
            preferred_username: is_first_party.then_some(preferred_username.into()),
            email: is_first_party.then_some(person.email.as_str().into()),
        };
        let format = if is_first_party { AccessTokenFormat::Jwt } else { self.aim.format };
        AccessToken::write(core, (format, self.aim.alg), &claims, || match self.beside {
            Some(token) => PlainToken::from_bytes(TokenKind::Access, &core.sealer().access_beside(token, &claims.jti)),
            None => PlainToken::generate(TokenKind::Access, core.entropy()),
        })
        .await
    }

    fn sid(&self, core: &Core) -> Result<Option<String>, Internal> {
        self.family.session_id.map(|id| sid_of(core, self.client, id)).transpose()
    }

    /// Makes the ID token that goes with `access_token`; none when `openid` was not granted. `nonce` is repeated in the
    /// first one only: OIDC Core §12.2 wants none in those of a refresh. So is `auth_req_id` (CIBA §10.3.1).
    pub(super) async fn id_token(
        &self,
        core: &Core,
        access_token: &str,
        nonce: Option<&str>,
        auth_req_id: Option<&PlainToken>,
    ) -> Result<Option<String>, Internal> {
        if !self.scope.contains(&Scope::OPENID) {
            return Ok(None);
        }
        let settings = &self.client.settings;
        let details = &self.family.details.0;
        let person = &self.family.person;
        let names = claims::released(details, self.scope, settings.lean_id_token).id_token;
        let mut extra = claims::of_person(person, &names);
        if let Some(organization) = &self.aim.organization {
            organization.write(&mut extra);
        }
        if let Some(auth_req_id) = auth_req_id {
            extra.insert(AUTH_REQ_ID_CLAIM, auth_req_id.expose());
        }
        let claims = IdTokenClaims {
            iss: core.grants().issuer().into(),
            sub: subject_of(core, self.client, person.user_id).into(),
            aud: Audience::One(self.client.id.as_str().into()),
            exp: (self.issued_at + core.config().tokens.id_ttl).as_secs(),
            iat: self.issued_at.as_secs(),
            nonce: nonce.map(Cow::Borrowed),
            auth_time: Some(details.auth_time.as_secs()),
            acr: acr_told(&details.amr, details.claims.as_ref()).map(Cow::Borrowed),
            amr: Cow::Borrowed(&details.amr),
            azp: Some(self.client.id.as_str().into()),
            at_hash: Some(left_half_hash(settings.id_token_alg, access_token).into()),
            // Only beside a code in the same answer (OIDC Core §3.3.2.11), and no flow here answers so.
            c_hash: None,
            sid: self.sid(core)?.map(Cow::Owned),
            extra,
        };
        let jwt = messages::sign(core, self.client, TokenType::Jwt, settings.id_token_alg, &claims).await?;
        messages::encrypt_jwt(core, self.client, settings.id_token_encryption, jwt).await.map(Some)
    }
}

/// The `jti` of a person's token.
pub(super) fn person_jti(grant_id: GrantId, unique: [u8; JTI_UNIQUE_BYTES]) -> String {
    let mut bytes = [0_u8; JTI_BYTES];
    let (grant, rest) = bytes.split_at_mut(JTI_GRANT_BYTES);
    grant.copy_from_slice(grant_id.as_uuid().as_bytes());
    rest.copy_from_slice(&unique);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The grant that a `jti` names; none for the tokens that clients have for themselves.
pub(super) fn grant_of_jti(jti: &str) -> Option<GrantId> {
    // Wider than needed: a longer text is another kind of identifier, not a failure.
    let mut bytes = [0_u8; 2 * JTI_BYTES];
    let length = URL_SAFE_NO_PAD.decode_slice(jti, &mut bytes).ok()?;
    let grant = bytes.first_chunk::<JTI_GRANT_BYTES>().filter(|_| length == JTI_BYTES)?;
    Some(Uuid::from_bytes(*grant).into())
}

/// The `jti` of a client's own token.
pub(super) fn client_jti(core: &Core) -> String {
    let mut bytes = [0_u8; 16];
    core.entropy().fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Fresh bytes for a `jti`.
pub(super) fn unique(core: &Core) -> [u8; JTI_UNIQUE_BYTES] {
    let mut bytes = [0_u8; JTI_UNIQUE_BYTES];
    core.entropy().fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jti_names_its_grant() {
        let grant = GrantId::from(Uuid::from_u128(0x1234_5678));
        assert_eq!(grant_of_jti(&person_jti(grant, [9; 12])), Some(grant));
        for other in ["", "AAAA", &URL_SAFE_NO_PAD.encode([1_u8; 16]), &URL_SAFE_NO_PAD.encode([1_u8; 29]), "é"] {
            assert_eq!(grant_of_jti(other), None, "{other}");
        }
    }
}
