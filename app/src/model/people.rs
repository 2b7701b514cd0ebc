//! Who is shown: people and the applications that call.

use ostiary::{id::UserId, session::SessionUser};

/// The application that sent the person here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// The client's id; only the tint of its tile depends on it.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The host it is registered at, such as `blockyard.example`.
    pub domain: Option<String>,
    /// Its logo on our own origin (the content security policy forbids others). Without one, initials stand in its tile.
    pub logo: Option<String>,
}

/// A person, as they are shown to themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// The account's id; only the tint of the face depends on it.
    pub id: String,
    /// Display name; without one, the username or the address stands in.
    pub name: String,
    /// E-mail address.
    pub email: String,
}

impl Person {
    /// Who a session belongs to.
    pub fn of(id: UserId, user: SessionUser) -> Self {
        let name = user.display_name.or(user.username).unwrap_or_default();
        Self { id: id.to_string(), name, email: user.email }
    }

    /// The first word of the name, for a greeting; empty without a name.
    pub fn first_name(&self) -> &str {
        self.name.split_whitespace().next().unwrap_or_default()
    }

    /// What the person is called: their name, without one their address.
    pub fn called(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

/// One or two letters that stand for a name: first and last word's first letters, in capitals.
pub fn initials(name: &str) -> String {
    let mut words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let first = words.next().and_then(|w| w.chars().next());
    let last = words.next_back().and_then(|w| w.chars().next());
    let letters: String = first.into_iter().chain(last).flat_map(char::to_uppercase).collect();
    if letters.is_empty() { "·".to_owned() } else { letters }
}

/// One of four tints, `0..4`, chosen by id and not by meaning; the same id always has the same.
pub fn tint_of(id: &str) -> u8 {
    // FNV-1a: nothing depends on its strength.
    let hash = id.bytes().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193));
    u8::try_from((hash >> 13) & 3).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_take_the_outer_words() {
        assert_eq!(initials("Mara Lindqvist"), "ML");
        assert_eq!(initials("Ana de la Cruz"), "AC");
        assert_eq!(initials("blockyard"), "B");
        assert_eq!(initials("mara@nordhavn.example"), "ME");
        assert_eq!(initials("李 小龙"), "李小");
        assert_eq!(initials("ß"), "SS");
        assert_eq!(initials(" !? "), "·");
        assert_eq!(initials(""), "·");
    }

    #[test]
    fn tints_are_stable_and_in_range() {
        assert!((0..100).all(|n| tint_of(&n.to_string()) < 4));
        assert_eq!(tint_of("a"), tint_of("a"));
        assert!((0..100).any(|n| tint_of(&n.to_string()) != tint_of("a")));
    }
}
