DROP INDEX refunds_stuck;
DROP TABLE messages;
DROP TABLE saved_views;
DROP TABLE review_skips;
DROP TABLE reviews;
