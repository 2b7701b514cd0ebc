//! What text messages say.

use super::{CodeFor, Sms};
use crate::config::Config;

/// One message is 160 characters; a longer name would make it two.
const LONGEST_NAME: usize = 40;

/// The words of a message. The last line binds the code to our domain: browsers and telephones fill it in on our pages and
/// on no others (the format of origin-bound one-time codes, which the `WebOTP` API reads, too).
pub(crate) fn words(config: &Config, message: &Sms) -> String {
    let name: String = config.instance.name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let what = match message.for_what {
        CodeFor::SignIn { .. } => format!("to sign in to {name}"),
        CodeFor::Number { .. } => format!("to confirm this number at {name}"),
    };
    let (code, host) = (&message.code, config.server.public_url.host_str().unwrap_or_default());
    format!("{code} is your code {what}. Give it to nobody.\n\n@{host} #{code}")
}
