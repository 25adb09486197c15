//! Who somebody is: passwords, secrets, and limits against guessing them.

pub mod limits;
pub mod passwords;
pub mod secrets;
pub mod totp;
