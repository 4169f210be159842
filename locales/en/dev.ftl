# Outside live mode: what would have been mailed.

dev-mail-title = Mail
dev-mail-lead = These messages were not sent to anybody. Outside live mode they land here.
dev-mail-none = No messages yet
dev-mail-none-why = They appear as soon as the desk writes to somebody.
dev-letter-title = Message
dev-letter-crumb = Way back
dev-letter-to = To
dev-letter-sent = Written
dev-letter-html = The message as HTML
dev-letter-text = As plain text
dev-letter-headers = All headers
