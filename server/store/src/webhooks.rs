//! Webhooks: incoming, by which programs post, and outgoing, which programs are told by.

use crate::{
    Result, Webhooks, WebhooksMut, args,
    db::{Json, Row, Sql},
    jobs::Order,
    sql,
};
use model::{
    AnyId, ChannelId, Millis, PostId, TeamId, UserId,
    webhooks::{IncomingWebhook, OutgoingWebhook},
};
use serde::{Deserialize, Serialize};

/// Calls an address because of a post.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CallOutgoing {
    pub hook_id: AnyId,
    pub post_id: PostId,
    pub url: String,
    pub trigger_word: String,
}

impl Order for CallOutgoing {
    const KIND: &'static str = "call_outgoing_webhook";
}

macro_rules! incoming {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, create_at, update_at, delete_at, user_id, channel_id, team_id, display_name, description, \
             username, icon_url, channel_locked FROM incoming_webhooks WHERE delete_at = 0 ",
            $rest
        ))
    };
}
macro_rules! outgoing {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, token, create_at, update_at, delete_at, creator_id, channel_id, team_id, trigger_words, \
             trigger_when, callback_urls, display_name, description, content_type, username, icon_url \
             FROM outgoing_webhooks WHERE delete_at = 0 ",
            $rest
        ))
    };
}

const MOVE: [&Sql; 2] = [
    sql!("UPDATE incoming_webhooks SET team_id = $1, update_at = $2 WHERE channel_id = $3"),
    sql!("UPDATE outgoing_webhooks SET team_id = $1, update_at = $2 WHERE channel_id = $3"),
];
const INCOMING: &Sql = incoming!("AND id = $1");
const INCOMING_ALL: &Sql = incoming!("ORDER BY create_at, id LIMIT $1 OFFSET $2");
const INCOMING_OF: &Sql = incoming!("AND user_id = $1 ORDER BY create_at, id LIMIT $2 OFFSET $3");
const INCOMING_IN: &Sql = incoming!("AND team_id = $1 ORDER BY create_at, id LIMIT $2 OFFSET $3");
const INCOMING_OF_IN: &Sql = incoming!("AND team_id = $1 AND user_id = $2 ORDER BY create_at, id LIMIT $3 OFFSET $4");
const INCOMING_COUNT: &Sql = sql!(
    "SELECT COUNT(*) FROM incoming_webhooks WHERE delete_at = 0 AND (team_id = $1 OR $2 = 1) \
     AND (user_id = $3 OR $4 = 1)"
);
const INSERT_INCOMING: &Sql = sql!(
    "INSERT INTO incoming_webhooks (id, create_at, update_at, delete_at, user_id, channel_id, team_id, display_name, \
     description, username, icon_url, channel_locked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
);
const UPDATE_INCOMING: &Sql = sql!(
    "UPDATE incoming_webhooks SET update_at = $1, channel_id = $2, team_id = $3, display_name = $4, description = $5, \
     username = $6, icon_url = $7, channel_locked = $8 WHERE id = $9"
);
const DELETE_INCOMING: &Sql = sql!("UPDATE incoming_webhooks SET delete_at = $1, update_at = $2 WHERE id = $3");

const OUTGOING: &Sql = outgoing!("AND id = $1");
const OUTGOING_ALL: &Sql = outgoing!("ORDER BY create_at, id LIMIT $1 OFFSET $2");
const OUTGOING_OF: &Sql = outgoing!("AND creator_id = $1 ORDER BY create_at, id LIMIT $2 OFFSET $3");
const OUTGOING_IN: &Sql = outgoing!("AND team_id = $1 ORDER BY create_at, id LIMIT $2 OFFSET $3");
const OUTGOING_OF_IN: &Sql =
    outgoing!("AND team_id = $1 AND creator_id = $2 ORDER BY create_at, id LIMIT $3 OFFSET $4");
const INSERT_OUTGOING: &Sql = sql!(
    "INSERT INTO outgoing_webhooks (id, token, create_at, update_at, delete_at, creator_id, channel_id, team_id, \
     trigger_words, trigger_when, callback_urls, display_name, description, content_type, username, icon_url) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
);
const UPDATE_OUTGOING: &Sql = sql!(
    "UPDATE outgoing_webhooks SET token = $1, update_at = $2, delete_at = $3, channel_id = $4, trigger_words = $5, \
     trigger_when = $6, callback_urls = $7, display_name = $8, description = $9, content_type = $10, username = $11, \
     icon_url = $12 WHERE id = $13"
);

impl Webhooks<'_> {
    /// An incoming webhook.
    pub async fn incoming(&mut self, id: AnyId) -> Result<Option<IncomingWebhook>> {
        self.db.one(INCOMING, args![id], incoming).await
    }

    /// Incoming webhooks, oldest first; of a team, of a person, or both.
    pub async fn incoming_page(
        &mut self,
        team: Option<TeamId>,
        of: Option<UserId>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<IncomingWebhook>> {
        match (team, of) {
            (None, None) => self.db.all(INCOMING_ALL, args![limit, offset], incoming).await,
            (None, Some(user)) => self.db.all(INCOMING_OF, args![user, limit, offset], incoming).await,
            (Some(team), None) => self.db.all(INCOMING_IN, args![team, limit, offset], incoming).await,
            (Some(team), Some(user)) => self.db.all(INCOMING_OF_IN, args![team, user, limit, offset], incoming).await,
        }
    }

    /// How many incoming webhooks there are of a team, of a person, or both.
    pub async fn incoming_count(&mut self, team: Option<TeamId>, of: Option<UserId>) -> Result<i64> {
        let (any_team, any_user) = (i64::from(team.is_none()), i64::from(of.is_none()));
        let args = args![team.unwrap_or_default(), any_team, of.unwrap_or_default(), any_user];
        self.db.count(INCOMING_COUNT, args).await
    }

    /// An outgoing webhook.
    pub async fn outgoing(&mut self, id: AnyId) -> Result<Option<OutgoingWebhook>> {
        self.db.one(OUTGOING, args![id], outgoing).await
    }

    /// Outgoing webhooks, oldest first; of a team, of a person, or both.
    pub async fn outgoing_page(
        &mut self,
        team: Option<TeamId>,
        of: Option<UserId>,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<OutgoingWebhook>> {
        match (team, of) {
            (None, None) => self.db.all(OUTGOING_ALL, args![limit, offset], outgoing).await,
            (None, Some(user)) => self.db.all(OUTGOING_OF, args![user, limit, offset], outgoing).await,
            (Some(team), None) => self.db.all(OUTGOING_IN, args![team, limit, offset], outgoing).await,
            (Some(team), Some(user)) => self.db.all(OUTGOING_OF_IN, args![team, user, limit, offset], outgoing).await,
        }
    }
}

impl WebhooksMut<'_> {
    /// Takes the webhooks of a channel along to the team it is moved to.
    pub async fn move_of_channel(&mut self, channel: ChannelId, team: TeamId, at: Millis) -> Result<()> {
        for statement in MOVE {
            self.db.execute(statement, args![team, at, channel]).await?;
        }
        Ok(())
    }

    /// Adds an incoming webhook.
    pub async fn insert_incoming(&mut self, h: &IncomingWebhook) -> Result<()> {
        let args = args![
            h.id,
            h.create_at,
            h.update_at,
            h.delete_at,
            h.user_id,
            h.channel_id,
            h.team_id,
            &h.display_name,
            &h.description,
            &h.username,
            &h.icon_url,
            h.channel_locked,
        ];
        self.db.execute(INSERT_INCOMING, args).await.map(drop)
    }

    /// Writes what can change of an incoming webhook.
    pub async fn update_incoming(&mut self, h: &IncomingWebhook) -> Result<bool> {
        let args = args![
            h.update_at,
            h.channel_id,
            h.team_id,
            &h.display_name,
            &h.description,
            &h.username,
            &h.icon_url,
            h.channel_locked,
            h.id,
        ];
        Ok(self.db.execute(UPDATE_INCOMING, args).await? == 1)
    }

    /// Removes an incoming webhook.
    pub async fn delete_incoming(&mut self, id: AnyId, at: Millis) -> Result<bool> {
        Ok(self.db.execute(DELETE_INCOMING, args![at, at, id]).await? == 1)
    }

    /// Adds an outgoing webhook.
    pub async fn insert_outgoing(&mut self, h: &OutgoingWebhook) -> Result<()> {
        let args = args![
            h.id,
            &h.token,
            h.create_at,
            h.update_at,
            h.delete_at,
            h.creator_id,
            h.channel_id,
            h.team_id,
            Json(&h.trigger_words),
            h.trigger_when,
            Json(&h.callback_urls),
            &h.display_name,
            &h.description,
            &h.content_type,
            &h.username,
            &h.icon_url,
        ];
        self.db.execute(INSERT_OUTGOING, args).await.map(drop)
    }

    /// Writes what can change of an outgoing webhook.
    pub async fn update_outgoing(&mut self, h: &OutgoingWebhook) -> Result<bool> {
        let args = args![
            &h.token,
            h.update_at,
            h.delete_at,
            h.channel_id,
            Json(&h.trigger_words),
            h.trigger_when,
            Json(&h.callback_urls),
            &h.display_name,
            &h.description,
            &h.content_type,
            &h.username,
            &h.icon_url,
            h.id,
        ];
        Ok(self.db.execute(UPDATE_OUTGOING, args).await? == 1)
    }
}

fn incoming(row: &mut Row) -> Result<IncomingWebhook> {
    Ok(IncomingWebhook {
        id: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        user_id: row.take()?,
        channel_id: row.take::<ChannelId>()?,
        team_id: row.take()?,
        display_name: row.take()?,
        description: row.take()?,
        username: row.take()?,
        icon_url: row.take()?,
        channel_locked: row.take()?,
    })
}

fn outgoing(row: &mut Row) -> Result<OutgoingWebhook> {
    Ok(OutgoingWebhook {
        id: row.take()?,
        token: row.take()?,
        create_at: row.take()?,
        update_at: row.take()?,
        delete_at: row.take()?,
        creator_id: row.take()?,
        channel_id: row.take()?,
        team_id: row.take()?,
        trigger_words: row.take::<Json<_>>()?.0,
        trigger_when: row.take()?,
        callback_urls: row.take::<Json<_>>()?.0,
        display_name: row.take()?,
        description: row.take()?,
        content_type: row.take()?,
        username: row.take()?,
        icon_url: row.take()?,
    })
}
