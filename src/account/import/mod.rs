//! People who come from elsewhere, and go there: import and export of users (A12).
//!
//! - [`Reader`] (`read`) cuts a file into users, one at a time and within a fixed amount of memory, whatever the file says;
//!   `format` understands what each system writes, and makes [`UserRecord`]s of it or says what is wrong.
//! - [`import_users`] takes up a batch of them in one transaction. A [`Rehearsal`] does the same on a copy of what the batch
//!   touches, so that a dry run tells what a run would do, and writes nothing.
//! - `merge` decides what an import changes of an account that is there: what changed in the file since the last import. What
//!   was changed here since stays.
//! - [`export_users`] gives a page of them, in the form that [`Format::Lines`] reads.
//!
//! To understand another system: a file in `format/`, a variant of [`Format`], and a sample of what it really writes among
//! the tests. Its password hashes are converted to what [`StoredHash::parse`](crate::password::StoredHash::parse) takes.

mod export_users;
mod format;
mod import_users;
mod merge;
mod outcome;
mod read;
mod record;
mod rehearsal;
mod sheet;
mod store;

pub use export_users::{ExportUsers, ExportUsersError, ExportedUser, UsersExported, export_users};
pub use format::Format;
pub use import_users::{ImportUsers, ImportUsersError, import_users};
pub use outcome::{Imported, Outcome};
pub use read::{Entry, Place, ReadError, Reader, Reading};
pub use record::{ExternalId, IdSource, Refused, UserRecord};
pub use rehearsal::{Rehearsal, RehearsalError};
pub use sheet::Sheet;

pub(super) use store::external_ids_of;
