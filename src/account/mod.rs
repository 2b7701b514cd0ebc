//! People and the ways in that they know by heart: registering, confirming an address, signing in with a password,
//! getting a new one (A1–A8, A11).
//!
//! Each command is one function in its own file. What they share:
//! - [`User`] is the record, `store` all SQL about it; `ticket` makes the one-time links and codes that mails carry.
//! - `lockout` counts failures (A7). It is one guarded statement, so a hundred tries at once count a hundred.
//! - Nothing tells a stranger whether an address has an account: the answers of [`register`], [`sign_in`],
//!   [`forgot_password`] and [`resend_verification`] are the same, and so are the number of hashes and of written rows.
//! - Whoever changes a password, or what an account may do, goes through `credentials`: new stamp (A8), sessions and
//!   tokens ended, and a mail to the owner (B9).

mod activation;
mod change_password;
mod come_back;
mod confirm_email_change;
mod create_set_up_link;
mod create_user;
mod credentials;
mod delete_user;
mod email_store;
pub(crate) mod error;
mod export;
mod forgot_password;
mod get_user;
mod import;
mod leave;
mod leave_store;
mod list_users;
mod lockout;
mod profile;
mod register;
mod request_email_change;
mod resend_verification;
mod reset_password;
mod set_up;
mod shut_out;
mod sign_in;
mod store;
#[cfg(test)]
mod tests;
mod ticket;
mod ticket_store;
mod undo_email_change;
mod update_profile;
mod user;
mod verify_email;

pub use activation::{ActivationError, disable_user, enable_user};
pub use change_password::{ChangePassword, ChangePasswordError, PasswordChanged, change_password};
pub use come_back::{ComeBack, ComeBackError, come_back, find_come_back};
pub use confirm_email_change::{ConfirmEmailChange, ConfirmEmailChangeError, confirm_email_change, find_email_proof};
pub use create_set_up_link::create_set_up_link;
pub use create_user::{CreateUser, CreateUserError, UserCreated, create_user};
pub use delete_user::{DeleteUserError, RestoreUserError, delete_user, restore_user};
pub use export::{ExportError, export_account};
pub use forgot_password::{ForgotPassword, ForgotPasswordError, forgot_password};
pub use get_user::{GetUserError, find_user, get_me, get_user};
pub use import::{
    Entry, ExportUsers, ExportUsersError, ExportedUser, ExternalId, Format, IdSource, ImportUsers, ImportUsersError,
    Imported, Outcome, Place, ReadError, Reader, Reading, Refused, Rehearsal, RehearsalError, Sheet, UserRecord,
    UsersExported, export_users, import_users,
};
pub use leave::{
    GRACE, LeaveError, deactivate_account, find_deletion, is_last_admin, keep_account, list_to_hand_over,
    schedule_deletion,
};
pub use list_users::{ListUsers, ListUsersError, UserPage, list_users};
pub use profile::{Locale, PictureUrl, Profile, ZoneName};
pub use register::{Register, RegisterError, Registered, register};
pub use request_email_change::{
    PendingEmailChange, RequestEmailChange, RequestEmailChangeError, find_email_change, request_email_change,
};
pub use resend_verification::{ResendVerification, ResendVerificationError, resend_verification};
pub use reset_password::{OpenReset, PasswordReset, ResetPassword, ResetPasswordError, find_reset, reset_password};
pub use set_up::{SetUp, SetUpDone, SetUpError, find_set_up, set_up};
pub use shut_out::{EverybodyOut, OpenShutOut, ShutOut, ShutOutError, find_shut_out, shut_out};
pub use sign_in::{
    Amr, BeginSecondFactorError, BeginStepUp, BeginStepUpError, CompleteSignIn, CompleteSignInError, Least, MailProof,
    OpenSignInLink, PENDING_LIFE, PendingSignIn, RequestSignInMail, RequestSignInMailError, SecondFactorRequired,
    SendCode, SendCodeError, SignIn, SignInByMail, SignInByMailError, SignInError, SignInOutcome, SignedIn,
    SignedInByMail, begin_second_factor, begin_step_up, complete_sign_in, complete_sign_in_and_trust,
    find_pending_sign_in, find_sign_in_link, request_sign_in_mail, send_code, sign_in, sign_in_by_mail,
    sign_in_trusted,
};
pub use undo_email_change::{
    EmailChangeUndone, OpenUndo, UndoEmailChange, UndoEmailChangeError, find_email_undo, undo_email_change,
};
pub use update_profile::{UpdateProfile, UpdateProfileError, update_profile};
pub use user::User;
pub use verify_email::{
    EmailVerified, OpenVerification, VerifyEmail, VerifyEmailError, find_verification, verify_email,
};

pub(crate) use credentials::{device, not_me_link, renew_stamp, set_claims};
pub(crate) use leave_store::erase_due;
pub(crate) use sign_in::{delete_expired_pending, open_session};
pub(crate) use store::{delete_forgotten, find, hold};
pub(crate) use ticket::digits as six_digits_of;
pub(crate) use ticket_store::delete_expired as delete_expired_tickets;
