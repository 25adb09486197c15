//! Secrets that are compared and not kept: hashes of tokens, and signatures of what the server gives out and takes back.

use ring::hmac;
use sha2::{Digest as _, Sha256};

/// What is stored of a token. Tokens are random and long, so that a plain hash is enough.
pub fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// The signature of a text.
pub fn sign(key: &str, text: &str) -> String {
    hex::encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()), text.as_bytes()))
}

/// Whether a signature is that of a text; takes the same time for all wrong ones.
pub fn is_signed(key: &str, text: &str, signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
    hex::decode(signature).is_ok_and(|tag| hmac::verify(&key, text.as_bytes(), &tag).is_ok())
}

/// Whether two secrets are the same; takes the same time for all wrong ones of the same length.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_fits_its_text_and_key_only() {
        let signature = sign("key", "text");
        assert!(is_signed("key", "text", &signature));
        assert!(!is_signed("key", "other", &signature) && !is_signed("other", "text", &signature));
        assert!(!is_signed("key", "text", "no hex"));
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("abc", "ab"));
    }
}
