//! What happened to an account, in view of its owner (C5).

use super::{Room, When};

/// Everything that happened: `GET /account/activity`.
#[derive(Debug, Clone)]
pub struct ActivityPage {
    /// The room around it.
    pub room: Room,
    /// The newest first.
    pub events: Vec<Activity>,
    /// It is not the first page.
    pub is_later: bool,
    /// Where the next page goes on, if there is one.
    pub next: Option<String>,
}

/// One thing that happened to the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// When.
    pub when: When,
    /// What.
    pub kind: ActivityKind,
    /// Who did it.
    pub by: ActivityBy,
    /// From which device, such as `Firefox on Windows`.
    pub device: Option<String>,
    /// From which address.
    pub ip: Option<String>,
    /// More about it: what an application was allowed.
    pub more: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ActivityBy {
    /// The person, or somebody who would be.
    #[default]
    Person,
    /// An application.
    Application,
    /// An administrator.
    Operator,
    /// Ostiary by itself.
    House,
}

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
    /// It was done, or stopped, and its owner had better know about it.
    Look,
}

/// What can happen to an account in view of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActivityKind {
    /// The account was made.
    Registered,
    /// Somebody tried to register the address again.
    RegisteredAgain,
    /// The address was confirmed.
    AddressConfirmed,
    /// Another address was asked for.
    EmailAsked,
    /// The address was replaced.
    EmailChanged,
    /// The owner of the old address took that back.
    EmailUndone,
    /// What the account says of its owner was changed.
    ProfileChanged,
    /// Signed in with the password.
    SignedIn,
    /// Signed in with the password and a second step.
    SignedInTwice,
    /// Signed in with a passkey.
    SignedInByPasskey,
    /// Signed out.
    SignedOut,
    /// A try with a wrong password.
    SignInFailed,
    /// The password was right, the code was not.
    SecondStepFailed,
    /// A try with a passkey that was refused.
    PasskeyRefused,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey has another name.
    PasskeyRenamed,
    /// A passkey was removed.
    PasskeyRemoved,
    /// A copy of a passkey was refused.
    PasskeyCopied,
    /// Sign-in was paused after too many tries.
    LockedOut,
    /// The password was changed.
    PasswordChanged,
    /// A link for a new password was asked for.
    PasswordResetAsked,
    /// The owner shut everybody out.
    EverybodyOut,
    /// A mail to sign in with was asked for.
    SignInMailAsked,
    /// The password was replaced by such a link.
    PasswordReset,
    /// An authenticator app was added.
    AuthenticatorAdded,
    /// It has another name.
    AuthenticatorRenamed,
    /// It was removed.
    AuthenticatorRemoved,
    /// New recovery codes were made.
    RecoveryCodesMade,
    /// A recovery code was used.
    RecoveryCodeUsed,
    /// Codes by e-mail became a second factor.
    EmailCodesOn,
    /// They are one no longer.
    EmailCodesOff,
    /// Codes by SMS became a second factor.
    SmsCodesOn,
    /// They are one no longer.
    SmsCodesOff,
    /// A code was sent to a telephone number.
    PhoneAsked,
    /// There is a number, or another one.
    PhoneChanged,
    /// There is none any more.
    PhoneRemoved,
    /// A browser was trusted.
    BrowserTrusted,
    /// It is trusted no longer.
    BrowserTrustEnded,
    /// A session was ended.
    SessionEnded,
    /// Its owner asked for its end.
    DeletionAsked,
    /// They keep it.
    Kept,
    /// The account was deactivated.
    Deactivated,
    /// It was activated again.
    Reactivated,
    /// An application was allowed to use the account.
    Allowed {
        /// Its name.
        application: String,
    },
    /// An application was refused.
    Denied {
        /// Its name.
        application: String,
    },
    /// What an application might do was taken back.
    TakenBack {
        /// Its name.
        application: String,
    },
    /// An application asked for the person from somewhere else.
    Asked {
        /// Its name.
        application: String,
    },
    /// An application gave back what it held.
    GivenBack {
        /// Its name.
        application: String,
    },
    /// An old key of an application came back: somebody else may hold it.
    KeyReturned {
        /// Its name.
        application: String,
    },
}

impl ActivityKind {
    /// How it ended.
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::SignInFailed | Self::SecondStepFailed | Self::PasskeyRefused | Self::Denied { .. } => {
                Outcome::Refused
            }
            Self::PasskeyCopied
            | Self::LockedOut
            | Self::RecoveryCodeUsed
            | Self::RegisteredAgain
            | Self::EmailUndone
            | Self::DeletionAsked
            | Self::KeyReturned { .. } => Outcome::Look,
            _ => Outcome::Done,
        }
    }
}
