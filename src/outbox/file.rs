//! Messages that become files, for want of somebody to take them.

use std::path::Path;

use tokio::io::AsyncWriteExt as _;

/// Writes the whole file or none, and its directory; readable by its owner only, for it holds what opens accounts.
pub(crate) async fn write_file(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        tokio::fs::create_dir_all(directory).await?;
    }
    let unfinished = path.with_extension("part");
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(&unfinished).await?;
    file.write_all(bytes).await?;
    file.flush().await?;
    tokio::fs::rename(&unfinished, path).await
}
