//! The kinds of things that are put on record.

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What happened. The text form is stored and exported, so it never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum AuditKind {
            $($(#[$doc])* $name),+
        }

        impl AuditKind {
            /// The stored form.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text),+
                }
            }

            /// Reads the stored form.
            pub fn parse(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$name),)+
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// An account was made.
    UserRegistered = "user_registered",
    /// Somebody tried to register an address that has an account.
    RegistrationRepeated = "registration_repeated",
    /// An account was made by an operator.
    UserCreated = "user_created",
    /// An account was brought along from another system, or up to date with it.
    UserImported = "user_imported",
    /// The accounts were written to a file.
    UsersExported = "users_exported",
    /// The first administrator was made through the set-up link.
    SetUpCompleted = "set_up_completed",
    /// An address was confirmed.
    EmailVerified = "email_verified",
    /// Another address was asked for.
    EmailChangeRequested = "email_change_requested",
    /// The address was replaced by one that was proved.
    EmailChanged = "email_changed",
    /// The owner of the old address took that back, or stopped it.
    EmailChangeUndone = "email_change_undone",
    /// What an account says of its owner was changed.
    ProfileUpdated = "profile_updated",
    /// Signed in.
    SignedIn = "login",
    /// A sign-in was refused.
    SignInFailed = "login_failed",
    /// Sign-in is paused after too many failures.
    AccountLocked = "lockout",
    /// Signed out.
    SignedOut = "logout",
    /// A session was ended from elsewhere.
    SessionEnded = "session_ended",
    /// The owner said of something that it was not them: everybody was shut out.
    EverybodyOut = "everybody_out",
    /// A mail to sign in with was asked for.
    SignInMailRequested = "sign_in_mail_requested",
    /// A password reset was asked for.
    PasswordResetRequested = "password_reset_requested",
    /// A password was reset through a mail.
    PasswordReset = "password_reset",
    /// A password was changed by its owner.
    PasswordChanged = "password_changed",
    /// A password hash was replaced by one with the present parameters.
    PasswordRehashed = "password_rehashed",
    /// A passkey was added.
    PasskeyAdded = "passkey_added",
    /// A passkey was given another name.
    PasskeyRenamed = "passkey_renamed",
    /// A passkey was removed.
    PasskeyRemoved = "passkey_removed",
    /// A passkey counted backwards: there is a copy of it.
    PasskeyCopied = "passkey_copied",
    /// An authenticator app was added.
    AuthenticatorAdded = "authenticator_added",
    /// It was given another name.
    AuthenticatorRenamed = "authenticator_renamed",
    /// It was removed.
    AuthenticatorRemoved = "authenticator_removed",
    /// Recovery codes were made; those before them ended.
    RecoveryCodesMade = "recovery_codes_made",
    /// A recovery code was used.
    RecoveryCodeUsed = "recovery_code_used",
    /// Codes by e-mail became a second factor.
    EmailCodesOn = "email_codes_on",
    /// They are one no longer.
    EmailCodesOff = "email_codes_off",
    /// Codes as text messages became a second factor.
    SmsCodesOn = "sms_codes_on",
    /// They are one no longer.
    SmsCodesOff = "sms_codes_off",
    /// A code to confirm a telephone number was sent to it.
    PhoneCodeSent = "phone_code_sent",
    /// The account has a telephone number, or another one.
    PhoneChanged = "phone_changed",
    /// It has none any more.
    PhoneRemoved = "phone_removed",
    /// A browser is not asked for the second factor for a while.
    BrowserTrusted = "browser_trusted",
    /// It is asked again.
    BrowserTrustEnded = "browser_trust_ended",
    /// An account was deactivated.
    UserDeactivated = "user_deactivated",
    /// An account was activated again.
    UserReactivated = "user_reactivated",
    /// The owner of an account asked for its end, which comes after a grace.
    UserDeletionScheduled = "user_deletion_scheduled",
    /// An account was deleted by an operator; it is erased after a grace.
    UserDeleted = "user_deleted",
    /// A deleted account was brought back by an operator.
    UserRestored = "user_restored",
    /// The owner of an account that was to be erased keeps it.
    UserKept = "user_kept",
    /// An organisation was made.
    OrganizationCreated = "organization_created",
    /// An organisation was changed.
    OrganizationUpdated = "organization_updated",
    /// An organisation was deleted; it is erased after a grace.
    OrganizationDeleted = "organization_deleted",
    /// A deleted organisation was brought back.
    OrganizationRestored = "organization_restored",
    /// An organisation asks something else of its members when they sign in.
    MfaPolicyChanged = "mfa_policy_changed",
    /// Somebody chose the organisation they act in.
    OrganizationChosen = "organization_chosen",
    /// Somebody was invited into an organisation.
    MemberInvited = "member_invited",
    /// An invitation was sent again.
    InvitationResent = "invitation_resent",
    /// An invitation was taken back.
    InvitationWithdrawn = "invitation_withdrawn",
    /// An invitation was accepted.
    InvitationAccepted = "invitation_accepted",
    /// An invitation was declined.
    InvitationRejected = "invitation_rejected",
    /// Nobody answered an invitation in time.
    InvitationExpired = "invitation_expired",
    /// Somebody joined an organisation.
    MemberJoined = "member_joined",
    /// Somebody left an organisation.
    MemberLeft = "member_left",
    /// Somebody was removed from an organisation.
    MemberRemoved = "member_removed",
    /// A member has another role.
    MemberRoleChanged = "member_role_changed",
    /// An organisation has another owner.
    OwnershipTransferred = "ownership_transferred",
    /// A member was granted something.
    PermissionGranted = "permission_granted",
    /// A member was denied something.
    PermissionDenied = "permission_denied",
    /// A grant or a denial was taken back.
    PermissionEntryRemoved = "permission_entry_removed",
    /// A role was made.
    RoleCreated = "role_created",
    /// A role was changed.
    RoleUpdated = "role_updated",
    /// A role was deleted.
    RoleDeleted = "role_deleted",
    /// Somebody has other roles on the instance.
    UserRolesChanged = "user_roles_changed",
    /// A permission was put into the catalogue, or described anew.
    PermissionSaved = "permission_saved",
    /// A permission was taken out of the catalogue.
    PermissionRemoved = "permission_removed",
    /// A text of policies was saved as a version.
    PoliciesSaved = "policies_saved",
    /// A version of policies began to count, or none does any more.
    PoliciesActivated = "policies_activated",
    /// A client was allowed something.
    ConsentGiven = "consent_given",
    /// A client was refused.
    ConsentDenied = "consent_denied",
    /// A person took back what a client may do.
    ApplicationRevoked = "application_revoked",
    /// A client asked for a person through the backchannel.
    AuthenticationRequested = "authentication_requested",
    /// A client received tokens for a person.
    TokensIssued = "tokens_issued",
    /// A client revoked tokens.
    TokensRevoked = "tokens_revoked",
    /// An authorization code came back a second time.
    CodeReplayed = "code_replayed",
    /// An old refresh token came back.
    RefreshTokenReused = "refresh_token_reused",
    /// A client was registered.
    ClientCreated = "client_created",
    /// A client was changed.
    ClientUpdated = "client_updated",
    /// A client was turned off.
    ClientDisabled = "client_disabled",
    /// A client was turned on again.
    ClientEnabled = "client_enabled",
    /// One secret of a client was ended.
    ClientSecretRevoked = "client_secret_revoked",
    /// A client's secret was replaced.
    ClientSecretRotated = "client_secret_rotated",
    /// A client was deleted.
    ClientDeleted = "client_deleted",
    /// An API was registered.
    ResourceCreated = "resource_created",
    /// An API was changed.
    ResourceUpdated = "resource_updated",
    /// An API was removed.
    ResourceDeleted = "resource_deleted",
    /// A scope was described.
    ScopeSaved = "scope_saved",
    /// The description of a scope was removed.
    ScopeDeleted = "scope_deleted",
    /// Everything was made as a file declares it.
    DeclarationApplied = "declaration_applied",
    /// A token was made that lets somebody register clients.
    InitialTokenCreated = "initial_token_created",
    /// A token that lets somebody register clients was revoked.
    InitialTokenRevoked = "initial_token_revoked",
    /// A new signing key was made.
    KeyCreated = "key_created",
    /// A signing key was revoked.
    KeyRevoked = "key_revoked",
}
