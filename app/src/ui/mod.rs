//! Things on the screen with no knowledge of chat: buttons, fields, menus, dialogs, avatars, toasts.
//!
//! Their markup and class names are the contract in `style/README.md`; a rule of looks belongs there and in `style/`,
//! never in a component. Nothing here sets a `style` attribute in the page, since the content policy forbids it; what
//! has to be computed is a custom property set through the DOM (`place.rs`).

mod avatar;
mod button;
#[cfg(test)]
mod contrast;
mod dialog;
mod empty;
mod field;
mod icon;
mod languages;
mod mark;
mod menu;
mod place;
mod popover;
mod search;
mod skeleton;
mod toast;
mod tooltip;

pub use avatar::{Avatar, Presence, PresenceDot, colour_of, initials_of};
pub use button::{Button, ButtonKind, IconButton, LinkButton};
pub use dialog::Dialog;
pub use empty::{Empty, Notice, NoticeKind, Spinner};
pub use field::{Check, Field, PasswordField, Switch, TextField};
pub use icon::{Icon, shapes};
pub use languages::Languages;
pub use mark::{Brand, Mark};
pub use menu::{Menu, MenuItem, MenuLine, MenuOf, MenuTitle};
pub use place::{Place, point_of};
pub use popover::Popover;
pub use search::SearchField;
pub use skeleton::{Skeleton, SkeletonList};
pub use toast::{ToastKind, ToastRegion, Toasts, provide_toasts, use_toasts};
pub use tooltip::TooltipLayer;
