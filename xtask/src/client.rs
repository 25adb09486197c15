//! The browser client: compiled to WASM, its JavaScript glue generated, then joined with the style
//! sheet and static files by [`crate::site`].

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::paths::Profile;
use crate::wasm::{TARGET, Toolchain};
use crate::{paths, site, steps};

/// Builds everything the browser loads into `target/site/<profile>`.
pub fn build(profile: Profile) -> Result<()> {
    let toolchain = Toolchain::obtain()?;
    let module =
        steps::step(&format!("compiling the client ({})", profile.of_client()), || compile(&toolchain, profile))?;
    let glue = generate(&module, profile)?;
    site::assemble(&glue, profile)
}

/// Where the client is compiled: apart from the server, so that neither waits for the other's lock.
pub fn folder() -> PathBuf {
    paths::target().join("client")
}

fn compile(toolchain: &Toolchain, profile: Profile) -> Result<PathBuf> {
    let mut cargo = toolchain.cargo();
    cargo.args(["build", "--package", "frontend", "--lib", "--target", TARGET, "--profile", profile.of_client()]);
    steps::run(cargo.arg("--target-dir").arg(folder()))?;
    Ok(folder().join(TARGET).join(profile.of_client()).join("frontend.wasm"))
}

/// Runs wasm-bindgen unless the module is the one it ran on last.
fn generate(module: &Path, profile: Profile) -> Result<PathBuf> {
    let out = folder().join(format!("glue-{}", profile.name()));
    let stamp_file = out.join("made-from");
    let stamp = stamp(module)?;
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(out);
    }
    steps::step("generating the JavaScript glue", || {
        if out.exists() {
            fs::remove_dir_all(&out)?;
        }
        fs::create_dir_all(&out)?;
        let mut bindgen = Bindgen::new();
        bindgen.input_path(module).out_name("confab").web(true)?.typescript(false);
        // The names are most of the file. While developing they make a panic's trace readable.
        bindgen.remove_name_section(profile == Profile::Release).remove_producers_section(true);
        bindgen.generate(&out)?;
        fs::write(&stamp_file, &stamp)?;
        Ok(())
    })?;
    Ok(out)
}

/// Changes whenever the module was built anew.
fn stamp(module: &Path) -> Result<String> {
    let found = fs::metadata(module).with_context(|| format!("the client's module {} is missing", module.display()))?;
    let changed = found.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!("{} bytes, {changed}", found.len()))
}
