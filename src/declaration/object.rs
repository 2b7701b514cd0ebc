//! What a declaration can hold.

use std::fmt;

use serde::Serialize;

/// A kind of object, in the order in which they are made: who names something comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words for a scope.
    Scope,
    /// An API.
    Resource,
    /// An application.
    Client,
    /// Something that members of organisations may be allowed.
    Permission,
    /// A role of the instance.
    Role,
}

impl Kind {
    /// How many there are.
    pub(super) const COUNT: u8 = Self::Role as u8 + 1;
}

/// One object, by kind and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Object {
    /// What kind of thing.
    #[serde(rename = "object")]
    pub kind: Kind,
    /// The name of a scope or a permission, the identifier of an API, the id of a client, the name of a role in lower case.
    pub id: String,
}

impl Object {
    /// The object of this kind with this id.
    pub fn new(kind: Kind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Scope => "scope",
            Self::Resource => "resource",
            Self::Client => "client",
            Self::Permission => "permission",
            Self::Role => "role",
        })
    }
}

impl fmt::Display for Object {
    /// An id that no object can have stands in quotes, with control characters escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, id } = self;
        let is_plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic());
        if is_plain { write!(f, "{kind} {id}") } else { write!(f, "{kind} {id:?}") }
    }
}
