//! The organisation itself (E1).

use std::{borrow::Cow, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::mfa::MfaPolicy;
use crate::{
    clock::Timestamp,
    id::{OrganizationId, UserId},
    text::TextError,
};

/// Most keys that an organisation may keep of its own.
const MOST_CUSTOM: usize = 50;
/// Longest key of its own, in characters.
const MAX_CUSTOM_KEY: usize = 100;
/// Longest value of its own, in characters.
const MAX_CUSTOM_VALUE: usize = 1000;
/// Names that addresses need for themselves.
const RESERVED: [&str; 5] = ["new", "invitations", "me", "api", "admin"];

/// How an organisation is called in addresses and tokens (E1): 1 to 100 lower-case letters, digits and inner hyphens;
/// unique in the instance. Never a UUID, so that an id and a slug cannot be taken for each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(Cow<'static, str>);

impl Slug {
    /// What those begin with whose name says nothing.
    pub(super) const ORG: Self = Self(Cow::Borrowed("org"));

    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One made from a name, as near as can be; `None` when nothing of it can stand in a slug.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut slug = String::new();
        for c in name.to_lowercase().chars() {
            if c.is_ascii_alphanumeric() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() >= 60 {
                break;
            }
        }
        Self::try_from(slug.trim_matches('-')).ok()
    }

    /// The same with something behind it.
    pub(super) fn with_suffix(&self, suffix: &str) -> Self {
        Self(format!("{}-{suffix}", self.0).into())
    }
}

impl TryFrom<&str> for Slug {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, too long, or not of this form.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Err(TextError::Missing);
        }
        if text.len() > 100 {
            return Err(TextError::TooLong);
        }
        let is_sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let is_edged = text.starts_with('-') || text.ends_with('-');
        if !text.bytes().all(is_sound)
            || is_edged
            || RESERVED.contains(&text.as_str())
            || Uuid::try_parse(&text).is_ok()
        {
            return Err(TextError::Malformed);
        }
        Ok(Self(text.into()))
    }
}

impl TryFrom<String> for Slug {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0.into_owned()
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an organisation is set to (E1). Rows written by an older version are read with the defaults of what they lack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrganizationSettings {
    /// Every member may invite people, as viewers.
    pub member_invites: bool,
    /// Only people whose address is confirmed may join.
    pub verified_email_required: bool,
    /// So many members at most, 1 to [`MOST_MEMBERS`].
    pub max_members: u32,
    /// Whatever the organisation's applications keep here.
    pub custom: BTreeMap<String, String>,
}

/// Most members that any organisation can be set to.
pub const MOST_MEMBERS: u32 = 1_000_000;

impl Default for OrganizationSettings {
    fn default() -> Self {
        Self { member_invites: false, verified_email_required: false, max_members: 10, custom: BTreeMap::new() }
    }
}

/// What cannot work about the settings of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsProblem {
    /// Out of bounds.
    #[error("the number of members must be between 1 and {most}")]
    MaxMembers {
        /// The most that this instance lets people set.
        most: u32,
    },
    /// Too many, or too long, or with control characters.
    #[error("at most 50 keys of 1 to 100 characters, each with a value of at most 1000, without control characters")]
    Custom,
}

impl OrganizationSettings {
    /// What cannot work; `most` is the highest number of members that may be set.
    ///
    /// # Errors
    /// [`SettingsProblem`]
    pub fn check(&self, most: u32) -> Result<(), SettingsProblem> {
        if !(1..=most).contains(&self.max_members) {
            return Err(SettingsProblem::MaxMembers { most });
        }
        let is_key = |key: &str| (1..=MAX_CUSTOM_KEY).contains(&key.chars().count());
        let is_sound = |(key, value): (&String, &String)| {
            is_key(key)
                && value.chars().count() <= MAX_CUSTOM_VALUE
                && !key.chars().chain(value.chars()).any(char::is_control)
        };
        if self.custom.len() > MOST_CUSTOM || !self.custom.iter().all(is_sound) {
            return Err(SettingsProblem::Custom);
        }
        Ok(())
    }
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// How it is called in addresses.
    pub slug: String,
    /// The person it was made for when they first signed in, if it is a personal one.
    pub personal_of: Option<UserId>,
    /// What it is set to.
    pub settings: OrganizationSettings,
    /// What it asks of its members when they sign in (E7).
    pub mfa: MfaPolicy,
    /// Grows with each change; its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted; it is erased some time after.
    pub deleted_at: Option<Timestamp>,
}

/// Which organisation is meant, as somebody wrote it: by id, or by slug.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OrganizationRef {
    /// By id.
    Id(OrganizationId),
    /// By slug.
    Slug(Slug),
}

impl OrganizationRef {
    /// Reads an id or a slug; `None` for what is neither, and so names no organisation.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().parse() {
            Ok(id) => Some(Self::Id(id)),
            Err(_) => Slug::try_from(text).ok().map(Self::Slug),
        }
    }
}

impl From<OrganizationId> for OrganizationRef {
    fn from(id: OrganizationId) -> Self {
        Self::Id(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E1
    #[test]
    fn slugs() {
        assert_eq!(Slug::try_from(" Nordhavn-2 ").unwrap().as_str(), "nordhavn-2");
        for bad in ["-a", "a-", "a b", "a_b", "ä", "new", "01900000-0000-7000-8000-000000000001", "a/b", "a\0"] {
            assert_eq!(Slug::try_from(bad), Err(TextError::Malformed), "{bad}");
        }
        assert_eq!(Slug::try_from("a".repeat(101)), Err(TextError::TooLong));
        assert_eq!(Slug::from_name("Nordhavn  Studio & Sons!").unwrap().as_str(), "nordhavn-studio-sons");
        assert_eq!(Slug::from_name("株式会社"), None);
        assert_eq!(Slug::from_name("New"), None);
    }

    /// E1
    #[test]
    fn settings_have_bounds() {
        let with = |max_members| OrganizationSettings { max_members, ..OrganizationSettings::default() };
        assert_eq!(with(10).check(100), Ok(()));
        assert_eq!(with(0).check(100), Err(SettingsProblem::MaxMembers { most: 100 }));
        assert_eq!(with(101).check(100), Err(SettingsProblem::MaxMembers { most: 100 }));
        let custom = |key: &str, value: &str| OrganizationSettings {
            custom: BTreeMap::from([(key.to_owned(), value.to_owned())]),
            ..OrganizationSettings::default()
        };
        assert_eq!(custom("plan", "big").check(100), Ok(()));
        assert_eq!(custom("", "big").check(100), Err(SettingsProblem::Custom));
        assert_eq!(custom("plan", "big\0").check(100), Err(SettingsProblem::Custom));
        assert_eq!(custom("plan", &"x".repeat(1001)).check(100), Err(SettingsProblem::Custom));
    }
}
