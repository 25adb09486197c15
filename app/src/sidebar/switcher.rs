//! Ctrl+K: to a channel or a person by a few letters.

use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    ChannelId, UserId,
    channels::{Channel, ChannelType},
};

use super::{ChannelIcon, Dialogues, list::presence_of};
use crate::{
    browser,
    chat::{Chat, use_chat},
    frame::go_to,
    load,
    ui::{Avatar, Dialog, Icon},
    words,
};

/// Something to go to.
#[derive(Clone, PartialEq)]
enum Goal {
    Channel(ChannelId),
    Person(UserId),
    /// A public channel one is not in yet.
    Join,
    Threads,
}

#[derive(Clone, PartialEq)]
struct Hit {
    goal: Goal,
    title: String,
    hint: String,
    path: String,
}

/// How many are offered.
const OFFERED: usize = 12;

/// What fits, the best first.
fn hits(chat: Chat, text: &str, public: &[Channel]) -> Vec<Hit> {
    let wanted = text.trim().trim_start_matches(['@', '~', '#']).to_lowercase();
    chat.peek(|m| {
        let team = m.current_team().map(|t| t.name.clone()).unwrap_or_default();
        let mut found: Vec<((u8, bool, i64), Hit)> = Vec::new();
        for channel in m.channels.values().filter(|c| c.delete_at == 0 && m.memberships.contains_key(&c.id)) {
            if channel.team_id.is_some() && channel.team_id != m.team {
                continue;
            }
            let title = m.title(channel);
            let username = channel.teammate(m.me).filter(|_| channel.kind == ChannelType::Direct);
            let handle = username.and_then(|id| m.users.get(&id)).map(|user| user.username.clone()).unwrap_or_default();
            let Some(rank) = rank(&wanted, &title, if handle.is_empty() { &channel.name } else { &handle }) else {
                continue;
            };
            let hint = if handle.is_empty() { String::new() } else { format!("@{handle}") };
            let hit = Hit { goal: Goal::Channel(channel.id), title, hint, path: m.path_of(channel) };
            found.push(((rank, !m.unread(channel.id).0, -channel.last_post_at), hit));
        }
        for user in m.users.values().filter(|u| u.delete_at == 0 && !wanted.is_empty() && m.direct_with(u.id).is_none())
        {
            let title = user.display_name();
            let Some(rank) = rank(&wanted, &title, &user.username) else { continue };
            let (hint, path) = (format!("@{}", user.username), format!("/{team}/messages/@{}", user.username));
            found.push(((rank + 1, true, 0), Hit { goal: Goal::Person(user.id), title, hint, path }));
        }
        for channel in public.iter().filter(|c| !wanted.is_empty() && !m.memberships.contains_key(&c.id)) {
            let Some(rank) = rank(&wanted, &channel.display_name, &channel.name) else { continue };
            let hit = Hit {
                goal: Goal::Join,
                title: channel.display_name.clone(),
                hint: words::join().to_owned(),
                path: m.path_of(channel),
            };
            found.push(((rank + 1, true, 0), hit));
        }
        if !wanted.is_empty()
            && let Some(rank) = rank(&wanted, words::inbox_title(), "threads")
        {
            let hit = Hit {
                goal: Goal::Threads,
                title: words::inbox_title().to_owned(),
                hint: String::new(),
                path: m.path_of_threads(),
            };
            found.push(((rank, m.inbox.unread == 0, 0), hit));
        }
        found.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.title.cmp(&b.1.title)));
        found.into_iter().take(OFFERED).map(|(_, hit)| hit).collect()
    })
}

/// How well a title or name fits: 0 is best.
pub fn rank(wanted: &str, title: &str, name: &str) -> Option<u8> {
    let title = title.to_lowercase();
    if wanted.is_empty() || title.starts_with(wanted) || name.starts_with(wanted) {
        return Some(0);
    }
    if title.split(|c: char| !c.is_alphanumeric()).any(|word| word.starts_with(wanted)) {
        return Some(1);
    }
    (title.contains(wanted) || name.contains(wanted)).then_some(2)
}

/// The dialog.
#[component]
pub fn Switcher() -> impl IntoView {
    let open = expect_context::<Dialogues>().switcher;
    view! {
        <Dialog open title=words::side_find() bare=true class="switcher">
            <Finder open />
        </Dialog>
    }
}

#[component]
fn Finder(open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let go = go_to();
    let text = RwSignal::new(String::new());
    let public = StoredValue::new(Vec::<Channel>::new());
    let find = move |text: &str| public.with_value(|public| hits(chat, text, public));
    let list = RwSignal::new(find(""));
    let chosen = RwSignal::new(0_usize);
    Effect::new(move |_| {
        browser::focus("switcher-input");
        spawn_local(async move {
            // Without them one still finds one's own.
            let channels = load::public_channels(chat).await.unwrap_or_default();
            if public.try_set_value(channels).is_none()
                && let Some(now) = text.try_get_untracked()
            {
                list.set(find(&now));
            }
        });
    });
    // What is chosen by the keys stays in sight.
    Effect::new(move |_| browser::reveal(&["switch-", chosen.get().to_string().as_str()].concat()));
    let update = move |value: String| {
        text.set(value.clone());
        list.set(find(&value));
        chosen.set(0);
        if value.trim().len() >= 2 {
            spawn_local(async move {
                load::people(chat, value.trim().trim_start_matches('@').to_lowercase(), 10).await;
                if text.try_get_untracked().as_ref() == Some(&value) {
                    list.set(find(&value));
                }
            });
        }
    };
    let choose = {
        let go = go.clone();
        move |index: usize| {
            if let Some(hit) = list.with_untracked(|list| list.get(index).cloned()) {
                open.set(false);
                go(&hit.path, false);
            }
        }
    };
    let by_click = choose.clone();
    let on_key = move |event: ev::KeyboardEvent| {
        let count = list.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|n| *n = (*n + 1) % count),
            "ArrowUp" => chosen.update(|n| *n = (*n + count - 1) % count),
            "Enter" => choose(chosen.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div class="input-wrap">
            <Icon name=Icon::Search />
            <input
                class="input"
                id="switcher-input"
                type="search"
                role="combobox"
                aria-label=words::side_find()
                aria-expanded="true"
                aria-controls="switcher-list"
                aria-activedescendant=move || format!("switch-{}", chosen.get())
                autocomplete="off"
                placeholder=words::side_find()
                on:input=move |event| update(event_target_value(&event))
                on:keydown=on_key
            />
        </div>
        <ul class="switch-list" id="switcher-list" role="listbox" aria-label=words::side_found()>
            {move || {
                let choose = by_click.clone();
                list.get()
                    .into_iter()
                    .enumerate()
                    .map(|(index, hit)| {
                        let choose = choose.clone();
                        view! {
                            <li
                                class="switch-row"
                                id=format!("switch-{index}")
                                role="option"
                                aria-selected=move || if chosen.get() == index { "true" } else { "false" }
                                on:click=move |_| choose(index)
                            >
                                {match hit.goal {
                                    Goal::Channel(id) => view! { <ChannelIcon id /> }.into_any(),
                                    Goal::Join => view! { <span class="side-icon"><Icon name=Icon::Hash /></span> }.into_any(),
                                    Goal::Threads => view! { <span class="side-icon"><Icon name=Icon::Threads /></span> }.into_any(),
                                    Goal::Person(id) => view! {
                                        <span class="side-icon">
                                            <Avatar id=id.to_string() name=hit.title.clone() size=20 presence=presence_of(chat, id) picture=chat.face(id) />
                                        </span>
                                    }.into_any(),
                                }}
                                <span class="side-name" dir="auto">{hit.title}</span>
                                <span class="switch-hint">{hit.hint}</span>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        {move || list.with(Vec::is_empty).then(|| view! { <p class="field-help">{words::side_none()}</p> })}
    }
}

#[cfg(test)]
mod tests {
    use super::rank;

    #[test]
    fn beginnings_fit_best() {
        assert_eq!(rank("des", "Design", "design"), Some(0));
        assert_eq!(rank("rev", "Design reviews", "x"), Some(1));
        assert_eq!(rank("sig", "Design", "design"), Some(2));
        assert_eq!(rank("zzz", "Design", "design"), None);
    }
}
