//! What the mails say. Facts in, plain British English out; no mark-up, that is the templates' business.
//!
//! What a stranger may choose — the name they registered somebody else's address with — gets into a mail only as a
//! short first name of letters ([`first_name`]): nobody can use our mails to say something of their own.

mod address;
mod invitation;
mod leaving;
mod passkeys;
mod sent_codes;
mod sign_in;

use super::{ChoiceReason, Mail, Message};
use crate::{
    clock::Timestamp,
    config::Config,
    text::{DisplayName, EmailAddress},
};

/// The words of a mail.
pub(super) struct Letter {
    pub(super) subject: String,
    /// What mail programs show beside the subject.
    pub(super) preview: String,
    pub(super) title: &'static str,
    /// Paragraphs before the button.
    pub(super) before: Vec<String>,
    pub(super) button: Option<Button>,
    pub(super) code: Option<String>,
    /// Paragraphs behind it.
    pub(super) after: Vec<String>,
    /// What to do if it was somebody else.
    pub(super) small: String,
}

/// The one thing to do.
pub(super) struct Button {
    /// What the button says.
    pub(super) label: &'static str,
    /// What stands before the link in the text, without a colon.
    pub(super) text: &'static str,
    pub(super) link: String,
}

/// The words of `mail`; `house` is the instance's name, on one line.
#[expect(clippy::too_many_lines, reason = "one arm for each mail")]
pub(super) fn letter(config: &Config, house: &str, mail: &Mail) -> Letter {
    let hello = first_name(mail.name.as_ref()).map_or_else(|| "Hello,".to_owned(), |name| format!("Hello {name},"));
    let to = &mail.to;
    // Mails that were on their way when this link came into being have the next best.
    let not_me = mail.not_me.clone().unwrap_or_else(|| config.url("/forgot-password"));
    match &mail.message {
        Message::VerifyEmail { link, code, expires_at } => address::verify(house, &hello, to, link, code, *expires_at),
        Message::AddressTaken => address::taken(config, house, &hello, to),
        Message::ProveEmail { link, code, expires_at } => address::prove(house, &hello, to, link, code, *expires_at),
        Message::EmailInUse => address::in_use(config, house, &hello, to),
        Message::EmailChangeAsked { link, at, device, expires_at } => {
            let when = format!("{}{}", date(*at), from(device.as_deref()));
            address::asked(house, &format!("{hello} on {when}, somebody"), to, link, *expires_at)
        }
        Message::EmailChanged { link, at, device, expires_at } => {
            let when = format!("{}{}", date(*at), from(device.as_deref()));
            address::changed(house, &format!("{hello} on {when}, the account"), to, link, *expires_at)
        }
        Message::AccountDeactivated { link, at, expires_at } => leaving::deactivated(
            house,
            &format!("{hello} on {}, you deactivated the account of {to}.", date(*at)),
            link,
            *expires_at,
        ),
        Message::DeletionScheduled { at, device, erase_at } => {
            let when = format!("{}{}", date(*at), from(device.as_deref()));
            let what = format!("{hello} on {when}, you asked for the end of the account of {to}.");
            leaving::scheduled(config, house, &what, *erase_at, &not_me)
        }
        Message::AccountDeleted { at, erase_at } => {
            leaving::deleted(house, &format!("{hello} on {}, the account of {to} was deleted", date(*at)), *erase_at)
        }
        Message::ChoosePassword { link, expires_at, reason } => {
            let said = match reason {
                ChoiceReason::MadeByOperator => {
                    format!("an account was made for you with {to}. Choose a password for it.")
                }
                ChoiceReason::RegisteredTwice => format!(
                    "{to} was registered twice, with two different passwords. To be sure that the account is yours \
                     alone, choose its password here. This also confirms the address; older mails from us no longer work."
                ),
            };
            Letter {
                subject: format!("Choose a password for your account at {house}"),
                preview: format!("The link works once, until {}.", date(*expires_at)),
                title: "Choose a password",
                before: vec![format!("{hello} {said}")],
                button: Some(Button { label: "Choose a password", text: "Open this link", link: link.clone() }),
                code: None,
                after: vec![format!("The link works once, until {}.", date(*expires_at))],
                small: "Not expected? Then do nothing: without this step nobody can use the account.".to_owned(),
            }
        }
        Message::ResetPassword { link, expires_at } => Letter {
            subject: format!("Choose a new password for {house}"),
            preview: format!("The link works once, until {}.", date(*expires_at)),
            title: "Choose a new password",
            before: vec![format!("{hello} somebody, perhaps you, asked for a new password for {to}.")],
            button: Some(Button { label: "Choose a new password", text: "Open this link", link: link.clone() }),
            code: None,
            after: vec![format!("The link works once, until {}.", date(*expires_at))],
            small: "Not you? Then do nothing: your password stays as it is.".to_owned(),
        },
        Message::PasswordChanged { at, device } => changed(
            not_me,
            format!("Your password at {house} was changed"),
            "Your password was changed",
            format!("{hello} the password of {to} was changed on {}{}.", date(*at), from(device.as_deref())),
            "The session in which it was changed goes on. All others ended, and applications will ask you to sign in \
             again.",
        ),
        Message::PasswordWasReset { at, device } => changed(
            not_me,
            format!("Your password at {house} was replaced"),
            "Your password was replaced",
            format!(
                "{hello} a new password was chosen for {to} through the link we sent, on {}{}.",
                date(*at),
                from(device.as_deref())
            ),
            if config.verification.reset_ends_sessions {
                "All sessions ended, and applications will ask you to sign in again."
            } else {
                "Open sessions go on; you can end them on your account page."
            },
        ),
        Message::PasskeyAdded { maker, at, device } => {
            let what = passkeys::called(maker.as_deref());
            let when = format!("{}{}", date(*at), from(device.as_deref()));
            changed(
                not_me,
                format!("A passkey was added to your account at {house}"),
                "A passkey was added",
                format!("{hello} {what} was added to {to} on {when}."),
                "It opens your account.",
            )
        }
        Message::PasskeyRemoved { maker, at, device } => {
            let what = passkeys::called(maker.as_deref());
            changed(
                not_me,
                format!("A passkey was removed from your account at {house}"),
                "A passkey was removed",
                format!("{hello} {what} was removed from {to} on {}{}.", date(*at), from(device.as_deref())),
                "It does not open your account any more. The session in which it was removed goes on; all others ended.",
            )
        }
        Message::PasskeyCopied { maker, at, device } => {
            let what = passkeys::called(maker.as_deref());
            let when = format!("{}{}", date(*at), from(device.as_deref()));
            passkeys::copied(
                config,
                house,
                format!("{hello} on {when}, somebody tried to open {to} with {what} of yours."),
            )
        }
        Message::AuthenticatorAdded { at, device } => changed(
            not_me,
            format!("An authenticator app was added to your account at {house}"),
            "An authenticator app was added",
            format!("{hello} an authenticator app was added for {to} on {}{}.", date(*at), from(device.as_deref())),
            "Signing in with the password now asks for a code of it, too.",
        ),
        Message::AuthenticatorRemoved { at, device, was_last } => changed(
            not_me,
            format!("An authenticator app was removed from your account at {house}"),
            "An authenticator app was removed",
            format!("{hello} an authenticator app of {to} was removed on {}{}.", date(*at), from(device.as_deref())),
            if *was_last {
                "It was the last one, and the recovery codes ended with it. Unless you have another second step, the \
                 password alone opens the account now."
            } else {
                "Its codes no longer work. The others go on."
            },
        ),
        Message::RecoveryCodesMade { at, device } => changed(
            not_me,
            format!("New recovery codes for your account at {house}"),
            "New recovery codes were made",
            format!("{hello} recovery codes were made for {to} on {}{}.", date(*at), from(device.as_deref())),
            "Codes made before them no longer work.",
        ),
        Message::RecoveryCodeUsed { at, device, left } => changed(
            not_me,
            format!("A recovery code of your account at {house} was used"),
            "A recovery code was used",
            format!(
                "{hello} somebody signed in to {to} with a recovery code on {}{}.",
                date(*at),
                from(device.as_deref())
            ),
            &format!("That code works no more. Codes left: {left}. Make new ones on your account page in time."),
        ),
        Message::SignInCode { code, expires_at, device } => {
            sign_in::code(config, house, &hello, code, *expires_at, device.as_deref())
        }
        Message::SignInLink { link, code, expires_at, device } => {
            sign_in::link(house, &hello, to, (link, code), *expires_at, device.as_deref())
        }
        Message::CodesSet { channel, at, device, on } => {
            let when = format!("for {to} on {}{}", date(*at), from(device.as_deref()));
            sent_codes::set(not_me, house, &hello, &when, *channel, *on)
        }
        Message::PhoneChanged { ending, at, device } => {
            let when = format!("on {}{}", date(*at), from(device.as_deref()));
            sent_codes::phone(not_me, house, &format!("{hello} {when}, the account of {to}"), ending.as_deref())
        }
        Message::BrowserTrusted { at, device, until } => changed(
            not_me,
            format!("A browser is trusted with your account at {house}"),
            "A browser is trusted",
            format!(
                "{hello} somebody signed in to {to} on {}{}, and trusts that browser.",
                date(*at),
                from(device.as_deref())
            ),
            &format!(
                "There the password alone opens the account until {}. End it at any time on your security page.",
                date(*until)
            ),
        ),
        Message::NewDevice { at, device, ip } => {
            let ip = ip.as_deref().map(|ip| format!(" at {ip}")).unwrap_or_default();
            changed(
                not_me,
                format!("A new sign-in to your account at {house}"),
                "A new sign-in",
                format!("{hello} somebody signed in to {to} on {}{}{ip}.", date(*at), from(device.as_deref())),
                "The account was not opened there before.",
            )
        }
        Message::AccountLocked { until } => locked(config, house, &hello, to, *until),
        Message::Invitation { link, organization, slug, role, inviter, expires_at } => {
            let organization = plain_name(organization).unwrap_or(slug);
            let what = invitation::What { organization, role: plain_name(role), inviter: inviter.as_ref() };
            invitation::invited(house, to, &what, link, *expires_at)
        }
        Message::RequestWaits { application, binding_message, ip, at, expires_at } => {
            let from = ip.as_deref().map(|ip| format!(", from {ip}")).unwrap_or_default();
            let what = format!(
                "{hello} on {}{from}, {application} asked to sign you in or to have something confirmed.",
                date(*at)
            );
            request_waits(config, house, application, what, binding_message.as_deref(), *expires_at)
        }
        Message::RefreshTokenReused { application, at, everything_ended } => {
            let what = format!(
                "{hello} on {} somebody came with an old key that {application} held for {to} and had replaced already.",
                date(*at)
            );
            Letter { after: vec![or_shut_out(&not_me)], ..reused(config, house, application, what, *everything_ended) }
        }
    }
}

fn locked(config: &Config, house: &str, hello: &str, to: &EmailAddress, until: Timestamp) -> Letter {
    Letter {
        subject: format!("Sign-in to {house} is paused"),
        preview: format!("Too many wrong passwords. Sign-in works again from {}.", date(until)),
        title: "Sign-in is paused",
        before: vec![
            format!("{hello} somebody typed a wrong password for {to} too many times."),
            format!(
                "To keep your account safe, signing in with a password is paused until {}. Nobody got in.",
                date(until)
            ),
        ],
        button: Some(Button {
            label: "Choose a new password",
            text: "Without a second step, a new password ends the pause. Ask for one here",
            link: config.url("/forgot-password"),
        }),
        code: None,
        after: Vec::new(),
        small: "Not you? Your password held. If you use it elsewhere too, choose another one for here.".to_owned(),
    }
}

fn reused(config: &Config, house: &str, application: &str, what: String, everything_ended: bool) -> Letter {
    let then = if everything_ended {
        "An old key that comes back may have been copied. So all your sessions ended, and applications will ask you to \
         sign in again."
            .to_owned()
    } else {
        format!(
            "An old key that comes back may have been copied. So {application} lost its access, and will ask you to \
             sign in again. Other applications go on."
        )
    };
    Letter {
        subject: format!("{application} was signed out of your account at {house}"),
        preview: "An old key came back, so its access was ended.".to_owned(),
        title: "An application was signed out",
        before: vec![what, then],
        button: Some(Button {
            label: "See your sessions",
            text: "See what is signed in to your account",
            link: config.url("/account/sessions"),
        }),
        code: None,
        after: Vec::new(),
        small: "Once is mostly a fault of the application. If it happens again, choose a new password.".to_owned(),
    }
}

fn request_waits(
    config: &Config,
    house: &str,
    application: &str,
    what: String,
    binding_message: Option<&str>,
    expires_at: Timestamp,
) -> Letter {
    let message = binding_message
        .map(|message| format!("Its message is \"{message}\". Go on only if you see the same there and expected it."));
    Letter {
        subject: format!("{application} waits for your answer at {house}"),
        preview: format!("It waits until {}.", date(expires_at)),
        title: "An application waits for you",
        before: std::iter::once(what).chain(message).collect(),
        button: Some(Button {
            label: "See what it asks",
            text: "See what it asks, and allow or deny it",
            link: config.url("/account/requests"),
        }),
        code: None,
        after: vec![format!("It waits until {}.", date(expires_at))],
        small: "Not you? Then do nothing, or deny it there: without your answer it gets nothing.".to_owned(),
    }
}

fn changed(not_me: String, subject: String, title: &'static str, what: String, then: &str) -> Letter {
    Letter {
        subject,
        preview: "If it was you, there is nothing to do.".to_owned(),
        title,
        before: vec![what, then.to_owned(), "If it was you, there is nothing to do.".to_owned()],
        button: Some(Button {
            label: "It was not me",
            text: "If it was not you, shut everybody out at once",
            link: not_me,
        }),
        code: None,
        after: Vec::new(),
        small: "That link works for a week. It ends every session, makes the password worthless and removes what was \
                added since. Then you choose a new password."
            .to_owned(),
    }
}

/// The same where the button is for something else.
fn or_shut_out(not_me: &str) -> String {
    format!("Not you? Shut everybody out and choose a new password: {not_me}")
}

fn from(device: Option<&str>) -> String {
    device.map(|device| format!(", from {device}")).unwrap_or_default()
}

/// "22 November 2026 at 10:42 UTC".
fn date(at: Timestamp) -> String {
    let t = at.to_date_time();
    format!("{} {} {} at {:02}:{:02} UTC", t.day(), t.month(), t.year(), t.hour(), t.minute())
}

/// A name that somebody chose for something of theirs, if it can be nothing but a name: no mail program makes a link of it.
fn plain_name(name: &str) -> Option<&str> {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’' | '&' | ',' | '(' | ')');
    (!name.is_empty() && name.chars().all(plain) && name.chars().count() <= 60).then_some(name)
}

/// The first word of a name, if it can be nothing but a name.
fn first_name(name: Option<&DisplayName>) -> Option<&str> {
    let first = name?.as_str().split_whitespace().next()?;
    let letters = first.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'));
    (letters && first.chars().count() <= 30).then_some(first)
}
