//! Closed lists of registered words, written once: `text_enum!` gives an enum its wire names.
//!
//! Comparison is exact and case-sensitive, as RFC 6749 §1.9 asks of every protocol word.

/// A word that is not in the list of those known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the value is not one of those known here")]
pub struct UnknownValue;

/// Declares an enum whose variants are words on the wire, with `ALL`, `as_str`, `Display`,
/// `FromStr` and serde as a string.
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// Every value, in the order of declaration.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word used on the wire.
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::text_enum::UnknownValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::text_enum::UnknownValue),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::UnknownValue;

    text_enum! {
        /// Two words.
        enum Pair {
            /// First.
            First = "first_word",
            /// Second.
            Second = "second",
        }
    }

    #[test]
    fn words_round_trip_and_case_matters() {
        for &value in Pair::ALL {
            assert_eq!(value.as_str().parse(), Ok(value));
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Pair>(&json).unwrap(), value);
        }
        assert_eq!("First_word".parse::<Pair>(), Err(UnknownValue));
        assert_eq!("".parse::<Pair>(), Err(UnknownValue));
        assert!(serde_json::from_str::<Pair>("\"other\"").is_err());
        assert_eq!(Pair::Second.to_string(), "second");
    }
}
