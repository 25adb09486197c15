//! What programs that were written for Slack send, in the words of this server.

use crate::{cx::Cx, error::Result};
use model::UserId;
use regex::Regex;
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<((?:https?|ftp|mailto|tel):[^<>|\s]*)\|([^<>\n]*)>").expect("a constant pattern"));
static PERSON: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<@([a-z0-9]{26})(?:\|[^<>\n]*)?>").expect("a constant pattern"));
static GROUP: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"<!(channel|here|all|everyone)(?:\|[^<>\n]*)?>").expect("a constant pattern"));

/// The fields of an attachment that are written like messages.
const WRITTEN: [&str; 3] = ["text", "pretext", "title"];
/// The most people named in one message whose names are looked up.
const PEOPLE: usize = 200;

/// Turns a message and its attachments into our own markup: `<url|text>`, `<!channel>` and `<@id>`.
///
/// # Errors
///
/// The database fails.
pub async fn convert(cx: &Cx, text: &mut String, attachments: &mut Vec<Value>) -> Result<()> {
    attachments.retain(Value::is_object);
    let mut texts: Vec<&mut String> = vec![text];
    for attachment in attachments.iter_mut().filter_map(Value::as_object_mut) {
        for (name, value) in attachment.iter_mut() {
            match value {
                Value::String(value) if WRITTEN.contains(&name.as_str()) => texts.push(value),
                Value::Array(fields) if name == "fields" => {
                    fields.retain(Value::is_object);
                    for field in fields {
                        if let Some(Value::String(value)) = field.get_mut("value") {
                            texts.push(value);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let ids: BTreeSet<UserId> = texts
        .iter()
        .flat_map(|text| PERSON.captures_iter(text))
        .filter_map(|found| found[1].parse().ok())
        .take(PEOPLE)
        .collect();
    let people =
        if ids.is_empty() { Vec::new() } else { cx.store.users().by_ids(&ids.into_iter().collect::<Vec<_>>()).await? };
    let name = |id: &str| people.iter().find(|u| u.id.as_str() == id).map(|u| format!("@{}", u.username));
    for text in texts {
        if text.contains('<') {
            *text = written(text, &name);
        }
    }
    Ok(())
}

fn written(text: &str, name: &dyn Fn(&str) -> Option<String>) -> String {
    let text = LINK.replace_all(text, "[$2]($1)");
    let text = PERSON.replace_all(&text, |found: &regex::Captures<'_>| {
        name(&found[1]).map_or_else(|| Cow::Owned(found[0].to_owned()), Cow::Owned)
    });
    let text = GROUP.replace_all(&text, |found: &regex::Captures<'_>| match &found[1] {
        "everyone" => "@all".to_owned(),
        group => format!("@{group}"),
    });
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_people_and_groups_are_translated() {
        let id = "a".repeat(26);
        let name = |asked: &str| (asked == id).then(|| "@bob".to_owned());
        let cases = [
            ("see <http://x.org/a_b|this>!".to_owned(), "see [this](http://x.org/a_b)!"),
            ("<mailto:a@x.org|mail>".to_owned(), "[mail](mailto:a@x.org)"),
            ("<!channel> <!here|here> <!everyone>".to_owned(), "@channel @here @all"),
            (format!("<@{id}> and <@{}>", "b".repeat(26)), "@bob and <@bbbbbbbbbbbbbbbbbbbbbbbbbb>"),
            ("a < b | c > d <javascript:x|y>".to_owned(), "a < b | c > d <javascript:x|y>"),
        ];
        for (text, expected) in cases {
            assert_eq!(written(&text, &name), expected);
        }
    }
}
