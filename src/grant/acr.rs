//! Authentication contexts, told truthfully (OIDC Core §2, D5, B6): how somebody signed in decides the name, nothing else.
//!
//! | name | what it says |
//! |---|---|
//! | [`ACR_PASSWORD`] | the password was shown |
//! | [`ACR_MFA`] | two kinds of proof were shown, such as the password and a code of an authenticator app |
//! | [`ACR_PHISHING_RESISTANT`] | a passkey was used that verified its person |
//!
//! The stronger context meets the weaker one: an application that insists on the password is not closed to those who show
//! more.

use crate::{account::Amr, protocol::ClaimsRequest};

/// Signed in with a password.
pub const ACR_PASSWORD: &str = "urn:ostiary:acr:pwd";

/// Signed in with two kinds of proof (RFC 8176, `mfa`).
pub const ACR_MFA: &str = "urn:ostiary:acr:mfa";

/// Signed in with a passkey that verified its person: two factors that cannot be phished.
pub const ACR_PHISHING_RESISTANT: &str = "urn:ostiary:acr:phr";

/// The contexts that can be reached, for the discovery document.
pub const ACR_VALUES: &[&str] = &[ACR_PASSWORD, ACR_MFA, ACR_PHISHING_RESISTANT];

/// The contexts that the methods of an authentication (RFC 8176) meet, the strongest first; none for ways that have no name
/// here.
pub(super) fn acrs_of(amr: &[String]) -> &'static [&'static str] {
    let has = |method: Amr| amr.iter().any(|found| found == method.as_str());
    let resists = (has(Amr::HardwareKey) || has(Amr::SoftwareKey)) && has(Amr::User);
    match (has(Amr::MultiFactor), has(Amr::Password)) {
        (true, true) if resists => &[ACR_PHISHING_RESISTANT, ACR_MFA, ACR_PASSWORD],
        (true, false) if resists => &[ACR_PHISHING_RESISTANT, ACR_MFA],
        (true, true) => &[ACR_MFA, ACR_PASSWORD],
        (true, false) => &[ACR_MFA],
        (false, true) => &[ACR_PASSWORD],
        (false, false) => &[],
    }
}

/// The strongest context that the methods of an authentication amount to.
pub fn acr_of(amr: &[String]) -> Option<&'static str> {
    acrs_of(amr).first().copied()
}

/// The context that an ID token names: one that the client accepts, if it asked for some and they were met; else the
/// strongest (OIDC Core §5.5.1.1).
pub(super) fn acr_told(amr: &[String], claims: Option<&ClaimsRequest>) -> Option<&'static str> {
    let met = acrs_of(amr);
    let wanted = claims.and_then(ClaimsRequest::acr);
    let accepted = wanted.and_then(|wanted| met.iter().find(|acr| wanted.accepts(&serde_json::Value::from(**acr))));
    accepted.or(met.first()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(amr: &[&str]) -> Vec<String> {
        amr.iter().map(|&method| method.to_owned()).collect()
    }

    /// D5 B6: `acr` says no more than `amr`.
    #[test]
    fn names_say_what_was_shown() {
        assert_eq!(acr_of(&words(&["pwd"])), Some(ACR_PASSWORD));
        assert_eq!(acr_of(&words(&["pwd", "otp", "mfa"])), Some(ACR_MFA));
        assert_eq!(acr_of(&words(&["pwd", "otp"])), Some(ACR_PASSWORD));
        assert_eq!(acr_of(&[]), None);
        assert_eq!(acr_of(&words(&["hwk"])), None);
    }

    /// B6: a passkey that did not verify its person has no name.
    #[test]
    fn a_verified_passkey_resists_phishing() {
        assert_eq!(acrs_of(&words(&["hwk", "user", "mfa"])), [ACR_PHISHING_RESISTANT, ACR_MFA]);
        assert_eq!(acr_of(&words(&["swk", "user", "mfa"])), Some(ACR_PHISHING_RESISTANT));
        assert_eq!(acr_of(&words(&["swk", "user"])), None);
        assert_eq!(acr_of(&words(&["pwd", "user", "mfa"])), Some(ACR_MFA));
        // One behind the password.
        let both = words(&["pwd", "swk", "user", "mfa"]);
        assert_eq!(acrs_of(&both), [ACR_PHISHING_RESISTANT, ACR_MFA, ACR_PASSWORD]);
    }

    /// OIDC Core §5.5.1.1: a client that insists on a context reads it, and nobody reads one that was not met.
    #[test]
    fn a_client_reads_what_it_asked_for() {
        let asked = |acr: &str| {
            ClaimsRequest::parse(&format!(r#"{{"id_token":{{"acr":{{"essential":true,"value":"{acr}"}}}}}}"#)).unwrap()
        };
        let (one, two) = (words(&["pwd"]), words(&["pwd", "otp", "mfa"]));
        assert_eq!(acr_told(&two, None), Some(ACR_MFA));
        assert_eq!(acr_told(&two, Some(&asked(ACR_PASSWORD))), Some(ACR_PASSWORD));
        assert_eq!(acr_told(&one, Some(&asked(ACR_MFA))), Some(ACR_PASSWORD));
        assert_eq!(acr_told(&two, Some(&ClaimsRequest::default())), Some(ACR_MFA));
    }
}
