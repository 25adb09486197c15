//! The files of a message, and the view of one picture after the other.

use leptos::{ev, prelude::*};
use model::files::FileInfo;

use super::overlays::use_over;
use crate::{
    ui::{Icon, IconButton},
    upload, words,
};

/// Pictures up to this size are shown themselves, larger ones by their previews.
const SMALL: i64 = 200_000;

/// Where the content of a file is.
fn address(file: &FileInfo) -> String {
    format!("/api/v4/files/{}", file.id)
}

/// Where a picture is, not larger than a screen.
fn shown_at(file: &FileInfo) -> String {
    if file.has_preview_image && file.size > SMALL { format!("{}/preview", address(file)) } else { address(file) }
}

/// Whether it can be shown as a picture.
fn is_shown(file: &FileInfo) -> bool {
    file.is_picture() && (file.has_preview_image || file.mime_type == "image/gif")
}

/// What kind of file it is, for its sign.
fn kind_of(file: &FileInfo) -> &'static str {
    match (file.mime_type.split(['/', ';']).next(), file.extension.as_str()) {
        (_, "pdf") => "pdf",
        (Some("audio"), _) => "audio",
        (Some("video"), _) => "video",
        (_, "zip" | "gz" | "tar" | "7z" | "rar" | "xz" | "zst" | "bz2") => "archive",
        (
            _,
            "rs" | "js" | "ts" | "py" | "go" | "c" | "h" | "cpp" | "java" | "sh" | "json" | "toml" | "yaml" | "html"
            | "css" | "sql",
        ) => "code",
        (Some("text"), _) | (_, "doc" | "docx" | "odt" | "rtf" | "md") => "text",
        _ => "other",
    }
}

/// The files under a message.
#[component]
pub fn Files(files: Vec<FileInfo>) -> impl IntoView {
    let over = use_over();
    let pictures: Vec<FileInfo> = files.iter().filter(|f| is_shown(f)).cloned().collect();
    let pictures = StoredValue::new(pictures);
    let one = move |file: FileInfo| {
        if is_shown(&file) {
            let id = file.id;
            let open = move |event: ev::MouseEvent| {
                if event.ctrl_key() || event.meta_key() || event.shift_key() {
                    return;
                }
                event.prevent_default();
                let all = pictures.get_value();
                let at = all.iter().position(|f| f.id == id).unwrap_or_default();
                over.view_pictures(all, at);
            };
            return view! {
                <a class="image-card" href=address(&file) target="_blank" aria-label=words::file_picture(&file.name) on:click=open>
                    <img
                        src=shown_at(&file)
                        alt=file.name.clone()
                        width=file.width.to_string()
                        height=file.height.to_string()
                        loading="lazy"
                        decoding="async"
                    />
                </a>
            }
            .into_any();
        }
        view! { <FileCard file /> }.into_any()
    };
    view! { <div class="attachments" role="group" aria-label=words::file_list()>{files.into_iter().map(one).collect_view()}</div> }
}

/// A file that is not shown: what it is, and the way to it.
#[component]
pub fn FileCard(file: FileInfo) -> impl IntoView {
    let kind = kind_of(&file);
    let address = address(&file);
    let about = if file.extension.is_empty() {
        upload::size(file.size)
    } else {
        format!("{} · {}", file.extension.to_ascii_uppercase(), upload::size(file.size))
    };
    let played = match kind {
        "video" => {
            Some(view! { <video class="media" src=address.clone() controls preload="metadata"></video> }.into_any())
        }
        "audio" => {
            Some(view! { <audio class="media" src=address.clone() controls preload="metadata"></audio> }.into_any())
        }
        _ => None,
    };
    let icon = if matches!(kind, "text" | "code" | "pdf") { Icon::FileText } else { Icon::File };
    view! {
        {played}
        <a class="file-card" href=format!("{address}?download=1") download=file.name.clone() aria-label=words::file_download_name(&file.name)>
            <span class="file-type" data-kind=kind><Icon name=icon /></span>
            <span class="file-text">
                <span class="file-name" dir="auto">{file.name.clone()}</span>
                <span class="file-meta">{about}</span>
            </span>
            <Icon name=Icon::Download />
        </a>
    }
}

/// The pictures of a message, one after the other. Its dialog has the name as its title.
#[component]
pub fn Viewer(pictures: RwSignal<Vec<FileInfo>>, at: RwSignal<usize>) -> impl IntoView {
    let count = Memo::new(move |_| pictures.with(Vec::len));
    let picture = Memo::new(move |_| pictures.with(|all| all.get(at.get()).cloned()));
    let turn = move |by: isize| {
        let count = count.get_untracked();
        if count > 1 {
            at.update(|n| *n = (*n as isize + by).rem_euclid(count as isize) as usize);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowLeft" => turn(-1),
        "ArrowRight" => turn(1),
        _ => {}
    };
    view! {
        <div class="viewer" tabindex="0" autofocus on:keydown=on_key>
            {move || picture.get().map(|file| {
                let address = address(&file);
                let about = format!("{} × {} · {}", file.width, file.height, upload::size(file.size));
                view! {
                    <div class="viewer-stage">
                        <img class="viewer-img" src=shown_at(&file) alt=file.name.clone() width=file.width.to_string() height=file.height.to_string() />
                    </div>
                    <footer class="viewer-foot">
                        {(count.get() > 1).then(|| view! {
                            <IconButton icon=Icon::ChevronLeft label=words::file_previous() on:click=move |_| turn(-1) />
                            <span class="viewer-count" role="status">{words::file_of(&words::number(at.get() as i64 + 1), &words::number(count.get() as i64))}</span>
                            <IconButton icon=Icon::ChevronRight label=words::file_next() on:click=move |_| turn(1) />
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(mime_type: &str, extension: &str) -> FileInfo {
        FileInfo {
            mime_type: mime_type.into(),
            extension: extension.into(),
            width: 10,
            size: 10,
            ..FileInfo::default()
        }
    }

    #[test]
    fn kinds_have_signs_and_only_pictures_are_shown() {
        assert_eq!(kind_of(&file("application/pdf", "pdf")), "pdf");
        assert_eq!(kind_of(&file("text/plain; charset=utf-8", "txt")), "text");
        assert_eq!(kind_of(&file("video/mp4", "mp4")), "video");
        assert_eq!(kind_of(&file("application/octet-stream", "")), "other");
        assert!(is_shown(&file("image/gif", "gif")));
        assert!(!is_shown(&file("image/svg+xml", "svg")), "without a preview it stays a card");
        let large = FileInfo { has_preview_image: true, size: SMALL + 1, ..file("image/png", "png") };
        assert!(shown_at(&large).ends_with("/preview"));
    }
}
