//! What a file declares, made so (D11).
//!
//! A *declaration* lists scopes, APIs, clients, permissions and roles under the label of its owner. Applying it compares what it says with
//! what is there ([`Plan`]) and carries out the difference in one transaction; applied again, there is nothing to do.
//! What it made carries its label, and it changes or removes nothing else: what was made by hand, or by another
//! declaration, is taken over only when that is asked for. What somebody changed by hand since is part of the
//! difference, and goes. Scopes come first, then the APIs that own them, then clients, permissions and roles; what goes, goes
//! the other way round, and a scope or a role not before everything that names it.
//!
//! To let declarations hold another kind of object: a [`Kind`], its comparison beside `clients.rs` and `catalogue.rs`,
//! and a [`Mark`] on what is stored.

mod apply;
mod catalogue;
mod clients;
mod mark;
mod object;
mod permissions;
mod plan;
mod roles;
#[cfg(test)]
mod tests;
mod usage;
mod work;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::{
    apply::{ApplyDeclaration, ApplyError, DeclarationApplied, MadeSecret, apply_declaration, plan_declaration},
    mark::Mark,
    object::{Kind, Object},
    plan::{Action, Change, FieldChange, FieldDifference, Plan},
};
use crate::{
    client::ClientSettings,
    org::{Builtin, Pattern, Permission, RoleName},
    protocol::Scope,
    resource::{ResourceSettings, ScopeSettings},
    secret::SecretString,
    settings::{self, UnreadSetting},
    text::{DisplayName, TextError},
};

/// How long a secret still works beside the one that a declaration puts in its place.
pub const OLD_SECRET_WORKS_FOR: Duration = Duration::from_hours(24);

/// What a file says.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// Whose it is.
    pub owner: OwnerLabel,
    /// The scopes that are to be described.
    pub scopes: Vec<DeclaredScope>,
    /// The APIs that are to be.
    pub resources: Vec<DeclaredResource>,
    /// The clients that are to be.
    pub clients: Vec<DeclaredClient>,
    /// The permissions that the catalogue is to have.
    pub permissions: Vec<DeclaredPermission>,
    /// The roles that the instance is to have beside the built-in ones.
    pub roles: Vec<DeclaredRole>,
}

impl Declaration {
    /// One that says nothing yet.
    pub fn new(owner: OwnerLabel) -> Self {
        let (scopes, resources, clients) = (Vec::new(), Vec::new(), Vec::new());
        Self { owner, scopes, resources, clients, permissions: Vec::new(), roles: Vec::new() }
    }

    /// Takes in what another part of the same declaration says.
    pub fn extend(&mut self, part: Self) {
        let Self { owner: _, scopes, resources, clients, permissions, roles } = part;
        self.scopes.extend(scopes);
        self.resources.extend(resources);
        self.clients.extend(clients);
        self.permissions.extend(permissions);
        self.roles.extend(roles);
    }
}

/// A scope as it is to be described.
#[derive(Clone, Debug)]
pub struct DeclaredScope {
    /// The scope.
    pub name: Scope,
    /// What it means.
    pub settings: ScopeSettings,
}

/// An API as it is to be.
#[derive(Clone, Debug)]
pub struct DeclaredResource {
    /// What clients name.
    pub identifier: String,
    /// What people see.
    pub name: DisplayName,
    /// Everything it is registered with.
    pub settings: ResourceSettings,
}

/// A client as it is to be.
#[derive(Clone, Debug)]
pub struct DeclaredClient {
    /// `client_id`.
    pub id: String,
    /// What people see.
    pub name: DisplayName,
    /// Everything it is registered with.
    pub settings: ClientSettings,
    /// Whether it may be used. When absent, whoever turned it off by hand is not overruled.
    pub is_enabled: Option<bool>,
    /// Its secret, if the declaration knows it; otherwise one is made when it needs one.
    pub secret: Option<SecretString>,
}

/// A permission as it is to be (E4).
#[derive(Clone, Debug)]
pub struct DeclaredPermission {
    /// `category:action`.
    pub name: Permission,
    /// What it is.
    pub settings: PermissionSettings,
}

/// What a permission is declared with.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PermissionSettings {
    /// What it allows, in words: 1 to 200 characters on one line.
    pub description: String,
    /// The built-in roles that imply it. What is declared under other labels, or said by hand of a whole category
    /// (`servers:*`), stays beside it.
    pub roles: Vec<Builtin>,
}

impl PermissionSettings {
    /// Reads settings by their names; what is left out has its default.
    ///
    /// # Errors
    /// Every member that is unknown or malformed.
    pub fn read(written: &Map<String, Value>) -> Result<Self, Vec<UnreadSetting>> {
        settings::read(written)
    }
}

/// A role of the instance as it is to be (E3, E9).
#[derive(Clone, Debug)]
pub struct DeclaredRole {
    /// Its name.
    pub name: RoleName,
    /// What it is.
    pub settings: DeclaredRoleSettings,
}

/// What a role is declared with; other roles are named as they are called.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DeclaredRoleSettings {
    /// What it is for, in words; may be empty.
    pub description: String,
    /// What it allows by itself.
    pub permissions: Vec<Pattern>,
    /// Roles whose permissions it has, too.
    pub inherits: Vec<RoleName>,
    /// Roles that its holders may give to others and take from them.
    pub assigns: Vec<RoleName>,
}

impl DeclaredRoleSettings {
    /// Reads settings by their names; what is left out has its default.
    ///
    /// # Errors
    /// Every member that is unknown or malformed.
    pub fn read(written: &Map<String, Value>) -> Result<Self, Vec<UnreadSetting>> {
        settings::read(written)
    }
}

/// The label of a declaration: 1 to 100 letters, digits, `-`, `.`, `_` or `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerLabel(String);

impl OwnerLabel {
    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for OwnerLabel {
    type Error = TextError;

    fn try_from(text: &str) -> Result<Self, TextError> {
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.len() > 100 {
            return Err(TextError::TooLong);
        }
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/');
        if text.chars().all(fine) { Ok(Self(text.to_owned())) } else { Err(TextError::Malformed) }
    }
}

impl std::fmt::Display for OwnerLabel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
