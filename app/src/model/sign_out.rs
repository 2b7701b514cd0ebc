//! Sign out.

use super::{Caller, Person};

/// "Sign out?": `GET /sign-out`, posts to `/do/sign-out`.
#[derive(Debug, Clone, Default)]
pub struct ConfirmSignOutPage {
    /// Who is signed in.
    pub person: Person,
    /// The application that asked for it.
    pub caller: Option<Caller>,
}

/// "You are signed out": `GET /signed-out`.
#[derive(Debug, Clone, Default)]
pub struct SignedOutPage {
    /// Where to return to: the application's name and its registered address.
    pub back_to: Option<(String, String)>,
}
