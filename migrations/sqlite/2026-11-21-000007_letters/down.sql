DROP INDEX staff_links_by_end;
DROP INDEX links_by_end;
DROP TABLE reply_texts;
DROP TABLE replies;
DROP TABLE unanswered;
DROP TABLE appeals;
