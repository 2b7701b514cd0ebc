//! Sessions (C1, C3): one sign-in of one person, in a browser or through the REST API.
//!
//! A session lives in the table `sessions`, and whatever depends on it looks there each time, so ending it takes
//! effect with the next request, on every node. What a browser's cookie stands for is something else: a *browser
//! record* ([`browser`]), which names the sessions that are signed in there.
//!
//! A session ends by being ended, by lying idle, by its absolute age, by the deactivation of its owner, or by a change
//! of the owner's security stamp (A8). Nothing needs to run for any of these to take effect.

mod accounts;
pub mod browser;
mod browser_store;
mod end;
mod limit;
mod list;
mod open;
mod replace;
mod resume;
mod state;
mod store;
#[cfg(test)]
mod tests;

pub use self::{
    accounts::{BrowserAccount, list_accounts},
    end::{EndSession, EndSessionError, end_other_sessions, end_session, sign_out},
    list::{SessionApplication, SessionView, list_sessions},
    replace::{Beside, MOST_ACCOUNTS, replace_session},
    resume::{LiveSession, SessionUser, resume_session},
    state::browser_state,
};
pub(crate) use self::{
    end::{end_all_of_user, end_current},
    limit::OpenError,
    open::{NewSession, open, rebind},
    resume::{TOUCH_EVERY, touch},
    state::session_state,
};

/// Where somebody signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKind {
    /// In a browser, held by a cookie.
    Browser,
    /// Through `/api/v1/auth/login`, held by a refresh token.
    Api,
}

impl SessionKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Api => "api",
        }
    }

    /// A kind that this version does not know is treated as the one that may do less.
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "browser" => Self::Browser,
            _ => Self::Api,
        }
    }
}
