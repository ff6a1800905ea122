//! Sealing: XChaCha20-Poly1305 under a key file that lies outside the database.
//!
//! Each sealed value is `version (1 byte) ‖ nonce (24 bytes) ‖ ciphertext`; the place it belongs to (pair, system, field) is
//! authenticated with it, so that a value cannot be moved to another row.

use std::io::{Read, Write};
use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::StoreError;

/// Name of the key file in the data folder.
pub const KEY_FILE: &str = "tillbridge.key";

const VERSION: u8 = 1;
const NONCE: usize = 24;
const KEY: usize = 32;

/// Seals and opens values.
pub struct Vault {
    cipher: XChaCha20Poly1305,
}

impl Vault {
    /// Reads the key file, or creates it (0600) if it is missing.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`], or [`StoreError::Sealed`] if the file is not a key.
    pub fn open(path: &Path) -> Result<Vault, StoreError> {
        let io = |source| StoreError::Io { what: format!("the key file {}", path.display()), source };
        if !path.exists() {
            create(path).map_err(io)?;
        }
        let mut key = Zeroizing::new(Vec::with_capacity(KEY));
        std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut key)).map_err(io)?;
        let cipher = XChaCha20Poly1305::new_from_slice(&key)
            .map_err(|_| StoreError::Sealed(format!("{} is not a key file", path.display())))?;
        Ok(Vault { cipher })
    }

    /// Seals `plain` for `place`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sealed`] if the system has no random numbers.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, StoreError> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| StoreError::Sealed(error.to_string()))?;
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed =
            self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| StoreError::Sealed(place.to_owned()))?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// Opens what was sealed for `place`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sealed`] if the key, the place or a byte is not the one it was sealed with.
    pub fn open_sealed(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let wrong = || StoreError::Sealed(place.to_owned());
        let (version, rest) = sealed.split_first().ok_or_else(wrong)?;
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or_else(wrong)?;
        if *version != VERSION {
            return Err(wrong());
        }
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| wrong())?;
        let payload = Payload { msg: text, aad: place.as_bytes() };
        self.cipher.decrypt(&XNonce::from(nonce), payload).map(Zeroizing::new).map_err(|_| wrong())
    }
}

fn create(path: &Path) -> std::io::Result<()> {
    let mut key = Zeroizing::new([0_u8; KEY]);
    getrandom::fill(key.as_mut()).map_err(std::io::Error::other)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.as_ref())?;
    file.sync_all()
}
