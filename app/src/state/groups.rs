//! The groups by which several people are mentioned at once.

use std::collections::HashSet;

use model::{
    AnyId,
    groups::{Group, GroupMember},
};

use super::{Model, Topic};

impl Model {
    /// Takes all groups, and which of them one is in.
    pub fn take_groups(&mut self, all: Vec<Group>, mine: HashSet<AnyId>) -> Vec<Topic> {
        self.groups = all.into_iter().filter(|g| g.delete_at == 0).map(|g| (g.id, g)).collect();
        self.my_groups = mine;
        vec![Topic::Groups]
    }

    /// The group that is mentioned by a name.
    pub fn group_named(&self, name: &str) -> Option<&Group> {
        self.groups.values().find(|group| group.name == name)
    }

    /// There is a group, or it is another one than before.
    pub fn group_changed(&mut self, group: Group) -> Vec<Topic> {
        if group.delete_at == 0 {
            self.groups.insert(group.id, group);
        } else {
            self.groups.remove(&group.id);
        }
        vec![Topic::Groups]
    }

    /// One is in a group, or no longer.
    pub(super) fn group_joined(&mut self, member: &GroupMember, left: bool) -> Vec<Topic> {
        if left {
            self.my_groups.remove(&member.group_id);
        } else {
            self.my_groups.insert(member.group_id);
        }
        vec![Topic::Groups]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archived_groups_are_not_mentioned() {
        let group = |name: &str, delete_at| Group { name: name.into(), delete_at, ..Group::default() };
        let mut m = Model::default();
        m.take_groups(vec![group("crew", 0)], HashSet::new());
        assert!(m.group_named("crew").is_some());
        m.group_changed(group("crew", 7));
        assert!(m.group_named("crew").is_none());
        m.group_changed(group("team", 0));
        assert!(m.group_named("team").is_some());
    }
}
