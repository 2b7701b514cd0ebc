//! `response_mode` (OAuth 2.0 Multiple Response Type Encoding Practices §2.1; OAuth 2.0 Form Post
//! Response Mode §2).

text_enum! {
    /// How the answer of the authorization endpoint travels to the client.
    pub enum ResponseMode {
        /// In the query of the redirect URI.
        Query = "query",
        /// In the fragment of the redirect URI.
        Fragment = "fragment",
        /// As a form that the browser posts to the redirect URI.
        FormPost = "form_post",
    }
}
