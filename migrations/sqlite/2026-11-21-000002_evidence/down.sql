CREATE TABLE outbox_of_three (
    outbox_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('submit', 'poll', 'mail')),
    dedupe_key TEXT NOT NULL UNIQUE,
    refund_id TEXT,
    account TEXT,
    payload TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'done', 'dead', 'unknown', 'void')),
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    lease_owner TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
) WITHOUT ROWID;
INSERT INTO outbox_of_three SELECT * FROM outbox WHERE kind <> 'scan';
DROP TABLE outbox;
ALTER TABLE outbox_of_three RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (kind, due_at) WHERE status = 'waiting';
CREATE INDEX outbox_leased ON outbox (kind, lease_until) WHERE status = 'leased';
CREATE INDEX outbox_stuck ON outbox (status, outbox_id) WHERE status IN ('dead', 'unknown');
CREATE INDEX outbox_by_refund ON outbox (refund_id, kind);

DROP TABLE evidence_texts;
DROP TABLE evidence;
