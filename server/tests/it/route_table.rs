//! DESIGN §5: every route, asked as everybody. A route that is not in the table fails.
//!
//! The columns are what is answered to nobody in particular, to a person, to another person (who has no part in what the
//! request is about), and to an administrator. People bring both what they have: the cookie of their browser and a token of
//! the REST API.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Request, header};
use ostiary::account::{enable_user, find_user};
use ostiary_server::router;

use crate::harness::{ADMIN_EMAIL, Answer, App, Browser, EMAIL, OTHER_EMAIL};

/// Method, path, what is sent, and the status for nobody, a person, another person, an administrator.
type Row = (&'static str, &'static str, &'static str, [u16; 4]);

/// `{session}` is the id of a second session of the person. What is sent is a form, or JSON for the REST API.
const TABLE: &[Row] = &[
    // Signs of life and public documents.
    ("GET", "/health", "", [200; 4]),
    ("GET", "/healthz", "", [200; 4]),
    ("GET", "/ready", "", [200; 4]),
    ("GET", "/.well-known/openid-configuration", "", [200; 4]),
    ("GET", "/.well-known/oauth-authorization-server", "", [200; 4]),
    ("GET", "/.well-known/jwks.json", "", [200; 4]),
    ("GET", "/.well-known/oauth-protected-resource", "", [200; 4]),
    ("GET", "/.well-known/passkey-endpoints", "", [200; 4]),
    ("GET", "/.well-known/webauthn", "", [404; 4]),
    ("GET", "/api/v1/openapi.json", "", [200; 4]),
    // Protocol endpoints: whoever asks is no client, and people's credentials open nothing here.
    ("GET", "/connect/authorize", "", [400; 4]),
    ("POST", "/connect/authorize", "client_id=nobody", [303, 400, 400, 400]),
    ("GET", "/connect/resume", "", [400; 4]),
    ("POST", "/connect/par", "client_id=nobody", [401; 4]),
    ("GET", "/connect/logout", "", [303; 4]),
    ("GET", "/connect/checksession", "", [200; 4]),
    ("POST", "/connect/logout", "client_id=nobody", [303, 400, 400, 400]),
    ("POST", "/connect/token", "grant_type=client_credentials", [401; 4]),
    ("GET", "/connect/userinfo", "", [401; 4]),
    ("POST", "/connect/userinfo", "", [401; 4]),
    ("POST", "/connect/introspect", "token=x", [401; 4]),
    ("POST", "/connect/revocation", "token=x", [401; 4]),
    ("POST", "/connect/bc-authorize", "scope=openid", [401; 4]),
    ("POST", "/connect/device_authorization", "scope=openid", [401; 4]),
    ("POST", "/connect/register", "{}", [400; 4]),
    ("GET", "/connect/register/{client_id}", "", [401; 4]),
    ("PUT", "/connect/register/{client_id}", "{}", [401; 4]),
    ("DELETE", "/connect/register/{client_id}", "", [401; 4]),
    // What proxies ask; whoever is signed in may go on.
    ("ANY", "/forward-auth", "", [401, 200, 200, 200]),
    ("ANY", "/forward-auth/at/{*path}", "", [401, 200, 200, 200]),
    ("GET", "/forward-auth/sign-in", "", [303; 4]),
    ("GET", "/forward-auth/return", "", [303; 4]),
    // REST.
    ("POST", "/api/v1/auth/register", "{}", [400; 4]),
    ("POST", "/api/v1/auth/login", "{}", [400; 4]),
    ("POST", "/api/v1/auth/login/email", "{}", [400; 4]),
    ("POST", "/api/v1/auth/login/email/code", "{}", [400; 4]),
    ("POST", "/api/v1/auth/login/second-factor", "{}", [400; 4]),
    ("POST", "/api/v1/auth/login/second-factor/code", "{}", [400; 4]),
    ("POST", "/api/v1/auth/refresh", "{}", [400; 4]),
    ("POST", "/api/v1/auth/verify-email", "{}", [400; 4]),
    ("POST", "/api/v1/auth/forgot-password", "{}", [400; 4]),
    ("POST", "/api/v1/auth/reset-password", "{}", [400; 4]),
    ("POST", "/api/v1/auth/change-password", "{}", [401, 400, 400, 400]),
    ("POST", "/api/v1/auth/logout", "{}", [401, 204, 204, 204]),
    ("GET", "/api/v1/auth/me", "", [401, 200, 200, 200]),
    ("GET", "/api/v1/me/sessions", "", [401, 200, 200, 200]),
    ("DELETE", "/api/v1/me/sessions/{id}", "{session}", [401, 204, 404, 404]),
    ("POST", "/api/v1/me/email", "{}", [401, 400, 400, 400]),
    ("POST", "/api/v1/me/email/confirm", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/me/phone", "", [401, 200, 200, 200]),
    ("POST", "/api/v1/me/phone", "{}", [401, 400, 400, 400]),
    ("DELETE", "/api/v1/me/phone", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/me/phone/confirm", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/me/factors", "", [401, 200, 200, 200]),
    ("POST", "/api/v1/me/authenticators", "{}", [401, 400, 400, 400]),
    ("POST", "/api/v1/me/authenticators/confirm", "{}", [401, 400, 400, 400]),
    ("PUT", "/api/v1/me/authenticators/{id}", "{}", [401, 400, 400, 400]),
    ("DELETE", "/api/v1/me/authenticators/{id}", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/me/recovery-codes", "", [401, 409, 409, 409]),
    ("PUT", "/api/v1/me/email-codes", "{}", [401, 400, 400, 400]),
    ("PUT", "/api/v1/me/sms-codes", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/me/trusted-browsers", "", [401, 200, 200, 200]),
    ("DELETE", "/api/v1/me/trusted-browsers/{id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/me/passkeys", "", [401, 200, 200, 200]),
    ("PUT", "/api/v1/me/passkeys/{id}", "{}", [401, 400, 400, 400]),
    ("DELETE", "/api/v1/me/passkeys/{id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/me/export", "", [401, 200, 200, 200]),
    ("DELETE", "/api/v1/me/deletion", "", [401, 204, 204, 204]),
    ("GET", "/api/v1/me/activity", "", [401, 200, 200, 200]),
    ("GET", "/api/v1/me/applications", "", [401, 200, 200, 200]),
    ("DELETE", "/api/v1/me/applications/{client_id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/me/invitations", "", [401, 200, 200, 200]),
    ("POST", "/api/v1/me/invitations/{id}/accept", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/me/invitations/{id}/reject", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/organizations/{id}/invitations", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/invitations", "{}", [401, 400, 400, 400]),
    ("POST", "/api/v1/organizations/{id}/invitations/{invitation_id}/resend", "", [401, 404, 404, 404]),
    ("DELETE", "/api/v1/organizations/{id}/invitations/{invitation_id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/users", "email=nobody@nordhavn.example", [401, 403, 403, 200]),
    ("GET", "/api/v1/users/{id}", "", [401, 404, 404, 404]),
    ("PUT", "/api/v1/users/{id}", "{}", [401, 404, 404, 404]),
    ("DELETE", "/api/v1/users/{id}", "", [401, 403, 403, 404]),
    // Policies and decisions: operators see those of the instance, and nobody here belongs to an organisation of this name.
    ("GET", "/.well-known/authzen-configuration", "", [200; 4]),
    ("POST", "/api/v1/authorize", "{}", [401, 400, 400, 400]),
    ("POST", "/access/v1/evaluation", "{}", [401; 4]),
    ("POST", "/access/v1/evaluations", "{}", [401; 4]),
    ("GET", "/api/v1/policies", "", [401, 403, 403, 200]),
    ("POST", "/api/v1/policies", "{}", [401, 403, 403, 400]),
    ("GET", "/api/v1/policies/{number}", "", [401, 403, 403, 404]),
    ("PUT", "/api/v1/policies/active", "{}", [401, 403, 403, 400]),
    ("POST", "/api/v1/policies/try", "{}", [401, 403, 403, 400]),
    ("GET", "/api/v1/organizations/{id}/policies", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/policies", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/organizations/{id}/policies/{number}", "", [401, 404, 404, 404]),
    ("PUT", "/api/v1/organizations/{id}/policies/active", r#"{"number":null}"#, [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/policies/try", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/clients", "", [401, 403, 403, 200]),
    ("POST", "/api/v1/clients", "{}", [401, 403, 403, 400]),
    ("GET", "/api/v1/clients/{id}", "", [401, 403, 403, 404]),
    ("PUT", "/api/v1/clients/{id}", "{}", [401, 403, 403, 400]),
    ("DELETE", "/api/v1/clients/{id}", "", [401, 403, 403, 404]),
    ("POST", "/api/v1/clients/{id}/secrets", "{}", [401, 403, 403, 404]),
    ("DELETE", "/api/v1/clients/{id}/secrets/{secret_id}", "", [401, 403, 403, 404]),
    ("GET", "/api/v1/resources", "", [401, 403, 403, 200]),
    ("POST", "/api/v1/resources", "{}", [401, 403, 403, 400]),
    ("GET", "/api/v1/resources/{id}", "", [401, 403, 403, 404]),
    ("PUT", "/api/v1/resources/{id}", "{}", [401, 403, 403, 400]),
    ("DELETE", "/api/v1/resources/{id}", "", [401, 403, 403, 404]),
    ("GET", "/api/v1/scopes", "", [401, 403, 403, 200]),
    ("GET", "/api/v1/scopes/{id}", "", [401, 403, 403, 404]),
    ("PUT", "/api/v1/scopes/{id}", "{}", [401, 403, 403, 400]),
    ("DELETE", "/api/v1/scopes/{id}", "", [401, 403, 403, 404]),
    ("POST", "/api/v1/me/organization", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/organizations", "", [401, 200, 200, 200]),
    ("POST", "/api/v1/organizations", "{}", [401, 400, 400, 400]),
    ("GET", "/api/v1/organizations/{id}", "", [401, 404, 404, 404]),
    ("PATCH", "/api/v1/organizations/{id}", "{}", [401, 404, 404, 404]),
    ("DELETE", "/api/v1/organizations/{id}", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/restore", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/owner", "{}", [401, 400, 400, 400]),
    ("POST", "/api/v1/organizations/{id}/leave", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/organizations/{id}/mfa-policy", "", [401, 404, 404, 404]),
    ("PATCH", "/api/v1/organizations/{id}/mfa-policy", "{}", [401, 404, 404, 404]),
    ("GET", "/api/v1/organizations/{id}/members", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/members", "{}", [401, 403, 403, 400]),
    ("GET", "/api/v1/organizations/{id}/members/{user_id}", "", [401, 404, 404, 404]),
    ("PATCH", "/api/v1/organizations/{id}/members/{user_id}", "{}", [401, 400, 400, 400]),
    ("DELETE", "/api/v1/organizations/{id}/members/{user_id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/organizations/{id}/members/{user_id}/effective", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/members/{user_id}/entries", "{}", [401, 404, 404, 404]),
    ("DELETE", "/api/v1/organizations/{id}/members/{user_id}/entries/{entry_id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/organizations/{id}/roles", "", [401, 404, 404, 404]),
    ("POST", "/api/v1/organizations/{id}/roles", "{}", [401, 404, 404, 404]),
    ("PUT", "/api/v1/organizations/{id}/roles/{role_id}", "{}", [401, 404, 404, 404]),
    ("DELETE", "/api/v1/organizations/{id}/roles/{role_id}", "", [401, 404, 404, 404]),
    ("GET", "/api/v1/roles", "", [401, 200, 200, 200]),
    ("POST", "/api/v1/roles", "{}", [401, 403, 403, 400]),
    ("PUT", "/api/v1/roles/{id}", "{}", [401, 403, 403, 400]),
    ("DELETE", "/api/v1/roles/{id}", "", [401, 403, 403, 404]),
    ("GET", "/api/v1/permissions", "", [401, 200, 200, 200]),
    ("PUT", "/api/v1/permissions/{name}", "{}", [401, 403, 403, 400]),
    ("DELETE", "/api/v1/permissions/{name}", "", [401, 403, 403, 404]),
    ("GET", "/api/v1/users/{id}/roles", "", [401, 404, 404, 404]),
    ("PUT", "/api/v1/users/{id}/roles", "{}", [401, 403, 403, 404]),
    ("GET", "/api/docs", "", [200; 4]),
    // Pages in front of the door.
    ("GET", "/", "", [303; 4]),
    ("GET", "/sign-in", "", [200, 303, 303, 303]),
    ("GET", "/sign-in/choose", "", [303, 200, 200, 200]),
    ("GET", "/sign-in/enrol", "", [400; 4]),
    // Off unless an operator wants it.
    ("GET", "/sign-in/mail", "", [404; 4]),
    ("GET", "/sign-in/mail/code", "", [404; 4]),
    ("GET", "/sign-in/link", "", [404; 4]),
    ("GET", "/sign-in/second-factor", "", [303; 4]),
    ("GET", "/register", "", [200, 303, 303, 303]),
    ("GET", "/check-mail", "", [200; 4]),
    ("GET", "/verify", "", [200; 4]),
    ("GET", "/forgot-password", "", [200; 4]),
    ("GET", "/reset-password", "", [200; 4]),
    ("GET", "/not-me", "", [200; 4]),
    ("GET", "/consent", "", [400; 4]),
    ("GET", "/device", "", [200; 4]),
    ("GET", "/device/confirm", "", [303; 4]),
    ("GET", "/device/done", "", [303; 4]),
    ("GET", "/sign-out", "", [303, 200, 200, 200]),
    ("GET", "/signed-out", "", [200; 4]),
    ("GET", "/setup", "", [200; 4]),
    // Pages behind it.
    ("GET", "/account", "", [303, 200, 200, 200]),
    ("GET", "/account/confirm", "", [303; 4]),
    ("GET", "/account/security", "", [303, 200, 200, 200]),
    ("GET", "/account/authenticators/add", "", [303, 200, 200, 200]),
    ("GET", "/account/authenticators/scan", "", [303; 4]),
    ("GET", "/account/authenticators/rename", "id=x", [303, 404, 404, 404]),
    ("GET", "/account/authenticators/remove", "id=x", [303, 404, 404, 404]),
    ("GET", "/account/recovery-codes", "", [303, 200, 200, 200]),
    ("GET", "/account/email-codes", "", [303, 200, 200, 200]),
    ("GET", "/account/sms-codes", "", [303, 404, 404, 404]),
    ("GET", "/account/phone", "", [303, 404, 404, 404]),
    ("GET", "/account/phone/remove", "", [303, 404, 404, 404]),
    ("GET", "/account/sessions", "", [303, 200, 200, 200]),
    ("GET", "/account/sessions/end", "id={session}", [303, 200, 404, 404]),
    ("GET", "/account/sessions/end-others", "", [303, 200, 200, 200]),
    ("GET", "/account/profile", "", [303, 200, 200, 200]),
    ("GET", "/account/email", "", [303, 200, 200, 200]),
    ("GET", "/account/email/confirm", "t=x", [303, 200, 200, 200]),
    ("GET", "/undo-email", "t=x", [200; 4]),
    ("GET", "/account/data", "", [303, 200, 200, 200]),
    ("GET", "/account/data/export", "", [303, 200, 200, 200]),
    ("GET", "/account/data/deactivate", "", [303, 200, 200, 200]),
    ("GET", "/account/data/delete", "", [303, 200, 200, 200]),
    ("GET", "/left", "", [303; 4]),
    ("GET", "/come-back", "t=x", [200; 4]),
    ("GET", "/account/activity", "", [303, 200, 200, 200]),
    ("GET", "/account/applications", "", [303, 200, 200, 200]),
    ("GET", "/account/applications/revoke", "id=x", [303, 404, 404, 404]),
    ("GET", "/account/invitations", "", [303, 200, 200, 200]),
    ("GET", "/invitation", "t=x", [200; 4]),
    ("GET", "/account/requests", "", [303, 200, 200, 200]),
    ("GET", "/account/requests/answer", "id=x", [404; 4]),
    ("GET", "/account/password", "", [303, 200, 200, 200]),
    ("GET", "/account/passkeys", "", [303, 200, 200, 200]),
    ("GET", "/account/passkeys/rename", "id=x", [303, 404, 404, 404]),
    ("GET", "/account/passkeys/remove", "id=x", [303, 404, 404, 404]),
    ("GET", "/account/passkeys/offer", "", [303, 200, 200, 200]),
    // Administration: nobody else learns that it is there.
    ("GET", "/admin/clients", "", [303, 404, 404, 200]),
    ("GET", "/admin/clients/new", "", [303, 404, 404, 200]),
    ("GET", "/admin/clients/client", "id=x", [303, 404, 404, 404]),
    ("GET", "/admin/clients/edit", "id=x", [303, 404, 404, 404]),
    ("GET", "/admin/clients/new-secret", "id=x", [303, 404, 404, 404]),
    ("GET", "/admin/clients/end-secret", "id=x&secret=x", [303, 404, 404, 404]),
    ("GET", "/admin/clients/turn", "id=x", [303, 404, 404, 404]),
    ("GET", "/admin/clients/delete", "id=x", [303, 404, 404, 404]),
    // Forms.
    ("POST", "/do/sign-in", "", [400; 4]),
    ("POST", "/do/second-factor", "m=totp&code=1", [303; 4]),
    ("POST", "/do/second-factor-key", "ceremony=x&credential=x", [400; 4]),
    ("POST", "/do/send-code", "m=email", [303; 4]),
    ("POST", "/do/confirm", "password=x", [303; 4]),
    ("POST", "/do/passkey-sign-in", "ceremony=x&credential=x", [400; 4]),
    ("POST", "/do/add-passkey", "ceremony=x&credential=x", [400; 4]),
    ("POST", "/do/answer-offer", "answer=not-now", [303; 4]),
    ("POST", "/do/rename-passkey", "id=x&name=x", [404; 4]),
    ("POST", "/do/remove-passkey", "id=x", [404; 4]),
    ("POST", "/passkeys/sign-in", "", [200; 4]),
    ("POST", "/passkeys/enrolment", "", [403, 200, 200, 200]),
    ("POST", "/passkeys/second-factor", "", [403; 4]),
    ("POST", "/do/register", "", [400; 4]),
    ("POST", "/do/verify-code", "", [400; 4]),
    ("POST", "/do/verify-link", "t=x", [303; 4]),
    ("POST", "/do/resend-verification", "", [303; 4]),
    ("POST", "/do/forgot-password", "email=x", [303; 4]),
    ("POST", "/do/not-me", "t=x", [303; 4]),
    ("POST", "/do/answer-invitation", "id=x&answer=accept", [404; 4]),
    ("POST", "/do/invite-members", "organization=x&emails=x&role=x", [303, 404, 404, 404]),
    ("POST", "/do/resend-invitation", "organization=x&id=x", [303, 404, 404, 404]),
    ("POST", "/do/withdraw-invitation", "organization=x&id=x", [303, 404, 404, 404]),
    ("POST", "/do/sign-in-mail", "email=x%40nordhavn.example", [404; 4]),
    ("POST", "/do/sign-in-code", "code=000000", [303; 4]),
    ("POST", "/do/sign-in-link", "t=x", [303; 4]),
    ("POST", "/do/reset-password", "t=x&password=a&again=a", [303; 4]),
    ("POST", "/do/consent", "i=x&decision=allow", [400; 4]),
    ("POST", "/do/device-code", "user_code=x", [303; 4]),
    ("POST", "/do/answer-request", "id=x&decision=allow", [404; 4]),
    ("POST", "/do/device", "d=x&decision=allow", [400; 4]),
    ("POST", "/do/sign-out", "", [303; 4]),
    ("POST", "/do/choose-account", "as=x", [303; 4]),
    ("POST", "/do/leave-account", "as=x", [303; 4]),
    ("POST", "/do/sign-out-all", "", [303; 4]),
    ("POST", "/do/end-session", "id={session}", [303, 303, 404, 404]),
    ("POST", "/do/end-other-sessions", "", [303; 4]),
    ("POST", "/do/profile", "name=x", [303; 4]),
    ("POST", "/do/change-email", "email=x", [303; 4]),
    ("POST", "/do/confirm-email", "code=x", [303; 4]),
    ("POST", "/do/confirm-email-link", "t=x", [303; 4]),
    ("POST", "/do/undo-email", "t=x", [303; 4]),
    ("POST", "/do/revoke-application", "id=x", [303, 404, 404, 404]),
    ("POST", "/do/change-password", "current=a&password=b&again=b", [303; 4]),
    ("POST", "/do/add-authenticator", "label=Phone", [303; 4]),
    ("POST", "/do/confirm-authenticator", "code=1", [303; 4]),
    ("POST", "/do/rename-authenticator", "id=x&label=y", [404; 4]),
    ("POST", "/do/remove-authenticator", "id=x", [404; 4]),
    ("POST", "/do/recovery-codes", "", [303; 4]),
    ("POST", "/do/end-trust", "id=x", [404; 4]),
    ("POST", "/do/email-codes", "turn=off", [303; 4]),
    ("POST", "/do/sms-codes", "turn=off", [303; 4]),
    ("POST", "/do/change-phone", "phone=x", [303; 4]),
    ("POST", "/do/confirm-phone", "code=x", [303; 4]),
    ("POST", "/do/remove-phone", "", [303, 404, 404, 404]),
    ("POST", "/do/setup", "t=x&email=a&password=b&again=b", [303; 4]),
    ("POST", "/do/create-client", "client_name=&kind=web", [303, 404, 404, 422]),
    ("POST", "/do/edit-client", "id=x&version=1&client_name=x", [303, 404, 404, 404]),
    ("POST", "/do/new-client-secret", "id=x", [303, 404, 404, 404]),
    ("POST", "/do/end-client-secret", "id=x&secret=x", [303, 404, 404, 404]),
    ("POST", "/do/turn-client", "id=x&turn=off", [303, 404, 404, 404]),
    ("GET", "/organizations", "", [303, 200, 200, 200]),
    ("GET", "/organizations/new", "", [303, 200, 200, 200]),
    ("GET", "/organizations/{organization}", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/leave", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/invitations", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/invitations/{invitation}/withdraw", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/members", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/members/{member}", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/members/{member}/withdraw", "id=x", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/members/{member}/remove", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/roles", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/roles/new", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/roles/{role}", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/roles/{role}/delete", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/settings", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/settings/hand-over", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/settings/delete", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/why", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/policies", "", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/policies/activate", "", [303, 404, 404, 404]),
    ("POST", "/do/policies", "organization=none&newest=0&text=&comment=", [303, 404, 404, 404]),
    ("POST", "/do/activate-policies", "organization=none&number=1&active=", [303, 404, 404, 404]),
    ("GET", "/organizations/{organization}/activity", "", [303, 404, 404, 404]),
    ("POST", "/do/change-member-role", "organization=none&member=x&version=1&role=x", [303, 404, 404, 404]),
    (
        "POST",
        "/do/add-member-entry",
        "organization=none&member=x&version=1&effect=grant&permission=&resource_type=&resource_id=&reason=&ends=",
        [303, 404, 404, 404],
    ),
    ("POST", "/do/remove-member-entry", "organization=none&member=x&version=1&entry=x", [303, 404, 404, 404]),
    ("POST", "/do/remove-member", "organization=none&member=x&version=1", [303, 404, 404, 404]),
    ("POST", "/do/save-role", "organization=none&role=&version=0&role_name=&description=", [303, 404, 404, 404]),
    ("POST", "/do/delete-role", "organization=none&role=x&version=1", [303, 404, 404, 404]),
    (
        "POST",
        "/do/edit-organization",
        "organization=none&version=1&organization_name=&slug=&max_members=",
        [303, 404, 404, 404],
    ),
    ("POST", "/do/mfa-policy", "organization=none&version=1&grace=", [303, 404, 404, 404]),
    ("POST", "/do/hand-over", "organization=none&member=x", [303, 404, 404, 404]),
    ("POST", "/do/delete-organization", "organization=none&version=1&confirm=", [303, 404, 404, 404]),
    ("POST", "/do/create-organization", "organization_name=&slug=", [303, 422, 422, 422]),
    ("POST", "/do/choose-organization", "organization=none", [303, 404, 404, 404]),
    ("POST", "/do/leave-organization", "organization=none", [303, 404, 404, 404]),
    ("POST", "/do/restore-organization", "organization=01900000-0000-7000-8000-000000000009", [303, 404, 404, 404]),
    ("POST", "/do/delete-client", "id=x&version=1", [303, 404, 404, 404]),
    // What ends the account of whoever asks; the only administrator cannot.
    ("POST", "/do/keep-account", "", [303; 4]),
    ("POST", "/do/come-back", "t=x", [303; 4]),
    ("POST", "/do/delete-account", "", [303; 4]),
    ("POST", "/api/v1/me/deletion", "{}", [401, 202, 202, 409]),
    ("POST", "/do/deactivate", "", [303; 4]),
    ("POST", "/api/v1/me/deactivate", "{}", [401, 204, 204, 409]),
    // Files.
    ("GET", "/logos/{file}", "", [404; 4]),
    ("GET", "/assets/{file}", "", [404; 4]),
    ("GET", "/favicon.svg", "", [200; 4]),
];

/// Somebody who asks.
enum Asker {
    Nobody,
    Person(&'static str),
}

/// What else stands in paths.
const NAMES: [&str; 5] = ["{invitation_id}", "{secret_id}", "{user_id}", "{entry_id}", "{role_id}"];

const ASKERS: [Asker; 4] =
    [Asker::Nobody, Asker::Person(EMAIL), Asker::Person(OTHER_EMAIL), Asker::Person(ADMIN_EMAIL)];

struct House {
    app: App,
}

impl House {
    async fn new() -> Self {
        let app = App::new().await;
        app.person(EMAIL).await;
        app.person(OTHER_EMAIL).await;
        app.admin().await;
        Self { app }
    }

    /// A session of the person besides those they ask with.
    async fn second_session(&self) -> String {
        let (token, _) = self.app.login(EMAIL).await;
        let list = self.app.api(http::Method::GET, "/api/v1/me/sessions", Some(&token), None).await.json();
        list["sessions"][0]["id"].as_str().unwrap().to_owned()
    }

    /// Activates the account of somebody again whom a row before this one shut out.
    async fn let_in(&self, email: &str) {
        let operator = self.app.core.operator();
        let user = find_user(&operator, email).await.unwrap();
        enable_user(&operator, user.id).await.unwrap();
    }

    async fn ask(&self, (method, path, sent, _): &Row, asker: &Asker) -> Answer {
        // A list of sessions holds the latest 200, and each row opens some: these are to be the latest.
        self.app.core.clock.advance(std::time::Duration::from_millis(1));
        let row_session = sent.contains("{session}");
        let sent =
            if row_session { sent.replace("{session}", &self.second_session().await) } else { (*sent).to_owned() };
        let (mut browser, token): (Browser, Option<String>) = match asker {
            Asker::Nobody => (self.app.browser(), None),
            Asker::Person(email) => {
                self.let_in(email).await;
                (self.app.signed_in(email).await, Some(self.app.login(email).await.0))
            }
        };
        let in_path = path.contains("{id}");
        let uri = match *method {
            _ if in_path && row_session => path.replace("{id}", &sent),
            // Whatever there is nothing of.
            _ if in_path => NAMES.iter().fold(path.replace("{id}", "none"), |path, name| path.replace(name, "none")),
            "GET" if !sent.is_empty() => format!("{path}?{sent}"),
            _ => (*path).to_owned(),
        };
        let is_api = path.starts_with("/api/");
        let mut request = Request::builder().method(*method).uri(uri).header("sec-fetch-site", "same-origin");
        if let (Some(token), true) = (token, is_api) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let mut body = Body::empty();
        if matches!(*method, "POST" | "PUT" | "PATCH") {
            let kind = if is_api { "application/json" } else { "application/x-www-form-urlencoded" };
            request = request.header(header::CONTENT_TYPE, kind);
            body = Body::from(sent);
        }
        browser.send(request.body(body).unwrap()).await
    }
}

/// Nothing is served that is not in the table, and nothing is in the table that is not served.
#[test]
fn every_route_is_listed() {
    let served: BTreeSet<_> = router::routes().into_iter().map(|route| (route.method, route.path)).collect();
    let listed: BTreeSet<_> = TABLE.iter().map(|(method, path, _, _)| (*method, *path)).collect();
    let missing: Vec<_> = served.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&served).collect();
    assert!(missing.is_empty(), "routes without a row: {missing:?}");
    assert!(gone.is_empty(), "rows without a route: {gone:?}");
    assert_eq!(listed.len(), TABLE.len(), "a row is there twice");
}

/// Every route answers everybody as the table says.
#[tokio::test]
async fn every_route_answers_everybody_as_listed() {
    let house = House::new().await;
    let mut wrong = Vec::new();
    for row in TABLE {
        let mut found = [0; 4];
        for (slot, asker) in found.iter_mut().zip(&ASKERS) {
            *slot = house.ask(row, asker).await.status.as_u16();
        }
        if found != row.3 {
            wrong.push(format!("{} {}: {found:?}, listed {:?}", row.0, row.1, row.3));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// I6: every form refuses what another site sends, whoever the person is.
#[tokio::test]
async fn every_form_refuses_other_sites() {
    let house = House::new().await;
    let mut browser = house.app.signed_in(EMAIL).await;
    for (method, path, ..) in TABLE.iter().filter(|(method, path, ..)| *method == "POST" && path.starts_with("/do/")) {
        for site in [Some("cross-site"), Some("same-site"), None] {
            let mut request = Request::builder().method(*method).uri(*path);
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if let Some(site) = site {
                request = request.header("sec-fetch-site", site);
            }
            let answer = browser.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, 403, "{path} {site:?}");
        }
    }
    browser.get("/account").await.is(200);
}
