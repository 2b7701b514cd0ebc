//! The REST API, as people read it (I8).

/// The description of the API.
#[derive(Debug, Clone, Default)]
pub struct ReferencePage {
    /// The version it describes.
    pub version: String,
    /// The address of the instance.
    pub server: String,
    /// Where the same is for programs.
    pub document: String,
    /// What there is to know beforehand, by paragraph.
    pub about: Vec<String>,
    /// What there is, by area.
    pub areas: Vec<ReferenceArea>,
}

/// What is about one thing.
#[derive(Debug, Clone, Default)]
pub struct ReferenceArea {
    /// What links lead to.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub about: String,
    /// What can be done.
    pub operations: Vec<Operation>,
}

/// Something that can be done.
#[derive(Debug, Clone, Default)]
pub struct Operation {
    /// Its name for programs; links lead to it.
    pub id: String,
    /// The method.
    pub method: String,
    /// The path, with its parameters in braces.
    pub path: String,
    /// What it does, in a few words.
    pub summary: String,
    /// What there is to know beyond that.
    pub about: Option<String>,
    /// It asks for a bearer token.
    pub asks_for_token: bool,
    /// What stands in the address and in headers.
    pub parameters: Vec<Member>,
    /// What the body is made of.
    pub body: Vec<Member>,
    /// What it answers, by status.
    pub answers: Vec<OperationAnswer>,
    /// A command that does it.
    pub command: String,
}

/// A parameter, or a member of a body.
#[derive(Debug, Clone, Default)]
pub struct Member {
    /// Its name; `a.b` stands in `a`, `a[].b` in each of `a`.
    pub name: String,
    /// Of what form it is.
    pub form: String,
    /// It has to be there.
    pub is_needed: bool,
    /// What it means.
    pub about: Option<String>,
}

/// What is answered with one status.
#[derive(Debug, Clone, Default)]
pub struct OperationAnswer {
    /// The status.
    pub status: String,
    /// What it means: words, after the type of the problem where it is one.
    pub meanings: Vec<(Option<String>, String)>,
    /// Headers, and what the body is made of.
    pub members: Vec<Member>,
}
