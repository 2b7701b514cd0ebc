//! A request that panics is answered like any other failure of ours, and takes no other request with it.

use std::{
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Poll,
};

use axum::response::Response;

use crate::answer::Refusal;

/// What `work` gives, unless it panics. Nothing that a request leaves behind half-done is used again: a transaction that was
/// open is rolled back, and locks that a panic can leave broken are not held while handlers run.
pub(super) async fn caught(work: impl Future<Output = Response>) -> Result<Response, Refusal> {
    let mut work = Box::pin(work);
    poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(response)) => Poll::Ready(Ok(response)),
        Err(_) => {
            tracing::error!("a request panicked");
            Poll::Ready(Err(Refusal::Broken))
        }
    })
    .await
}
