//! Sends files to the server, and says how far it is. The other calls go by [`crate::client`], which cannot tell that.

use std::rc::Rc;

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Blob, File, FormData, ProgressEvent, XmlHttpRequest};

use crate::{
    client::{Failure, refused},
    words,
};

/// What is sent.
pub enum What<'f> {
    /// The file itself, or what is left of it, is the body.
    Bare(&'f Blob),
    /// The file is the field of a form.
    Field(&'static str, &'f File),
}

/// Begins to send a file. `progress` hears how much has gone, in percent; `done` hears the text of the answer, or why
/// there is none. Aborting the request that is returned ends it with a reason.
pub fn start(
    path: &str,
    what: What,
    progress: impl Fn(u8) + 'static,
    done: impl FnOnce(Result<String, Failure>) + 'static,
) -> Option<XmlHttpRequest> {
    let request = XmlHttpRequest::new().ok()?;
    request.open("POST", path).ok()?;
    request.set_request_header("X-Requested-With", "XMLHttpRequest").ok()?;
    request.set_request_header("X-CSRF-Token", &crate::browser::csrf().unwrap_or_default()).ok()?;
    let moved = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.total() > 0.0 {
            progress((event.loaded() * 100.0 / event.total()) as u8);
        }
    });
    request.upload().ok()?.set_onprogress(Some(moved.as_ref().unchecked_ref()));
    let (ended, kept) = (request.clone(), Rc::new(moved));
    // Owns the other listener, and is itself gone once it was called: this event ends every request.
    let end = Closure::once_into_js(move || {
        drop(kept);
        done(answer(&ended));
    });
    request.set_onloadend(Some(end.unchecked_ref()));
    let sent = match what {
        What::Bare(file) => {
            let kind = if file.type_().is_empty() { "application/octet-stream".to_owned() } else { file.type_() };
            request.set_request_header("Content-Type", &kind).ok()?;
            request.send_with_opt_blob(Some(file))
        }
        What::Field(name, file) => {
            let form = FormData::new().ok()?;
            form.append_with_blob_and_filename(name, file, &file.name()).ok()?;
            request.send_with_opt_form_data(Some(&form))
        }
    };
    sent.ok()?;
    Some(request)
}

fn answer(request: &XmlHttpRequest) -> Result<String, Failure> {
    let (status, text) = (request.status().unwrap_or(0), request.response_text().ok().flatten().unwrap_or_default());
    match status {
        200..300 => Ok(text),
        status => Err(refused(status, &text)),
    }
}

/// How large something is, as people read it. In whole numbers: what writes others is a large part of a program.
pub fn size(bytes: i64) -> String {
    let units: Vec<&str> = words::file_units().split('|').collect();
    let (mut whole, mut tenth, mut unit) = (bytes, 0, 0);
    while whole >= 1000 && unit + 1 < units.len() {
        let tenths = (whole + 50) / 100;
        (whole, tenth) = (tenths / 10, tenths % 10);
        unit += 1;
    }
    if unit == 0 || whole >= 100 {
        let rounded = if tenth >= 5 { whole + 1 } else { whole };
        return [rounded.to_string().as_str(), " ", units[unit]].concat();
    }
    let point = if words::language().group == "," { "." } else { "," };
    [whole.to_string().as_str(), point, tenth.to_string().as_str(), " ", units[unit]].concat()
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(0), "0 bytes");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_500), "1.5 KB");
        assert_eq!(size(104_857_600), "105 MB");
        assert_eq!(size(99_949), "99.9 KB");
        assert_eq!(size(999_949), "1000 KB");
        assert_eq!(size(1_000_000), "1.0 MB");
    }
}
