//! The first administrator.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, SetUp, SetUpError},
    secret::{PlainToken, SecretString, TokenKind},
    text::{DisplayName, EmailAddress, TextError},
};
use serde::Deserialize;

use super::{busy, done, encoding::Form, filled, password::weak, too_many, visit, welcome::welcome};
use crate::{
    model::{Flash, RegisterValues, SetupProblem},
    show::judged,
    ssr::{
        respond,
        said::{Said, typed},
    },
};

/// `POST /do/setup`
#[server(name = DoSetup, prefix = "/do", endpoint = "setup", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_setup(
    t: String,
    email: String,
    #[server(default)] name: String,
    password: SecretString,
    again: SecretString,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let Some(token) = PlainToken::parse(TokenKind::SetUp, &t) else {
        return done(respond::redirect(&visit, &visit.site().to("/setup")));
    };
    // The page says by itself that a link is dead.
    let back = visit.site().to_query("/setup", "t", token.expose());
    let policy = &visit.ctx.config().password;
    let rules = judged(policy, password.expose(), &email);
    let broken = policy.check(password.expose(), &email).err();
    let values = RegisterValues { email: typed(&email, 320), name: typed(&name, 200), ..RegisterValues::default() };
    let differ = password.expose() != again.expose();
    let problems = match read(email, name) {
        Ok((email, display_name)) if !differ && broken.is_none() => {
            let cmd = SetUp { token, email: email.clone(), display_name, password };
            match account::set_up(&visit.ctx, cmd).await {
                Ok(_) => {
                    return done(welcome(&visit, None, Some(email), Flash::SetUp).await);
                }
                Err(SetUpError::Unknown) => return done(respond::redirect(&visit, &back)),
                Err(SetUpError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
                Err(SetUpError::AddressTaken) => vec![SetupProblem::EmailTaken],
                Err(SetUpError::Password(broken)) => {
                    weak(&broken, SetupProblem::PasswordWeak, SetupProblem::PasswordTooLong)
                }
                Err(SetUpError::TooMany(limit)) => vec![SetupProblem::Held(too_many(limit))],
                Err(SetUpError::Busy { retry_after_secs }) => vec![SetupProblem::Held(busy(retry_after_secs))],
            }
        }
        read => {
            let mut problems = read.err().unwrap_or_default();
            let weak =
                broken.map_or_else(Vec::new, |b| weak(&b, SetupProblem::PasswordWeak, SetupProblem::PasswordTooLong));
            problems.extend(weak);
            problems.extend(differ.then_some(SetupProblem::PasswordsDiffer));
            problems
        }
    };
    visit.say(&back, Said::Setup { values, rules, problems });
    done(respond::redirect(&visit, &back))
}

/// All that is wrong with the fields at once, in their order.
fn read(email: String, name: String) -> Result<(EmailAddress, Option<DisplayName>), Vec<SetupProblem>> {
    let email = EmailAddress::try_from(email).map_err(|error| match error {
        TextError::Missing => SetupProblem::EmailMissing,
        TextError::TooLong | TextError::Malformed => SetupProblem::EmailSyntax,
    });
    let name = filled(name).map(DisplayName::try_from).transpose().map_err(|_| SetupProblem::NameUnfit);
    match (email, name) {
        (Ok(email), Ok(name)) => Ok((email, name)),
        (email, name) => Err([email.err(), name.err()].into_iter().flatten().collect()),
    }
}
