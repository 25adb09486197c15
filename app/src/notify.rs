//! Notifications of the browser: shown, heard, and taken away when the message was read here or elsewhere.

#[cfg(target_arch = "wasm32")]
mod here {
    use std::{cell::RefCell, collections::HashMap};

    use leptos::prelude::{GetUntracked, Update};
    use model::{ChannelId, event::Posted};
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{AudioContext, Notification, NotificationOptions, OscillatorType};

    use crate::{browser, chat::Chat, state::notice::Notice};

    /// The most that are kept at once, to be taken away.
    const KEPT: usize = 50;

    thread_local! {
        static SHOWN: RefCell<HashMap<ChannelId, Vec<(Notice, Notification)>>> = RefCell::default();
        static AUDIO: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
    }

    /// Tells of a new message, if it is worth it.
    pub fn posted(chat: Chat, posted: &Posted) {
        let watched = browser::is_watched();
        let (open, thread) = (chat.open.get_untracked(), chat.thread.get_untracked());
        let notice = chat.peek(|m| {
            let flat = m.is_flat();
            m.notice(posted, |post| {
                let in_thread = post.root_id.is_some() && thread == Some(post.root_id);
                let in_channel = post.root_id.is_none() || flat;
                watched && (in_thread || (in_channel && open == Some(post.channel_id)))
            })
        });
        let Some(notice) = notice else { return };
        if let Some(sound) = &notice.sound {
            play(sound);
        }
        show(chat, notice);
    }

    fn show(chat: Chat, notice: Notice) {
        if browser::notifications_allowed() != Some(true) {
            return;
        }
        let options = NotificationOptions::new();
        options.set_body(&notice.text);
        options.set_icon("/icon-192.png");
        // Several tabs show it once.
        options.set_tag(&notice.post.to_string());
        options.set_silent(Some(true));
        // On phones only a service worker may show one.
        let Ok(shown) = Notification::new_with_options(&notice.title, &options) else { return };
        let path = chat.peek(|m| m.path_of_post(notice.post));
        let press = Closure::once_into_js(move |_: web_sys::Event| {
            let _ = leptos::prelude::window().focus();
            chat.visit.try_update(|visit| *visit = Some(path));
        });
        shown.set_onclick(Some(press.unchecked_ref()));
        SHOWN.with_borrow_mut(|all| {
            if all.values().map(Vec::len).sum::<usize>() < KEPT {
                all.entry(notice.channel).or_default().push((notice, shown));
            }
        });
    }

    /// Takes away what was read meanwhile, here or on another device.
    pub fn sweep(chat: Chat) {
        SHOWN.with_borrow_mut(|all| {
            all.retain(|channel, list| {
                list.retain(|(notice, shown)| {
                    let unread = chat.peek(|m| {
                        if notice.root.is_some() && !m.is_flat() {
                            m.thread_unread(notice.root)
                        } else {
                            m.memberships.get(channel).is_some_and(|member| member.last_viewed_at < notice.at)
                        }
                    });
                    if !unread {
                        shown.close();
                    }
                    unread
                });
                !list.is_empty()
            });
        });
    }

    /// Shows one for trial, with this text; false if none can be shown.
    pub fn show_test(text: &str) -> bool {
        let options = NotificationOptions::new();
        options.set_body(text);
        options.set_icon("/icon-192.png");
        browser::notifications_allowed() == Some(true) && Notification::new_with_options("Confab", &options).is_ok()
    }

    /// The tones of a sound: hertz, and when they begin, in seconds.
    fn tones(sound: &str) -> &'static [(f32, f64)] {
        match sound {
            "Ripple" => &[(523.25, 0.0), (659.25, 0.09), (783.99, 0.18)],
            "Down" => &[(783.99, 0.0), (523.25, 0.12)],
            "Hello" => &[(587.33, 0.0), (587.33, 0.14), (880.0, 0.28)],
            _ => &[(880.0, 0.0)],
        }
    }

    /// Plays a sound; nothing happens where the browser lets no page be heard before it was touched.
    pub fn play(sound: &str) {
        AUDIO.with_borrow_mut(|kept| {
            if kept.is_none() {
                *kept = AudioContext::new().ok();
            }
            let Some(audio) = kept else { return };
            let _ = audio.resume();
            for (hertz, after) in tones(sound) {
                let start = audio.current_time() + after;
                let (Ok(tone), Ok(volume)) = (audio.create_oscillator(), audio.create_gain()) else { return };
                tone.set_type(OscillatorType::Sine);
                tone.frequency().set_value(*hertz);
                let _ = volume.gain().set_value_at_time(0.0001, start);
                let _ = volume.gain().exponential_ramp_to_value_at_time(0.16, start + 0.015);
                let _ = volume.gain().exponential_ramp_to_value_at_time(0.0001, start + 0.4);
                let _ = tone.connect_with_audio_node(&volume);
                let _ = volume.connect_with_audio_node(&audio.destination());
                let _ = tone.start_with_when(start);
                let _ = tone.stop_with_when(start + 0.45);
            }
        });
    }
}

#[cfg(target_arch = "wasm32")]
pub use here::{play, posted, show_test, sweep};

use leptos::{prelude::*, task::spawn_local};

use crate::{browser, chat::use_chat, frame::go_to, state::Topic};

/// How long somebody has to be in a channel before its page is kept, in milliseconds.
const STAYS: u32 = 5_000;

/// Keeps notifications and the sign of the tab in step with what is unread; once per page.
#[component]
pub fn Notices() -> impl IntoView {
    let chat = use_chat();
    let go = go_to();
    Effect::new(move |_| {
        if let Some(path) = chat.visit.get() {
            chat.visit.set(None);
            go(&path, false);
        }
    });
    // What is unread in any team, and what is for oneself.
    let news = Memo::new(move |_| {
        chat.track(Topic::Inbox);
        chat.read(Topic::Channels, |m| {
            m.memberships.keys().map(|id| m.unread(*id)).fold(
                {
                    let (unread, mentions) = m.thread_news();
                    (unread > 0, mentions > 0)
                },
                |(unread, mentioned), (new, mentions)| (unread || new, mentioned || mentions > 0),
            )
        })
    });
    Effect::new(move |_| {
        let (unread, mentioned) = news.get();
        browser::set_favicon(if mentioned {
            "/favicon-mention.svg"
        } else if unread {
            "/favicon-unread.svg"
        } else {
            "/favicon.svg"
        });
    });
    Effect::new(move |_| browser::work_offline());
    // A channel one stays in is there the next time, even without the server.
    Effect::new(move |_| {
        let Some(id) = chat.open.get() else { return };
        spawn_local(async move {
            browser::pause(STAYS).await;
            if chat.open.try_get_untracked().flatten() == Some(id) {
                browser::keep_page(&browser::path());
            }
        });
    });
    #[cfg(target_arch = "wasm32")]
    Effect::new(move |_| {
        chat.track(Topic::Inbox);
        chat.track(Topic::Channels);
        sweep(chat);
    });
}

/// The server is heard by nobody.
#[cfg(not(target_arch = "wasm32"))]
pub fn play(_sound: &str) {}

/// The server shows nothing.
#[cfg(not(target_arch = "wasm32"))]
pub fn show_test(_text: &str) -> bool {
    false
}
