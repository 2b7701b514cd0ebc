//! All SQL about grants, one file per table it writes.

pub(super) mod access;
pub(super) mod applications;
pub(super) mod clean_up;
pub(super) mod codes;
pub(super) mod consents;
pub(super) mod decoupled;
pub(super) mod grants;
pub(super) mod interactions;
pub(super) mod people;
pub(super) mod pushed;
pub(super) mod refresh_tokens;
pub(super) mod used_ids;
