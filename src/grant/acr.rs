//! Authentication contexts, told truthfully (OIDC Core §2, D5): how somebody signed in decides the name, nothing else.

/// Signed in with a password and nothing more.
pub const ACR_PASSWORD: &str = "urn:ostiary:acr:pwd";

/// Signed in with a passkey that verified its person: two factors that cannot be phished.
pub const ACR_PHISHING_RESISTANT: &str = "urn:ostiary:acr:phr";

/// The contexts that can be reached, for the discovery document.
pub const ACR_VALUES: &[&str] = &[ACR_PASSWORD, ACR_PHISHING_RESISTANT];

/// The context that the methods of an authentication (RFC 8176) amount to; none for ways that have no name here.
pub fn acr_of(amr: &[String]) -> Option<&'static str> {
    match amr {
        [method] if method == "pwd" => Some(ACR_PASSWORD),
        [key, user, mfa] if matches!(key.as_str(), "hwk" | "swk") && user == "user" && mfa == "mfa" => {
            Some(ACR_PHISHING_RESISTANT)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// D5: `acr` says no more than `amr`.
    #[test]
    fn a_password_alone_has_a_name() {
        assert_eq!(acr_of(&["pwd".to_owned()]), Some(ACR_PASSWORD));
        assert_eq!(acr_of(&[]), None);
        assert_eq!(acr_of(&["hwk".to_owned()]), None);
    }

    /// B6: a passkey that did not verify its person has no name.
    #[test]
    fn a_verified_passkey_resists_phishing() {
        let acr = |amr: &[&str]| acr_of(&amr.iter().map(|&method| method.to_owned()).collect::<Vec<_>>());
        assert_eq!(acr(&["hwk", "user", "mfa"]), Some(ACR_PHISHING_RESISTANT));
        assert_eq!(acr(&["swk", "user", "mfa"]), Some(ACR_PHISHING_RESISTANT));
        assert_eq!(acr(&["swk", "user"]), None);
        assert_eq!(acr(&["pwd", "user", "mfa"]), None);
    }
}
