//! Finding messages and files: what one writes, what is offered while one writes, and what was found.

mod marks;
mod offers;

use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use model::{PostId, files::FileInfo};

use crate::{
    browser,
    channel::{Dress, FileCard},
    chat::use_chat,
    client::{Failure, percent_encoded},
    finds::Found,
    frame::{alone, go_to, jump, use_here},
    load,
    ui::{Button, Empty, Icon, IconButton, SkeletonList},
    words,
};
use marks::Marks;
use offers::{Offer, offers};

/// The id of what one writes into.
const INPUT: &str = "search-input";
/// What a page of messages has at most; more may follow after so many.
const PAGE: usize = 100;
/// Where the latest searches are kept in this browser, one a line.
const LATEST: &str = "searches";
const LATEST_KEPT: usize = 8;

/// What was found so far.
#[derive(Clone, Default, PartialEq)]
struct Results {
    posts: Vec<PostId>,
    files: Vec<FileInfo>,
    /// How many pages that were.
    pages: usize,
    /// Whether there may be more.
    more: bool,
}

/// The latest searches, the last one first.
fn latest() -> Vec<String> {
    browser::stored(LATEST).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn remember(text: &str) {
    let mut all = latest();
    all.retain(|known| known != text);
    all.insert(0, text.to_owned());
    all.truncate(LATEST_KEPT);
    browser::store(LATEST, &all.join("\n"));
}

/// The panel in which one searches. What is looked for is in the address.
#[component]
pub fn SearchPanel() -> impl IntoView {
    let chat = use_chat();
    let here = use_here();
    let go = go_to();
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|q| q.get("q")).unwrap_or_default());
    let in_files = Memo::new(move |_| query.with(|q| q.get("of").as_deref() == Some("files")));
    let marks = Memo::new(move |_| Marks::of(&asked.get()));
    let dress = Dress(Callback::new(move |html: String| marks.with(|marks| marks.mark(&html))));
    let found = RwSignal::new(None::<Result<Results, Failure>>);
    // Counts searches, so that a late answer to an earlier one is not shown.
    let turn = StoredValue::new(0_u32);
    let fetch = move |more: bool| {
        let text = asked.get_untracked();
        let before = match found.get_untracked() {
            Some(Ok(results)) if more => results,
            _ => Results::default(),
        };
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        if !more {
            found.set(None);
        }
        if text.trim().is_empty() {
            return;
        }
        let of_files = in_files.get_untracked();
        spawn_local(async move {
            let mut results = before;
            let page = results.pages as i64;
            let answer = if of_files {
                load::search_files(chat, text, page).await.map(|files| {
                    results.more = files.len() >= PAGE;
                    results.files.extend(files);
                })
            } else {
                load::search_posts(chat, text, page).await.map(|posts| {
                    results.more = posts.len() >= PAGE;
                    results.posts.extend(posts);
                })
            };
            results.pages += 1;
            if turn.try_get_value() == Some(mine) {
                found.try_set(Some(answer.map(|()| results)));
            }
        });
    };
    Effect::new(move |_| {
        asked.track();
        in_files.track();
        fetch(false);
    });
    let address = move |text: &str, files: bool| {
        let mut path = alone(here, chat) + "?panel=search";
        if !text.is_empty() {
            path.extend(["&q=", &percent_encoded(text)]);
        }
        if files {
            path += "&of=files";
        }
        path
    };
    let submit = {
        let go = go.clone();
        Callback::new(move |text: String| {
            let text = text.trim();
            if !text.is_empty() {
                remember(text);
            }
            go(&address(text, in_files.get_untracked()), true);
        })
    };
    let tab = {
        let go = go.clone();
        StoredValue::new(move |files: bool| go(&address(&asked.get_untracked(), files), true))
    };
    let state = Memo::new(move |_| match (asked.with(String::is_empty), found.get()) {
        (true, _) => State::Nothing,
        (false, None) => State::Waiting,
        (false, Some(Err(failure))) => State::Failed(failure.to_string()),
        (false, Some(Ok(results))) if results.posts.is_empty() && results.files.is_empty() => State::Empty,
        (false, Some(Ok(_))) => State::Found,
    });
    let posts = move || found.get().and_then(Result::ok).map(|r| r.posts).unwrap_or_default();
    let files = move || found.get().and_then(Result::ok).map(|r| r.files).unwrap_or_default();
    let more = Memo::new(move |_| matches!(found.get(), Some(Ok(results)) if results.more));
    let status = move || match state.get() {
        State::Empty => words::search_nothing().to_owned(),
        State::Found => {
            let count = if in_files.get() { files().len() } else { posts().len() } as i64;
            match (in_files.get(), more.get()) {
                (false, false) => words::search_messages(count),
                (false, true) => words::search_messages_or_more(count),
                (true, false) => words::search_files(count),
                (true, true) => words::search_files_or_more(count),
            }
        }
        _ => String::new(),
    };
    view! {
        <aside class="panel search-panel" aria-label=words::search_title()>
            <header class="panel-head">
                <a class="icon-btn back-btn only-narrow" href=move || alone(here, chat) aria-label=words::panel_back()><Icon name=Icon::ArrowLeft /></a>
                <div class="panel-title">
                    <h2>{words::search_title()}</h2>
                    <span class="panel-sub" role="status">{status}</span>
                </div>
                <IconButton icon=Icon::Close label=words::panel_close() shortcut="Esc" class="not-narrow" on:click=move |_| go(&alone(here, chat), false) />
            </header>
            <Asking asked submit in_files />
            <div class="tabs" role="group" aria-label=words::search_what()>
                <button type="button" class="tab" aria-pressed=move || (!in_files.get()).to_string() on:click=move |_| tab.with_value(|tab| tab(false))>{words::search_in_messages()}</button>
                <button type="button" class="tab" aria-pressed=move || in_files.get().to_string() on:click=move |_| tab.with_value(|tab| tab(true))>{words::search_in_files()}</button>
            </div>
            <div class="panel-scroll" tabindex="0">
                {move || match state.get() {
                    State::Nothing => view! { <Hints submit /> }.into_any(),
                    State::Waiting => view! { <SkeletonList rows=4 label=words::search_searching() /> }.into_any(),
                    State::Failed(text) => view! {
                        <Empty icon=Icon::Offline title=words::auth_did_not_work() text>
                            <Button on:click=move |_| fetch(false)>{words::try_again()}</Button>
                        </Empty>
                    }.into_any(),
                    State::Empty => view! {
                        <Empty icon=Icon::Search title=words::search_nothing() text=words::search_nothing_text() />
                    }.into_any(),
                    State::Found => {
                        // Here, and not above: what is shown later belongs to the place where it is shown.
                        provide_context(dress);
                        view! {
                            <ol class="results">
                                <For each=posts key=|id| *id let:id><Found id /></For>
                                <For each=files key=|file| file.id let:file><FoundFile file /></For>
                            </ol>
                            {move || more.get().then(|| view! {
                                <div class="inbox-more"><Button on:click=move |_| fetch(true)>{words::show_more()}</Button></div>
                            })}
                        }.into_any()
                    }
                }}
            </div>
        </aside>
    }
}

/// What the panel shows.
#[derive(Clone, PartialEq)]
enum State {
    Nothing,
    Waiting,
    Failed(String),
    Empty,
    Found,
}

/// Where one writes what to look for, and what is offered meanwhile.
#[component]
fn Asking(asked: Memo<String>, submit: Callback<String>, in_files: Memo<bool>) -> impl IntoView {
    let chat = use_chat();
    let text = RwSignal::new(asked.get_untracked());
    let open = RwSignal::new(false);
    let list = RwSignal::new(Vec::<Offer>::new());
    let chosen = RwSignal::new(None::<usize>);
    Effect::new(move |before: Option<()>| {
        let asked = asked.get();
        if before.is_some() || text.with_untracked(String::is_empty) {
            text.set(asked);
        }
        if before.is_none() {
            // The panel is on the screen with the next frame.
            browser::next_frame(|| browser::focus(INPUT));
        }
    });
    let look = move |value: String| {
        chosen.set(None);
        list.set(offers(chat, &value, in_files.get_untracked()));
        open.set(true);
        if let Some(name) = offers::person(&value) {
            spawn_local(async move {
                load::people(chat, name, 8).await;
                if text.try_get_untracked().as_ref() == Some(&value) {
                    list.set(offers(chat, &value, in_files.get_untracked()));
                }
            });
        }
    };
    let take = move |index: usize| {
        let Some(offer) = list.with_untracked(|list| list.get(index).cloned()) else { return };
        let value = offers::with(&text.get_untracked(), &offer.insert);
        text.set(value.clone());
        browser::focus(INPUT);
        look(value);
    };
    let send = move || {
        open.set(false);
        chosen.set(None);
        submit.run(text.get_untracked());
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let count = if open.get_untracked() { list.with_untracked(Vec::len) } else { 0 };
        match event.key().as_str() {
            "ArrowDown" if count > 0 => chosen.update(|n| *n = Some(n.map_or(0, |n| (n + 1) % count))),
            "ArrowUp" if count > 0 => chosen.update(|n| *n = Some(n.map_or(count - 1, |n| (n + count - 1) % count))),
            "Tab" | "Enter" if chosen.get_untracked().is_some() => take(chosen.get_untracked().unwrap_or_default()),
            "Enter" => send(),
            "Escape" if count > 0 => {
                open.set(false);
                event.stop_propagation();
            }
            _ => return,
        }
        event.prevent_default();
    };
    let shown = Memo::new(move |_| open.get() && list.with(|list| !list.is_empty()));
    view! {
        <form class="panel-search" role="search" on:submit=move |event| { event.prevent_default(); send(); }>
            <div class="input-wrap">
                <Icon name=Icon::Search />
                <input
                    class="input"
                    id=INPUT
                    type="search"
                    role="combobox"
                    aria-label=words::channel_search()
                    aria-expanded=move || shown.get().to_string()
                    aria-controls="search-offers"
                    aria-autocomplete="list"
                    aria-activedescendant=move || chosen.get().map(|n| format!("search-offer-{n}"))
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    enterkeyhint="search"
                    placeholder=words::search_placeholder()
                    maxlength="512"
                    prop:value=text
                    on:input=move |event| {
                        let value = event_target_value(&event);
                        text.set(value.clone());
                        look(value);
                    }
                    on:blur=move |_| open.set(false)
                    on:keydown=on_key
                />
            </div>
            <ul class="search-offers" id="search-offers" role="listbox" aria-label=words::search_suggestions() hidden=move || !shown.get()>
                {move || list.get().into_iter().enumerate().map(|(index, offer)| view! {
                    <li
                        class="search-offer"
                        id=format!("search-offer-{index}")
                        role="option"
                        aria-selected=move || (chosen.get() == Some(index)).to_string()
                        on:pointerdown=move |event| event.prevent_default()
                        on:click=move |_| take(index)
                    >
                        <span class="search-offer-name" dir="auto">{offer.shown}</span>
                        <span class="search-offer-hint" dir="auto">{offer.hint}</span>
                    </li>
                }).collect_view()}
            </ul>
        </form>
    }
}

/// What stands there before anything is looked for: the latest searches, and how to look.
#[component]
fn Hints(submit: Callback<String>) -> impl IntoView {
    let recent = RwSignal::new(latest());
    view! {
        <Show when=move || recent.with(|all| !all.is_empty())>
            <section class="search-recent" aria-labelledby="search-recent">
                <div class="search-recent-head">
                    <h3 id="search-recent">{words::search_recent()}</h3>
                    <button type="button" class="link-btn" on:click=move |_| { browser::store(LATEST, ""); recent.set(Vec::new()); }>{words::search_clear()}</button>
                </div>
                <ul>
                    {move || recent.get().into_iter().map(|text| {
                        let again = text.clone();
                        view! {
                            <li>
                                <button type="button" class="search-again" on:click=move |_| submit.run(again.clone())>
                                    <Icon name=Icon::Clock />
                                    <span dir="auto">{text}</span>
                                </button>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </section>
        </Show>
        <section class="search-help" aria-labelledby="search-help">
            <h3 id="search-help">{words::search_how()}</h3>
            <dl>
                {offers::help().map(|(how, what)| view! { <div><dt><code dir="ltr">{how}</code></dt><dd>{what}</dd></div> }).collect_view()}
            </dl>
        </section>
    }
}

/// One file that was found, with the way to its message.
#[component]
fn FoundFile(file: FileInfo) -> impl IntoView {
    let chat = use_chat();
    let jump = jump(true);
    let at = file.create_at;
    let (place, path, by) = chat.peek(|m| {
        let place = m.channels.get(&file.channel_id).map(|c| m.title(c)).unwrap_or_default();
        (place, m.path_of_post(file.post_id), m.name_of(file.user_id))
    });
    let day = move || chat.wall(at).date(chat.wall(chat.now()).year());
    let href = path.clone();
    view! {
        <li class="result result-file">
            <a class="result-place" href=href on:click=move |event| jump(&event, &path)>
                <span dir="auto">{place}</span>
                <time datetime=crate::time::iso(at)>{day}</time>
                <span dir="auto">{by}</span>
                <span class="result-jump">{words::search_jump()}</span>
            </a>
            <FileCard file />
        </li>
    }
}
