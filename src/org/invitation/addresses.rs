//! Addresses as people paste them.

use crate::text::EmailAddress;

/// So many people can be invited at once.
pub const MOST_ADDRESSES: usize = 50;
/// What is no address is told back up to this length, in characters.
const MOST_TOLD: usize = 100;

/// One to [`MOST_ADDRESSES`] different addresses, and what was meant as one and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addresses(Vec<Typed>);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// As it was typed.
    pub(super) text: String,
    /// The address, if it is one.
    pub(super) email: Option<EmailAddress>,
}

/// Why nobody can be invited so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressesError {
    /// Nothing was given.
    #[error("name at least one address")]
    None,
    /// More than [`MOST_ADDRESSES`].
    #[error("at most {MOST_ADDRESSES} addresses at once")]
    TooMany,
}

impl Addresses {
    /// Takes a pasted text apart: by commas, semicolons, spaces and lines; of `Name <address>` it takes the address. The
    /// same address twice counts once.
    ///
    /// # Errors
    /// [`AddressesError`] when there is none, or too many.
    pub fn parse(text: &str) -> Result<Self, AddressesError> {
        let pieces: Vec<&str> = text.split([',', ';', '\n', '\r']).collect();
        let mut texts = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            let next = pieces.get(at + 1).copied().and_then(in_brackets);
            match in_brackets(piece) {
                Some(address) => texts.push(address),
                // `Lindqvist, Mara <mara@…>`: the comma is within the name.
                None if next.is_some() && !piece.contains('@') => {}
                None => texts.extend(piece.split_whitespace().map(|word| word.trim_matches(['<', '>']))),
            }
        }
        Self::collect(texts)
    }

    /// The same for a list.
    ///
    /// # Errors
    /// [`AddressesError`] when it is empty, or too long.
    pub fn from_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, AddressesError> {
        Self::collect(texts.into_iter().map(|text| in_brackets(text).unwrap_or(text)))
    }

    fn collect<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<Self, AddressesError> {
        let mut all: Vec<Typed> = Vec::new();
        for text in texts {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let typed =
                Typed { text: text.chars().take(MOST_TOLD).collect(), email: EmailAddress::try_from(text).ok() };
            let key = |typed: &Typed| typed.email.as_ref().map_or_else(|| typed.text.clone(), EmailAddress::key);
            if all.iter().any(|other| key(other) == key(&typed)) {
                continue;
            }
            if all.len() == MOST_ADDRESSES {
                return Err(AddressesError::TooMany);
            }
            all.push(typed);
        }
        if all.is_empty() { Err(AddressesError::None) } else { Ok(Self(all)) }
    }

    pub(super) fn into_typed(self) -> Vec<Typed> {
        self.0
    }
}

/// What stands between the last `<` and the `>` at the end.
fn in_brackets(piece: &str) -> Option<&str> {
    piece.trim().strip_suffix('>')?.rsplit_once('<').map(|(_, address)| address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(String, bool)> {
        let typed = Addresses::parse(text).unwrap().into_typed();
        typed.into_iter().map(|typed| (typed.text, typed.email.is_some())).collect()
    }

    /// E6
    #[test]
    fn pasted_addresses_are_taken_apart() {
        let text = "leo@fjord.example, \"Raman, Priya\" <priya@fjord.example>;ada@x.example\r\nMara L <mara@x.example>\n\
                    tom@x.example  ida@x.example LEO@fjord.example,,";
        let all = found(text);
        let good: Vec<&str> = all.iter().filter(|(_, is_one)| *is_one).map(|(text, _)| text.as_str()).collect();
        assert_eq!(
            good,
            [
                "leo@fjord.example",
                "priya@fjord.example",
                "ada@x.example",
                "mara@x.example",
                "tom@x.example",
                "ida@x.example"
            ]
        );
        assert_eq!(all.len(), good.len(), "{all:?}");
        assert_eq!(found("<script>alert(1)</script>"), [("/script".to_owned(), false)]);
        assert_eq!(found("ada@x.example nobody"), [("ada@x.example".to_owned(), true), ("nobody".to_owned(), false)]);
        assert_eq!(found("mara\0@x.example"), [("mara\0@x.example".to_owned(), false)]);
    }

    /// E6: fifty and no more.
    #[test]
    fn there_is_a_most() {
        let many = |n: usize| (0..n).map(|i| format!("a{i}@x.example")).collect::<Vec<_>>().join("\n");
        assert_eq!(found(&many(50)).len(), 50);
        assert_eq!(Addresses::parse(&many(51)), Err(AddressesError::TooMany));
        assert_eq!(found(&format!("{},a0@x.example", many(50))).len(), 50, "the same twice is one");
        for empty in ["", " ,;\n "] {
            assert_eq!(Addresses::parse(empty), Err(AddressesError::None));
        }
        assert_eq!(
            Addresses::from_list(["Mara <mara@x.example>"]).unwrap(),
            Addresses::parse("mara@x.example").unwrap()
        );
    }
}
