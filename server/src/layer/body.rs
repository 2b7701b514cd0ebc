//! No body is larger than `limits.body_bytes`: one that says so is refused at once, one that does not is cut off while it is
//! read.

use axum::{body::Body, extract::Request};
use http::header;
use http_body_util::Limited;

use crate::{ServerState, answer::Refusal};

/// The request with a body that ends in an error beyond the limit.
pub(super) fn limit(state: &ServerState, request: Request) -> Result<Request, Refusal> {
    let most = state.core().config().limits.body_bytes;
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|text| text.parse::<usize>().ok()).is_some_and(|length| length > most) {
        return Err(Refusal::TooLarge);
    }
    Ok(request.map(|body| Body::new(Limited::new(body, most))))
}
