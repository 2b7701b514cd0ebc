//! `response_type` (RFC 6749 §3.1.1; OAuth 2.0 Multiple Response Type Encoding Practices §2).
//!
//! Only the code flow is offered: RFC 9700 §2.1.2 advises against answers that carry tokens through
//! the browser. A name may be several words in any order, so unknown names are told from unknown
//! modes by what they contain.

use super::response_mode::ResponseMode;

text_enum! {
    /// What the authorization endpoint answers with.
    pub enum ResponseType {
        /// An authorization code.
        Code = "code",
    }
}

impl ResponseType {
    /// The response mode used when the request names none (Multiple Response Types §2.1).
    pub const fn default_mode(self) -> ResponseMode {
        match self {
            Self::Code => ResponseMode::Query,
        }
    }
}

/// The response mode in which to refuse a request whose `response_type` is `text`: the fragment when
/// the client asked for tokens in the answer, because that is where it looks, else the query.
pub fn default_mode_of_unknown(text: &str) -> ResponseMode {
    if text.split(' ').any(|word| matches!(word, "token" | "id_token")) {
        ResponseMode::Fragment
    } else {
        ResponseMode::Query
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_offered() {
        assert_eq!("code".parse(), Ok(ResponseType::Code));
        for text in ["token", "id_token", "code id_token", "code code", "Code", "none", ""] {
            assert!(text.parse::<ResponseType>().is_err(), "{text}");
        }
    }

    #[test]
    fn refusals_go_where_the_client_looks() {
        assert_eq!(default_mode_of_unknown("code id_token"), ResponseMode::Fragment);
        assert_eq!(default_mode_of_unknown("token"), ResponseMode::Fragment);
        assert_eq!(default_mode_of_unknown("none"), ResponseMode::Query);
        assert_eq!(ResponseType::Code.default_mode(), ResponseMode::Query);
    }
}
