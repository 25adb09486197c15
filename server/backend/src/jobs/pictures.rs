//! Makes the smaller pictures of what was uploaded, after the upload has been answered.

use super::{Run, Running};
use crate::{
    actions::files::{PREVIEW, THUMBNAIL},
    cx::Cx,
    error::{Error, Result},
    files::{
        Failure,
        pictures::{BYTES_MAX, Task, Trouble},
    },
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use store::files::{MakePictures, Pictures};

impl Run for MakePictures {
    const ATTEMPTS: i64 = 5;
    const AT_ONCE: usize = 2;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let Some(file) = cx.store.files().by_id(self.file_id).await?.filter(|f| f.pictures == Pictures::Ordered) else {
            return Ok(());
        };
        let most = cx.settings.get().file.max_image_resolution.max(0) as u64;
        let bytes = match cx.files.read(&file.path, BYTES_MAX).await {
            Ok(bytes) => bytes,
            Err(Failure::Missing) => return note(cx, &self, Pictures::Failed, String::new()).await,
            Err(failure) => return Err(failure.into()),
        };
        match cx.pictures.make(Task::Smaller, most, bytes).await? {
            Ok(made) => {
                let [thumbnail, preview, mini]: [Vec<u8>; 3] =
                    made.try_into().map_err(|_| Error::internal(anyhow::anyhow!("three pictures are made")))?;
                cx.files.put_bytes(&format!("{}{THUMBNAIL}", file.path), thumbnail).await?;
                cx.files.put_bytes(&format!("{}{PREVIEW}", file.path), preview).await?;
                note(cx, &self, Pictures::Made, BASE64_STANDARD.encode(mini)).await
            }
            // It may have been the load; a picture that kills its process does so again, and is then left.
            Err(Trouble::GivenUp) if job.attempt < 2 => Err(Error::internal(anyhow::anyhow!("it took too long"))),
            Err(trouble) => {
                tracing::info!(file = %self.file_id, ?trouble, "no smaller pictures can be made");
                note(cx, &self, Pictures::Failed, String::new()).await
            }
        }
    }
}

async fn note(cx: &Cx, order: &MakePictures, pictures: Pictures, mini: String) -> Result<()> {
    let (id, now) = (order.file_id, cx.clock.now());
    cx.store
        .write(move |tx| {
            let mini = mini.clone();
            Box::pin(async move { tx.files().pictured(id, pictures, &mini, now).await.map(drop) })
        })
        .await
        .map_err(Error::from)
}
