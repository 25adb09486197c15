-- How long messages are kept in some teams and channels.

CREATE TABLE retention_policies (
    id {id} NOT NULL PRIMARY KEY,
    display_name {text} NOT NULL,
    -- In days; below 0 for ever.
    post_duration {int} NOT NULL,
    create_at {ms} NOT NULL
){rows};

-- Each team and each channel has one at most.
CREATE TABLE retention_policy_teams (
    team_id {id} NOT NULL PRIMARY KEY,
    policy_id {id} NOT NULL
){keyed};
CREATE INDEX retention_policy_teams_policy ON retention_policy_teams (policy_id);

CREATE TABLE retention_policy_channels (
    channel_id {id} NOT NULL PRIMARY KEY,
    policy_id {id} NOT NULL
){keyed};
CREATE INDEX retention_policy_channels_policy ON retention_policy_channels (policy_id);
