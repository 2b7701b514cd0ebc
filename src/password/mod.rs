//! Passwords: which are accepted, how they are hashed, and how foreign hashes are checked (A2, A3).
//!
//! - [`PasswordPolicy`] judges a new password and names every broken rule.
//! - [`Hasher`] makes and checks hashes on threads of its own, within a fixed amount of memory (I10).
//! - [`StoredHash`] is the text in the database: ours, or one that another system made. A [`Verdict`] says whether to
//!   replace it now that the password is known.
//!
//! To accept another foreign form, add a file to `foreign/` with `parse` (which refuses parameters that cost too much)
//! and `verify`, a variant to its `Scheme`, and test vectors that the original implementation made.

mod common;
mod foreign;
mod hasher;
mod likeness;
mod memory;
pub mod policy;
mod pool;
mod stored;

pub use common::is_common;
pub use hasher::{HashError, Hasher, HasherConfig, HasherConfigError, Verdict};
pub use likeness::is_close_to_email;
pub use policy::{BrokenRules, PasswordPolicy, PasswordRule, PolicyError, RuleResult};
pub use stored::{HashAlgorithm, StoredHash, UnknownHashFormat};
