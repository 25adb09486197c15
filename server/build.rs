//! Makes the folder that a release build embeds exist, and has the server built again when the web
//! assets have changed. A debug build reads them from disk and does not care.

use std::env;
use std::fs;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("PROFILE").as_deref() == Ok("release") {
        let site = "../target/site/release";
        if let Err(error) = fs::create_dir_all(site) {
            println!("cargo::error=cannot make the folder {site}: {error}");
        }
        println!("cargo::rerun-if-changed={site}");
    }
}
