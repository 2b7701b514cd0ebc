//! Addresses that people are sent back to, one a line.

use ostiary::protocol::{RedirectUri, RedirectUriError};

/// The addresses in the lines of this text; empty lines are passed over.
///
/// # Errors
/// Every line that cannot be registered, counted from 1, and why: words to stand behind "Line 2".
pub(super) fn read(text: &str) -> Result<Vec<RedirectUri>, Vec<(usize, &'static str)>> {
    let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
    let read = |(number, line): (usize, &str)| RedirectUri::parse(line).map_err(|error| (number + 1, why_not(error)));
    let (uris, unfit): (Vec<_>, Vec<_>) = lines.map(read).partition(Result::is_ok);
    let unfit: Vec<_> = unfit.into_iter().filter_map(Result::err).collect();
    if unfit.is_empty() { Ok(uris.into_iter().flatten().collect()) } else { Err(unfit) }
}

/// Why an address cannot be registered.
const fn why_not(error: RedirectUriError) -> &'static str {
    match error {
        RedirectUriError::TooLong => "has more than 2048 characters.",
        RedirectUriError::Character => "holds a character that an address may not hold.",
        RedirectUriError::NotAbsolute => "is no whole address. It begins as in https://app.example/callback.",
        RedirectUriError::Fragment => "has a part behind #. Leave that out.",
        RedirectUriError::UserInfo => "holds a user name or a password. Leave that out.",
        RedirectUriError::Wildcard => "holds an asterisk. Write every address in full.",
        RedirectUriError::InsecureScheme => "begins with http. That is for this machine only; others need https.",
        RedirectUriError::Scheme => "begins neither with https nor with a scheme such as com.example.app.",
        RedirectUriError::Authority => "has a host or port that is missing or written in an unusual way.",
        RedirectUriError::NotPlain => "is not written in its plain form: a browser would change it.",
        RedirectUriError::ReservedParameter => "holds a parameter that our answer uses, such as code or state.",
    }
}
