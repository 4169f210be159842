-- Files that were given as evidence. Their bytes lie elsewhere, sealed; the key of each is wrapped by a master key that no
-- database sees. A row and what belongs to it can be erased: its subject is the customer.
CREATE TABLE evidence (
    evidence_id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    customer_id TEXT REFERENCES customers (customer_id),
    refund_id TEXT REFERENCES refunds (refund_id),
    position BIGINT CHECK (position > 0),
    place TEXT NOT NULL CHECK (place IN ('arriving', 'kept', 'leaving')),
    kind TEXT NOT NULL CHECK (kind IN ('jpeg', 'png', 'webp', 'pdf')),
    size_bytes BIGINT NOT NULL CHECK (size_bytes > 0),
    sha256 TEXT NOT NULL,
    width BIGINT,
    height BIGINT,
    pages BIGINT NOT NULL CHECK (pages > 0),
    taken TEXT,
    scan TEXT NOT NULL CHECK (scan IN ('pending', 'clean', 'infected', 'unscanned')),
    scan_found TEXT,
    scanned_at BIGINT,
    key_id TEXT NOT NULL,
    wrapped_key TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    attached_at BIGINT,
    expires_at BIGINT,
    CHECK ((refund_id IS NULL) = (position IS NULL)),
    CHECK ((refund_id IS NULL) = (attached_at IS NULL)),
    CHECK (refund_id IS NULL OR expires_at IS NULL)
) WITHOUT ROWID;
CREATE UNIQUE INDEX evidence_of_refund ON evidence (refund_id, position) WHERE refund_id IS NOT NULL;
CREATE INDEX evidence_of_customer ON evidence (customer_id, evidence_id) WHERE customer_id IS NOT NULL;
CREATE INDEX evidence_waiting ON evidence (owner, evidence_id) WHERE refund_id IS NULL;
CREATE INDEX evidence_ending ON evidence (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX evidence_leaving ON evidence (evidence_id) WHERE place = 'leaving';
CREATE INDEX evidence_unscanned ON evidence (evidence_id) WHERE scan = 'unscanned';
CREATE INDEX evidence_by_key ON evidence (key_id, evidence_id);

-- Erasable: what people called a file and said of it.
CREATE TABLE evidence_texts (
    evidence_id TEXT NOT NULL PRIMARY KEY REFERENCES evidence (evidence_id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    alt TEXT NOT NULL
) WITHOUT ROWID;

-- Scanning is work that leaves the house. SQLite changes no CHECK of a table: it is made anew.
CREATE TABLE outbox_of_four (
    outbox_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('submit', 'poll', 'mail', 'scan')),
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
INSERT INTO outbox_of_four SELECT * FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_four RENAME TO outbox;
CREATE INDEX outbox_waiting ON outbox (kind, due_at) WHERE status = 'waiting';
CREATE INDEX outbox_leased ON outbox (kind, lease_until) WHERE status = 'leased';
CREATE INDEX outbox_stuck ON outbox (status, outbox_id) WHERE status IN ('dead', 'unknown');
CREATE INDEX outbox_by_refund ON outbox (refund_id, kind);
