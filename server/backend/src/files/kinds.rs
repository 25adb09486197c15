//! What kind of thing a file is, and how a browser may be given it.

/// What browsers may show in place; anything else is to be saved.
const SHOWN: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/bmp",
    "image/gif",
    "image/tiff",
    "image/webp",
    "image/avif",
    "video/avi",
    "video/mpeg",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "video/quicktime",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/webm",
    "audio/flac",
    "audio/aac",
    "audio/wav",
    "audio/x-wav",
    "application/pdf",
];
/// What a browser could take for a page or a script, and gets as plain text.
const ACTIVE: &[&str] = &[
    "application/javascript",
    "application/ecmascript",
    "application/x-javascript",
    "application/xhtml+xml",
    "application/xml",
    "text/xml",
    "text/xsl",
    "application/xslt+xml",
    "text/javascript",
    "text/ecmascript",
    "text/html",
];

/// What a name ends with, in lower case and without the dot; empty where it has no end.
pub fn extension(name: &str) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or_default();
    let sound = !stem.is_empty() && (1..=32).contains(&end.len());
    if sound { end.to_lowercase() } else { String::new() }
}

/// A name of a file as it may be shown and saved: without folders and control characters, and not too long.
pub fn name(given: &str) -> String {
    let base = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim().trim_start_matches('.');
    if clean.is_empty() {
        return "file".to_owned();
    }
    let count = clean.chars().count();
    if count <= model::files::NAME_MAX {
        return clean.to_owned();
    }
    // The end says what it is.
    let end = extension(clean);
    let kept = model::files::NAME_MAX - end.chars().count() - 1;
    format!("{}.{end}", clean.chars().take(kept).collect::<String>())
}

/// The media type by what a file begins with, where that is certain.
pub fn sniffed(head: &[u8]) -> Option<&'static str> {
    let beginnings: [(&[u8], &str); 10] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"OggS", "audio/ogg"),
        (b"fLaC", "audio/flac"),
        (b"\x1aE\xdf\xa3", "video/webm"),
    ];
    if let Some((_, kind)) = beginnings.iter().find(|(beginning, _)| head.starts_with(beginning)) {
        return Some(kind);
    }
    match (head.get(..4), head.get(4..8), head.get(8..12)) {
        (Some(b"RIFF"), Some(_), Some(b"WEBP")) => Some("image/webp"),
        (Some(b"RIFF"), Some(_), Some(b"WAVE")) => Some("audio/wav"),
        (Some(_), Some(b"ftyp"), Some(b"avif")) => Some("image/avif"),
        (Some(_), Some(b"ftyp"), Some(_)) => Some("video/mp4"),
        _ if head.starts_with(b"BM") && head.len() > 26 && head[14..18] == [40, 0, 0, 0] => Some("image/bmp"),
        _ => None,
    }
}

/// The media type of a file: by its name, unless its beginning says that it is a picture of another kind, or the name
/// says nothing.
pub fn media_type(extension: &str, head: &[u8]) -> String {
    let by_name = mime_guess::from_ext(extension).first_raw();
    let by_content = sniffed(head);
    let kind = match (by_name, by_content) {
        (_, Some(picture)) if picture.starts_with("image/") => picture,
        (Some(named), _) => named,
        (None, Some(found)) => found,
        (None, None) if extension.is_empty() && is_text(head) => "text/plain",
        (None, None) => "application/octet-stream",
    };
    // Mattermost: texts are taken to be UTF-8.
    if kind.starts_with("text/") { format!("{kind}; charset=utf-8") } else { kind.to_owned() }
}

fn is_text(head: &[u8]) -> bool {
    let readable = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The head may end within a character.
        Err(error) => error.error_len().is_none(),
    };
    readable && !head.is_empty() && head.iter().all(|b| *b >= 0x20 || matches!(b, b'\n' | b'\r' | b'\t' | 0x0c))
}

/// Whether some bytes begin as a picture that can be read and made smaller.
pub fn is_readable_picture(head: &[u8]) -> bool {
    matches!(sniffed(head), Some("image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/bmp"))
}

/// The media type that a browser is told, and whether it may show the file in place.
pub fn told(media_type: &str) -> (&str, bool) {
    let bare = media_type.split(';').next().unwrap_or_default().trim();
    if bare.is_empty() {
        return ("application/octet-stream", false);
    }
    if ACTIVE.iter().any(|active| bare.eq_ignore_ascii_case(active)) {
        return ("text/plain", false);
    }
    (media_type, SHOWN.contains(&bare))
}

/// The header by which a browser shows or saves a file under its name.
pub fn disposition(name: &str, shown: bool) -> String {
    let encoded = percent_encoded(name);
    format!("{};filename=\"{encoded}\"; filename*=UTF-8''{encoded}", if shown { "inline" } else { "attachment" })
}

fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte as char);
        } else {
            write!(out, "%{byte:02X}").expect("writing to a String can't fail");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_could_lead_elsewhere() {
        assert_eq!(name("../../etc/passwd"), "passwd");
        assert_eq!(name("C:\\Users\\ann\\a.txt"), "a.txt");
        assert_eq!(name("a\r\nb\0.txt"), "ab.txt");
        assert_eq!(name(".."), "file");
        assert_eq!(name("отчёт.pdf"), "отчёт.pdf");
        let long = name(&format!("{}.pdf", "x".repeat(400)));
        assert_eq!((long.len(), extension(&long).as_str()), (255, "pdf"));
        assert_eq!(["a.TAR.GZ", ".profile", "a"].map(extension), ["gz", "", ""]);
    }

    #[test]
    fn a_page_is_never_shown_whatever_it_is_called() {
        assert_eq!(media_type("html", b"<html>"), "text/html; charset=utf-8");
        assert_eq!(told("text/html; charset=utf-8"), ("text/plain", false));
        assert_eq!(told("image/svg+xml"), ("image/svg+xml", false));
        assert_eq!(told("image/png"), ("image/png", true));
        assert_eq!(told(""), ("application/octet-stream", false));
        assert_eq!(media_type("txt", b"hello"), "text/plain; charset=utf-8");
        assert_eq!(media_type("jpg", b"\x89PNG\r\n\x1a\n"), "image/png", "a picture is what it begins as");
        assert_eq!(media_type("", "grüße".as_bytes()), "text/plain; charset=utf-8");
        assert_eq!(media_type("xyzzy", b"\0\x01"), "application/octet-stream");
    }

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("a\"b; c.txt", false),
            "attachment;filename=\"a%22b%3B%20c.txt\"; filename*=UTF-8''a%22b%3B%20c.txt"
        );
    }
}
