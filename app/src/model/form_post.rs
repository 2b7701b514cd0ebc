//! An answer on its way to the application, in a form.

/// "Going back to the application": an answer in `form_post` mode.
#[derive(Debug, Clone, Default)]
pub struct FormPostPage {
    /// The application's address.
    pub action: String,
    /// What is posted there.
    pub fields: Vec<(String, String)>,
}
