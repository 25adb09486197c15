//! Codes of a second factor (TOTP, RFC 6238): secrets, the codes of a moment, recovery codes, and the picture that an
//! authenticator app reads.

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};
use model::Millis;
use qrcodegen::{QrCode, QrCodeEcc};
use rand::RngCore as _;
use std::fmt::Write as _;
use totp_rs::{Builder, Secret, Totp};

/// How many recovery codes somebody gets.
const RECOVERY_CODES: usize = 10;
/// The light edge around a QR code, in modules; the standard asks for it.
const QUIET: i32 = 4;
/// Pixels per module.
const SCALE: i32 = 6;

/// A new secret, in base 32.
pub fn new_secret() -> String {
    let mut bytes = [0; 20];
    rand::rng().fill_bytes(&mut bytes);
    Secret::from(bytes).to_base32()
}

fn totp(secret: &str, site: &str, account: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    let plain = |text: &str| text.replace(':', " ");
    Builder::new().with_secret(secret).with_issuer(Some(plain(site))).with_account_name(plain(account)).build().ok()
}

/// The period of 30 seconds that a code belongs to, if it is one of about now: a clock may be half a minute off.
pub fn step_of(secret: &str, code: &str, now: Millis) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = totp(secret, "", "user")?.check(&code, u64::try_from(now / 1000).ok()?)?;
    i64::try_from(step).ok()
}

/// What an authenticator app reads of a secret: `otpauth://totp/…`.
pub fn address(secret: &str, site: &str, account: &str) -> Option<String> {
    totp(secret, site, account)?.to_url().ok()
}

/// A text as a picture.
pub struct Qr(QrCode);

impl Qr {
    /// None for a text that is too long.
    pub fn of(text: &str) -> Option<Self> {
        QrCode::encode_text(text, QrCodeEcc::Medium).ok().map(Self)
    }

    /// As PNG, black on white.
    pub fn png(&self) -> Vec<u8> {
        let side = (self.0.size() + 2 * QUIET) * SCALE;
        let at = |pixel: i32| pixel / SCALE - QUIET;
        let pixels: Vec<u8> = (0..side)
            .flat_map(|y| (0..side).map(move |x| (x, y)))
            .map(|(x, y)| if self.0.get_module(at(x), at(y)) { 0 } else { 255 })
            .collect();
        let mut out = Vec::new();
        let side = side.unsigned_abs();
        // Writing to memory does not fail.
        let _ = PngEncoder::new(&mut out).write_image(&pixels, side, side, ExtendedColorType::L8);
        out
    }

    /// As SVG, black on white.
    pub fn svg(&self) -> String {
        let side = self.0.size() + 2 * QUIET;
        let mut path = String::new();
        for y in 0..self.0.size() {
            for x in (0..self.0.size()).filter(|x| self.0.get_module(*x, y)) {
                let _ = write!(path, "M{},{}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"{path}\"/></svg>"
        )
    }
}

/// New recovery codes, as people write them down: four groups of four.
pub fn recovery_codes() -> Vec<String> {
    // Without what looks alike; 32 signs, so that a byte's low bits choose evenly.
    const SIGNS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";
    let one = || {
        let mut bytes = [0; 16];
        rand::rng().fill_bytes(&mut bytes);
        let signs: String = bytes.iter().map(|b| char::from(SIGNS[usize::from(b % 32)])).collect();
        [&signs[..4], &signs[4..8], &signs[8..12], &signs[12..]].join("-")
    };
    (0..RECOVERY_CODES).map(|_| one()).collect()
}

/// A recovery code as it was made, however it was typed; none if it cannot be one.
pub fn recovery_code(typed: &str) -> Option<String> {
    let signs: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    (signs.len() == 16).then(|| signs.to_ascii_lowercase())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "in a test it is the failure")]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_for_about_its_half_minute() {
        let secret = new_secret();
        let now = 1_790_000_010_000;
        let at = |t: u64| {
            Builder::new()
                .with_secret(Secret::try_from_base32(&secret).unwrap())
                .build()
                .unwrap()
                .generate(t)
                .to_string()
        };
        let code = at(1_790_000_010);
        assert_eq!(step_of(&secret, &code, now), Some(1_790_000_010 / 30));
        assert!(step_of(&secret, &format!("{} {}", &code[..3], &code[3..]), now + 30_000).is_some());
        assert_eq!(step_of(&secret, &code, now + 90_000), None);
        assert_eq!(step_of(&secret, "", now), None);
        assert_eq!(step_of(&secret, "nonsense", now), None);
    }

    #[test]
    fn an_app_reads_the_site_and_the_name() {
        let address = address("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "Chat: ours", "ann@example.com").unwrap();
        assert!(address.starts_with("otpauth://totp/") && address.contains("secret=JBSWY3DP"), "{address}");
        let qr = Qr::of(&address).unwrap();
        let png = image::load_from_memory(&qr.png()).unwrap();
        assert_eq!(png.width(), png.height());
        assert!(qr.svg().starts_with("<svg") && qr.svg().len() > 1000);
    }

    #[test]
    fn recovery_codes_are_typed_as_one_likes() {
        let codes = recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let bare = codes[0].replace('-', "");
        assert_eq!(recovery_code(&codes[0].to_uppercase()), Some(bare.clone()));
        assert_eq!(recovery_code(&bare), Some(bare));
        assert_eq!(recovery_code("123456"), None);
    }
}
