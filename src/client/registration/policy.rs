//! What clients that register themselves may be.

use crate::{
    client::{ClientSettings, MetadataError},
    config::RegistrationPolicy,
};

/// Holds settings against a policy. Scopes beyond it are left out (RFC 7591 §2 lets us, and the client is told what it
/// got); everything else beyond it is refused.
///
/// # Errors
/// The member that the policy does not allow.
pub(crate) fn keep_to(policy: &RegistrationPolicy, settings: &mut ClientSettings) -> Result<(), MetadataError> {
    for uri in &settings.redirect_uris {
        let host = uri.host().unwrap_or_default();
        if !policy.redirect_hosts.is_empty() && !is_within(host, &policy.redirect_hosts) {
            return Err(MetadataError::redirect(format_args!("{uri}: the host is not one that may be registered")));
        }
    }
    if let Some(grant) = settings.grant_types.iter().find(|grant| !policy.grant_types.contains(grant)) {
        return Err(MetadataError::new("grant_types", format_args!("{grant} may not be registered")));
    }
    settings.scopes = settings.scopes.intersect(&policy.scopes);
    if settings.scopes.iter().next().is_none() {
        return Err(MetadataError::new("scope", "none of these scopes may be registered"));
    }
    Ok(())
}

/// Whether `host` is one of `allowed`: exactly, or below one that begins with a dot.
pub(crate) fn is_within(host: &str, allowed: &[String]) -> bool {
    let host = host.to_ascii_lowercase();
    allowed.iter().any(|allowed| {
        let allowed = allowed.to_ascii_lowercase();
        if allowed.starts_with('.') { host.ends_with(&allowed) } else { host == allowed }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D8: a host is the whole host.
    #[test]
    fn hosts_are_compared_whole() {
        let allowed = ["id.example".to_owned(), ".apps.example".to_owned()];
        for host in ["id.example", "ID.example", "a.apps.example", "b.a.apps.example"] {
            assert!(is_within(host, &allowed), "{host}");
        }
        for host in ["", "example", "evilid.example", "a.id.example", "apps.example", "evilapps.example", "id.example."]
        {
            assert!(!is_within(host, &allowed), "{host}");
        }
    }
}
