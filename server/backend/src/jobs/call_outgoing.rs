//! Calls the program of an outgoing webhook, and posts what it answers.

use super::{Run, Running};
use crate::{
    access,
    actions::{outgoing_oauth, webhooks},
    cx::Cx,
    error::{Error, Result},
    outbound::{Call, Failure},
};
use http::{HeaderValue, header};
use model::webhooks::{FORM, JSON, OutgoingAnswer};
use store::webhooks::CallOutgoing;
use url::form_urlencoded::Serializer;

impl Run for CallOutgoing {
    /// What cannot be reached is tried again soon; who reads of it an hour later would wonder.
    const ATTEMPTS: i64 = 3;
    const AT_ONCE: usize = 6;

    async fn run(self, cx: &Cx, job: &Running) -> Result<()> {
        let Some(hook) = cx.store.webhooks().outgoing(self.hook_id).await? else { return Ok(()) };
        let Some((post, channel)) = access::post_in_channel(cx, self.post_id).await? else { return Ok(()) };
        let team = access::team(cx, channel.team_id).await?;
        let author = access::user(cx, post.user_id).await?;
        let file_ids: Vec<&str> = post.file_ids.iter().map(model::Id::as_str).collect();
        let texts = [
            ("token", hook.token.clone()),
            ("team_id", team.id.to_string()),
            ("team_domain", team.name.clone()),
            ("channel_id", channel.id.to_string()),
            ("channel_name", channel.name.clone()),
            ("user_id", author.id.to_string()),
            ("user_name", author.username.clone()),
            ("post_id", post.id.to_string()),
            ("text", post.message.clone()),
            ("trigger_word", self.trigger_word.clone()),
            ("file_ids", file_ids.join(",")),
        ];
        let call = if hook.content_type == JSON {
            let mut body: serde_json::Map<_, _> = texts.into_iter().map(|(k, v)| (k.to_owned(), v.into())).collect();
            body.insert("timestamp".into(), post.create_at.into());
            Call::post(&self.url, JSON, serde_json::to_vec(&body).map_err(Error::internal)?)
        } else {
            let mut form = Serializer::new(String::new());
            form.extend_pairs(texts).append_pair("timestamp", &(post.create_at / 1000).to_string());
            Call::post(&self.url, FORM, form.finish())
        };
        let call = call.header(header::ACCEPT, HeaderValue::from_static(JSON)).within(cx.outbound.patience());
        let call = outgoing_oauth::authorized(cx, call).await?;
        let answer = match cx.outbound.call(call).await {
            Ok(answer) => answer,
            Err(failure @ (Failure::Unreachable(_) | Failure::Client(_))) => return Err(Error::internal(failure)),
            // It may have been heard, or never will be: another attempt helps nobody.
            Err(failure) => {
                tracing::warn!(hook = %hook.id, %failure, "an outgoing webhook's program gave no answer");
                return Ok(());
            }
        };
        if !answer.status.is_success() {
            tracing::warn!(hook = %hook.id, status = answer.status.as_u16(), "an outgoing webhook's program refused");
            return Ok(());
        }
        // Programs that only listen answer whatever they like.
        let Ok(said) = serde_json::from_slice::<OutgoingAnswer>(&answer.body) else { return Ok(()) };
        let posted = webhooks::answer(cx, hook, &post, &channel, said, job.id.to_string()).await;
        match posted {
            Err(Error::Refused(refusal)) if refusal.status < 500 => {
                tracing::warn!(post = %post.id, %refusal, "what an outgoing webhook's program answered was not posted");
                Ok(())
            }
            other => other,
        }
    }
}
