//! What tests use in place of clients: see the modules.
