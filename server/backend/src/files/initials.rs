//! The picture of somebody who has none: initials on a colour that stays the same, drawn here.
//!
//! Letters are strokes with round ends on a grid of 8 by 12: no font is needed for 36 signs. Who is written in other
//! letters gets head and shoulders.

use super::pictures::SQUARE;
use image::{ImageFormat, Rgb, RgbImage};
use std::io::Cursor;
use unicode_normalization::UnicodeNormalization as _;

/// The colours of `style/_ui.scss`, by number.
const COLOURS: [[u8; 3]; 12] = [
    [162, 83, 94],
    [162, 87, 64],
    [154, 95, 36],
    [136, 106, 17],
    [101, 120, 43],
    [59, 127, 77],
    [0, 130, 115],
    [0, 126, 146],
    [44, 117, 166],
    [89, 106, 172],
    [124, 94, 160],
    [149, 85, 132],
];

/// Sign by sign its lines; a line is a row of points, two hexadecimal digits each: right, down.
#[rustfmt::skip]
const SIGNS: &[(char, &[&str])] = &[
    ('A', &["0c408c", "2868"]), ('B', &["0c00507183755606", "5677897b5c0c"]), ('C', &["8260301103091b3c6c8a"]),
    ('D', &["000c4c7a8884724000"]), ('E', &["80000c8c", "0666"]), ('F', &["80000c", "0666"]),
    ('G', &["8260301103091b3c6c8a8757"]), ('H', &["000c", "808c", "0686"]), ('I', &["404c"]),
    ('J', &["80897b5c3c1b09"]), ('K', &["000c", "8007", "348c"]), ('L', &["000c8c"]), ('M', &["0c0047808c"]),
    ('N', &["0c008c80"]), ('O', &["30507183897b5c3c1b09031130"]), ('P', &["0c0050718384765707"]),
    ('Q', &["30507183897b5c3c1b09031130", "598c"]), ('R', &["0c0050718384765707", "478c"]),
    ('S', &["826030110315365677897b5c2c0a"]), ('T', &["0080", "404c"]), ('U', &["00091b3c5c7b8980"]),
    ('V', &["004c80"]), ('W', &["002c446c80"]), ('X', &["008c", "800c"]), ('Y', &["004680", "464c"]),
    ('Z', &["00800c8c"]), ('0', &["30507183897b5c3c1b09031130"]), ('1', &["22404c"]),
    ('2', &["0220507183760c8c"]), ('3', &["01205071837556", "365677897b5c2c0b"]), ('4', &["6c600888"]),
    ('5', &["80100635557688897b5c2c0b"]), ('6', &["7150301205091b3c5c7b89887655351608"]), ('7', &["00803c"]),
    ('8', &["3656758371503011031536", "3617091b3c5c7b89775636"]), ('9', &["1b3c5c7a87837150301103041637577684"]),
];
const SHOULDERS: &[&str] =
    &["305061635434232130", "3151", "3252", "3353", "0c0a183757788a8c8b", "2868", "1979", "1a7a", "0b8b", "0c8c"];

/// A PNG of [`SQUARE`] by [`SQUARE`] pixels for somebody of an id and a name.
pub fn drawn(id: &str, name: &str) -> Vec<u8> {
    let [red, green, blue] = COLOURS[colour_of(id) as usize];
    let mut picture = RgbImage::from_pixel(SQUARE, SQUARE, Rgb([red, green, blue]));
    let signs = initials_of(name);
    let lines: Vec<(Vec<(f32, f32)>, f32)> = match signs.as_slice() {
        [one] => placed(one, 64.0, 5.4),
        [one, two] => [placed(one, 38.0, 4.2), placed(two, 90.0, 4.2)].concat(),
        _ => placed(SHOULDERS, 64.0, 6.0),
    };
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let at = (x as f32 + 0.5, y as f32 + 0.5);
        let ink = lines.iter().map(|(points, width)| width / 2.0 + 0.5 - distance(at, points)).fold(0.0, f32::max);
        let ink = ink.min(1.0) * 0.95;
        for channel in &mut pixel.0 {
            *channel = (f32::from(*channel) * (1.0 - ink) + 255.0 * ink) as u8;
        }
    }
    let mut out = Cursor::new(Vec::new());
    // Writing to memory; a picture without pixels is the only one that cannot be encoded.
    let _ = picture.write_to(&mut out, ImageFormat::Png);
    out.into_inner()
}

/// As the app shows it: FNV-1a, evenly spread.
fn colour_of(id: &str) -> u32 {
    let hash = id.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 15)) % COLOURS.len() as u32
}

/// The signs of the first and the last word; none if they are not ours to draw.
fn initials_of(name: &str) -> Vec<&'static [&'static str]> {
    let words = name.split(|c: char| c.is_whitespace() || matches!(c, '.' | '_' | '-'));
    let mut letters = words.filter_map(|word| word.nfd().find(|c| c.is_alphanumeric()));
    let both = letters.next().into_iter().chain(letters.next_back());
    let sign = |letter: char| {
        let letter = letter.to_ascii_uppercase();
        SIGNS.iter().find(|(known, _)| *known == letter).map(|(_, lines)| *lines)
    };
    both.map(sign).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// A sign's lines around a middle, at a scale; with the width of the stroke.
fn placed(lines: &[&str], middle: f32, scale: f32) -> Vec<(Vec<(f32, f32)>, f32)> {
    let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or_default() as f32;
    let point = |pair: &[u8]| {
        let (right, down) = (pair.first().copied().map_or(0.0, digit), pair.get(1).copied().map_or(0.0, digit));
        (middle + (right - 4.0) * scale, 64.0 + (down - 6.0) * scale)
    };
    lines.iter().map(|line| (line.as_bytes().chunks(2).map(point).collect(), scale * 1.7)).collect()
}

/// How far a point is from a row of lines.
fn distance(at: (f32, f32), points: &[(f32, f32)]) -> f32 {
    points
        .windows(2)
        .map(|pair| {
            let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
            let (dx, dy) = (bx - ax, by - ay);
            let along = (((at.0 - ax) * dx + (at.1 - ay) * dy) / (dx * dx + dy * dy).max(1e-6)).clamp(0.0, 1.0);
            (at.0 - ax - along * dx).hypot(at.1 - ay - along * dy)
        })
        .fold(f32::INFINITY, f32::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_picture() {
        for name in ["Maya Lindqvist", "émile", "tom.okafor", "李 明", "", "x"] {
            let picture = image::load_from_memory(&drawn("some-id", name)).expect("a picture");
            assert_eq!((picture.width(), picture.height()), (SQUARE, SQUARE), "{name}");
        }
        assert_ne!(drawn("a", "Ann"), drawn("a", "Bob"));
        assert_eq!(drawn("a", "Ann"), drawn("a", "Ada"), "an initial is one letter");
        assert_eq!(drawn("a", "émile"), drawn("a", "Emile"));
    }

    #[test]
    fn every_sign_has_lines_on_its_grid() {
        for (sign, lines) in SIGNS.iter().chain([&('?', SHOULDERS)]) {
            for line in *lines {
                assert!(line.len() % 2 == 0 && !line.is_empty(), "{sign}: {line}");
                let digits: Option<Vec<u32>> = line.chars().map(|c| c.to_digit(16)).collect();
                let digits = digits.unwrap_or_else(|| panic!("{sign}: {line}"));
                assert!(digits.chunks(2).all(|p| p[0] <= 8 && p[1] <= 12), "{sign}: {line}");
            }
        }
    }
}
