//! Files: what is known of one, and uploads that can be taken up again.

use crate::{
    ChannelId, FileId, Millis, PostId, TeamId, UploadId, UserId, endpoint::Done, endpoints, is_false, is_zero,
    null_default, posts::PostSearch,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The longest name of a file, in characters.
pub const NAME_MAX: usize = 255;

/// What is known of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FileInfo {
    pub id: FileId,
    /// Who uploaded it.
    pub user_id: UserId,
    #[serde(skip_serializing_if = "PostId::is_none")]
    pub post_id: PostId,
    /// Where it was posted; empty until then.
    pub channel_id: ChannelId,
    pub create_at: Millis,
    pub update_at: Millis,
    pub delete_at: Millis,
    pub name: String,
    /// What is behind the last dot of the name, in lower case.
    pub extension: String,
    /// In bytes.
    pub size: i64,
    pub mime_type: String,
    /// In pixels, as the picture is meant to be looked at; 0 for what is no picture.
    #[serde(skip_serializing_if = "is_zero")]
    pub width: i64,
    #[serde(skip_serializing_if = "is_zero")]
    pub height: i64,
    /// Whether a smaller picture is there, or will be in a moment.
    #[serde(skip_serializing_if = "is_false")]
    pub has_preview_image: bool,
    /// A JPEG of 16 by 16 pixels in base 64, to show until the picture has come.
    pub mini_preview: Option<String>,
    /// Of another server; always empty.
    #[serde(deserialize_with = "null_default")]
    pub remote_id: String,
}

impl FileInfo {
    /// Whether it is a picture that a browser can show.
    pub fn is_picture(&self) -> bool {
        self.width > 0 && self.mime_type.starts_with("image/")
    }
}

/// What came of an upload.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Uploaded {
    pub file_infos: Vec<FileInfo>,
    /// What the client called them, in the same order; null where the file is the whole body.
    pub client_ids: Option<Vec<String>>,
}

/// An upload that goes on over several requests, and can be taken up where it broke off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct UploadSession {
    pub id: UploadId,
    /// `attachment` or `import`.
    #[serde(rename = "type", deserialize_with = "null_default")]
    pub kind: String,
    pub create_at: Millis,
    pub user_id: UserId,
    #[serde(skip_serializing_if = "ChannelId::is_none", deserialize_with = "null_default")]
    pub channel_id: ChannelId,
    #[serde(deserialize_with = "null_default")]
    pub filename: String,
    /// Where it will lie; shown for imports only.
    #[serde(skip_serializing_if = "String::is_empty", deserialize_with = "null_default")]
    pub path: String,
    /// In bytes.
    pub file_size: i64,
    /// How much of it is here.
    pub file_offset: i64,
    #[serde(deserialize_with = "null_default")]
    pub remote_id: String,
    #[serde(deserialize_with = "null_default")]
    pub req_file_id: String,
}

/// Files that were found, newest first. Mattermost: FileInfoList.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct FoundFiles {
    pub order: Vec<FileId>,
    pub file_infos: BTreeMap<FileId, FileInfo>,
    pub next_file_info_id: FileId,
    pub prev_file_info_id: FileId,
    /// Always 0 and then left out: nothing is hidden for its age.
    #[serde(skip_serializing_if = "is_zero")]
    pub first_inaccessible_file_time: Millis,
}

/// A link for those who have no account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct PublicLink {
    pub link: String,
}

endpoints! {
    /// What is known of a file.
    GetFileInfo(file_id: FileId) GET "/files/{file_id}/info" => FileInfo;
    /// A link to a posted file that works without an account.
    GetPublicLink(file_id: FileId) GET "/files/{file_id}/link" => PublicLink;
    /// The files of a post.
    ListFilesOfPost(post_id: PostId) GET "/posts/{post_id}/files/info" => Vec<FileInfo>;
    /// Finds files in one's channels of a team, and in those without a team, by their names and what is in them.
    SearchFiles(team_id: TeamId) POST "/teams/{team_id}/files/search" =PostSearch => FoundFiles;
    /// Finds files in all of one's channels.
    SearchAllFiles() POST "/files/search" =PostSearch => FoundFiles;
    /// Begins an upload that can be taken up again.
    CreateUpload() POST "/uploads" =UploadSession => UploadSession;
    /// How far an upload is.
    GetUpload(upload_id: UploadId) GET "/uploads/{upload_id}" => UploadSession;
    /// One's uploads that are under way.
    ListUploads(user_id: String) GET "/users/{user_id}/uploads" => Vec<UploadSession>;
    /// Removes a user's picture.
    DeletePicture(user_id: String) DELETE "/users/{user_id}/image" => Done;
}
