//! What all that talks to servers has in common.

/// Names the program to servers.
pub const USER_AGENT: &str = concat!("mimiciv/", env!("CARGO_PKG_VERSION"));

/// Chooses the cryptography of encrypted connections; before the first client is made.
pub fn choose_cryptography() {
    // It fails where one is chosen already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
