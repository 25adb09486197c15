//! How people arrange their channels: categories of the sidebar and what is in them.

use crate::{
    Result, Sidebar, SidebarMut, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{ChannelId, TeamId, UserId};

pub use model::sidebar::Category;

macro_rules! columns {
    () => {
        "SELECT id, user_id, team_id, kind, display_name, sorting, sort_order, muted, collapsed \
         FROM sidebar_categories "
    };
}

const OF_TEAM: &Sql = sql!(concat!(columns!(), "WHERE user_id = $1 AND team_id = $2 ORDER BY sort_order, id"));
const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE id = $1"));
const CHANNELS: &Sql = sql!(
    "SELECT s.category_id, s.channel_id FROM sidebar_channels s JOIN sidebar_categories c ON c.id = s.category_id \
     WHERE c.user_id = $1 AND c.team_id = $2 ORDER BY s.category_id, s.sort_order, s.channel_id"
);
const CHANNELS_IN: &Sql =
    sql!("SELECT channel_id FROM sidebar_channels WHERE category_id = $1 ORDER BY sort_order, channel_id");
const INSERT: &Sql = sql!(
    "INSERT INTO sidebar_categories (id, user_id, team_id, kind, display_name, sorting, sort_order, muted, collapsed) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
);
const UPDATE: &Sql = sql!(
    "UPDATE sidebar_categories SET display_name = $1, sorting = $2, sort_order = $3, muted = $4, collapsed = $5 \
     WHERE id = $6"
);
const SET_ORDER: &Sql = sql!("UPDATE sidebar_categories SET sort_order = $1 WHERE id = $2 AND user_id = $3");
const DELETE: &Sql = sql!("DELETE FROM sidebar_categories WHERE id = $1");
const DELETE_CHANNELS: &Sql = sql!("DELETE FROM sidebar_channels WHERE category_id = $1");
const REMOVE_CHANNEL: &Sql = sql!("DELETE FROM sidebar_channels WHERE channel_id = $1");
const REMOVE: &Sql = sql!("DELETE FROM sidebar_channels WHERE user_id = $1 AND channel_id = $2");

impl Sidebar<'_> {
    /// A user's categories in a team, in order, with the channels that were put into them.
    pub async fn of_team(&mut self, user: UserId, team: TeamId) -> Result<Vec<Category>> {
        let mut categories = self.db.all(OF_TEAM, args![user, team], category).await?;
        let channels: Vec<(String, ChannelId)> =
            self.db.all(CHANNELS, args![user, team], |row| Ok((row.take()?, row.take()?))).await?;
        for (id, channel) in channels {
            if let Some(category) = categories.iter_mut().find(|category| category.id == id) {
                category.channel_ids.push(channel);
            }
        }
        Ok(categories)
    }

    /// A category.
    pub async fn by_id(&mut self, id: &str) -> Result<Option<Category>> {
        let Some(mut found) = self.db.one(BY_ID, args![id], category).await? else { return Ok(None) };
        found.channel_ids = self.db.all(CHANNELS_IN, args![id], Row::take).await?;
        Ok(Some(found))
    }
}

impl SidebarMut<'_> {
    /// Adds a category with its channels, which leave those they were in.
    pub async fn insert(&mut self, c: &Category) -> Result<()> {
        let args = args![
            &c.id,
            c.user_id,
            c.team_id,
            &c.kind,
            &c.display_name,
            &c.sorting,
            c.sort_order,
            c.muted,
            c.collapsed
        ];
        self.db.execute(INSERT, args).await?;
        self.fill(c).await
    }

    /// Writes a category and its channels, which leave those they were in.
    pub async fn update(&mut self, c: &Category) -> Result<bool> {
        let args = args![&c.display_name, &c.sorting, c.sort_order, c.muted, c.collapsed, &c.id];
        if self.db.execute(UPDATE, args).await? == 0 {
            return Ok(false);
        }
        self.fill(c).await?;
        Ok(true)
    }

    /// Sets the order of a user's categories: as given, ten apart.
    pub async fn set_order(&mut self, user: UserId, ids: &[String]) -> Result<()> {
        for (i, id) in ids.iter().enumerate() {
            self.db.execute(SET_ORDER, args![i as i64 * 10, id, user]).await?;
        }
        Ok(())
    }

    /// Removes a category; its channels are in none then.
    pub async fn delete(&mut self, id: &str) -> Result<bool> {
        self.db.execute(DELETE_CHANNELS, args![id]).await?;
        Ok(self.db.execute(DELETE, args![id]).await? == 1)
    }

    /// Takes a channel out of everybody's categories.
    pub async fn remove_channel(&mut self, channel: ChannelId) -> Result<u64> {
        self.db.execute(REMOVE_CHANNEL, args![channel]).await
    }

    /// Takes a channel out of whatever category of the user it is in.
    pub async fn remove(&mut self, user: UserId, channel: ChannelId) -> Result<u64> {
        self.db.execute(REMOVE, args![user, channel]).await
    }

    async fn fill(&mut self, c: &Category) -> Result<()> {
        self.db.execute(DELETE_CHANNELS, args![&c.id]).await?;
        if c.channel_ids.is_empty() {
            return Ok(());
        }
        self.leave_others(c).await?;
        let mut query = Query::new(
            self.db.dialect(),
            "INSERT INTO sidebar_channels (category_id, channel_id, user_id, sort_order)",
        );
        query.rows(c.channel_ids.iter().enumerate().map(|(i, id)| args![&c.id, id, c.user_id, i as i64 * 10]));
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }

    /// Direct channels are in a category of each team, hence only those of this team.
    async fn leave_others(&mut self, c: &Category) -> Result<()> {
        let others: Vec<String> = self
            .db
            .all(OF_TEAM, args![c.user_id, c.team_id], category)
            .await?
            .into_iter()
            .map(|other| other.id)
            .filter(|id| *id != c.id)
            .collect();
        let mut query = Query::new(self.db.dialect(), "DELETE FROM sidebar_channels WHERE category_id");
        query.within(&others).push(" AND channel_id").within(&c.channel_ids);
        let (text, args) = query.done();
        self.db.execute(text, args).await.map(drop)
    }
}

fn category(row: &mut Row) -> Result<Category> {
    Ok(Category {
        id: row.take()?,
        user_id: row.take()?,
        team_id: row.take()?,
        kind: row.take()?,
        display_name: row.take()?,
        sorting: row.take()?,
        sort_order: row.take()?,
        muted: row.take()?,
        collapsed: row.take()?,
        channel_ids: Vec::new(),
    })
}
