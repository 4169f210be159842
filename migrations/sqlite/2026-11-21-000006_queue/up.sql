-- Views that everybody sees, by name.
CREATE INDEX saved_views_shared ON saved_views (name) WHERE shared;

-- Requests that have one approval and need another: few among many. As it stands in the query, so that both engines use it.
CREATE INDEX refunds_second ON refunds (refund_id) WHERE qualifier = 'awaiting_second';
