//! What can be found by which words: how a message becomes words, and what a query asks for.
//!
//! The databases get words that are ASCII letters and digits only and begin with `wd` (a word) or `tg` (a hashtag), so
//! that none of them drops, folds or splits anything on its own: all three give the same answers.

pub mod query;
mod stem;
pub mod words;
