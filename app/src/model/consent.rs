//! May this application use the account?

use super::{Caller, Person};

/// The consent page: `GET /consent?i=`, posts to `/do/consent`.
#[derive(Debug, Clone, Default)]
pub struct ConsentPage {
    /// The authorization request.
    pub interaction: String,
    /// Who asks.
    pub caller: Caller,
    /// Who is asked.
    pub person: Person,
    /// What cannot be left out.
    pub needed: Vec<ScopeLine>,
    /// What the person may leave out.
    pub optional: Vec<ScopeLine>,
    /// The APIs it will use, by name.
    pub resources: Vec<String>,
    /// What it asks for in detail.
    pub details: Vec<DetailLine>,
    /// Whether "Remember my answer" is ticked; `None` when answers cannot be remembered.
    pub remember: Option<bool>,
}

/// Something that is asked for in detail (RFC 9396).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DetailLine {
    /// What it is, in a few words.
    pub what: String,
    /// More about it, in small print.
    pub detail: Option<String>,
    /// What is said about it: a word for what, and the values.
    pub facts: Vec<(String, String)>,
}

/// One thing that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeLine {
    /// The scope, as the form sends it back.
    pub scope: String,
    /// What it lets the application do.
    pub what: String,
    /// What that means here, in small print.
    pub detail: Option<String>,
    /// Ticked (optional ones only).
    pub ticked: bool,
}

impl ScopeLine {
    /// It is none of the standard ones: its small print is the scope as programs write it.
    pub fn is_own(&self) -> bool {
        self.detail.as_ref() == Some(&self.scope)
    }

    /// The words for `scope`: our own for the standard ones of OpenID Connect Core §5.4 and §11, else `description` (from the registration of
    /// the application or the scope), else the bare name.
    pub fn describe(scope: &str, description: Option<&str>, person: &Person) -> Self {
        let (what, detail) = match scope {
            "openid" => ("Know that it is you", None),
            "profile" => ("Your name and profile", Some(person.name.clone())),
            "email" => ("Your e-mail address", Some(person.email.clone())),
            "phone" => ("Your phone number", None),
            "address" => ("Your postal address", None),
            "organization" => ("Your organisation, and what you may do there", None),
            "offline_access" => ("Keep working while you are away", Some("Until you end its session".to_owned())),
            _ => {
                return Self {
                    scope: scope.to_owned(),
                    what: description.unwrap_or(scope).to_owned(),
                    detail: description.map(|_| scope.to_owned()),
                    ticked: false,
                };
            }
        };
        Self { scope: scope.to_owned(), what: what.to_owned(), detail, ticked: false }
    }
}
