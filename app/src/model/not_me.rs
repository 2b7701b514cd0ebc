//! "It was not me": `GET /not-me?t=`, posts to `/do/not-me` (B9).

use super::{Hold, When};

/// The page behind the link of a mail that told of something.
#[derive(Debug, Clone)]
pub enum NotMePage {
    /// It works.
    Ready {
        /// The token of the link.
        token: String,
        /// Whose account it is.
        email: String,
        /// When it happened, what the mail told of.
        since: When,
        /// Not now.
        hold: Option<Hold>,
    },
    /// It was used, or is too old.
    Dead,
}
