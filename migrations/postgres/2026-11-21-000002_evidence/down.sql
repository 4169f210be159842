DELETE FROM outbox WHERE kind = 'scan';
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('submit', 'poll', 'mail'));

DROP TABLE evidence_texts;
DROP TABLE evidence;
