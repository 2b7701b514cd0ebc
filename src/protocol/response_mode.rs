//! `response_mode` (OAuth 2.0 Multiple Response Type Encoding Practices §2.1; OAuth 2.0 Form Post
//! Response Mode §2; JWT Secured Authorization Response Mode §2.3).

text_enum! {
    /// How the answer of the authorization endpoint travels to the client.
    pub enum ResponseMode {
        /// In the query of the redirect URI.
        Query = "query",
        /// In the fragment of the redirect URI.
        Fragment = "fragment",
        /// As a form that the browser posts to the redirect URI.
        FormPost = "form_post",
        /// As one signed token in the query.
        QueryJwt = "query.jwt",
        /// As one signed token in the fragment.
        FragmentJwt = "fragment.jwt",
        /// As one signed token in a form.
        FormPostJwt = "form_post.jwt",
        /// As one signed token, where answers of this kind go without it. Only a wish: see [`ResponseMode::settle`].
        Jwt = "jwt",
    }
}

impl ResponseMode {
    /// The mode that is meant, where answers go by `default` (JARM §2.3.4).
    #[must_use]
    pub const fn settle(self, default: Self) -> Self {
        match (self, default.unsigned()) {
            (Self::Jwt, Self::Fragment) => Self::FragmentJwt,
            (Self::Jwt, Self::FormPost) => Self::FormPostJwt,
            (Self::Jwt, _) => Self::QueryJwt,
            (settled, _) => settled,
        }
    }

    /// Whether the answer is a signed token.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::QueryJwt | Self::FragmentJwt | Self::FormPostJwt | Self::Jwt)
    }

    /// The same way without the token.
    #[must_use]
    pub const fn unsigned(self) -> Self {
        match self {
            Self::Query | Self::QueryJwt | Self::Jwt => Self::Query,
            Self::Fragment | Self::FragmentJwt => Self::Fragment,
            Self::FormPost | Self::FormPostJwt => Self::FormPost,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// JARM §2.3.4: `jwt` is settled by where the answer would go without it; all other modes are what they say.
    #[test]
    fn a_wish_for_a_token_is_settled() {
        for &default in &[ResponseMode::Query, ResponseMode::Fragment, ResponseMode::FormPost] {
            let settled = ResponseMode::Jwt.settle(default);
            assert!(settled.is_signed() && settled != ResponseMode::Jwt);
            assert_eq!(settled.unsigned(), default);
            for &mode in ResponseMode::ALL.iter().filter(|mode| **mode != ResponseMode::Jwt) {
                assert_eq!(mode.settle(default), mode);
                assert_eq!(mode.is_signed(), mode.as_str().strip_suffix(".jwt").is_some());
            }
        }
    }
}
