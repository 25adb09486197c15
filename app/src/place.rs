//! Which screen an address means, and the address of each screen.

use model::{PostId, UserId, channels::Channel, channels::ChannelType};

/// A screen inside a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// `/{team}`: wherever one was last.
    Team,
    /// `/{team}/channels/{name}`.
    Channel(String),
    /// `/{team}/messages/@{username}`.
    Person(String),
    /// `/{team}/messages/{name of a group channel}`.
    Group(String),
    /// `/{team}/threads`: those one follows.
    Threads,
    /// `/{team}/pl/{post}`.
    Post(PostId),
    /// Nothing of the above.
    Nowhere,
}

impl Place {
    /// The team's name and the screen of a path.
    pub fn parse(path: &str) -> (String, Self) {
        let mut parts = path.split('/').filter(|part| !part.is_empty());
        let team = parts.next().unwrap_or_default().to_owned();
        let place = match (parts.next(), parts.next(), parts.next()) {
            (None, ..) => Self::Team,
            (Some("threads"), None, None) => Self::Threads,
            (Some("channels"), Some(name), None) => Self::Channel(name.to_owned()),
            (Some("messages"), Some(name), None) => match name.strip_prefix('@').or_else(|| name.strip_prefix("%40")) {
                Some(username) => Self::Person(username.to_owned()),
                None => Self::Group(name.to_owned()),
            },
            (Some("pl"), Some(post), None) => post.parse().map_or(Self::Nowhere, Self::Post),
            _ => Self::Nowhere,
        };
        (team, place)
    }
}

/// The address of a channel; for a direct channel `username` names the other person.
pub fn of_channel(
    team: &str,
    channel: &Channel,
    username: impl FnOnce(UserId) -> Option<String>,
    me: UserId,
) -> String {
    match channel.kind {
        ChannelType::Open | ChannelType::Private => format!("/{team}/channels/{}", channel.name),
        ChannelType::Group => format!("/{team}/messages/{}", channel.name),
        ChannelType::Direct => match channel.teammate(me).and_then(username) {
            Some(name) => format!("/{team}/messages/@{name}"),
            None => format!("/{team}/messages/{}", channel.name),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_mean_screens() {
        assert_eq!(Place::parse("/crew"), ("crew".into(), Place::Team));
        assert_eq!(Place::parse("/crew/channels/town-square/").1, Place::Channel("town-square".into()));
        assert_eq!(Place::parse("/crew/messages/@ann").1, Place::Person("ann".into()));
        assert_eq!(Place::parse("/crew/messages/0123").1, Place::Group("0123".into()));
        assert_eq!(Place::parse("/crew/threads").1, Place::Threads);
        assert_eq!(Place::parse("/crew/pl/xyz").1, Place::Nowhere);
        assert_eq!(Place::parse("/crew/a/b/c").1, Place::Nowhere);
    }
}
