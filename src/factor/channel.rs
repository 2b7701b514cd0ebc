//! The ways that codes are sent (B4).

use super::SecondFactor;
use crate::{account::User, audit::AuditKind, config::Config, core::Ctx, phone::PhoneNumber, text::EmailAddress};

text_enum! {
    /// A way to send somebody a code.
    pub enum Channel {
        /// A mail to their address.
        Email = "email",
        /// A text message to their number.
        Sms = "sms",
    }
}

/// Where the codes of a channel go.
pub(super) enum Reached<'a> {
    Address(&'a EmailAddress),
    Number(PhoneNumber),
}

impl Channel {
    /// The second factor that its codes are.
    pub const fn factor(self) -> SecondFactor {
        match self {
            Self::Email => SecondFactor::Email,
            Self::Sms => SecondFactor::Sms,
        }
    }

    /// Whether this instance sends codes that way.
    pub fn is_offered(self, config: &Config) -> bool {
        match self {
            Self::Email => config.second_factors.email,
            Self::Sms => config.sms.is_on(),
        }
    }

    /// Where codes for this person go; none when it is not known to be theirs.
    pub(super) fn reach(self, user: &User) -> Option<Reached<'_>> {
        match self {
            Self::Email => user.is_verified().then_some(Reached::Address(&user.email)),
            Self::Sms => user.verified_phone().map(Reached::Number),
        }
    }

    /// Whether codes may be chosen by this person.
    pub(super) fn may_be_chosen(self, ctx: &Ctx, user: &User) -> bool {
        self.is_offered(ctx.config()) && self.reach(user).is_some()
    }

    /// How the record calls it when they are turned on, or off.
    pub(super) const fn on_record(self, on: bool) -> AuditKind {
        match (self, on) {
            (Self::Email, true) => AuditKind::EmailCodesOn,
            (Self::Email, false) => AuditKind::EmailCodesOff,
            (Self::Sms, true) => AuditKind::SmsCodesOn,
            (Self::Sms, false) => AuditKind::SmsCodesOff,
        }
    }
}
