//! S3, or anything that speaks like it. Requests are signed (version 4) and go over TLS by ring, as everything else here.

use super::{Failure, Item, Reading, Result, Spool, disk::Room};
use anyhow::ensure;
use aws_sdk_s3::{
    Client, Config,
    config::{
        BehaviorVersion, Credentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
        StalledStreamProtectionConfig, retry::RetryConfig, timeout::TimeoutConfig,
    },
    error::{ProvideErrorMetadata, SdkError},
    primitives::{ByteStream, Length},
    types::{CompletedMultipartUpload, CompletedPart, ServerSideEncryption, StorageClass},
};
use aws_smithy_http_client::{Builder, tls};
use futures::StreamExt as _;
use model::config::FileSettings;
use std::{io, ops::Range, path::Path, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// Operations under way at once, at most.
const AT_ONCE: usize = 64;
/// How long one waits for room.
const WAIT: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
/// How long a download may stand still.
const STALL: Duration = Duration::from_secs(20);
/// What is larger goes in parts of this size, each with a time limit of its own.
const PART: u64 = 8 * 1024 * 1024;
/// The most parts an object can have.
const PARTS: u64 = 10_000;

/// A bucket.
#[derive(Clone)]
pub struct S3(Arc<Inner>);

struct Inner {
    client: Client,
    bucket: String,
    prefix: String,
    encrypted: bool,
    storage_class: Option<StorageClass>,
    folder: Box<Path>,
    /// For what waits on the disk.
    disk: Room,
    room: Semaphore,
}

impl S3 {
    /// Opens nothing yet: the first operation connects.
    pub(super) fn new(settings: &FileSettings, folder: &Path) -> anyhow::Result<Self> {
        let given = |text: &str| !text.trim().is_empty();
        ensure!(given(&settings.s3_bucket), "FileSettings.AmazonS3Bucket is missing");
        ensure!(
            given(&settings.s3_access_key_id) && given(&settings.s3_secret_access_key),
            "FileSettings.AmazonS3AccessKeyId and AmazonS3SecretAccessKey are missing"
        );
        let key = Credentials::new(
            settings.s3_access_key_id.trim(),
            settings.s3_secret_access_key.trim(),
            None,
            None,
            "settings",
        );
        let within = Duration::from_millis(settings.s3_request_timeout.clamp(1_000, 600_000) as u64);
        let times = TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .read_timeout(within)
            .operation_attempt_timeout(within)
            .operation_timeout(within * 2)
            .build();
        let region = if given(&settings.s3_region) { settings.s3_region.trim() } else { "us-east-1" };
        let http = Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring));
        let mut config = Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .http_client(http.build_https())
            .credentials_provider(key)
            .region(Region::new(region.to_owned()))
            .timeout_config(times)
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALL).build())
            // Many servers that speak like S3 do not know the newer checksums; the signature covers the request.
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        let endpoint = settings.s3_endpoint.trim();
        if !endpoint.is_empty() && !endpoint.ends_with("amazonaws.com") {
            let scheme = if settings.s3_ssl { "https" } else { "http" };
            let url = if endpoint.contains("://") { endpoint.to_owned() } else { format!("{scheme}://{endpoint}") };
            config = config.endpoint_url(url).force_path_style(true);
        }
        let prefix = settings.s3_path_prefix.trim().trim_matches('/');
        let class = settings.s3_storage_class.trim();
        Ok(Self(Arc::new(Inner {
            client: Client::from_conf(config.build()),
            bucket: settings.s3_bucket.trim().to_owned(),
            prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
            encrypted: settings.s3_sse,
            storage_class: given(class).then(|| StorageClass::from(class)),
            folder: folder.into(),
            disk: Room::new(),
            room: Semaphore::new(AT_ONCE),
        })))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.0.folder
    }

    pub(super) fn room(&self) -> Room {
        self.0.disk.clone()
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.0.prefix)
    }

    async fn enter(&self) -> Result<tokio::sync::SemaphorePermit<'_>> {
        let busy = || Failure::Unavailable("too many operations are under way".to_owned());
        tokio::time::timeout(WAIT, self.0.room.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())
    }

    fn encryption(&self) -> Option<ServerSideEncryption> {
        self.0.encrypted.then_some(ServerSideEncryption::Aes256)
    }

    pub(super) async fn put(&self, key: &str, spool: Spool) -> Result<()> {
        let _place = self.enter().await?;
        if spool.length() > PART {
            return self.put_in_parts(key, &spool).await;
        }
        let body = part(&spool, 0, spool.length()).await?;
        let put = self.0.client.put_object().bucket(&self.0.bucket).key(self.key(key)).body(body);
        let put = put.set_server_side_encryption(self.encryption()).set_storage_class(self.0.storage_class.clone());
        put.send().await.map_err(failure)?;
        Ok(())
    }

    async fn put_in_parts(&self, key: &str, spool: &Spool) -> Result<()> {
        let (client, bucket, key) = (&self.0.client, &self.0.bucket, self.key(key));
        let begun = client.create_multipart_upload().bucket(bucket).key(&key);
        let begun = begun.set_server_side_encryption(self.encryption()).set_storage_class(self.0.storage_class.clone());
        let begun = begun.send().await.map_err(failure)?;
        let id = begun.upload_id().ok_or_else(|| Failure::Failed("the upload has no id".to_owned()))?;
        let sent = self.send_parts(&key, id, spool).await;
        match sent {
            Ok(parts) => {
                let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
                let complete = client.complete_multipart_upload().bucket(bucket).key(&key).upload_id(id);
                complete.multipart_upload(parts).send().await.map_err(failure)?;
                Ok(())
            }
            Err(failed) => {
                // Parts that stay cost money; a bucket's own rule removes them if this fails, too.
                let _ = client.abort_multipart_upload().bucket(bucket).key(&key).upload_id(id).send().await;
                Err(failed)
            }
        }
    }

    async fn send_parts(&self, key: &str, id: &str, spool: &Spool) -> Result<Vec<CompletedPart>> {
        let size = PART.max(spool.length().div_ceil(PARTS));
        let mut parts = Vec::new();
        for number in 1.. {
            let start = (number as u64 - 1) * size;
            if start >= spool.length() {
                break;
            }
            let body = part(spool, start, size.min(spool.length() - start)).await?;
            let send = self.0.client.upload_part().bucket(&self.0.bucket).key(key).upload_id(id);
            let sent = send.part_number(number).body(body).send().await.map_err(failure)?;
            parts.push(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
        }
        Ok(parts)
    }

    pub(super) async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<Reading> {
        let place = self.enter().await?;
        if range.as_ref().is_some_and(|r| r.is_empty()) {
            return Ok(Reading { length: 0, body: futures::stream::empty().boxed() });
        }
        let asked = range.map(|r| format!("bytes={}-{}", r.start, r.end - 1));
        let get = self.0.client.get_object().bucket(&self.0.bucket).key(self.key(key)).set_range(asked);
        let got = get.send().await.map_err(failure)?;
        drop(place);
        let length = got.content_length().unwrap_or_default().max(0) as u64;
        let body = futures::stream::unfold(Some(got.body), |body| async move {
            let mut body = body?;
            match tokio::time::timeout(STALL, body.next()).await {
                Ok(Some(Ok(chunk))) => Some((Ok(chunk), Some(body))),
                Ok(Some(Err(error))) => Some((Err(io::Error::other(error)), None)),
                Ok(None) => None,
                Err(_) => Some((Err(io::ErrorKind::TimedOut.into()), None)),
            }
        });
        Ok(Reading { length, body: body.fuse().boxed() })
    }

    pub(super) async fn size(&self, key: &str) -> Result<u64> {
        let _place = self.enter().await?;
        let head = self.0.client.head_object().bucket(&self.0.bucket).key(self.key(key));
        let head = head.send().await.map_err(failure)?;
        Ok(head.content_length().unwrap_or_default().max(0) as u64)
    }

    pub(super) async fn remove(&self, key: &str) -> Result<()> {
        let _place = self.enter().await?;
        match self.0.client.delete_object().bucket(&self.0.bucket).key(self.key(key)).send().await.map_err(failure) {
            Err(Failure::Missing) | Ok(_) => Ok(()),
            Err(failed) => Err(failed),
        }
    }

    pub(super) async fn list(&self, prefix: &str, after: &str, most: usize) -> Result<Vec<Item>> {
        let _place = self.enter().await?;
        let list = self.0.client.list_objects_v2().bucket(&self.0.bucket).prefix(self.key(prefix));
        let list = if after.is_empty() { list } else { list.start_after(self.key(after)) };
        let listed = list.max_keys(most.clamp(1, 1000) as i32).send().await.map_err(failure)?;
        let items = listed.contents().iter().filter_map(|object| {
            let key = object.key()?.strip_prefix(&self.0.prefix)?.to_owned();
            Some(Item { key, size: object.size().unwrap_or_default().max(0) as u64 })
        });
        Ok(items.collect())
    }

    pub(super) async fn check(&self) -> Result<()> {
        let _place = self.enter().await?;
        let head = self.0.client.head_bucket().bucket(&self.0.bucket).send().await.map_err(failure);
        match head {
            Err(Failure::Missing) => Err(Failure::Failed(format!("there is no bucket {}", self.0.bucket))),
            other => other.map(drop),
        }
    }
}

/// A stretch of an upload as the body of a request.
async fn part(spool: &Spool, start: u64, length: u64) -> Result<ByteStream> {
    let body = ByteStream::read_from().path(spool.path()).offset(start).length(Length::Exact(length));
    body.build().await.map_err(|e| Failure::Failed(e.to_string()))
}

/// What an error means for us, with what the server says of it.
fn failure<E: ProvideErrorMetadata + std::error::Error + 'static, R: std::fmt::Debug>(error: SdkError<E, R>) -> Failure
where
    SdkError<E, R>: std::error::Error,
{
    match &error {
        SdkError::TimeoutError(_) => Failure::Unavailable("it took too long".to_owned()),
        SdkError::DispatchFailure(_) => Failure::Unavailable(chain(&error)),
        SdkError::ServiceError(service) => match service.err().code() {
            Some("NoSuchKey" | "NotFound") => Failure::Missing,
            Some("SlowDown" | "ServiceUnavailable") => Failure::Unavailable("it asks to slow down".to_owned()),
            Some(code) => Failure::Failed(format!("{code}: {}", service.err().message().unwrap_or("it says no more"))),
            None => Failure::Failed(chain(&error)),
        },
        _ => Failure::Failed(chain(&error)),
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
