//! Measures the colours of `style/_tokens.scss`: text at least 4.5 to 1 on everything it stands on, controls and focus
//! rings 3 to 1, in the light set and in the dark one.

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../../style/_tokens.scss");

/// Text and the surfaces it stands on.
const TEXT: &[(&str, &[&str])] = &[
    ("text", &["surface", "canvas", "mention-soft", "danger-soft", "warning-soft", "success-soft"]),
    ("text-soft", &["surface", "canvas", "raised", "overlay", "sunken", "accent-soft", "warning-soft"]),
    ("text-faint", &["surface", "canvas", "raised", "overlay", "sunken", "mention-soft", "danger-soft"]),
    ("accent-text", &["surface", "canvas", "overlay", "accent-soft", "mention-soft", "danger-soft"]),
    ("on-accent", &["accent", "accent-strong"]),
    ("on-mention", &["mention"]),
    ("mention-text", &["surface"]),
    ("danger-text", &["surface", "overlay", "danger-soft"]),
    ("on-danger", &["danger", "danger-strong"]),
    ("success-text", &["surface", "success-soft"]),
    ("warning-text", &["warning-soft"]),
    ("on-rail", &["rail"]),
    ("hl-keyword", &["sunken"]),
    ("hl-string", &["sunken"]),
    ("hl-number", &["sunken"]),
    ("hl-comment", &["sunken"]),
    ("hl-function", &["sunken"]),
    ("hl-type", &["sunken"]),
    ("hl-variable", &["sunken"]),
];

/// What is not text but has to be seen.
const CONTROLS: &[(&str, &[&str])] = &[
    ("edge", &["surface", "raised", "overlay", "canvas"]),
    ("focus", &["surface", "canvas", "overlay"]),
    ("accent", &["surface", "accent-soft"]),
    ("mention-edge", &["surface", "mention-soft"]),
    ("danger", &["surface", "danger-soft"]),
    ("success", &["overlay"]),
    ("warning", &["overlay"]),
    ("online", &["surface", "canvas"]),
    ("away", &["surface", "canvas"]),
    ("dnd", &["surface", "canvas"]),
    ("offline", &["surface", "canvas"]),
];

/// The hues of `avatar-c0` to `avatar-c11` in `style/_ui.scss`.
const HUES: [f64; 12] = [12.0, 38.0, 62.0, 88.0, 122.0, 150.0, 182.0, 212.0, 242.0, 272.0, 304.0, 338.0];

/// The values of one mixin, as written.
fn set(name: &str) -> HashMap<&'static str, &'static str> {
    let start = TOKENS.find(&format!("@mixin {name} {{")).expect("the tokens have this set");
    let body = TOKENS[start..].split("\n}").next().unwrap_or_default();
    body.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": ")).collect()
}

/// Relative luminance of an OKLCH colour, cut to what screens show.
#[expect(clippy::many_single_char_names, reason = "the names of the formula")]
fn luminance(lightness: f64, chroma: f64, hue: f64) -> f64 {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let red = 4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s;
    let green = -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s;
    let blue = -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s;
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}

/// Of a colour as written; one that is of one's own hue with this one.
fn luminance_of(value: &str, hue: u16) -> f64 {
    let value = value.replace("var(--own-hue)", &hue.to_string());
    let inner = value.trim_start_matches("oklch(").trim_end_matches(')');
    let parts: Vec<f64> =
        inner.split_whitespace().map(|part| part.trim_end_matches('%').parse().expect("a number")).collect();
    luminance(parts[0] / 100.0, parts[1], parts[2])
}

fn ratio(one: f64, other: f64) -> f64 {
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn check(theme: &str, pairs: &[(&str, &[&str])], least: f64, own: Option<u16>) -> Vec<String> {
    let mut values = set(theme);
    if own.is_some() {
        values.extend(set(&format!("own-{theme}")));
    }
    let hue = own.unwrap_or_default();
    let value = |name: &str| luminance_of(values.get(name).unwrap_or_else(|| panic!("{theme} has no {name}")), hue);
    let pairs = pairs.iter().flat_map(|(front, backs)| backs.iter().map(move |back| (*front, *back)));
    pairs
        .map(|(front, back)| (front, back, ratio(value(front), value(back))))
        .filter(|(.., found)| *found < least)
        .map(|(front, back, found)| format!("{theme} {own:?}: {front} on {back} is {found:.2}, not {least}"))
        .collect()
}

#[test]
fn everything_can_be_read() {
    let mut low = Vec::new();
    for theme in ["light", "dark"] {
        for own in std::iter::once(None).chain((0..360).step_by(5).map(Some)) {
            low.extend(check(theme, TEXT, 4.5, own));
            low.extend(check(theme, CONTROLS, 3.0, own));
        }
        let values = set(theme);
        let lightness: f64 = values["avatar-l"].trim_end_matches('%').parse().expect("a number");
        let chroma: f64 = values["avatar-c"].parse().expect("a number");
        for hue in HUES {
            let found = ratio(luminance(lightness / 100.0, chroma, hue), luminance(0.995, 0.005, hue));
            if found < 4.5 {
                low.push(format!("{theme}: initials at hue {hue} are {found:.2}"));
            }
        }
    }
    assert!(low.is_empty(), "{}", low.join("\n"));
}

#[test]
fn both_sets_have_the_same_roles() {
    let names = |theme| {
        let mut names: Vec<_> = set(theme).into_keys().collect();
        names.sort_unstable();
        names
    };
    assert_eq!(names("light"), names("dark"));
}
