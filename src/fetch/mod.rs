//! Requests to addresses that somebody else chose: a client's keys, its logo, the document it is described by, the
//! endpoint it wants to hear about sign-outs at (D8).
//!
//! Whoever may name an address that we then call could make us call what only we can reach: the database's
//! administration page, a cloud's metadata service (*server-side request forgery*). So every such request goes through
//! this one door, and these are its rules:
//!
//! - `https` only, to a host without user information; redirects are not followed.
//! - The address behind the name has to be one of the public internet ([`address`]). It is checked in the resolver that
//!   the connection itself uses, so that there is no second look-up whose answer could be another (*DNS rebinding*), and
//!   no connection is kept for a later request.
//! - One time limit for all of it, one size limit for the answer, which the caller chooses.
//! - Proxies that the environment names are not used: they would resolve the name again.
//!
//! The gateway for text messages (`sms.http`) is chosen by the operator; it goes through the same door, with private networks
//! open.
//!
//! `fetch.allow_private` lets networks in that are not public, such as those of a company; addresses in it may be called
//! by plain `http`, too. That is for development and tests.
//!
//! What comes back is still somebody else's: the caller checks its type ([`Fetched::has_type`]) and parses it strictly.

mod address;
mod answer;
mod fetcher;
#[cfg(test)]
mod tests;
mod trust;

pub use answer::Fetched;
pub use fetcher::{FetchError, Fetcher, check_url};
