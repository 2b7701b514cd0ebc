//! The commands about accounts, on both engines.

mod concurrency;
mod email_change;
mod import;
mod leaving;
mod mail_sign_in;
mod operators;
mod passwords;
mod phone;
mod profile;
mod registration;
mod second_factor;
mod sent_codes;
mod shut_out;
mod sign_in;
mod sms_codes;
mod user_store;
mod verification;

use std::time::Duration;

use super::*;
use crate::{
    audit::AuditKind,
    core::{Actor, Core, Ctx, UserActor},
    id::{SessionId, UserId},
    secret::{PlainToken, SecretString, TokenKind},
    session::{SessionKind, resume_session},
    testing::{TestCore, TestMail, on_both_engines, on_both_engines_with},
    text::{EmailAddress, Username},
};

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

const MARA: &str = "Mara.Lindqvist@nordhavn.example";
const PASSWORD: &str = "Seven-lanterns-7";
const OTHER: &str = "Eight-harbours-8";

fn email(text: &str) -> EmailAddress {
    EmailAddress::try_from(text).unwrap()
}

fn registration(address: &str) -> Register {
    Register {
        email: email(address),
        username: None,
        display_name: Some("Mara Lindqvist".to_owned().try_into().unwrap()),
        password: SecretString::from(PASSWORD),
        return_to: Some("ost_ix_abc".to_owned()),
        invitation: None,
    }
}

fn created(registered: Registered) -> UserId {
    match registered {
        Registered::Created { user_id, .. } => user_id,
        Registered::AddressTaken => panic!("taken"),
    }
}

fn verification_token(mail: &TestMail) -> PlainToken {
    PlainToken::parse(TokenKind::EmailVerification, mail.token()).unwrap()
}

fn reset_token(mail: &TestMail) -> PlainToken {
    PlainToken::parse(TokenKind::PasswordReset, mail.token()).unwrap()
}

async fn last_mail(core: &TestCore, kind: &str) -> TestMail {
    core.mails().await.into_iter().rfind(|mail| mail.kind == kind).unwrap()
}

async fn kinds_of_mail(core: &TestCore) -> Vec<String> {
    core.mails().await.into_iter().map(|mail| mail.kind).collect()
}

/// Registers and confirms.
async fn member(core: &TestCore, address: &str) -> UserId {
    // The last mail is the last by its time.
    core.clock.advance(Duration::from_millis(1));
    let id = created(register(&core.anonymous(), registration(address)).await.unwrap());
    let token = verification_token(&last_mail(core, "VerifyEmail").await);
    verify_email(&core.anonymous(), VerifyEmail::Link(token)).await.unwrap();
    id
}

fn attempt(identifier: &str, password: &str) -> SignIn {
    SignIn {
        identifier: identifier.to_owned(),
        password: SecretString::from(password),
        stay: false,
        kind: SessionKind::Browser,
    }
}

async fn enter(core: &TestCore, identifier: &str, password: &str) -> Result<SignedIn, SignInError> {
    match super::sign_in(&core.anonymous(), attempt(identifier, password)).await? {
        SignInOutcome::SignedIn(signed_in) => Ok(signed_in),
        SignInOutcome::SecondFactorRequired(_) => panic!("a second factor is asked for"),
    }
}

async fn is_refused(core: &TestCore, identifier: &str, password: &str) -> bool {
    matches!(enter(core, identifier, password).await, Err(SignInError::Refused))
}

async fn is_alive(core: &Core, id: SessionId) -> bool {
    resume_session(core, id).await.unwrap().is_some()
}

/// A context of a person in a session.
fn as_user(core: &TestCore, signed_in: &SignedIn) -> Ctx {
    let actor = UserActor {
        user_id: signed_in.user_id,
        session_id: signed_in.session_id,
        auth_time: signed_in.auth_time,
        amr: vec!["pwd".to_owned()],
        is_admin: false,
    };
    core.ctx(Actor::User(actor), core.meta())
}

async fn user(core: &TestCore, id: UserId) -> User {
    get_user(&core.operator(), id).await.unwrap()
}

async fn count(core: &Core, sql: &'static str) -> i64 {
    core.db().read().await.unwrap().query(sql).scalar().await.unwrap()
}

async fn times_on_record(core: &Core, kind: AuditKind) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM audit WHERE kind = $1").bind(kind.as_str()).scalar().await.unwrap()
}
