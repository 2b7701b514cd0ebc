//! D8: a Model Context Protocol server behind this house, as `docs/mcp.md` tells it, step by step.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ostiary::{
    protocol::{GrantType, ScopeSet, TokenEndpointAuthMethod},
    resource::{CreateResource, ResourceSettings, create_resource},
    text::DisplayName,
};
use serde_json::{Value, json};

use crate::harness::{App, EMAIL, ISSUER, REDIRECT_URI, VERIFIER, encode, parameter, redemption};

const MCP: &str = "https://mcp.example/mcp";

/// The walk-through of `docs/mcp.md`: RFC 8414 metadata, PKCE, `resource` in both requests (RFC 8707), and a token whose
/// audience is the MCP server and nobody else.
#[tokio::test]
async fn the_walk_through() {
    let app = App::new().await;
    app.person(EMAIL).await;
    // 1. The operator registers the MCP server as a resource that every client may ask for.
    let settings =
        ResourceSettings { scopes: ScopeSet::parse("mcp:tools").unwrap(), open: true, ..ResourceSettings::default() };
    let name = DisplayName::try_from("Workshop tools").unwrap();
    let cmd = CreateResource { identifier: MCP.to_owned(), name, settings };
    create_resource(&app.core.operator(), cmd).await.unwrap();
    // 2. The client: public, with PKCE.
    let client = app
        .client_with(|settings| {
            settings.auth_method = TokenEndpointAuthMethod::None;
            settings.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
            settings.scopes = ScopeSet::parse("mcp:tools offline_access").unwrap();
        })
        .await;
    // 3. It finds the endpoints (RFC 8414 §3).
    let document = app.get("/.well-known/oauth-authorization-server").await.is(200).json();
    assert_eq!(document["issuer"], ISSUER);
    assert!(document["code_challenge_methods_supported"].as_array().unwrap().contains(&json!("S256")));
    let at = |name: &str| document[name].as_str().unwrap().strip_prefix(ISSUER).unwrap().to_owned();
    // 4. It sends the person, naming the MCP server.
    let challenge = ostiary::protocol::CodeVerifier::parse(VERIFIER).unwrap().challenge();
    let query = encode(&[
        ("client_id", &client.id),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "mcp:tools offline_access"),
        ("state", "st4te"),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
        ("resource", MCP),
    ]);
    let mut browser = app.signed_in(EMAIL).await;
    let to = browser.get(&format!("{}?{query}", at("authorization_endpoint"))).await.is(303).location().to_owned();
    assert!(browser.get(&to).await.is(200).body.contains("Workshop tools"));
    let interaction = parameter(&to, "i").unwrap();
    let decision = [("i", interaction.as_str()), ("decision", "allow"), ("scope", "offline_access")];
    let decided = browser.post("/do/consent", &decision).await;
    let answer = browser.get(decided.is(303).location()).await;
    assert_eq!(parameter(answer.is(303).location(), "iss").as_deref(), Some(ISSUER));
    let code = parameter(answer.location(), "code").unwrap();
    // 5. It trades the code, naming the MCP server again.
    let fields = redemption(&code, &[("client_id", &client.id), ("resource", MCP)]);
    let issued = app.bare_form(&at("token_endpoint"), &fields).await.is(200).json();
    assert!(issued["refresh_token"].is_string());
    // 6. The MCP server looks whether the token is for it.
    let claims = issued["access_token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert_eq!((&claims["iss"], &claims["aud"]), (&json!(ISSUER), &json!(MCP)));
    assert!(claims["scope"].as_str().unwrap().contains("mcp:tools"));
    // A token for another server is refused there, and this one cannot be had for another.
    let fields = [
        ("grant_type", "refresh_token"),
        ("client_id", client.id.as_str()),
        ("refresh_token", issued["refresh_token"].as_str().unwrap()),
        ("resource", "https://other.example/mcp"),
    ];
    assert_eq!(app.bare_form("/connect/token", &fields).await.is(400).error(), "invalid_target");
}
