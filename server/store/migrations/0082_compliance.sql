-- Reports of what was written. Their files are in the file store.

CREATE TABLE compliance_reports (
    id {id} NOT NULL PRIMARY KEY,
    create_at {ms} NOT NULL,
    user_id {id} NOT NULL,
    status {key} NOT NULL,
    msg_count {int} NOT NULL,
    description {text} NOT NULL,
    kind {key} NOT NULL,
    start_at {ms} NOT NULL,
    end_at {ms} NOT NULL,
    keywords {text} NOT NULL,
    emails {text} NOT NULL
){rows};
CREATE INDEX compliance_reports_create_at ON compliance_reports (create_at);
