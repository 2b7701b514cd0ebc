//! What an organisation asks of its members when they sign in to it (E7).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{clock::Timestamp, id::RoleId};

/// Longest grace period, in days.
pub const MOST_GRACE_DAYS: u32 = 365;

text_enum! {
    /// A way to prove more than a password that an organisation may take.
    pub enum MfaMethod {
        /// Codes of an authenticator app.
        Totp = "totp",
        /// A passkey: two factors in one.
        Passkey = "passkey",
        /// Codes as text messages.
        Sms = "sms",
    }
}

/// What an organisation asks of its members when they sign in to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MfaPolicy {
    /// Members need more than a password.
    pub require_mfa: bool,
    /// What counts; never empty.
    pub allowed_methods: Vec<MfaMethod>,
    /// So many days members who have none of them may still come in without: from when it was asked for, or from when
    /// they joined if that was later. 0 to 365.
    pub grace_period_days: u32,
    /// Members with these roles are not asked.
    pub exempt_roles: Vec<RoleId>,
    /// When it began to be asked for.
    pub required_since: Option<Timestamp>,
}

impl Default for MfaPolicy {
    fn default() -> Self {
        Self {
            require_mfa: false,
            allowed_methods: MfaMethod::ALL.to_vec(),
            grace_period_days: 0,
            exempt_roles: Vec::new(),
            required_since: None,
        }
    }
}

/// What the policy says to one member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MfaDemand {
    /// Nothing.
    Nothing,
    /// It will be asked for from then on.
    Soon(Timestamp),
    /// It is asked for now.
    Now,
}

impl MfaPolicy {
    /// What it asks of somebody with this role who joined then.
    pub fn demand(&self, role: RoleId, joined_at: Timestamp, now: Timestamp) -> MfaDemand {
        if !self.require_mfa || self.exempt_roles.contains(&role) {
            return MfaDemand::Nothing;
        }
        let grace = Duration::from_hours(24).saturating_mul(self.grace_period_days);
        let since = self.required_since.map_or(joined_at, |since| since.max(joined_at));
        let due = since + grace;
        if due > now { MfaDemand::Soon(due) } else { MfaDemand::Now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::Builtin;

    /// E7
    #[test]
    fn grace_runs_from_the_later_of_policy_and_joining() {
        let day = Duration::from_hours(24);
        let start = Timestamp::from_micros(0) + day.saturating_mul(1000);
        let viewer = Builtin::Viewer.id();
        let policy = MfaPolicy {
            require_mfa: true,
            grace_period_days: 7,
            exempt_roles: vec![Builtin::Owner.id()],
            required_since: Some(start),
            ..MfaPolicy::default()
        };
        let due = start + day.saturating_mul(7);
        assert_eq!(policy.demand(viewer, start - day, start), MfaDemand::Soon(due));
        assert_eq!(policy.demand(viewer, start - day, due), MfaDemand::Now);
        assert_eq!(policy.demand(viewer, start + day, due), MfaDemand::Soon(due + day));
        assert_eq!(policy.demand(Builtin::Owner.id(), start, due), MfaDemand::Nothing);
        assert_eq!(MfaPolicy::default().demand(viewer, start, due), MfaDemand::Nothing);
    }
}
