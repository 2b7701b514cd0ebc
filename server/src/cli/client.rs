//! `ostiary client …`: applications, by hand (D11).

use clap::{Args, Subcommand};

use super::{Failure, Global};

/// What is done with clients.
#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Register an application
    Create(Create),
    /// List applications
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Give an application a new secret
    RotateSecret {
        /// Its client id
        client_id: String,
        /// How long the old secret still works, in hours
        #[arg(long, default_value_t = 24, value_name = "HOURS")]
        keep_old: u32,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove an application and everything it holds
    Delete {
        /// Its client id
        client_id: String,
    },
}

/// The application to be.
#[derive(Debug, Args)]
pub(super) struct Create {
    /// Name that people see
    #[arg(long)]
    name: String,
    /// Client id, if it should be a certain one
    #[arg(long)]
    id: Option<String>,
    /// Address that people may be sent back to; may repeat
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Grant type: authorization_code, refresh_token, client_credentials; may repeat
    #[arg(long = "grant", visible_alias = "grant-type", value_name = "GRANT")]
    grants: Vec<String>,
    /// Scope it may ask for; may repeat
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Web origin whose scripts may call us; may repeat
    #[arg(long = "allowed-origin", value_name = "ORIGIN")]
    allowed_origins: Vec<String>,
    /// It cannot keep a secret; PKCE proves it
    #[arg(long)]
    public: bool,
    /// It belongs to the house: no consent page
    #[arg(long)]
    first_party: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs one of them.
pub(super) fn run(_global: &Global, command: &ClientCommand) -> Result<(), Failure> {
    Err(Failure::new(format!("not there yet: {command:?}")))
}
