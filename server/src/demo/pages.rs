//! The demo application's pages. Text that comes from anywhere goes through [`escape`].

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};
use time::OffsetDateTime;

use super::oidc::SignedIn;

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>{title} · Blockyard</title>\
         <link rel=\"icon\" href=\"data:,\"><link rel=\"stylesheet\" href=\"/style.css\"></head>\
         <body><header><span class=\"mark\" aria-hidden=\"true\"></span><strong>Blockyard</strong>\
         <span class=\"quiet\">an application that lets people in with Ostiary</span></header>\
         <main>{body}</main></body></html>"
    )
}

/// Nobody is signed in.
pub(super) fn outside() -> String {
    document(
        "Welcome",
        "<section class=\"card narrow\"><h1>Nobody is signed in</h1>\
         <p>This application keeps no passwords. It asks the identity provider who you are, and shows here what it was told \
         after it has checked every signature.</p>\
         <p><a class=\"button\" href=\"/sign-in\">Sign in with Ostiary</a></p></section>",
    )
}

/// Somebody is signed in: what the application knows of them.
pub(super) fn inside(held: &SignedIn, issuer: &str) -> String {
    let text = |name: &str| held.claims.get(name).and_then(Value::as_str);
    let name = text("name").or_else(|| text("preferred_username")).or_else(|| text("email")).unwrap_or("Somebody");
    let refreshed = match held.refreshed {
        _ if !held.can_refresh() => {
            "There is no refresh token: sign in again and let Blockyard keep working while you are away.".to_owned()
        }
        0 => "Tokens not yet refreshed.".to_owned(),
        1 => "Tokens refreshed once.".to_owned(),
        n => format!("Tokens refreshed {n} times."),
    };
    let refresh = if held.can_refresh() { form("/refresh", "Refresh the tokens", "button") } else { String::new() };
    let expires =
        held.expires_in.map_or_else(String::new, |secs| format!("The access token is good for {secs} seconds. "));
    let userinfo = held.userinfo.as_ref().map_or_else(String::new, |claims| {
        format!("<section class=\"card\" id=\"userinfo\"><h2>What userinfo answered</h2>{}</section>", table(claims))
    });
    document(
        "Signed in",
        &format!(
            "<section class=\"card\"><h1>Signed in as {name}</h1>\
             <p>These claims were in the ID token. Signature, issuer, audience, expiry and nonce are verified.</p>\
             <div id=\"claims\">{claims}</div></section>{userinfo}\
             <section class=\"card\"><h2>What next</h2><p class=\"quiet\">{expires}{refreshed}</p>\
             <div class=\"row\">{refresh}{ask}{leave}</div>\
             <p class=\"quiet\">Signing out ends your session at <a href=\"{issuer}/account\">the identity provider</a>, \
             too.</p></section>",
            name = escape(name),
            claims = table(&held.claims),
            ask = form("/userinfo", "Ask userinfo", "button plain"),
            leave = form("/sign-out", "Sign out", "button plain"),
            issuer = escape(issuer),
        ),
    )
}

/// Signed out of the application and at the provider.
pub(super) fn signed_out() -> String {
    document(
        "Signed out",
        "<section class=\"card narrow\"><h1>You are signed out</h1>\
         <p>Neither Blockyard nor the identity provider knows you in this browser any more, and Blockyard's tokens work no \
         longer.</p><div class=\"row\"><a class=\"button\" href=\"/sign-in\">Sign in again</a></div></section>",
    )
}

/// The provider said no, or the person did.
pub(super) fn refused(error: &str, description: Option<&str>) -> String {
    let words = match error {
        "access_denied" => "You were not signed in, because you said no. Nothing was shared.",
        _ => "The identity provider did not let you in.",
    };
    document(
        "Not signed in",
        &format!(
            "<section class=\"card narrow\" id=\"refused\"><h1>Not signed in</h1><p>{words}</p>\
             <p class=\"quiet\"><code>{}</code> {}</p>\
             <p><a class=\"button\" href=\"/sign-in\">Try again</a></p></section>",
            escape(error),
            escape(description.unwrap_or_default()),
        ),
    )
}

/// Something between application and provider went wrong.
pub(super) fn trouble(text: &str) -> String {
    document(
        "Something went wrong",
        &format!(
            "<section class=\"card narrow\" id=\"trouble\"><h1>That did not work</h1><p><code>{}</code></p>\
             <p><a class=\"button\" href=\"/\">Start again</a></p></section>",
            escape(text)
        ),
    )
}

fn form(action: &str, label: &str, class: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{action}\"><button class=\"{class}\" type=\"submit\">{label}</button></form>"
    )
}

fn table(claims: &Map<String, Value>) -> String {
    let mut rows = String::new();
    for (name, value) in claims {
        let shown = match (name.as_str(), value) {
            (_, Value::String(text)) => text.clone(),
            ("exp" | "iat" | "auth_time" | "updated_at", Value::Number(seconds)) => moment(seconds),
            (_, other) => other.to_string(),
        };
        // Writing to a String cannot fail.
        let _ =
            write!(rows, "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td></tr>", escape(name), escape(&shown));
    }
    format!("<table><tbody>{rows}</tbody></table>")
}

/// Seconds since the epoch, and what that is on a calendar.
fn moment(seconds: &Number) -> String {
    let at = seconds.as_i64().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    match at {
        Some(at) => format!("{seconds} ({} {:02}:{:02}:{:02} UTC)", at.date(), at.hour(), at.minute(), at.second()),
        None => seconds.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_readable() {
        assert_eq!(moment(&1_795_314_157.into()), "1795314157 (2026-11-22 02:22:37 UTC)");
        assert_eq!(moment(&i64::MAX.into()), i64::MAX.to_string());
    }

    #[test]
    fn what_comes_from_outside_stays_text() {
        let page = refused("<script>", Some("\"><img src=x onerror=alert(1)>"));
        assert!(!page.contains("<script>") && !page.contains("<img"));
        let mut claims = Map::new();
        claims.insert("<b>".to_owned(), Value::String("<i>&'".to_owned()));
        assert!(table(&claims).contains("&lt;b&gt;</code></th><td>&lt;i&gt;&amp;&#39;</td>"));
    }
}
