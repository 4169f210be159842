DROP INDEX refunds_second;
DROP INDEX saved_views_shared;
