-- Access: what people choose for themselves, second factors, links for people, and tokens that are rotated.

ALTER TABLE users ADD COLUMN time_zone TEXT NOT NULL DEFAULT 'UTC';
ALTER TABLE users ADD COLUMN theme TEXT NOT NULL DEFAULT 'auto' CHECK (theme IN ('auto', 'light', 'dark'));
ALTER TABLE users ADD COLUMN density TEXT NOT NULL DEFAULT 'cozy' CHECK (density IN ('cozy', 'compact'));
ALTER TABLE users ADD COLUMN single_keys BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- Sessions of an earlier epoch are over, whatever their rows say.
ALTER TABLE users ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;
ALTER TABLE users ADD COLUMN signed_in_at BIGINT;

-- Secrets are sealed; a pending one counts for nothing until a code of it was given.
CREATE TABLE second_factors (
    user_id TEXT NOT NULL PRIMARY KEY REFERENCES users (user_id),
    sealed_secret TEXT,
    pending_secret TEXT,
    pending_at BIGINT,
    confirmed_at BIGINT,
    last_step BIGINT NOT NULL DEFAULT 0,
    wrong_codes BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES users (user_id),
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE staff_links (
    link_hash TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'invitation', 'password')),
    user_id TEXT REFERENCES users (user_id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX staff_links_by_user ON staff_links (user_id) WHERE user_id IS NOT NULL;

-- One row at most: of two who finish the set-up at the same moment, one is the first administrator.
CREATE TABLE first_admin (
    only_one BIGINT NOT NULL PRIMARY KEY CHECK (only_one = 1),
    user_id TEXT NOT NULL REFERENCES users (user_id),
    made_at BIGINT NOT NULL
);

ALTER TABLE api_tokens ADD COLUMN prefix TEXT NOT NULL DEFAULT '';
ALTER TABLE api_tokens ADD COLUMN last_used_at BIGINT;
-- After a rotation the text before still works for a while.
ALTER TABLE api_tokens ADD COLUMN previous_hash TEXT;
ALTER TABLE api_tokens ADD COLUMN previous_until BIGINT;
ALTER TABLE api_tokens ADD COLUMN rotated_at BIGINT;
CREATE UNIQUE INDEX api_tokens_by_previous ON api_tokens (previous_hash);
CREATE INDEX api_tokens_by_owner ON api_tokens (owner_user_id) WHERE owner_user_id IS NOT NULL;
