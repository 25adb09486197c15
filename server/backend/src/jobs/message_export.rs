//! What other servers export for compliance. There is no exporter here yet, and whoever orders one hears so.

use super::{Run, Running};
use crate::{cx::Cx, error::Result};
use model::Refusal;
use store::jobs::MessageExport;

impl Run for MessageExport {
    const ATTEMPTS: i64 = 1;
    const KEPT: bool = true;

    async fn run(self, _: &Cx, _: &Running) -> Result<()> {
        Err(Refusal::EXPORTS_OFF.into())
    }
}
