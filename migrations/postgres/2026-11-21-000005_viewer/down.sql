DROP INDEX evidence_ageing;
DROP INDEX evidence_leaving;
ALTER TABLE evidence DROP COLUMN removed_at;
ALTER TABLE evidence DROP COLUMN erased_at;
ALTER TABLE evidence DROP COLUMN unreadable_at;
ALTER TABLE evidence DROP COLUMN unreadable_by;
CREATE INDEX evidence_leaving ON evidence (evidence_id) WHERE place = 'leaving';
DROP TABLE evidence_looks;
