//! How many tests passed and failed, added up over suites of different kinds.

use std::ops::AddAssign;

use serde_json::Value;

/// The result of a suite, or of all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub passed: u64,
    pub failed: u64,
}

impl Outcome {
    pub const PASS: Self = Self { passed: 1, failed: 0 };
    pub const FAIL: Self = Self { passed: 0, failed: 1 };

    /// Adds a line of the test harness of Rust: `test result: ok. 3 passed; 0 failed; …`; or the closing lines of
    /// Node's: `# pass 3` and `# fail 0`.
    pub fn read_line(&mut self, line: &str) {
        let number = |word: &str| line.strip_prefix(word).and_then(|n| n.trim().parse::<u64>().ok()).unwrap_or(0);
        *self += Self { passed: number("# pass "), failed: number("# fail ") };
        let Some((_, rest)) = line.split_once("test result: ") else { return };
        let count = |word: &str| {
            rest.split([';', '.'])
                .filter_map(|part| part.trim().strip_suffix(word))
                .find_map(|number| number.trim().parse::<u64>().ok())
                .unwrap_or(0)
        };
        *self += Self { passed: count("passed"), failed: count("failed") };
    }

    /// The figures of Playwright's JSON report. A test that passed only when repeated has passed.
    pub fn of_playwright(report: &Value) -> Self {
        let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
        let errors = report["errors"].as_array().map_or(0, |errors| errors.len() as u64);
        Self { passed: count("expected") + count("flaky"), failed: count("unexpected") + errors }
    }

    /// A suite that ended badly without naming a test counts as one failure.
    pub fn with_exit(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }

    /// The closing line.
    pub fn line(self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

impl AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_of_rusts_harness_are_added_up() {
        let mut outcome = Outcome::default();
        outcome.read_line("running 4 tests");
        outcome
            .read_line("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s");
        outcome.read_line("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out");
        assert_eq!(outcome, Outcome { passed: 4, failed: 2 });
        assert_eq!(outcome.line(), "4 passed, 2 failed");
    }

    #[test]
    fn closing_lines_of_nodes_harness_are_added_up() {
        let mut outcome = Outcome::default();
        for line in ["ok 1 - # pass", "# tests 16", "# pass 15", "# fail 1", "# cancelled 0"] {
            outcome.read_line(line);
        }
        assert_eq!(outcome, Outcome { passed: 15, failed: 1 });
    }

    #[test]
    fn playwrights_report_is_read() {
        let report = json!({"stats": {"expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2}, "errors": []});
        assert_eq!(Outcome::of_playwright(&report), Outcome { passed: 6, failed: 1 });
    }

    #[test]
    fn a_silent_failure_counts() {
        assert_eq!(Outcome::default().with_exit(false), Outcome::FAIL);
        assert_eq!(Outcome { passed: 2, failed: 1 }.with_exit(false).failed, 1);
    }
}
