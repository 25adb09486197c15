//! The table says what the `emojis` crate says, and answers as people expect.

use super::*;
use emojis::{Group, SkinTone, UnicodeVersion};
use std::{collections::HashMap, fmt::Write as _};

/// Names that chat uses and neither gemoji nor Unicode has (any more).
const ALSO: &[(&str, &str)] = &[
    ("admission_tickets", "🎟️"),
    ("barely_sunny", "🌥️"),
    ("beach_with_umbrella", "🏖️"),
    ("blond-haired-man", "👱‍♂️"),
    ("blond-haired-woman", "👱‍♀️"),
    ("card_index_dividers", "🗂️"),
    ("derelict_house_building", "🏚️"),
    ("double_vertical_bar", "⏸️"),
    ("face_palm", "🤦"),
    ("face_with_cowboy_hat", "🤠"),
    ("face_with_finger_covering_closed_lips", "🤫"),
    ("face_with_rolling_eyes", "🙄"),
    ("female-artist", "👩‍🎨"),
    ("female-astronaut", "👩‍🚀"),
    ("female-cook", "👩‍🍳"),
    ("female-doctor", "👩‍⚕️"),
    ("female-farmer", "👩‍🌾"),
    ("female-firefighter", "👩‍🚒"),
    ("female-mechanic", "👩‍🔧"),
    ("female-office-worker", "👩‍💼"),
    ("female-pilot", "👩‍✈️"),
    ("female-scientist", "👩‍🔬"),
    ("female-singer", "👩‍🎤"),
    ("female-student", "👩‍🎓"),
    ("female-teacher", "👩‍🏫"),
    ("female-technologist", "👩‍💻"),
    ("female_sign", "♀️"),
    ("film_projector", "📽️"),
    ("flag-england", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
    ("flag-scotland", "🏴󠁧󠁢󠁳󠁣󠁴󠁿"),
    ("flag-wales", "🏴󠁧󠁢󠁷󠁬󠁳󠁿"),
    ("frame_with_picture", "🖼️"),
    ("grinning_face_with_one_large_and_one_small_eye", "🤪"),
    ("hammer_and_wrench", "🛠️"),
    ("hand_with_index_and_middle_fingers_crossed", "🤞"),
    ("house_buildings", "🏘️"),
    ("hugging_face", "🤗"),
    ("keycap_star", "*️⃣"),
    ("knife_fork_plate", "🍽️"),
    ("left_speech_bubble", "🗨️"),
    ("lightning", "🌩️"),
    ("lightning_cloud", "🌩️"),
    ("lower_left_ballpoint_pen", "🖊️"),
    ("lower_left_crayon", "🖍️"),
    ("lower_left_fountain_pen", "🖋️"),
    ("lower_left_paintbrush", "🖌️"),
    ("male-artist", "👨‍🎨"),
    ("male-astronaut", "👨‍🚀"),
    ("male-cook", "👨‍🍳"),
    ("male-doctor", "👨‍⚕️"),
    ("male-farmer", "👨‍🌾"),
    ("male-firefighter", "👨‍🚒"),
    ("male-mechanic", "👨‍🔧"),
    ("male-office-worker", "👨‍💼"),
    ("male-pilot", "👨‍✈️"),
    ("male-scientist", "👨‍🔬"),
    ("male-singer", "👨‍🎤"),
    ("male-student", "👨‍🎓"),
    ("male-teacher", "👨‍🏫"),
    ("male-technologist", "👨‍💻"),
    ("male_sign", "♂️"),
    ("man-bowing", "🙇‍♂️"),
    ("man-facepalming", "🤦‍♂️"),
    ("man-gesturing-no", "🙅‍♂️"),
    ("man-gesturing-ok", "🙆‍♂️"),
    ("man-heart-man", "👨‍❤️‍👨"),
    ("man-raising-hand", "🙋‍♂️"),
    ("man-running", "🏃‍♂️"),
    ("man-shrugging", "🤷‍♂️"),
    ("man-tipping-hand", "💁‍♂️"),
    ("man-walking", "🚶‍♂️"),
    ("man-with-bunny-ears-partying", "👯‍♂️"),
    ("medical_symbol", "⚕️"),
    ("mostly_sunny", "🌤️"),
    ("partly_sunny_rain", "🌦️"),
    ("racing_motorcycle", "🏍️"),
    ("rain_cloud", "🌧️"),
    ("rainbow-flag", "🏳️‍🌈"),
    ("reversed_hand_with_middle_finger_extended", "🖕"),
    ("right_anger_bubble", "🗯️"),
    ("robot_face", "🤖"),
    ("serious_face_with_symbols_covering_mouth", "🤬"),
    ("shocked_face_with_exploding_head", "🤯"),
    ("simple_smile", "🙂"),
    ("smiling_face_with_3_hearts", "🥰"),
    ("smiling_face_with_smiling_eyes_and_hand_covering_mouth", "🤭"),
    ("sneezing_face", "🤧"),
    ("snow_capped_mountain", "🏔️"),
    ("snow_cloud", "🌨️"),
    ("spiral_calendar_pad", "🗓️"),
    ("spiral_note_pad", "🗒️"),
    ("spock-hand", "🖖"),
    ("staff_of_aesculapius", "⚕️"),
    ("star-struck", "🤩"),
    ("sun_behind_cloud", "🌥️"),
    ("sun_behind_rain_cloud", "🌦️"),
    ("sun_small_cloud", "🌤️"),
    ("table_tennis_paddle_and_ball", "🏓"),
    ("the_horns", "🤘"),
    ("three_button_mouse", "🖱️"),
    ("thunder_cloud_and_rain", "⛈️"),
    ("upside_down_face", "🙃"),
    ("waving_black_flag", "🏴"),
    ("waving_white_flag", "🏳️"),
    ("white_frowning_face", "☹️"),
    ("woman-bowing", "🙇‍♀️"),
    ("woman-facepalming", "🤦‍♀️"),
    ("woman-gesturing-no", "🙅‍♀️"),
    ("woman-gesturing-ok", "🙆‍♀️"),
    ("woman-heart-man", "👩‍❤️‍👨"),
    ("woman-heart-woman", "👩‍❤️‍👩"),
    ("woman-raising-hand", "🙋‍♀️"),
    ("woman-running", "🏃‍♀️"),
    ("woman-shrugging", "🤷‍♀️"),
    ("woman-tipping-hand", "💁‍♀️"),
    ("woman-walking", "🚶‍♀️"),
    ("woman-with-bunny-ears-partying", "👯‍♀️"),
];

/// What a picker can show: what fonts in use can.
const NEWEST: UnicodeVersion = UnicodeVersion::new(15, 0);

const CRATE_TONES: [SkinTone; 5] =
    [SkinTone::Light, SkinTone::MediumLight, SkinTone::Medium, SkinTone::MediumDark, SkinTone::Dark];

/// A Unicode name as one types it: "thinking face" is `thinking_face`.
fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.ends_with('_') && !slug.is_empty() {
            slug.push('_');
        }
    }
    slug.truncate(slug.trim_end_matches('_').len());
    slug
}

/// Every emoji's names, the first the one it goes by.
fn all_names() -> HashMap<&'static str, Vec<String>> {
    let mut more: HashMap<String, &'static str> = HashMap::new();
    let mut names: HashMap<&'static str, Vec<String>> = HashMap::new();
    for emoji in emojis::iter() {
        let of = names.entry(emoji.as_str()).or_default();
        of.extend(emoji.shortcodes().map(str::to_owned));
        let unicode = slug(emoji.name());
        let known = emojis::get_by_shortcode(&unicode).is_some() || more.contains_key(&unicode);
        if !known && is_valid_name(&unicode) {
            more.insert(unicode.clone(), emoji.as_str());
            of.push(unicode);
        }
    }
    for (name, text) in ALSO {
        if let Some(emoji) = emojis::get(text)
            && emojis::get_by_shortcode(name).is_none()
            && !more.contains_key(*name)
        {
            more.insert((*name).to_owned(), emoji.as_str());
            names.entry(emoji.as_str()).or_default().push((*name).to_owned());
        }
    }
    names
}

fn tones_of(emoji: &'static emojis::Emoji) -> String {
    let toned: Vec<&str> =
        CRATE_TONES.iter().filter_map(|tone| emoji.with_skin_tone(*tone).map(emojis::Emoji::as_str)).collect();
    let by_rule: Vec<String> = TONES.iter().map(|tone| table::with_tone(emoji.as_str(), tone.modifier)).collect();
    if toned.is_empty() {
        String::new()
    } else if toned == by_rule {
        "+".to_owned()
    } else {
        toned.join(" ")
    }
}

/// The text of the table.
fn generated() -> String {
    let names = all_names();
    let mut text = String::new();
    for group in Group::iter() {
        let (name, icon) = match group {
            Group::SmileysAndEmotion => ("smileys-emotion", "😀"),
            Group::PeopleAndBody => ("people-body", "👋"),
            Group::AnimalsAndNature => ("animals-nature", "🐻"),
            Group::FoodAndDrink => ("food-drink", "🍔"),
            Group::TravelAndPlaces => ("travel-places", "🚗"),
            Group::Activities => ("activities", "⚽"),
            Group::Objects => ("objects", "💡"),
            Group::Symbols => ("symbols", "❤️"),
            Group::Flags => ("flags", "🏁"),
        };
        let _ = writeln!(text, "#{name}\t{icon}");
        for emoji in group.emojis() {
            let names = names.get(emoji.as_str()).filter(|names| !names.is_empty());
            let names = names.map_or_else(|| "-".to_owned(), |names| names.join(" "));
            let new = if emoji.unicode_version() > NEWEST { "new" } else { "" };
            let line = format!("{}\t{names}\t{}\t{}\t{new}", emoji.as_str(), emoji.name(), tones_of(emoji));
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

/// Written anew by `UPDATE=1 cargo test -p model emoji`.
#[test]
fn the_table_is_what_the_crate_says() {
    let wanted = generated();
    if std::env::var_os("UPDATE").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/text/emoji/table.txt");
        std::fs::write(file, &wanted).expect("the sources can be written");
    } else {
        assert!(wanted == TABLE, "table.txt is not what the crate says: UPDATE=1 cargo test -p model emoji");
    }
}

#[test]
fn every_character_of_the_crate_has_its_name() {
    for emoji in emojis::iter() {
        for text in std::iter::once(emoji).chain(CRATE_TONES.iter().filter_map(|tone| emoji.with_skin_tone(*tone))) {
            let text = text.as_str();
            // With a tone behind, a few names are longer than names may be.
            if let Some(name) = by_text(text).filter(|name| is_valid_name(name)) {
                assert_eq!(by_name(&name).as_deref(), Some(text), "{name}");
            }
            assert_eq!(by_text(&text.replace('\u{fe0f}', "")), by_text(text), "{text}: the sign may be left out");
        }
    }
}

#[test]
fn names_lead_to_characters() {
    for (name, text) in [
        ("smile", "😄"),
        ("+1", "👍"),
        ("-1", "👎"),
        ("thumbsup", "👍"),
        ("thumbsdown", "👎"),
        ("tada", "🎉"),
        ("thinking", "🤔"),
        ("thinking_face", "🤔"),
        ("slightly_smiling_face", "🙂"),
        ("simple_smile", "🙂"),
        ("flag-fr", "🇫🇷"),
        ("fr", "🇫🇷"),
        ("wave_dark_skin_tone", "👋🏿"),
        ("+1_medium_light_skin_tone", "👍🏼"),
        ("100", "💯"),
        ("heart", "❤️"),
    ] {
        assert_eq!(by_name(name).as_deref(), Some(text), "{name}");
    }
    for name in ["", "nonsense", "flag-zz", "flag-", "flag-\u{e9}", "smile_dark_skin_tone", "a b", "_dark_skin_tone"] {
        assert_eq!(by_name(name), None, "{name}");
    }
}

#[test]
fn characters_lead_to_names_that_lead_back() {
    assert_eq!(by_text("👍").as_deref(), Some("+1"));
    assert_eq!(by_text("👋🏿").as_deref(), Some("wave_dark_skin_tone"));
    assert_eq!(by_text("x"), None);
    for category in categories() {
        assert!(category.emoji.len() > 50, "{}", category.name);
        for emoji in &category.emoji {
            assert!(is_valid_name(emoji.name), "{emoji:?}");
            assert_eq!(by_name(emoji.name).as_deref(), Some(emoji.text), "{emoji:?}");
            assert_eq!(by_text(emoji.text).as_deref(), Some(emoji.name));
        }
    }
}

#[test]
fn names_have_a_form() {
    let long = "a".repeat(65);
    for (name, valid) in [("a", true), ("+1", true), ("A_b-9", true), ("", false), ("a b", false), ("é", false)] {
        assert_eq!(is_valid_name(name), valid, "{name}");
    }
    assert!(!is_valid_name(&long) && is_valid_name(&long[..64]));
}

#[test]
fn search_finds_beginnings_first_and_each_emoji_once() {
    let found = search("smil", 10);
    assert_eq!(found.len(), 10);
    assert!(found[0].name.starts_with("smil"));
    assert_eq!(search("THUMBSUP", 3)[0].text, "👍");
    assert_eq!(search("+1", 1)[0].text, "👍");
    assert!(search("no such thing", 5).is_empty());
    assert_eq!(search("", 7).len(), 7);
    let hearts = search("heart", 500);
    let mut texts: Vec<_> = hearts.iter().map(|emoji| emoji.text).collect();
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), hearts.len());
}

#[test]
fn every_other_name_leads_somewhere() {
    for (name, text) in ALSO {
        assert!(is_valid_name(name) && emojis::get(text).is_some(), "{name}");
        assert!(by_name(name).is_some(), "{name}");
    }
    assert!(ALSO.is_sorted());
}

#[test]
fn the_common_ones_exist() {
    assert!(COMMON.iter().all(|name| by_name(name).is_some()));
}
