//! Pictures: how large one is, and smaller ones made of it.
//!
//! What people upload may be made to do harm: a few bytes can claim to be a gigabyte of pixels. So a picture is decoded
//! in a process of its own that holds nothing of ours, with limits on its pixels and memory, and is killed when it takes
//! too long. Where there is no such process (tests, commands), it is done in a thread with the same limits.

use crate::error::{Error, Result};
use image::{
    DynamicImage, Frame, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits,
    codecs::{gif, jpeg::JpegEncoder},
    imageops::FilterType,
    metadata::Orientation,
};
use model::Refusal;
use std::{
    io::{BufRead, BufReader, Cursor, Read as _, Seek, Write as _},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::Semaphore,
};

/// The largest file that is looked at as a picture, in bytes.
pub const BYTES_MAX: u64 = 50 * 1024 * 1024;
/// The sides of a picture of a person or team, in pixels.
pub const SQUARE: u32 = 128;
/// The sides of an emoji, at most.
pub const EMOJI: u32 = 128;
/// A preview is so wide at most.
const PREVIEW_WIDTH: u32 = 1920;
/// What a thumbnail covers.
const THUMBNAIL: (u32, u32) = (120, 100);
/// The sides of the picture that stands in for one that has not come yet.
const MINI: u32 = 16;
/// How many pictures are worked on at once.
const AT_ONCE: usize = 2;
/// How long one may take.
const WITHIN: Duration = Duration::from_secs(20);
/// How long one waits for one's turn.
const WAIT: Duration = Duration::from_mins(1);
/// The most bytes that come back.
const OUTPUT_MAX: u64 = 64 * 1024 * 1024;
/// The memory of a process that reads documents, in bytes.
const MEMORY_MAX: u64 = 1024 * 1024 * 1024;
/// The most pictures a moving one is made of.
const FRAMES_MAX: usize = 500;

/// What is to be made of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// A thumbnail, a preview and a tiny one, all JPEG.
    Smaller,
    /// A PNG of [`SQUARE`] by [`SQUARE`] pixels, cut out of the middle.
    Square,
    /// A PNG, or a GIF where it was one, that fits an emoji.
    Emoji,
    /// A PNG of the same size.
    Again,
    /// The text in a file that is no picture.
    Text,
}

impl Task {
    fn name(self) -> &'static str {
        match self {
            Self::Smaller => "smaller",
            Self::Square => "square",
            Self::Emoji => "emoji",
            Self::Again => "again",
            Self::Text => "text",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [Self::Smaller, Self::Square, Self::Emoji, Self::Again, Self::Text].into_iter().find(|task| task.name() == name)
    }
}

/// Why nothing was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is no picture that we can read, or a broken one.
    Unreadable = 2,
    /// It has too many pixels.
    TooLarge = 3,
    /// It took too long, or the process died.
    GivenUp = 4,
}

impl From<ImageError> for Trouble {
    fn from(error: ImageError) -> Self {
        if matches!(error, ImageError::Limits(_)) { Self::TooLarge } else { Self::Unreadable }
    }
}

/// Where pictures are worked on.
#[derive(Clone)]
pub struct Workshop(Arc<Inner>);

struct Inner {
    room: Semaphore,
    /// Our own program, which knows the command `picture`.
    program: OnceLock<PathBuf>,
}

impl Default for Workshop {
    fn default() -> Self {
        Self(Arc::new(Inner { room: Semaphore::new(AT_ONCE), program: OnceLock::new() }))
    }
}

impl Workshop {
    /// Does the work in processes from now on. `program` is run with `picture <task> <most pixels>`; it has to call
    /// [`serve`] then.
    pub fn use_program(&self, program: PathBuf) {
        let _ = self.0.program.set(program);
    }

    /// Makes something of a picture of at most so many pixels.
    ///
    /// # Errors
    ///
    /// Too many wait. What is wrong with the picture is the inner result.
    pub async fn make(&self, task: Task, most_pixels: u64, bytes: Vec<u8>) -> Result<Result<Vec<Vec<u8>>, Trouble>> {
        let _place = self.enter().await?;
        if let Some(program) = self.0.program.get() {
            let made = tokio::time::timeout(WITHIN, by_process(program, task, most_pixels, bytes)).await;
            return Ok(match made {
                Ok(made) => made.map_err(Error::internal)?,
                Err(_) => Err(Trouble::GivenUp),
            });
        }
        let working = tokio::task::spawn_blocking(move || work(task, most_pixels, &bytes));
        Ok(working.await.unwrap_or(Err(Trouble::GivenUp)))
    }

    /// How wide and high a picture in a file is, as it is meant to be looked at. `None`: it is none that we can read.
    ///
    /// # Errors
    ///
    /// Too many wait.
    pub(super) async fn measure(&self, path: &Path) -> Result<Option<(u32, u32)>> {
        let _place = self.enter().await?;
        let path = path.to_owned();
        let measuring = tokio::task::spawn_blocking(move || {
            let file = std::fs::File::open(path).ok()?;
            let mut decoder = decoder(BufReader::new(file), Limits::default()).ok()?;
            Some(upright(&mut decoder))
        });
        Ok(measuring.await.ok().flatten())
    }

    async fn enter(&self) -> Result<tokio::sync::SemaphorePermit<'_>> {
        let busy = || Error::from(Refusal::FILES_UNAVAILABLE);
        tokio::time::timeout(WAIT, self.0.room.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())
    }
}

async fn by_process(
    program: &Path,
    task: Task,
    most_pixels: u64,
    bytes: Vec<u8>,
) -> std::io::Result<Result<Vec<Vec<u8>>, Trouble>> {
    let mut child = tokio::process::Command::new(program)
        .args(["picture", task.name(), &most_pixels.to_string()])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Ok(Err(Trouble::GivenUp));
    };
    let feed = async move {
        // It may have seen enough and closed its end.
        let _ = input.write_all(&bytes).await;
        drop((input, bytes));
    };
    let mut answer = Vec::new();
    let mut output = output.take(OUTPUT_MAX);
    let ((), read) = tokio::join!(feed, output.read_to_end(&mut answer));
    read?;
    // A process that goes on writing would wait for us.
    drop(output);
    let status = child.wait().await?;
    Ok(match status.code() {
        Some(0) => unframed(&answer).ok_or(Trouble::GivenUp),
        Some(2) => Err(Trouble::Unreadable),
        Some(3) => Err(Trouble::TooLarge),
        _ => Err(Trouble::GivenUp),
    })
}

/// The command `picture`: reads a picture from standard input and writes what is made of it. Returns the exit status.
pub fn serve(task: &str, most_pixels: u64) -> u8 {
    let Some(task) = Task::of(task) else { return Trouble::GivenUp as u8 };
    if task == Task::Text {
        // Readers of documents know no limits; pictures have their own.
        let most = rustix::process::Rlimit { current: Some(MEMORY_MAX), maximum: Some(MEMORY_MAX) };
        if rustix::process::setrlimit(rustix::process::Resource::As, most).is_err() {
            return Trouble::GivenUp as u8;
        }
    }
    let mut bytes = Vec::new();
    if std::io::stdin().lock().take(BYTES_MAX + 1).read_to_end(&mut bytes).is_err() {
        return Trouble::GivenUp as u8;
    }
    match work(task, most_pixels, &bytes) {
        Ok(made) => {
            let mut out = std::io::stdout().lock();
            let written = made.iter().try_for_each(|one| {
                out.write_all(&(one.len() as u32).to_le_bytes())?;
                out.write_all(one)
            });
            if written.and_then(|()| out.flush()).is_ok() { 0 } else { Trouble::GivenUp as u8 }
        }
        Err(trouble) => trouble as u8,
    }
}

/// What [`serve`] wrote: each piece behind its length.
fn unframed(mut bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut pieces = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (piece, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        pieces.push(piece.to_vec());
        bytes = rest;
    }
    bytes.is_empty().then_some(pieces)
}

fn work(task: Task, most_pixels: u64, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Trouble> {
    if task == Task::Text {
        return Ok(vec![super::text::read(bytes)?.into_bytes()]);
    }
    if task == Task::Emoji
        && let Some(kept) = emoji_as_it_is(bytes, most_pixels)?
    {
        return Ok(vec![kept]);
    }
    let picture = read(bytes, most_pixels)?;
    match task {
        Task::Smaller => smaller(&picture),
        Task::Square => Ok(vec![png(&picture.resize_to_fill(SQUARE, SQUARE, FilterType::CatmullRom))?]),
        Task::Emoji if picture.width() <= EMOJI && picture.height() <= EMOJI => Ok(vec![png(&picture)?]),
        Task::Emoji => Ok(vec![png(&picture.resize(EMOJI, EMOJI, FilterType::CatmullRom))?]),
        Task::Again | Task::Text => Ok(vec![png(&picture)?]),
    }
}

fn decoder<'a, R: BufRead + Seek + 'a>(from: R, limits: Limits) -> Result<impl ImageDecoder + 'a, Trouble> {
    let mut reader = ImageReader::new(from).with_guessed_format().map_err(|_| Trouble::Unreadable)?;
    reader.limits(limits);
    Ok(reader.into_decoder()?)
}

/// Width and height as the picture is meant to be looked at.
fn upright(decoder: &mut impl ImageDecoder) -> (u32, u32) {
    let (width, height) = decoder.dimensions();
    match decoder.orientation() {
        Ok(
            Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH,
        ) => (height, width),
        _ => (width, height),
    }
}

/// Memory for so many pixels: 8 bytes for each at worst, and some beside.
fn limits(most_pixels: u64) -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(most_pixels.saturating_mul(8).saturating_add(16 * 1024 * 1024));
    limits
}

fn read(bytes: &[u8], most_pixels: u64) -> Result<DynamicImage, Trouble> {
    let mut decoder = decoder(Cursor::new(bytes), limits(most_pixels))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > most_pixels {
        return Err(Trouble::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn smaller(picture: &DynamicImage) -> Result<Vec<Vec<u8>>, Trouble> {
    let (width, height) = (picture.width(), picture.height());
    let preview = if width > PREVIEW_WIDTH {
        let high = u64::from(height) * u64::from(PREVIEW_WIDTH) / u64::from(width);
        picture.resize_exact(PREVIEW_WIDTH, (high as u32).max(1), FilterType::Triangle)
    } else {
        picture.clone()
    };
    let preview = on_white(&preview);
    // The ratio is kept; the smaller side decides, and nothing is made larger.
    let scale = (f64::from(THUMBNAIL.0) / f64::from(width)).max(f64::from(THUMBNAIL.1) / f64::from(height)).min(1.0);
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    let thumbnail = preview.resize_exact(side(width), side(height), FilterType::Triangle);
    let mini = thumbnail.resize_exact(MINI, MINI, FilterType::Triangle);
    Ok(vec![jpeg(&thumbnail, 85)?, jpeg(&preview, 85)?, jpeg(&mini, 70)?])
}

/// JPEG knows no transparency: what is seen through becomes white.
fn on_white(picture: &DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.to_rgb8());
    }
    let mut out = image::RgbImage::new(picture.width(), picture.height());
    for (to, from) in out.pixels_mut().zip(picture.to_rgba8().pixels()) {
        let alpha = u32::from(from.0[3]);
        for (channel, value) in to.0.iter_mut().zip(&from.0[..3]) {
            *channel = ((u32::from(*value) * alpha + 255 * (255 - alpha)) / 255) as u8;
        }
    }
    DynamicImage::ImageRgb8(out)
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, Trouble> {
    let mut out = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, quality))?;
    Ok(out)
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, Trouble> {
    let mut out = Cursor::new(Vec::new());
    let eight_bits = DynamicImage::ImageRgba8(picture.to_rgba8());
    eight_bits.write_to(&mut out, ImageFormat::Png)?;
    Ok(out.into_inner())
}

/// An emoji that needs no change, or a moving one made smaller.
fn emoji_as_it_is(bytes: &[u8], most_pixels: u64) -> Result<Option<Vec<u8>>, Trouble> {
    let mut decoder = decoder(Cursor::new(bytes), limits(most_pixels))?;
    let (width, height) = upright(&mut decoder);
    let moves = bytes.starts_with(b"GIF8");
    if width <= EMOJI && height <= EMOJI {
        // It is decoded all the same: what cannot be shown is refused.
        drop(decoder);
        read(bytes, most_pixels)?;
        return Ok(moves.then(|| bytes.to_vec()));
    }
    if !moves {
        return Ok(None);
    }
    if u64::from(width) * u64::from(height) > most_pixels {
        return Err(Trouble::TooLarge);
    }
    drop(decoder);
    let mut frames = gif::GifDecoder::new(Cursor::new(bytes))?;
    frames.set_limits(limits(most_pixels))?;
    let scale = f64::from(EMOJI) / f64::from(width.max(height));
    let side = |length: u32| ((f64::from(length) * scale).round() as u32).max(1);
    let mut out = Vec::new();
    let mut encoder = gif::GifEncoder::new_with_speed(&mut out, 10);
    encoder.set_repeat(gif::Repeat::Infinite)?;
    for (number, frame) in image::AnimationDecoder::into_frames(frames).enumerate() {
        if number >= FRAMES_MAX {
            return Err(Trouble::TooLarge);
        }
        let frame = frame?;
        let delay = frame.delay();
        let small = image::imageops::resize(frame.buffer(), side(width), side(height), FilterType::Triangle);
        encoder.encode_frame(Frame::from_parts(small, 0, 0, delay))?;
    }
    drop(encoder);
    Ok(Some(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sized(bytes: &[u8]) -> (ImageFormat, u32, u32) {
        let format = image::guess_format(bytes).expect("a picture");
        let picture = image::load_from_memory(bytes).expect("a picture");
        (format, picture.width(), picture.height())
    }

    fn sample(width: u32, height: u32) -> Vec<u8> {
        png(&DynamicImage::new_rgba8(width, height)).expect("encoded")
    }

    #[test]
    fn smaller_pictures_keep_the_ratio() {
        let made = work(Task::Smaller, 10_000_000, &sample(2000, 1000)).expect("made");
        let sizes: Vec<_> = made.iter().map(|one| sized(one)).collect();
        assert_eq!(sizes, [(ImageFormat::Jpeg, 200, 100), (ImageFormat::Jpeg, 1920, 960), (ImageFormat::Jpeg, 16, 16)]);
        let tiny = work(Task::Smaller, 10_000_000, &sample(30, 20)).expect("made");
        assert_eq!(sized(&tiny[0]), (ImageFormat::Jpeg, 30, 20), "nothing is made larger");
        let thin = work(Task::Smaller, 10_000_000, &sample(5000, 1)).expect("made");
        assert_eq!(sized(&thin[1]), (ImageFormat::Jpeg, 1920, 1));
        let seen_through = image::load_from_memory(&tiny[1]).expect("a picture").to_rgb8();
        assert!(seen_through.pixels().all(|p| p.0.iter().all(|c| *c > 250)), "what is seen through is white");
    }

    #[test]
    fn squares_are_cut_out_of_the_middle_and_emoji_fit() {
        let square = work(Task::Square, 1_000_000, &sample(300, 200)).expect("made");
        assert_eq!(sized(&square[0]), (ImageFormat::Png, SQUARE, SQUARE));
        let emoji = work(Task::Emoji, 1_000_000, &sample(256, 64)).expect("made");
        assert_eq!(sized(&emoji[0]), (ImageFormat::Png, 128, 32));
    }

    #[test]
    fn what_claims_to_be_huge_is_refused_before_it_is_decoded() {
        // A PNG's header that promises 60,000 by 60,000 pixels.
        let mut bomb = sample(1, 1);
        bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
        assert!(work(Task::Smaller, 33_000_000, &bomb).is_err());
        assert_eq!(work(Task::Smaller, 10, &sample(4, 4)), Err(Trouble::TooLarge));
        assert_eq!(work(Task::Square, 1_000_000, b"<svg onload=alert(1)>"), Err(Trouble::Unreadable));
        assert!(work(Task::Square, 1_000_000, &sample(100, 100)[..60]).is_err(), "a broken one");
    }

    #[test]
    fn a_moving_emoji_goes_on_moving() {
        let mut bytes = Vec::new();
        {
            let mut encoder = gif::GifEncoder::new(&mut bytes);
            for shade in [0, 200] {
                let frame = image::RgbaImage::from_pixel(300, 150, image::Rgba([shade, shade, shade, 255]));
                encoder.encode_frame(Frame::new(frame)).expect("encoded");
            }
        }
        let made = work(Task::Emoji, 1_000_000, &bytes).expect("made");
        let decoder = gif::GifDecoder::new(Cursor::new(&made[0])).expect("a GIF");
        assert_eq!(decoder.dimensions(), (128, 64));
        assert_eq!(image::AnimationDecoder::into_frames(decoder).count(), 2);
    }

    #[test]
    fn pieces_come_back_from_between_processes() {
        let framed = [&3_u32.to_le_bytes()[..], b"abc", &0_u32.to_le_bytes()[..]].concat();
        assert_eq!(unframed(&framed), Some(vec![b"abc".to_vec(), Vec::new()]));
        assert_eq!(unframed(&framed[..5]), None);
    }
}
