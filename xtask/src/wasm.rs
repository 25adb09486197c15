//! Which toolchain compiles the client: the active one where it has the target wasm32-unknown-unknown,
//! else the one that wasm-target.sh makes available. The compilers of client and server may differ.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::{paths, steps};

pub const TARGET: &str = "wasm32-unknown-unknown";

/// A cargo that can build for the browser.
pub enum Toolchain {
    /// The one that runs this program.
    Active,
    /// A toolchain of rustup, by name.
    Named(String),
    /// A cargo outside of rustup.
    Path(PathBuf),
}

impl Toolchain {
    /// Finds the target, or makes it available (one to two minutes, once per machine).
    ///
    /// The variable `WASM_TOOLCHAIN` names a toolchain of rustup to take instead.
    pub fn obtain() -> Result<Self> {
        if let Ok(name) = std::env::var("WASM_TOOLCHAIN")
            && !name.is_empty()
        {
            return Ok(Self::Named(name));
        }
        if active_has_target() {
            return Ok(Self::Active);
        }
        let script = paths::at("xtask/wasm-target.sh");
        let said = steps::step("making the compilation target of the browser available", || {
            steps::read(Command::new("bash").arg(&script))
        })?;
        let last = said.lines().last().unwrap_or_default();
        match last.split_once('=') {
            Some(("WASM_TOOLCHAIN", "")) => Ok(Self::Active),
            Some(("WASM_TOOLCHAIN", name)) => Ok(Self::Named(name.to_owned())),
            Some(("WASM_CARGO", path)) => Ok(Self::Path(path.into())),
            _ => bail!("{} ended with an unknown answer: {last}", script.display()),
        }
    }

    /// Cargo of this toolchain, in the root of the workspace.
    pub fn cargo(&self) -> Command {
        let mut command = steps::cargo();
        match self {
            Self::Active => {}
            Self::Named(name) => {
                command = Command::new("cargo");
                command
                    .current_dir(paths::root())
                    .env("RUSTUP_TOOLCHAIN", name)
                    .env_remove("CARGO")
                    .env_remove("RUSTC");
            }
            Self::Path(path) => {
                command = Command::new(path);
                command.current_dir(paths::root()).env("RUSTC", path.with_file_name("rustc")).env_remove("CARGO");
            }
        }
        command
    }
}

/// Whether std for the target lies in the active sysroot: a look, so that a run without changes stays quick.
fn active_has_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let Ok(sysroot) = steps::read(Command::new(rustc).args(["--print", "sysroot"])) else {
        return false;
    };
    let libraries = Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).join("lib");
    fs::read_dir(libraries)
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-")))
}
