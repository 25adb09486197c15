//! Who somebody is: passwords, and limits against guessing them.

pub mod limits;
pub mod passwords;
