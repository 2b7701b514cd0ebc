//! Something stopped. A closed list of causes; each says what happened, what did not, and what to do.

use super::Hold;

/// The error page.
#[derive(Debug, Clone)]
pub struct ErrorPage {
    /// What happened.
    pub kind: ErrorKind,
    /// Where to go from here.
    pub way_on: WayOn,
    /// What the developer of the calling application needs.
    pub developer: Option<DeveloperNote>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// An authorization request named a redirect URI that is not registered (RFC 9700 §2.1).
    UntrustedRedirect {
        /// The application's name, if we know it.
        caller: Option<String>,
    },
    /// An authorization request came from nobody we know.
    UnknownCaller,
    /// An authorization request that we cannot answer to the application itself.
    BrokenRequest {
        /// The application's name, if we know it.
        caller: Option<String>,
    },
    /// The authorization request is finished, too old or not this browser's.
    InteractionOver {
        /// Where the person can start again, at the application.
        restart: Option<String>,
        /// The application's name, if we know it.
        caller: Option<String>,
    },
    /// Nothing is here.
    NotFound,
    /// It is here, but not for this person.
    Forbidden,
    /// A form came from another site; it was not carried out.
    CrossSite,
    /// A form that cannot be read: too large, not text, a field missing.
    BadForm,
    /// Not now.
    Held(Hold),
    /// Our fault.
    Internal {
        /// The correlation id that the log holds.
        reference: String,
    },
}

/// Where to go from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayOn {
    /// To sign-in.
    SignIn,
    /// To the account, for somebody who is signed in.
    Account,
    /// To the front door, where it is not known who is there: it leads to the account or to sign-in.
    Start,
    /// Nowhere in particular.
    None,
}

/// What the developer of the calling application needs to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeveloperNote {
    /// The OAuth error code, such as `invalid_request`.
    pub error: String,
    /// Why, in our own words; never a text from the request.
    pub why: String,
    /// The correlation id that the log holds.
    pub reference: Option<String>,
}
