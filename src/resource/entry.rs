//! What scopes and APIs have in common: they are looked up, written and declared in the same way.

use serde_json::{Map, Value};

use super::{ApiResource, ResourceProblem, ScopeEntry};
use crate::{declaration::Mark, protocol::ScopeSet, settings};

/// A scope or an API, as it is or as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    Scope(ScopeEntry),
    Resource(ApiResource),
}

impl From<ScopeEntry> for Entry {
    fn from(scope: ScopeEntry) -> Self {
        Self::Scope(scope)
    }
}

impl From<ApiResource> for Entry {
    fn from(resource: ApiResource) -> Self {
        Self::Resource(resource)
    }
}

impl Entry {
    /// Its name or identifier.
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Scope(scope) => scope.name.as_str(),
            Self::Resource(resource) => &resource.identifier,
        }
    }

    pub(crate) fn mark(&self) -> &Mark {
        match self {
            Self::Scope(scope) => &scope.mark,
            Self::Resource(resource) => &resource.mark,
        }
    }

    /// The scopes it owns, if it is an API.
    pub(crate) fn scopes(&self) -> Option<&ScopeSet> {
        match self {
            Self::Scope(_) => None,
            Self::Resource(resource) => Some(&resource.settings.scopes),
        }
    }

    /// Everything about it that can be changed, by name and in the order of the names.
    pub(crate) fn members(&self) -> Map<String, Value> {
        match self {
            Self::Scope(scope) => settings::members(&scope.settings),
            Self::Resource(resource) => {
                let mut members = settings::members(&resource.settings);
                members.insert("name".to_owned(), resource.name.as_str().into());
                members.sort_keys();
                members
            }
        }
    }

    /// The first thing about it that cannot work.
    pub(crate) fn check(&self) -> Result<(), ResourceProblem> {
        match self {
            Self::Scope(scope) => scope.settings.check(&scope.name),
            Self::Resource(resource) => resource.settings.check(&resource.identifier),
        }
    }
}
