//! Authorizations that are *decoupled*: a program asks for one and polls, and a person decides about it elsewhere.
//!
//! Two standards are one shape here, and one table:
//!
//! - **Device codes** (RFC 8628): a device shows a short code ([`UserCode`]), somebody types it into their browser
//!   ([`enter_user_code`]) and so says which request they mean. Nobody knows beforehand who it will be.
//! - **Backchannel requests** (OpenID CIBA, poll mode): an application names the person ([`begin_backchannel`]), who finds the request on their
//!   account ([`list_requests`]).
//!
//! From there on the two are alike: [`get_request`] says who asks for what, [`decide_request`] takes the answer and, for a
//! yes, makes the grant; [`collect_tokens`] is the poll of the client, which gets its tokens once. Somebody always
//! decides: remembered consent and first-party clients count for nothing here, since the person who decides sees nothing
//! of what asks, and whoever started it may be somebody else (RFC 8628 §5.4).

mod begin_backchannel;
mod begin_device;
mod collect_tokens;
mod decide_request;
mod enter_user_code;
mod get_request;
mod list_requests;
mod signed_request;
mod user_code;

use std::time::Duration;

pub use self::{
    begin_backchannel::{BackchannelBegun, BeginBackchannel, begin_backchannel},
    begin_device::{BeginDevice, DeviceBegun, begin_device},
    collect_tokens::{CollectTokens, DecoupledKind, collect_tokens},
    decide_request::{DecideRequest, DecideRequestError, decide_request},
    enter_user_code::{EnterUserCode, EnterUserCodeError, enter_user_code},
    get_request::{DecoupledRequest, GetRequestError, RequestRef, get_request},
    list_requests::{WaitingRequest, list_requests},
    user_code::UserCode,
};

/// How long a request waits for its decision and, after that, for its client: long enough to fetch a phone, short enough
/// for codes that people can type (RFC 8628 §5.1).
pub const REQUEST_LIFE: Duration = Duration::from_mins(10);

/// Seconds between two polls (RFC 8628 §3.2, CIBA §7.3: the default of both).
pub const POLL_INTERVAL: u32 = 5;
