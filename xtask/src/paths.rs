//! Where things lie: the root of the workspace, what is built, and for which profile.

use std::env;
use std::path::{Path, PathBuf};

/// How something is built: quickly, or to be deployed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Debug,
    Release,
}

impl Profile {
    pub fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Debug }
    }

    /// The name of the server's folder below `target`, and of the site's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    /// The cargo profile of the client.
    pub fn of_client(self) -> &'static str {
        match self {
            Self::Debug => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }
}

/// The folder of the root `Cargo.toml`. Asked of cargo's environment, so that a moved clone works.
pub fn root() -> PathBuf {
    let own = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    own.parent().map_or_else(|| own.clone(), Path::to_path_buf)
}

/// A path given relative to the root.
pub fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// Cargo's target folder, wherever the environment puts it.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| at("target"), PathBuf::from)
}

/// The web assets as they are served: the one folder that server/src/assets.rs knows.
pub fn site(profile: Profile) -> PathBuf {
    at("target/site").join(profile.name())
}

/// The server's binary.
pub fn server(profile: Profile) -> PathBuf {
    target().join(profile.name()).join("confab")
}
