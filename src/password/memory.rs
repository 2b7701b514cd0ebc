//! The working memory of a hashing thread.
//!
//! Argon2 with the default parameters fills 19 MiB. Allocating that for each password would make the process grow and
//! shrink by it all the time (and keep it, as allocators do), so each thread keeps one block for all its jobs. A foreign
//! hash that needs more gets it for this one job, and only one such job runs at a time in the whole process.

use std::sync::{Mutex, PoisonError};

use argon2::Block;

/// Held by the one job that needs more than the block of its thread.
static LARGE: Mutex<()> = Mutex::new(());

/// One thread's block of memory; allocated by the first job that needs it.
pub(super) struct Memory {
    keep_kib: usize,
    blocks: Vec<Block>,
}

impl Memory {
    /// Plans a block of `keep_kib` KiB.
    pub(super) fn new(keep_kib: usize) -> Self {
        Self { keep_kib, blocks: Vec::new() }
    }

    /// Lends `kib` blocks of 1 KiB each to `job`; what they hold is undefined.
    pub(super) fn with_blocks<T>(&mut self, kib: usize, job: impl FnOnce(&mut [Block]) -> T) -> T {
        if kib > self.keep_kib {
            return self.with_large(kib, |_| job(&mut vec![Block::new(); kib]));
        }
        if self.blocks.is_empty() {
            self.blocks = vec![Block::new(); self.keep_kib];
        }
        job(self.blocks.get_mut(..kib).unwrap_or_default())
    }

    /// Runs `job`, which allocates `kib` KiB itself; alone, if that is more than the block of a thread.
    pub(super) fn with_large<T>(&self, kib: usize, job: impl FnOnce(&Self) -> T) -> T {
        let _alone = (kib > self.keep_kib).then(|| LARGE.lock().unwrap_or_else(PoisonError::into_inner));
        job(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// I10: jobs within the plan share one block; a larger one leaves nothing behind.
    #[test]
    fn block_is_kept() {
        let mut memory = Memory::new(32);
        assert_eq!(memory.blocks.capacity(), 0);
        let first = memory.with_blocks(8, |blocks| (blocks.len(), blocks.as_ptr().addr()));
        let second = memory.with_blocks(32, |blocks| (blocks.len(), blocks.as_ptr().addr()));
        assert_eq!((first.0, second.0), (8, 32));
        assert_eq!(first.1, second.1);
        assert_eq!(memory.with_blocks(64, |blocks| blocks.len()), 64);
        assert_eq!(memory.blocks.len(), 32);
    }
}
