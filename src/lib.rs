//! Ostiary's domain and storage: everything it knows and does, without HTTP and without HTML.
//!
//! A use case is one function in its own file (DESIGN: "commands"): it authorizes, reads and hashes with no
//! transaction open, decides, and writes in one short transaction together with its audit row and outbox messages.
//! Pages, REST, protocol endpoints, the command line and jobs all call the same functions.

#[macro_use]
mod text_enum;

pub mod account;
pub mod audit;
pub mod authz;
pub mod client;
pub mod clock;
pub mod config;
pub mod core;
pub mod db;
pub mod declaration;
pub mod entropy;
pub mod error;
pub mod factor;
pub mod fetch;
pub mod grant;
pub mod id;
pub mod jobs;
pub mod keys;
pub mod known_browser;
pub mod limits;
pub mod logout;
pub mod mail;
pub mod org;
pub mod outbox;
mod page;
pub mod passkey;
pub mod password;
pub mod phone;
pub mod policy;
pub mod protocol;
pub mod resource;
pub mod seal;
pub mod secret;
pub mod session;
pub mod settings;
pub mod sms;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod trusted_browser;
pub mod user_agent;
