//! What people say of themselves for a while: an emoji and a few words.

use std::borrow::Cow;

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    Millis, UserId,
    status::{ClearCustomStatus, CustomStatus, SetCustomStatus},
    text::emoji,
};

use crate::{
    browser,
    channel::Picker,
    chat::{Chat, use_chat},
    sidebar::Dialogues,
    state::Topic,
    time::{self, MINUTE, Wall},
    ui::{Button, ButtonKind, Dialog, Icon, IconButton, Popover, TextField},
    words,
};

/// What is offered before one has said anything: an emoji, a text, and a duration.
fn offered() -> [(&'static str, &'static str, &'static str); 5] {
    [
        ("calendar", words::said_meeting(), "one_hour"),
        ("hamburger", words::said_lunch(), "thirty_minutes"),
        ("sneezing_face", words::said_sick(), "today"),
        ("house", words::said_home(), "today"),
        ("palm_tree", words::said_holiday(), "this_week"),
    ]
}

/// For how long, as the API calls it and as people do.
fn durations() -> [(&'static str, &'static str); 6] {
    [
        ("", words::said_until_change()),
        ("thirty_minutes", words::said_30_minutes()),
        ("one_hour", words::said_hour()),
        ("four_hours", words::said_4_hours()),
        ("today", words::search_today()),
        ("this_week", words::said_this_week()),
    ]
}

/// When something of this duration ends that begins now; nothing if it does not.
fn end(duration: &str, now: Millis) -> Option<Millis> {
    let wall = Wall::of(now, browser::offset_minutes(now));
    let midnight = |days: i64| time::moment(wall.days + days, 0, browser::offset_minutes) - 1_000;
    match duration {
        "thirty_minutes" => Some(now + 30 * MINUTE),
        "one_hour" => Some(now + 60 * MINUTE),
        "four_hours" => Some(now + 240 * MINUTE),
        "today" => Some(midnight(1)),
        "this_week" => Some(midnight(wall.until_monday())),
        _ => None,
    }
}

/// What somebody says of themselves, where they say something: the emoji, and the words too if asked for. Beside a name,
/// also that they are a guest.
#[component]
pub fn SaidOf(user: UserId, #[prop(optional)] full: bool) -> impl IntoView {
    let chat = use_chat();
    let said = Memo::new(move |_| chat.read(Topic::User(user), |m| m.custom_status(user, chat.now())));
    let guest = move || {
        let is_guest = !full && chat.read(Topic::User(user), |m| m.is_guest(user));
        is_guest.then(|| view! { <span class="badge">{words::person_guest()}</span> })
    };
    let said = move || {
        let said = said.get()?;
        chat.emoji.track();
        let glyph = glyph(chat, &said.emoji);
        Some(if full {
            let until = until(chat, &said);
            view! {
                <p class="said">
                    <span class="said-emoji" aria-hidden="true">{glyph}</span>
                    <span class="said-text" dir="auto">{said.text}</span>
                    {until.map(|until| view! { <small>{until}</small> })}
                </p>
            }
            .into_any()
        } else {
            let tip = if said.text.is_empty() { said.emoji.replace('_', " ") } else { said.text };
            view! { <span class="said-emoji" role="img" aria-label=tip.clone() data-tip=tip>{glyph}</span> }.into_any()
        })
    };
    view! { {said}{guest} }
}

fn until(chat: Chat, said: &CustomStatus) -> Option<String> {
    let at = crate::state::ends_at(said)?;
    Some(words::said_until(&crate::waiting::named(chat, at)))
}

/// The emoji with a name: the character, or the picture of one that somebody added.
fn glyph(chat: Chat, name: &str) -> AnyView {
    match chat.read(Topic::Emoji, |m| m.emoji_picture(name)) {
        Some(src) => view! { <img class="emoji" src=src alt="" /> }.into_any(),
        None => emoji::by_name(name).map_or_else(|| format!(":{name}:"), Cow::into_owned).into_any(),
    }
}

/// What is asked for one's own status in words; once per page.
#[component]
pub fn StatusDialog() -> impl IntoView {
    let open = expect_context::<Dialogues>().status;
    view! {
        <Dialog open title=words::said_set()>
            <Form open />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let (me, before) = chat.peek(|m| (m.me, m.custom_status(m.me, browser::now())));
    let had = before.is_some();
    let before = before.unwrap_or_default();
    let text = RwSignal::new(before.text);
    let face = RwSignal::new(before.emoji);
    let duration = RwSignal::new(if had { before.duration } else { "today".to_owned() });
    let busy = RwSignal::new(false);
    let recent = chat.peek(crate::state::Model::recent_statuses);
    let picking = RwSignal::new(false);
    let pick = Callback::new(move |name: String| {
        picking.set(false);
        face.set(name);
    });
    // In the dialog, since what is outside of it cannot be pressed while it is open.
    let said_pick = move || {
        view! {
            <button
                type="button"
                class="btn said-pick"
                aria-label=words::said_choose_emoji()
                aria-expanded=move || if picking.get() { "true" } else { "false" }
                on:click=move |_| picking.update(|open| *open = !*open)
            >
                {move || {
                    let name = face.get();
                    chat.emoji.track();
                    if name.is_empty() { view! { <Icon name=Icon::Smile /> }.into_any() } else { glyph(chat, &name) }
                }}
            </button>
        }
    };
    let done = move |answer: Result<(), crate::client::Failure>, said: Option<CustomStatus>| {
        match answer {
            Ok(()) => {
                chat.update(|m| m.say(me, said));
                open.set(false);
            }
            Err(failure) => chat.complain(&failure),
        }
        busy.try_set(false);
    };
    let set = move |said: CustomStatus| {
        busy.set(true);
        spawn_local(async move {
            let call = SetCustomStatus { user_id: "me".into(), query: (), body: said.clone() };
            done(chat.client().send(call).await.map(drop), Some(said));
        });
    };
    let clear = move |_| {
        busy.set(true);
        spawn_local(async move {
            let call = ClearCustomStatus { user_id: "me".into(), query: (), body: () };
            done(chat.client().send(call).await.map(drop), None);
        });
    };
    let said = move |emoji: String, text: String, duration: String| CustomStatus {
        expires_at: end(&duration, browser::now()).map_or_else(|| CustomStatus::NO_END.to_owned(), time::iso),
        emoji: if emoji.is_empty() { "speech_balloon".to_owned() } else { emoji },
        text,
        duration,
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let text = text.with_untracked(|text| text.trim().to_owned());
        if !text.is_empty() || face.with_untracked(|face| !face.is_empty()) {
            set(said(face.get_untracked(), text, duration.get_untracked()));
        }
    };
    let offers: Vec<(String, String, String)> = if recent.is_empty() {
        offered().map(|(e, t, d)| (e.to_owned(), t.to_owned(), d.to_owned())).into()
    } else {
        recent.into_iter().map(|s| (s.emoji, s.text, s.duration)).collect()
    };
    let empty = Signal::derive(move || text.with(|t| t.trim().is_empty()) && face.with(String::is_empty));
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                <div class="settings-inline">
                    <Popover open=picking label=words::composer_emoji() class="emoji-picker" first="input" trigger=said_pick>
                        <Picker pick />
                    </Popover>
                    <TextField id="said" label=words::said_what() value=text max_length=CustomStatus::TEXT_MAX as u32 autofocus=true />
                    {had.then(|| view! { <IconButton icon=Icon::Close label=words::said_clear() on:click=clear /> })}
                </div>
                <div class="field">
                    <label class="field-label" for="said-for">{words::said_for()}</label>
                    <select class="input" id="said-for" prop:value=move || duration.get() on:change=move |event| duration.set(event_target_value(&event))>
                        {durations().map(|(value, name)| view! {
                            <option value=value selected=move || duration.get() == value>{name}</option>
                        }).collect_view()}
                    </select>
                </div>
                <ul class="when-list" aria-label=words::search_suggestions()>
                    {offers.into_iter().map(|(emoji, text, duration)| {
                        let lasts = durations().into_iter().find(|(value, _)| *value == duration).map_or("", |(_, name)| name);
                        let (shown, line) = (emoji.clone(), text.clone());
                        view! {
                            <li>
                                <button type="button" class="when-choice said-offer" on:click=move |_| set(said(emoji.clone(), text.clone(), duration.clone()))>
                                    <span class="said-emoji" aria-hidden="true">{move || { chat.emoji.track(); glyph(chat, &shown) }}</span>
                                    <span dir="auto">{line}</span>
                                    <small>{lasts}</small>
                                </button>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true busy disabled=empty>{words::said_set_button()}</Button>
            </footer>
        </form>
    }
}
