# The customer's pages: find the order, ask, follow, withdraw.

# Start
customer-start-title = Ask for a refund
customer-start-lead = Tell us which order it is about. We send a link to the e-mail address you ordered with; you need no account.
customer-start-order = Order number
customer-start-order-hint = It is in your order confirmation, for example 1042.
customer-start-order-empty = Enter the order number
customer-start-order-long = The order number is too long; it has at most 128 characters
customer-start-email = E-mail address
customer-start-email-hint = The one you used for this order.
customer-start-email-empty = Enter the e-mail address you ordered with
customer-start-email-wrong = Enter an e-mail address in the form name@example.com
customer-start-button = Send me the link
customer-start-busy = Sending…
customer-start-how-long = How long a refund takes

customer-time-business-days = { $to ->
    [one] { $from } to { $to } business day
   *[other] { $from } to { $to } business days
}
customer-time-days = { $to ->
    [one] { $from } to { $to } day
   *[other] { $from } to { $to } days
}
customer-time-up-to-days = { $to ->
    [one] up to a day
   *[other] up to { $to } days
}
customer-time-hours = { $to ->
    [one] up to an hour
   *[other] up to { $to } hours
}

# Link
customer-sent-title = Check your e-mail
customer-sent-lead = If the order belongs to this address, a link is on its way.
customer-sent-once = The link works once, and for 15 minutes.
customer-sent-nothing = Nothing arrived? Look into the spam folder, and check the order number and the address.
customer-sent-again = Try again
customer-sent-dev-mail = See what was sent (not in live mode)
customer-open-title = Open your order
customer-open-lead = You are one step away from your order and its refunds.
customer-open-button = Open my order
customer-open-busy = Opening…
customer-open-not-you = Did you not ask for this link? Then close this page; nothing happens.
customer-expired-title = This link no longer works
customer-expired-lead = Links work once and for a short time. We can send you a new one.
customer-expired-button = Get a new link
customer-signed-out = Please ask for a new link to go on. What you had entered is kept.

# Order
customer-order-title = Order { $order }
customer-order-placed = Placed on { $date }
customer-order-left = Left to refund
customer-order-ask = Ask for a refund
customer-order-earlier = Your refunds
customer-order-bought = What you bought
customer-order-line-each = { $quantity } × { $price }
customer-order-paid = You paid
customer-order-given = Refunded or on its way
customer-order-none-left = Everything you paid for this order has been refunded or is on its way back to you. The refunds are listed below.
customer-order-not-captured = The payment has not been completed. Please look again once it has.
customer-order-payment-failed = The payment did not go through, so no money was taken and there is nothing to give back.
customer-order-split = This order was paid in several parts. We cannot refund such orders here; please write to the shop.
customer-order-charged-back = Your bank is already taking this payment back, so we cannot refund it as well.
customer-order-no-payment = We know of no payment for this order yet.

# Steps
customer-step-nav = Way back
customer-step-back = Back
customer-step-of = Step { $step } of { $steps }
customer-step-continue = Continue
customer-step-later = Leave it for now

customer-items-title = What is it about?
customer-items-hint = Choose one or more.
customer-items-quantity = How many
customer-items-partly = Part of it was refunded already
customer-items-none = Choose at least one item
customer-items-changed = This order has changed. Please choose again.

customer-reason-title = Why do you want a refund?
customer-reason-none = Choose a reason
customer-reason-not-received = It did not arrive
customer-reason-not-received-hint = The parcel, or part of it, never reached you.
customer-reason-quality = Something is wrong with it
customer-reason-quality-hint = Damaged, faulty, or not as described.
customer-reason-duplicate = I paid twice
customer-reason-duplicate-hint = The same thing was ordered or charged two times.
customer-reason-pricing-error = The price is wrong
customer-reason-pricing-error-hint = You were charged more than was agreed.
customer-reason-goodwill = As a gesture
customer-reason-goodwill-hint = The shop offered you something back.
customer-reason-other = Something else
customer-reason-other-hint = Tell us below.
customer-reason-note = Anything we should know? (optional)
customer-reason-note-hint = What happened, in your own words. Please no card numbers.
customer-reason-note-long = The note is too long; it has at most { $most } characters

customer-amount-title = How much should we refund?
customer-amount-all-items = All of what you chose
customer-amount-all-left = All that is left
customer-amount-part = Part of it
customer-amount-label = Amount
customer-amount-hint = Up to { $most }
customer-amount-use-most = Use { $most }
customer-amount-too-much = Enter { $most } or less.
customer-amount-moved = Somebody refunded part of this order a moment ago. Up to { $most } can be refunded now.

# Evidence
customer-evidence-title = Do you have something to show us?
customer-evidence-lead = Photos or documents help us decide faster. You can also go on without any.
customer-evidence-label = Photos or documents
customer-evidence-hint = JPEG, PNG, WebP or PDF. Up to { $files } files of up to { $size } MB each.
customer-evidence-alt = What does { $file } show? (optional)
customer-evidence-alt-long = A description has at most 300 characters.
customer-evidence-about = { $kind }, { $size }
customer-evidence-kilobytes = { $size } KB
customer-evidence-megabytes = { $size } MB
customer-evidence-unnamed = File without a name
customer-evidence-remove = Remove
customer-evidence-add = Add files
customer-evidence-send = Send the files
customer-evidence-sending = Sending the files…
customer-evidence-looking = Looking at the files…
customer-evidence-back = Back to your request
customer-evidence-more = Add photos or documents
customer-evidence-added = We have your files.
customer-evidence-too-late = This request was decided already; nothing can be added to it.
customer-evidence-gone = Some of your files are not there any more. Please add them again, or go on without them.
customer-evidence-unavailable = We could not take it at the moment. Please try again.
customer-evidence-fault = { $file }: { $why }

customer-check-title = Check your request
customer-check-items = Items
customer-check-reason = Reason
customer-check-note = Note
customer-check-amount = Amount
customer-check-everything = The whole order
customer-check-item = { $quantity } × { $item }
customer-check-no-note = None
customer-check-evidence = Photos and documents
customer-check-no-evidence = None
customer-check-change = Change
customer-check-button = Ask for { $amount }
customer-check-busy = Sending your request…
customer-check-when-card = The money goes back to the card you paid with. Once sent, that usually takes { $time }.
customer-check-when-wallet = The money goes back to the wallet you paid with. Once sent, that usually takes { $time }.
customer-check-when-paynow = The money goes back by PayNow. Once sent, that usually takes { $time }.
customer-check-when-bank-transfer = The money goes back to the bank account you paid from. Once sent, that usually takes { $time }.
customer-check-unavailable = We cannot take your request at the moment. Nothing was lost: please press the button again in a minute; it cannot be counted twice.

# Status
customer-status-requested = We have your request
customer-status-denied = We can’t refund this request
customer-status-withdrawn = You took this request back
customer-status-canceled = This refund was canceled
customer-tracker-label = Progress
customer-stage-requested = Requested
customer-stage-processing = Processing
customer-stage-refunded = Refunded
customer-stage-looking = We are looking at it
customer-stage-sending = With your payment provider
customer-stage-soon = Within a day
customer-stage-by = By { $date }
customer-stage-denied = Not granted
customer-stage-withdrawn = Taken back
customer-stage-canceled = Canceled
customer-stage-failed = Did not work
customer-status-request = Your request
customer-status-evidence = Photos and documents
customer-status-no-evidence = You have not sent any.
customer-status-story = What happened so far
customer-status-withdraw = Withdraw the request

customer-notice-review = A person is looking at your request. You need to do nothing; we write to you as soon as it is decided.
customer-notice-deferred = We have your request. Our payment provider does not answer at the moment; we send your refund as soon as it does. You need to do nothing.
customer-notice-unknown = We have sent your refund and are waiting for the payment provider’s word. It is safe to wait: it cannot be paid twice.
customer-notice-overdue = This takes longer than usual. We are following it up with the payment provider.
customer-notice-expected = The money should reach you by { $date }.
customer-notice-expected-reference = The money should reach you by { $date }. If it has not, ask your bank for reference { $reference }.
customer-notice-completed = The money is on its way into your account; your bank may take until { $date } to show it.
customer-notice-completed-plain = We have given the money back.
customer-notice-failed = The payment provider could not carry it out. We have been told and will look after it; nothing is lost.
customer-notice-reversed = Your bank sent the money back to us. We have been told and will write to you.
customer-notice-withdrawn = Nothing was paid out. You can ask again whenever you like.
customer-notice-canceled = Nothing was paid out. If you think this is wrong, reply to the e-mail we sent you.
customer-notice-needs-info = We have a question, and your request waits for the answer. You find it below.
customer-notice-look-again = Somebody other than the first time is looking at your request. You need to do nothing; we write to you as soon as it is decided.
customer-notice-denied-appeal = If you think this is wrong, you can ask us to look again.
customer-notice-denied-appealed = You have asked us to look again.
customer-notice-denied-final = This was our second look at it. If you have a question, reply to the e-mail we sent you.
customer-notice-denied-question = If you have a question, reply to the e-mail we sent you.

# Why a person said no, by the reason of the request
customer-denied-not-received = We could not find that the order did not reach you.
customer-denied-quality = We could not find a fault for which we give money back.
customer-denied-duplicate = We could not find a second payment for the same thing.
customer-denied-pricing-error = We could not find that you were charged more than was agreed.
customer-denied-goodwill = We cannot give money back as a gesture here.
customer-denied-other = Your request does not meet the conditions for a refund.

# Messages
customer-messages = Messages
customer-message-write = Write to us
customer-message-answer = Your answer
customer-message-label = Your message
customer-message-hint = We read it together with your request. Please no card numbers.
customer-message-send = Send the message
customer-message-busy = Sending…
customer-message-taken = We have your message.
customer-message-needed = Write your message
customer-message-long = The text is too long; it has at most { $most } characters
customer-message-too-late = This refund has ended, so your message was not sent. If you still need us, reply to any e-mail we sent you about it.
customer-message-unsent = What you wrote, to copy
thread-you = You
thread-the-desk = The refund team

# Look again
customer-appeal-title = Ask us to look again
customer-appeal-lead = You can ask once. Tell us what we have not seen, or what we have got wrong.
customer-appeal-about = { $amount } · { $reason }
customer-appeal-why = What should we look at?
customer-appeal-why-hint = In your own words. Please no card numbers.
customer-appeal-needed = Write what we should look at
customer-appeal-other-person = Somebody other than the first time decides.
customer-appeal-photos = You can add photos and documents as soon as you have asked.
customer-appeal-until = You can ask until { $date }.
customer-appeal-button = Look again, please
customer-appeal-leave = Leave it as it is
customer-appeal-taken = We look at it again. You can still add photos or documents.
customer-appeal-too-late = We cannot be asked to look at this again: it can be done once, and within 30 days of the decision.
customer-appeal-see = See how far the second look is
customer-appeal-first = The first request

customer-fact-reason = Reason
customer-fact-amount = Amount
customer-fact-back-to = Back to
customer-fact-expected = Expected by
customer-fact-reference = Reference
customer-fact-bank-reference = Bank reference
customer-fact-asked = Asked on

customer-back-to-card = The card you paid with
customer-back-to-wallet = The wallet you paid with
customer-back-to-paynow = PayNow
customer-back-to-bank-transfer = The bank account you paid from

customer-event-requested = You asked for this refund
customer-event-approved = Approved
customer-event-submitted = Sent to the payment provider
customer-event-pending = The payment provider has it
customer-event-completed = Refunded
customer-event-failed = The payment provider could not carry it out
customer-event-retried = We are trying again
customer-event-denied = Not granted
customer-event-withdrawn = You took the request back
customer-event-canceled = Canceled
customer-event-reversed = Your bank sent the money back

customer-announce = { $status } { $amount }

# Withdraw
customer-withdraw-title = Withdraw your request
customer-withdraw-heading = Withdraw your request for { $amount }?
customer-withdraw-lead = Nothing will be paid out. You can ask again later.
customer-withdraw-button = Withdraw the request for { $amount }
customer-withdraw-busy = Withdrawing…
customer-withdraw-keep = Keep it
customer-withdraw-done = Your request was withdrawn.
customer-withdraw-too-late = This refund has moved on and can no longer be withdrawn.

# Help
customer-help-title = Help
customer-help-lead = How refunds work here, and whom to ask.
customer-help-ask = How to ask for a refund
customer-help-ask-order = Enter the order number and the e-mail address you ordered with.
customer-help-ask-link = Open the link that we send you. It works once, and for 15 minutes.
customer-help-ask-why = Tell us what it is about, why, and how much.
customer-help-ask-send = Check it and send it. You get an e-mail, and a page that shows how far it is.
customer-help-then = What happens then
customer-help-then-requested = We have your request. Most are decided at once. A person looks at the others, and we write to you.
customer-help-then-processing = We have asked the payment provider to give the money back.
customer-help-then-refunded = The payment provider has given it back. Your bank may need some days to show it.
customer-help-trouble = When something is not right
customer-help-no-mail = No e-mail arrived
customer-help-no-mail-do = Look into the spam folder, and check the order number and the address. We write only to the address the order was made with.
customer-help-old-link = The link no longer works
customer-help-old-link-do = Links work once and for a short time. Ask for a new one; what you had entered is kept.
customer-help-changed-mind = I changed my mind
customer-help-changed-mind-do = As long as the money has not been sent, the page of your refund has a button to withdraw the request.
customer-help-no-money = The money has not arrived
customer-help-no-money-do = The page of your refund says by when it should. After that day, ask your bank for the bank reference that stands there.
customer-help-denied = My request was not granted
customer-help-denied-do = The page of your refund says why, and has a button to ask us to look again. You can do that once, within 30 days; somebody else decides then.
customer-help-person = Ask a person
customer-help-person-how = Reply to any e-mail we sent you about the refund. It helps us if you add the reference at the foot of the page you were on.
