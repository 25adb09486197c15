//! How the app looks.

use leptos::prelude::*;

use super::parts::{Answer, Choices, Preferred, Section, Toggle, answer};
use crate::{
    browser,
    ui::{Icon, IconButton},
    words,
};

const THEMES: &[Answer] = &[answer("", "Like the system"), answer("light", "Light"), answer("dark", "Dark")];

const DENSITIES: &[Answer] = &[
    Answer { value: "clean", label: "Comfortable", help: "Pictures, and room between messages." },
    Answer { value: "compact", label: "Compact", help: "More messages on the screen." },
];

const NAMES: &[Answer] = &[
    Answer { value: "nickname_full_name", label: "Nickname", help: "Else first and last name, else the user name." },
    Answer { value: "full_name", label: "First and last name", help: "Else the user name." },
    answer("username", "User name"),
];

/// Accents one can choose, as hues of the colour circle in degrees, and what they are called.
const ACCENTS: &[(&str, &str)] = &[
    ("", "Pine"),
    ("235", "Sky"),
    ("265", "Indigo"),
    ("300", "Violet"),
    ("340", "Plum"),
    ("15", "Rose"),
    ("45", "Copper"),
    ("95", "Olive"),
    ("140", "Leaf"),
];

#[component]
pub fn DisplayPage() -> impl IntoView {
    let theme = RwSignal::new(browser::stored("theme").unwrap_or_default());
    let looks = move |value: String| {
        browser::set_theme(&value);
        theme.set(value);
    };
    let accent = Preferred::new("display_settings", "accent_hue", "");
    let density = Preferred::new("display_settings", "message_display", "clean");
    let names = Preferred::new("display_settings", "name_format", "nickname_full_name");
    let joins = Preferred::new("advanced_settings", "join_leave", "true");
    let previews = Preferred::new("display_settings", "link_previews", "true");
    let folded = Preferred::new("display_settings", "collapse_previews", "false");
    view! {
        <Section title="Colours">
            <Choices name="theme" legend="Theme, in this browser" answers=THEMES chosen=theme on_choose=looks />
            <fieldset class="radios">
                <legend class="field-label">"Accent"</legend>
                <div class="accents">
                    {ACCENTS.iter().map(|(hue, name)| view! {
                        <label class="accent" data-tip=*name>
                            <input
                                type="radio"
                                name="accent"
                                aria-label=*name
                                prop:checked=move || accent.get() == *hue
                                on:change=move |_| accent.set(hue)
                            />
                            <span class=format!("accent-dot accent-{}", if hue.is_empty() { "own" } else { hue })><Icon name=Icon::Check /></span>
                        </label>
                    }).collect_view()}
                </div>
            </fieldset>
            <Hue accent />
        </Section>
        <Section title="Messages">
            <Choices name="density" legend="Density" answers=DENSITIES chosen=density.signal() on_choose=density.choose() />
            <Toggle on=joins.is_on() on_change=joins.switch() label="Show who joins and leaves" help="Lines in the channel that say so." />
            <Toggle on=previews.is_on() on_change=previews.switch() label=words::preview_show() help=words::preview_show_help() />
            <Toggle on=folded.is_on() on_change=folded.switch() label=words::preview_folded() help=words::preview_folded_help() />
        </Section>
        <Section title="People">
            <Choices name="names" legend="What people are called" answers=NAMES chosen=names.signal() on_choose=names.choose() />
        </Section>
    }
}

/// Any hue, for those whom none of the accents suits.
#[component]
fn Hue(accent: Preferred) -> impl IntoView {
    let shown = move || accent.get().parse::<u16>().unwrap_or(172).to_string();
    view! {
        <div class="field">
            <label class="field-label" for="accent_hue">"Or any colour"</label>
            <div class="settings-row">
                <input
                    class="hue"
                    id="accent_hue"
                    type="range"
                    min="0"
                    max="359"
                    prop:value=shown
                    on:input=move |event| browser::set_accent(&event_target_value(&event))
                    on:change=move |event| accent.set(&event_target_value(&event))
                />
                <IconButton icon=Icon::Close label="Back to pine" on:click=move |_| accent.set("") />
            </div>
            <p class="field-help">"Only the hue changes: text stays readable with every one."</p>
        </div>
    }
}

/// Paints the page in the accent one has chosen, for as long as the page is open.
pub fn follow_accent() {
    let accent = Preferred::new("display_settings", "accent_hue", "");
    Effect::new(move |_| browser::set_accent(&accent.get()));
}
