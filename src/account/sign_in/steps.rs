//! Which step comes next: a pure function of what was proven and what the person has.

use crate::factor::{Accepted, SecondFactor};

text_enum! {
    /// How somebody proved who they are (RFC 8176 §2).
    pub enum Amr {
        /// The password.
        Password = "pwd",
        /// A one-time code: of an authenticator app, sent, or for recovery.
        OneTimeCode = "otp",
        /// It came as a text message to a number of theirs.
        Sms = "sms",
        /// A key that calls itself bound to its device.
        HardwareKey = "hwk",
        /// A key that may be copied to other devices.
        SoftwareKey = "swk",
        /// The person was there, and was verified.
        User = "user",
        /// Two kinds: something known and something held.
        MultiFactor = "mfa",
    }
}

text_enum! {
    /// What a second step has to reach at least (B6).
    pub enum Least {
        /// Two kinds of proof.
        Mfa = "mfa",
        /// A key that cannot be phished.
        PhishingResistant = "phr",
        /// A code of an authenticator app, or a key (E7).
        AppOrKey = "app",
        /// A code in a text message, or a key (E7).
        SmsOrKey = "sms",
    }
}

impl Least {
    /// The ways that reach it, in their order.
    pub(super) fn of(self, methods: &[SecondFactor]) -> Vec<SecondFactor> {
        methods.iter().copied().filter(|method| self.is_reached_by(*method)).collect()
    }

    /// Whether this way reaches it. Recovery codes stand in for the authenticator app.
    pub(crate) fn is_reached_by(self, method: SecondFactor) -> bool {
        match self {
            Self::Mfa => method.is_other_kind(),
            Self::PhishingResistant => method == SecondFactor::Passkey,
            Self::AppOrKey => matches!(method, SecondFactor::Passkey | SecondFactor::Totp | SecondFactor::Recovery),
            Self::SmsOrKey => matches!(method, SecondFactor::Passkey | SecondFactor::Sms),
        }
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

/// What follows the first step, in which `shown` was shown. `asked` is what has to be shown besides, in the order to offer it.
pub(super) fn after_first(shown: &[Amr], asked: &[SecondFactor]) -> Step {
    if asked.is_empty() { Step::Open(joined(shown, &[])) } else { Step::Ask(asked.to_vec()) }
}

/// A second step may build on a first one that anybody could do who reads the mailbox: on the password, which the mailbox
/// resets, and on the mailbox itself (B5).
pub(super) fn can_be_built_on(first: &[Amr]) -> bool {
    first.iter().any(|shown| matches!(shown, Amr::Password | Amr::OneTimeCode))
}

/// Whoever came by the mailbox is not asked for it again.
pub(super) fn may_follow(first: &[Amr], method: SecondFactor) -> bool {
    method != SecondFactor::Email || first.contains(&Amr::Password)
}

/// What a session says of itself after the second step.
pub(super) fn after_second(first: &[Amr], second: Accepted) -> Vec<Amr> {
    let mut amr = joined(first, second.amr());
    if can_be_built_on(first) && second.kind().is_other_kind() {
        amr.push(Amr::MultiFactor);
    }
    amr
}

/// Each once; what was claimed without being shown is not repeated.
fn joined(first: &[Amr], second: &[Amr]) -> Vec<Amr> {
    let mut amr = Vec::with_capacity(first.len() + second.len() + 1);
    for shown in first.iter().chain(second) {
        if *shown != Amr::MultiFactor && !amr.contains(shown) {
            amr.push(*shown);
        }
    }
    amr
}

/// As sessions and tokens carry it.
pub(super) fn words(amr: &[Amr]) -> Vec<String> {
    amr.iter().map(|amr| amr.as_str().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factor::Channel;

    /// B2 B6: somebody who has a second factor shows it; `mfa` is said of nobody who did not.
    #[test]
    fn whoever_has_a_second_factor_shows_it() {
        use Amr::{MultiFactor, Password};
        use SecondFactor::{Email, Recovery, Sms, Totp};
        for (first, asked, step) in [
            (&[Password][..], &[][..], Step::Open(vec![Password])),
            (&[Password], &[Totp], Step::Ask(vec![Totp])),
            (&[Password], &[Totp, Recovery], Step::Ask(vec![Totp, Recovery])),
            (&[Password], &[Email], Step::Ask(vec![Email])),
            (&[Password], &[Sms, Email], Step::Ask(vec![Sms, Email])),
            // What was claimed without being shown is not repeated.
            (&[Password, MultiFactor], &[], Step::Open(vec![Password])),
            (&[Password, MultiFactor], &[Totp], Step::Ask(vec![Totp])),
        ] {
            assert_eq!(after_first(first, asked), step, "{first:?} {asked:?}");
        }
    }

    /// B1 B4 B6: a session says what was shown, each once.
    #[test]
    fn what_was_shown_is_told() {
        use Amr::{HardwareKey, MultiFactor, OneTimeCode, Password, Sms, User};
        let key = Accepted::Passkey([HardwareKey, User]);
        for (first, second, amr) in [
            (&[Password][..], Accepted::Totp, &[Password, OneTimeCode, MultiFactor][..]),
            (&[Password], Accepted::Recovery { left: 1 }, &[Password, OneTimeCode, MultiFactor]),
            (&[Password], key, &[Password, HardwareKey, User, MultiFactor]),
            // The mailbox resets the password: it is no other kind of proof.
            (&[Password], Accepted::Sent(Channel::Email), &[Password, OneTimeCode]),
            (&[Password], Accepted::Sent(Channel::Sms), &[Password, OneTimeCode, Sms, MultiFactor]),
            (&[Password, OneTimeCode], Accepted::Sent(Channel::Sms), &[Password, OneTimeCode, Sms, MultiFactor]),
            // On top of it, something else is.
            (&[Password, OneTimeCode], Accepted::Totp, &[Password, OneTimeCode, MultiFactor]),
            (&[Password, OneTimeCode, MultiFactor], key, &[Password, OneTimeCode, HardwareKey, User, MultiFactor]),
            (&[], Accepted::Totp, &[OneTimeCode]),
            // By the mailbox, which stands in for the password (B5).
            (&[OneTimeCode], Accepted::Totp, &[OneTimeCode, MultiFactor]),
            (&[OneTimeCode], Accepted::Sent(Channel::Email), &[OneTimeCode]),
            (&[OneTimeCode], Accepted::Sent(Channel::Sms), &[OneTimeCode, Sms, MultiFactor]),
        ] {
            assert_eq!(after_second(first, second), amr, "{first:?} {second:?}");
        }
    }
}
