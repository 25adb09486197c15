//! Passwords: hashed with argon2id in threads of their own, so that a storm of sign-ins cannot hold up messages.

use crate::error::{Error, Result};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use model::{Refusal, config::PasswordSettings};
use parking_lot::Mutex;
use std::sync::{Arc, mpsc};
use tokio::sync::{Semaphore, oneshot};

/// How many may wait for a hash; whoever comes then is told to come again.
const WAITING_MAX: usize = 64;
/// The longest password, in bytes: what bcrypt, which imported accounts may have, can tell apart.
pub const LONGEST: usize = 72;

type Work = Box<dyn FnOnce() + Send>;

/// Hashes and checks passwords.
#[derive(Clone, Debug)]
pub struct Passwords {
    /// To threads that do nothing else: each takes 19 MiB for a hash, of which the allocator keeps some for every thread
    /// that ever asked.
    work: mpsc::Sender<Work>,
    waiting: Arc<Semaphore>,
    /// A hash nobody has, checked where there is no account, so that both cases take as long.
    decoy: Arc<str>,
}

impl Passwords {
    /// With half of the cores for hashing.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let (work, given) = mpsc::channel::<Work>();
        let given = Arc::new(Mutex::new(given));
        for _ in 0..(cores / 2).max(1) {
            let given = given.clone();
            std::thread::spawn(move || {
                loop {
                    let next = given.lock().recv();
                    let Ok(work) = next else { return };
                    // A panic ends this work, which its caller sees, and not the thread.
                    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
                }
            });
        }
        Self { work, waiting: Arc::new(Semaphore::new(WAITING_MAX)), decoy: Arc::from(DECOY) }
    }

    /// The hash to keep of a password.
    ///
    /// # Errors
    ///
    /// [`Refusal::BUSY`] if too many wait already.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.run(move || {
            let hash = Argon2::default().hash_password(password.as_bytes());
            hash.map(|h| h.to_string()).map_err(|e| Error::Internal(anyhow::anyhow!("hashing: {e}")))
        })
        .await?
    }

    /// Whether the password is the one that was hashed; without a hash takes as long and says no.
    ///
    /// # Errors
    ///
    /// [`Refusal::BUSY`] if too many wait already.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        if password.len() > LONGEST {
            return Ok(false);
        }
        let exists = hash.is_some_and(|h| !h.is_empty());
        let hash = hash.filter(|h| !h.is_empty()).unwrap_or(&self.decoy).to_owned();
        let password = password.to_owned();
        let fits = self
            .run(move || {
                if hash.starts_with("$2") {
                    return bcrypt::verify(&password, &hash).unwrap_or(false);
                }
                argon2::password_hash::phc::PasswordHash::new(&hash)
                    .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(exists && fits)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let place = self.waiting.clone().try_acquire_owned().map_err(|_| Refusal::BUSY)?;
        let (done, result) = oneshot::channel();
        let work = Box::new(move || {
            // Whoever waited for it may be gone.
            let _ = done.send(work());
            drop(place);
        });
        self.work.send(work).map_err(|_| Refusal::BUSY)?;
        result.await.map_err(Error::internal)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// Of random bytes that were not kept, with the parameters of [`Argon2::default`].
const DECOY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXRoaW5nLXJhbmRvbQ$Gf3m1nUQ0c0rjyLkN8BY8mFVn0kkqXH2K2wz4rHqX9E";

/// Refuses a password that is not what the administrator asks for.
pub fn check(password: &str, rules: &PasswordSettings) -> Result<(), Refusal> {
    if password.len() > LONGEST || (password.chars().count() as i64) < rules.minimum_length {
        return Err(Refusal {
            message: format!("A password has {} to {LONGEST} characters.", rules.minimum_length).into(),
            ..Refusal::PASSWORD_CLASSES
        });
    }
    let has = |wanted: bool, class: fn(&char) -> bool| !wanted || password.chars().any(|c| class(&c));
    let fits = has(rules.lowercase, |c| c.is_lowercase())
        && has(rules.uppercase, |c| c.is_uppercase())
        && has(rules.number, |c| c.is_numeric())
        && has(rules.symbol, |c| !c.is_alphanumeric());
    if fits { Ok(()) } else { Err(Refusal::PASSWORD_CLASSES) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = Passwords::new();
        let hash = passwords.hash("correct horse").await.expect("room to hash");
        assert!(hash.starts_with("$argon2id$"));
        assert!(passwords.verify("correct horse", Some(&hash)).await.expect("room"));
        assert!(!passwords.verify("battery staple", Some(&hash)).await.expect("room"));
        assert!(!passwords.verify("correct horse", None).await.expect("room"));
    }

    #[tokio::test]
    async fn an_imported_bcrypt_hash_is_accepted() {
        let passwords = Passwords::new();
        let hash = bcrypt::hash("old but good", 4).expect("a valid cost");
        assert!(passwords.verify("old but good", Some(&hash)).await.expect("room"));
        assert!(!passwords.verify("old and bad", Some(&hash)).await.expect("room"));
    }

    #[test]
    fn rules_ask_for_length_and_classes() {
        let rules = PasswordSettings { minimum_length: 8, number: true, ..PasswordSettings::default() };
        assert!(check("abcdefg1", &rules).is_ok());
        assert_eq!(check("abcdefgh", &rules), Err(Refusal::PASSWORD_CLASSES));
        assert!(check("a1", &rules).is_err());
        assert!(check(&"a1".repeat(40), &rules).is_err());
    }
}
