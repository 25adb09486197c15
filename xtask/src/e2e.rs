//! The tests in the browser: Playwright with the system's Chromium, against the built server.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::outcome::Outcome;
use crate::paths::Profile;
use crate::{needs, paths, steps};

/// Node, Chromium and the packages of end2end/package-lock.json.
pub fn set_up() -> Result<()> {
    needs::NODE.meet()?;
    if env::var_os("CHROMIUM").is_none() {
        needs::CHROMIUM.meet()?;
    }
    packages(&paths::at("end2end"), "Playwright")
}

/// The packages of a folder's package-lock.json.
pub fn packages(folder: &Path, what: &str) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("{} is missing", lock.display()))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    steps::step(&format!("installing {what} (npm ci)"), || {
        let mut npm = Command::new("npm");
        npm.current_dir(folder).args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        steps::run(&mut npm)?;
        fs::write(&stamp, &wanted)?;
        Ok(())
    })
}

/// Runs all specs, or those the arguments name, against this server with this client.
pub fn run(server: &Path, client: Profile, arguments: &[String]) -> Result<Outcome> {
    let chromium = match env::var_os("CHROMIUM") {
        Some(named) => named.into(),
        None => needs::find("chromium").context("Chromium is missing")?,
    };
    let report = paths::target().join("test-results/end2end.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    steps::say(&format!("running the tests in the browser ({})", needs::version(&chromium)));
    let folder = paths::at("end2end");
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&folder)
        .args(["test", "--reporter=list,json"])
        .args(arguments)
        .env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report)
        .env("CHROMIUM", &chromium)
        .env("CONFAB_BIN", server)
        .env("CONFAB_SITE", paths::site(client));
    let ended = steps::run(&mut playwright);
    let Ok(text) = fs::read_to_string(&report) else {
        ended?;
        bail!("Playwright has left no report");
    };
    let report = serde_json::from_str(&text).context("Playwright's report cannot be read")?;
    Ok(Outcome::of_playwright(&report).with_exit(ended.is_ok()))
}
