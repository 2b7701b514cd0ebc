//! What is asked: may this person do this to that, here and now? It says everything that a decision depends on but the
//! policies, so that it can be kept and decided again.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Properties;
use crate::{
    clock::Timestamp,
    id::{OrganizationId, UserId},
};

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The organisation in which it is asked.
    pub organization: OrganizationId,
    /// Who would do it.
    pub subject: Subject,
    /// What: a permission, `category:action`.
    pub action: String,
    /// To what.
    pub resource: Resource,
    /// What role, grants and denials say to it.
    pub standing: Standing,
    /// When, from where, and how the person signed in.
    pub circumstances: Circumstances,
}

/// Who would do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The person.
    pub id: UserId,
    /// What the asker says of them.
    #[serde(default)]
    pub properties: Properties,
}

/// To what it would be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Its type, without a slash.
    pub kind: String,
    /// Its id; none when all of this type are meant.
    pub id: Option<String>,
    /// Whether it is of another organisation than the one it is asked in.
    #[serde(default)]
    pub is_foreign: bool,
    /// What the asker says of it.
    #[serde(default)]
    pub properties: Properties,
}

/// What role, grants and denials say (E3 to E5), with what policies may want to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// What they say.
    pub verdict: Verdict,
    /// The role in the organisation, then those it takes over from.
    pub roles: Vec<RoleName>,
    /// The patterns that role and grants give.
    pub permissions: Vec<String>,
}

/// What role, grants and denials say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The role or a grant gives it.
    Allowed,
    /// Nothing gives it.
    Silent,
    /// A denial takes it.
    Denied,
}

/// A role, as a policy may name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// When, from where, and how the person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Circumstances {
    /// The moment.
    pub now: Timestamp,
    /// The person's address, when it is known.
    pub ip: Option<IpAddr>,
    /// How they proved who they are (RFC 8176).
    #[serde(default)]
    pub amr: Vec<String>,
    /// How well (OIDC Core §2).
    pub acr: Option<String>,
    /// What the asker says of the circumstances.
    #[serde(default)]
    pub properties: Properties,
}

impl Circumstances {
    /// Whether more than one factor was shown (RFC 8176 §2, `mfa`).
    pub fn is_mfa(&self) -> bool {
        self.amr.iter().any(|method| method == "mfa")
    }
}
