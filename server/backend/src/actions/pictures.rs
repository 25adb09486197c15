//! Pictures of people, bots, teams and the organisation: made square, kept in the file store, announced.

use super::users::{shown_to_others, shown_to_self};
use crate::{
    access,
    cx::Cx,
    error::{Error, Result},
    files::pictures::{Task, Trouble},
};
use model::{
    Refusal, UserId,
    event::{Announcement, Broadcast, Event, Touched},
    users::User,
};

/// The largest upload that becomes such a picture, in bytes. What is kept is small.
pub const UPLOAD_MAX: usize = 10 * 1024 * 1024;
/// The most bytes of what is kept.
pub const KEPT_MAX: u64 = 16 * 1024 * 1024;
/// The picture of the organisation.
pub const BRAND: &str = "brand/image";

/// Where the picture of a person is kept.
pub fn user_key(id: UserId) -> String {
    format!("users/{id}")
}

/// Where the icon of a bot is kept.
pub fn bot_key(id: UserId) -> String {
    format!("bots/{id}")
}

/// Makes one picture of an uploaded one; `refused` if it is none.
///
/// # Errors
///
/// Too many are worked on, or it is no picture.
pub async fn made(cx: &Cx, task: Task, bytes: Vec<u8>, refused: Refusal) -> Result<Vec<u8>> {
    let most = cx.settings.get().file.max_image_resolution.max(0) as u64;
    match cx.pictures.make(task, most, bytes).await? {
        Ok(mut made) if made.len() == 1 => Ok(made.swap_remove(0)),
        Err(Trouble::TooLarge) => Err(refused.saying("The picture has too many pixels.").into()),
        _ => Err(refused.into()),
    }
}

/// Gives a person a picture.
///
/// # Errors
///
/// It is none; the file store does not answer.
pub async fn set_of_user(cx: &Cx, id: UserId, bytes: Vec<u8>) -> Result<()> {
    let picture = made(cx, Task::Square, bytes, Refusal::PICTURE_KIND).await?;
    cx.files.put_bytes(&user_key(id), picture).await?;
    changed(cx, id, cx.clock.now()).await
}

/// Takes a person's picture away; initials stand in for it.
///
/// # Errors
///
/// The file store does not answer.
pub async fn remove_of_user(cx: &Cx, id: UserId) -> Result<()> {
    changed(cx, id, 0).await?;
    Ok(cx.files.remove(&user_key(id)).await?)
}

async fn changed(cx: &Cx, id: UserId, picture_at: i64) -> Result<()> {
    let (user, now) = (access::user(cx, id).await?, cx.clock.now());
    let user = User { last_picture_update: picture_at, update_at: now, ..(*user).clone() };
    let (own, others) = (shown_to_self(&user), shown_to_others(cx, &user));
    cx.store
        .write(move |tx| {
            let (own, others) = (own.clone(), others.clone());
            Box::pin(async move {
                tx.users().set_picture(id, picture_at, now).await?;
                tx.touch(Touched::User(id));
                let to = Broadcast::all().but(id);
                tx.announce(Announcement { event: Event::UserUpdated { user: Box::new(others) }, to });
                let to = Broadcast::user(id);
                tx.announce(Announcement { event: Event::UserUpdated { user: Box::new(own) }, to });
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The words whose first letters stand in for a picture.
pub fn words_of(cx: &Cx, user: &User) -> String {
    let full = format!("{} {}", user.first_name, user.last_name);
    let shown = cx.settings.get().privacy.show_full_name && !full.trim().is_empty();
    if shown { full } else { user.username.clone() }
}
