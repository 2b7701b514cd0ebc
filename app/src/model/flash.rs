//! What the page before this one did; said once at the top of the next page and gone at the one after.

use serde::{Deserialize, Serialize};

/// Something that was done. A closed code: it travels in a cookie, and no other words can reach the page that way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flash {
    /// The address was confirmed; sign-in works now.
    AddressConfirmed,
    /// A fresh code and link are on their way.
    MailSentAgain,
    /// A forgotten password was replaced; sign in with the new one.
    PasswordReset,
    /// The password was changed from the account.
    PasswordChanged,
    /// One other session was ended.
    SessionEnded,
    /// All other sessions were ended.
    OtherSessionsEnded,
    /// A mail is on its way to another address.
    EmailAsked,
    /// The account has another address.
    EmailChanged,
    /// An account that was to be erased is kept.
    AccountKept,
    /// An account is active again; sign in.
    CameBack,
    /// What the account says of its owner was changed.
    ProfileSaved,
    /// What an application might do was taken back.
    ApplicationRevoked,
    /// This browser's session had ended (elsewhere or by age): sign in again to go on.
    SessionGone,
    /// The first administrator exists; sign in.
    SetUp,
    /// An authenticator app was added.
    AuthenticatorAdded,
    /// It has another name.
    AuthenticatorRenamed,
    /// It was removed.
    AuthenticatorRemoved,
    /// A code for the second step was sent.
    CodeSent,
    /// Codes by e-mail are a second factor from now on.
    EmailCodesOn,
    /// They are one no longer.
    EmailCodesOff,
    /// Codes by SMS are a second factor from now on.
    SmsCodesOn,
    /// They are one no longer.
    SmsCodesOff,
    /// A text message is on its way to another number.
    PhoneAsked,
    /// The account has another number.
    PhoneChanged,
    /// It has none any more.
    PhoneRemoved,
    /// A browser is asked for the second step again.
    TrustEnded,
    /// The second step took too long, or was taken already: begin again.
    SignInOver,
    /// Setting up an authenticator app took too long.
    SetUpOver,
    /// A passkey was added.
    PasskeyAdded,
    /// A passkey has another name.
    PasskeyRenamed,
    /// A passkey was removed.
    PasskeyRemoved,
    /// An application that waited was told yes.
    RequestAllowed,
    /// It was told no.
    RequestDenied,
    /// It waited no longer.
    RequestGone,
    /// An application was registered that has no secret.
    ClientMade,
    /// An application was changed.
    ClientSaved,
    /// What was sent was as it is.
    ClientUnchanged,
    /// An application was turned off.
    ClientOff,
    /// It was turned on again.
    ClientOn,
    /// It was removed.
    ClientDeleted,
    /// A secret of it ended.
    ClientSecretEnded,
    /// A text of policies is a version now.
    PoliciesSaved,
    /// A version of policies counts.
    PoliciesActivated,
    /// No policies count any more.
    PoliciesOff,
    /// Somebody else was faster.
    SomebodyChanged,
    /// An organisation was founded.
    OrganizationMade,
    /// It was changed.
    OrganizationSaved,
    /// What it asks of members when they sign in was changed.
    SignInRulesSaved,
    /// It is the one that applications act for where nothing else is said.
    OrganizationChosen,
    /// The person left it.
    OrganizationLeft,
    /// It was deleted.
    OrganizationDeleted,
    /// It was brought back.
    OrganizationRestored,
    /// It has another owner.
    OwnerChanged,
    /// A member has another role.
    MemberSaved,
    /// Somebody is no member any more.
    MemberRemoved,
    /// A grant or a denial was added.
    EntryAdded,
    /// One was withdrawn.
    EntryRemoved,
    /// A role was made.
    RoleMade,
    /// A role was changed.
    RoleSaved,
    /// A role was deleted.
    RoleDeleted,
    /// The person accepted an invitation.
    Joined,
    /// They declined it.
    InvitationDeclined,
    /// It was answered, taken back or over before.
    InvitationOver,
    /// Its role is gone, or whoever sent it may not do that any more.
    InvitationVoid,
    /// The organisation has no place.
    OrganizationFull,
    /// Too many requests came from here.
    NotNow,
    /// Somebody is invited.
    InvitationSent,
    /// Several are.
    InvitationsSent,
    /// An invitation was sent again.
    InvitationResent,
    /// It was sent too often.
    InvitationHeld,
    /// Its role is gone.
    InvitationRoleGone,
    /// It is beyond the person's role.
    InvitationBeyond,
    /// It was taken back.
    InvitationWithdrawn,
}

impl Flash {
    /// Whether it is good news (`true`) or information.
    pub fn is_good(self) -> bool {
        !matches!(
            self,
            Self::SessionGone
                | Self::RequestGone
                | Self::SignInOver
                | Self::SetUpOver
                | Self::ClientUnchanged
                | Self::SomebodyChanged
                | Self::InvitationOver
                | Self::InvitationVoid
                | Self::OrganizationFull
                | Self::NotNow
                | Self::InvitationHeld
                | Self::InvitationRoleGone
                | Self::InvitationBeyond
        )
    }

    /// Its words.
    #[expect(clippy::too_many_lines, reason = "a table: one line for each")]
    pub fn words(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::AddressConfirmed => ("Your address is confirmed", None),
            Self::MailSentAgain => {
                ("A new mail is on its way", Some("Only its code and link work now. The ones before it do not."))
            }
            Self::PasswordReset => {
                ("Your password is new", Some("Every other session was ended. Sign in with the new password."))
            }
            Self::PasswordChanged => {
                ("Your password is changed", Some("Every other session was ended. This browser stays."))
            }
            Self::PasskeyAdded => ("The passkey is added", Some("Next time, it is all you need to sign in.")),
            Self::PasskeyRenamed => ("The passkey has its new name", None),
            Self::PasskeyRemoved => {
                ("The passkey is removed", Some("Every other session was ended. This browser stays."))
            }
            Self::SessionEnded => ("The session is ended", None),
            Self::OtherSessionsEnded => ("All other sessions are ended", None),
            Self::EmailAsked => ("A mail is on its way", Some("Until its code is typed here, nothing changes.")),
            Self::EmailChanged => {
                ("Your address is changed", Some("Every other session was ended. This browser stays."))
            }
            Self::AccountKept => ("Your account is kept", Some("Nothing of it was erased.")),
            Self::CameBack => ("Your account is active again", Some("Sign in as before.")),
            Self::ProfileSaved => ("Your profile is saved", None),
            Self::ApplicationRevoked => ("The application may do nothing more", Some("What it held works no longer.")),
            Self::SessionGone => ("Your session has ended", Some("Sign in again to go on.")),
            Self::AuthenticatorAdded => {
                ("The authenticator app is added", Some("From now on signing in asks for one of its codes, too."))
            }
            Self::AuthenticatorRenamed => ("The authenticator app has its new name", None),
            Self::AuthenticatorRemoved => {
                ("The authenticator app is removed", Some("Every other session was ended. This browser stays."))
            }
            Self::CodeSent => ("A code is on its way", Some("Only the newest one works.")),
            Self::EmailCodesOn => {
                ("Codes by e-mail are on", Some("From now on signing in asks for one. Every other session was ended."))
            }
            Self::EmailCodesOff => {
                ("Codes by e-mail are off", Some("Every other session was ended. This browser stays."))
            }
            Self::SmsCodesOn => {
                ("Codes by SMS are on", Some("From now on signing in asks for one. Every other session was ended."))
            }
            Self::SmsCodesOff => ("Codes by SMS are off", Some("Every other session was ended. This browser stays.")),
            Self::PhoneAsked => ("A message is on its way", Some("Until its code is typed here, nothing changes.")),
            Self::PhoneChanged => {
                ("Your number is confirmed", Some("Every other session was ended. This browser stays."))
            }
            Self::PhoneRemoved => {
                ("Your number is removed", Some("Every other session was ended. This browser stays."))
            }
            Self::TrustEnded => ("The browser is asked again", Some("The next time somebody signs in there.")),
            Self::SignInOver => ("That took too long", Some("Begin again with your password. Nothing was changed.")),
            Self::SetUpOver => ("That took too long", Some("Begin again. Nothing was changed.")),
            Self::RequestAllowed => ("The application is told yes", Some("Go back to it: it goes on by itself.")),
            Self::RequestDenied => ("The application is told no", Some("It got nothing of your account.")),
            Self::RequestGone => {
                ("It waits no longer", Some("The request was answered, or took too long. Nothing was changed."))
            }
            Self::ClientMade => ("The application is made", Some("It has no secret: PKCE proves it.")),
            Self::ClientSaved => ("The application is changed", Some("What it gets from now on follows this.")),
            Self::ClientUnchanged => ("Nothing was different", Some("So nothing was changed.")),
            Self::ClientOff => ("The application is off", Some("Nobody can use it until it is turned on again.")),
            Self::ClientOn => ("The application is on", None),
            Self::ClientDeleted => ("The application is deleted", Some("Everything it held is gone with it.")),
            Self::PoliciesSaved => ("The draft is saved", Some("It counts for nothing until it is activated.")),
            Self::PoliciesActivated => ("The version counts", Some("Every answer follows it from now on.")),
            Self::PoliciesOff => ("No policies count", Some("Role, grants and denials decide alone.")),
            Self::ClientSecretEnded => ("The secret is ended", None),
            Self::SomebodyChanged => (
                "Somebody changed this since you opened it",
                Some("Here is how it looks now. What you sent was not done."),
            ),
            Self::OrganizationMade => ("The organisation is founded", Some("You are its owner.")),
            Self::OrganizationSaved => ("The organisation is changed", None),
            Self::SignInRulesSaved => {
                ("What signing in asks for is changed", Some("It counts from the next time somebody signs in."))
            }
            Self::OrganizationChosen => {
                ("This is your organisation now", Some("Applications act for it where nothing else is said."))
            }
            Self::OrganizationLeft => ("You have left", Some("You may do nothing there any more.")),
            Self::OrganizationDeleted => {
                ("The organisation is deleted", Some("Nobody can use it. For 30 days you can bring it back."))
            }
            Self::OrganizationRestored => ("The organisation is back", Some("With its members, roles and all.")),
            Self::OwnerChanged => ("The organisation has its new owner", Some("You are an admin of it from now on.")),
            Self::MemberSaved => ("The role is changed", Some("It counts at once.")),
            Self::MemberRemoved => ("The member is removed", Some("They may do nothing here any more.")),
            Self::EntryAdded => ("It is written down", Some("It counts at once.")),
            Self::EntryRemoved => ("It is withdrawn", Some("The role decides again, at once.")),
            Self::RoleMade => ("The role is made", Some("Give it to members on their pages.")),
            Self::RoleSaved => ("The role is changed", Some("It counts for everybody who has it, at once.")),
            Self::RoleDeleted => ("The role is deleted", None),
            Self::Joined => ("You are a member now", Some("What you may do there counts at once.")),
            Self::InvitationDeclined => {
                ("The invitation is declined", Some("Whoever sent it sees that. You can be invited again."))
            }
            Self::InvitationOver => (
                "This invitation is over",
                Some("It was answered, taken back or not answered in time. Nothing was done."),
            ),
            Self::InvitationVoid => (
                "This invitation does not stand any more",
                Some("Whoever sent it may not do that any more, or its role is gone. Ask to be invited again."),
            ),
            Self::OrganizationFull => (
                "There is no place left",
                Some("The organisation has as many members as it may. Ask it to make room, then accept."),
            ),
            Self::InvitationSent => ("The invitation is on its way", Some("It can be accepted for a week.")),
            Self::InvitationsSent => ("The invitations are on their way", Some("They can be accepted for a week.")),
            Self::InvitationResent => {
                ("The invitation is sent again", Some("Only the link of the newest mail works, for a week from now."))
            }
            Self::InvitationHeld => {
                ("Not sent again yet", Some("A mail went there a moment ago, or several today. Try again later."))
            }
            Self::InvitationRoleGone => {
                ("Its role was deleted", Some("Invite again, to another role; this invitation can only be taken back."))
            }
            Self::InvitationBeyond => {
                ("Your role does not reach so far", Some("It is an invitation to a role that you may not give."))
            }
            Self::InvitationWithdrawn => ("The invitation is taken back", Some("Its link no longer works.")),
            Self::NotNow => ("Not now", Some("Too many requests came from here. Wait a minute, then try again.")),
            Self::SetUp => ("The door is yours", Some("Your administrator account is made. Sign in with it.")),
        }
    }
}
