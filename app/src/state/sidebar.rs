//! The sidebar: which channels are in it, in which category and in which order.

use std::cmp::Reverse;

use model::{
    ChannelId,
    channels::{Channel, ChannelType},
    sidebar::{CHANNELS, Categories, Category, DIRECT, FAVORITES, MANAGED},
};

use super::{Model, Topic};
use crate::{sorted::sort_by, words};

/// The order in which somebody has put the channels themselves.
pub const MANUAL: &str = "manual";
/// The latest message first.
pub const RECENT: &str = "recent";
/// By name.
pub const ALPHA: &str = "alpha";

/// The kind of the section of what is unread, which is no category of the server's.
pub const UNREAD: &str = "unread";
/// How many direct and group channels are listed, if nothing else was chosen. Mattermost's number.
const CONVERSATIONS: usize = 40;

/// A category as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub id: String,
    pub kind: String,
    pub title: String,
    pub sorting: String,
    pub muted: bool,
    pub collapsed: bool,
    pub channels: Vec<ChannelId>,
}

impl Model {
    /// What the sidebar shows: the categories, and before them what is unread, if one wants it there.
    pub fn sections(&self) -> Vec<Section> {
        let mut sections = self.arranged();
        if self.preference("sidebar_settings", "show_unread_section") == Some("true") {
            let mut unread = Section {
                id: UNREAD.to_owned(),
                kind: UNREAD.to_owned(),
                title: words::side_unread_title().to_owned(),
                ..Section::default()
            };
            for section in &mut sections {
                unread.channels.extend(section.channels.extract_if(.., |id| self.unread(*id).0));
            }
            // What is for oneself first.
            sort_by(&mut unread.channels, |id| Reverse(self.unread(*id).1 > 0));
            if !unread.channels.is_empty() {
                sections.insert(0, unread);
            }
        }
        sections
    }

    /// The categories of the team on the screen with the channels that are worth a row.
    pub fn arranged(&self) -> Vec<Section> {
        let mut left: Vec<&Channel> = self.channels.values().filter(|c| self.is_listed(c)).collect();
        sort_by(&mut left, |c| (self.title(c).to_lowercase(), c.id));
        let mut sections: Vec<Section> = self.categories.iter().map(section).collect();
        if sections.is_empty() {
            sections = [CHANNELS, DIRECT]
                .map(|kind| Section { kind: kind.to_owned(), title: title(kind, "").to_owned(), ..Section::default() })
                .into();
        }
        for section in &mut sections {
            section.channels.retain(|id| left.iter().position(|c| c.id == *id).map(|at| left.remove(at)).is_some());
        }
        for channel in left {
            let kind = if channel.kind.is_personal() { DIRECT } else { CHANNELS };
            if let Some(section) = sections.iter_mut().find(|s| s.kind == kind) {
                section.channels.push(channel.id);
            }
        }
        for section in &mut sections {
            if section.kind == DIRECT {
                section.channels.retain(|id| self.channels.get(id).is_some_and(|c| self.is_shown(c)));
                self.limit(&mut section.channels);
            }
            self.sort(section);
        }
        sections
    }

    /// All channels of the sidebar from top to bottom, as the keys walk through them.
    pub fn listed(&self) -> Vec<ChannelId> {
        self.sections().into_iter().flat_map(|section| section.channels).collect()
    }

    fn is_listed(&self, c: &Channel) -> bool {
        c.delete_at == 0 && (c.kind.is_personal() || (c.team_id == self.team && self.memberships.contains_key(&c.id)))
    }

    /// Whether a direct or group channel is worth a row.
    pub fn is_shown(&self, c: &Channel) -> bool {
        let (category, name) = match c.kind {
            ChannelType::Direct => ("direct_channel_show", c.teammate(self.me).map(|u| u.to_string())),
            ChannelType::Group => ("group_channel_show", Some(c.id.to_string())),
            ChannelType::Open | ChannelType::Private => return true,
        };
        let choice = self.preference(category, &name.unwrap_or_default());
        self.unread(c.id).0 || if c.last_post_at > 0 { choice != Some("false") } else { choice == Some("true") }
    }

    /// Leaves as many conversations as one wants to see: those with something new, then the latest.
    fn limit(&self, channels: &mut Vec<ChannelId>) {
        let chosen = self.preference("sidebar_settings", "limit_visible_dms_gms").and_then(|n| n.parse().ok());
        let limit = chosen.unwrap_or(CONVERSATIONS);
        if channels.len() > limit {
            sort_by(channels, |id| {
                let at = self.channels.get(id).map_or(0, |c| c.last_post_at);
                (!self.unread(*id).0, Reverse(at), *id)
            });
            let unread = channels.iter().filter(|id| self.unread(**id).0).count();
            channels.truncate(limit.max(unread));
        }
    }

    fn sort(&self, section: &mut Section) {
        let channel = |id: &ChannelId| self.channels.get(id);
        match (section.sorting.as_str(), section.kind.as_str()) {
            (MANUAL, _) => {}
            (RECENT, _) | ("", DIRECT) => {
                sort_by(&mut section.channels, |id| (Reverse(channel(id).map_or(0, |c| c.last_post_at)), *id));
            }
            _ => sort_by(&mut section.channels, |id| {
                (channel(id).map(|c| self.title(c).to_lowercase()).unwrap_or_default(), *id)
            }),
        }
    }

    /// The category that a channel is shown in.
    pub fn category_of(&self, id: ChannelId) -> Option<Section> {
        self.arranged().into_iter().find(|section| section.channels.contains(&id))
    }

    /// Whether a channel is where everybody has it.
    pub fn is_managed(&self, id: ChannelId) -> bool {
        self.channels.get(&id).is_some_and(|c| c.managed_category().is_some())
    }

    /// Whether a category is the same for everybody.
    pub fn is_of_everybody(&self, category: &str) -> bool {
        self.categories.iter().any(|c| c.id == category && c.kind == MANAGED)
    }

    /// What a category becomes when a channel is put into it, before another or at its beginning.
    pub fn moved(&self, id: ChannelId, into: &str, before: Option<ChannelId>) -> Option<Category> {
        let mut category = self.categories.iter().find(|c| c.id == into)?.clone();
        if let Some(before) = before {
            let shown = self.arranged().into_iter().find(|section| section.id == into)?.channels;
            category.channel_ids.retain(|other| !shown.contains(other));
            category.channel_ids.splice(0..0, shown);
            MANUAL.clone_into(&mut category.sorting);
            category.channel_ids.retain(|other| *other != id);
            let place = category.channel_ids.iter().position(|other| *other == before)?;
            category.channel_ids.insert(place, id);
        } else {
            category.channel_ids.retain(|other| *other != id);
            category.channel_ids.insert(0, id);
        }
        Some(category)
    }

    /// Takes all categories of the team on the screen.
    pub fn take_categories(&mut self, all: Categories) -> Vec<Topic> {
        self.categories = all.categories;
        self.order_categories(&all.order)
    }

    /// Takes some categories as they are now; what is in them is no longer in others.
    pub fn categories_changed(&mut self, changed: Vec<Category>) -> Vec<Topic> {
        for new in changed {
            for other in &mut self.categories {
                if other.id == new.id {
                    other.clone_from(&new);
                } else {
                    other.channel_ids.retain(|id| !new.channel_ids.contains(id));
                }
            }
        }
        vec![Topic::Categories]
    }

    /// Puts the categories into this order.
    pub fn order_categories(&mut self, order: &[String]) -> Vec<Topic> {
        sort_by(&mut self.categories, |c| order.iter().position(|id| *id == c.id).unwrap_or(usize::MAX));
        vec![Topic::Categories]
    }

    /// Forgets a category.
    pub fn category_gone(&mut self, id: &str) -> Vec<Topic> {
        self.categories.retain(|c| c.id != id);
        vec![Topic::Categories]
    }
}

/// What a category is called: those that everybody has, in the reader's language.
fn title<'c>(kind: &str, own: &'c str) -> &'c str {
    match kind {
        CHANNELS => words::side_channels(),
        DIRECT => words::side_direct(),
        FAVORITES => words::side_favourites(),
        _ => own,
    }
}

fn section(c: &Category) -> Section {
    Section {
        id: c.id.clone(),
        kind: c.kind.clone(),
        title: title(&c.kind, &c.display_name).to_owned(),
        sorting: c.sorting.clone(),
        muted: c.muted,
        collapsed: c.collapsed,
        channels: c.channel_ids.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Id, channels::ChannelMember, sidebar::FAVORITES};

    fn id<K>(n: u8) -> Id<K> {
        Id::from_random([n; 16])
    }

    fn model() -> Model {
        let mut model = Model { me: id(1), team: id(5), ..Model::default() };
        for (n, name) in [(10, "Cedar"), (11, "Alder"), (12, "Birch")] {
            let channel = Channel {
                id: id(n),
                team_id: id(5),
                display_name: name.into(),
                last_post_at: i64::from(n),
                ..Channel::default()
            };
            model.channels.insert(id(n), channel);
            model.memberships.insert(id(n), ChannelMember { channel_id: id(n), ..ChannelMember::default() });
        }
        let category = |kind: &str| Category {
            id: kind.into(),
            kind: kind.into(),
            display_name: kind.into(),
            ..Category::default()
        };
        model.categories = [FAVORITES, CHANNELS, DIRECT].map(category).into();
        model
    }

    fn shown(model: &Model, category: &str) -> Vec<ChannelId> {
        model.sections().into_iter().find(|s| s.id == category).map(|s| s.channels).unwrap_or_default()
    }

    #[test]
    fn what_was_put_nowhere_is_among_the_channels_by_name_or_as_asked() {
        let mut model = model();
        assert_eq!(shown(&model, CHANNELS), [id(11), id(12), id(10)]);
        RECENT.clone_into(&mut model.categories[1].sorting);
        assert_eq!(shown(&model, CHANNELS), [id(12), id(11), id(10)]);
        model.channels.insert(id(10), Channel { delete_at: 1, ..model.channels[&id(10)].clone() });
        assert_eq!(shown(&model, CHANNELS), [id(12), id(11)], "an archived channel has no row");
    }

    #[test]
    fn what_is_unread_is_at_the_top_for_those_who_want_it() {
        let mut model = model();
        model.channels.get_mut(&id(12)).expect("it is there").total_msg_count_root = 3;
        assert_eq!(shown(&model, CHANNELS), [id(11), id(12), id(10)]);
        model.preferences.insert(("sidebar_settings".into(), "show_unread_section".into()), "true".into());
        assert_eq!(shown(&model, UNREAD), [id(12)]);
        assert_eq!(shown(&model, CHANNELS), [id(11), id(10)]);
        assert_eq!(model.listed(), [id(12), id(11), id(10)]);
        assert_eq!(model.category_of(id(12)).map(|section| section.id).as_deref(), Some(CHANNELS));
    }

    #[test]
    fn a_moved_channel_is_in_one_place_and_keeps_it() {
        let mut model = model();
        let changed = model.moved(id(12), FAVORITES, None).expect("the favourites are there");
        model.categories_changed(vec![changed]);
        assert_eq!(shown(&model, FAVORITES), [id(12)]);
        assert_eq!(shown(&model, CHANNELS), [id(11), id(10)]);

        let changed = model.moved(id(12), CHANNELS, Some(id(10))).expect("the channels are there");
        assert_eq!(changed.sorting, MANUAL);
        model.categories_changed(vec![changed]);
        assert_eq!(shown(&model, FAVORITES), []);
        assert_eq!(shown(&model, CHANNELS), [id(11), id(12), id(10)]);

        model.category_gone(FAVORITES);
        model.order_categories(&[DIRECT.into(), CHANNELS.into()]);
        assert_eq!(model.categories.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), [DIRECT, CHANNELS]);
    }
}
