//! Each hour: removes what nobody needs any more.

use super::{Repeated, Run, Running};
use crate::{
    actions::{bulk, compliance, custom_commands, interactive, message_export, retention, uploads},
    cx::Cx,
    error::Result,
};
use model::Millis;
use serde::{Deserialize, Serialize};
use store::jobs::Order;

const HOUR: Millis = 60 * 60 * 1000;
/// How long a pending id is remembered, by which a repeated send is known.
const PENDING_KEPT: Millis = 24 * HOUR;
/// How long finished jobs stay in the list.
const JOBS_KEPT: Millis = 30 * 24 * HOUR;
/// How long the secrets of mails are kept; what they are good for ends earlier.
const TOKENS_KEPT: Millis = 30 * 24 * HOUR;
/// How long is kept what linked pages say of themselves.
const PREVIEWS_KEPT: Millis = 90 * 24 * HOUR;
/// How long codes of OAuth are kept; what they are good for ends earlier.
const CODES_KEPT: Millis = HOUR;
/// How long is kept who did what.
const AUDITS_KEPT: Millis = 365 * 24 * HOUR;
/// How many sessions are removed in one change.
const SESSIONS_AT_ONCE: i64 = 1000;

/// Carries nothing.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Housekeeping {}

impl Order for Housekeeping {
    const KIND: &'static str = "housekeeping";
}

impl Run for Housekeeping {
    async fn run(self, cx: &Cx, _: &Running) -> Result<()> {
        let now = cx.clock.now();
        cx.store
            .write(move |tx| {
                Box::pin(async move {
                    tx.posts().purge_pending(now - PENDING_KEPT).await?;
                    tx.sessions().purge(now, SESSIONS_AT_ONCE).await?;
                    tx.tokens().purge(now - TOKENS_KEPT).await?;
                    tx.link_previews().purge(now - PREVIEWS_KEPT).await?;
                    tx.oauth().purge_codes(now - CODES_KEPT).await?;
                    tx.jobs().purge(now - JOBS_KEPT).await?;
                    tx.audits().purge(now - AUDITS_KEPT).await?;
                    tx.burning().purge(now - HOUR).await?;
                    tx.post_actions().purge(now - interactive::PASSING_FOR).await?;
                    tx.commands().purge_answers(now - custom_commands::ANSWERS_FOR).await?;
                    Ok::<_, crate::Error>(())
                })
            })
            .await?;
        retention::order_next(cx).await?;
        compliance::order_daily(cx).await?;
        message_export::order_next(cx).await?;
        bulk::export::purge(cx).await?;
        uploads::purge(cx).await
    }
}

impl Repeated for Housekeeping {
    const EVERY: Millis = HOUR;
}
