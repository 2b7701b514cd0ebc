//! `ostiary client …`: applications, by hand (D11).

mod change;
mod show;

use std::{
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use clap::{Args, Subcommand};
use ostiary::{
    client::{self, ClientKind, ClientSettings, CreateClient, DeleteClient, ListClients, RotateClientSecret},
    protocol::{RedirectUri, Scope, TokenEndpointAuthMethod},
    secret::PlainToken,
    text::DisplayName,
};
use serde_json::json;
use url::Url;

use super::{Failure, Global, initial_token, output};

/// How many clients are read at once.
const PAGE: u32 = 200;

/// What is done with clients.
#[derive(Debug, Subcommand)]
pub(super) enum ClientCommand {
    /// Register an application
    Create(Box<Create>),
    /// List applications
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Show an application, with the hints of its live secrets
    Show {
        /// Its client id
        client_id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change an application
    Update(change::Update),
    /// Turn an application off; nothing of it is lost
    Disable {
        /// Its client id
        client_id: String,
    },
    /// Turn an application on again
    Enable {
        /// Its client id
        client_id: String,
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
    /// Tokens that let others register applications
    #[command(subcommand)]
    InitialToken(initial_token::InitialTokenCommand),
    /// Remove an application and everything it holds
    Delete {
        /// Its client id
        client_id: String,
    },
}

/// The application to be.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// Address that people may be sent to after they sign out; may repeat
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// Address that is told of the end of a session
    #[arg(long, value_name = "URI")]
    backchannel_logout_uri: Option<Url>,
    /// Page that ends its session in the browser; told issuer and session
    #[arg(long, value_name = "URI")]
    frontchannel_logout_uri: Option<Url>,
    #[arg(
        long = "grant",
        visible_alias = "grant-type",
        value_name = "GRANT",
        help = "Grant type: authorization_code, refresh_token, client_credentials, urn:ietf:params:oauth:grant-type:device_code, urn:openid:params:grant-type:ciba, urn:ietf:params:oauth:grant-type:token-exchange, urn:ietf:params:oauth:grant-type:jwt-bearer; may repeat"
    )]
    grants: Vec<String>,
    /// Scope it may ask for; may repeat
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Web origin whose scripts may call us; may repeat
    #[arg(long = "allowed-origin", value_name = "ORIGIN")]
    allowed_origins: Vec<String>,
    /// Audience that its own tokens may name and whose tokens it may introspect; may repeat
    #[arg(long = "audience", value_name = "URI")]
    audiences: Vec<String>,
    #[arg(
        long,
        value_name = "METHOD",
        conflicts_with = "public",
        help = "How it proves itself: client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt, \
                tls_client_auth, self_signed_tls_client_auth, none"
    )]
    auth_method: Option<String>,
    /// Subject of its certificate, such as CN=robot,O=Blockyard (RFC 4514), for `tls_client_auth`
    #[arg(long, value_name = "DN")]
    tls_subject_dn: Option<String>,
    /// DNS name among the alternative names of its certificate, for `tls_client_auth`
    #[arg(long, value_name = "NAME", conflicts_with = "tls_subject_dn")]
    tls_san_dns: Option<String>,
    /// Its access tokens are bound to its certificate
    #[arg(long)]
    certificate_bound: bool,
    /// Its access tokens are bound to a key by DPoP
    #[arg(long)]
    dpop_bound: bool,
    /// File with its public keys, a JWK set
    #[arg(long, value_name = "FILE", conflicts_with = "jwks_uri")]
    jwks: Option<PathBuf>,
    /// Where its public keys are found
    #[arg(long, value_name = "URL")]
    jwks_uri: Option<Url>,
    /// What its ID tokens are signed with: ES256, RS256, PS256, EdDSA, or HS256 with its secret
    #[arg(long, value_name = "ALG")]
    id_token_alg: Option<String>,
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
pub(super) fn run(global: &Global, command: ClientCommand) -> Result<(), Failure> {
    match command {
        ClientCommand::Create(args) => create(global, *args),
        ClientCommand::List { json } => list(global, json),
        ClientCommand::Show { client_id, json } => show::run(global, &client_id, json),
        ClientCommand::Update(args) => change::run(global, &args),
        ClientCommand::Disable { client_id } => change::turn(global, &client_id, false),
        ClientCommand::Enable { client_id } => change::turn(global, &client_id, true),
        ClientCommand::RotateSecret { client_id, keep_old, json } => rotate(global, &client_id, keep_old, json),
        ClientCommand::InitialToken(command) => initial_token::run(global, command),
        ClientCommand::Delete { client_id } => delete(global, &client_id),
    }
}

fn create(global: &Global, args: Create) -> Result<(), Failure> {
    let settings = settings(&args)?;
    let is_public = settings.kind() == ClientKind::Public;
    let name = DisplayName::try_from(args.name).map_err(|cause| Failure::new(format!("--name: {cause}")))?;
    let cmd = CreateClient { id: args.id, name, settings };
    let created =
        global.with_core(async |core| client::create_client(&core.operator(), cmd).await.map_err(Failure::new))?;
    let secret = created.client_secret.as_ref().map(PlainToken::expose);
    if args.json {
        return match secret {
            Some(secret) => output::json(&json!({ "client_id": created.client_id, "client_secret": secret })),
            None => output::json(&json!({ "client_id": created.client_id })),
        };
    }
    output::line(format_args!("Client id:      {}", created.client_id))?;
    match secret {
        Some(secret) => {
            output::line(format_args!("Client secret:  {secret}"))?;
            output::line("The secret is shown this once; only a digest of it is kept.")
        }
        None if is_public => output::line("A public client: it has no secret, and PKCE proves it."),
        None => output::line("It has no secret: its own key or certificate proves it."),
    }
}

fn settings(args: &Create) -> Result<ClientSettings, Failure> {
    let mut settings = ClientSettings { first_party: args.first_party, ..ClientSettings::default() };
    if args.public {
        settings.auth_method = TokenEndpointAuthMethod::None;
    }
    if let Some(method) = &args.auth_method {
        settings.auth_method = parse("--auth-method", method)?;
    }
    settings.jwks = args.jwks.as_deref().map(read_jwks).transpose()?;
    settings.jwks_uri.clone_from(&args.jwks_uri);
    settings.certificate.subject_dn.clone_from(&args.tls_subject_dn);
    settings.certificate.san_dns.clone_from(&args.tls_san_dns);
    settings.certificate_bound_access_tokens = args.certificate_bound;
    settings.dpop_bound_access_tokens = args.dpop_bound;
    for uri in &args.redirect_uris {
        let uri = RedirectUri::parse(uri).map_err(|cause| Failure::new(format!("--redirect-uri {uri}: {cause}")))?;
        settings.redirect_uris.push(uri);
    }
    for uri in &args.post_logout_redirect_uris {
        let parsed = RedirectUri::parse(uri);
        let uri = parsed.map_err(|cause| Failure::new(format!("--post-logout-redirect-uri {uri}: {cause}")))?;
        settings.post_logout_redirect_uris.push(uri);
    }
    settings.backchannel_logout_uri.clone_from(&args.backchannel_logout_uri);
    settings.frontchannel_logout_uri.clone_from(&args.frontchannel_logout_uri);
    settings.frontchannel_logout_session_required = args.frontchannel_logout_uri.is_some();
    if !args.grants.is_empty() {
        settings.grant_types = args.grants.iter().map(|grant| parse("--grant", grant)).collect::<Result<_, _>>()?;
    }
    if let Some(alg) = &args.id_token_alg {
        settings.id_token_alg = parse("--id-token-alg", alg)?;
    }
    if !args.scopes.is_empty() {
        let scopes = args.scopes.iter().flat_map(|scope| scope.split(' ')).filter(|scope| !scope.is_empty());
        let scope = |text: &str| Scope::parse(text).map_err(|cause| Failure::new(format!("--scope {text}: {cause}")));
        settings.scopes = scopes.map(scope).collect::<Result<_, _>>()?;
    }
    settings.allowed_origins.clone_from(&args.allowed_origins);
    settings.audiences.clone_from(&args.audiences);
    Ok(settings)
}

fn read_jwks(file: &Path) -> Result<serde_json::Value, Failure> {
    let shown = file.display();
    let text = std::fs::read(file).map_err(|cause| Failure::new(format!("--jwks {shown}: {cause}")))?;
    serde_json::from_slice(&text).map_err(|cause| Failure::new(format!("--jwks {shown}: {cause}")))
}

fn parse<T: FromStr>(flag: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::new(format!("{flag}: {text} is not offered")))
}

fn list(global: &Global, as_json: bool) -> Result<(), Failure> {
    global.with_core(async |core| {
        let mut after: Option<String> = None;
        loop {
            let cmd = ListClients { search: None, after: after.take(), limit: PAGE };
            let page = client::list_clients(&core.operator(), cmd).await.map_err(Failure::new)?;
            for client in &page {
                show::line(client, as_json)?;
            }
            match page.last() {
                Some(last) if page.len() >= PAGE as usize => after = Some(last.id.clone()),
                _ => return Ok(()),
            }
        }
    })
}

fn rotate(global: &Global, client_id: &str, keep_old: u32, as_json: bool) -> Result<(), Failure> {
    let cmd = RotateClientSecret {
        client_id: client_id.to_owned(),
        keep_old_for: Duration::from_secs(u64::from(keep_old) * 60 * 60),
    };
    let rotated = global
        .with_core(async |core| client::rotate_client_secret(&core.operator(), cmd).await.map_err(Failure::new))?;
    let secret = rotated.client_secret.expose();
    if as_json {
        return output::json(&json!({ "client_id": client_id, "client_secret": secret }));
    }
    output::line(format_args!("New secret of {client_id}:  {secret}"))?;
    match keep_old {
        0 => output::line("The old secret works no more."),
        hours => output::line(format_args!("The old secret works for {hours} more hours.")),
    }
}

fn delete(global: &Global, client_id: &str) -> Result<(), Failure> {
    let cmd = DeleteClient { client_id: client_id.to_owned(), version: None };
    global.with_core(async |core| client::delete_client(&core.operator(), cmd).await.map_err(Failure::new))?;
    output::line(format_args!("{client_id} is gone, with everything it held."))
}
