//! Programs that have to be there: found, installed from Debian's packages where that is possible,
//! or named together with the remedy.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, anyhow};

use crate::steps;

/// Something the machine must have, and the Debian packages that bring it.
pub struct Need {
    /// For people: "PostgreSQL's server".
    pub what: &'static str,
    /// The programs that show it is there.
    pub programs: &'static [&'static str],
    /// Debian's packages.
    pub packages: &'static [&'static str],
}

impl Need {
    fn is_met(&self) -> bool {
        self.programs.iter().all(|program| find(program).is_some())
    }

    /// Makes sure it is there. Installs it with apt-get for root; for others the error says what to do.
    pub fn meet(&self) -> Result<()> {
        if self.is_met() {
            return Ok(());
        }
        self.bring()?;
        if self.is_met() { Ok(()) } else { Err(anyhow!("{}", self.remedy())) }
    }

    /// Installs its packages, also where its programs are there and a part of them is not.
    pub fn bring(&self) -> Result<()> {
        if find("apt-get").is_none() || !is_root() {
            return Err(anyhow!("{}", self.remedy()));
        }
        steps::step(&format!("installing {} (apt-get install {})", self.what, self.packages.join(" ")), || {
            install(self.packages)
        })
    }

    /// What a person has to do about it.
    fn remedy(&self) -> String {
        let missing: Vec<_> = self.programs.iter().filter(|program| find(program).is_none()).copied().collect();
        format!(
            "{} is missing ({}). On Debian: sudo apt-get install {}; elsewhere install it by your system's means and \
             put its programs into PATH",
            self.what,
            missing.join(", "),
            self.packages.join(" "),
        )
    }
}

/// Node and npm, for the tests in the browser.
pub const NODE: Need = Need { what: "Node with npm", programs: &["node", "npm"], packages: &["nodejs", "npm"] };

/// Python, for the drivers.
pub const PYTHON: Need =
    Need { what: "Python 3 with venv", programs: &["python3"], packages: &["python3", "python3-venv"] };

/// The browser of those tests. Another one can be named by the variable CHROMIUM.
pub const CHROMIUM: Need =
    Need { what: "Chromium", programs: &["chromium"], packages: &["chromium", "fonts-dejavu-core"] };

pub const POSTGRES: Need =
    Need { what: "PostgreSQL's server", programs: &["initdb", "postgres"], packages: &["postgresql"] };

pub const MARIADB: Need = Need {
    what: "MariaDB's server",
    programs: &["mariadbd", "mariadb-install-db", "my_print_defaults"],
    packages: &["mariadb-server"],
};

/// Looks a program up in PATH and where Debian keeps servers.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    folders.extend(["/usr/sbin".into(), "/usr/local/sbin".into(), "/sbin".into()]);
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut found: Vec<_> = versions.flatten().map(|version| version.path().join("bin")).collect();
        found.sort();
        // The newest first, and before wrappers in PATH: initdb and postgres have to be of one version.
        for folder in found {
            folders.insert(0, folder);
        }
    }
    folders.into_iter().map(|folder| folder.join(program)).find(|candidate| is_program(candidate))
}

fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Whether this process may install packages, and may not run PostgreSQL itself.
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Installs packages without questions, and without starting any service that comes with them.
fn install(packages: &[&str]) -> Result<()> {
    let lists = fs::read_dir("/var/lib/apt/lists")
        .is_ok_and(|entries| entries.flatten().any(|entry| entry.file_name().to_string_lossy().contains("_Packages")));
    if !lists {
        steps::run(Command::new("apt-get").args(["update", "-qq"]))?;
    }
    // policy-rc.d is Debian's way to say "install, but do not start": put there for the time being only.
    let script = r#"
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
            trap 'rm -f "$policy"' EXIT
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod 755 "$policy"
        fi
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    "#;
    let attempt = || {
        let mut command = Command::new("sh");
        command.args(["-c", script, "install"]).args(packages).env("DEBIAN_FRONTEND", "noninteractive");
        steps::run(&mut command)
    };
    attempt().or_else(|_| {
        // Old lists name packages that the mirror no longer has.
        steps::run(Command::new("apt-get").args(["update", "-qq"]))?;
        attempt()
    })
}

/// The first line a program says about its version, for the log.
pub fn version(program: &Path) -> String {
    Command::new(program)
        .arg("--version")
        .stdin(Stdio::null())
        .output()
        .ok()
        .and_then(|output| String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned))
        .unwrap_or_else(|| "unknown version".into())
}
