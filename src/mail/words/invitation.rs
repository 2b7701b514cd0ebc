//! The mail that invites into an organisation (E6). What the inviter has to say is not in it: nobody says something of their
//! own through our mails.

use super::{Button, Letter, date};
use crate::{clock::Timestamp, text::EmailAddress};

/// Who invites to what.
pub(super) struct What<'a> {
    pub(super) organization: &'a str,
    /// Nothing when its name could be more than a name.
    pub(super) role: Option<&'a str>,
    pub(super) inviter: Option<&'a EmailAddress>,
}

/// The same to people with and without an account.
pub(super) fn invited(house: &str, to: &EmailAddress, what: &What<'_>, link: &str, expires_at: Timestamp) -> Letter {
    let What { organization, role, inviter } = what;
    let who = inviter.map_or_else(|| "somebody who may do so".to_owned(), EmailAddress::to_string);
    let role = role.map(|role| format!(" Your role there: {role}.")).unwrap_or_default();
    Letter {
        subject: format!("You are invited to {organization} at {house}"),
        preview: format!("You can accept until {}.", date(expires_at)),
        title: "You are invited",
        before: vec![
            format!("Hello, {who} invites {to} to join the organisation {organization} at {house}.{role}"),
            format!(
                "The link shows the invitation. To accept, sign in to your account at {house} with this address, or make one."
            ),
        ],
        button: Some(Button { label: "See the invitation", text: "Open this link", link: link.to_owned() }),
        code: None,
        after: vec![format!("You can accept until {}. Nothing happens before you do.", date(expires_at))],
        small:
            "Not expected? Then do nothing, or decline behind the link. Do not pass the link on: it makes an account \
                for this address."
                .to_owned(),
    }
}
