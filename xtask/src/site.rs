//! The web assets as they are served: content-hashed names, compressed variants, and a manifest that
//! server/src/assets.rs reads. Reads `style/` and `public/`, writes `target/site/<profile>`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::paths::Profile;
use crate::{paths, steps};

/// Changes when this file writes something else from the same input.
const FORMAT: &str = "4";

/// The table of emoji, which the browser fetches when it meets one.
const EMOJI: &str = "app/model/src/text/emoji/table.txt";

/// The client's module, under the name wasm-bindgen gives it.
const MODULE: &str = "pkg/confab_bg.wasm";

/// The most that WASM, glue and style sheet may have in a release, compressed with brotli: bytes.
const BUDGET: u64 = 345_000;

/// One file to be served, before it is written.
struct Asset {
    /// What the server asks the manifest for: `pkg/confab.wasm`, `icons/confab.svg`.
    name: String,
    /// Where it is served.
    path: String,
    bytes: Vec<u8>,
}

impl Asset {
    /// Whose path changes with its content, so that it may be kept for ever.
    fn hashed(name: &str, bytes: Vec<u8>) -> Self {
        Self { name: name.to_owned(), path: hashed_name(name, &hash(&bytes)), bytes }
    }
}

/// A file as written: an entry of the manifest.
struct Written {
    path: String,
    hash: String,
    size: u64,
    br: Option<u64>,
    gzip: Option<u64>,
    immutable: bool,
}

/// Joins the glue with style sheet and static files, unless nothing has changed.
pub fn assemble(glue: &Path, profile: Profile) -> Result<()> {
    let out = paths::site(profile);
    let stamp_file = out.join("made-from");
    let stamp = inputs(glue)?;
    if out.join("manifest.json").exists() && fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        steps::note("the web assets are up to date");
        return Ok(());
    }
    let written = steps::step("putting the web assets together", || {
        let assets = collect(glue, profile)?;
        let written = write(&out, assets, profile)?;
        fs::write(&stamp_file, &stamp)?;
        Ok(written)
    })?;
    report(&written, profile)
}

/// A line per input file; equal as long as no file was touched.
fn inputs(glue: &Path) -> Result<String> {
    let mut stamp = format!("format {FORMAT}\n");
    for language in &catalogue::LANGUAGES {
        writeln!(stamp, "{} {}", language.code, hash(catalogue::table(language.code).as_bytes()))?;
    }
    for folder in [glue.to_path_buf(), paths::at("style"), paths::at("public"), paths::at(EMOJI)] {
        for file in files(&folder)? {
            let found = fs::metadata(&file)?;
            let changed = found.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
            writeln!(stamp, "{} {} {changed}", file.display(), found.len())?;
        }
    }
    Ok(stamp)
}

fn collect(glue: &Path, profile: Profile) -> Result<Vec<Asset>> {
    let mut assets = client(glue, profile)?;
    for (sheet, name) in [("main", "confab"), ("later", "later")] {
        assets.push(Asset::hashed(&format!("pkg/{name}.css"), style(sheet, profile)?.into_bytes()));
    }
    assets.push(Asset::hashed("pkg/emoji.txt", read(&paths::at(EMOJI))?));
    for language in &catalogue::LANGUAGES {
        let table = catalogue::table(language.code);
        assets.push(Asset::hashed(&format!("pkg/words-{}.txt", language.code), table.into_bytes()));
    }
    let public = paths::at("public");
    for file in files(&public)? {
        let name = relative(&public, &file);
        assets.push(Asset { path: name.clone(), name, bytes: read(&file)? });
    }
    Ok(assets)
}

/// The modules and scripts of the client. They load each other by relative names, so all are in one folder that carries
/// the hash of them together: a page never mixes two builds.
fn client(glue: &Path, profile: Profile) -> Result<Vec<Asset>> {
    let mut parts = Vec::new();
    let mut digest = Sha256::new();
    for file in files(glue)?.iter().filter(|file| !file.ends_with("made-from")) {
        let (name, mut bytes) = (relative(glue, file), read(file)?);
        if profile == Profile::Release && file.extension().is_some_and(|e| e == "js") {
            bytes = without_comments(&String::from_utf8(bytes)?).into_bytes();
        }
        digest.update(&name);
        digest.update(&bytes);
        parts.push((name, bytes));
    }
    let folder = short(&digest.finalize());
    let asset = |(name, bytes)| Asset { path: format!("pkg/{folder}/{name}"), name: format!("pkg/{name}"), bytes };
    Ok(parts.into_iter().map(asset).collect())
}

/// Generated JavaScript without its comments, its indentation and its empty lines. No text in it goes over several lines.
fn without_comments(script: &str) -> String {
    let mut short = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            short.push_str(line);
            short.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    short
}

/// A style sheet from `style/<name>.scss`.
fn style(name: &str, profile: Profile) -> Result<String> {
    let main = paths::at("style").join(name).with_extension("scss");
    let look = match profile {
        Profile::Debug => grass::OutputStyle::Expanded,
        Profile::Release => grass::OutputStyle::Compressed,
    };
    let options = grass::Options::default().style(look).load_path(paths::at("style"));
    // Not passed on as it is: it holds a whole screen of its own.
    grass::from_path(&main, &options).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Writes new files first, then the manifest, then removes what it no longer names: a server that
/// reads the folder meanwhile finds everything it knows of.
fn write(out: &Path, assets: Vec<Asset>, profile: Profile) -> Result<BTreeMap<String, Written>> {
    fs::create_dir_all(out)?;
    let written = std::thread::scope(|scope| {
        let tasks: Vec<_> = assets
            .into_iter()
            .map(|asset| scope.spawn(move || Ok((asset.name.clone(), write_one(out, &asset, profile)?))))
            .collect();
        tasks
            .into_iter()
            .map(|task| task.join().unwrap_or_else(|_| Err(anyhow::anyhow!("writing an asset panicked"))))
            .collect::<Result<BTreeMap<_, _>>>()
    })?;
    let manifest = out.join("manifest.json");
    let partial = out.join("manifest.json.partial");
    fs::write(&partial, serde_json::to_string_pretty(&listing(&written))?)?;
    fs::rename(&partial, &manifest)?;
    let mut keep: BTreeSet<PathBuf> = [manifest, out.join("made-from")].into();
    for file in written.values() {
        keep.extend(["", ".br", ".gz"].map(|ending| out.join(format!("{}{ending}", file.path))));
    }
    for file in files(out)? {
        if !keep.contains(&file) {
            fs::remove_file(file)?;
        }
    }
    Ok(written)
}

fn write_one(out: &Path, asset: &Asset, profile: Profile) -> Result<Written> {
    let hash = hash(&asset.bytes);
    let path = asset.path.clone();
    let file = out.join(&path);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, &asset.bytes)?;
    let immutable = asset.name.starts_with("pkg/");
    let size = asset.bytes.len() as u64;
    let (mut br, mut gzip) = (None, None);
    if profile == Profile::Release && is_compressible(&asset.name) {
        br = variant(&file, "br", size, &hash, || brotli(&asset.bytes))?;
        gzip = variant(&file, "gz", size, &hash, || gzipped(&asset.bytes))?;
    }
    Ok(Written { path, hash, size, br, gzip, immutable })
}

/// Writes a compressed variant where it is smaller, and says its size. Compressing hard takes
/// seconds, so variants are kept by content between builds.
fn variant(
    file: &Path,
    ending: &str,
    size: u64,
    hash: &str,
    compress: impl FnOnce() -> Result<Vec<u8>>,
) -> Result<Option<u64>> {
    let kept = paths::target().join("client/compressed").join(format!("{hash}.{ending}"));
    let bytes = if let Ok(bytes) = fs::read(&kept) {
        bytes
    } else {
        let bytes = compress()?;
        fs::create_dir_all(kept.parent().context("has a parent")?)?;
        fs::write(&kept, &bytes)?;
        bytes
    };
    let smaller = bytes.len() as u64;
    if smaller >= size {
        return Ok(None);
    }
    fs::write(format!("{}.{ending}", file.display()), bytes)?;
    Ok(Some(smaller))
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out)
}

fn gzipped(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// The manifest: from the name in the sources to the file that is served, and what the server needs to know of it.
fn listing(written: &BTreeMap<String, Written>) -> Value {
    let files: serde_json::Map<String, Value> = written
        .iter()
        .map(|(name, file)| {
            let entry = json!({
                "path": file.path, "hash": file.hash, "size": file.size, "br": file.br, "gzip": file.gzip,
                "immutable": file.immutable,
            });
            (name.clone(), entry)
        })
        .collect();
    json!({ "files": files })
}

/// Prints what a browser has to load before the page is alive, and refuses a client that outgrew its budget.
fn report(written: &BTreeMap<String, Written>, profile: Profile) -> Result<()> {
    let (mut raw, mut br, mut gzip) = (0, 0, 0);
    for (name, file) in written.iter().filter(|(name, _)| name.starts_with("pkg/")) {
        let (smallest, zipped) = (file.br.unwrap_or(file.size), file.gzip.unwrap_or(file.size));
        if is_first(name) {
            raw += file.size;
            br += smallest;
            gzip += zipped;
        }
        steps::note(&sizes(name, file.size, smallest, zipped));
    }
    steps::note(&sizes("WASM + glue + CSS", raw, br, gzip));
    if profile == Profile::Release && br > BUDGET {
        bail!("what a page begins with is {}, more than {}", steps::size(br), steps::size(BUDGET));
    }
    Ok(())
}

/// Whether it counts for what a page begins with. The emoji, the second style sheet and the client's other parts come
/// after; of the tables of texts a page loads one.
fn is_first(name: &str) -> bool {
    let is_module = Path::new(name).extension().is_some_and(|ending| ending == "wasm");
    let is_later = name.starts_with("pkg/words-") || ["pkg/emoji.txt", "pkg/later.css"].contains(&name);
    !is_later && (!is_module || name == MODULE)
}

fn sizes(name: &str, raw: u64, br: u64, gzip: u64) -> String {
    let (raw, br, gzip) = (steps::size(raw), steps::size(br), steps::size(gzip));
    format!("{name:<20} {raw:>10}   brotli {br:>10}   gzip {gzip:>10}")
}

/// Whether compressing can gain anything.
fn is_compressible(name: &str) -> bool {
    let endings = ["wasm", "js", "css", "svg", "json", "webmanifest", "txt", "html", "xml", "ico", "ttf", "otf"];
    Path::new(name).extension().and_then(|ending| ending.to_str()).is_some_and(|ending| endings.contains(&ending))
}

/// 16 characters of the SHA-256: enough to tell builds apart.
fn hash(bytes: &[u8]) -> String {
    short(&Sha256::digest(bytes))
}

fn short(digest: &[u8]) -> String {
    let mut digest = hex::encode(digest);
    digest.truncate(16);
    digest
}

/// `pkg/confab.js` becomes `pkg/confab.<hash>.js`.
fn hashed_name(name: &str, hash: &str) -> String {
    name.rsplit_once('.').map_or_else(|| format!("{name}.{hash}"), |(stem, ending)| format!("{stem}.{hash}.{ending}"))
}

fn relative(folder: &Path, file: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).to_string_lossy().into_owned()
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

/// All files below a folder, in a fixed order, or the file itself; none where there is nothing.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.is_file() {
        return Ok(vec![folder.to_path_buf()]);
    }
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_carries_its_hash_before_the_ending() {
        assert_eq!(hashed_name("pkg/confab.wasm", "0123"), "pkg/confab.0123.wasm");
        assert_eq!(hash(b"").len(), 16);
    }

    #[test]
    fn only_what_a_page_begins_with_counts() {
        let first = [MODULE, "pkg/confab.js", "pkg/__wasm_split.js", "pkg/confab.css"];
        assert!(first.into_iter().all(is_first));
        assert!(!is_first("pkg/emoji.txt"));
        assert!(!is_first("pkg/later.css"));
        assert!(!is_first("pkg/words-de.txt"));
        assert!(!is_first("pkg/1_later.wasm"));
    }

    #[test]
    fn pictures_are_not_compressed_again() {
        assert!(is_compressible("pkg/confab.wasm"));
        assert!(is_compressible("icons/confab.svg"));
        assert!(!is_compressible("icons/confab.png"));
    }
}
