//! Scope tokens and sets (RFC 6749 §3.3, Appendix A.4; OIDC Core §5.4, §11).
//!
//! A scope is one or more of `%x21 / %x23-5B / %x5D-7E`: visible ASCII without `"` and `\`. Order
//! and repetition carry no meaning, so a [`ScopeSet`] is sorted and holds each token once.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a scope text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// A scope token of no characters.
    #[error("a scope may not be empty")]
    Empty,
    /// More bytes than [`Scope::MAX_BYTES`].
    #[error("a scope is longer than 128 bytes")]
    TokenTooLong,
    /// A character outside the set of RFC 6749 §3.3.
    #[error("a scope holds a character that is not allowed")]
    Character,
    /// More bytes than [`ScopeSet::MAX_BYTES`].
    #[error("the list of scopes is longer than 2048 bytes")]
    ListTooLong,
}

/// One scope token, 1 to 128 bytes of the characters of RFC 6749 §3.3.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(Cow<'static, str>);

impl Scope {
    /// The longest token taken, in bytes.
    pub const MAX_BYTES: usize = 128;

    /// `openid`: the request is an OpenID Connect request (OIDC Core §3.1.2.1).
    pub const OPENID: Self = Self(Cow::Borrowed("openid"));
    /// `profile`: name, picture, locale and the like (OIDC Core §5.4).
    pub const PROFILE: Self = Self(Cow::Borrowed("profile"));
    /// `email`: `email` and `email_verified` (OIDC Core §5.4).
    pub const EMAIL: Self = Self(Cow::Borrowed("email"));
    /// `phone`: `phone_number` and `phone_number_verified` (OIDC Core §5.4).
    pub const PHONE: Self = Self(Cow::Borrowed("phone"));
    /// `address`: the postal address (OIDC Core §5.4).
    pub const ADDRESS: Self = Self(Cow::Borrowed("address"));
    /// `offline_access`: a refresh token is asked for (OIDC Core §11).
    pub const OFFLINE_ACCESS: Self = Self(Cow::Borrowed("offline_access"));

    /// `organization`: the person acts in one of their organisations; its id, slug, their role and permissions (E12).
    pub const ORGANIZATION: Self = Self(Cow::Borrowed("organization"));

    /// The scopes that OIDC Core gives a meaning to, and our own.
    pub const STANDARD: [Self; 7] = [
        Self::OPENID,
        Self::PROFILE,
        Self::EMAIL,
        Self::PHONE,
        Self::ADDRESS,
        Self::ORGANIZATION,
        Self::OFFLINE_ACCESS,
    ];

    /// Checks one token.
    ///
    /// # Errors
    /// Empty, longer than 128 bytes, or a character outside RFC 6749 §3.3.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        check_token(text)?;
        Ok(Self(Cow::Owned(text.to_owned())))
    }

    /// Whether it is one of [`Scope::STANDARD`].
    pub fn is_standard(&self) -> bool {
        Self::STANDARD.contains(self)
    }

    /// The token itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check_token(text: &str) -> Result<(), ScopeError> {
    if text.is_empty() {
        return Err(ScopeError::Empty);
    }
    if text.len() > Scope::MAX_BYTES {
        return Err(ScopeError::TokenTooLong);
    }
    if text.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)) {
        Ok(())
    } else {
        Err(ScopeError::Character)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Scope {
    type Error = ScopeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        check_token(&text)?;
        Ok(Self(Cow::Owned(text)))
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.0.into_owned()
    }
}

impl std::borrow::Borrow<str> for Scope {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// A set of scopes; on the wire and in storage one string with single spaces.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// The longest list taken, in bytes.
    pub const MAX_BYTES: usize = 2048;

    /// The set without any scope.
    pub const fn empty() -> Self {
        Self(BTreeSet::new())
    }

    /// Reads a space-separated list. Several spaces in a row, or around the list, are tolerated;
    /// an empty list is an empty set.
    ///
    /// # Errors
    /// The list is longer than 2 KiB or a token in it is refused.
    pub fn parse(text: &str) -> Result<Self, ScopeError> {
        if text.len() > Self::MAX_BYTES {
            return Err(ScopeError::ListTooLong);
        }
        text.split(' ').filter(|token| !token.is_empty()).map(Scope::parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether `scope` is in the set.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.0.contains(scope)
    }

    /// Whether the token `name` is in the set; no allocation, for hot paths.
    pub fn contains_str(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Adds a scope; false when it was there already.
    pub fn insert(&mut self, scope: Scope) -> bool {
        self.0.insert(scope)
    }

    /// Takes a scope out; false when it was not there.
    pub fn remove(&mut self, scope: &Scope) -> bool {
        self.0.remove(scope)
    }

    /// What both sets hold.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// What either set holds.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// What this set holds and `other` does not.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// Whether everything in this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Whether the set holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many scopes the set holds.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The scopes in byte order.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl FromStr for ScopeSet {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl IntoIterator for ScopeSet {
    type Item = Scope;
    type IntoIter = std::collections::btree_set::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_list_is_sorted_and_holds_each_scope_once() {
        let set = ScopeSet::parse(" profile openid  openid ").unwrap();
        assert_eq!(set.to_string(), "openid profile");
        assert_eq!(set.len(), 2);
        assert!(set.contains(&Scope::OPENID));
        assert!(set.contains_str("profile"));
        assert!(!set.contains(&Scope::EMAIL));
        assert!(ScopeSet::parse("").unwrap().is_empty());
    }

    #[test]
    fn characters_outside_the_grammar_are_refused() {
        for text in ["a\"b", "a\\b", "a\tb", "a\nb", "é", "\u{7f}", "a\0"] {
            assert_eq!(Scope::parse(text), Err(ScopeError::Character), "{text:?}");
            assert_eq!(ScopeSet::parse(text), Err(ScopeError::Character), "{text:?}");
        }
        assert_eq!(Scope::parse("a b"), Err(ScopeError::Character));
        assert_eq!(Scope::parse(""), Err(ScopeError::Empty));
        assert!(Scope::parse("https://api.example/read:all").is_ok());
    }

    #[test]
    fn lengths_are_bounded() {
        assert!(Scope::parse(&"a".repeat(128)).is_ok());
        assert_eq!(Scope::parse(&"a".repeat(129)), Err(ScopeError::TokenTooLong));
        assert_eq!(ScopeSet::parse(&" ".repeat(2049)), Err(ScopeError::ListTooLong));
        assert!(ScopeSet::parse(&" ".repeat(2048)).is_ok());
    }

    #[test]
    fn set_operations() {
        let a = ScopeSet::parse("openid email phone").unwrap();
        let b = ScopeSet::parse("email openid").unwrap();
        assert!(b.is_subset(&a));
        assert!(!a.is_subset(&b));
        assert_eq!(a.intersect(&b), b);
        assert_eq!(a.difference(&b).to_string(), "phone");
        assert_eq!(b.union(&a), a);
        assert!(ScopeSet::empty().is_subset(&b));
    }

    #[test]
    fn json_is_one_string_and_is_checked_on_the_way_in() {
        let set = ScopeSet::parse("openid email").unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), r#""email openid""#);
        assert_eq!(serde_json::from_str::<ScopeSet>(r#""openid email""#).unwrap(), set);
        assert!(serde_json::from_str::<ScopeSet>(r#""a\"b""#).is_err());
        assert!(serde_json::from_str::<Scope>(r#""a b""#).is_err());
    }

    proptest! {
        #[test]
        fn sets_round_trip_through_their_text(tokens in prop::collection::vec("[!#-\\[\\]-~]{1,20}", 0..20)) {
            let set = ScopeSet::parse(&tokens.join(" ")).unwrap();
            prop_assert_eq!(&ScopeSet::parse(&set.to_string()).unwrap(), &set);
            let json = serde_json::to_string(&set).unwrap();
            prop_assert_eq!(&serde_json::from_str::<ScopeSet>(&json).unwrap(), &set);
            for token in &tokens {
                prop_assert!(set.contains_str(token));
            }
        }

        #[test]
        fn whatever_is_accepted_is_within_the_grammar(text in any::<String>()) {
            if let Ok(set) = ScopeSet::parse(&text) {
                prop_assert!(set.to_string().bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'));
            }
        }
    }
}
