//! The box one writes in: grows with the text, keeps it until it is sent, completes names, and says that one writes.

pub mod attach;
mod completion;
mod format;
mod paste;
pub mod priority;

use std::borrow::Cow;

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{ChannelId, Millis, PostId, commands::Given, posts::MESSAGE_MAX, text::emoji};
use web_sys::HtmlTextAreaElement;

use crate::{
    actions, browser,
    channel::{PickFor, formulas, html, use_over},
    chat::{Chat, Said, use_chat},
    frame::go_to,
    integrations,
    later::{Later, Part},
    state::{TYPING_LASTS, Topic, Written},
    ui::{Icon, IconButton, ToastKind},
    waiting::{self, When},
    words,
};
pub use attach::{Attached, Chips, Drop};
use completion::Completion;
pub use completion::{Above, CompletionList};
pub use format::Mark;
use paste::Pasted;
pub use priority::{Asked, PriorityCard};

/// How often the others are told that one writes, in milliseconds.
const TYPING_EVERY: Millis = 3_000;
/// From how many characters before the limit on what is left is shown.
const WARN: usize = 500;

/// Makes the box as high as its text; the style has the limits, and does it alone where the browser knows how.
pub fn grow(area: &HtmlTextAreaElement) {
    if browser::sizes_fields() {
        return;
    }
    let style = web_sys::HtmlElement::style(area);
    let _ = style.set_property("height", "auto");
    let _ = style.set_property("height", &format!("{}px", area.scroll_height()));
}

/// Writes into a channel, or into a thread of it.
#[component]
pub fn Composer(channel: ChannelId, root: PostId, #[prop(into)] placeholder: Signal<String>) -> impl IntoView {
    let chat = use_chat();
    let over = use_over();
    let place = waiting::place_of(channel, root);
    let key = StoredValue::new(format!("draft:{place}"));
    let area = NodeRef::<html::Textarea>::new();
    let text = RwSignal::new(String::new());
    let formats = RwSignal::new(false);
    let previews = RwSignal::new(false);
    let told = StoredValue::new(0 as Millis);
    let completion = Completion::new(channel);
    let attached = StoredValue::new(attach::of(chat, &place));
    let go = StoredValue::new(go_to());
    // Why a command was not done.
    let refused = RwSignal::new(None::<String>);

    let changed = move || {
        let Some(area) = area.get_untracked() else { return };
        grow(&area);
        let value = area.value();
        browser::store(&key.get_value(), &value);
        text.set(value);
        if chat.zoned.get_untracked() {
            waiting::typed(chat, channel, root, false);
        }
    };
    let set = move |value: &str| {
        if let Some(area) = area.get_untracked() {
            area.set_value(value);
            changed();
        }
    };
    // What was written before, or while the page was still waking up.
    Effect::new(move |done: Option<bool>| {
        let Some(element) = area.get() else { return false };
        if done == Some(true) {
            return true;
        }
        if element.value().is_empty() {
            element.set_value(&browser::stored(&key.get_value()).unwrap_or_default());
        }
        changed();
        if !browser::is_narrow() {
            // With the frame in which it is drawn: before, the browser would measure the page once more.
            browser::next_frame(move || {
                let _ = element.focus();
            });
        }
        true
    });
    // A message that did not get through comes back to be changed.
    let place_of_draft = StoredValue::new(place);
    Effect::new(move |_| {
        chat.draft_set.track();
        let taken =
            place_of_draft.with_value(|place| chat.drafts.try_update_value(|drafts| drafts.remove(place)).flatten());
        if let Some(draft) = taken {
            set(&draft);
        }
    });

    // Takes what is written, if it can be sent.
    let take = move || {
        let element = area.get_untracked()?;
        let message = element.value().trim_end().to_owned();
        let any_files = attached.with_value(|attached| attached.with_untracked(|all| !all.is_empty()));
        if (message.trim().is_empty() && !any_files) || message.chars().count() > MESSAGE_MAX {
            return None;
        }
        let files = match attached.with_value(attach::take) {
            Ok(files) => files,
            Err(reason) => {
                chat.toasts.show(ToastKind::Danger, reason);
                return None;
            }
        };
        set("");
        completion.close();
        told.set_value(0);
        refused.set(None);
        let _ = element.focus();
        let priority = if root.is_none() { priority::take(chat, channel) } else { None };
        Some(Written { message, files, priority })
    };
    let send = move || {
        let Some(written) = take() else { return };
        if written.message.starts_with('/') && written.files.is_empty() {
            let given = Given {
                channel_id: channel.to_string(),
                team_id: chat.peek(|m| m.team).to_string(),
                root_id: root.to_string(),
                command: written.message.clone(),
            };
            spawn_local(async move {
                match integrations::give(chat, given).await {
                    Ok(answer) => {
                        go.try_with_value(|go| integrations::arrive(go, &answer.goto_location));
                    }
                    Err(failure) => {
                        if refused.try_set(Some(failure.to_string())).is_none() && text.with_untracked(String::is_empty)
                        {
                            set(&written.message);
                        }
                    }
                }
            });
            return;
        }
        actions::write(chat, channel, root, written);
    };
    let send_at = Callback::new(move |at| {
        if let Some(written) = take() {
            waiting::schedule(chat, channel, root, written, at);
        }
    });
    let on_input = move |_| {
        changed();
        if refused.with_untracked(Option::is_some) {
            refused.set(None);
        }
        if let Some(element) = area.get_untracked() {
            completion.look(chat, &element);
        }
        let now = browser::now();
        if now - told.get_value() > TYPING_EVERY && !text.with_untracked(String::is_empty) {
            told.set_value(now);
            chat.say(Said::Typing(channel, root));
        }
    };
    let mark = move |mark: Mark| {
        if let Some(element) = area.get_untracked() {
            format::apply(chat, element, mark);
        }
    };
    let enter_breaks = Memo::new(move |_| {
        chat.read(Topic::Preferences, |m| m.preference("advanced_settings", "send_on_ctrl_enter") == Some("true"))
    });
    let on_key = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let Some(element) = area.get_untracked() else { return };
        if completion.key(&event, &element) {
            event.prevent_default();
            event.stop_propagation();
            changed();
            return;
        }
        let command = event.ctrl_key() || event.meta_key();
        let wanted = match event.key().to_lowercase().as_str() {
            "enter" if !event.shift_key() && !event.alt_key() && (command || !enter_breaks.get_untracked()) => {
                send();
                event.prevent_default();
                return;
            }
            "arrowup" if element.value().is_empty() && !event.alt_key() => {
                if let Some(id) = chat.peek(|m| m.last_own(channel, root)) {
                    event.prevent_default();
                    chat.editing.set(Some(id));
                }
                return;
            }
            "b" if command => Mark::Bold,
            "i" if command => Mark::Italic,
            "x" if command && event.shift_key() => Mark::Strike,
            "k" if command && event.alt_key() => Mark::Link,
            "p" if command && event.alt_key() => {
                previews.update(|p| *p = !*p);
                event.prevent_default();
                event.stop_propagation();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        mark(wanted);
    };
    let write = Callback::new(move |name: String| {
        if let Some(element) = area.get_untracked() {
            let picked = emoji::by_name(&name).map_or_else(|| format!(":{name}:"), Cow::into_owned);
            format::insert(chat, element, [&*picked, " "].concat());
        }
    });
    let left = move || MESSAGE_MAX as i64 - text.with(|t| t.chars().count()) as i64;
    let nothing = Signal::derive(move || {
        // Without scripts there is nobody to switch the button on.
        let empty = text.with(|t| t.trim().is_empty()) && attached.get_value().with(Vec::is_empty);
        chat.zoned.get() && (empty || left() < 0)
    });
    let paste = move |event: ev::ClipboardEvent| {
        let pasted = Pasted::of(&event);
        let files = event.clipboard_data().and_then(|data| data.files());
        // Text that is copied from some programs comes with a picture of itself; then the text is meant.
        if let Some(files) = files.filter(|files| files.length() > 0 && pasted.plain.is_empty()) {
            event.prevent_default();
            attach::add(chat, attached.get_value(), channel, attach::listed(&files));
        } else if let Some(element) = area.get_untracked().filter(|_| pasted.is_rich()) {
            event.prevent_default();
            paste::put(chat, element, pasted);
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        send();
    };
    let (me, back) = chat.peek(|m| (m.me, m.channels.get(&channel).map(|c| m.path_of(c)).unwrap_or_default()));
    let back = if root.is_some() { format!("{back}?thread={root}") } else { back };
    let pending = format!("{me}:{}", chat.made.get_value());
    view! {
        <form
            class="composer"
            method="post"
            action="/forms/post"
            on:submit=submit
        >
            <crate::teams::CsrfField />
            <input type="hidden" name="channel_id" value=channel.to_string() />
            <input type="hidden" name="root_id" value=root.to_string() />
            <input type="hidden" name="pending_post_id" value=pending />
            <input type="hidden" name="back" value=back />
            <Later part=Part::Completion(Above { completion, area, changed: Callback::new(move |()| changed()) }) />
            {move || refused.get().map(|reason| view! {
                <p class="composer-error" role="alert"><Icon name=Icon::Alert /><span>{reason}</span></p>
            })}
            <div class="composer-box">
                <Show when=move || formats.get()><Later part=Part::Formats(Callback::new(mark), previews) /></Show>
                <Later part=Part::Attached(attached, channel, root) />
                <Show when=move || previews.get()><Later part=Part::AsShown(text.into()) /></Show>
                <textarea
                    class="composer-input"
                    name="message"
                    rows="1"
                    placeholder=placeholder
                    aria-label=placeholder
                    aria-autocomplete="list"
                    aria-controls=move || completion.controls()
                    aria-activedescendant=move || completion.active()
                    dir="auto"
                    node_ref=area
                    on:input=on_input
                    on:keydown=on_key
                    on:paste=paste
                    on:blur=move |_| completion.close()
                ></textarea>
                <div class="composer-bar">
                    <attach::Choose attached=attached.get_value() channel />
                    <IconButton
                        icon=Icon::Format
                        label=words::composer_formatting()
                        pressed=Signal::derive(move || formats.get())
                        on:click=move |_| formats.update(|f| *f = !*f)
                    />
                    <IconButton
                        icon=Icon::Smile
                        label=words::composer_emoji()
                        popup="dialog"
                        on:click=move |event: ev::MouseEvent| over.pick_at(PickFor::Write(write), &event)
                    />
                    <IconButton
                        icon=Icon::At
                        label=words::composer_mention()
                        on:click=move |_| if let Some(element) = area.get_untracked() {
                            format::insert(chat, element, "@".to_owned());
                        }
                    />
                    {root.is_none().then(|| view! {
                        <IconButton
                            icon=Icon::Flag
                            label=words::priority_title()
                            popup="dialog"
                            on:click=move |event: ev::MouseEvent| over.ask_priority(channel, &event)
                        />
                    })}
                    <span class="composer-hint">
                        {move || {
                            let left = left();
                            (left < WARN as i64).then(|| if left < 0 { words::composer_too_many(-left) } else { words::composer_left(left) })
                        }}
                    </span>
                    <Show when=move || !nothing.get()>
                        <IconButton icon=Icon::Clock label=words::composer_send_later() popup="dialog" on:click=move |_| over.ask_when(When::Send(send_at)) />
                    </Show>
                    <button class="send" type="submit" aria-label=words::composer_send() disabled=nothing><Icon name=Icon::Send /></button>
                </div>
            </div>
            <TypingLine chat channel root />
        </form>
    }
}

/// Ways to mark what is selected, and a look at what becomes of it.
#[component]
pub fn Formats(mark: Callback<Mark>, previews: RwSignal<bool>) -> impl IntoView {
    view! {
        <div class="composer-format" role="toolbar" aria-label=words::composer_formatting()>
            <IconButton icon=Icon::Bold label=words::composer_bold() shortcut="Ctrl B" on:click=move |_| mark.run(Mark::Bold) />
            <IconButton icon=Icon::Italic label=words::composer_italic() shortcut="Ctrl I" on:click=move |_| mark.run(Mark::Italic) />
            <IconButton icon=Icon::Strike label=words::composer_struck() shortcut="Ctrl Shift X" on:click=move |_| mark.run(Mark::Strike) />
            <span class="bar-line"></span>
            <IconButton icon=Icon::Link label=words::composer_link() shortcut="Ctrl Alt K" on:click=move |_| mark.run(Mark::Link) />
            <IconButton icon=Icon::Code label=words::composer_code() on:click=move |_| mark.run(Mark::Code) />
            <IconButton icon=Icon::Quote label=words::composer_quote() on:click=move |_| mark.run(Mark::Quote) />
            <IconButton icon=Icon::List label=words::composer_list() on:click=move |_| mark.run(Mark::List) />
            <IconButton icon=Icon::ListOrdered label=words::composer_numbers() on:click=move |_| mark.run(Mark::Numbers) />
            <span class="bar-line"></span>
            <IconButton
                icon=Icon::Eye
                label=words::composer_preview()
                shortcut="Ctrl Alt P"
                pressed=Signal::derive(move || previews.get())
                on:click=move |_| previews.update(|p| *p = !*p)
            />
        </div>
    }
}

/// What is written, as the others will see it.
#[component]
pub fn AsShown(text: Signal<String>) -> impl IntoView {
    let chat = use_chat();
    let body = move || {
        chat.emoji.track();
        let html = text.with(|text| chat.peek(|m| html(m, text)));
        formulas::wait(chat, &html);
        html
    };
    view! {
        <section class="composer-preview" aria-label=words::composer_preview()>
            {move || if text.with(|text| text.trim().is_empty()) {
                view! { <p class="composer-preview-empty">{words::composer_preview_empty()}</p> }.into_any()
            } else {
                view! { <div class="md" dir="auto" inner_html=body></div> }.into_any()
            }}
        </section>
    }
}

/// Who else writes.
#[component]
fn TypingLine(chat: Chat, channel: ChannelId, root: PostId) -> impl IntoView {
    let later = RwSignal::new(0_u32);
    let names = Memo::new(move |_| {
        later.track();
        chat.read(Topic::Typing(channel), |m| m.typing_in(channel, root, browser::now()))
    });
    // Whoever stops is forgotten after a while.
    Effect::new(move |_| {
        chat.track(Topic::Typing(channel));
        let again = move || {
            let _ = later.try_update(|n| *n += 1);
        };
        set_timeout(again, std::time::Duration::from_millis(TYPING_LASTS as u64 + 100));
    });
    let text = move || {
        let names = names.get();
        match names.as_slice() {
            [] => None,
            [one] => Some(words::typing_one(one)),
            [one, two] => Some(words::typing_two(one, two)),
            _ => Some(words::typing_many().map(str::to_owned)),
        }
    };
    view! {
        <p class="typing" aria-live="off">
            {move || text().map(|[before, who, after]| view! {
                <span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span>
                <span>{before}<strong>{who}</strong>{after}</span>
            })}
        </p>
    }
}
