//! What the commands' errors share.

/// Gives a command's error its two answers to somebody who may not change what protects the account now.
macro_rules! not_fresh {
    ($($error:ty),+ $(,)?) => {$(
        impl From<crate::authz::NotFresh> for $error {
            fn from(cause: crate::authz::NotFresh) -> Self {
                match cause {
                    crate::authz::NotFresh::Denied(denied) => Self::Denied(denied),
                    crate::authz::NotFresh::SignInAgain => Self::SignInAgain,
                }
            }
        }
    )+};
}

pub(super) use not_fresh;
