//! The code that people type (RFC 8628 §6.1).

use std::fmt;

use crate::{core::Core, entropy::Entropy, secret::Digest};

/// Twenty consonants: no vowels, so no words; no digits, so nothing to mistake for a letter.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

const LENGTH: usize = 8;

/// Longest text that is looked at.
const MAX_BYTES: usize = 64;

/// Eight of twenty letters: 34.5 bits, which with ten minutes of life and a limit on tries leave nothing to guess
/// (RFC 8628 §5.1). `Debug` hides it: who holds it can decide about the request.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode([u8; LENGTH]);

impl UserCode {
    /// Draws one; each letter is equally likely.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut letters = [0; LENGTH];
        let mut found = 0;
        while found < LENGTH {
            let mut bytes = [0; 16];
            entropy.fill(&mut bytes);
            // 240 is the greatest multiple of twenty that fits into a byte.
            for byte in bytes.into_iter().filter(|byte| *byte < 240) {
                let letter = LETTERS.get(usize::from(byte % 20));
                if let (Some(place), Some(letter)) = (letters.get_mut(found), letter) {
                    *place = *letter;
                    found += 1;
                }
            }
        }
        Self(letters)
    }

    /// Reads what somebody typed, in capitals or not, with or without hyphen and spaces; none when it cannot be a code.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_BYTES {
            return None;
        }
        let mut letters = [0; LENGTH];
        let mut places = letters.iter_mut();
        for letter in text.chars().filter(|c| c.is_alphanumeric()) {
            let letter = u8::try_from(letter).ok()?.to_ascii_uppercase();
            *places.next().filter(|_| LETTERS.contains(&letter))? = letter;
        }
        places.next().is_none().then_some(Self(letters))
    }

    /// What is stored of it: of so short a text a bare digest would be as good as the text.
    pub(in crate::grant) fn digest(&self, core: &Core) -> Digest {
        let text: String = self.0.iter().copied().map(char::from).collect();
        core.sealer().code_digest(b"device user code", &text)
    }
}

impl fmt::Display for UserCode {
    /// `WDJB-MJHT`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, letter) in self.0.iter().enumerate() {
            if place == LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*letter))?;
        }
        Ok(())
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    /// D8, RFC 8628 §6.1: capitals and separators do not matter, everything else does.
    #[test]
    fn what_people_type_is_read() {
        let code = UserCode::parse("WDJB-MJHT").unwrap();
        for typed in ["wdjbmjht", " WDJB MJHT ", "w.d.j.b-m_j_h_t", "Wdjb–Mjht"] {
            assert_eq!(UserCode::parse(typed).as_ref(), Some(&code), "{typed}");
        }
        assert_eq!(code.to_string(), "WDJB-MJHT");
        let long = format!("{}{}", " ".repeat(60), "WDJBMJHT");
        for typed in ["", "WDJB-MJH", "WDJB-MJHTB", "WDJB-MJHA", "WDJB-MJH1", "WDJB-MJHŤ", "ẅDJB-MJHT", &long] {
            assert_eq!(UserCode::parse(typed), None, "{typed}");
        }
    }

    /// RFC 8628 §6.1: of twenty letters, each of them.
    #[test]
    fn codes_are_drawn_of_all_letters() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let code = UserCode::generate(&SystemEntropy);
            assert_eq!(UserCode::parse(&code.to_string()), Some(code.clone()));
            seen.extend(code.0);
        }
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), LETTERS);
        assert_eq!(format!("{:?}", UserCode::generate(&SystemEntropy)), "UserCode(…)");
    }
}
