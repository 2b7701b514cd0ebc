//! What an account says of its owner (A9).

use super::{Problem, Room};

/// "Profile": `GET /account/profile`, posts to `/do/profile`.
#[derive(Debug, Clone, Default)]
pub struct ProfilePage {
    /// The room around it.
    pub room: Room,
    /// The username, if there is one; it stays as it is.
    pub username: Option<String>,
    /// The address is confirmed.
    pub email_verified: bool,
    /// The telephone number, and whether it is confirmed.
    pub phone: Option<(String, bool)>,
    /// A number can be added.
    pub phone_offered: bool,
    /// What is so, or what was typed.
    pub values: ProfileValues,
    /// Everything that was wrong, in the order of the fields.
    pub problems: Vec<ProfileProblem>,
}

/// The fields of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProfileValues {
    /// The name others see.
    pub name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Language and region.
    pub locale: String,
    /// Time zone.
    pub zone: String,
    /// Where a picture is.
    pub picture: String,
}

/// What was wrong with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProfileProblem {
    /// The display name is too long, or holds what a name may not.
    Name,
    /// The given name is.
    GivenName,
    /// The family name is.
    FamilyName,
    /// That is no language.
    Locale,
    /// That is no time zone.
    Zone,
    /// That is no https address.
    Picture,
}

impl Problem for ProfileProblem {
    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Locale => "locale",
            Self::Zone => "zone",
            Self::Picture => "picture",
        })
    }

    fn words(&self) -> String {
        let text = match self {
            Self::Name | Self::GivenName | Self::FamilyName => {
                "A name is one line of 200 characters at most. Leave out what turns or breaks the line."
            }
            Self::Locale => "That is no language. Write it as in en-GB or da.",
            Self::Zone => "That is no time zone. Write it as in Europe/Copenhagen or UTC.",
            Self::Picture => "That is no whole https address. It begins as in https://pictures.example/me.png.",
        };
        text.to_owned()
    }
}
