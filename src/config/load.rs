//! Reading the configuration from its three sources.

use std::{net::SocketAddr, path::Path};

use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
};

use super::Config;
use crate::secret::SecretString;

/// What flags on the command line set; they outweigh file and environment.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--public-url`
    pub public_url: Option<url::Url>,
    /// `--database`
    pub database: Option<String>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file is not there or not readable.
    #[error("cannot read {0}: {1}")]
    File(std::path::PathBuf, std::io::Error),
    /// A key is unknown, has the wrong type, or the file is not TOML. The text names key and source.
    #[error("{0}")]
    Setting(Box<figment::Error>),
    /// Settings that contradict each other or cannot work, one a line.
    #[error("{}", .0.join("\n"))]
    Problems(Vec<String>),
}

pub(super) fn load(file: Option<&Path>, overrides: &Overrides) -> Result<Config, ConfigError> {
    let mut figment = Figment::new();
    if let Some(path) = file {
        // Checked here: figment takes a missing file for an empty one.
        std::fs::metadata(path).map_err(|cause| ConfigError::File(path.to_owned(), cause))?;
        figment = figment.merge(Toml::file_exact(path));
    }
    figment = figment.merge(Env::prefixed("OSTIARY__").split("__"));
    let mut config: Config = figment.extract().map_err(|cause| ConfigError::Setting(Box::new(cause)))?;
    if let Some(path) = config.database.url_file.take() {
        let url = super::secret_from(None, Some(&path)).map_err(|cause| ConfigError::File(path, cause))?;
        config.database.url = url.unwrap_or_else(|| SecretString::from(""));
    }
    config.sms.read_files().map_err(|(path, cause)| ConfigError::File(path, cause))?;
    if let Some(listen) = overrides.listen {
        config.server.listen = listen;
    }
    if let Some(url) = &overrides.public_url {
        config.server.public_url = url.clone();
    }
    if let Some(url) = &overrides.database {
        config.database.url = SecretString::from(url.as_str());
    }
    let problems = config.problems();
    if problems.is_empty() { Ok(config) } else { Err(ConfigError::Problems(problems)) }
}
