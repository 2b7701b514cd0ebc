//! How roles and policies come to one decision (E8). Pure: no database, no clock.
//!
//! Policies are written in [Cedar](https://docs.cedarpolicy.com). There are two sets: that of the instance, which is asked
//! in every organisation, and that of an organisation, which is asked in that organisation only. What a policy can speak
//! of is in [`SCHEMA`].
//!
//! # What decides
//! The first of these that is so:
//! 1. a policy of the instance forbids it: refused;
//! 2. a policy of the organisation forbids it: refused;
//! 3. a denial takes it (E5): refused, and no policy can change that;
//! 4. role or grants give it: allowed;
//! 5. a policy of the instance permits it: allowed;
//! 6. a policy of the organisation permits it: allowed;
//! 7. nothing gives it: refused.
//!
//! A resource of another organisation is reached by nothing in this one: 4 and 6 do not count for it. Without policies,
//! only 3, 4 and 7 are left, which is what role, grants and denials say.
//!
//! # Policies that cannot be evaluated
//! A text is checked against the schema before it is saved, so little is left that can go wrong: a number that overflows,
//! an expression that lies too deep. A `forbid` that fails counts as if it applied, because it might have; a `permit` that
//! fails counts for nothing. Either is named in the answer.
//!
//! # Where policies count
//! In answers to applications that ask. What Ostiary itself lets people do to an organisation is decided by role, grants
//! and denials alone: nobody can write a policy that keeps everybody from correcting it.

mod compile;
mod decide;
mod evaluate;
mod properties;
mod question;
mod schema;
#[cfg(test)]
mod tests;

pub use compile::{Checked, Compiled, LONGEST_TEXT, MOST_POLICIES, PolicyName, PolicyProblem, check, compile};
pub use decide::{Because, Policies, Ruling};
pub use evaluate::{FailedPolicy, Said};
pub use properties::{LONGEST_PROPERTY, MOST_PROPERTIES, Properties, Property, PropertyProblem};
pub use question::{Circumstances, Question, Resource, RoleName, Standing, Subject, Verdict};
pub use schema::SCHEMA;
