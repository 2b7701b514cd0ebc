//! What the person let in (C4).

use super::{Caller, DetailLine, Room, ScopeLine, When, capital, count};

/// The applications that a person let in: `GET /account/applications`.
#[derive(Debug, Clone)]
pub struct ApplicationsPage {
    /// The room around it.
    pub room: Room,
    /// The last used first.
    pub applications: Vec<ApplicationRow>,
}

/// One of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that do not depend on each other")]
pub struct ApplicationRow {
    /// Its client id.
    pub id: String,
    /// Who it is.
    pub caller: Caller,
    /// Everything it may do.
    pub may: Vec<ScopeLine>,
    /// The APIs it may use, by name.
    pub resources: Vec<String>,
    /// What was allowed in detail.
    pub details: Vec<DetailLine>,
    /// It belongs to the operator of the instance.
    pub is_first_party: bool,
    /// It registered itself.
    pub is_self_registered: bool,
    /// It is turned off.
    pub is_off: bool,
    /// It was not used for three months.
    pub is_unused: bool,
    /// Since when; none is not told.
    pub since: Option<When>,
    /// When it was last used.
    pub used: Option<When>,
}

impl ApplicationRow {
    /// What it may do, in one line: `Name and profile, e-mail address, two permissions`.
    pub fn summary(&self) -> String {
        let known = |scope: &str| match scope {
            "profile" => Some("name and profile"),
            "email" => Some("e-mail address"),
            "phone" => Some("phone number"),
            "address" => Some("postal address"),
            _ => None,
        };
        let mut parts: Vec<String> = self.may.iter().filter_map(|line| known(&line.scope)).map(str::to_owned).collect();
        let others = self.may.iter().filter(|line| line.scope != "openid" && known(&line.scope).is_none());
        let others = others.count() + self.resources.len() + self.details.len();
        if others > 0 {
            parts.push(count(u64::try_from(others).unwrap_or(u64::MAX), "permission"));
        }
        if parts.is_empty() { "Knows that it is you".to_owned() } else { capital(&parts.join(", ")) }
    }
}

/// "Take back what it may do?": `GET /account/applications/revoke?id=`, posts to `/do/revoke-application`.
#[derive(Debug, Clone)]
pub struct RevokeApplicationPage {
    /// Which.
    pub application: ApplicationRow,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_may_do_is_one_line() {
        let row = |scopes: &[&str], resources: usize| ApplicationRow {
            may: scopes.iter().map(|scope| ScopeLine { scope: (*scope).to_owned(), ..ScopeLine::default() }).collect(),
            resources: vec![String::new(); resources],
            ..ApplicationRow::default()
        };
        assert_eq!(row(&[], 0).summary(), "Knows that it is you");
        assert_eq!(row(&["openid"], 0).summary(), "Knows that it is you");
        assert_eq!(row(&["openid", "email"], 0).summary(), "E-mail address");
        let all = row(&["openid", "profile", "email", "offline_access", "servers:read"], 1);
        assert_eq!(all.summary(), "Name and profile, e-mail address, 3 permissions");
        assert_eq!(row(&["offline_access"], 0).summary(), "1 permission");
    }
}
