//! A reader that counts and hashes what passes.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use super::Digest;
use crate::units::hex;

/// Whether to compute checksums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hashing {
    /// Compute them.
    On,
    /// Don't, to save a little time.
    Off,
}

/// Counts the bytes of a file as they are read, and hashes them on the way, so that no second pass is needed.
pub struct Metered<R> {
    inner: R,
    hasher: Option<Sha256>,
    counter: Arc<AtomicU64>,
    bytes: u64,
}

impl<R: Read> Metered<R> {
    /// Wraps a reader; `counter` is shared with whoever shows progress.
    pub fn new(inner: R, hashing: Hashing, counter: Arc<AtomicU64>) -> Self {
        Metered { inner, hasher: (hashing == Hashing::On).then(Sha256::new), counter, bytes: 0 }
    }

    /// The digest of all bytes read so far.
    pub fn digest(self) -> Digest {
        let sha256 = self.hasher.map(|hasher| hex(&hasher.finalize()));
        Digest { sha256, bytes: self.bytes }
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..n]);
        }
        self.bytes += n as u64;
        self.counter.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_counted_and_hashed() {
        let counter = Arc::new(AtomicU64::new(0));
        let mut metered = Metered::new(&b"abc"[..], Hashing::On, counter.clone());
        io::copy(&mut metered, &mut io::sink()).unwrap();
        let digest = metered.digest();
        assert_eq!(counter.load(Ordering::Relaxed), 3);
        assert_eq!(digest.bytes, 3);
        // The published test vector of SHA-256 for "abc".
        assert_eq!(digest.sha256.as_deref(), Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    }
}
