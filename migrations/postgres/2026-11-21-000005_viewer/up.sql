-- Who has looked at which file, as what, first and last: the second person to approve sees what the first had opened. The
-- audit trail tells every viewing; this tells where one begins.
CREATE TABLE evidence_looks (
    evidence_id TEXT NOT NULL REFERENCES evidence (evidence_id) ON DELETE CASCADE,
    principal TEXT NOT NULL,
    manner TEXT NOT NULL CHECK (manner IN ('thumbnail', 'page', 'original')),
    page BIGINT NOT NULL CHECK (page > 0),
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (evidence_id, principal, manner, page)
);

-- Somebody who could not make out what a file shows, and when.
ALTER TABLE evidence ADD COLUMN unreadable_by TEXT;
ALTER TABLE evidence ADD COLUMN unreadable_at BIGINT;

-- A file that is erased has no key any more; its bytes go after it, and what is known of it stays.
ALTER TABLE evidence ADD COLUMN erased_at BIGINT;
ALTER TABLE evidence ADD COLUMN removed_at BIGINT;
DROP INDEX evidence_leaving;
CREATE INDEX evidence_leaving ON evidence (evidence_id) WHERE place = 'leaving' AND removed_at IS NULL;
CREATE INDEX evidence_ageing ON evidence (attached_at) WHERE refund_id IS NOT NULL AND erased_at IS NULL;
