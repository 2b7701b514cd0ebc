//! Policies over who, what and under which circumstances, and the answers they lead to (E8).
//!
//! [`engine`] decides, purely. Here is what lies around it: versions of the sets of policies, of the instance and of each
//! organisation ([`save_policies`], [`activate_policies`]), trying a text on decisions of the past ([`try_policies`]), and
//! the decision API, whose answers explain themselves ([`authorize`]).

mod activate;
mod authorize;
mod cache;
pub mod engine;
mod explain;
mod list;
mod place;
mod record;
mod save;
mod store;
#[cfg(test)]
mod tests;
mod try_out;

pub use activate::{ActivatePolicies, ActivatePoliciesError, activate_policies};
pub use authorize::{
    AUTHORIZE_SCOPE, Authorize, AuthorizeError, Evaluation, Given, MOST_EVALUATIONS, Semantics, Unanswered, authorize,
};
pub use cache::Memory;
pub use explain::{Explanation, Reason};
pub use list::{PoliciesError, PolicySet, get_policies, get_policy_version};
pub use place::PolicyScope;
pub use record::write_recorded;
pub(crate) use record::{KEEP_RECORDED, delete_recorded};
pub use save::{LONGEST_COMMENT, SavePolicies, SavePoliciesError, SavedPolicies, save_policies};
pub use store::PolicyVersion;
pub use try_out::{Change, TriedOut, TryPolicies, TryPoliciesError, try_policies};
