DROP INDEX inbox_stuck;
DROP INDEX audit_records_by_action;
DROP INDEX audit_records_by_actor;
DROP TABLE discards;
