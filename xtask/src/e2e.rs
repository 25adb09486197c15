//! The tests in the browser: Playwright with the system's Chromium, against the built server.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
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

/// Playwright with the system's Chromium, for specs that start this server with this client.
fn playwright(server: &Path, client: Profile) -> Result<Command> {
    let chromium = match env::var_os("CHROMIUM") {
        Some(named) => named.into(),
        None => needs::find("chromium").context("Chromium is missing")?,
    };
    steps::say(&format!("driving the browser ({})", needs::version(&chromium)));
    let folder = paths::at("end2end");
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright
        .current_dir(&folder)
        .arg("test")
        .env("CHROMIUM", &chromium)
        .env("CONFAB_BIN", server)
        .env("CONFAB_SITE", paths::site(client));
    Ok(playwright)
}

/// Takes pictures of all screens, and writes a page that shows them side by side.
pub fn sheet(server: &Path, client: Profile, arguments: &[String]) -> Result<()> {
    let out = paths::target().join("contact-sheet");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let mut playwright = playwright(server, client)?;
    playwright.args(["--config=sheet.config.ts", "--reporter=list"]).args(arguments).env("CONTACT_SHEET", &out);
    let ended = steps::run(&mut playwright);
    let page = out.join("index.html");
    fs::write(&page, side_by_side(&out)?)?;
    steps::say(&format!("the sheet is {}", page.display()));
    ended
}

/// Measures the page of this server, with the client as released.
pub fn speed(server: &Path) -> Result<()> {
    steps::run(playwright(server, Profile::Release)?.args(["--config=speed.config.ts", "--reporter=line"]))
}

/// A row for each screen, a column for each size and theme.
fn side_by_side(out: &Path) -> Result<String> {
    let mut columns: Vec<String> = fs::read_dir(out)?
        .filter_map(|entry| entry.ok().filter(|entry| entry.path().is_dir())?.file_name().into_string().ok())
        .collect();
    columns.sort();
    let mut screens = BTreeSet::new();
    for column in &columns {
        for entry in fs::read_dir(out.join(column))? {
            screens.extend(entry?.file_name().into_string());
        }
    }
    let mut page = String::from(
        "<!DOCTYPE html><meta charset=\"utf-8\"><title>Contact sheet</title><style>body{font:14px system-ui;margin:16px;\
         background:#ccc}section{display:flex;gap:16px;align-items:flex-start}img{height:440px}</style>",
    );
    for screen in screens {
        write!(page, "<h2>{}</h2><section>", screen.trim_end_matches(".png"))?;
        for column in &columns {
            if out.join(column).join(&screen).exists() {
                write!(page, "<a href=\"{column}/{screen}\"><img loading=\"lazy\" src=\"{column}/{screen}\"></a>")?;
            }
        }
        page.push_str("</section>");
    }
    Ok(page)
}

/// Runs all specs, or those the arguments name, against this server with this client.
pub fn run(server: &Path, client: Profile, arguments: &[String]) -> Result<Outcome> {
    let report = paths::target().join("test-results/end2end.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut playwright = playwright(server, client)?;
    playwright.arg("--reporter=list,json").args(arguments).env("PLAYWRIGHT_JSON_OUTPUT_NAME", &report);
    let ended = steps::run(&mut playwright);
    let Ok(text) = fs::read_to_string(&report) else {
        ended?;
        bail!("Playwright has left no report");
    };
    let report = serde_json::from_str(&text).context("Playwright's report cannot be read")?;
    Ok(Outcome::of_playwright(&report).with_exit(ended.is_ok()))
}
