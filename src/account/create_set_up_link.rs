//! The one-time link that makes the first administrator.

use crate::{core::Ctx, error::Internal};

/// A link to `/setup` that works once, for a day; only while there is no account at all. An older link stops working.
/// For the start of the server: everybody but operators and jobs is answered `None`.
///
/// # Errors
/// [`Internal`] when the database does not answer.
pub async fn create_set_up_link(ctx: &Ctx) -> Result<Option<String>, Internal> {
    todo!("{ctx:?}")
}
