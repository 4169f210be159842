-- Tables are the nouns of the product. Ids are text, money is minor units, time is microseconds since 1970 in UTC.
-- What must not change has triggers; what is personal stands in rows of its own that can be erased.

CREATE TABLE customers (
    customer_id TEXT NOT NULL PRIMARY KEY,
    blocked BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;

-- Erasable.
CREATE TABLE customer_profiles (
    customer_id TEXT NOT NULL PRIMARY KEY REFERENCES customers (customer_id),
    email_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE orders (
    order_id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL REFERENCES customers (customer_id),
    currency TEXT NOT NULL,
    placed_at BIGINT NOT NULL,
    external_reference TEXT,
    digest TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at);

CREATE TABLE order_lines (
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    line_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    description TEXT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    unit_amount_minor BIGINT NOT NULL CHECK (unit_amount_minor >= 0),
    tax_minor BIGINT NOT NULL CHECK (tax_minor >= 0),
    discount_minor BIGINT NOT NULL CHECK (discount_minor >= 0),
    PRIMARY KEY (order_id, line_id)
) WITHOUT ROWID;

CREATE TABLE payments (
    order_id TEXT NOT NULL REFERENCES orders (order_id),
    payment_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    currency TEXT NOT NULL,
    provider_account TEXT NOT NULL,
    connector_transaction_id TEXT NOT NULL,
    rail TEXT NOT NULL CHECK (rail IN ('card', 'wallet', 'paynow', 'bank_transfer')),
    status TEXT NOT NULL CHECK (status IN ('pending', 'captured', 'failed', 'voided', 'charged_back')),
    captured_minor BIGINT NOT NULL CHECK (captured_minor >= 0),
    captured_at BIGINT,
    committed_minor BIGINT NOT NULL DEFAULT 0 CHECK (committed_minor >= 0),
    external_minor BIGINT NOT NULL DEFAULT 0 CHECK (external_minor >= 0),
    shortfall_minor BIGINT NOT NULL DEFAULT 0 CHECK (shortfall_minor >= 0),
    PRIMARY KEY (order_id, payment_id),
    UNIQUE (provider_account, connector_transaction_id),
    CHECK (committed_minor + external_minor <= captured_minor + shortfall_minor)
) WITHOUT ROWID;

CREATE TABLE refunds (
    refund_id TEXT NOT NULL PRIMARY KEY,
    order_id TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    customer_id TEXT NOT NULL REFERENCES customers (customer_id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('not_received', 'quality', 'duplicate', 'pricing_error', 'goodwill', 'other')),
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'submitting', 'provider_pending', 'completed', 'failed', 'canceled')),
    qualifier TEXT CHECK (qualifier IN ('awaiting_first', 'awaiting_second', 'needs_info', 'decided', 'deferred', 'unknown', 'overdue',
        'needs_customer', 'retryable', 'final', 'denied', 'withdrawn', 'canceled', 'guard', 'reversed', 'held', 'dead_lettered')),
    closure TEXT CHECK (closure IN ('denied', 'withdrawn', 'canceled', 'guard', 'reversed')),
    retryable BOOLEAN NOT NULL DEFAULT FALSE,
    held BOOLEAN NOT NULL DEFAULT FALSE,
    dead_lettered BOOLEAN NOT NULL DEFAULT FALSE,
    provider_account TEXT NOT NULL,
    rail TEXT NOT NULL,
    connector_transaction_id TEXT NOT NULL,
    provider_refund_id TEXT,
    provider_reference TEXT,
    ledger_entry_id TEXT,
    attempt BIGINT NOT NULL DEFAULT 0,
    created_by TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    error TEXT,
    metadata TEXT NOT NULL DEFAULT '{}',
    message_id TEXT NOT NULL,
    approved_at BIGINT,
    completed_at BIGINT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (order_id, payment_id) REFERENCES payments (order_id, payment_id)
) WITHOUT ROWID;
CREATE INDEX refunds_by_order ON refunds (order_id, created_at);
CREATE INDEX refunds_by_customer ON refunds (customer_id, created_at);
CREATE INDEX refunds_by_state ON refunds (state, refund_id);
CREATE INDEX refunds_by_reason ON refunds (reason, refund_id);
CREATE INDEX refunds_by_account ON refunds (provider_account, refund_id);
CREATE INDEX refunds_by_provider_refund ON refunds (provider_account, provider_refund_id) WHERE provider_refund_id IS NOT NULL;

CREATE TABLE refund_lines (
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    line_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    goods_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    by_line BOOLEAN NOT NULL,
    PRIMARY KEY (refund_id, line_id)
) WITHOUT ROWID;

-- Erasable: what people wrote.
CREATE TABLE refund_notes (
    note_id TEXT NOT NULL PRIMARY KEY,
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    kind TEXT NOT NULL CHECK (kind IN ('request', 'decision', 'staff')),
    author TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX refund_notes_by_refund ON refund_notes (refund_id, note_id);

-- What the policy decided, and the facts that it saw: enough to decide the same again.
CREATE TABLE decisions (
    refund_id TEXT NOT NULL PRIMARY KEY REFERENCES refunds (refund_id),
    policy_version BIGINT NOT NULL,
    rule TEXT NOT NULL,
    outcome TEXT NOT NULL,
    facts TEXT NOT NULL,
    decided_by TEXT,
    decided_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX decisions_by_version ON decisions (policy_version, refund_id);

CREATE TABLE approvals (
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    position BIGINT NOT NULL,
    principal TEXT NOT NULL,
    approval_rank BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    digest TEXT NOT NULL,
    voided BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (refund_id, position)
) WITHOUT ROWID;

-- Append-only.
CREATE TABLE transitions (
    seq INTEGER NOT NULL PRIMARY KEY,
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    position BIGINT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    event TEXT NOT NULL,
    actor TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    audit_id TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    UNIQUE (refund_id, position)
);

-- Append-only: one row is one debit and one credit.
CREATE TABLE ledger_entries (
    entry_id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('REFUND_PENDING', 'REFUND_SETTLED', 'REFUND_RELEASED', 'REFUND_REVERSED', 'ADJUSTMENT')),
    debit_account TEXT NOT NULL,
    credit_account TEXT NOT NULL CHECK (credit_account <> debit_account),
    amount_minor BIGINT NOT NULL CHECK (amount_minor > 0),
    currency TEXT NOT NULL,
    refund_id TEXT,
    period TEXT NOT NULL,
    posted_at BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ledger_entries_by_refund ON ledger_entries (refund_id, entry_id);

CREATE TABLE attempts (
    refund_id TEXT NOT NULL REFERENCES refunds (refund_id),
    attempt BIGINT NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    calls BIGINT NOT NULL DEFAULT 0,
    first_sent_at BIGINT,
    call_deadline_at BIGINT,
    lookups_absent BIGINT NOT NULL DEFAULT 0,
    absent_since BIGINT,
    unknowns BIGINT NOT NULL DEFAULT 0,
    outcome TEXT CHECK (outcome IN ('pending', 'unknown', 'succeeded', 'failed', 'given_up')),
    PRIMARY KEY (refund_id, attempt)
) WITHOUT ROWID;

-- What was said on the wire, one row a call, for the story of a refund.
CREATE TABLE provider_calls (
    call_id TEXT NOT NULL PRIMARY KEY,
    refund_id TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    latency_ms BIGINT NOT NULL,
    at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX provider_calls_by_refund ON provider_calls (refund_id, call_id);

CREATE TABLE outbox (
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
CREATE INDEX outbox_waiting ON outbox (kind, due_at) WHERE status = 'waiting';
CREATE INDEX outbox_leased ON outbox (kind, lease_until) WHERE status = 'leased';
CREATE INDEX outbox_stuck ON outbox (status, outbox_id) WHERE status IN ('dead', 'unknown');
CREATE INDEX outbox_by_refund ON outbox (refund_id, kind);

CREATE TABLE inbox (
    inbox_id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    sealed_body BLOB NOT NULL,
    occurred_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'leased', 'applied', 'ignored', 'unmatched', 'dead')),
    refund_id TEXT,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    lease_owner TEXT,
    fence BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT,
    note TEXT,
    correlation_id TEXT NOT NULL,
    UNIQUE (account, event_id)
) WITHOUT ROWID;
CREATE INDEX inbox_waiting ON inbox (due_at) WHERE status = 'waiting';
CREATE INDEX inbox_leased ON inbox (lease_until) WHERE status = 'leased';
CREATE INDEX inbox_by_refund ON inbox (refund_id, inbox_id);

CREATE TABLE idempotency (
    principal TEXT NOT NULL,
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    location TEXT,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (principal, route, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- Append-only.
CREATE TABLE audit_records (
    audit_id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    origin TEXT NOT NULL,
    before_json TEXT NOT NULL,
    after_json TEXT NOT NULL,
    note_digest TEXT NOT NULL,
    record_hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_records_by_subject ON audit_records (subject, audit_id);

-- Erasable: free text of an audit record, with the salt of its digest.
CREATE TABLE audit_notes (
    audit_id TEXT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL,
    body TEXT NOT NULL
) WITHOUT ROWID;

-- Append-only: the chain over the records.
CREATE TABLE audit_seals (
    seal_no BIGINT NOT NULL PRIMARY KEY,
    seal TEXT NOT NULL,
    records BIGINT NOT NULL,
    sealed_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE audit_sealed (
    audit_id TEXT NOT NULL PRIMARY KEY,
    seal_no BIGINT NOT NULL,
    position BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX audit_sealed_by_seal ON audit_sealed (seal_no, position);

CREATE TABLE users (
    user_id TEXT NOT NULL PRIMARY KEY,
    email_key TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    locale TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    active BOOLEAN NOT NULL DEFAULT TRUE,
    created_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE TABLE user_roles (
    user_id TEXT NOT NULL REFERENCES users (user_id),
    role TEXT NOT NULL CHECK (role IN ('agent', 'senior', 'finance', 'risk', 'auditor', 'admin')),
    PRIMARY KEY (user_id, role)
) WITHOUT ROWID;

CREATE TABLE api_tokens (
    token_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    token_hash TEXT NOT NULL UNIQUE,
    owner_user_id TEXT REFERENCES users (user_id),
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
) WITHOUT ROWID;

CREATE TABLE sessions (
    session_hash TEXT NOT NULL PRIMARY KEY,
    principal TEXT,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_principal ON sessions (principal) WHERE principal IS NOT NULL;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE links (
    link_hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('sign_in', 'shop', 'setup')),
    customer_id TEXT,
    order_id TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
) WITHOUT ROWID;

CREATE TABLE drafts (
    customer_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, order_id)
) WITHOUT ROWID;

CREATE TABLE policies (
    policy_version BIGINT NOT NULL PRIMARY KEY,
    document TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    activated_at BIGINT
) WITHOUT ROWID;

CREATE TABLE flags (
    name TEXT NOT NULL PRIMARY KEY,
    share_pct BIGINT NOT NULL CHECK (share_pct BETWEEN 0 AND 100),
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL
) WITHOUT ROWID;

-- One holder at a time for what only one node may do.
CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL
) WITHOUT ROWID;

-- The simulator's own book: what a processor would know. Where a refund stands is told by time alone: at first as in
-- first_…, from turn_at on as in turn_….
CREATE TABLE simulator_refunds (
    account TEXT NOT NULL,
    reference TEXT NOT NULL,
    connector_refund_id TEXT NOT NULL UNIQUE,
    connector_transaction_id TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    first_status TEXT NOT NULL,
    first_failure TEXT,
    turn_at BIGINT,
    turn_status TEXT,
    turn_failure TEXT,
    CHECK ((turn_at IS NULL) = (turn_status IS NULL)),
    PRIMARY KEY (account, reference)
) WITHOUT ROWID;
CREATE INDEX simulator_refunds_by_transaction ON simulator_refunds (connector_transaction_id, created_at);
CREATE INDEX simulator_refunds_by_age ON simulator_refunds (created_at, connector_refund_id);
CREATE TABLE simulator_calls (
    account TEXT NOT NULL,
    reference TEXT NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (account, reference)
) WITHOUT ROWID;
-- A webhook that was taken, or given up, is gone.
CREATE TABLE simulator_webhooks (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    event_id TEXT NOT NULL,
    body TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    spoiled BOOLEAN NOT NULL,
    free_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX simulator_webhooks_free ON simulator_webhooks (free_at);

-- What is written once stays: no update, no delete, and no insert that replaces a row.
CREATE TRIGGER ledger_entries_refuse_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE TRIGGER ledger_entries_refuse_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE TRIGGER ledger_entries_refuse_replace BEFORE INSERT ON ledger_entries
WHEN EXISTS (SELECT 1 FROM ledger_entries WHERE entry_id = NEW.entry_id)
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
CREATE TRIGGER audit_records_refuse_update BEFORE UPDATE ON audit_records
BEGIN SELECT RAISE(ABORT, 'audit_records is append-only'); END;
CREATE TRIGGER audit_records_refuse_delete BEFORE DELETE ON audit_records
BEGIN SELECT RAISE(ABORT, 'audit_records is append-only'); END;
CREATE TRIGGER audit_records_refuse_replace BEFORE INSERT ON audit_records
WHEN EXISTS (SELECT 1 FROM audit_records WHERE audit_id = NEW.audit_id)
BEGIN SELECT RAISE(ABORT, 'audit_records is append-only'); END;
CREATE TRIGGER transitions_refuse_update BEFORE UPDATE ON transitions
BEGIN SELECT RAISE(ABORT, 'transitions is append-only'); END;
CREATE TRIGGER transitions_refuse_delete BEFORE DELETE ON transitions
BEGIN SELECT RAISE(ABORT, 'transitions is append-only'); END;
CREATE TRIGGER transitions_refuse_replace BEFORE INSERT ON transitions
WHEN EXISTS (SELECT 1 FROM transitions WHERE seq = NEW.seq OR (refund_id = NEW.refund_id AND position = NEW.position) OR audit_id = NEW.audit_id)
BEGIN SELECT RAISE(ABORT, 'transitions is append-only'); END;
CREATE TRIGGER audit_seals_refuse_update BEFORE UPDATE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'audit_seals is append-only'); END;
CREATE TRIGGER audit_seals_refuse_delete BEFORE DELETE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'audit_seals is append-only'); END;
CREATE TRIGGER audit_seals_refuse_replace BEFORE INSERT ON audit_seals
WHEN EXISTS (SELECT 1 FROM audit_seals WHERE seal_no = NEW.seal_no)
BEGIN SELECT RAISE(ABORT, 'audit_seals is append-only'); END;
CREATE TRIGGER audit_sealed_refuse_update BEFORE UPDATE ON audit_sealed
BEGIN SELECT RAISE(ABORT, 'audit_sealed is append-only'); END;
CREATE TRIGGER audit_sealed_refuse_delete BEFORE DELETE ON audit_sealed
BEGIN SELECT RAISE(ABORT, 'audit_sealed is append-only'); END;
CREATE TRIGGER audit_sealed_refuse_replace BEFORE INSERT ON audit_sealed
WHEN EXISTS (SELECT 1 FROM audit_sealed WHERE audit_id = NEW.audit_id)
BEGIN SELECT RAISE(ABORT, 'audit_sealed is append-only'); END;

-- Stable columns for reports and auditors.
CREATE VIEW v_refunds AS
SELECT refund_id, order_id, customer_id AS user_id, provider_account, rail, connector_transaction_id, provider_refund_id,
    amount_minor, currency, reason, state, closure, created_at, updated_at, completed_at
FROM refunds;

CREATE VIEW v_transitions AS
SELECT refund_id, seq, from_state, to_state, event, actor, correlation_id, at FROM transitions;

CREATE VIEW v_ledger_entries AS
SELECT entry_id, kind, debit_account AS account, currency, amount_minor AS debit_minor, 0 AS credit_minor, refund_id, period, posted_at
FROM ledger_entries
UNION ALL
SELECT entry_id, kind, credit_account AS account, currency, 0 AS debit_minor, amount_minor AS credit_minor, refund_id, period, posted_at
FROM ledger_entries;

CREATE VIEW v_audit AS
SELECT r.audit_id, r.at, r.actor, r.action, r.subject, COALESCE(n.body, r.reason) AS reason, r.correlation_id, r.record_hash
FROM audit_records r LEFT JOIN audit_notes n ON n.audit_id = r.audit_id;
