//! What mails say, and that nobody can put words into them.

use super::{compose::compose, *};
use crate::testing::TestCore;

const LINK: &str = "http://localhost:8080/verify?t=ost_ev_abcdefghijklmnopqrstuvwxyz";

fn all(at: Timestamp) -> Vec<Message> {
    let link = || LINK.to_owned();
    vec![
        Message::VerifyEmail { link: link(), code: "417902".to_owned(), expires_at: at },
        Message::AddressTaken,
        Message::ProveEmail { link: link(), code: "417902".to_owned(), expires_at: at },
        Message::EmailInUse,
        Message::AccountDeactivated { link: link(), at, expires_at: at },
        Message::DeletionScheduled { at, device: Some("Firefox on Windows".to_owned()), erase_at: at },
        Message::AccountDeleted { at, erase_at: at },
        Message::EmailChangeAsked { link: link(), at, device: Some("Firefox on Windows".to_owned()), expires_at: at },
        Message::EmailChanged { link: link(), at, device: None, expires_at: at },
        Message::ChoosePassword { link: link(), expires_at: at, reason: ChoiceReason::MadeByOperator },
        Message::ChoosePassword { link: link(), expires_at: at, reason: ChoiceReason::RegisteredTwice },
        Message::ResetPassword { link: link(), expires_at: at },
        Message::PasswordChanged { at, device: Some("Firefox on Windows".to_owned()) },
        Message::PasswordWasReset { at, device: None },
        Message::PasskeyAdded { maker: Some("iCloud Keychain".to_owned()), at, device: None },
        Message::PasskeyRemoved { maker: None, at, device: Some("Firefox on Windows".to_owned()) },
        Message::PasskeyCopied { maker: Some("YubiKey 5 NFC".to_owned()), at, device: None },
        Message::AuthenticatorAdded { at, device: Some("Firefox on Windows".to_owned()) },
        Message::AuthenticatorRemoved { at, device: None, was_last: true },
        Message::AuthenticatorRemoved { at, device: None, was_last: false },
        Message::RecoveryCodesMade { at, device: None },
        Message::RecoveryCodeUsed { at, device: None, left: 9 },
        Message::RecoveryCodeUsed { at, device: None, left: 3 },
        Message::SignInCode {
            code: "417902".to_owned(),
            expires_at: at,
            device: Some("Firefox on Windows".to_owned()),
        },
        Message::SignInCode { code: "417902".to_owned(), expires_at: at, device: None },
        Message::SignInLink { link: link(), code: "417902".to_owned(), expires_at: at, device: None },
        Message::CodesSet { channel: Channel::Email, at, device: None, on: true },
        Message::CodesSet { channel: Channel::Sms, at, device: Some("Firefox on Windows".to_owned()), on: false },
        Message::PhoneChanged { ending: Some("42".to_owned()), at, device: None },
        Message::PhoneChanged { ending: None, at, device: Some("Firefox on Windows".to_owned()) },
        Message::BrowserTrusted { at, device: Some("Firefox on Windows".to_owned()), until: at },
        Message::NewDevice { at, device: Some("Firefox on Windows".to_owned()), ip: Some("192.0.2.44".to_owned()) },
        Message::NewDevice { at, device: None, ip: None },
        Message::AccountLocked { until: at },
        invitation("Nordhavn Studio", "viewer", at),
        invitation("Visit.evil.example now", "<b>Win</b>", at),
        Message::RefreshTokenReused { application: "Blockyard".to_owned(), at, everything_ended: false },
        Message::RefreshTokenReused { application: "Blockyard".to_owned(), at, everything_ended: true },
        Message::RequestWaits {
            application: "Blockyard".to_owned(),
            binding_message: Some("W4SCT".to_owned()),
            ip: Some("192.0.2.44".to_owned()),
            at,
            expires_at: at,
        },
    ]
}

fn invitation(organization: &str, role: &str, at: Timestamp) -> Message {
    Message::Invitation {
        link: LINK.to_owned(),
        organization: organization.to_owned(),
        slug: "nordhavn".to_owned(),
        role: role.to_owned(),
        inviter: EmailAddress::try_from("mara@nordhavn.example").ok(),
        expires_at: at,
    }
}

/// E6: what an organisation and a role are called is said only if it can be nothing but a name.
#[tokio::test]
async fn an_invitation_says_who_invites_and_no_more() {
    let core = TestCore::sqlite().await;
    let raw = read(&core, &mail("Leo", invitation("Nordhavn Studio", "night shift", core.now())));
    assert_eq!(header(&raw, "Subject"), ["You are invited to Nordhavn Studio at Ostiary"]);
    let one_line = raw.replace('\n', " ");
    for words in ["mara@nordhavn.example", "Nordhavn Studio", "night shift", "22 November 2026 at 10:00 UTC", LINK] {
        assert!(one_line.contains(words), "{words}: {raw}");
    }
    assert!(!raw.contains("Leo"), "whether there is an account is not told");
    for hostile in ["http://evil.example", "evil.example", "Win <b>now</b>", "a@evil.example", &"x".repeat(61), "a\nb"]
    {
        let raw = read(&core, &mail("Leo", invitation(hostile, hostile, core.now())));
        assert_eq!(header(&raw, "Subject"), ["You are invited to nordhavn at Ostiary"]);
        assert!(!raw.contains(hostile), "{hostile}: {raw}");
    }
}

fn mail(name: &str, message: Message) -> Mail {
    Mail {
        to: EmailAddress::try_from("ifeoma.okafor@nordhavn.example").unwrap(),
        name: DisplayName::try_from(name).ok(),
        message,
        not_me: None,
    }
}

/// The message, its soft line breaks and encoded bytes undone.
fn read(core: &TestCore, mail: &Mail) -> String {
    let raw = compose(core.config(), mail, core.new_id(), core.now()).unwrap().formatted();
    let raw = String::from_utf8(raw).unwrap().replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n");
    assert!(raw.is_ascii());
    raw
}

fn header<'a>(raw: &'a str, name: &str) -> Vec<&'a str> {
    let head = raw.split_once("\n\n").unwrap().0;
    head.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).collect()
}

/// A4: text and HTML both carry link and code, and say until when.
#[tokio::test]
async fn a_verification_mail_has_link_and_code() {
    let core = TestCore::sqlite().await;
    let message = Message::VerifyEmail { link: LINK.to_owned(), code: "417902".to_owned(), expires_at: core.now() };
    let raw = read(&core, &mail("Ifeoma Okafor", message));
    assert_eq!(header(&raw, "Subject"), ["Confirm your address for Ostiary"]);
    assert_eq!(header(&raw, "To"), ["ifeoma.okafor@nordhavn.example"]);
    assert_eq!(header(&raw, "From"), ["Ostiary <no-reply@localhost>"]);
    assert_eq!(header(&raw, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!(header(&raw, "Date"), ["Sun, 22 Nov 2026 10:00:00 +0000"]);
    assert_eq!(header(&raw, "Message-ID").len(), 1);
    let (text, html) = raw.split_once("Content-Type: text/html").unwrap();
    assert!(text.contains("Content-Type: text/plain"));
    assert!(text.contains(&format!("\n{LINK}\n")), "a link on a line of its own: {text}");
    assert!(text.contains("\n    417902\n"));
    assert!(html.contains(&format!("href=\"{LINK}\"")));
    assert!(html.contains("<span>417902</span>"));
    for part in [text, html] {
        assert!(part.contains("Hello Ifeoma,"));
        assert!(part.contains("ifeoma.okafor@nordhavn.example"));
        assert!(part.contains("22 November 2026 at 10:00 UTC"), "{part}");
    }
}

/// Every mail has a subject, a text and an HTML part, and speaks plainly.
#[tokio::test]
async fn every_mail_is_whole() {
    let core = TestCore::sqlite().await;
    for message in all(core.now()) {
        let kind = format!("{message:?}");
        let raw = read(&core, &mail("Ifeoma", message));
        assert_eq!(header(&raw, "Subject").len(), 1, "{kind}");
        assert!(raw.contains("text/plain") && raw.contains("text/html"), "{kind}");
        for word in ["please", "oops", "invalid", "successfully", "{{", "{%"] {
            assert!(!raw.to_lowercase().contains(word), "{kind} says {word}");
        }
        let text = raw.split_once("text/plain").unwrap().1.split_once("text/html").unwrap().0;
        assert!(!text.contains('!'), "{kind}: {text}");
        assert!(!text.contains("\n\n\n"), "{kind}: {text}");
        let long = text.lines().find(|line| line.chars().count() > 78 && !line.contains("http"));
        assert_eq!(long, None, "{kind}");
    }
}

/// Nobody says something of their own through our mails: neither in headers nor in the text nor in mark-up.
#[tokio::test]
async fn names_carry_nothing() {
    let core = TestCore::sqlite().await;
    for name in ["<b>Win</b>", "http://evil.example", "Visit.evil.example now", "=?utf-8?q?x?="] {
        for message in all(core.now()) {
            let raw = read(&core, &mail(name, message));
            let first = name.split_whitespace().next().unwrap();
            assert!(!raw.contains(first), "{raw}");
            assert!(raw.contains("Hello,"));
        }
    }
    // The address is the only thing of the reader's in a header, and its type lets no line break in.
    assert!(EmailAddress::try_from("a@nordhavn.example\r\nBcc: b@nordhavn.example").is_err());
    assert!(EmailAddress::try_from("<script>@nordhavn.example").is_err());
}

/// The instance's name is an operator's, but a header stays a header and mark-up stays mark-up.
#[tokio::test]
async fn the_name_over_the_door_is_only_text() {
    let core = TestCore::sqlite_with(|config| config.instance.name = "A&B <i>\r\nBcc: x@y.example".to_owned()).await;
    let raw = read(&core, &mail("Ifeoma", Message::AddressTaken));
    assert_eq!(header(&raw, "Bcc"), Vec::<&str>::new());
    assert_eq!(header(&raw, "Subject").len(), 1);
    assert!(!raw.lines().any(|line| line.starts_with("Bcc")), "{raw}");
    assert!(!raw.split_once("text/html").unwrap().1.contains("<i>"), "{raw}");
}

/// I5: what is logged of a mail is its kind.
#[test]
fn debug_shows_no_secret() {
    let message =
        Message::VerifyEmail { link: LINK.to_owned(), code: "417902".to_owned(), expires_at: Timestamp::from_secs(0) };
    let shown = format!("{:?}", mail("Ifeoma", message));
    for secret in ["ost_ev", "417902", "ifeoma", "Ifeoma"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// I3: settings that cannot work are named, without the password in them.
#[test]
fn wrong_settings_are_named() {
    let smtp = |url: &str| config::Mail {
        smtp: Some(config::Smtp { url: crate::secret::SecretString::from(url) }),
        ..config::Mail::default()
    };
    for url in ["smtp://127.0.0.1:25", "smtp://host:587?tls=required", "smtps://u:p@host:465"] {
        assert_eq!(Transport::check_settings(&smtp(url)), Ok(()), "{url}");
    }
    for url in ["", "http://host", "host:25"] {
        assert_eq!(Transport::check_settings(&smtp(url)), Err(TransportError::Url), "{url}");
    }
    let from = config::Mail { from: "not an address".to_owned(), ..config::Mail::default() };
    assert_eq!(Transport::check_settings(&from), Err(TransportError::From));
}

use crate::config;
