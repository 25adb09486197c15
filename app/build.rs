//! Makes the functions that give the app its texts, from the keys of the catalogue.

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let file = env::var_os("OUT_DIR").map(PathBuf::from).unwrap_or_default().join("words.rs");
    if let Err(error) = fs::write(&file, catalogue::functions()) {
        println!("cargo::error=cannot write {}: {error}", file.display());
    }
}
