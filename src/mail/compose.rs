//! From facts to a message in the format of RFC 5322.

use std::time::{Duration, UNIX_EPOCH};

use askama::Template;
use lettre::{
    Message as Built,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use super::{
    Mail,
    words::{self, Letter},
};
use crate::{clock::Timestamp, config::Config, error::Internal, id::OutboxId};

/// Lines of the text part are at most this long, links excepted.
const WIDTH: usize = 72;

/// What every mail shows of the instance.
struct House<'a> {
    name: &'a str,
    help: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    house: &'a House<'a>,
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Text<'a> {
    house: &'a House<'a>,
    letter: &'a Letter,
    rule: String,
    before: Vec<String>,
    after: Vec<String>,
    small: String,
}

/// Writes `mail` as a message. `id` and `now` make its `Message-ID` and `Date`: the same message sent twice is the same
/// message, and mail programs show it once.
pub(crate) fn compose(config: &Config, mail: &Mail, id: OutboxId, now: Timestamp) -> Result<Built, Internal> {
    let failed = |cause: &dyn std::fmt::Display| Internal::new("write a mail", cause);
    let name = one_line(&config.instance.name);
    let letter = words::letter(config, &name, mail);
    let house = House { name: &name, help: config.instance.help_url.as_ref().map(url::Url::as_str) };
    let wrapped = |texts: &[String]| texts.iter().map(|text| wrap(text)).collect();
    let html = Html { house: &house, letter: &letter }.render().map_err(|cause| failed(&cause))?;
    let text = Text {
        house: &house,
        letter: &letter,
        rule: "-".repeat(letter.title.chars().count()),
        before: wrapped(&letter.before),
        after: wrapped(&letter.after),
        small: wrap(&letter.small),
    };
    let text = text.render().map_err(|cause| failed(&cause))?;

    let from: Mailbox = config.mail.from.parse().map_err(|cause: lettre::address::AddressError| failed(&cause))?;
    // No name: what somebody registered with does not belong into the header of a mail to whoever owns the address.
    let to =
        Mailbox::new(None, mail.to.as_str().parse().map_err(|cause: lettre::address::AddressError| failed(&cause))?);
    let domain = from.email.domain().to_owned();
    let micros = u64::try_from(now.as_micros()).unwrap_or(0);
    let mut built = Built::builder()
        .from(from)
        .to(to)
        .subject(letter.subject.clone())
        .date(UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(format!("<{id}@{domain}>")))
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|cause| failed(&cause))?;
    // RFC 3834 §5: nobody's holiday note should answer.
    built
        .headers_mut()
        .insert_raw(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    Ok(built)
}

/// The instance's name comes from the configuration, which may hold anything; a header line is one line.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Breaks a paragraph into lines; a word longer than a line stays whole.
fn wrap(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + 8);
    let mut width = 0;
    for word in text.split_whitespace() {
        let len = word.chars().count();
        if width > 0 && width + 1 + len > WIDTH {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += len;
    }
    lines
}
