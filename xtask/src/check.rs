//! `cargo xtask check`: what a machine can say about the sources without running them. Formatting,
//! lints, the arrows between the packages (docs/architecture.md), and the client for the browser.

use std::collections::HashSet;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::outcome::Outcome;
use crate::wasm::{TARGET, Toolchain};
use crate::{client, steps};

/// A package, how it is built, and what must not be among its dependencies: a package, or a feature of one as
/// `package/feature`.
struct Arrow {
    package: &'static str,
    /// Further arguments of cargo tree.
    built: &'static [&'static str],
    without: &'static [&'static str],
}

/// A check and what it is called.
type Check = (&'static str, fn() -> Result<()>);

const ARROWS: [Arrow; 5] = [
    Arrow { package: "model", built: &[], without: &["leptos", "axum", "tokio", "sqlx", "app", "store", "backend"] },
    Arrow {
        package: "app",
        built: &["--features", "hydrate", "--target", TARGET],
        // Channels of tokio serve the browser too; its runtime is the server's.
        without: &["axum", "tokio/rt", "tokio/net", "sqlx", "store", "backend"],
    },
    Arrow {
        package: "frontend",
        built: &["--target", TARGET],
        without: &["axum", "tokio/rt", "tokio/net", "sqlx", "store", "backend"],
    },
    Arrow { package: "store", built: &[], without: &["axum", "leptos", "app", "backend"] },
    Arrow { package: "backend", built: &[], without: &["leptos", "app"] },
];

/// Everything, also after a failure: a person wants to see all there is to do.
pub fn run() -> Result<()> {
    let checks: [Check; 4] = [
        ("formatting", formatting),
        ("arrows between the packages", arrows),
        ("lints (clippy, all targets)", lints),
        ("the client for the browser", client_compiles),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        if let Err(error) = steps::step(name, check) {
            steps::failed(&error);
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("not in order: {}", failed.join(", "));
    }
    Ok(())
}

fn lints() -> Result<()> {
    let mut cargo = steps::cargo();
    cargo.args(["clippy", "--workspace", "--exclude", "frontend", "--all-targets"]);
    steps::run(cargo.args(["--", "-D", "warnings"]))
}

fn client_compiles() -> Result<()> {
    let toolchain = Toolchain::obtain()?;
    let mut cargo = toolchain.cargo();
    cargo.args(["check", "--package", "model", "--package", "frontend", "--target", TARGET]);
    steps::run(cargo.args(["--profile", "wasm-dev"]).arg("--target-dir").arg(client::folder()))
}

/// The quick ones of these checks, counted as tests.
pub fn rules() -> Outcome {
    let mut outcome = Outcome::default();
    let quick: [Check; 2] = [("formatting", formatting), ("arrows between the packages", arrows)];
    for (name, rule) in quick {
        match steps::step(name, rule) {
            Ok(()) => outcome += Outcome::PASS,
            Err(error) => {
                steps::failed(&error);
                outcome += Outcome::FAIL;
            }
        }
    }
    outcome
}

fn formatting() -> Result<()> {
    steps::run(steps::cargo().args(["fmt", "--all", "--check", "--", "-l"]))
}

/// Fails when a package depends on what it must not know, naming both.
fn arrows() -> Result<()> {
    let mut wrong = Vec::new();
    for arrow in &ARROWS {
        let mut cargo = steps::cargo();
        cargo.args([
            "tree",
            "--package",
            arrow.package,
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}|{f}",
        ]);
        let tree = steps::read(cargo.args(arrow.built))?;
        let names: HashSet<String> = tree.lines().skip(1).flat_map(named).collect();
        wrong.extend(
            arrow
                .without
                .iter()
                .filter(|unwanted| names.contains(**unwanted))
                .map(|unwanted| format!("{} depends on {unwanted}", arrow.package)),
        );
    }
    wrong.extend(sqlx_outside_store()?);
    if !wrong.is_empty() {
        bail!("{}", wrong.join("; "));
    }
    Ok(())
}

/// What a line `name v1.2.3 …|feature,feature` of the tree stands for: the package, and each of its features.
fn named(line: &str) -> Vec<String> {
    let (package, features) = line.split_once('|').unwrap_or((line, ""));
    let name = package.split(' ').next().unwrap_or_default();
    // Where a package was shown before, a mark follows its features.
    let features = features.split(' ').next().unwrap_or_default().split(',').filter(|feature| !feature.is_empty());
    features.map(|feature| format!("{name}/{feature}")).chain([name.to_owned()]).collect()
}

/// SQL lives in `store`, so only its manifest may name the driver.
fn sqlx_outside_store() -> Result<Vec<String>> {
    let text = steps::read(steps::cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    let names_sqlx = |package: &Value| {
        package["dependencies"].as_array().is_some_and(|all| all.iter().any(|dependency| dependency["name"] == "sqlx"))
    };
    Ok(packages
        .iter()
        .filter(|package| package["name"] != "store" && names_sqlx(package))
        .map(|package| format!("{} depends on sqlx", package["name"].as_str().unwrap_or("a package")))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_line_of_the_tree_names_a_package_and_its_features() {
        assert_eq!(named("tokio v1.54.1|default,sync"), ["tokio/default", "tokio/sync", "tokio"]);
        assert_eq!(named("app v0.1.0 (/a b)|hydrate (*)"), ["app/hydrate", "app"]);
        assert_eq!(named("memchr v2.0.0|"), ["memchr"]);
    }
}
