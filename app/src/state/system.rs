//! What the server says in a channel, in the reader's language. Its own text is English, for programs and for what is not
//! known here.

use model::posts::Post;

use crate::words;

/// The text of a message; that of its author, if it is none of the server's.
pub fn text(post: &Post) -> String {
    said(post).unwrap_or_else(|| post.message.clone())
}

fn said(post: &Post) -> Option<String> {
    let kind = post.kind.strip_prefix("system_")?;
    let prop = |name: &str| post.prop(name).filter(|value| !value.is_empty());
    let (name, added) = (prop("username"), prop("addedUsername"));
    Some(match kind {
        "join_channel" => words::system_joined(name?),
        "add_to_channel" => words::system_added(added?, name?),
        "leave_channel" => words::system_left(name?),
        "remove_from_channel" => words::system_removed(prop("removedUsername")?),
        "join_team" => words::system_joined_team(name?),
        "add_to_team" => words::system_added_team(added?, name?),
        "leave_team" => words::system_left_team(name?),
        "remove_from_team" => words::system_removed_team(name?),
        "displayname_change" => words::system_renamed(name?, prop("old_displayname")?, prop("new_displayname")?),
        "channel_deleted" => words::system_archived(name?),
        "channel_restored" => words::system_restored(name?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_is_in_the_language_of_the_reader() {
        let mut post = Post {
            kind: "system_join_channel".to_owned(),
            message: "ann joined the channel.".to_owned(),
            ..Post::default()
        };
        assert_eq!(text(&post), post.message, "without a name there is only the server's text");
        post.props.insert("username".to_owned(), "ann".into());
        assert_eq!(text(&post), "ann joined the channel.");
        let german = words::in_language(&catalogue::LANGUAGES[1], || text(&post));
        assert_eq!(german, "ann ist dem Kanal beigetreten.");
        post.kind.clear();
        post.message = "hello".to_owned();
        assert_eq!(text(&post), "hello");
    }
}
