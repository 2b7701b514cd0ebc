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

text_enum! {
    /// What a second step has to reach at least (B6).
    pub enum Least {
        /// Two kinds of proof.
        Mfa = "mfa",
    }
}

impl Least {
    /// The ways that reach it, in their order.
    pub(super) fn of(least: Option<Self>, methods: &[SecondFactor]) -> Vec<SecondFactor> {
        let reaches = |method: &SecondFactor| match least {
            None => true,
            Some(Self::Mfa) => method.is_other_kind(),
        };
        methods.iter().copied().filter(reaches).collect()
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

/// What was shown so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    /// In the first step.
    pub(super) first: &'a [Amr],
    /// In the second one.
    pub(super) second: Option<SecondFactor>,
}

/// Decides. `has` is what the person could show besides the password, in the order to offer it.
pub(super) fn next(shown: Shown<'_>, has: &[SecondFactor]) -> Step {
    let Some(second) = shown.second else {
        let amr = shown.first.iter().copied().filter(|amr| *amr != Amr::MultiFactor).collect();
        return if has.is_empty() { Step::Open(amr) } else { Step::Ask(has.to_vec()) };
    };
    let mut amr: Vec<Amr> =
        shown.first.iter().copied().filter(|amr| !matches!(amr, Amr::MultiFactor | Amr::OneTimeCode)).collect();
    let knows = amr.contains(&Amr::Password);
    amr.push(Amr::OneTimeCode);
    if knows && second.is_other_kind() {
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
        use SecondFactor::{Email, Recovery, Totp};
        for (first, second, has, step) in [
            (&[Password][..], None, &[][..], Step::Open(vec![Password])),
            (&[Password], None, &[Totp], Step::Ask(vec![Totp])),
            (&[Password], None, &[Totp, Recovery], Step::Ask(vec![Totp, Recovery])),
            (&[Password], None, &[Email], Step::Ask(vec![Email])),
            (&[Password], Some(Totp), &[Totp], Step::Open(vec![Password, OneTimeCode, MultiFactor])),
            (&[Password], Some(Recovery), &[Totp], Step::Open(vec![Password, OneTimeCode, MultiFactor])),
            // The mailbox resets the password: it is no other kind of proof (B4).
            (&[Password], Some(Email), &[Totp, Email], Step::Open(vec![Password, OneTimeCode])),
            // Somebody who showed a code of a mailbox shows that of an app, too.
            (&[Password, OneTimeCode], Some(Totp), &[Totp], Step::Open(vec![Password, OneTimeCode, MultiFactor])),
            // The last authenticator was removed meanwhile: what was shown was shown.
            (&[Password], Some(Totp), &[], Step::Open(vec![Password, OneTimeCode, MultiFactor])),
            // What was claimed without being shown is not repeated.
            (&[Password, MultiFactor], None, &[], Step::Open(vec![Password])),
            (&[Password, MultiFactor], None, &[Totp], Step::Ask(vec![Totp])),
            (&[], Some(Totp), &[Totp], Step::Open(vec![OneTimeCode])),
        ] {
            assert_eq!(next(Shown { first, second }, has), step, "{first:?} {second:?} {has:?}");
        }
    }
}
