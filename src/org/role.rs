//! Roles: what they imply, inherit and may assign (E3).

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::permission::Pattern;
use crate::{
    clock::Timestamp,
    declaration::Mark,
    id::{OrganizationId, RoleId},
    text::TextError,
};

/// Longest chain of inheritance, in roles.
pub const MOST_DEPTH: usize = 6;
/// Most patterns in one role.
pub(super) const MOST_PATTERNS: usize = 200;
/// Most roles that one inherits, or may assign, by name.
pub(super) const MOST_RELATED: usize = 50;

/// The roles that are always there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Builtin {
    /// Everything; exactly one member has it.
    Owner,
    /// Looks after members.
    Admin,
    /// Works with what the organisation runs.
    Operator,
    /// Looks only.
    Viewer,
}

impl Builtin {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Operator, Self::Viewer];

    /// Its id, the same everywhere.
    pub fn id(self) -> RoleId {
        let last = match self {
            Self::Owner => 1,
            Self::Admin => 2,
            Self::Operator => 3,
            Self::Viewer => 4,
        };
        RoleId::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + last))
    }
}

/// The name of a role: 1 to 50 letters, digits, spaces, `-`, `_` and `.`; unique without regard to case among the roles of
/// the instance and of its organisation. It stands in tokens (E12).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(String);

impl RoleName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What makes two names the same.
    pub fn key(&self) -> String {
        name_key(&self.0)
    }
}

impl TryFrom<&str> for RoleName {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, too long or has other characters.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.chars().count() > 50 {
            return Err(TextError::TooLong);
        }
        if !text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.')) {
            return Err(TextError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for RoleName {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<RoleName> for String {
    fn from(name: RoleName) -> Self {
        name.0
    }
}

fn name_key(name: &str) -> String {
    name.to_lowercase()
}

/// What a role implies, inherits and may assign.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleDefinition {
    /// What it allows by itself.
    pub permissions: Vec<Pattern>,
    /// Roles whose permissions it has, too.
    pub inherits: Vec<RoleId>,
    /// Roles that its holders may give to others and take from them. Custom roles need not be named: who may assign
    /// anything may assign those that are less than their own ([`Roles::may_assign`]).
    pub assigns: Vec<RoleId>,
}

impl RoleDefinition {
    /// Whether it inherits this role, or may assign it.
    pub(crate) fn names(&self, role: RoleId) -> bool {
        self.inherits.contains(&role) || self.assigns.contains(&role)
    }
}

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// The organisation it belongs to; none when it is one of the instance, which every organisation can use.
    pub organization_id: Option<OrganizationId>,
    /// Its name.
    pub name: String,
    /// What it is for, in words.
    pub description: String,
    /// Always there.
    pub is_builtin: bool,
    /// What it implies, inherits and may assign.
    pub definition: RoleDefinition,
    /// Its version, and the declaration it belongs to.
    pub mark: Mark,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Role {
    /// What makes its name the same as another ([`RoleName::key`]).
    pub(crate) fn name_key(&self) -> String {
        name_key(&self.name)
    }
}

/// What a role implies, and through which roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Implied {
    /// What is allowed.
    pub pattern: Pattern,
    /// From the role itself to the one that says so; at least one.
    pub path: Vec<RoleId>,
}

/// What cannot work about the inheritance of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyProblem {
    /// It names a role that is not there, or belongs to another organisation.
    #[error("a role that is named does not exist here")]
    Unknown,
    /// It would inherit itself.
    #[error("a role cannot inherit itself, not through others either")]
    Cycle,
    /// The chain is too long.
    #[error("roles can inherit through at most six roles")]
    Depth,
}

/// All roles that one organisation can use: its own and those of the instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(BTreeMap<RoleId, Role>);

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        Self(roles.into_iter().map(|role| (role.id, role)).collect())
    }
}

impl Roles {
    /// One of them.
    pub fn get(&self, id: RoleId) -> Option<&Role> {
        self.0.get(&id)
    }

    /// Puts one in, in place of what had its id.
    pub(crate) fn insert(&mut self, role: Role) {
        self.0.insert(role.id, role);
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, id: RoleId) {
        self.0.remove(&id);
    }

    /// What one of them is called.
    pub fn name_of(&self, id: RoleId) -> Option<&str> {
        self.get(id).map(|role| role.name.as_str())
    }

    /// The one with this name, without regard to case.
    pub fn named(&self, name: &str) -> Option<&Role> {
        let key = name_key(name.trim());
        self.0.values().find(|role| role.name_key() == key)
    }

    /// All of them: the built-in ones first, then by age.
    pub fn iter(&self) -> impl Iterator<Item = &Role> {
        self.0.values()
    }

    /// What a role implies, its own first, each pattern by the shortest way. A cycle in what is stored ends where it
    /// began.
    pub fn implied(&self, id: RoleId) -> Vec<Implied> {
        let mut implied: Vec<Implied> = Vec::new();
        let mut seen = vec![id];
        let mut ways = VecDeque::from([vec![id]]);
        while let Some(way) = ways.pop_front() {
            let Some(role) = way.last().and_then(|id| self.get(*id)) else { continue };
            for pattern in &role.definition.permissions {
                if !implied.iter().any(|known| known.pattern == *pattern) {
                    implied.push(Implied { pattern: pattern.clone(), path: way.clone() });
                }
            }
            for next in &role.definition.inherits {
                if way.len() < MOST_DEPTH && !seen.contains(next) {
                    seen.push(*next);
                    ways.push_back(way.iter().copied().chain([*next]).collect());
                }
            }
        }
        implied
    }

    /// Whether a role can have this definition.
    ///
    /// # Errors
    /// [`HierarchyProblem`]
    pub fn check(&self, id: RoleId, definition: &RoleDefinition) -> Result<(), HierarchyProblem> {
        let related = definition.inherits.iter().chain(&definition.assigns);
        if related.clone().any(|related| *related != id && !self.0.contains_key(related)) {
            return Err(HierarchyProblem::Unknown);
        }
        let above = self.height_above(id, id, 0)?;
        let below = definition.inherits.iter().map(|next| self.depth_below(*next, id, 1));
        let below = below.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(0);
        if above + 1 + below > MOST_DEPTH { Err(HierarchyProblem::Depth) } else { Ok(()) }
    }

    /// The longest chain from this role on, itself counted; it must not come back to `start`.
    fn depth_below(&self, id: RoleId, start: RoleId, so_far: usize) -> Result<usize, HierarchyProblem> {
        if id == start {
            return Err(HierarchyProblem::Cycle);
        }
        if so_far > MOST_DEPTH {
            return Err(HierarchyProblem::Depth);
        }
        let next = self.get(id).map(|role| role.definition.inherits.as_slice()).unwrap_or_default();
        let deepest = next.iter().map(|next| self.depth_below(*next, start, so_far + 1));
        Ok(1 + deepest.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(0))
    }

    /// How many roles stand above this one, in the longest chain that inherits it.
    fn height_above(&self, id: RoleId, start: RoleId, so_far: usize) -> Result<usize, HierarchyProblem> {
        if so_far > MOST_DEPTH {
            return Err(HierarchyProblem::Depth);
        }
        let above = self.0.values().filter(|role| role.id != start && role.definition.inherits.contains(&id));
        let heights = above.map(|role| self.height_above(role.id, start, so_far + 1).map(|height| height + 1));
        Ok(heights.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(0))
    }

    /// Whether everything that `less` allows and may assign, `more` allows and may assign, too.
    fn is_within(&self, less: RoleId, more: RoleId) -> bool {
        let implied = self.implied(more);
        let allows = |pattern: &Pattern| implied.iter().any(|known| known.pattern.includes(pattern));
        let assigns = |role: RoleId| self.get(role).map(|role| role.definition.assigns.as_slice()).unwrap_or_default();
        self.implied(less).iter().all(|wanted| allows(&wanted.pattern))
            && assigns(less).iter().all(|role| assigns(more).contains(role))
    }

    /// The ceiling of E3: whether holders of the role `holder` may give somebody the role `wanted`, or take it. They may
    /// when their role names it; and if it names any, also custom ones that are strictly less than their own: a role as
    /// good as one's own is nobody's to give.
    pub fn may_assign(&self, holder: RoleId, wanted: RoleId) -> bool {
        let (Some(own), Some(role)) = (self.get(holder), self.get(wanted)) else { return false };
        own.definition.assigns.contains(&wanted)
            || (!own.definition.assigns.is_empty()
                && !role.is_builtin
                && self.is_within(wanted, holder)
                && !self.is_within(holder, wanted))
    }

    /// Whether everybody who holds `holder` holds what this definition gives already, so that making it raises nobody
    /// above its maker.
    pub fn covers(&self, holder: RoleId, definition: &RoleDefinition) -> bool {
        let implied = self.implied(holder);
        let allows = |pattern: &Pattern| implied.iter().any(|known| known.pattern.includes(pattern));
        definition.permissions.iter().all(allows)
            && definition.inherits.iter().all(|role| self.implied(*role).iter().all(|wanted| allows(&wanted.pattern)))
            && definition.assigns.iter().all(|role| self.may_assign(holder, *role))
    }
}
