//! Organisations.

use std::time::Duration;

use serde::Deserialize;

use crate::org::MOST_MEMBERS;

/// `[organizations]` (E1)
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Organizations {
    /// Everybody has an organisation of their own from their first sign-in on.
    pub personal: bool,
    /// People may found organisations; otherwise only operators do.
    pub members_may_create: bool,
    /// So many may one person own, besides their personal one.
    pub most_owned: u32,
    /// So many members may a new organisation have.
    pub max_members: u32,
    /// So many may its own admins set; operators go beyond that.
    pub most_members: u32,
    /// So long can an invitation be accepted (E6).
    #[serde(with = "humantime_serde")]
    pub invitation_life: Duration,
    /// So many mails that invite may one person cause in a day; operators as many as they like.
    pub invitations_a_day: u32,
}

impl Default for Organizations {
    fn default() -> Self {
        Self {
            personal: true,
            members_may_create: true,
            most_owned: 20,
            max_members: 10,
            most_members: 1000,
            invitation_life: Duration::from_hours(7 * 24),
            invitations_a_day: 200,
        }
    }
}

impl Organizations {
    /// What cannot work, in words for an operator.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if !(1..=MOST_MEMBERS).contains(&self.most_members) {
            problems.push(format!("organizations.most_members must be between 1 and {MOST_MEMBERS}"));
        }
        if !(1..=self.most_members).contains(&self.max_members) {
            problems.push("organizations.max_members must be between 1 and organizations.most_members".to_owned());
        }
        if !(3600..=90 * 86_400).contains(&self.invitation_life.as_secs()) {
            problems.push("organizations.invitation_life must be between 1 hour and 90 days".to_owned());
        }
        problems
    }
}
