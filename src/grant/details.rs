//! The JSON documents of the `grants`, `interactions`, `consents` and `decoupled_requests` tables. Each field has a default, so that rows
//! written by an older version are read.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    clock::Timestamp,
    core::Ctx,
    id::{OrganizationId, SessionId, UserId},
    protocol::{ClaimsRequest, Confirmation, ScopeSet, TokenAim},
    secret::Digest,
};

/// What a grant remembers of the authorization it came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct GrantDetails {
    /// Repeated in the first ID token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    /// Claims asked for by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) claims: Option<ClaimsRequest>,
    /// Everything the person agreed to: the granted scopes, and those whose claims were asked for by name only.
    pub(crate) consented: ScopeSet,
    /// The resources it is for (RFC 8707 §2); none for the client's own audiences.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    /// What was granted in detail (RFC 9396 §7).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) authorization_details: Vec<Value>,
    /// The key that its code is bound to (RFC 9449 §10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) dpop_jkt: Option<String>,
    /// What its refresh tokens are bound to, for public clients (RFC 9449 §5, RFC 8705 §4).
    #[serde(skip_serializing_if = "Confirmation::is_bearer")]
    pub(crate) bound_to: Confirmation,
    /// Who acts for the person (RFC 8693 §4.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) act: Option<Value>,
    /// The organisation that the person acts in (E12).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<OrganizationId>,
    /// When the person proved who they are.
    pub(crate) auth_time: Timestamp,
    /// How (RFC 8176).
    pub(crate) amr: Vec<String>,
}

/// What is remembered of a decoupled request: what the person who decides is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct DecoupledDetails {
    /// The address it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ip: Option<String>,
    /// Shown on both sides, so that the person sees that they belong together (CIBA §7.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) binding_message: Option<String>,
    /// The resources the tokens are to be for (RFC 8707 §2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    /// What is asked for in detail (RFC 9396 §2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) authorization_details: Vec<Value>,
}

impl DecoupledDetails {
    /// For a request that comes now and is for this.
    pub(crate) fn of(ctx: &Ctx, aim: TokenAim) -> Self {
        Self {
            ip: ctx.meta.ip.map(|ip| ip.to_string()),
            binding_message: None,
            resources: aim.resources,
            authorization_details: aim.authorization_details,
        }
    }
}

/// What has happened on the way of an interaction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct InteractionState {
    /// The session that was there when the request arrived: signing in again makes another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) began_with: Option<SessionId>,
    /// The session that the person chose among those of their browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) chosen: Option<SessionId>,
    /// For which organisation the person said that they come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<ChosenOrganization>,
    /// What the person decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decision: Option<Decision>,
    /// The pushed request it came from, which the answer uses up (RFC 9126 §7.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pushed: Option<Digest>,
}

/// An organisation that was chosen on the way. It counts for this person only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ChosenOrganization {
    pub(crate) user_id: UserId,
    pub(crate) organization_id: OrganizationId,
}

/// An answer to the consent page. It counts for this person in this session only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) user_id: UserId,
    pub(crate) session_id: SessionId,
    /// What was allowed; none for a refusal.
    pub(crate) granted: Option<ScopeSet>,
    /// What was asked on the page: an answer to less is no answer to more.
    pub(crate) asked: ScopeSet,
    /// The resources that were named there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    /// The details that were shown there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) authorization_details: Vec<Value>,
}

/// A remembered answer beside its scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ConsentDetails {
    /// What was asked; `scope` of the row is what of it was allowed.
    pub(crate) asked: ScopeSet,
    /// The resources that were named then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) resources: Vec<String>,
    /// The details that were shown then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) authorization_details: Vec<Value>,
}

/// What the audit record says of what is asked for or allowed.
pub(crate) fn on_record(scope: &ScopeSet, resources: &[String], details: &[Value]) -> Map<String, Value> {
    let mut told = Map::new();
    told.insert("scope".to_owned(), scope.to_string().into());
    if !resources.is_empty() {
        told.insert("resources".to_owned(), resources.into());
    }
    if !details.is_empty() {
        told.insert("authorization_details".to_owned(), details.into());
    }
    told
}
