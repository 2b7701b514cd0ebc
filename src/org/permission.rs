//! What can be allowed, and on what (E4, E5).

use std::fmt;

use crate::text::TextError;

/// Longest category or action, in characters.
const MAX_WORD: usize = 50;
/// Longest type or id of a resource, in characters.
const MAX_RESOURCE: usize = 200;

/// A permission of the catalogue (E4): `category:action`, such as `servers:restart`. Both are words of lower-case letters,
/// digits, `-`, `_` and `.`, at most 50 long, that begin with a letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Permission(String);

impl Permission {
    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the colon.
    pub fn category(&self) -> &str {
        self.0.split_once(':').map_or("", |(category, _)| category)
    }

    /// What stands behind it.
    pub fn action(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, action)| action)
    }
}

impl TryFrom<&str> for Permission {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, too long or not of this form.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let (category, action) = split(text)?;
        if !is_word(category) || !is_word(action) {
            return Err(TextError::Malformed);
        }
        Ok(Self(format!("{category}:{action}")))
    }
}

impl TryFrom<String> for Permission {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.0
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One permission, or all of a category (`servers:*`): those that come later, too.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

impl Pattern {
    /// The text of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it says something about this permission.
    pub fn covers(&self, permission: &Permission) -> bool {
        match self.0.strip_suffix('*') {
            // What is left ends with the colon, so `serve:*` does not reach `servers:read`.
            Some(category) => permission.0.starts_with(category),
            None => self.0 == permission.0,
        }
    }

    /// Whether everything that `other` covers, now or later, is covered by this.
    pub fn includes(&self, other: &Self) -> bool {
        self == other || self.0.strip_suffix('*').is_some_and(|category| other.0.starts_with(category))
    }
}

impl TryFrom<&str> for Pattern {
    type Error = TextError;

    /// # Errors
    /// [`TextError`] when the text is empty, too long or not of this form.
    fn try_from(text: &str) -> Result<Self, TextError> {
        let (category, action) = split(text)?;
        if !is_word(category) || !(action == "*" || is_word(action)) {
            return Err(TextError::Malformed);
        }
        Ok(Self(format!("{category}:{action}")))
    }
}

impl TryFrom<String> for Pattern {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::try_from(text.as_str())
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.0
    }
}

impl From<Permission> for Pattern {
    fn from(permission: Permission) -> Self {
        Self(permission.0)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn split(text: &str) -> Result<(&str, &str), TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Missing);
    }
    if text.len() > 2 * MAX_WORD + 1 {
        return Err(TextError::TooLong);
    }
    text.split_once(':').ok_or(TextError::Malformed)
}

fn is_word(text: &str) -> bool {
    let is_inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
    text.len() <= MAX_WORD && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.bytes().all(is_inner)
}

/// What something is done to: a type, such as `server`, and one of them, or all of them without an id. Both are the
/// application's own words; they are compared byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ResourceRef {
    /// The type.
    #[serde(rename = "type")]
    kind: String,
    /// Which one.
    id: Option<String>,
}

impl ResourceRef {
    /// Checks both words: 1 to 200 characters without control characters.
    ///
    /// # Errors
    /// [`TextError`] about the first that is wrong.
    pub fn new(kind: &str, id: Option<&str>) -> Result<Self, TextError> {
        let check = |text: &str| match text {
            "" => Err(TextError::Missing),
            text if text.chars().count() > MAX_RESOURCE => Err(TextError::TooLong),
            text if text.chars().any(char::is_control) => Err(TextError::Malformed),
            text => Ok(text.to_owned()),
        };
        Ok(Self { kind: check(kind)?, id: id.map(check).transpose()? })
    }

    /// The type.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which one; all of them without.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether what is said of this holds for `other`, too.
    pub fn covers(&self, other: &Self) -> bool {
        self.kind == other.kind && (self.id.is_none() || self.id == other.id)
    }
}

impl fmt::Display for ResourceRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.id {
            Some(id) => write!(f, "{} {id}", self.kind),
            None => write!(f, "every {}", self.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// E4
    #[test]
    fn permissions_have_two_words() {
        assert_eq!(Permission::try_from(" servers:restart ").unwrap().category(), "servers");
        for bad in ["servers", ":read", "servers:", "Servers:read", "servers:*", "a:b:c", "1a:b", "a b:c", "a:b\0"] {
            assert_eq!(Permission::try_from(bad), Err(TextError::Malformed), "{bad}");
        }
        assert_eq!(Permission::try_from(""), Err(TextError::Missing));
        assert_eq!(Permission::try_from(format!("a:{}", "b".repeat(120))), Err(TextError::TooLong));
        assert_eq!(Permission::try_from(format!("a:{}", "b".repeat(51))), Err(TextError::Malformed));
    }

    #[test]
    fn patterns_cover_their_category_only() {
        let pattern = |text: &str| Pattern::try_from(text).unwrap();
        let permission = |text: &str| Permission::try_from(text).unwrap();
        assert!(pattern("servers:*").covers(&permission("servers:read")));
        assert!(!pattern("serve:*").covers(&permission("servers:read")));
        assert!(!pattern("servers:read").covers(&permission("servers:reader")));
        assert!(pattern("servers:*").includes(&pattern("servers:*")));
        assert!(pattern("servers:*").includes(&pattern("servers:read")));
        assert!(!pattern("servers:read").includes(&pattern("servers:*")));
        assert_eq!(Pattern::try_from("*:*"), Err(TextError::Malformed));
        assert_eq!(Pattern::try_from("*"), Err(TextError::Malformed));
    }

    #[test]
    fn a_type_covers_each_of_its_things() {
        let thing = |id| ResourceRef::new("server", id).unwrap();
        assert!(thing(None).covers(&thing(Some("a"))));
        assert!(thing(Some("a")).covers(&thing(Some("a"))));
        assert!(!thing(Some("a")).covers(&thing(Some("b"))));
        assert!(!thing(Some("a")).covers(&thing(None)));
        assert!(!thing(None).covers(&ResourceRef::new("node", Some("a")).unwrap()));
        assert_eq!(ResourceRef::new("", None), Err(TextError::Missing));
        assert_eq!(ResourceRef::new("server", Some("a\0")), Err(TextError::Malformed));
    }
}
