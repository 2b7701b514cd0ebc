//! The query facade: its terminal methods hold the only two-arm match over the engines.

use sqlx::{
    Decode, Encode, FromRow, Postgres, Sqlite, Type,
    postgres::{PgArguments, PgRow},
    sqlite::{SqliteArguments, SqliteRow},
};

use super::Driver;
use crate::error::Internal;

/// What may stand behind a placeholder on both engines.
pub(crate) trait Bind:
    for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send + 'static
{
}

impl<T> Bind for T where
    T: for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + Send + 'static
{
}

/// What may be read from a row of either engine.
pub(crate) trait FromDb:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static
{
}

impl<T> FromDb for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static {}

/// What may stand in a single column on both engines.
pub(crate) trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres> + Send + Unpin + 'static
{
}

impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite>
        + Type<Sqlite>
        + for<'r> Decode<'r, Postgres>
        + Type<Postgres>
        + Send
        + Unpin
        + 'static
{
}

enum Prepared<'c> {
    Sqlite(&'c mut sqlx::SqliteConnection, SqliteArguments),
    Postgres(&'c mut sqlx::PgConnection, PgArguments),
}

/// A statement on its way; made by `Conn::query`.
#[must_use = "a statement does nothing until one of its terminal methods is awaited"]
pub(crate) struct Query<'c> {
    sql: &'static str,
    prepared: Prepared<'c>,
    refused: Option<sqlx::error::BoxDynError>,
}

/// Runs the same call on whichever driver holds the statement.
macro_rules! on_either {
    ($self:ident, $make:path, $method:ident) => {{
        let Self { sql, prepared, refused } = $self;
        if let Some(cause) = refused {
            return Err(Internal::new(sql, cause));
        }
        match prepared {
            Prepared::Sqlite(conn, args) => $make(sql, args).$method(conn).await,
            Prepared::Postgres(conn, args) => $make(sql, args).$method(conn).await,
        }
        .map_err(|cause| Internal::new(sql, cause))
    }};
}

impl<'c> Query<'c> {
    pub(super) fn new(driver: Driver<'c>, sql: &'static str) -> Self {
        let prepared = match driver {
            Driver::Sqlite(conn) => Prepared::Sqlite(conn, SqliteArguments::default()),
            Driver::Postgres(conn) => Prepared::Postgres(conn, PgArguments::default()),
        };
        Self { sql, prepared, refused: None }
    }

    /// Puts `value` behind the next placeholder.
    pub(crate) fn bind(mut self, value: impl Bind) -> Self {
        let bound = match &mut self.prepared {
            Prepared::Sqlite(_, args) => sqlx::Arguments::add(args, value),
            Prepared::Postgres(_, args) => sqlx::Arguments::add(args, value),
        };
        if let Err(cause) = bound {
            self.refused.get_or_insert(cause);
        }
        self
    }

    /// Runs it and says how many rows it changed.
    pub(crate) async fn execute(self) -> Result<u64, Internal> {
        let Self { sql, prepared, refused } = self;
        if let Some(cause) = refused {
            return Err(Internal::new(sql, cause));
        }
        match prepared {
            Prepared::Sqlite(conn, args) => {
                sqlx::query_with(sql, args).execute(conn).await.map(|done| done.rows_affected())
            }
            Prepared::Postgres(conn, args) => {
                sqlx::query_with(sql, args).execute(conn).await.map(|done| done.rows_affected())
            }
        }
        .map_err(|cause| Internal::new(sql, cause))
    }

    /// The one row it must have.
    pub(crate) async fn one<T: FromDb>(self) -> Result<T, Internal> {
        on_either!(self, sqlx::query_as_with, fetch_one)
    }

    /// The first row, if there is one.
    pub(crate) async fn optional<T: FromDb>(self) -> Result<Option<T>, Internal> {
        on_either!(self, sqlx::query_as_with, fetch_optional)
    }

    /// All rows.
    pub(crate) async fn all<T: FromDb>(self) -> Result<Vec<T>, Internal> {
        on_either!(self, sqlx::query_as_with, fetch_all)
    }

    /// The first column of the one row it must have.
    pub(crate) async fn scalar<T: Column>(self) -> Result<T, Internal> {
        on_either!(self, sqlx::query_scalar_with, fetch_one)
    }

    /// The first column of the first row, if there is one.
    pub(crate) async fn scalar_optional<T: Column>(self) -> Result<Option<T>, Internal> {
        on_either!(self, sqlx::query_scalar_with, fetch_optional)
    }
}
