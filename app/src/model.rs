//! What the pages show, as plain data.
//!
//! A handler fills one of these structs from what a command answered and hands it to [`crate::shell::render`]. Problems are closed enums:
//! the words for them live here, so nothing that came with a request can put its own words on our page.

mod account;
mod activity;
mod applications;
mod chooser;
mod client;
mod clients;
mod consent;
mod data;
mod device;
mod edit_client;
mod email;
mod enrolment;
mod error;
mod flash;
mod form_post;
mod invitations;
mod mail;
mod mail_sign_in;
mod members;
mod new_client;
mod not_me;
mod organization_activity;
mod organization_invitations;
mod organization_problem;
mod organization_settings;
mod organizations;
mod passkeys;
mod password;
mod people;
mod phone;
mod policies;
mod problem;
mod profile;
mod reference;
mod register;
mod requests;
mod roles;
mod second_factor;
mod security;
mod setup;
mod sign_in;
mod sign_out;
mod site;
mod when;
mod why;

pub use account::{AccountHome, ConfirmEndOthers, ConfirmEndSession, DeviceKind, Room, SessionRow, SessionsPage};
pub use activity::{Activity, ActivityBy, ActivityKind, ActivityPage, Outcome};
pub use applications::{ApplicationRow, ApplicationsPage, RevokeApplicationPage};
pub use chooser::{AccountChoice, ChooserPage, OrganizationChoice};
pub use client::{
    ClientOrigin, ClientPage, ClientPeople, ClientSecrets, DeleteClientPage, EndSecretPage, Fact, KeepOld,
    NewSecretPage, SecretRow, TurnClientPage,
};
pub use clients::{ClientRow, ClientSort, ClientsPage};
pub use consent::{ConsentPage, DetailLine, ScopeLine};
pub use data::{ComeBackPage, DataPage, DeactivatePage, DeleteAccountPage, LeftPage};
pub use device::{ConfirmDevicePage, DeviceCodeProblem, DeviceDonePage, DevicePage};
pub(crate) use edit_client::called;
pub use edit_client::{
    EditClientPage, EditClientProblem, EditClientValues, Entry, FURTHER, SECTIONS, Section, Shape, entry_of,
};
pub use email::{EmailPage, EmailProblem, ProveEmailPage, UndoEmailPage};
pub use enrolment::EnrolPage;
pub use error::{DeveloperNote, ErrorKind, ErrorPage, WayOn};
pub use flash::Flash;
pub use form_post::FormPostPage;
pub use invitations::{InvitationCard, InvitationEnd, InvitationPage, InvitationReader, InvitationsPage};
pub use mail::{CheckMailPage, CodeProblem, VerifyLinkPage};
pub use mail_sign_in::{AskSignInMailPage, MailCodeProblem, SignInCodePage, SignInLinkPage};
pub use members::{
    EffectiveRow, EntryRow, EntryValues, May, MemberPage, MemberRow, MembersPage, PermissionGroup, RemoveEntryPage,
    RemoveMemberPage, WhyNot,
};
pub use new_client::{NewClientPage, NewClientProblem, NewClientValues};
pub use not_me::NotMePage;
pub use organization_activity::{EventBy, OrganizationActivityPage, OrganizationEvent};
pub use organization_invitations::{
    InvitationRow, InvitationTab, InviteForm, InviteOutcome, InviteProblem, OrganizationInvitationsPage,
    WithdrawInvitationPage,
};
pub use organization_problem::OrganizationProblem;
pub use organization_settings::{
    ConfirmHandOverPage, DeleteOrganizationPage, HandOverPage, OrganizationSettingsPage, SettingsValues, SignInRules,
};
pub use organizations::{
    DeletedOrganization, LeaveOrganizationPage, NewOrganizationPage, OrganizationPage, OrganizationPlace,
    OrganizationRow, OrganizationsPage, RoleTag, RoomOrganization,
};
pub use passkeys::{
    PasskeyKind, PasskeyNameProblem, PasskeyOfferPage, PasskeyProblem, PasskeyRow, PasskeySignal, PasskeysPage,
    PasskeysState, RemovePasskeyPage, RenamePasskeyPage,
};
pub use password::{
    AddressProblem, ChangePasswordPage, ChangePasswordProblem, ForgotPasswordPage, NewPasswordPage, NewPasswordProblem,
    PasswordRule, RuleKind, RuleState,
};
pub use people::{Caller, Person, initials, tint_of};
pub use phone::{PhonePage, PhoneProblem, RemovePhonePage};
pub use policies::{
    ActivatePoliciesPage, PoliciesPage, PoliciesProblem, PoliciesTried, PolicyChange, PolicyMistake, PolicyVersionRow,
};
pub use problem::{Hold, Problem};
pub(crate) use problem::{capital, count, first_sentence, in_short, number, small, span, words_for};
pub use profile::{ProfilePage, ProfileProblem, ProfileValues};
pub use reference::{Member, Operation, OperationAnswer, ReferenceArea, ReferencePage};
pub use register::{RegisterPage, RegisterProblem, RegisterValues};
pub use requests::{AnswerRequestPage, RequestRow, RequestsPage};
pub use roles::{DeleteRolePage, MatrixGroup, MatrixRow, Pass, RoleColumn, RolePage, RoleValues, RolesPage};
pub use second_factor::{ConfirmPage, ConfirmProblem, SecondFactorPage, SecondFactorProblem, Sent, Way};
pub use security::{
    AddAuthenticatorPage, AuthenticatorProblem, AuthenticatorRow, CodesPage, CodesRow, NameProblem, QrCode,
    RecoveryCodesPage, RecoveryCodesRow, RemoveAuthenticatorPage, RenameAuthenticatorPage, ScanAuthenticatorPage,
    SecurityPage, TrustedBrowserRow,
};
pub use setup::{SetupPage, SetupProblem};
pub use sign_in::{OtherWays, SignInPage, SignInProblem};
pub use sign_out::{ConfirmSignOutPage, SignOutFrame, SignedOutPage};
pub use site::{MailLinks, Site, SiteLinks, Theme};
pub use when::When;
pub use why::{WhyAnswer, WhyAsked, WhyPage, WhyProblem, WhySays, WhyStep};
