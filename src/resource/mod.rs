//! APIs that access tokens are for, and what the scopes mean that they own (D11, RFC 8707).
//!
//! A *resource* has an identifier, which a client names in `resource` and which stands in `aud`. It says which scopes are
//! its own and, if it differs from what clients are registered with, how its access tokens look. A *scope* entry gives a
//! scope words for the consent page. Neither has to be there: a client may also be registered with audiences of its own,
//! and a scope without words is shown by its name.
//!
//! There are few of both, so all of them are kept in memory as one [`Catalogue`].

mod cache;
mod create_resource;
mod delete_resource;
mod delete_scope;
mod entry;
mod look;
mod save_scope;
mod settings;
pub(crate) mod steps;
mod store;
#[cfg(test)]
mod tests;
mod update_resource;

pub use cache::{CatalogueCache, find_catalogue};
pub use create_resource::{CreateResource, CreateResourceError, create_resource};
pub use delete_resource::{DeleteResource, DeleteResourceError, delete_resource};
pub use delete_scope::{DeleteScope, DeleteScopeError, delete_scope};
pub(crate) use entry::Entry;
pub use look::{GetError, ListError, get_resource, get_scope, list_resources, list_scopes};
pub use save_scope::{SaveScope, SaveScopeError, save_scope};
pub use settings::{ResourceProblem, ResourceSettings, ScopeSettings};
pub use update_resource::{UpdateResource, UpdateResourceError, update_resource};

use std::collections::BTreeMap;

use crate::{
    client::Client,
    clock::Timestamp,
    declaration::Mark,
    protocol::{Scope, ScopeSet},
    text::DisplayName,
};

/// An API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiResource {
    /// What a client names in `resource` (an absolute URI), or in `audience` (any name).
    pub identifier: String,
    /// What people see.
    pub name: String,
    /// What it is registered with.
    pub settings: ResourceSettings,
    /// Its version, and the declaration it belongs to.
    pub mark: Mark,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a scope means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeEntry {
    /// The scope.
    pub name: Scope,
    /// What it is registered with.
    pub settings: ScopeSettings,
    /// Its version, and the declaration it belongs to.
    pub mark: Mark,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// A resource or a scope is as was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its version now.
    pub version: i64,
}

impl ApiResource {
    /// One that is not stored yet.
    pub(crate) fn new(identifier: String, name: DisplayName, settings: ResourceSettings, now: Timestamp) -> Self {
        Self { identifier, name: name.into(), settings, mark: Mark::NEW, created_at: now, updated_at: now }
    }
}

impl ScopeEntry {
    /// One that is not stored yet.
    pub(crate) fn new(name: Scope, settings: ScopeSettings, now: Timestamp) -> Self {
        Self { name, settings, mark: Mark::NEW, created_at: now, updated_at: now }
    }
}

/// All resources and scopes.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    resources: BTreeMap<String, ApiResource>,
    scopes: BTreeMap<Scope, ScopeEntry>,
}

impl Catalogue {
    /// The resource with this identifier, compared byte for byte.
    pub fn resource(&self, identifier: &str) -> Option<&ApiResource> {
        self.resources.get(identifier)
    }

    /// All resources, by identifier.
    pub fn resources(&self) -> impl Iterator<Item = &ApiResource> {
        self.resources.values()
    }

    /// What is known of a scope.
    pub fn scope(&self, scope: &Scope) -> Option<&ScopeEntry> {
        self.scopes.get(scope)
    }

    /// All scopes that are described, by name.
    pub fn scopes(&self) -> impl Iterator<Item = &ScopeEntry> {
        self.scopes.values()
    }

    /// All scopes that are described, and all that resources own; some may come twice.
    pub fn known_scopes(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.keys().chain(self.resources().flat_map(|resource| resource.settings.scopes.iter()))
    }

    /// Whether `client` may have tokens for this resource (RFC 8707 §2): it is registered with it as one of its audiences,
    /// or may ask for one of the scopes that the resource owns, or the resource is open to every client.
    pub fn allows(&self, client: &Client, identifier: &str) -> bool {
        let settings = &client.settings;
        let by_resource = |resource: &ApiResource| {
            resource.settings.open || !resource.settings.scopes.intersect(&settings.scopes).is_empty()
        };
        settings.audiences.iter().any(|audience| audience == identifier)
            || self.resource(identifier).is_some_and(by_resource)
    }

    /// What of `scope` can be used at these resources: what they own, and what nobody owns if there is one among them that
    /// does not say what it owns.
    pub fn narrow(&self, scope: &ScopeSet, resources: &[String]) -> ScopeSet {
        let found: Vec<_> = resources.iter().map(|identifier| self.resource(identifier)).collect();
        let says = |resource: Option<&ApiResource>| resource.is_some_and(|found| !found.settings.scopes.is_empty());
        let is_open_ended = !found.iter().copied().all(says);
        let is_kept = |scope: &&Scope| {
            found.iter().flatten().any(|resource| resource.settings.scopes.contains(scope))
                || (is_open_ended && !self.resources().any(|resource| resource.settings.scopes.contains(scope)))
        };
        scope.iter().filter(is_kept).cloned().collect()
    }
}
