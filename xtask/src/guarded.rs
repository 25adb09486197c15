//! Programs that must not outlive this one, however it ends: each runs below a small shell that
//! waits on a pipe. When this process goes, by Ctrl-C or kill -9, the pipe closes and the shell
//! ends its charge. It asks more than once, since a program that is only starting may not listen yet.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// A running program; ended when dropped.
pub struct Guarded {
    shell: Child,
}

impl Guarded {
    /// Starts `command` with its output in `log`, or shown where there is none. `signal` is how it is asked to end ("INT", "TERM").
    pub fn start(command: &Command, signal: &str, log: Option<&Path>) -> Result<Self> {
        let script = format!(
            r#"exec 3<&0
            "$@" </dev/null 3<&- & charge=$!
            (read -r _ <&3; tries=0
             while kill -{signal} $charge 2>/dev/null; do
                 tries=$((tries + 1)); [ $tries -lt 50 ] || kill -KILL $charge; sleep 0.2
             done) & watcher=$!
            exec 3<&- </dev/null
            wait $charge; status=$?
            kill $watcher 2>/dev/null
            exit $status"#
        );
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, "guard"]).arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            shell.current_dir(folder);
        }
        // A group of its own: Ctrl-C reaches it through the pipe, in order, and not at once.
        shell.process_group(0).stdin(Stdio::piped());
        if let Some(log) = log {
            let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
            shell.stdout(out.try_clone()?).stderr(out);
        }
        let shell = shell.spawn().context("cannot start sh")?;
        Ok(Self { shell })
    }

    /// Runs it as another user; only root can.
    pub fn start_as(command: &Command, user: Option<(u32, u32)>, signal: &str, log: Option<&Path>) -> Result<Self> {
        let Some((user, group)) = user else {
            return Self::start(command, signal, log);
        };
        let mut wrapped = Command::new("setpriv");
        wrapped.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
        wrapped.arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            wrapped.current_dir(folder);
        }
        Self::start(&wrapped, signal, log)
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(None))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // It has been told; when it cannot be waited for there is nothing left to do.
        let _ = self.shell.wait();
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_charge_ends_with_its_guard_and_is_seen_to_end() {
        let log = std::env::temp_dir().join(format!("confab-guarded-{}", std::process::id()));
        let mut long = Guarded::start(Command::new("sh").args(["-c", "echo $$; exec sleep 60"]), "TERM", Some(&log))
            .expect("sh is there");
        assert!(long.is_alive());
        let mut process = String::new();
        for _ in 0..100 {
            process = fs::read_to_string(&log).unwrap_or_default().trim().to_owned();
            if !process.is_empty() {
                break;
            }
            sleep(Duration::from_millis(20));
        }
        drop(long);
        assert!(!Path::new("/proc").join(&process).exists(), "process {process} is still there");
        let mut short = Guarded::start(&Command::new("true"), "TERM", Some(&log)).expect("true is there");
        for _ in 0..100 {
            if !short.is_alive() {
                let _ = fs::remove_file(&log);
                return;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("the end of the program went unseen");
    }
}
