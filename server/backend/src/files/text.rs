//! The text in files: PDF, Office (the XML kinds of Microsoft and OpenDocument), and what is text itself.
//!
//! Runs where pictures are made, see [`super::pictures`]: such files may be made to do harm, too.

use super::pictures::Trouble;
use quick_xml::{Reader, events::Event};
use std::io::{Cursor, Read as _};

/// The most text of a file that is looked at, in bytes.
pub const TEXT_MAX: usize = 256 * 1024;
/// The most that the parts of an Office file may unpack to, in bytes.
const UNPACKED_MAX: u64 = 64 * 1024 * 1024;
/// The most parts of one that are looked at.
const PARTS_MAX: usize = 2_000;
/// How much is looked at to tell text from other things, in bytes.
const SAMPLE: usize = 8 * 1024;

/// The text of a file, not more than [`TEXT_MAX`] bytes.
///
/// # Errors
///
/// It is of no kind that has text for us, or broken.
pub fn read(bytes: &[u8]) -> Result<String, Trouble> {
    let mut text = if bytes.starts_with(b"%PDF-") {
        pdf_extract::extract_text_from_mem(bytes).map_err(|_| Trouble::Unreadable)?
    } else if bytes.starts_with(b"PK\x03\x04") {
        office(bytes)?
    } else {
        plain(bytes)?
    };
    let mut end = text.len().min(TEXT_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    Ok(text)
}

/// Text itself: UTF-8, or UTF-16 that says so.
fn plain(bytes: &[u8]) -> Result<String, Trouble> {
    let wide = |bytes: &[u8], of: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).take(TEXT_MAX).map(|pair| of([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(' ')).collect()
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => return Ok(wide(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => return Ok(wide(rest, u16::from_be_bytes)),
        _ => {}
    }
    let odd = |b: &&u8| **b < 9 || (14..32).contains(*b) && **b != 27;
    if bytes.iter().take(SAMPLE).any(|b| odd(&b)) {
        return Err(Trouble::Unreadable);
    }
    Ok(String::from_utf8_lossy(&bytes[..bytes.len().min(TEXT_MAX)]).into_owned())
}

/// How a part of an Office file says what is text.
#[derive(Clone, Copy, PartialEq)]
enum Says {
    /// Only what is in elements called `t`.
    InT,
    Everywhere,
}

fn part(name: &str) -> Option<Says> {
    let document = |folder: &str, starts: &[&str]| {
        name.strip_prefix(folder)
            .is_some_and(|rest| rest.rsplit('.').next() == Some("xml") && starts.iter().any(|s| rest.starts_with(s)))
    };
    if document("word/", &["document", "header", "footer", "footnotes", "endnotes", "comments"])
        || document("xl/", &["sharedStrings", "worksheets/", "comments"])
        || document("ppt/", &["slides/", "notesSlides/", "comments/"])
    {
        return Some(Says::InT);
    }
    (name == "content.xml").then_some(Says::Everywhere)
}

fn office(bytes: &[u8]) -> Result<String, Trouble> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| Trouble::Unreadable)?;
    let (mut text, mut left, mut seen) = (String::new(), UNPACKED_MAX, 0);
    for at in 0..archive.len() {
        let Ok(mut file) = archive.by_index(at) else { continue };
        let Some(says) = file.name().ok().and_then(|name| part(&name)) else { continue };
        seen += 1;
        let mut xml = Vec::new();
        let length = file.by_ref().take(left).read_to_end(&mut xml).map_err(|_| Trouble::Unreadable)?;
        left -= length as u64;
        gather(&String::from_utf8_lossy(&xml), says, &mut text);
        if text.len() >= TEXT_MAX || left == 0 || seen >= PARTS_MAX {
            break;
        }
    }
    if seen == 0 { Err(Trouble::Unreadable) } else { Ok(text) }
}

/// Adds the text of XML; where a paragraph, cell or line ends, words end. What is broken ends it.
fn gather(xml: &str, says: Says, out: &mut String) {
    let mut reader = Reader::from_str(xml);
    let mut depth = u32::from(says == Says::Everywhere);
    while out.len() < TEXT_MAX {
        match reader.read_event() {
            Ok(Event::Start(element)) if says == Says::InT && element.local_name().as_ref() == "t" => depth += 1,
            Ok(Event::End(element)) => {
                let name = element.local_name();
                if says == Says::InT && name.as_ref() == "t" {
                    depth = depth.saturating_sub(1);
                } else if ends_words(name.as_ref()) {
                    out.push('\n');
                }
            }
            Ok(Event::Empty(element)) if ends_words(element.local_name().as_ref()) => out.push(' '),
            Ok(Event::Text(text)) if depth > 0 => out.push_str(&text),
            Ok(Event::CData(text)) if depth > 0 => out.push_str(&text),
            Ok(Event::GeneralRef(name)) if depth > 0 => match name.resolve_char_ref() {
                Ok(Some(c)) => out.push(c),
                _ => out.push(match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "apos" => '\'',
                    "quot" => '"',
                    _ => ' ',
                }),
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    out.push('\n');
}

fn ends_words(element: &str) -> bool {
    matches!(
        element,
        "p" | "h" | "si" | "is" | "br" | "cr" | "tab" | "s" | "tc" | "tr" | "line-break" | "table-cell" | "list-item"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a part begins");
            zip.write_all(text.as_bytes()).expect("a part is written");
        }
        zip.finish().expect("a file").into_inner()
    }

    #[test]
    fn office_files_are_read() {
        let word = packed(&[
            ("[Content_Types].xml", "<Types/>"),
            (
                "word/document.xml",
                "<w:document><w:p><w:r><w:t>Quar</w:t></w:r><w:r><w:t>terly &amp; more</w:t></w:r></w:p><w:instrText>HIDDEN</w:instrText><w:p><w:t>Next</w:t></w:p></w:document>",
            ),
        ]);
        assert_eq!(
            read(&word).expect("text").split_whitespace().collect::<Vec<_>>(),
            ["Quarterly", "&", "more", "Next"]
        );
        let sheet = packed(&[("xl/sharedStrings.xml", "<sst><si><t>Budget</t></si><si><t>Cost</t></si></sst>")]);
        assert_eq!(read(&sheet).expect("text").split_whitespace().collect::<Vec<_>>(), ["Budget", "Cost"]);
        let open = packed(&[("content.xml", "<o><text:p>One<text:tab/>two</text:p><text:p>three</text:p></o>")]);
        assert_eq!(read(&open).expect("text").split_whitespace().collect::<Vec<_>>(), ["One", "two", "three"]);
        assert!(read(&packed(&[("a.txt", "nothing for us")])).is_err());
        assert!(read(&word[..40]).is_err(), "a broken one");
    }

    #[test]
    fn text_is_told_from_other_things() {
        assert_eq!(read("naïve\ttext".as_bytes()).expect("text"), "naïve\ttext");
        assert_eq!(read(b"\xff\xfeh\0i\0").expect("text"), "hi");
        assert!(read(b"\x7fELF\x02\x01\x01\0").is_err());
        assert_eq!(read(&vec![b'a'; 2 * TEXT_MAX]).expect("text").len(), TEXT_MAX);
        assert!(read(b"%PDF-1.7 and nothing").is_err());
    }
}
