-- What people give up though money may have moved: one says so, another confirms it.
CREATE TABLE discards (
    outbox_id TEXT NOT NULL PRIMARY KEY,
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    proposed_by TEXT NOT NULL,
    proposed_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    confirmed_by TEXT,
    confirmed_at BIGINT,
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK (confirmed_by <> proposed_by)
);

-- What people narrow the trail by.
CREATE INDEX audit_records_by_actor ON audit_records (actor, audit_id);
CREATE INDEX audit_records_by_action ON audit_records (action, audit_id);

-- Events that wait for a person.
CREATE INDEX inbox_stuck ON inbox (status, inbox_id) WHERE status IN ('unmatched', 'dead');
