//! What the commands' errors share.

/// Gives a command's error its two answers to trouble with hashing: `Busy`, and `Internal` for everything else.
macro_rules! busy_or_internal {
    ($($error:ty),+ $(,)?) => {$(
        impl From<crate::password::HashError> for $error {
            fn from(error: crate::password::HashError) -> Self {
                match error {
                    crate::password::HashError::Busy { retry_after_secs } => {
                        Self::Busy { retry_after_secs: u64::from(retry_after_secs) }
                    }
                    crate::password::HashError::UnknownFormat | crate::password::HashError::Failed => {
                        Self::Internal(crate::error::Internal::new("hash a password", error))
                    }
                }
            }
        }
    )+};
}

/// Gives a command's error the two answers to why no session was opened: `Full`, and `Internal`.
macro_rules! or_full {
    ($error:ty) => {
        impl From<crate::session::OpenError> for $error {
            fn from(error: crate::session::OpenError) -> Self {
                match error {
                    crate::session::OpenError::Full { most } => Self::Full { most },
                    crate::session::OpenError::Internal(error) => Self::Internal(error),
                }
            }
        }
    };
}

pub(super) use busy_or_internal;
pub(crate) use or_full;
