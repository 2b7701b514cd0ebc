//! What an administrator may change about an application, as fields of a form (D11).
//!
//! One table says it all: which settings have a field, in what shape, under what words. The page draws it, the form is
//! read by it, and a setting that is not in it stands in the last field as files write it. So nothing that can be
//! registered is out of reach, and nothing is read twice.

use std::collections::BTreeMap;

use super::{ClientRow, Problem, Room};

/// "Change it": `GET /admin/clients/edit?id=`, posts to `/do/edit-client`.
#[derive(Debug, Clone)]
pub struct EditClientPage {
    /// The room around it.
    pub room: Room,
    /// Which.
    pub client: ClientRow,
    /// The version that is looked at.
    pub version: i64,
    /// The label of the file that declares it.
    pub owner: Option<String>,
    /// What stands in the fields.
    pub values: EditClientValues,
    /// Everything that was wrong, in the order of the fields.
    pub problems: Vec<EditClientProblem>,
    /// Somebody changed it since the page was opened: what differs between that and what stands in the fields.
    pub differs: Option<Vec<&'static str>>,
}

/// What stands in the fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditClientValues {
    /// What people see.
    pub name: String,
    /// Settings with a field, by the name of the setting: what a form sends for it.
    pub fields: BTreeMap<&'static str, Vec<String>>,
    /// All other settings that are not as they are by themselves: a JSON object, or nothing.
    pub further: String,
}

impl EditClientValues {
    /// The one value of this field; empty when nothing was sent.
    pub fn one(&self, setting: &str) -> &str {
        self.fields.get(setting).and_then(|sent| sent.first()).map(String::as_str).unwrap_or_default()
    }

    /// Whether a box of this field is ticked.
    pub fn has(&self, setting: &str, value: &str) -> bool {
        self.fields.get(setting).is_some_and(|sent| sent.iter().any(|one| one == value))
    }
}

/// The field of everything that has none of its own.
pub const FURTHER: &str = "further";

/// What was wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditClientProblem {
    /// Which field.
    pub field: &'static str,
    /// What happened and what to do next.
    pub words: String,
}

impl Problem for EditClientProblem {
    fn field(&self) -> Option<&'static str> {
        Some(self.field)
    }

    fn words(&self) -> String {
        self.words.clone()
    }
}

/// What a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Words in one line.
    Words,
    /// The address of a page.
    Link,
    /// A whole number.
    Number,
    /// One thing a line.
    Lines,
    /// An address a line that people are sent back to.
    Returns,
    /// Yes or no.
    Tick,
    /// One of these: the value that is sent, and its words.
    One(&'static [(&'static str, &'static str)]),
    /// Some of these.
    Some(&'static [(&'static str, &'static str)]),
    /// JSON.
    Json,
}

/// A setting with a field.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The name of the setting, of its field, and of its id.
    pub setting: &'static str,
    /// What is asked.
    pub label: &'static str,
    /// What helps; nothing when empty.
    pub hint: &'static str,
    /// What it takes.
    pub shape: Shape,
}

/// Fields under one heading.
#[derive(Debug, Clone, Copy)]
pub struct Section {
    /// The id of its heading.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// Its fields.
    pub entries: &'static [Entry],
}

const fn entry(setting: &'static str, shape: Shape, label: &'static str, hint: &'static str) -> Entry {
    Entry { setting, label, hint, shape }
}

/// Every setting with a field, in the order of the page.
pub const SECTIONS: &[Section] = &[
    Section {
        id: "shows",
        title: "What people are shown",
        entries: &[
            entry("client_uri", Shape::Link, "Home page", ""),
            entry("logo_uri", Shape::Link, "Logo", "We fetch it when it changes and show our own copy."),
            entry("policy_uri", Shape::Link, "Privacy policy", ""),
            entry("tos_uri", Shape::Link, "Terms of service", ""),
            entry("contacts", Shape::Lines, "Contacts", "Whom to write to about it, one a line."),
            entry(
                "first_party",
                Shape::Tick,
                "It belongs to the house",
                "People are not asked before it gets what it may ask for.",
            ),
        ],
    },
    Section {
        id: "connects",
        title: "How it connects",
        entries: &[
            entry(
                "redirect_uris",
                Shape::Returns,
                "Addresses that people may be sent back to",
                "One a line, exactly as the application sends them.",
            ),
            entry("post_logout_redirect_uris", Shape::Returns, "Addresses after signing out", "One a line."),
            entry(
                "allowed_origins",
                Shape::Lines,
                "Web origins of its scripts",
                "One a line, as in https://app.example.",
            ),
            entry(
                "auth_method",
                Shape::One(METHODS),
                "Proves itself by",
                "Without a secret, those it has end for good.",
            ),
            entry("jwks_uri", Shape::Link, "Where its public keys are", "A JWK set that we fetch when we need it."),
            entry("jwks", Shape::Json, "Its public keys", "A JWK set, instead of the address."),
            entry("backchannel_logout_uri", Shape::Link, "Sign-out call", "We tell it there that a session ended."),
            entry(
                "frontchannel_logout_uri",
                Shape::Link,
                "Sign-out page",
                "A page of it that ends its session in the browser.",
            ),
            entry("initiate_login_uri", Shape::Link, "Where a sign-in starts", ""),
        ],
    },
    Section {
        id: "receives",
        title: "What it receives",
        entries: &[
            entry("grant_types", Shape::Some(GRANTS), "Ways to tokens", ""),
            entry("scopes", Shape::Words, "Scopes it may ask for", "With spaces between them."),
            entry("audiences", Shape::Lines, "Audiences", "Further APIs that its tokens may name, one a line."),
            entry("access_token_format", Shape::One(FORMATS), "Access tokens are", ""),
            entry(
                "access_token_ttl_secs",
                Shape::Number,
                "Life of an access token, in seconds",
                "From 10 to 86400. Empty: as everywhere here.",
            ),
            entry("id_token_alg", Shape::One(ALGS), "ID tokens are signed with", ""),
            entry(
                "subject_type",
                Shape::One(SUBJECTS),
                "Names people",
                "Changed, everybody is somebody new to the application.",
            ),
            entry(
                "default_max_age",
                Shape::Number,
                "People signed in so many seconds ago at most",
                "Empty: any time, unless it asks for more.",
            ),
        ],
    },
    Section {
        id: "rules",
        title: "What it has to keep to",
        entries: &[
            entry(
                "profile",
                Shape::One(PROFILES),
                "Security profile",
                "Turns on all its rules at once. It needs a key or a certificate of the application.",
            ),
            entry(
                "require_pushed_authorization_requests",
                Shape::Tick,
                "Its requests are pushed only",
                "RFC 9126: what it asks for never passes through the browser.",
            ),
            entry(
                "require_signed_request_object",
                Shape::Tick,
                "Its requests are signed only",
                "RFC 9101, with its public keys.",
            ),
            entry(
                "dpop_bound_access_tokens",
                Shape::Tick,
                "Its access tokens are bound by DPoP",
                "RFC 9449: stolen ones are of no use.",
            ),
            entry(
                "certificate_bound_access_tokens",
                Shape::Tick,
                "Its access tokens are bound to its certificate",
                "RFC 8705: stolen ones are of no use.",
            ),
            entry(
                "pkce_optional",
                Shape::Tick,
                "It may leave out PKCE",
                "Only for one that cannot do it. It must be able to keep a secret.",
            ),
        ],
    },
];

const METHODS: &[(&str, &str)] = &[
    ("client_secret_basic", "A secret in the header"),
    ("client_secret_post", "A secret in the form"),
    ("client_secret_jwt", "An assertion signed with a secret"),
    ("private_key_jwt", "An assertion signed with its own key"),
    ("tls_client_auth", "A certificate of an authority"),
    ("self_signed_tls_client_auth", "A certificate of its own"),
    ("none", "Nothing but PKCE"),
];

const GRANTS: &[(&str, &str)] = &[
    ("authorization_code", "Code"),
    ("refresh_token", "Refresh token"),
    ("client_credentials", "Its own credentials"),
    ("urn:ietf:params:oauth:grant-type:device_code", "Device code"),
    ("urn:openid:params:grant-type:ciba", "Question on another device"),
    ("urn:ietf:params:oauth:grant-type:token-exchange", "Token exchange"),
    ("urn:ietf:params:oauth:grant-type:jwt-bearer", "Assertion about a person"),
];

const FORMATS: &[(&str, &str)] = &[("jwt", "Readable (JWT)"), ("opaque", "A handle to be introspected")];

const ALGS: &[(&str, &str)] = &[
    ("ES256", "ES256"),
    ("EdDSA", "EdDSA"),
    ("PS256", "PS256"),
    ("RS256", "RS256"),
    ("HS256", "HS256, with its secret"),
];

const SUBJECTS: &[(&str, &str)] = &[("public", "By the same id everywhere"), ("pairwise", "By ids of its own")];

const PROFILES: &[(&str, &str)] = &[
    ("", "None"),
    ("fapi2_security", "FAPI 2.0 Security Profile"),
    ("fapi2_message_signing", "FAPI 2.0 Message Signing"),
];

/// The field of this setting.
pub fn entry_of(setting: &str) -> Option<&'static Entry> {
    SECTIONS.iter().flat_map(|section| section.entries).find(|entry| entry.setting == setting)
}

/// What a value of a setting is called, as its field says it.
pub(crate) fn called(setting: &str, value: &str) -> &'static str {
    match entry_of(setting).map(|entry| entry.shape) {
        Some(Shape::One(options) | Shape::Some(options)) => {
            options.iter().find(|(one, _)| *one == value).map_or("", |(_, words)| words)
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use ostiary::{
        client::{AccessTokenFormat, ClientSettings, SecurityProfile, SubjectType},
        protocol::{GrantType, SigningAlg, TokenEndpointAuthMethod},
    };

    use super::*;

    /// D11: every field is a setting, and each choice has all its values.
    #[test]
    fn the_fields_are_settings() {
        let members = ClientSettings::default().members();
        for entry in SECTIONS.iter().flat_map(|section| section.entries) {
            assert!(members.contains_key(entry.setting), "{} is no setting", entry.setting);
        }
        let choices = [
            ("auth_method", TokenEndpointAuthMethod::ALL.iter().map(|one| one.as_str()).collect::<Vec<_>>()),
            ("grant_types", GrantType::ALL.iter().map(|one| one.as_str()).collect()),
            ("access_token_format", AccessTokenFormat::ALL.iter().map(|one| one.as_str()).collect()),
            ("id_token_alg", SigningAlg::ALL.iter().map(|one| one.as_str()).collect()),
            ("subject_type", SubjectType::ALL.iter().map(|one| one.as_str()).collect()),
            ("profile", SecurityProfile::ALL.iter().map(|one| one.as_str()).collect()),
        ];
        for (setting, values) in choices {
            for value in values {
                assert!(!called(setting, value).is_empty(), "{setting}={value} has no words");
            }
        }
    }
}
