//! Rate limits (I5), kept in this process.
//!
//! Commands ask them in their first lines, so pages and REST share one count.

use std::{net::IpAddr, num::NonZeroU32};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::{config::Limits, core::Ctx, id::UserId, phone::PhoneNumber, secret::Digest};

/// Too many requests; try again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many tries from here; try again in {retry_after_secs} seconds")]
pub struct TooMany {
    /// Seconds until the next request is let through; at least 1.
    pub retry_after_secs: u64,
}

/// The counters.
pub struct RateLimits {
    sign_in: Option<DefaultKeyedRateLimiter<Digest>>,
    auth: Option<DefaultKeyedRateLimiter<IpAddr>>,
    user_code: Option<DefaultKeyedRateLimiter<Digest>>,
    sent_code: Option<DefaultKeyedRateLimiter<Digest>>,
    sent_sms: Option<DefaultKeyedRateLimiter<Digest>>,
    sms_from: Option<DefaultKeyedRateLimiter<IpAddr>>,
    stored_request: Option<DefaultKeyedRateLimiter<IpAddr>>,
    client_registration: Option<DefaultKeyedRateLimiter<IpAddr>>,
    clock: DefaultClock,
}

impl std::fmt::Debug for RateLimits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RateLimits")
    }
}

impl RateLimits {
    /// Counters for these limits; a limit of 0 is no limit.
    pub fn new(limits: &Limits) -> Self {
        Self {
            sign_in: NonZeroU32::new(limits.sign_in_per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            auth: NonZeroU32::new(limits.auth_per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            user_code: NonZeroU32::new(limits.user_code_per_minute).map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            sent_code: NonZeroU32::new(limits.codes_per_hour).map(|n| RateLimiter::keyed(Quota::per_hour(n))),
            sent_sms: NonZeroU32::new(limits.sms_per_hour).map(|n| RateLimiter::keyed(Quota::per_hour(n))),
            sms_from: NonZeroU32::new(limits.sms_per_hour_from_address).map(|n| RateLimiter::keyed(Quota::per_hour(n))),
            stored_request: NonZeroU32::new(limits.stored_requests_per_minute)
                .map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            client_registration: NonZeroU32::new(limits.client_registrations_per_minute)
                .map(|n| RateLimiter::keyed(Quota::per_minute(n))),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a sign-in for this account (as typed, without regard to case) from this address.
    ///
    /// # Errors
    /// [`TooMany`] when the minute's share is used up.
    pub fn sign_in(&self, ctx: &Ctx, identifier: &str) -> Result<(), TooMany> {
        let Some(limiter) = &self.sign_in else { return Ok(()) };
        let address = ctx.meta.ip.map(|ip| network_of(ip).to_string()).unwrap_or_default();
        let key = Digest::of(format!("{}\n{address}", identifier.trim().to_lowercase()).as_bytes());
        limiter.check_key(&key).map_err(|until| self.too_many(&until))
    }

    /// Counts a request to one of the other endpoints where people authenticate, from this address. Work without an
    /// address (command line, jobs) is not counted.
    ///
    /// # Errors
    /// [`TooMany`] when the minute's share is used up.
    pub fn auth(&self, ctx: &Ctx) -> Result<(), TooMany> {
        let (Some(limiter), Some(ip)) = (&self.auth, ctx.meta.ip) else { return Ok(()) };
        limiter.check_key(&network_of(ip)).map_err(|until| self.too_many(&until))
    }

    /// Counts an authorization request that has to be stored for somebody who has not proved anything yet, from this
    /// address: otherwise anybody could fill the database.
    ///
    /// # Errors
    /// [`TooMany`] when the minute's share is used up.
    pub fn stored_request(&self, ctx: &Ctx) -> Result<(), TooMany> {
        let (Some(limiter), Some(ip)) = (&self.stored_request, ctx.meta.ip) else { return Ok(()) };
        limiter.check_key(&network_of(ip)).map_err(|until| self.too_many(&until))
    }

    /// Counts a try with the code of a device (RFC 8628 §5.1), from this address and, of somebody who is signed in, in this
    /// session: neither many sessions at one address nor one session at many addresses gets more.
    ///
    /// # Errors
    /// [`TooMany`] when the minute's share of either is used up.
    pub fn user_code(&self, ctx: &Ctx) -> Result<(), TooMany> {
        let Some(limiter) = &self.user_code else { return Ok(()) };
        let address = ctx.meta.ip.map(|ip| format!("address {}", network_of(ip)));
        let session = ctx.user().map(|user| format!("session {}", user.session_id));
        for key in [address, session].into_iter().flatten() {
            let key = Digest::of(key.as_bytes());
            limiter.check_key(&key).map_err(|until| self.too_many(&until))?;
        }
        Ok(())
    }

    /// Counts a code that is sent to this recipient (B4), whoever asks for it and from wherever: nobody's mailbox is filled.
    ///
    /// # Errors
    /// [`TooMany`] when the hour's share is used up.
    pub fn sent_code(&self, recipient: &str) -> Result<(), TooMany> {
        let Some(limiter) = &self.sent_code else { return Ok(()) };
        limiter.check_key(&Digest::of(recipient.as_bytes())).map_err(|until| self.too_many(&until))
    }

    /// Counts a text message (B4) from this address, for this account, and to this number, whichever accounts ask for it:
    /// messages cost money, and some numbers pay those who have them called.
    ///
    /// # Errors
    /// [`TooMany`] when the hour's share of any is used up.
    pub fn sent_sms(&self, ctx: &Ctx, number: &PhoneNumber, user_id: UserId) -> Result<(), TooMany> {
        if let (Some(limiter), Some(ip)) = (&self.sms_from, ctx.meta.ip) {
            limiter.check_key(&network_of(ip)).map_err(|until| self.too_many(&until))?;
        }
        let Some(limiter) = &self.sent_sms else { return Ok(()) };
        for key in [format!("account {user_id}"), format!("number {number}")] {
            limiter.check_key(&Digest::of(key.as_bytes())).map_err(|until| self.too_many(&until))?;
        }
        Ok(())
    }

    /// Counts a registration of a client that anybody may make, from this address (D8).
    ///
    /// # Errors
    /// [`TooMany`] when the minute's share is used up.
    pub fn client_registration(&self, ctx: &Ctx) -> Result<(), TooMany> {
        let (Some(limiter), Some(ip)) = (&self.client_registration, ctx.meta.ip) else { return Ok(()) };
        limiter.check_key(&network_of(ip)).map_err(|until| self.too_many(&until))
    }

    /// Forgets addresses that have been quiet, so that the counters do not grow for ever. Called by a job.
    pub fn forget_quiet(&self) {
        for limiter in [&self.sign_in, &self.user_code, &self.sent_code, &self.sent_sms].into_iter().flatten() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        for limiter in
            [&self.auth, &self.stored_request, &self.sms_from, &self.client_registration].into_iter().flatten()
        {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }

    fn too_many(&self, until: &governor::NotUntil<<DefaultClock as governor::clock::Clock>::Instant>) -> TooMany {
        TooMany { retry_after_secs: until.wait_time_from(self.clock.now()).as_secs() + 1 }
    }
}

/// One household or host: the IPv4 address, or the /64 of an IPv6 address, since each host there has 2⁶⁴ of them.
fn network_of(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}
