//! Making an account.

use leptos::{prelude::*, server_fn::ServerFnError};
use ostiary::{
    account::{self, Register, RegisterError, Registered},
    password::{BrokenRules, PasswordRule as DomainRule},
    secret::SecretString,
    text::{DisplayName, EmailAddress, TextError, Username},
};
use serde::Deserialize;

use super::{busy, done, encoding::Form, filled, interaction, too_many, visit};
use crate::{
    model::{RegisterProblem, RegisterValues},
    show::judged,
    ssr::{
        Next, Visit, respond,
        said::{Said, typed},
    },
};

/// `POST /do/register`
#[server(name = DoRegister, prefix = "/do", endpoint = "register", input = Form, input_derive = (Deserialize,))]
pub(crate) async fn do_register(
    email: String,
    #[server(default)] username: String,
    #[server(default)] name: String,
    password: SecretString,
    again: SecretString,
    i: Option<String>,
    next: Option<String>,
) -> Result<(), ServerFnError> {
    let visit = visit()?;
    let i = interaction(i.as_deref());
    let next = Next::parse(next.as_deref());
    let policy = &visit.ctx.config().password;
    let rules = judged(policy, password.expose(), &email);
    let values = RegisterValues { email: typed(&email, 320), username: typed(&username, 100), name: typed(&name, 200) };
    let differ = password.expose() != again.expose();
    let broken = policy.check(password.expose(), &email);
    let failed = match read(email, username, name) {
        Ok(fields) if !differ && broken.is_ok() => match make(&visit, fields, password, (i.clone(), next)).await {
            Ok(to) => return done(respond::redirect(&visit, &to)),
            Err(RegisterError::Internal(cause)) => return done(respond::broken(&visit, &cause)),
            Err(error) => problems(error),
        },
        read => {
            let mut problems = read.err().unwrap_or_default();
            problems.extend(broken.err().iter().flat_map(password_problems));
            problems.extend(differ.then_some(RegisterProblem::PasswordsDiffer));
            problems
        }
    };
    let to = next.along(visit.site(), "/register", i.as_deref(), &[]);
    visit.say(&to, Said::Register { values, rules, problems: failed });
    done(respond::redirect(&visit, &to))
}

struct Fields {
    email: EmailAddress,
    username: Option<Username>,
    display_name: Option<DisplayName>,
}

/// All that is wrong with the fields at once, in their order.
fn read(email: String, username: String, name: String) -> Result<Fields, Vec<RegisterProblem>> {
    let email = EmailAddress::try_from(email).map_err(|error| match error {
        TextError::Missing => RegisterProblem::EmailMissing,
        TextError::TooLong => RegisterProblem::EmailTooLong,
        TextError::Malformed => RegisterProblem::EmailSyntax,
    });
    let username = filled(username).map(Username::try_from).transpose().map_err(|error| match error {
        TextError::TooLong => RegisterProblem::UsernameTooLong,
        TextError::Missing | TextError::Malformed => RegisterProblem::UsernameSyntax,
    });
    let name = filled(name).map(DisplayName::try_from).transpose().map_err(|_| RegisterProblem::NameUnfit);
    match (email, username, name) {
        (Ok(email), Ok(username), Ok(display_name)) => Ok(Fields { email, username, display_name }),
        (email, username, name) => Err([email.err(), username.err(), name.err()].into_iter().flatten().collect()),
    }
}

/// Calls the command and says where to go: to the request `i`, or to the page `next`.
async fn make(
    visit: &Visit,
    fields: Fields,
    password: SecretString,
    (i, next): (Option<String>, Next),
) -> Result<String, RegisterError> {
    let Fields { email, username, display_name } = fields;
    let invitation = visit.invitation().filter(|_| next == Next::Invitation);
    let cmd = Register { email: email.clone(), username, display_name, password, return_to: i.clone(), invitation };
    let made = account::register(&visit.ctx, cmd).await?;
    let tells = visit.ctx.config().registration.page_tells_taken;
    Ok(match made {
        Registered::Created { must_verify: false, .. } => {
            let to = next.along(visit.site(), "/sign-in", i.as_deref(), &[]);
            let username = email.as_str().to_owned();
            visit.say(&to, Said::SignIn { username, stay: false, problem: None, done: None });
            to
        }
        Registered::AddressTaken if tells => {
            let to = next.along(visit.site(), "/register", i.as_deref(), &[]);
            let values = RegisterValues { email: email.as_str().to_owned(), ..RegisterValues::default() };
            let rules = crate::show::open_rules(&visit.ctx.config().password);
            visit.say(&to, Said::Register { values, rules, problems: vec![RegisterProblem::EmailTaken] });
            to
        }
        Registered::Created { .. } | Registered::AddressTaken => {
            visit.remember_mail(email.as_str());
            visit.site().to_with("/check-mail", i.as_deref())
        }
    })
}

fn problems(error: RegisterError) -> Vec<RegisterProblem> {
    match error {
        RegisterError::Disabled => vec![RegisterProblem::Closed],
        RegisterError::Password(broken) => password_problems(&broken).collect(),
        RegisterError::UsernameTaken => vec![RegisterProblem::UsernameTaken],
        RegisterError::TooMany(limit) => vec![RegisterProblem::Held(too_many(limit))],
        RegisterError::Busy { retry_after_secs } => vec![RegisterProblem::Held(busy(retry_after_secs))],
        RegisterError::Internal(_) => Vec::new(),
    }
}

fn password_problems(broken: &BrokenRules) -> impl Iterator<Item = RegisterProblem> {
    let long = broken.rules().iter().any(|rule| matches!(rule, DomainRule::MaxLength(_)));
    let weak = broken.rules().iter().any(|rule| !matches!(rule, DomainRule::MaxLength(_)));
    [weak.then_some(RegisterProblem::PasswordWeak), long.then_some(RegisterProblem::PasswordTooLong)]
        .into_iter()
        .flatten()
}
