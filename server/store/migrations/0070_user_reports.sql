-- How much people write, for reports: found without reading the messages.

CREATE INDEX posts_user_create ON posts (user_id, create_at){where is_counted = TRUE};
