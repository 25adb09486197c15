//! Asks for a time: some that people often want, or any other.

use leptos::{ev, prelude::*};
use model::{AnyId, Millis, PostId};

use crate::{
    browser,
    chat::{Chat, use_chat},
    time::{self, MINUTE, Wall},
    ui::{Button, ButtonKind, Dialog, Icon, TextField},
    words,
};

/// What a time is asked for.
#[derive(Clone, Copy)]
pub enum When {
    /// To send what is written; the callback gets the time.
    Send(Callback<Millis>),
    /// To send a message that waits at another time.
    Move(AnyId),
    /// To be reminded of a post.
    Remind(PostId),
}

/// When, in words: `today at 14:00`, `tomorrow at 09:00`, `Monday, 2 March at 09:00`.
pub fn named(chat: Chat, at: Millis) -> String {
    let (wall, now) = (chat.wall(at), chat.wall(chat.now()));
    let clock = chat.clock(wall);
    match wall.days - now.days {
        0 => words::waiting_today(&clock),
        1 => words::waiting_tomorrow(&clock),
        _ => words::waiting_on(&wall.date(now.year()), &clock),
    }
}

/// What is offered: the words, and the time.
fn offered(what: When, now: Millis) -> Vec<(&'static str, Millis)> {
    let wall = Wall::of(now, browser::offset_minutes(now));
    let morning = |days| time::moment(days, 9 * 60, browser::offset_minutes);
    let monday = wall.days + wall.until_monday();
    let mut list = Vec::new();
    if matches!(what, When::Remind(_)) {
        list.extend([
            (words::waiting_20_minutes(), now + 20 * MINUTE),
            (words::waiting_hour(), now + 60 * MINUTE),
            (words::waiting_3_hours(), now + 180 * MINUTE),
        ]);
    } else {
        list.push((words::waiting_hour(), now + 60 * MINUTE));
    }
    list.push((words::waiting_morning(), morning(wall.days + 1)));
    if monday > wall.days + 1 {
        list.push((words::waiting_monday(), morning(monday)));
    }
    list
}

/// The question; once per page.
#[component]
pub fn WhenDialog(open: RwSignal<bool>, what: RwSignal<Option<When>>) -> impl IntoView {
    let title = move || match what.get() {
        Some(When::Remind(_)) => words::waiting_remind(),
        Some(When::Move(_)) => words::waiting_move(),
        _ => words::composer_send_later(),
    };
    view! {
        <Dialog open title=Signal::derive(move || title().to_owned())>
            {move || what.get().map(|what| view! { <Choices open what /> })}
        </Dialog>
    }
}

#[component]
fn Choices(open: RwSignal<bool>, what: When) -> impl IntoView {
    let chat = use_chat();
    let now = browser::now();
    let offered = offered(what, now);
    let first = offered.first().map_or(now, |(_, at)| *at);
    let wall = Wall::of(first, browser::offset_minutes(first));
    let (day, clock) = (RwSignal::new(wall.iso_date()), RwSignal::new(wall.clock()));
    let error = RwSignal::new(None::<String>);
    let choose = move |at| {
        open.set(false);
        super::at(chat, what, at);
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        match time::read(&day.get_untracked(), &clock.get_untracked(), browser::offset_minutes) {
            None => error.set(Some(words::waiting_say().to_owned())),
            Some(at) if at <= browser::now() => error.set(Some(words::waiting_passed().to_owned())),
            Some(at) => choose(at),
        }
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                <ul class="when-list">
                    {offered.into_iter().enumerate().map(|(n, (text, at))| view! {
                        <li>
                            <button type="button" class="when-choice" autofocus=n == 0 on:click=move |_| choose(at)>
                                <span>{text}</span>
                                <small>{named(chat, at)}</small>
                            </button>
                        </li>
                    }).collect_view()}
                </ul>
                <div class="when-own">
                    <TextField id="when-day" label=words::waiting_day() kind="date" value=day error=Signal::derive(move || error.get()) required=true />
                    <TextField id="when-clock" label=words::waiting_time() kind="time" value=clock required=true />
                </div>
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true icon=Icon::Clock>{words::waiting_this_time()}</Button>
            </footer>
        </form>
    }
}
