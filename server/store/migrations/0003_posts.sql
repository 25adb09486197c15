-- Posts, threads and reactions.

CREATE TABLE posts (
    seq {seq},
    id {id} NOT NULL,
    create_at {ms} NOT NULL,
    update_at {ms} NOT NULL,
    edit_at {ms} NOT NULL,
    delete_at {ms} NOT NULL,
    is_pinned {bool} NOT NULL,
    user_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    root_id {id} NOT NULL,
    original_id {id} NOT NULL,
    message {long} NOT NULL,
    kind {key} NOT NULL,
    props {json} NOT NULL,
    hashtags {text} NOT NULL,
    file_ids {text} NOT NULL,
    has_reactions {bool} NOT NULL,
    reply_count {int} NOT NULL,
    last_reply_at {ms} NOT NULL,
    remote_id {id} NOT NULL,
    is_counted {bool} NOT NULL
){rows};
CREATE UNIQUE INDEX posts_id ON posts (id);
CREATE INDEX posts_channel_create ON posts (channel_id, create_at, seq);
CREATE INDEX posts_channel_update ON posts (channel_id, update_at);
-- Few posts answer, are pinned or were edited: the others cost these indexes nothing. The database sees that it can use
-- one of them only if the statement says the condition, too.
CREATE INDEX posts_root ON posts (root_id, create_at){where root_id <> ''};
CREATE INDEX posts_original ON posts (original_id){where original_id <> ''};
CREATE INDEX posts_channel_pinned ON posts (channel_id, create_at){where is_pinned = TRUE};

CREATE TABLE pending_posts (
    user_id {id} NOT NULL,
    pending_post_id {key} NOT NULL,
    post_id {id} NOT NULL,
    create_at {ms} NOT NULL,
    PRIMARY KEY (user_id, pending_post_id)
){keyed};
CREATE INDEX pending_posts_create_at ON pending_posts (create_at);

CREATE TABLE thread_participants (
    post_id {id} NOT NULL,
    user_id {id} NOT NULL,
    replied_at {ms} NOT NULL,
    PRIMARY KEY (post_id, user_id)
){keyed};

CREATE TABLE thread_members (
    post_id {id} NOT NULL,
    user_id {id} NOT NULL,
    is_following {bool} NOT NULL,
    last_viewed {ms} NOT NULL,
    unread_mentions {int} NOT NULL,
    last_updated {ms} NOT NULL,
    PRIMARY KEY (post_id, user_id)
){keyed};
CREATE INDEX thread_members_user_id ON thread_members (user_id, is_following);

CREATE TABLE reactions (
    user_id {id} NOT NULL,
    post_id {id} NOT NULL,
    emoji_name {key} NOT NULL,
    create_at {ms} NOT NULL,
    channel_id {id} NOT NULL,
    PRIMARY KEY (post_id, user_id, emoji_name)
){keyed};
