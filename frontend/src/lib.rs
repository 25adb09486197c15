//! Brings the page to life in the browser, and nothing else.

#![recursion_limit = "512"]

use leptos::mount::hydrate_body;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes over the page that the server has rendered, with the texts of its language. The page's own script calls it.
#[wasm_bindgen]
pub async fn hydrate(texts: String) {
    console_error_panic_hook::set_once();
    #[cfg(target_arch = "wasm32")]
    app::speak(texts);
    #[cfg(not(target_arch = "wasm32"))]
    let _ = texts;
    if app::is_gate(&app::browser::path()) {
        // Without its code the page goes on working as it came: its forms need no script.
        gate().await;
    } else {
        hydrate_body(app::ChatApp);
    }
}

/// The pages before the chat are a module of their own.
#[cfg(feature = "split")]
async fn gate() {
    #[wasm_split_helpers::wasm_split(gate, fallible)]
    fn start() -> Result<(), wasm_split_helpers::SplitLoaderError> {
        hydrate_body(app::GateApp);
        Ok(())
    }
    let _ = start().await;
}

#[cfg(not(feature = "split"))]
async fn gate() {
    hydrate_body(app::GateApp);
}
