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

preview-title = How every letter looks
preview-lead = Each letter in each language, with example values. Nothing here is sent.
preview-kinds = Letters
preview-languages = Languages
preview-light = On a light screen
preview-dark = On a dark screen
preview-message =
    Thank you for the photo.

    Could you tell us which of the two lamps it shows?
