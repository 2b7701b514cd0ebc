//! `display` (OIDC Core §3.1.2.1): a wish about the shape of the page. Our pages fit every size, so
//! it is read, remembered and has no effect; a value not listed here counts as not sent.

text_enum! {
    /// How the client would like the pages shown.
    pub enum DisplayHint {
        /// A full page: the default.
        Page = "page",
        /// A small window.
        Popup = "popup",
        /// A touch screen.
        Touch = "touch",
        /// A feature phone.
        Wap = "wap",
    }
}
