//! Text messages as files, for development.

use std::path::{Path, PathBuf};

use super::{Provider, Sending};
use crate::{id::OutboxId, mail::SendError, outbox::write_file, phone::PhoneNumber};

/// Writes each message into a file of its own, named after its id.
#[derive(Debug)]
pub(super) struct Directory(PathBuf);

impl Directory {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

impl Provider for Directory {
    fn send<'a>(&'a self, to: &'a PhoneNumber, text: &'a str, id: OutboxId) -> Sending<'a> {
        Box::pin(async move {
            let path = self.0.join(format!("{id}.txt"));
            let written = write_file(&path, format!("To: {to}\n\n{text}\n").as_bytes()).await;
            written.map_err(|cause| SendError { is_permanent: false, what: format!("write a file: {cause}") })?;
            tracing::info!(path = %path.display(), "text message written to a file, for want of a gateway");
            Ok(())
        })
    }
}
