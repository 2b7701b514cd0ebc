//! `ostiary user …`: accounts, by hand.

mod transfer;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use ostiary::{
    account::{self, CreateUser, ListUsers, User},
    secret::SecretString,
    text::{DisplayName, EmailAddress, TextError, Username},
};
use serde_json::json;
use zeroize::Zeroize as _;

use super::{Failure, Global, output};

/// How many accounts are read at once.
const PAGE: u32 = 200;

/// What is done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    Create(Create),
    /// Take up people from a file of another system
    Import(transfer::Import),
    /// Write all accounts to standard output
    Export(transfer::Export),
    /// List accounts
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Deactivate an account: its sessions and tokens end at once
    Disable {
        /// E-mail address, username or id
        user: String,
    },
    /// Delete an account: it is erased in 30 days
    Delete {
        /// E-mail address, username or id
        user: String,
    },
    /// Bring back an account that was deleted in the last 30 days
    Restore {
        /// E-mail address, username or id
        user: String,
    },
    /// Activate an account again
    Enable {
        /// E-mail address, username or id
        user: String,
    },
}

/// The account to be.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(super) struct Create {
    /// Address that mails go to
    #[arg(long)]
    email: String,
    /// Other name to sign in with
    #[arg(long)]
    username: Option<String>,
    /// Name others see
    #[arg(long)]
    name: Option<String>,
    /// Password; others on this machine may see it, so prefer --password-stdin
    #[arg(long, conflicts_with = "password_stdin")]
    password: Option<String>,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
    /// The address is known to be theirs
    #[arg(long)]
    verified: bool,
    /// Administrator of this instance
    #[arg(long)]
    admin: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: UserCommand) -> Result<ExitCode, Failure> {
    let done = match command {
        UserCommand::Import(args) => return transfer::import(global, &args),
        UserCommand::Export(args) => transfer::export(global, &args),
        UserCommand::Create(args) => create(global, args),
        UserCommand::List { json } => list(global, json),
        UserCommand::Disable { user } => activate(global, &user, false),
        UserCommand::Delete { user } => delete(global, &user),
        UserCommand::Restore { user } => restore(global, &user),
        UserCommand::Enable { user } => activate(global, &user, true),
    };
    done.map(|()| ExitCode::SUCCESS)
}

fn create(global: &Global, args: Create) -> Result<(), Failure> {
    let wrong = |flag: &'static str| move |cause: TextError| Failure::new(format!("{flag}: {cause}"));
    let password = match (args.password, args.password_stdin) {
        (Some(password), _) => Some(SecretString::new(password)),
        (None, true) => Some(read_password()?),
        (None, false) => None,
    };
    let cmd = CreateUser {
        email: EmailAddress::try_from(args.email).map_err(wrong("--email"))?,
        username: args.username.map(Username::try_from).transpose().map_err(wrong("--username"))?,
        display_name: args.name.map(DisplayName::try_from).transpose().map_err(wrong("--name"))?,
        password,
        is_verified: args.verified,
        is_admin: args.admin,
    };
    let email = cmd.email.clone();
    let has_password = cmd.password.is_some();
    let created =
        global.with_core(async |core| account::create_user(&core.operator(), cmd).await.map_err(Failure::new))?;
    if args.json {
        return output::json(&json!({ "user_id": created.user_id, "email": email }));
    }
    output::line(format_args!("{} has an account now: {}", email.as_str(), created.user_id))?;
    if has_password { Ok(()) } else { output::line("A mail brings a link to choose a password.") }
}

/// One line of standard input, without its end.
fn read_password() -> Result<SecretString, Failure> {
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .map_err(|cause| Failure::new(format!("cannot read the password: {cause}")))?;
    let password = SecretString::new(line.trim_end_matches(['\n', '\r']).to_owned());
    line.zeroize();
    if password.is_empty() { Err(Failure::new("there is no password on standard input")) } else { Ok(password) }
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    global.with_core(async |core| {
        let mut after = None;
        loop {
            let page = account::list_users(&core.operator(), ListUsers { after, limit: PAGE }).await;
            let page = page.map_err(Failure::new)?;
            for user in &page.users {
                show(user, as_json)?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    })
}

fn show(user: &User, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return output::json(&json!({
            "user_id": user.id,
            "email": user.email,
            "email_verified": user.is_verified(),
            "username": user.username,
            "name": user.display_name,
            "active": user.is_active,
            "admin": user.is_admin,
            "created_at": user.created_at.to_string(),
            "last_sign_in_at": user.last_sign_in_at.map(|at| at.to_string()),
        }));
    }
    let marks =
        [(!user.is_active, "disabled"), (!user.is_verified(), "not verified"), (user.is_admin, "administrator")];
    let marks: Vec<_> = marks.into_iter().filter(|(set, _)| *set).map(|(_, mark)| mark).collect();
    output::line(format_args!("{}  {}  {}", user.id, user.email.as_str(), marks.join(", ")))
}

fn activate(global: &Global, identifier: &str, active: bool) -> Result<(), Failure> {
    let user = global.with_core(async |core| {
        let ctx = core.operator();
        let user = account::find_user(&ctx, identifier).await.map_err(Failure::new)?;
        let done =
            if active { account::enable_user(&ctx, user.id).await } else { account::disable_user(&ctx, user.id).await };
        done.map_err(Failure::new)?;
        Ok(user)
    })?;
    let what = if active { "is active" } else { "is disabled; all sessions and tokens ended" };
    output::line(format_args!("{} {what}", user.email.as_str()))
}

fn delete(global: &Global, identifier: &str) -> Result<(), Failure> {
    let (user, erase_at) = global.with_core(async |core| {
        let ctx = core.operator();
        let user = account::find_user(&ctx, identifier).await.map_err(Failure::new)?;
        let erase_at = account::delete_user(&ctx, user.id).await.map_err(Failure::new)?;
        Ok((user, erase_at))
    })?;
    output::line(format_args!("{} ({}) is deleted, and erased at {erase_at}", user.email.as_str(), user.id))
}

fn restore(global: &Global, identifier: &str) -> Result<(), Failure> {
    let user = global
        .with_core(async |core| account::restore_user(&core.operator(), identifier).await.map_err(Failure::new))?;
    output::line(format_args!("{} is there again", user.email.as_str()))
}
