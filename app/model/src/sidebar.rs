//! How people arrange their channels: the categories of the sidebar.

use crate::{ChannelId, TeamId, UserId, endpoint::Done, endpoints};
use serde::{Deserialize, Serialize};

/// The category of what one wants at hand.
pub const FAVORITES: &str = "favorites";
/// Where channels are that were put nowhere else.
pub const CHANNELS: &str = "channels";
/// The same for direct and group channels.
pub const DIRECT: &str = "direct_messages";
/// One that somebody made.
pub const CUSTOM: &str = "custom";

/// One that is the same for everybody: its channels name it, and stay in it.
pub const MANAGED: &str = "managed";

/// A category of somebody's sidebar and, in order, the channels in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Category {
    /// 26 characters, or longer for the three that everybody has.
    pub id: String,
    pub user_id: UserId,
    pub team_id: TeamId,
    pub sort_order: i64,
    /// Empty, `alpha`, `recent` or `manual`.
    pub sorting: String,
    /// `favorites`, `channels`, `direct_messages`, `custom` or `managed`.
    #[serde(rename = "type")]
    pub kind: String,
    pub display_name: String,
    pub muted: bool,
    pub collapsed: bool,
    pub channel_ids: Vec<ChannelId>,
}

/// The categories and their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Categories {
    pub categories: Vec<Category>,
    pub order: Vec<String>,
}

endpoints! {
    /// All of somebody's categories in a team.
    ListCategories(user_id: String, team_id: TeamId) GET "/users/{user_id}/teams/{team_id}/channels/categories" => Categories;
    /// Makes a category; its channels leave those they were in.
    CreateCategory(user_id: String, team_id: TeamId) POST "/users/{user_id}/teams/{team_id}/channels/categories" =Category => Category;
    /// Changes several categories at once.
    UpdateCategories(user_id: String, team_id: TeamId) PUT "/users/{user_id}/teams/{team_id}/channels/categories" =Vec<Category> => Vec<Category>;
    /// The order of the categories.
    GetCategoryOrder(user_id: String, team_id: TeamId) GET "/users/{user_id}/teams/{team_id}/channels/categories/order" => Vec<String>;
    /// Sets the order of all categories.
    SetCategoryOrder(user_id: String, team_id: TeamId) PUT "/users/{user_id}/teams/{team_id}/channels/categories/order" =Vec<String> => Vec<String>;
    /// One category.
    GetCategory(user_id: String, team_id: TeamId, category_id: String) GET "/users/{user_id}/teams/{team_id}/channels/categories/{category_id}" => Category;
    /// Changes one category.
    UpdateCategory(user_id: String, team_id: TeamId, category_id: String) PUT "/users/{user_id}/teams/{team_id}/channels/categories/{category_id}" =Category => Category;
    /// Removes a category; its channels go back to where they belong by themselves.
    DeleteCategory(user_id: String, team_id: TeamId, category_id: String) DELETE "/users/{user_id}/teams/{team_id}/channels/categories/{category_id}" => Done;
}
