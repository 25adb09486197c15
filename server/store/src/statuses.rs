//! Who is here: online, away, do not disturb, offline.

use crate::{
    Result, Statuses, StatusesMut, args,
    db::{Query, Row, Sql},
    sql,
};
use model::{
    Millis, UserId,
    status::{Presence, Status},
};

macro_rules! columns {
    () => {
        "SELECT user_id, status, is_manual, last_activity_at, dnd_end_time, prev_status FROM statuses "
    };
}

const BY_ID: &Sql = sql!(concat!(columns!(), "WHERE user_id = $1"));
const DND_OVER: &Sql =
    sql!(concat!(columns!(), "WHERE dnd_end_time > 0 AND dnd_end_time <= $1 AND status = 'dnd' ORDER BY dnd_end_time"));
const SET: &Sql = sql! {
    all: "INSERT INTO statuses (user_id, status, is_manual, last_activity_at, dnd_end_time, prev_status) \
          VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id) DO UPDATE SET status = excluded.status, \
          is_manual = excluded.is_manual, last_activity_at = excluded.last_activity_at, \
          dnd_end_time = excluded.dnd_end_time, prev_status = excluded.prev_status",
    mysql: "INSERT INTO statuses (user_id, status, is_manual, last_activity_at, dnd_end_time, prev_status) \
            VALUES ($1, $2, $3, $4, $5, $6) ON DUPLICATE KEY UPDATE status = VALUES(status), \
            is_manual = VALUES(is_manual), last_activity_at = VALUES(last_activity_at), \
            dnd_end_time = VALUES(dnd_end_time), prev_status = VALUES(prev_status)",
};
const RESET: &Sql = sql!("UPDATE statuses SET status = 'offline' WHERE is_manual = FALSE AND status <> 'offline'");

/// A status and what it was before do-not-disturb.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// The status as it travels.
    pub status: Status,
    /// What it goes back to when do-not-disturb ends by itself.
    pub before: Presence,
}

impl Statuses<'_> {
    /// The status of a user who has ever had one.
    pub async fn by_id(&mut self, user: UserId) -> Result<Option<Kept>> {
        self.db.one(BY_ID, args![user], kept).await
    }

    /// The statuses of those of the users who have ever had one.
    pub async fn by_ids(&mut self, users: &[UserId]) -> Result<Vec<Kept>> {
        let mut found = Vec::with_capacity(users.len());
        for chunk in users.chunks(1024) {
            let mut query = Query::new(self.db.dialect(), concat!(columns!(), "WHERE user_id"));
            query.within(chunk);
            let (text, args) = query.done();
            found.extend(self.db.all(text, args, kept).await?);
        }
        Ok(found)
    }

    /// Those whose do-not-disturb has ended by a moment, given in seconds.
    pub async fn dnd_over(&mut self, now_seconds: i64) -> Result<Vec<Kept>> {
        self.db.all(DND_OVER, args![now_seconds], kept).await
    }
}

impl StatusesMut<'_> {
    /// Writes some statuses.
    pub async fn set(&mut self, statuses: &[Kept]) -> Result<()> {
        for Kept { status: s, before } in statuses {
            let args =
                args![s.user_id, s.status.as_str(), s.manual, s.last_activity_at, s.dnd_end_time, before.as_str()];
            self.db.execute(SET, args).await?;
        }
        Ok(())
    }

    /// Makes everybody offline who did not choose otherwise: for the start of a server that is alone.
    pub async fn reset(&mut self) -> Result<u64> {
        self.db.execute(RESET, args![]).await
    }
}

fn kept(row: &mut Row) -> Result<Kept> {
    let status = Status {
        user_id: row.take()?,
        status: presence(row)?,
        manual: row.take()?,
        last_activity_at: row.take::<Millis>()?,
        dnd_end_time: row.take()?,
    };
    Ok(Kept { status, before: presence(row)? })
}

/// A word that is none counts as offline.
fn presence(row: &mut Row) -> Result<Presence> {
    Ok(Presence::parse(&row.take::<String>()?).unwrap_or_default())
}
