//! Sign out.

use super::{Caller, Person};

/// "Sign out?": `GET /sign-out[?i=]`, posts to `/do/sign-out`.
#[derive(Debug, Clone, Default)]
pub struct ConfirmSignOutPage {
    /// The request to sign out, if an application made one.
    pub logout: Option<String>,
    /// Who is signed in.
    pub person: Person,
    /// The application that asked for it.
    pub caller: Option<Caller>,
    /// Where "Stay signed in" leads: back to the application; the account without one.
    pub stay: Option<String>,
}

/// "You are signed out": `GET /signed-out[?i=]`.
#[derive(Debug, Clone, Default)]
pub struct SignedOutPage {
    /// Where to return to: the application's name and its registered address.
    pub back_to: Option<(String, String)>,
    /// Other accounts are still signed in in this browser.
    pub others: bool,
    /// Pages of applications that have to be loaded so that they hear of it (OIDC Front-Channel Logout §3).
    pub frames: Vec<SignOutFrame>,
}

/// A page of an application that is loaded out of sight.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignOutFrame {
    /// The application's name.
    pub name: String,
    /// The page.
    pub src: String,
}
