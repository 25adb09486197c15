//! Events change the state as a fresh fetch would.

use super::*;
use crate::state::{Pending, Stage, Stretch, Written, rows::Row};
use model::{
    Id, PostId,
    channels::{Channel, ChannelMember},
    event::Broadcast,
    reactions::Reaction,
    users::User,
};

fn id<K>(n: u8) -> Id<K> {
    Id::from_random([n; 16])
}

fn model() -> Model {
    let mut model = Model { me: id(1), ..Model::default() };
    for n in [1, 2] {
        model.users.insert(id(n), User { id: id(n), username: format!("user{n}"), ..User::default() });
    }
    model.channels.insert(id(9), Channel { id: id(9), ..Channel::default() });
    model.memberships.insert(id(9), ChannelMember { channel_id: id(9), user_id: id(1), ..ChannelMember::default() });
    model.stretches.insert(id(9), Stretch::default());
    model
}

fn post(n: u8, user: u8, at: Millis) -> Post {
    Post {
        id: id(n),
        user_id: id(user),
        channel_id: id(9),
        create_at: at,
        message: format!("post {n}"),
        ..Post::default()
    }
}

fn receive(model: &mut Model, event: Event) -> Vec<Topic> {
    model.apply(Received { event, broadcast: Broadcast::channel(id(9)), seq: 0 })
}

fn posted(post: Post) -> Event {
    Event::Posted(Box::new(Posted { post, ..Posted::default() }))
}

fn said(message: &str) -> Written {
    Written { message: message.to_owned(), ..Written::default() }
}

#[test]
fn a_post_arrives_once_however_often_it_is_told() {
    let mut model = model();
    receive(&mut model, posted(post(10, 2, 100)));
    receive(&mut model, posted(post(10, 2, 100)));
    assert_eq!(model.stretches[&id(9)].order, [id::<model::id::kind::Post>(10)]);
    assert_eq!(model.unread(id(9)), (true, 0));
    assert_eq!(model.channels[&id(9)].total_msg_count, 1);
}

#[test]
fn an_answer_from_before_a_post_does_not_undo_it() {
    let mut model = model();
    let channel = model.channels.remove(&id(9)).expect("is there");
    // The channel is being fetched when the post arrives.
    receive(&mut model, posted(post(10, 2, 100)));
    model.take_channel(channel.clone(), None);
    assert!(model.wanted.contains(&Wanted::Channel(id(9))), "it is fetched again");
    // The channel is here when the post arrives.
    receive(&mut model, posted(post(11, 2, 200)));
    model.take_channel(channel, None);
    assert_eq!((model.channels[&id(9)].total_msg_count, model.channels[&id(9)].last_post_at), (1, 200));
    assert_eq!(model.unread(id(9)), (true, 0));
}

#[test]
fn a_pending_message_is_replaced_by_event_or_answer_whichever_comes_first() {
    for event_first in [true, false] {
        let mut model = model();
        let (pending, _) = model.write(id(9), PostId::NONE, said("on my way"), 50);
        assert_eq!(model.channel_rows(id(9), |_| 0).len(), 2, "a day and the message");
        let sent = Post { pending_post_id: pending.id.clone(), ..post(11, 1, 100) };
        if event_first {
            receive(&mut model, posted(sent.clone()));
            model.arrive(sent, false);
        } else {
            model.arrive(sent.clone(), false);
            receive(&mut model, posted(sent));
        }
        assert!(model.pending.is_empty());
        let rows = model.channel_rows(id(9), |_| 0);
        assert_eq!(rows[1..], [Row::Post { id: id(11), follow: false, answers: false }]);
        assert_eq!(model.unread(id(9)), (false, 0), "one's own message is read");
    }
}

#[test]
fn a_failed_message_stays_until_it_is_tried_again_or_discarded() {
    let mut model = model();
    let (pending, _) = model.write(id(9), PostId::NONE, said("hello"), 50);
    model.stage(&pending.id, Stage::Failed("Too long".into()));
    assert_eq!(model.pending[0].stage, Stage::Failed("Too long".into()));
    assert_eq!(model.next_to_send(), None, "what was refused waits for its author");
    model.stage(&pending.id, Stage::Sending);
    assert_eq!(model.next_to_send().map(|p| p.id).as_ref(), Some(&pending.id));
    assert!(model.settle(&pending.id).0.is_some());
    assert!(model.stage(&pending.id, Stage::Failed("late".into())).is_empty(), "gone is gone");
}

#[test]
fn what_could_not_be_sent_goes_out_in_the_order_in_which_it_was_written() {
    let mut model = model();
    let (first, _) = model.write(id(9), PostId::NONE, said("one"), 50);
    model.wait_to_send();
    assert_eq!(model.pending[0].stage, Stage::Waiting);
    let kept = serde_json::to_string(&model.pending[0]).expect("JSON");
    // A page later.
    let mut model = self::model();
    model.write(id(9), PostId::NONE, said("two"), 60);
    let kept: Pending = json::read(&kept).expect("what was written");
    assert!(!model.write_on(vec![kept.clone()]).is_empty());
    assert!(model.write_on(vec![kept]).is_empty(), "it is there already");
    assert_eq!(model.next_to_send().map(|p| p.id), Some(first.id));
}

#[test]
fn replies_count_at_their_root_and_stay_out_of_the_channel() {
    let mut model = model();
    receive(&mut model, posted(post(10, 2, 100)));
    let reply = Post { root_id: id(10), ..post(12, 2, 200) };
    receive(&mut model, posted(reply.clone()));
    receive(&mut model, posted(reply.clone()));
    assert_eq!(model.posts[&id(10)].reply_count, 1);
    assert_eq!(model.threads[&id(10)].order, [id::<model::id::kind::Post>(12)]);
    assert_eq!(model.stretches[&id(9)].order.len(), 1);
    receive(&mut model, Event::PostDeleted { post: Box::new(reply), delete_by: UserId::NONE });
    assert_eq!(model.posts[&id(10)].reply_count, 0);
    receive(&mut model, Event::PostDeleted { post: Box::new(post(10, 2, 100)), delete_by: UserId::NONE });
    assert!(model.posts.is_empty() && model.threads.is_empty() && model.stretches[&id(9)].order.is_empty());
}

#[test]
fn reactions_are_toggled_and_confirmed_without_doubling() {
    let mut model = model();
    receive(&mut model, posted(post(10, 2, 100)));
    assert!(model.toggle_reaction(id(10), "tada", 1).0);
    let reaction = Reaction { user_id: id(1), post_id: id(10), emoji_name: "tada".into(), ..Reaction::default() };
    receive(&mut model, Event::ReactionAdded { reaction: reaction.clone() });
    assert_eq!(model.posts[&id(10)].metadata.reactions.len(), 1);
    receive(&mut model, Event::ReactionRemoved { reaction });
    assert!(model.posts[&id(10)].metadata.reactions.is_empty());
}

#[test]
fn an_edit_changes_the_text_and_keeps_the_reactions() {
    let mut model = model();
    receive(&mut model, posted(post(10, 2, 100)));
    model.toggle_reaction(id(10), "tada", 1);
    let edited = Post { message: "new".into(), edit_at: 5, has_reactions: true, ..post(10, 2, 100) };
    receive(&mut model, Event::PostEdited { post: Box::new(edited) });
    let post = &model.posts[&id(10)];
    assert_eq!((post.message.as_str(), post.metadata.reactions.len()), ("new", 1));
}

#[test]
fn mentions_count_and_viewing_makes_read() {
    let mut model = model();
    let mentions = serde_json::to_string(&[UserId::from(id(1))]).unwrap_or_default();
    receive(&mut model, Event::Posted(Box::new(Posted { post: post(10, 2, 100), mentions, ..Posted::default() })));
    assert_eq!(model.unread(id(9)), (true, 1));
    receive(&mut model, Event::MultipleChannelsViewed { channel_times: [(id(9), 150)].into() });
    assert_eq!(model.unread(id(9)), (false, 0));
    assert_eq!(model.memberships[&id(9)].last_viewed_at, 150);
}

#[test]
fn what_events_do_not_bring_is_wanted() {
    let mut model = model();
    receive(&mut model, posted(post(10, 7, 100)));
    assert!(model.wanted.contains(&Wanted::User(id(7))));
    receive(&mut model, Event::ChannelCreated { channel_id: id(8), team_id: id(3) });
    assert!(model.wanted.contains(&Wanted::Channel(id(8))));
    receive(&mut model, Event::UserRemoved { user_id: UserId::NONE, channel_id: id(9), remover_id: id(2) });
    assert!(!model.memberships.contains_key(&id(9)));
}

#[test]
fn groups_end_after_five_minutes_at_midnight_and_at_the_new_line() {
    let mut model = model();
    let day = 86_400_000;
    for (n, at) in [(10, 1_000), (11, 2_000), (12, 302_001), (13, day)] {
        receive(&mut model, posted(post(n, 2, at)));
    }
    model.new_since.insert(id(9), 1_500);
    let rows = model.channel_rows(id(9), |_| 0);
    let expected = [
        Row::Day(0, 1_000),
        Row::Post { id: id(10), follow: false, answers: false },
        Row::New,
        Row::Post { id: id(11), follow: false, answers: false },
        Row::Post { id: id(12), follow: false, answers: false },
        Row::Day(1, day),
        Row::Post { id: id(13), follow: false, answers: false },
    ];
    assert_eq!(rows, expected);
}

#[test]
fn another_teams_categories_and_threads_are_left_alone() {
    use model::sidebar::Category;
    let mut model = model();
    model.team = id(5);
    model.categories = vec![Category { id: "one".into(), ..Category::default() }];
    let mut told = |event: Event, team: u8| {
        let broadcast = Broadcast { team_id: id(team), ..Broadcast::user(id(1)) };
        model.apply(Received { event, broadcast, seq: 0 });
        (model.categories.len(), std::mem::take(&mut model.wanted))
    };
    let created = || Event::SidebarCategoryCreated { category_id: "two".into() };
    assert!(told(created(), 6).1.is_empty());
    assert!(told(created(), 5).1.contains(&Wanted::Categories));
    let read = |team| {
        (
            Event::ThreadReadChanged {
                thread_id: id(7),
                timestamp: 1,
                unread_mentions: 0,
                unread_replies: 0,
                channel_id: id(9),
            },
            team,
        )
    };
    let (event, team) = read(6);
    assert!(told(event, team).1.is_empty());
    let (event, team) = read(5);
    assert!(told(event, team).1.contains(&Wanted::Threads), "what was unread of it is not known");
    assert_eq!(told(Event::SidebarCategoryDeleted { category_id: "one".into() }, 5).0, 0);
}

#[test]
fn whoever_writes_is_here() {
    let mut model = model();
    model.statuses.insert(id(2), Presence::Away);
    let topics = receive(&mut model, Event::Typing { parent_id: PostId::NONE, user_id: id(2) });
    assert!(topics.contains(&Topic::Status(id(2))));
    assert_eq!(model.presence(id(2)), Presence::Online);
}
