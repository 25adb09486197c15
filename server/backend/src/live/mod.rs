//! What connected clients are told: events leave after their commit, encoded once, in one order.
//!
//! [`hub`] knows who is connected and delivers; [`log`] remembers for those who come back; `socket` is one
//! connection. This room knows the store only to find somebody's memberships when they connect.

pub mod hub;
pub mod log;
pub mod queue;

pub use hub::Hub;
