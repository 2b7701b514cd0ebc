//! `ostiary resource …`: APIs that access tokens are for, by hand (D11).

use std::str::FromStr;

use clap::{Args, Subcommand};
use ostiary::{
    protocol::{Issuer, ResourceMetadata, ScopeSet},
    resource::{
        self, ApiResource, CreateResource, DeleteResource, ResourceSettings, UpdateResource, get_resource,
        list_resources,
    },
    text::DisplayName,
};
use serde_json::json;

use super::{Failure, Global, output};

/// What is done with APIs.
#[derive(Debug, Subcommand)]
pub(super) enum ResourceCommand {
    /// Register an API
    Create(Registration),
    /// Replace what an API is registered with
    Update(Registration),
    /// List APIs
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Remove an API
    Delete {
        /// Its identifier
        identifier: String,
    },
    /// Print the document an API publishes about itself (RFC 9728)
    Metadata {
        /// Its identifier
        identifier: String,
    },
}

/// The API as it is to be.
#[derive(Debug, Args)]
pub(super) struct Registration {
    /// What clients name in `resource`: an absolute URI without fragment
    identifier: String,
    /// Name that people see
    #[arg(long)]
    name: String,
    /// Scope that is its own; may repeat
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Form of its access tokens: jwt, opaque [default: as the client is registered]
    #[arg(long, value_name = "FORMAT")]
    token_format: Option<String>,
    /// Life of its access tokens, seconds [default: as the client is registered]
    #[arg(long, value_name = "SECONDS")]
    token_ttl: Option<u32>,
    /// What its access tokens are signed with: ES256, RS256, PS256, EdDSA [default: ES256]
    #[arg(long, value_name = "ALG")]
    token_alg: Option<String>,
    /// Every client may ask for it
    #[arg(long)]
    open: bool,
}

/// Runs one of them.
pub(super) fn run(global: &Global, command: ResourceCommand) -> Result<(), Failure> {
    match command {
        ResourceCommand::Create(args) => {
            let (identifier, name, settings) = read(args)?;
            let line = format!("{identifier} is registered.");
            let cmd = CreateResource { identifier, name, settings };
            global
                .with_core(async |core| resource::create_resource(&core.operator(), cmd).await.map_err(Failure::new))?;
            output::line(line)
        }
        ResourceCommand::Update(args) => {
            let (identifier, name, settings) = read(args)?;
            let line = format!("{identifier} is changed.");
            let cmd = UpdateResource { identifier, name, settings, version: None };
            global
                .with_core(async |core| resource::update_resource(&core.operator(), cmd).await.map_err(Failure::new))?;
            output::line(line)
        }
        ResourceCommand::List { json } => list(global, json),
        ResourceCommand::Delete { identifier } => {
            let line = format!("{identifier} is gone.");
            let cmd = DeleteResource { identifier, version: None };
            global
                .with_core(async |core| resource::delete_resource(&core.operator(), cmd).await.map_err(Failure::new))?;
            output::line(line)
        }
        ResourceCommand::Metadata { identifier } => metadata(global, &identifier),
    }
}

fn read(args: Registration) -> Result<(String, DisplayName, ResourceSettings), Failure> {
    let name = DisplayName::try_from(args.name).map_err(|cause| Failure::new(format!("--name: {cause}")))?;
    let scopes = ScopeSet::parse(&args.scopes.join(" ")).map_err(|cause| Failure::new(format!("--scope: {cause}")))?;
    let settings = ResourceSettings {
        scopes,
        access_token_format: parse("--token-format", args.token_format.as_deref())?,
        access_token_ttl_secs: args.token_ttl,
        access_token_alg: parse("--token-alg", args.token_alg.as_deref())?,
        open: args.open,
    };
    Ok((args.identifier, name, settings))
}

fn parse<T: FromStr>(flag: &str, text: Option<&str>) -> Result<Option<T>, Failure> {
    let read = |text: &str| text.parse().map_err(|_| Failure::new(format!("{flag}: {text} is not offered")));
    text.map(read).transpose()
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    let found = global.with_core(async |core| list_resources(&core.operator()).await.map_err(Failure::new))?;
    found.iter().try_for_each(|resource| show(resource, as_json))
}

fn show(resource: &ApiResource, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return output::json(&json!({
            "identifier": resource.identifier,
            "name": resource.name,
            "settings": resource.settings,
            "owner": resource.mark.owner,
            "version": resource.mark.version,
            "created_at": resource.created_at.to_string(),
            "updated_at": resource.updated_at.to_string(),
        }));
    }
    let declared = output::declared(&resource.mark);
    output::line(format_args!("{}  {}  {}{declared}", resource.identifier, resource.name, resource.settings.scopes))
}

fn metadata(global: &Global, identifier: &str) -> Result<(), Failure> {
    let (resource, issuer) = global.with_core(async |core| {
        let resource = get_resource(&core.operator(), identifier).await.map_err(Failure::new)?;
        Ok((resource, core.config().issuer()))
    })?;
    let issuer = Issuer::parse(&issuer).map_err(Failure::new)?;
    output::json(&ResourceMetadata::of_api(&issuer, &resource.identifier, &resource.name, &resource.settings.scopes))
}
