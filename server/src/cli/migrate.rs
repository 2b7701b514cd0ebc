//! `ostiary migrate`: brings the database up to date, for deployments that do not want `serve` to.

use ostiary::{config::Config, db::Db};

use super::{Failure, open, output};

/// Migrates and says what the database stands at now.
pub(super) fn run(config: &Config) -> Result<(), Failure> {
    open::run(async {
        let db = Db::open(config.database.url.expose(), 2).await.map_err(Failure::new)?;
        let report = db.migrate().await.map_err(Failure::new)?;
        db.close().await;
        output::line(format_args!("The database is up to date: version {}.", report.version))
    })
}
