//! Many handles in the size of one.

use std::ops::Deref;

/// Handles that live as long as the page, for closures to copy. In the browser, where hundreds of closures of one screen
/// hold them, it is a pointer to the one place where they are, which is never freed: to be made once per page. On the
/// server, where pages come and go, it is the handles themselves.
#[derive(Clone, Copy)]
pub struct Held<T: 'static>(#[cfg(target_arch = "wasm32")] &'static T, #[cfg(not(target_arch = "wasm32"))] T);

impl<T> Held<T> {
    /// Keeps them.
    pub fn new(handles: T) -> Self {
        #[cfg(target_arch = "wasm32")]
        let handles = Box::leak(Box::new(handles));
        Self(handles)
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        #[cfg(target_arch = "wasm32")]
        let handles = self.0;
        #[cfg(not(target_arch = "wasm32"))]
        let handles = &self.0;
        handles
    }
}
