-- Work that is done after the change that ordered it, by whichever server claims it.

CREATE TABLE jobs (
    id {id} NOT NULL PRIMARY KEY,
    kind {key} NOT NULL,
    status {key} NOT NULL,
    create_at {ms} NOT NULL,
    due_at {ms} NOT NULL,
    start_at {ms} NOT NULL,
    last_activity_at {ms} NOT NULL,
    attempts {int} NOT NULL,
    progress {int} NOT NULL,
    body {long} NOT NULL,
    result {long} NOT NULL,
    slot {key} NOT NULL
){rows};
-- What must wait only once (a repeated job) names its slot; everything else has its id there.
CREATE UNIQUE INDEX jobs_slot ON jobs (slot);
CREATE INDEX jobs_due ON jobs (status, due_at);
CREATE INDEX jobs_kind ON jobs (kind, create_at);
