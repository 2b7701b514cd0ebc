//! The person's record.

use std::time::Duration;

use crate::{
    clock::Timestamp,
    id::{OrganizationId, Stamp, UserId},
    phone::PhoneNumber,
    text::{DisplayName, EmailAddress, Username},
};

/// Everything kept about a person (A11), except the password hash, which leaves the store only to be compared, and the ids
/// that other systems know them by (`import`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The id; also `sub` in tokens. Never given to another person.
    pub id: UserId,
    /// Where mails go; unique without regard to case.
    pub email: EmailAddress,
    /// When the address was confirmed; `None` until then.
    pub email_verified_at: Option<Timestamp>,
    /// The other name to sign in with.
    pub username: Option<Username>,
    /// The name others see.
    pub display_name: Option<DisplayName>,
    /// Further standard claims (`given_name`, `locale`, …): a JSON object.
    pub profile: serde_json::Value,
    /// There is a password to sign in with.
    pub has_password: bool,
    /// When the password was set.
    pub password_changed_at: Option<Timestamp>,
    /// False for a deactivated account.
    pub is_active: bool,
    /// Administrator of this instance.
    pub is_admin: bool,
    /// Wrong passwords in a row.
    pub failures: i64,
    /// Sign-in is paused until then (A7); may be in the past.
    pub locked_until: Option<Timestamp>,
    /// Last sign-in of any kind.
    pub last_sign_in_at: Option<Timestamp>,
    /// Last sign-in with a passkey.
    pub last_passkey_sign_in_at: Option<Timestamp>,
    /// The security stamp (A8).
    pub stamp: Stamp,
    /// The organisation chosen last.
    pub preferred_organization_id: Option<OrganizationId>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When anything here but the sign-in times changed.
    pub updated_at: Timestamp,
    /// When it was deleted; it is erased some time after.
    pub deleted_at: Option<Timestamp>,
}

impl User {
    /// The address was confirmed.
    pub fn is_verified(&self) -> bool {
        self.email_verified_at.is_some()
    }

    /// What tells this record from what it was before: it grows with each change. The entity tag of the REST API.
    pub fn version(&self) -> i64 {
        self.updated_at.as_micros()
    }

    /// When a change made `now` happened: later than the one before it, whatever the clock says.
    pub(super) fn next_update(&self, now: Timestamp) -> Timestamp {
        now.max(self.updated_at + Duration::from_micros(1))
    }

    /// A standard claim of the profile; empty when it says nothing.
    pub fn claim(&self, name: &str) -> &str {
        self.profile.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
    }

    /// Their telephone number, if it is confirmed (A9).
    pub fn verified_phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::verified_in(&self.profile)
    }

    /// What to call the person: display name, username or the address.
    pub fn name(&self) -> &str {
        self.display_name
            .as_ref()
            .map(DisplayName::as_str)
            .or(self.username.as_ref().map(Username::as_str))
            .unwrap_or(self.email.as_str())
    }

    /// Sign-in is paused at this moment.
    pub fn is_locked(&self, now: Timestamp) -> bool {
        self.locked_until.is_some_and(|until| until > now)
    }
}
