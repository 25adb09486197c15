//! What is asked before a channel is changed.

use leptos::{ev, prelude::*};
use model::{
    ChannelId,
    channels::{ArchiveChannel, ChannelPatch, HEADER_MAX},
};

use super::bookmarks::BookmarkDialog;
use crate::{
    actions,
    chat::use_chat,
    info::AddForm,
    settings::ChannelNotifications,
    ui::{Button, ButtonKind, Dialog, TextField},
    words,
};

/// Which questions about a channel are open.
#[derive(Clone, Copy)]
pub struct Ask {
    pub id: ChannelId,
    pub title: Memo<String>,
    pub editing: RwSignal<bool>,
    pub adding: RwSignal<bool>,
    pub archiving: RwSignal<bool>,
    pub notifying: RwSignal<bool>,
    pub bookmarking: RwSignal<bool>,
}

impl Ask {
    /// Whether one of them is to be opened.
    pub fn is_needed(self) -> bool {
        [self.editing, self.adding, self.archiving, self.notifying, self.bookmarking].iter().any(Get::get)
    }
}

/// The dialogs of a channel's header.
#[component]
pub fn HeaderDialogs(ask: Ask) -> impl IntoView {
    let Ask { id, title, editing, adding, archiving, notifying, bookmarking } = ask;
    view! {
        <Dialog open=editing title=words::channel_edit_header()>
            <HeaderForm id open=editing />
        </Dialog>
        <Dialog open=adding title=move || words::list_add_to(&title.get())>
            <AddForm id open=adding />
        </Dialog>
        <Dialog open=notifying title=move || words::list_notifications_of(&title.get())>
            <ChannelNotifications id open=notifying />
        </Dialog>
        <BookmarkDialog open=bookmarking channel=id of=None />
        <Dialog open=archiving title=words::channel_archive_ask()>
            <ArchiveForm id open=archiving />
        </Dialog>
    }
}

#[component]
fn HeaderForm(id: ChannelId, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let text = RwSignal::new(chat.peek(|m| m.channels.get(&id).map(|c| c.header.clone()).unwrap_or_default()));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let header = Some(text.get_untracked().trim().to_owned());
        actions::patch_channel(chat, id, ChannelPatch { header, ..ChannelPatch::default() });
        open.set(false);
    };
    view! {
        <form on:submit=submit>
            <div class="dialog-body">
                <TextField id="channel-header" label=words::channel_header() value=text help=words::channel_header_help() max_length=HEADER_MAX as u32 autofocus=true />
            </div>
            <footer class="dialog-foot">
                <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
                <Button kind=ButtonKind::Primary submit=true>{words::save()}</Button>
            </footer>
        </form>
    }
}

#[component]
fn ArchiveForm(id: ChannelId, open: RwSignal<bool>) -> impl IntoView {
    let chat = use_chat();
    let archive = move |_| {
        open.set(false);
        leptos::task::spawn_local(async move {
            if let Err(failure) = chat.client().send(ArchiveChannel { channel_id: id, query: (), body: () }).await {
                chat.complain(&failure);
            }
        });
    };
    view! {
        <div class="dialog-body"><p>{words::channel_archive_text()}</p></div>
        <footer class="dialog-foot">
            <Button on:click=move |_| open.set(false)>{words::cancel()}</Button>
            <Button kind=ButtonKind::Danger on:click=archive>{words::channel_archive()}</Button>
        </footer>
    }
}
