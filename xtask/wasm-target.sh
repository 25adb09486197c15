#!/usr/bin/env bash
# Makes the target wasm32-unknown-unknown of Rust available. Can be run any number of times.
#
#   1. the active toolchain already has it            -> nothing to do
#   2. `rustup target add` can download it            -> do that
#   3. Debian or a derivative with apt package lists  -> unpack Debian's rustc-web
#      (nothing is installed, root is not needed), build std for wasm32 from
#      Debian's rust-web-src, put it in that sysroot, and link the result as a
#      rustup toolchain.
#
# Called by `cargo xtask`; by hand: xtask/wasm-target.sh [--force-debian]
# The last line on stdout says which toolchain has the target:
#   WASM_TOOLCHAIN=           (the active toolchain; nothing special to do)
#   WASM_TOOLCHAIN=<name>     (use RUSTUP_TOOLCHAIN=<name> for the client)
#   WASM_CARGO=<path>         (no rustup on this machine: use this cargo for the client)
#
# Environment: WASM_TOOLCHAIN_DIR  (default ${XDG_CACHE_HOME:-$HOME/.cache}/confab/rust-wasm)
#              WASM_TOOLCHAIN_NAME (default confab-wasm)
#              WASM_RUSTUP_TIMEOUT (default 180 s for `rustup target add`)
set -euo pipefail

TARGET=wasm32-unknown-unknown
DIR=${WASM_TOOLCHAIN_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/confab/rust-wasm}
NAME=${WASM_TOOLCHAIN_NAME:-confab-wasm}
MIN_RUST_MINOR=95            # the `rust-version` of the root Cargo.toml
force_debian=0
for arg in "$@"; do
  case $arg in
    --force-debian) force_debian=1 ;;
    *) echo "wasm-target: unknown argument $arg" >&2; exit 2 ;;
  esac
done

say() { printf 'wasm-target: %s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# Does this rustc (command given as arguments) have std for wasm32?
has_target() {
  local sysroot
  sysroot=$("$@" --print sysroot 2>/dev/null) || return 1
  compgen -G "$sysroot/lib/rustlib/$TARGET/lib/libstd-*.rlib" >/dev/null
}

finish_active() { say "$TARGET is available in the active toolchain ($1)"; echo "WASM_TOOLCHAIN="; exit 0; }

finish_debian() {
  local t=$DIR/root/usr
  if command -v rustup >/dev/null; then
    # `link` replaces an older link of the same name.
    rustup toolchain link "$NAME" "$t" >&2
    has_target rustc "+$NAME" || die "rustc +$NAME does not see $TARGET (linked from $t)"
    say "$TARGET is available in the rustup toolchain '$NAME': $(rustc "+$NAME" --version)"
      echo "WASM_TOOLCHAIN=$NAME"
  else
    say "$TARGET is available: RUSTC=$t/bin/rustc $t/bin/cargo build --target $TARGET"
    echo "WASM_CARGO=$t/bin/cargo"
  fi
  exit 0
}

# ---- 1. already there -------------------------------------------------------
if [ $force_debian = 0 ]; then
  if command -v rustc >/dev/null && has_target rustc; then
    finish_active "$(rustc --version)"
  fi
fi
if [ -f "$DIR/complete" ] && has_target "$DIR/root/usr/bin/rustc"; then
  finish_debian
fi

# ---- 2. rustup --------------------------------------------------------------
rustup_error="rustup is not installed"; [ $force_debian = 0 ] || rustup_error="skipped (--force-debian)"
if [ $force_debian = 0 ] && command -v rustup >/dev/null; then
  say "trying: rustup target add $TARGET"
  if out=$(timeout "${WASM_RUSTUP_TIMEOUT:-180}" rustup target add "$TARGET" 2>&1) && has_target rustc; then
    finish_active "$(rustc --version)"
  fi
  rustup_error=$(printf '%s' "$out" | grep -m1 -i 'error' || printf '%s' "$out" | tail -n1)
  say "rustup could not add it: ${rustup_error:-no message}"
fi

# ---- 3. Debian's packages ---------------------------------------------------
give_up() {
  die "$1
  $TARGET is needed to build the browser client, and none of the ways worked:
    - rustup target add $TARGET: ${rustup_error:-failed}
    - Debian's rustc-web packages: $1
  Install rustup on a machine that can download from the Rust project
  and run: rustup target add $TARGET"
}

command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || give_up "not a Debian system (no apt-get / dpkg-deb)"
[ "$(dpkg --print-architecture)" = amd64 ] || [ "$(dpkg --print-architecture)" = arm64 ] \
  || give_up "architecture $(dpkg --print-architecture) is not handled"
command -v cc >/dev/null || give_up "no C compiler (apt-get install gcc libc6-dev)"

candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p' | grep -v '(none)' || true; }
version=$(candidate rustc-web)
if [ -z "$version" ] && [ "$(id -u)" = 0 ]; then
  say "no package lists for rustc-web; running apt-get update"
  apt-get update -qq >&2 || true
  version=$(candidate rustc-web)
fi
[ -n "$version" ] || give_up "no package rustc-web (is the security archive in the apt sources? try apt-get update)"
minor=$(printf '%s' "$version" | sed -n 's/^1\.\([0-9]*\)\..*/\1/p')
[ -n "$minor" ] && [ "$minor" -ge $MIN_RUST_MINOR ] || give_up "rustc-web is $version, 1.$MIN_RUST_MINOR or newer is needed"

deps_of() { apt-cache depends --no-recommends --no-suggests "$1=$version" 2>/dev/null | sed -n 's/^ *Depends: *\([a-z0-9][^ <>]*\).*/\1/p'; }
libstd=$(deps_of libstd-rust-web-dev | grep -m1 '^libstd-rust-web-' || true)
[ -n "$libstd" ] || give_up "cannot resolve libstd-rust-web-dev=$version"
libllvm=$(deps_of "$libstd" | grep -m1 '^libllvm' || true)
[ -n "$libllvm" ] || give_up "$libstd does not name its libllvm"
llvm=${libllvm#libllvm}; llvm=${llvm%%t64}; llvm=${llvm%%.*}
libgit2=$(deps_of cargo-web | grep -m1 '^libgit2' || true)

# These always (so that a later upgrade of the system's LLVM cannot break the toolchain),
# and whatever else of their dependencies is not installed here.
own=(rustc-web cargo-web libstd-rust-web-dev "$libstd" rust-web-src)
others=("$libllvm" "lld-$llvm" patchelf)
[ -n "$libgit2" ] && others+=("$libgit2")
missing=$(apt-get -s --no-install-recommends install "${own[@]}" "${others[@]}" 2>/dev/null | awk '/^Inst /{print $2}' || true)

say "building $TARGET for Debian's rustc-web $version in $DIR"
mkdir -p "$DIR"
rm -rf "$DIR/complete" "$DIR/root" "$DIR/probe" "$DIR/debs.partial"
mkdir -p "$DIR/debs.partial" "$DIR/root"
pkgs=()
for p in "${own[@]}"; do pkgs+=("$p=$version"); done
for p in $(printf '%s\n' "${others[@]}" $missing | sort -u); do
  case " ${own[*]} " in *" $p "*) ;; *) pkgs+=("$p") ;; esac
done
(cd "$DIR/debs.partial" && apt-get download -o APT::Sandbox::User=root "${pkgs[@]}" >&2) || give_up "apt-get download failed"
for d in "$DIR"/debs.partial/*.deb; do dpkg-deb -x "$d" "$DIR/root"; done
rm -rf "$DIR/debs.partial"

T=$DIR/root/usr
multi=$(cd "$T/lib" && ls -d *-linux-gnu | head -n1)
lib=$T/lib/$multi
host=$(cd "$T/lib/rustlib" && ls -d *-unknown-linux-gnu | head -n1)

# The packages expect to lie in /usr: give the programs a path to their own libraries.
# patchelf itself needs only libstdc++.
patch() { LD_LIBRARY_PATH=$lib "$T/bin/patchelf" --force-rpath --set-rpath "$1" "$2"; }
patch "\$ORIGIN/../lib/$multi" "$T/bin/rustc"
patch "\$ORIGIN/../lib/$multi" "$T/bin/rustdoc"
patch "\$ORIGIN/../lib/$multi" "$T/bin/cargo"
for so in "$lib"/librustc_driver-*.so; do patch "\$ORIGIN" "$so"; done
patch "\$ORIGIN/../../$multi" "$T/lib/llvm-$llvm/bin/lld"
for so in "$lib"/libLLVM*.so* "$lib"/libgit2.so.* ; do
  [ -f "$so" ] && [ ! -L "$so" ] && patch "\$ORIGIN" "$so"
done
# Debian ships librustc_driver with libLLVM as a link into llvm-N/lib in some releases.
[ -e "$T/lib/llvm-$llvm/lib/libLLVM.so.1" ] || true

# rustc looks for rust-lld in <sysroot>/lib/rustlib/<host>/bin.
mkdir -p "$T/lib/rustlib/$host/bin"
ln -sfn "../../../llvm-$llvm/bin/lld" "$T/lib/rustlib/$host/bin/rust-lld"

"$T/bin/rustc" --version >&2 || die "the unpacked rustc does not run: $(ldd "$lib"/librustc_driver-*.so | grep 'not found' | tr '\n' ' ')"
"$T/bin/cargo" --version >&2 || die "the unpacked cargo does not run: $(ldd "$T/bin/cargo" | grep 'not found' | tr '\n' ' ')"

# std for wasm32, from rust-web-src, with the tools Debian built from the same source.
src=$(cd "$T/lib/rustlib/src/rust" && pwd -P)
P=$DIR/probe
mkdir -p "$P/src"
cat >"$P/Cargo.toml" <<'EOF'
[package]
name = "probe"
version = "0.0.0"
edition = "2021"
[lib]
[profile.release]
opt-level = 3
debug = false
[workspace]
EOF
echo 'pub fn nothing() {}' >"$P/src/lib.rs"
say "compiling std (about 40 s on two cores)"
(
  unset RUSTUP_TOOLCHAIN CARGO_BUILD_RUSTC CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER
  cd "$P"
  # embed-bitcode: a later build with lto = true needs it. Last one given wins over cargo's own "no".
  RUSTC_BOOTSTRAP=1 RUSTC=$T/bin/rustc RUSTDOC=$T/bin/rustdoc CARGO_TARGET_DIR=$P/target \
  RUSTFLAGS="-Cembed-bitcode=yes --remap-path-prefix=$src=/rustc/$version --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}/registry/src=/cargo" \
    "$T/bin/cargo" build --quiet --release -Zbuild-std=std,panic_abort,test --target $TARGET >&2
) || die "std for $TARGET did not compile"

out=$T/lib/rustlib/$TARGET/lib
mkdir -p "$out"
for f in "$P"/target/$TARGET/release/deps/lib*.rlib; do
  case $(basename "$f") in libprobe-*) ;; *) cp "$f" "$out/" ;; esac
done
rm -rf "$P/target"

# Check it with a real link, fat LTO included.
cat >"$P/src/lib.rs" <<'EOF'
#[unsafe(no_mangle)]
pub extern "C" fn answer(n: u32) -> u32 { let v: Vec<u32> = (0..n).collect(); format!("{v:?}").len() as u32 }
EOF
for flags in "" "-Clto=fat -Copt-level=z"; do
  # shellcheck disable=SC2086
  "$T/bin/rustc" --edition 2024 --crate-type cdylib --target $TARGET $flags -o "$P/probe.wasm" "$P/src/lib.rs" \
    || die "the new target does not link"
done
rm -rf "$P"
# Only library/ of the source is of use later (go to definition), the rest is not.
find "$src" -mindepth 1 -maxdepth 1 ! -name library -exec rm -rf {} +
rm -rf "$T/share" "$src/library/vendor"
printf '%s\n' "$version" >"$DIR/complete"
say "size: $(du -sh "$DIR" | cut -f1)"
finish_debian
