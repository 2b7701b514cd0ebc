//! Passkeys, on both engines.

mod account;
mod enrolment;
mod offer;
mod second_factor;
mod sign_in;

use std::time::Duration;

use super::*;
use crate::{
    account::{CreateUser, SignIn, SignInOutcome, SignedIn, create_user, sign_in},
    audit::AuditKind,
    core::{Actor, Core, Ctx, UserActor},
    id::{PasskeyId, SessionId, UserId},
    secret::SecretString,
    session::{SessionKind, resume_session},
    testing::{SoftAuthenticator, TestCore, on_both_engines, on_both_engines_with},
    text::EmailAddress,
};

const MINUTE: Duration = Duration::from_mins(1);
const ORIGIN: &str = "http://localhost:8080";
const MARA: &str = "mara@nordhavn.example";
const IVO: &str = "ivo@nordhavn.example";
const PASSWORD: &str = "Seven-lanterns-7";

/// An account that may sign in, and a context of its owner, who has just done so with the password.
async fn member(core: &TestCore, address: &str) -> Ctx {
    let cmd = CreateUser {
        email: EmailAddress::try_from(address).unwrap(),
        username: None,
        display_name: None,
        password: Some(SecretString::from(PASSWORD)),
        is_verified: true,
        is_admin: false,
    };
    create_user(&core.operator(), cmd).await.unwrap();
    by_password(core, address).await
}

async fn by_password(core: &TestCore, address: &str) -> Ctx {
    let cmd = SignIn {
        identifier: address.to_owned(),
        password: SecretString::from(PASSWORD),
        stay: false,
        kind: SessionKind::Browser,
    };
    let SignInOutcome::SignedIn(signed_in) = sign_in(&core.anonymous(), cmd).await.unwrap() else {
        panic!("nobody here has a second factor")
    };
    as_user(core, &signed_in)
}

fn as_user(core: &TestCore, signed_in: &SignedIn) -> Ctx {
    let actor = UserActor {
        user_id: signed_in.user_id,
        session_id: signed_in.session_id,
        auth_time: signed_in.auth_time,
        amr: Vec::new(),
        is_admin: false,
    };
    core.ctx(Actor::User(actor), core.meta())
}

fn user_id(ctx: &Ctx) -> UserId {
    ctx.user().unwrap().user_id
}

fn session_id(ctx: &Ctx) -> SessionId {
    ctx.user().unwrap().session_id
}

fn enrolment(ceremony: &Ceremony, answer: &str) -> FinishEnrolment {
    let credential = NewCredential::parse(answer).unwrap();
    FinishEnrolment { ceremony: ceremony.token.clone(), credential, name: None }
}

fn answer(ceremony: &Ceremony, answer: &str) -> FinishSignIn {
    FinishSignIn {
        ceremony: ceremony.token.clone(),
        assertion: Assertion::parse(answer).unwrap(),
        stay: false,
        kind: SessionKind::Browser,
    }
}

/// Adds a passkey of `authenticator`.
async fn add(ctx: &Ctx, authenticator: &mut SoftAuthenticator) -> Result<PasskeyAdded, FinishEnrolmentError> {
    let ceremony = begin_enrolment(ctx).await.unwrap();
    let answer = authenticator.create(&ceremony.options);
    finish_enrolment(ctx, enrolment(&ceremony, &answer)).await
}

/// A new authenticator with a passkey of the person.
async fn key_of(ctx: &Ctx) -> (SoftAuthenticator, PasskeyId) {
    let mut authenticator = SoftAuthenticator::new(ORIGIN);
    let added = add(ctx, &mut authenticator).await.unwrap();
    (authenticator, added.id)
}

/// Signs in with what `authenticator` holds.
async fn enter(core: &TestCore, authenticator: &mut SoftAuthenticator) -> Result<SignedIn, FinishSignInError> {
    let ctx = core.anonymous();
    let ceremony = begin_sign_in(&ctx).await.unwrap();
    let said = authenticator.get(&ceremony.options);
    finish_sign_in(&ctx, answer(&ceremony, &said)).await
}

async fn is_alive(core: &Core, id: SessionId) -> bool {
    resume_session(core, id).await.unwrap().is_some()
}

async fn times_on_record(core: &Core, kind: AuditKind) -> i64 {
    let mut conn = core.db().read().await.unwrap();
    conn.query("SELECT COUNT(*) FROM audit WHERE kind = $1").bind(kind.as_str()).scalar().await.unwrap()
}

async fn mails(core: &TestCore, kind: &str) -> usize {
    core.mails().await.into_iter().filter(|mail| mail.kind == kind).count()
}
