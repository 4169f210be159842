# Mails to customers. Each has a subject (the amount first), a heading and one or two short paragraphs. $tender is one of
# the mail-tender texts; days are written already.

mail-greeting = Hello { $name },
mail-greeting-nameless = Hello,
mail-sign-off = Your refund team
mail-status-button = See your refund
mail-link-hint = If the button does not work, copy this address into your browser:
mail-fact-amount = Amount
mail-fact-order = Order
mail-fact-refund = Refund
mail-footer = You get this message because a refund was asked for on order { $order }. You can reply to it.
mail-tender = { $rail ->
    [card] the card you paid with
    [wallet] the wallet you paid with
    [paynow] the PayNow account you paid from
   *[bank_transfer] the bank account you paid from
}
mail-expected-range = It usually arrives between { $from } and { $to }.
mail-expected-day = It usually arrives by { $to }.
mail-expected-depends = { $rail ->
    [card] How soon you see it depends on the bank that issued your card.
    [wallet] How soon you see it depends on your wallet.
    [paynow] How soon you see it depends on your bank.
   *[bank_transfer] How soon you see it depends on your bank.
}

mail-received-subject = Refund requested: { $amount } for order { $order }
mail-received-heading = { refund-request-accepted }
mail-received-body = You asked us for { $amount } back for order { $order }. We will write to you as soon as it is decided. There is nothing else you need to do.

mail-approved-subject = Refund approved: { $amount } for order { $order }
mail-approved-heading = Your refund is approved
mail-approved-body = We are sending { $amount } back to { $tender }. We will write to you again when it is on its way, with the day by which you can expect it.

mail-denied-subject = Refund declined: { $amount } for order { $order }
mail-denied-heading = We can’t give this refund
mail-denied-body = You asked us for { $amount } back for order { $order }, and we have declined the request.
mail-denied-look-again = If you think this is wrong, open the page of your refund and ask us to look again. You can do that once, until { $date }; somebody else decides then.
mail-denied-final = This was our second look at it. If you have a question, reply to this message.
mail-denied-question = If you have a question, reply to this message.

mail-looking-again-subject = We are looking again: { $amount } for order { $order }
mail-looking-again-heading = We are looking at it again
mail-looking-again-body = You asked us to look again at your request for { $amount } for order { $order }. Somebody other than the first time decides, and we write to you as soon as they have. You can add photos and documents on the page of your refund.

mail-delayed-subject = Refund delayed: { $amount } for order { $order }
mail-delayed-heading = Your refund will take a little longer
mail-delayed-body = Your refund of { $amount } for order { $order } is approved, but the payment provider is not answering at the moment. We keep it safe and send it as soon as the provider is back. You do not need to ask again.

mail-submitted-subject = Refund on its way: { $amount } for order { $order }
mail-submitted-heading = Your refund is on its way
mail-submitted-body = We have sent { $amount } back to { $tender }.

mail-completed-subject = Refund complete: { $amount } for order { $order }
mail-completed-heading = { refund-completed }
mail-completed-body = { $amount } has gone back to { $tender }.
mail-completed-by = If you do not see it yet, it should be there by { $to }.
mail-completed-reference = Your bank can find it by this reference: { $reference }

mail-failed-subject = Refund not completed: { $amount } for order { $order }
mail-failed-heading = { refund-failed }
mail-failed-body = We tried to send { $amount } back to { $tender } for order { $order }, and it did not go through. The money has not reached you.
mail-failed-next = We know about it and are looking into it. You do not need to ask again; if you have a question, reply to this message.

mail-sign-in-link-subject = Your link for order { $order }
mail-sign-in-link-heading = Here is your link
mail-sign-in-link-body = Use it to see order { $order } and to ask for a refund. It works once, until { $until }.
mail-sign-in-link-button = Open my order
mail-sign-in-link-unasked = If you did not ask for this, you can ignore it: without the link nothing happens.
mail-sign-in-link-footer = You get this message because someone entered your email address and the number of order { $order }.

mail-agent-message-subject = Message about your refund: { $amount } for order { $order }
mail-agent-message-heading = We have a message for you
mail-agent-message-next = You can answer on the page of your refund, or reply to this message.
mail-agent-message-closed = You can reply to this message.

## To people at the desk: a link to choose a password

mail-invitation-subject = You are invited to the refund desk
mail-invitation-heading = Welcome to the refund desk
mail-invitation-body = An administrator has added you to the refund desk. Open this link to choose your password. It works once, until { $until }.
mail-password-link-subject = Choose a new password for the refund desk
mail-password-link-heading = Choose a new password
mail-password-link-body = Open this link to choose a new password for the refund desk. It works once, until { $until }. When you have chosen it, you are signed out everywhere.
mail-staff-button = Choose a password
mail-staff-unasked = If you did not expect this, you can ignore it: without the link nothing happens. Please tell an administrator.
mail-staff-sign-off = The refund desk
mail-staff-footer = You get this message because you work at the refund desk. Never pass the link on.
