//! What changes: one file per resource, verbs that change something and announce it in the same transaction.

pub mod access_tokens;
pub mod bots;
pub mod channels;
pub mod emoji;
pub mod files;
pub mod jobs;
pub mod members;
pub mod mentions;
pub mod metadata;
pub mod pictures;
pub mod posts;
pub mod preferences;
pub mod reactions;
pub mod roles;
pub mod schemes;
pub mod sessions;
pub mod sidebar;
pub mod system;
pub mod teams;
pub mod threads;
pub mod typing;
pub mod uploads;
pub mod users;
