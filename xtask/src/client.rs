//! The browser client: compiled to WASM, split into what a page begins with and what it loads later
//! (`app/src/later.rs`), its JavaScript glue generated, then joined with the style sheet and static
//! files by [`crate::site`].

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use std::{env, fs};

use anyhow::{Context, Result, anyhow};
use wasm_bindgen_cli_support::Bindgen;

use crate::module::{Names, packed};
use crate::paths::Profile;
use crate::unused::spared;
use crate::wasm::{TARGET, Toolchain};
use crate::{paths, site, steps};

/// Where the names of the functions of the released client are, by the numbers that a panic's trace in a browser has.
const NAMES: &str = "names";

/// Builds everything the browser loads into `target/site/<profile>`.
pub fn build(profile: Profile) -> Result<()> {
    let toolchain = Toolchain::obtain()?;
    let module =
        steps::step(&format!("compiling the client ({})", profile.of_client()), || compile(&toolchain, profile))?;
    let glue = generate(&module, profile)?;
    site::assemble(&glue, profile)
}

/// Where the client is compiled: apart from the server, so that neither waits for the other's lock.
pub fn folder() -> PathBuf {
    paths::target().join("client")
}

fn compile(toolchain: &Toolchain, profile: Profile) -> Result<PathBuf> {
    let mut cargo = toolchain.cargo();
    cargo.args(["rustc", "--package", "frontend", "--lib", "--features", "split", "--target", TARGET]);
    cargo.args(["--profile", profile.of_client()]).arg("--target-dir").arg(folder());
    // The splitter reads the relocations. Only this crate is linked, so the dependencies stay as they are.
    steps::run(cargo.args(["--", "-Clink-args=--emit-relocs"]))?;
    Ok(folder().join(TARGET).join(profile.of_client()).join("frontend.wasm"))
}

/// Splits the module and runs wasm-bindgen, unless the module is the one that was done last.
fn generate(module: &Path, profile: Profile) -> Result<PathBuf> {
    let out = folder().join(format!("glue-{}", profile.name()));
    let stamp_file = out.join("made-from");
    let stamp = stamp(module)?;
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(out);
    }
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let main = folder().join(format!("main-{}.wasm", profile.name()));
    steps::step("splitting the client", || split(module, &main, &out, profile))?;
    steps::step("generating the JavaScript glue", || {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(&main).out_name("confab").web(true)?.typescript(false);
        // The parts that come later share the first one's table and stack.
        bindgen.keep_lld_exports(true);
        bindgen.remove_producers_section(true);
        bindgen.generate(&out)?;
        if profile == Profile::Release {
            let (module, glue) = (out.join("confab_bg.wasm"), out.join("confab.js"));
            let names = Names::of(&fs::read(&module)?)?;
            pack(&module, &names)?;
            fs::write(&glue, names.shorten(&fs::read_to_string(&glue)?))?;
        }
        fs::write(&stamp_file, &stamp)?;
        Ok(())
    })?;
    Ok(out)
}

/// Writes what a page begins with to `main`, and the parts with the script that loads them to `out`.
fn split(module: &Path, main: &Path, out: &Path, profile: Profile) -> Result<()> {
    let mut whole = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    if profile == Profile::Release {
        whole = spared(&whole)?;
    }
    let mut options = wasm_split_cli_support::Options::new(&whole);
    options.output_dir = out;
    options.main_out_path = main;
    options.main_module = "./confab.js";
    let parts = wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:#}"))?;
    if profile == Profile::Release {
        parts.split_modules.iter().try_for_each(|part| pack(part, &Names::default()))?;
    }
    Ok(())
}

/// Makes a module small. The names of its functions, most of the file until then, go to a file in [`NAMES`].
fn pack(file: &Path, names: &Names) -> Result<()> {
    let packed = packed(&fs::read(file)?, names).with_context(|| format!("cannot pack {}", file.display()))?;
    fs::write(file, packed.module)?;
    let name = file.with_extension("txt");
    let folder = folder().join(NAMES);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name.file_name().context("a module has a name")?), packed.functions)?;
    Ok(())
}

/// Changes whenever the module was built anew, or this program.
fn stamp(module: &Path) -> Result<String> {
    let mut stamp = String::new();
    for file in [module, &env::current_exe()?] {
        let found = fs::metadata(file).with_context(|| format!("{} is missing", file.display()))?;
        let changed = found.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
        writeln!(stamp, "{} bytes, {changed}", found.len())?;
    }
    Ok(stamp)
}
