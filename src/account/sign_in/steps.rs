//! Which step comes next: a pure function of what was proven and what the person has.

use crate::factor::SecondFactor;

text_enum! {
    /// How somebody proved who they are (RFC 8176 §2).
    pub enum Amr {
        /// The password.
        Password = "pwd",
        /// A one-time code: of an authenticator app, or for recovery.
        OneTimeCode = "otp",
        /// Two kinds: something known and something held.
        MultiFactor = "mfa",
    }
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is enough: a session opens, and says this of itself.
    Open(Vec<Amr>),
    /// One of these is still to be shown.
    Ask(Vec<SecondFactor>),
}

/// Decides. `proven` is what was shown so far; `has` what the person could show besides the password, in the order to offer
/// it.
pub(super) fn next(proven: &[Amr], has: &[SecondFactor]) -> Step {
    let knows = proven.contains(&Amr::Password);
    let holds = proven.contains(&Amr::OneTimeCode);
    if !holds && !has.is_empty() {
        return Step::Ask(has.to_vec());
    }
    let mut amr: Vec<Amr> = proven.iter().copied().filter(|amr| *amr != Amr::MultiFactor).collect();
    if knows && holds {
        amr.push(Amr::MultiFactor);
    }
    Step::Open(amr)
}

/// As sessions and tokens carry it.
pub(super) fn words(amr: &[Amr]) -> Vec<String> {
    amr.iter().map(|amr| amr.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// B2 B6: somebody who has a second factor shows it; `mfa` is said of nobody who did not.
    #[test]
    fn whoever_has_a_second_factor_shows_it() {
        use Amr::{MultiFactor, OneTimeCode, Password};
        use SecondFactor::{Recovery, Totp};
        for (proven, has, step) in [
            (&[Password][..], &[][..], Step::Open(vec![Password])),
            (&[Password], &[Totp], Step::Ask(vec![Totp])),
            (&[Password], &[Totp, Recovery], Step::Ask(vec![Totp, Recovery])),
            (&[Password, OneTimeCode], &[Totp], Step::Open(vec![Password, OneTimeCode, MultiFactor])),
            // The last authenticator was removed meanwhile: what was shown was shown.
            (&[Password, OneTimeCode], &[], Step::Open(vec![Password, OneTimeCode, MultiFactor])),
            // What was claimed without being shown is not repeated.
            (&[Password, MultiFactor], &[], Step::Open(vec![Password])),
            (&[Password, MultiFactor], &[Totp], Step::Ask(vec![Totp])),
        ] {
            assert_eq!(next(proven, has), step, "{proven:?} {has:?}");
        }
    }
}
