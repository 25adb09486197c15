//! How the app looks.

use leptos::prelude::*;

use super::parts::{Answer, Choices, Preferred, Section, Toggle, answer};
use crate::{
    actions, browser,
    chat::use_chat,
    state::Topic,
    ui::{Icon, IconButton, Languages},
    words,
};

fn themes() -> [Answer; 3] {
    [answer("", words::me_system()), answer("light", words::me_light()), answer("dark", words::me_dark())]
}

fn densities() -> [Answer; 2] {
    [
        Answer { value: "clean", label: words::display_comfortable(), help: words::display_comfortable_help() },
        Answer { value: "compact", label: words::display_compact(), help: words::display_compact_help() },
    ]
}

fn called() -> [Answer; 3] {
    [
        Answer { value: "nickname_full_name", label: words::profile_nickname(), help: words::display_nickname_help() },
        Answer { value: "full_name", label: words::display_full_name(), help: words::display_full_name_help() },
        answer("username", words::auth_user_name()),
    ]
}

/// The two kinds of clocks, by the values of Mattermost's `use_military_time`.
fn clocks() -> [Answer; 2] {
    [
        Answer { value: "true", label: words::display_24_hours(), help: words::display_24_such() },
        Answer { value: "false", label: words::display_12_hours(), help: words::display_12_such() },
    ]
}

/// Accents one can choose, as hues of the colour circle in degrees; their names are in the same order.
const ACCENTS: [&str; 9] = ["", "235", "265", "300", "340", "15", "45", "95", "140"];

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
    let usual = if words::language().twelve_hours { "false" } else { "true" };
    let clock = Preferred::new("display_settings", "use_military_time", usual);
    let joins = Preferred::new("advanced_settings", "join_leave", "true");
    let chat = use_chat();
    let threads = Signal::derive(move || chat.read(Topic::Preferences, |m| !m.is_flat()));
    let may_choose = chat.peek(crate::state::Model::may_choose_flat);
    let choose_threads = Callback::new(move |on: bool| {
        let value = if on { "on" } else { "off" };
        actions::prefer_anew(chat, "display_settings", "collapsed_reply_threads", value);
    });
    let previews = Preferred::new("display_settings", "link_previews", "true");
    let folded = Preferred::new("display_settings", "collapse_previews", "false");
    view! {
        <Section title=words::display_colours()>
            <Choices name="theme" legend=words::display_theme() answers=themes() chosen=theme on_choose=looks />
            <fieldset class="radios">
                <legend class="field-label">{words::display_accent()}</legend>
                <div class="accents">
                    {ACCENTS.into_iter().zip(words::display_accents().split('|')).map(|(hue, name)| view! {
                        <label class="accent" data-tip=name>
                            <input
                                type="radio"
                                name="accent"
                                aria-label=name
                                prop:checked=move || accent.get() == hue
                                on:change=move |_| accent.set(hue)
                            />
                            <span class=format!("accent-dot accent-{}", if hue.is_empty() { "own" } else { hue })><Icon name=Icon::Check /></span>
                        </label>
                    }).collect_view()}
                </div>
            </fieldset>
            <Hue accent />
        </Section>
        <Section title=words::search_in_messages()>
            <Choices name="density" legend=words::display_density() answers=densities() chosen=density.signal() on_choose=density.choose() />
            <Toggle on=joins.is_on() on_change=joins.switch() label=words::display_joins() help=words::display_joins_help() />
            {may_choose.then(|| view! {
                <Toggle on=threads on_change=choose_threads label=words::display_threads() help=words::display_threads_help() />
            })}
            <Toggle on=previews.is_on() on_change=previews.switch() label=words::preview_show() help=words::preview_show_help() />
            <Toggle on=folded.is_on() on_change=folded.switch() label=words::preview_folded() help=words::preview_folded_help() />
        </Section>
        <Section title=words::display_language()>
            <Languages />
            <Choices name="clock" legend=words::display_clock() answers=clocks() chosen=clock.signal() on_choose=clock.choose() />
        </Section>
        <Section title=words::display_people()>
            <Choices name="names" legend=words::display_names() answers=called() chosen=names.signal() on_choose=names.choose() />
        </Section>
    }
}

/// Any hue, for those whom none of the accents suits.
#[component]
fn Hue(accent: Preferred) -> impl IntoView {
    let shown = move || accent.get().parse::<u16>().unwrap_or(172).to_string();
    view! {
        <div class="field">
            <label class="field-label" for="accent_hue">{words::display_any_colour()}</label>
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
                <IconButton icon=Icon::Close label=words::display_back_to_pine() on:click=move |_| accent.set("") />
            </div>
            <p class="field-help">{words::display_hue_help()}</p>
        </div>
    }
}

/// Paints the page in the accent one has chosen, for as long as the page is open.
pub fn follow_accent() {
    let accent = Preferred::new("display_settings", "accent_hue", "");
    Effect::new(move |_| browser::set_accent(&accent.get()));
}
