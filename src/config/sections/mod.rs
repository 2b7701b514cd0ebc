//! The sections of the configuration. Durations are written as `90s`, `15m`, `24h`, `30d`.

mod forward_auth;
mod house;
mod organizations;
mod people;
mod protocol;
mod sms;

use std::time::Duration;

pub use self::{
    forward_auth::ForwardAuth,
    house::{ClientCertificates, Database, Limits, Log, LogFormat, Mail, Secrets, Server, Smtp, Tls},
    organizations::Organizations,
    people::{
        BeyondMost, Instance, Lockout, Passkeys, Registration, SecondFactors, Sessions, SignInWays, Verification,
    },
    protocol::{Authorization, DetailsType, Dpop, Fetch, Keys, NoncePolicy, ReuseMode, Tokens},
    sms::{Sms, SmsHttp, SmsProvider},
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
