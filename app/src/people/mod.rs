//! People: the card that tells who somebody is, and what they say of themselves.

mod card;
mod status;

pub use card::Card;
pub use status::{SaidOf, StatusDialog};
