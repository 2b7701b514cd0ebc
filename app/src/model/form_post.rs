//! The way back to an application that asked for a form.

/// "Back to …": posts the answer to the application (OAuth 2.0 Form Post Response Mode §2). With scripts it goes by itself.
#[derive(Debug, Clone, Default)]
pub struct FormPostPage {
    /// Where the form goes: a registered redirect URI.
    pub action: String,
    /// Its host, for the person.
    pub host: String,
    /// Names and values of the answer.
    pub fields: Vec<(&'static str, String)>,
}
