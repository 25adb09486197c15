//! People: the card that tells who somebody is, and what they say of themselves.

mod card;
mod list;
mod row;
mod status;

pub use card::Card;
pub use list::{Member, MemberRow, PeopleList};
pub use row::PersonRow;
pub use status::{SaidOf, StatusDialog};
