//! The pages that sign-in can lead on to.

use crate::model::Site;

/// Where to go after signing in: one of our own pages, by a closed name. An address never travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Next {
    /// The overview.
    #[default]
    Account,
    /// The list of sessions.
    Sessions,
    /// The passkeys.
    Passkeys,
    /// Changing the password.
    Password,
    /// What protects the account.
    Security,
    /// Adding an authenticator app.
    Authenticator,
    /// Its first code.
    AuthenticatorScan,
    /// Making recovery codes.
    RecoveryCodes,
    /// Codes by e-mail.
    EmailCodes,
    /// Codes by SMS.
    SmsCodes,
    /// The telephone number.
    Phone,
    /// The device whose code was typed.
    Device,
    /// What the account says of its owner.
    Profile,
    /// Another e-mail address.
    Email,
    /// One's data.
    Data,
    /// Leaving for a while.
    Deactivate,
    /// Leaving for good.
    DeleteAccount,
    /// What happened to the account.
    Activity,
    /// The applications that were let in.
    Applications,
    /// The applications that wait for an answer.
    Requests,
    /// The applications of the instance.
    Clients,
    /// What a proxy protects, where they came from (I7).
    Return,
    /// The organisations one belongs to; from there it is one step to each page of each.
    Organizations,
    /// Founding one.
    NewOrganization,
    /// The organisations that invite the person.
    Invitations,
    /// The invitation whose link was followed.
    Invitation,
}

impl Next {
    const ALL: [Self; 26] = [
        Self::Account,
        Self::Sessions,
        Self::Passkeys,
        Self::Password,
        Self::Security,
        Self::Authenticator,
        Self::AuthenticatorScan,
        Self::RecoveryCodes,
        Self::EmailCodes,
        Self::SmsCodes,
        Self::Phone,
        Self::Device,
        Self::Profile,
        Self::Email,
        Self::Data,
        Self::Deactivate,
        Self::DeleteAccount,
        Self::Activity,
        Self::Applications,
        Self::Requests,
        Self::Clients,
        Self::Return,
        Self::Organizations,
        Self::NewOrganization,
        Self::Invitations,
        Self::Invitation,
    ];

    /// Its name; the overview needs none.
    pub const fn code(self) -> Option<&'static str> {
        match self {
            Self::Account => None,
            Self::Sessions => Some("sessions"),
            Self::Passkeys => Some("passkeys"),
            Self::Password => Some("password"),
            Self::Security => Some("security"),
            Self::Authenticator => Some("authenticator"),
            Self::AuthenticatorScan => Some("authenticator-scan"),
            Self::RecoveryCodes => Some("recovery-codes"),
            Self::EmailCodes => Some("email-codes"),
            Self::SmsCodes => Some("sms-codes"),
            Self::Phone => Some("phone"),
            Self::Device => Some("device"),
            Self::Profile => Some("profile"),
            Self::Email => Some("email"),
            Self::Data => Some("data"),
            Self::Deactivate => Some("deactivate"),
            Self::DeleteAccount => Some("delete-account"),
            Self::Activity => Some("activity"),
            Self::Applications => Some("applications"),
            Self::Requests => Some("requests"),
            Self::Clients => Some("clients"),
            Self::Return => Some("return"),
            Self::Organizations => Some("organizations"),
            Self::NewOrganization => Some("new-organization"),
            Self::Invitations => Some("invitations"),
            Self::Invitation => Some("invitation"),
        }
    }

    /// The page of this name; every other name is the overview.
    pub fn parse(code: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|next| next.code() == code).unwrap_or_default()
    }

    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Account => "/account",
            Self::Sessions => "/account/sessions",
            Self::Passkeys => "/account/passkeys",
            Self::Password => "/account/password",
            Self::Security => "/account/security",
            Self::Authenticator => "/account/authenticators/add",
            Self::AuthenticatorScan => "/account/authenticators/scan",
            Self::RecoveryCodes => "/account/recovery-codes",
            Self::EmailCodes => "/account/email-codes",
            Self::SmsCodes => "/account/sms-codes",
            Self::Phone => "/account/phone",
            Self::Device => "/device/confirm",
            Self::Profile => "/account/profile",
            Self::Email => "/account/email",
            Self::Data => "/account/data",
            Self::Deactivate => "/account/data/deactivate",
            Self::DeleteAccount => "/account/data/delete",
            Self::Activity => "/account/activity",
            Self::Applications => "/account/applications",
            Self::Requests => "/account/requests",
            Self::Clients => "/admin/clients",
            Self::Return => "/forward-auth/return",
            Self::Organizations => "/organizations",
            Self::NewOrganization => "/organizations/new",
            Self::Invitations => "/account/invitations",
            Self::Invitation => "/invitation",
        }
    }

    /// Sign-in, with the way on.
    pub fn sign_in(self, site: &Site) -> String {
        self.after(site, "/sign-in")
    }

    /// "Confirm it is you", with the way on.
    pub fn confirm(self, site: &Site) -> String {
        self.after(site, "/account/confirm")
    }

    fn after(self, site: &Site, path: &str) -> String {
        self.along(site, path, None, &[])
    }

    /// `path` on the way to an application's request, or else to this page, with `more` in its query.
    pub fn along(self, site: &Site, path: &str, i: Option<&str>, more: &[(&str, &str)]) -> String {
        site.along(path, i, self.code(), more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name leads to its page, and to no other; what is no name leads nowhere but home.
    #[test]
    fn every_page_is_found_by_its_name() {
        for next in Next::ALL {
            assert_eq!(Next::parse(next.code()), next);
        }
        let names: std::collections::HashSet<_> = Next::ALL.into_iter().map(Next::code).collect();
        assert_eq!(names.len(), Next::ALL.len());
        for other in [None, Some(""), Some("https://evil.example"), Some("Sessions")] {
            assert_eq!(Next::parse(other), Next::Account, "{other:?}");
        }
    }
}
