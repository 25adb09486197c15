//! Ids and times as they travel: 26 characters of a base-32 alphabet, and milliseconds since 1970.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{cmp::Ordering, fmt, hash, marker::PhantomData, str::FromStr};

/// Milliseconds since 1970-01-01 UTC; 0 where something has not happened.
pub type Millis = i64;

/// The letters of an id. Mattermost: z-base-32.
pub const ALPHABET: &[u8; 32] = b"ybndrfg8ejkmcpqxot1uwisza345h769";
/// How many characters an id has: 16 random bytes in base 32, without padding.
pub const LENGTH: usize = 26;

/// The id of one kind of thing, so that a channel's id cannot be taken for a user's.
///
/// Small and `Copy`; the empty id ([`Id::NONE`]) stands for "none" where the wire has `""`.
pub struct Id<K> {
    text: [u8; LENGTH],
    kind: PhantomData<fn() -> K>,
}

/// A text that is no id: not 26 characters, or other characters than `a-z0-9`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct NotAnId;

impl<K> Id<K> {
    /// No id: `""` on the wire and in the database.
    pub const NONE: Self = Self { text: [0; LENGTH], kind: PhantomData };

    /// Makes an id of 16 random bytes; the randomness is the caller's.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        let mut text = [0; LENGTH];
        let number = u128::from_be_bytes(bytes);
        // 128 bits are 25 letters of 5 bits and one of 3, padded on the right.
        for (i, letter) in text.iter_mut().enumerate() {
            let five = if i == LENGTH - 1 { (number << 2) & 31 } else { (number >> (123 - 5 * i)) & 31 };
            *letter = ALPHABET[five as usize];
        }
        Self { text, kind: PhantomData }
    }

    /// Whether this is [`Id::NONE`].
    pub fn is_none(&self) -> bool {
        self.text[0] == 0
    }

    /// Whether there is an id.
    pub fn is_some(&self) -> bool {
        !self.is_none()
    }

    /// The id, or nothing for [`Id::NONE`].
    pub fn some(self) -> Option<Self> {
        self.is_some().then_some(self)
    }

    /// The text on the wire: 26 characters, or none.
    pub fn as_str(&self) -> &str {
        let length = if self.is_none() { 0 } else { LENGTH };
        std::str::from_utf8(&self.text[..length]).expect("an id is made of ASCII only")
    }

    /// The same text as the id of another kind; for wires that mix them.
    pub fn cast<L>(self) -> Id<L> {
        Id { text: self.text, kind: PhantomData }
    }
}

impl<K> FromStr for Id<K> {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let text: [u8; LENGTH] = text.as_bytes().try_into().map_err(|_| NotAnId)?;
        if text.iter().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            Ok(Self { text, kind: PhantomData })
        } else {
            Err(NotAnId)
        }
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}
impl<K> hash::Hash for Id<K> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        // Random text: half of it tells ids apart as well as all of it.
        state.write(&self.text[..16]);
    }
}
impl<K> Default for Id<K> {
    fn default() -> Self {
        Self::NONE
    }
}
impl<K> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<K> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}
impl<K> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}
impl<'de, K> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Visitor<K>(PhantomData<fn() -> K>);
        impl<K> de::Visitor<'_> for Visitor<K> {
            type Value = Id<K>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id of 26 characters, or an empty text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Id<K>, E> {
                if text.is_empty() { Ok(Id::NONE) } else { text.parse().map_err(E::custom) }
            }
        }
        d.deserialize_str(Visitor(PhantomData))
    }
}

#[cfg(feature = "schema")]
impl<K> schemars::JsonSchema for Id<K> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^([a-z0-9]{26})?$" })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $kind:ident;)*) => {
        /// What an id can be the id of.
        pub mod kind {
            $(#[derive(Clone, Copy, Debug)] pub enum $kind {})*
        }
        $($(#[$doc])* pub type $name = Id<kind::$kind>;)*
    };
}

kinds! {
    /// A person or bot.
    UserId = User;
    /// A team.
    TeamId = Team;
    /// A channel of any type.
    ChannelId = Channel;
    /// A post.
    PostId = Post;
    /// A signed-in session.
    SessionId = Session;
    /// A role.
    RoleId = Role;
    /// An uploaded file.
    FileId = File;
    /// A WebSocket connection.
    ConnectionId = Connection;
    /// A custom emoji.
    EmojiId = Emoji;
    /// An upload that goes on over several requests.
    UploadId = Upload;
    /// Anything else that has the form of an id: tokens, invitations, requests.
    AnyId = Any;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_26_letters_of_the_alphabet_and_comes_back_from_its_text() {
        let id = UserId::from_random([0xff; 16]);
        assert_eq!(id.as_str(), "9999999999999999999999999h");
        assert_eq!(UserId::from_random([0; 16]).as_str(), "y".repeat(26));
        assert_eq!(id.as_str().parse(), Ok(id));
        assert_eq!(serde_json::to_string(&id).ok(), Some(format!("\"{id}\"")));
    }

    #[test]
    fn empty_is_none_and_malformed_is_refused() {
        assert_eq!(serde_json::from_str::<UserId>("\"\"").ok(), Some(UserId::NONE));
        assert!(serde_json::from_str::<UserId>("\"junk\"").is_err());
        assert_eq!("UPPERCASEUPPERCASEUPPERCAS".parse::<UserId>(), Err(NotAnId));
        assert_eq!(UserId::NONE.as_str(), "");
    }
}
