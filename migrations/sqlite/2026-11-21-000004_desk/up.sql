-- Requests that people decide: when they are due, who holds them, what they wait for. One row a request, as long as it
-- may be read again; open while the request waits.
CREATE TABLE reviews (
    refund_id TEXT NOT NULL PRIMARY KEY REFERENCES refunds (refund_id),
    due_at BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    needs_info BOOLEAN NOT NULL DEFAULT FALSE,
    claimed_by TEXT,
    claimed_until BIGINT,
    decided_by TEXT,
    decided_until BIGINT,
    decided_amount_minor BIGINT,
    decided_note TEXT,
    closed_at BIGINT,
    closed_by TEXT,
    CHECK ((claimed_by IS NULL) = (claimed_until IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_until IS NULL))
) WITHOUT ROWID;
CREATE INDEX reviews_open ON reviews (due_at, amount_minor DESC, refund_id) WHERE closed_at IS NULL;
CREATE INDEX reviews_claimed ON reviews (claimed_by) WHERE closed_at IS NULL AND claimed_by IS NOT NULL;
CREATE INDEX reviews_decided ON reviews (decided_until) WHERE closed_at IS NULL AND decided_until IS NOT NULL;
CREATE INDEX reviews_closed ON reviews (closed_at) WHERE closed_at IS NOT NULL;

-- What an agent put aside for a while, and why; everybody else still sees it.
CREATE TABLE review_skips (
    principal TEXT NOT NULL,
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    reason TEXT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (principal, refund_id)
) WITHOUT ROWID;

-- A filtered list under a name.
CREATE TABLE saved_views (
    view_id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    shared BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX saved_views_by_owner ON saved_views (owner, name);

-- Erasable: what customer and desk wrote to each other.
CREATE TABLE messages (
    message_id TEXT NOT NULL PRIMARY KEY,
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    author TEXT NOT NULL,
    to_customer BOOLEAN NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX messages_by_refund ON messages (refund_id, message_id);

-- Where people have to act though nobody waits for a decision.
CREATE INDEX refunds_stuck ON refunds (refund_id) WHERE held OR dead_lettered OR (state = 'failed' AND retryable);

-- What people search by.
CREATE INDEX refunds_by_correlation ON refunds (correlation_id);
CREATE INDEX refunds_by_amount ON refunds (amount_minor, refund_id);
CREATE INDEX refunds_by_processor_id ON refunds (provider_refund_id) WHERE provider_refund_id IS NOT NULL;
CREATE INDEX refunds_by_bank_reference ON refunds (provider_reference) WHERE provider_reference IS NOT NULL;
