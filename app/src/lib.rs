//! Grows here.

pub mod ui;
