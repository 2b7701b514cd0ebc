//! The REST API, one file a resource. Bodies are JSON; errors are problem+json (RFC 9457).

pub(crate) mod problem;
