//! The files of a message, and the view of one picture after the other.

use leptos::{ev, prelude::*};
use model::{FileId, files::FileInfo};

use super::overlays::{Over, use_over};
use crate::{ui::Icon, upload, words};

/// Pictures up to this size are shown themselves, larger ones by their previews.
const SMALL: i64 = 200_000;
/// Texts up to this size are read in the viewer.
const READ: i64 = 300_000;
/// And documents of pages up to this.
const PAGES: i64 = 100_000_000;

/// Where the content of a file is.
pub fn address(file: &FileInfo) -> String {
    format!("/api/v4/files/{}", file.id)
}

/// Where a picture is, not larger than a screen.
pub fn shown_at(file: &FileInfo) -> String {
    if file.has_preview_image && file.size > SMALL { format!("{}/preview", address(file)) } else { address(file) }
}

/// Whether it can be shown as a picture.
pub fn is_shown(file: &FileInfo) -> bool {
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

/// Whether it can be read here: a text that is not too long.
pub fn is_read(file: &FileInfo) -> bool {
    let textual = match file.extension.as_str() {
        "doc" | "docx" | "odt" | "rtf" => false,
        _ => matches!(kind_of(file), "text" | "code"),
    };
    textual && file.size <= READ
}

/// Whether browsers show it as pages.
pub fn is_pages(file: &FileInfo) -> bool {
    file.mime_type == "application/pdf" && file.size <= PAGES
}

/// Whether the viewer has it.
fn is_viewed(file: &FileInfo) -> bool {
    is_shown(file) || is_read(file) || is_pages(file)
}

/// Opens one of several files in the viewer, unless the press was meant for the browser.
fn open(over: Over, all: StoredValue<Vec<FileInfo>>, id: FileId, event: &ev::MouseEvent) {
    if event.ctrl_key() || event.meta_key() || event.shift_key() {
        return;
    }
    event.prevent_default();
    let all = all.get_value();
    let at = all.iter().position(|f| f.id == id).unwrap_or_default();
    over.view_files(all, at);
}

/// The files under a message.
#[component]
pub fn Files(files: Vec<FileInfo>) -> impl IntoView {
    let over = use_over();
    let viewed = StoredValue::new(files.iter().filter(|f| is_viewed(f)).cloned().collect::<Vec<_>>());
    let one = move |file: FileInfo| {
        if is_shown(&file) {
            let id = file.id;
            let open = move |event: ev::MouseEvent| open(over, viewed, id, &event);
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
        view! { <FileCard file viewed /> }.into_any()
    };
    view! { <div class="attachments" role="group" aria-label=words::file_list()>{files.into_iter().map(one).collect_view()}</div> }
}

/// A file that is not shown: what it is, and the way to it. `viewed`: those that the viewer leads to from here.
#[component]
pub fn FileCard(
    file: FileInfo,
    #[prop(default = StoredValue::new(Vec::new()))] viewed: StoredValue<Vec<FileInfo>>,
) -> impl IntoView {
    let over = use_over();
    let (id, here) = (file.id, is_viewed(&file));
    if here && viewed.with_value(Vec::is_empty) {
        viewed.set_value(vec![file.clone()]);
    }
    let kind = kind_of(&file);
    let address = address(&file);
    let about = if file.extension.is_empty() {
        upload::size(file.size)
    } else {
        format!("{} · {}", file.extension.to_ascii_uppercase(), words::apart(&upload::size(file.size)))
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
    let saved = format!("{address}?download=1");
    let icon = if matches!(kind, "text" | "code" | "pdf") { Icon::FileText } else { Icon::File };
    view! {
        {played}
        <div class="file-card">
            <a
                class="file-open"
                href=if here || kind == "pdf" { address.clone() } else { saved.clone() }
                target=(here || kind == "pdf").then_some("_blank")
                on:click=move |event: ev::MouseEvent| if here { open(over, viewed, id, &event) }
            >
                <span class="file-type" data-kind=kind><Icon name=icon /></span>
                <span class="file-text">
                    <span class="file-name" dir="auto">{file.name.clone()}</span>
                    <span class="file-meta">{about}</span>
                </span>
            </a>
            <a class="icon-btn" href=saved download=file.name.clone() aria-label=words::file_download_name(&file.name)>
                <Icon name=Icon::Download />
            </a>
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
