//! Pictures, documents and texts of a message, large, one after the other.

use leptos::{ev, html, prelude::*, task::spawn_local};
use model::files::FileInfo;

use super::files::{address, is_pages, is_shown, shown_at};
use crate::{
    browser,
    chat::use_chat,
    ui::{Empty, Icon, IconButton, SkeletonList},
    upload, words,
};

/// The viewer. Its dialog has the name of the file as its title.
#[component]
pub fn Viewer(files: RwSignal<Vec<FileInfo>>, at: RwSignal<usize>) -> impl IntoView {
    let count = Memo::new(move |_| files.with(Vec::len));
    let file = Memo::new(move |_| files.with(|all| all.get(at.get()).cloned()));
    let large = RwSignal::new(false);
    let turn = move |by: isize| {
        let count = count.get_untracked();
        if count > 1 {
            large.set(false);
            at.update(|n| *n = (*n as isize + by).rem_euclid(count as isize) as usize);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowLeft" if !large.get_untracked() => turn(if words::is_rtl() { 1 } else { -1 }),
        "ArrowRight" if !large.get_untracked() => turn(if words::is_rtl() { -1 } else { 1 }),
        "+" => large.set(true),
        "-" => large.set(false),
        _ => {}
    };
    view! {
        <div class="viewer" tabindex="0" autofocus on:keydown=on_key>
            {move || file.get().map(|file| {
                let address = address(&file);
                let picture = is_shown(&file);
                let about = if picture {
                    format!("{} × {} · {}", file.width, file.height, upload::size(file.size))
                } else {
                    upload::size(file.size)
                };
                let zoomed = Signal::derive(move || large.get());
                view! {
                    {if picture {
                        view! { <Picture file=file.clone() large /> }.into_any()
                    } else if is_pages(&file) {
                        view! { <Pages file=file.clone() /> }.into_any()
                    } else {
                        view! { <Text file=file.clone() /> }.into_any()
                    }}
                    <footer class="viewer-foot">
                        {(count.get() > 1).then(|| view! {
                            <IconButton icon=Icon::ChevronLeft label=words::file_previous() on:click=move |_| turn(-1) />
                            <span class="viewer-count" role="status">{words::file_of(&words::number(at.get() as i64 + 1), &words::number(count.get() as i64))}</span>
                            <IconButton icon=Icon::ChevronRight label=words::file_next() on:click=move |_| turn(1) />
                        })}
                        {picture.then(|| view! {
                            <IconButton icon=Icon::Search label=words::file_zoom() pressed=zoomed on:click=move |_| large.update(|large| *large = !*large) />
                        })}
                        <span class="file-meta">{about}</span>
                        <a class="btn btn-small" href=address.clone() target="_blank">{words::file_original()}</a>
                        <a class="btn btn-small btn-primary" href=format!("{address}?download=1") download=file.name.clone()>{words::file_download()}</a>
                    </footer>
                }
            })}
        </div>
    }
}

/// A picture: as large as there is room, or, after a press, as large as it is, to be moved about.
#[component]
fn Picture(file: FileInfo, large: RwSignal<bool>) -> impl IntoView {
    let stage = NodeRef::<html::Div>::new();
    let (fitting, whole) = (shown_at(&file), address(&file));
    // What was pressed stays under the pointer.
    let press = move |event: ev::MouseEvent| {
        let Some(stage) = stage.get_untracked() else { return };
        let area = stage.get_bounding_client_rect();
        let (across, down) = (
            (f64::from(event.client_x()) - area.left()) / area.width(),
            (f64::from(event.client_y()) - area.top()) / area.height(),
        );
        large.update(|large| *large = !*large);
        if large.get_untracked() {
            browser::next_frame(move || {
                let room = |whole: i32, seen: i32| f64::from((whole - seen).max(0));
                stage.set_scroll_left((room(stage.scroll_width(), stage.client_width()) * across) as i32);
                stage.set_scroll_top((room(stage.scroll_height(), stage.client_height()) * down) as i32);
            });
        }
    };
    view! {
        <div class="viewer-stage" data-large=move || large.get().then_some("") node_ref=stage on:click=press>
            <img
                class="viewer-img"
                src=move || if large.get() { whole.clone() } else { fitting.clone() }
                alt=file.name.clone()
                width=file.width.to_string()
                height=file.height.to_string()
            />
        </div>
    }
}

/// A document of pages, as the browser's own viewer shows it. Phones mostly have none.
#[component]
fn Pages(file: FileInfo) -> impl IntoView {
    if !browser::shows_pages() {
        return view! {
            <div class="viewer-none">
                <Empty icon=Icon::FileText title=words::file_pages_none() text=words::file_pages_none_text() />
            </div>
        }
        .into_any();
    }
    let shown = RwSignal::new(None::<Option<browser::ObjectAddress>>);
    let from = address(&file);
    spawn_local(async move {
        shown.try_set(Some(browser::object_address(&from, "application/pdf").await));
    });
    view! {
        <div class="viewer-pages">
            {move || shown.with(|shown| match shown {
                None => view! { <SkeletonList label=words::file_loading() /> }.into_any(),
                Some(Some(object)) => view! { <iframe title=file.name.clone() src=object.to_string()></iframe> }.into_any(),
                Some(None) => view! { <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{words::file_pages_failed()}</span></p> }.into_any(),
            })}
        </div>
    }
    .into_any()
}

/// A text, as a block of code where it is one.
#[component]
fn Text(file: FileInfo) -> impl IntoView {
    let chat = use_chat();
    let shown = RwSignal::new(None::<Result<String, String>>);
    let (from, kind) = (address(&file), file.extension.clone());
    spawn_local(async move {
        let text = chat.client().text(from).await;
        let html = text.map(|text| {
            // Longer than any fence in it.
            let fence = "`".repeat(text.split(|c| c != '`').map(str::len).max().unwrap_or_default().max(2) + 1);
            chat.peek(|m| super::html(m, &format!("{fence}{kind}\n{text}\n{fence}")))
        });
        shown.try_set(Some(html.map_err(|failure| failure.to_string())));
    });
    view! {
        <div class="viewer-text" tabindex="0">
            {move || match shown.get() {
                None => view! { <SkeletonList label=words::file_loading() /> }.into_any(),
                Some(Ok(html)) => view! { <div class="md" dir="auto" inner_html=html on:click=move |event| super::list::copy_code(&event, chat.toasts)></div> }.into_any(),
                Some(Err(reason)) => view! { <p class="field-error" role="alert"><Icon name=Icon::Alert /><span>{reason}</span></p> }.into_any(),
            }}
        </div>
    }
}
