//! The standard emoji: by the names people type, by character, and in the groups a picker shows.
//!
//! Names are those of Mattermost: gemoji's (`smile`, `+1`, `thumbsup`), the character's Unicode name where
//! gemoji has none (`thinking_face`), the country's code for flags (`flag-fr`), and with the tone behind for
//! skin tones (`wave_dark_skin_tone`). Custom emoji are the server's and not here.

use emojis::{Group, SkinTone, UnicodeVersion};
use std::{collections::HashMap, sync::LazyLock};

/// The longest name an emoji may have.
pub const MAX_NAME: usize = 64;

/// What is offered before somebody has used any, the most common first.
pub const COMMON: &[&str] = &[
    "+1",
    "white_check_mark",
    "heart",
    "joy",
    "tada",
    "eyes",
    "pray",
    "smile",
    "raised_hands",
    "rocket",
    "100",
    "fire",
    "clap",
    "thinking",
    "wave",
    "-1",
    "cry",
    "heavy_check_mark",
];

/// A standard emoji: a name, the character and a description to read aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emoji {
    /// The name it goes by, without colons; it may have others.
    pub name: &'static str,
    /// The character, or characters.
    pub text: &'static str,
    /// What it shows, in English: "grinning face".
    pub title: &'static str,
}

/// A group of the picker.
#[derive(Clone, Debug)]
pub struct Category {
    /// The id of the group: `smileys-emotion`.
    pub name: &'static str,
    /// The emoji that stands for the group.
    pub icon: &'static str,
    /// What is in it, in Unicode's order.
    pub emoji: Vec<Emoji>,
}

/// Whether a text may be the name of an emoji: 1 to 64 of `a-z A-Z 0-9 _ + -`.
pub fn is_valid_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(is_name_byte)
}

/// Whether a byte may be in a name.
pub(crate) const fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-')
}

/// The character of this name: `smile`, `+1`, `flag-fr`, `wave_dark_skin_tone`.
pub fn by_name(name: &str) -> Option<&'static str> {
    if !is_valid_name(name) {
        return None;
    }
    if let Some(emoji) = find(name) {
        return Some(emoji.as_str());
    }
    if let Some((base, tone)) = TONES.iter().find_map(|(suffix, tone)| Some((name.strip_suffix(suffix)?, *tone))) {
        return Some(find(base)?.with_skin_tone(tone)?.as_str());
    }
    by_country(name.strip_prefix("flag-")?)
}

/// The name of this character, with or without a skin tone's.
pub fn by_text(text: &str) -> Option<String> {
    let emoji = emojis::get(text)?;
    let tone = emoji.skin_tone().and_then(|tone| TONES.iter().find(|(_, known)| *known == tone));
    match tone {
        Some((suffix, tone)) => {
            let base = emoji.with_skin_tone(SkinTone::Default)?;
            base.with_skin_tone(*tone)?;
            Some(format!("{}{suffix}", INDEX.primary.get(base.as_str())?))
        }
        None => INDEX.primary.get(emoji.as_str()).map(|name| (*name).to_owned()),
    }
}

/// Emoji one of whose names begins with `prefix`, then those that contain it; whatever the case.
pub fn search(prefix: &str, limit: usize) -> Vec<Emoji> {
    let wanted = prefix.to_ascii_lowercase();
    let mut found: Vec<Emoji> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let start = INDEX.sorted.partition_point(|(name, _)| *name < wanted.as_str());
    let beginning = INDEX.sorted[start..].iter().take_while(|(name, _)| name.starts_with(&wanted));
    let containing = INDEX.sorted.iter().filter(|(name, _)| name.contains(&wanted));
    for (name, emoji) in beginning.chain(containing) {
        if found.len() >= limit {
            break;
        }
        if seen.insert(emoji.as_str()) {
            found.push(Emoji { name, text: emoji.as_str(), title: emoji.name() });
        }
    }
    found
}

/// The groups of a picker, each with its emoji in their default skin tone.
pub fn categories() -> &'static [Category] {
    &CATEGORIES
}

/// What a picker can show: what fonts in use can.
const NEWEST: UnicodeVersion = UnicodeVersion::new(15, 0);

static CATEGORIES: LazyLock<Vec<Category>> = LazyLock::new(|| {
    Group::iter()
        .map(|group| {
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
            let emoji = group
                .emojis()
                .filter(|emoji| emoji.unicode_version() <= NEWEST)
                .filter_map(|emoji| {
                    let name = INDEX.primary.get(emoji.as_str())?;
                    Some(Emoji { name, text: emoji.as_str(), title: emoji.name() })
                })
                .collect();
            Category { name, icon, emoji }
        })
        .collect()
});

/// The tones as they stand behind a name, longer ones first where one ends like another.
const TONES: [(&str, SkinTone); 5] = [
    ("_medium_light_skin_tone", SkinTone::MediumLight),
    ("_medium_dark_skin_tone", SkinTone::MediumDark),
    ("_light_skin_tone", SkinTone::Light),
    ("_medium_skin_tone", SkinTone::Medium),
    ("_dark_skin_tone", SkinTone::Dark),
];

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

struct Index {
    /// From every name that gemoji does not have.
    more: HashMap<&'static str, &'static emojis::Emoji>,
    /// From character to the name it goes by.
    primary: HashMap<&'static str, &'static str>,
    /// Every name, in order.
    sorted: Vec<(&'static str, &'static emojis::Emoji)>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index { more: HashMap::new(), primary: HashMap::new(), sorted: Vec::new() };
    for emoji in emojis::iter() {
        for name in emoji.shortcodes() {
            index.sorted.push((name, emoji));
        }
        let unicode = slug(emoji.name());
        let known = emojis::get_by_shortcode(&unicode).is_some() || index.more.contains_key(unicode.as_str());
        if !known && is_valid_name(&unicode) {
            // Made once and kept for as long as the program runs.
            let name: &'static str = Box::leak(unicode.into_boxed_str());
            index.more.insert(name, emoji);
            index.sorted.push((name, emoji));
        }
        if let Some((name, _)) = index.sorted.last() {
            let name = emoji.shortcode().unwrap_or(name);
            if find_in(&index, name).is_some_and(|found| found.as_str() == emoji.as_str()) {
                index.primary.insert(emoji.as_str(), name);
            }
        }
    }
    for (name, text) in ALSO {
        if let Some(emoji) = emojis::get(text).filter(|_| find_in(&index, name).is_none()) {
            index.more.insert(name, emoji);
            index.sorted.push((name, emoji));
        }
    }
    index.sorted.sort_unstable_by_key(|(name, _)| *name);
    index
});

fn find(name: &str) -> Option<&'static emojis::Emoji> {
    find_in(&INDEX, name)
}

fn find_in(index: &Index, name: &str) -> Option<&'static emojis::Emoji> {
    emojis::get_by_shortcode(name).or_else(|| index.more.get(name).copied())
}

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

/// The flag of a country's two letters.
fn by_country(code: &str) -> Option<&'static str> {
    let letters =
        code.bytes().map(|byte| char::from_u32(0x1f1e6 + u32::from(byte.to_ascii_lowercase().checked_sub(b'a')?)));
    let flag: String = letters.collect::<Option<_>>()?;
    (code.len() == 2).then(|| emojis::get(&flag)).flatten().map(emojis::Emoji::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(by_name(name), Some(text), "{name}");
        }
        for name in
            ["", "nonsense", "flag-zz", "flag-", "flag-\u{e9}", "smile_dark_skin_tone", "a b", "_dark_skin_tone"]
        {
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
                assert_eq!(by_name(emoji.name), Some(emoji.text), "{emoji:?}");
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
}
