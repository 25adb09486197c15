//! What a channel keeps at hand below its name: links, and files.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::{
    AnyId, ChannelId, FileId,
    bookmarks::{
        Bookmark, BookmarkPatch, CreateBookmark, DISPLAY_NAME_MAX, DeleteBookmark, FILE, LINK, NewBookmark,
        PatchBookmark, SortBookmark,
    },
    files::Uploaded,
    json,
};

use crate::{
    browser,
    chat::{Chat, use_chat},
    client::{Failure, percent_encoded},
    state::Topic,
    ui::{
        Button, ButtonKind, Dialog, Icon, IconButton, Menu, MenuItem, MenuLine, Notice, NoticeKind, TextField,
        ToastKind, point_of,
    },
    upload::{self, What},
    words,
};

/// The address of what a bookmark leads to.
fn address(bookmark: &Bookmark) -> String {
    if bookmark.kind == FILE { format!("/api/v4/files/{}", bookmark.file_id) } else { bookmark.link_url.clone() }
}

/// What was typed as an address: a bare name is one on the web.
fn completed(url: &str) -> String {
    let url = url.trim();
    if url.is_empty() || url.contains("://") { url.to_owned() } else { format!("https://{url}") }
}

/// A change that the server made, taken in before its event comes.
async fn change(chat: Chat, channel: ChannelId, id: AnyId, patch: BookmarkPatch) -> Result<(), Failure> {
    let call = PatchBookmark { channel_id: channel, bookmark_id: id, query: (), body: patch };
    let changed = chat.client().send(call).await?;
    chat.update(|m| m.bookmark_changed(changed.updated));
    Ok(())
}

async fn make(chat: Chat, channel_id: ChannelId, body: NewBookmark) -> Result<(), Failure> {
    let made = chat.client().send(CreateBookmark { channel_id, query: (), body }).await?;
    chat.update(|m| m.bookmark_changed(made));
    Ok(())
}

/// Removes one, with a way back.
fn remove(chat: Chat, bookmark: Bookmark) {
    spawn_local(async move {
        let (channel_id, bookmark_id) = (bookmark.channel_id, bookmark.id);
        match chat.client().send(DeleteBookmark { channel_id, bookmark_id, query: (), body: () }).await {
            Ok(gone) => {
                chat.update(|m| m.bookmark_changed(Bookmark { delete_at: gone.delete_at.max(1), ..gone }));
                let again = NewBookmark {
                    file_id: bookmark.file_id,
                    display_name: bookmark.display_name,
                    link_url: bookmark.link_url,
                    image_url: bookmark.image_url,
                    emoji: bookmark.emoji,
                    kind: bookmark.kind,
                };
                let put_back = move || {
                    let again = again.clone();
                    spawn_local(async move {
                        if let Err(failure) = make(chat, channel_id, again).await {
                            chat.complain(&failure);
                        }
                    });
                };
                chat.toasts.offer(ToastKind::Info, words::bookmark_removed(), words::undo(), put_back);
            }
            Err(failure) => chat.complain(&failure),
        }
    });
}

fn sort(chat: Chat, channel: ChannelId, id: AnyId, place: usize) {
    spawn_local(async move {
        let call = SortBookmark { channel_id: channel, bookmark_id: id, query: (), body: place as i64 };
        match chat.client().send(call).await {
            Ok(all) => chat.update(|m| m.take_bookmarks(channel, all)),
            Err(failure) => chat.complain(&failure),
        }
    });
}

/// The bar.
#[component]
pub fn Bookmarks(id: ChannelId) -> impl IntoView {
    let chat = use_chat();
    let all = Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.bookmarks.get(&id).cloned().unwrap_or_default()));
    let archived =
        Memo::new(move |_| chat.read(Topic::Channel(id), |m| m.channels.get(&id).is_some_and(|c| c.delete_at != 0)));
    let menu = RwSignal::new(false);
    let point = RwSignal::new(None);
    let chosen = RwSignal::new(None::<Bookmark>);
    let (adding, editing) = (RwSignal::new(false), RwSignal::new(false));
    let open_menu = move |bookmark: Bookmark, event: &ev::MouseEvent| {
        chosen.set(Some(bookmark));
        point.set(Some(point_of(event)));
        menu.set(true);
    };
    let one = move |bookmark: Bookmark| {
        let (by_press, by_button) = (bookmark.clone(), bookmark.clone());
        let sign = match (bookmark.emoji.as_str(), bookmark.kind.as_str()) {
            ("", FILE) => view! { <Icon name=Icon::File /> }.into_any(),
            ("", _) => view! { <Icon name=Icon::Link /> }.into_any(),
            (emoji, _) => {
                let name = format!(":{}:", emoji.trim_matches(':'));
                // The table of emoji may come after the bar.
                let html = move || {
                    chat.emoji.track();
                    chat.peek(|m| super::html(m, &name))
                };
                view! { <span class="bookmark-emoji" inner_html=html></span> }.into_any()
            }
        };
        view! {
            <li class="bookmark">
                <a
                    href=address(&bookmark)
                    target="_blank"
                    rel="noopener noreferrer"
                    on:contextmenu=move |event: ev::MouseEvent| if !archived.get_untracked() {
                        event.prevent_default();
                        open_menu(by_press.clone(), &event);
                    }
                >
                    {sign}
                    <span dir="auto">{bookmark.display_name.clone()}</span>
                </a>
                {(!archived.get()).then(|| view! {
                    <IconButton
                        icon=Icon::More
                        label=words::bookmark_actions(&bookmark.display_name)
                        popup="menu"
                        on:click=move |event: ev::MouseEvent| open_menu(by_button.clone(), &event)
                    />
                })}
            </li>
        }
    };
    view! {
        <nav class="bookmarks" aria-label=words::bookmarks()>
            <ul><For each=move || all.get() key=|bookmark| (bookmark.id, bookmark.update_at) children=one /></ul>
            <Show when=move || !archived.get()>
                <IconButton icon=Icon::Plus label=words::bookmark_new() popup="dialog" on:click=move |_| adding.set(true) />
            </Show>
        </nav>
        <Menu open=menu label=words::bookmarks() point=Signal::derive(move || point.get())>
            {move || chosen.get().map(|bookmark| view! { <Items bookmark all editing /> })}
        </Menu>
        <BookmarkDialog open=adding channel=id of=None />
        {move || chosen.get().map(|bookmark| view! { <BookmarkDialog open=editing channel=id of=Some(bookmark) /> })}
    }
}

/// What can be done with a bookmark.
#[component]
fn Items(bookmark: Bookmark, all: Memo<Vec<Bookmark>>, editing: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let (id, channel) = (bookmark.id, bookmark.channel_id);
    let place = all.with_untracked(|all| all.iter().position(|known| known.id == id)).unwrap_or_default();
    let count = all.with_untracked(Vec::len);
    let copied = if bookmark.kind == FILE { browser::origin() + &address(&bookmark) } else { address(&bookmark) };
    let copy = Callback::new(move |()| {
        browser::copy(&copied);
        chat.toasts.show(ToastKind::Success, words::link_copied());
    });
    let move_to = move |place: usize| Callback::new(move |()| sort(chat, channel, id, place));
    let gone = bookmark;
    view! {
        <MenuItem icon=Icon::Edit on_choose=Callback::new(move |()| editing.set(true))>{words::bookmark_edit()}</MenuItem>
        <MenuItem icon=Icon::Copy on_choose=copy>{words::copy_link()}</MenuItem>
        {(place > 0).then(|| view! { <MenuItem icon=Icon::ArrowUp on_choose=move_to(place - 1)>{words::bookmark_earlier()}</MenuItem> })}
        {(place + 1 < count).then(|| view! { <MenuItem icon=Icon::ArrowDown on_choose=move_to(place + 1)>{words::bookmark_later()}</MenuItem> })}
        <MenuLine />
        <MenuItem icon=Icon::Trash danger=true on_choose=Callback::new(move |()| remove(chat, gone.clone()))>{words::bookmark_remove()}</MenuItem>
    }
}

/// Asks for a bookmark, or changes one.
#[component]
pub fn BookmarkDialog(open: RwSignal<bool>, channel: ChannelId, of: Option<Bookmark>) -> impl IntoView {
    let title = if of.is_some() { words::bookmark_edit() } else { words::bookmark_new() };
    view! {
        <Dialog open title=title>
            <Form open channel of=of.clone() />
        </Dialog>
    }
}

#[component]
fn Form(open: RwSignal<bool>, channel: ChannelId, of: Option<Bookmark>) -> impl IntoView {
    let chat = use_chat();
    let known = of.clone().unwrap_or_default();
    let url = RwSignal::new(known.link_url);
    let name = RwSignal::new(known.display_name);
    let emoji = RwSignal::new(known.emoji);
    let file = RwSignal::new(None::<FileId>);
    let is_file = Memo::new(move |_| file.get().is_some());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let id = of.as_ref().map(|bookmark| bookmark.id);
    let keeps_file = of.as_ref().is_some_and(|bookmark| bookmark.kind == FILE);
    let input = NodeRef::<html::Input>::new();
    let chosen = move |_| {
        let Some(element) = input.get_untracked() else { return };
        let Some(picked) = element.files().and_then(|files| files.get(0)) else { return };
        element.set_value("");
        error.set(None);
        busy.set(true);
        if name.with_untracked(|name| name.trim().is_empty()) {
            name.set(picked.name().chars().take(DISPLAY_NAME_MAX).collect());
        }
        let path =
            format!("/api/v4/files?channel_id={channel}&bookmark=true&filename={}", percent_encoded(&picked.name()));
        let done = move |answer: Result<String, Failure>| {
            busy.try_set(false);
            let sent = answer.map_err(|failure| failure.to_string()).and_then(|text| {
                let uploaded = json::read::<Uploaded>(&text).ok().and_then(|mut all| all.file_infos.pop());
                uploaded.ok_or_else(|| words::bookmark_no_sense().to_owned())
            });
            match sent {
                Ok(info) => {
                    file.try_set(Some(info.id));
                }
                Err(reason) => {
                    error.try_set(Some(reason));
                }
            }
        };
        if upload::start(&path, What::Bare(&picked), |_| {}, done).is_none() {
            busy.set(false);
            error.set(Some(words::bookmark_not_sent().to_owned()));
        }
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let link_url = completed(&url.get_untracked());
        let mut display_name = name.get_untracked().trim().to_owned();
        if display_name.is_empty() {
            display_name = link_url.split("://").last().unwrap_or_default().chars().take(DISPLAY_NAME_MAX).collect();
        }
        let emoji = emoji.get_untracked().trim().trim_matches(':').to_owned();
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let done = match (id, file.get_untracked()) {
                (Some(id), _) => {
                    let link_url = (!keeps_file).then_some(link_url);
                    let patch = BookmarkPatch {
                        display_name: Some(display_name),
                        link_url,
                        emoji: Some(emoji),
                        ..BookmarkPatch::default()
                    };
                    change(chat, channel, id, patch).await
                }
                (None, Some(file_id)) => {
                    let new = NewBookmark { file_id, display_name, emoji, kind: FILE.into(), ..NewBookmark::default() };
                    make(chat, channel, new).await
                }
                (None, None) => {
                    let new =
                        NewBookmark { link_url, display_name, emoji, kind: LINK.into(), ..NewBookmark::default() };
                    make(chat, channel, new).await
                }
            };
            busy.try_set(false);
            match done {
                Ok(()) => {
                    open.try_set(false);
                }
                Err(failure) => {
                    error.try_set(Some(failure.to_string()));
                }
            }
        });
    };
    let incomplete = Signal::derive(move || {
        let target = keeps_file || is_file.get() || url.with(|url| !url.trim().is_empty());
        !target
    });
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                {move || error.get().map(|text| view! { <Notice kind=NoticeKind::Danger>{text}</Notice> })}
                {(!keeps_file).then(|| view! {
                    <Show when=move || !is_file.get()>
                        <TextField id="bookmark-url" label=words::bookmark_address() value=url autofocus=true />
                    </Show>
                })}
                <TextField id="bookmark-name" label=words::name() value=name max_length=DISPLAY_NAME_MAX as u32 help=words::bookmark_name_help() />
                <TextField id="bookmark-emoji" label=words::composer_emoji() note=words::optional() value=emoji help=words::bookmark_emoji_help() />
                {id.is_none().then(|| view! {
                    <input type="file" hidden aria-label=words::bookmark_file() node_ref=input on:change=chosen />
                    <Button icon=Icon::Paperclip on:click=move |_| if let Some(input) = input.get_untracked() { input.click() }>
                        {move || if is_file.get() { words::bookmark_file_there() } else { words::bookmark_file() }}
                    </Button>
                })}
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true busy disabled=incomplete>{words::save()}</Button>
            </footer>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::completed;

    #[test]
    fn a_bare_name_is_an_address_on_the_web() {
        assert_eq!(completed(" example.org/a "), "https://example.org/a");
        assert_eq!(completed("http://example.org"), "http://example.org");
        assert_eq!(completed(" "), "");
    }
}
