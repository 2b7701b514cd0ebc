//! Authentication contexts, told truthfully (OIDC Core §2, D5): how somebody signed in decides the name, nothing else.

/// Signed in with a password and nothing more.
pub const ACR_PASSWORD: &str = "urn:ostiary:acr:pwd";

/// The contexts that can be reached, for the discovery document.
pub const ACR_VALUES: &[&str] = &[ACR_PASSWORD];

/// The context that the methods of an authentication (RFC 8176) amount to; none for ways that have no name here.
pub fn acr_of(amr: &[String]) -> Option<&'static str> {
    match amr {
        [method] if method == "pwd" => Some(ACR_PASSWORD),
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
}
