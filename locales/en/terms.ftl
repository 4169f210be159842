# Words that must be the same everywhere. A refund is the thing, a request is what the customer does, a decision is yes or
# no, a second approval comes from another person, to submit is to hand it to the provider.

-brand = Makegood

## Amounts: $amount is written with the language's own digits and separators, $code is the ISO 4217 code.

money-by-sign = { $sign }{ $amount } { $code }
money-by-code = { $amount } { $code }

## States of a refund (wire ids refund.state.…)

refund-state-requested = Requested
refund-state-approved = Approved
refund-state-submitting = Submitting
refund-state-provider-pending = Waiting for provider
refund-state-completed = Completed
refund-state-failed = Failed
refund-state-canceled = Canceled

## The one word beside a state

refund-qualifier-awaiting-first = Needs approval
refund-qualifier-awaiting-second = Needs second approval
refund-qualifier-needs-info = Waiting for customer
refund-qualifier-decided = Can still be undone
refund-qualifier-deferred = Will be sent later
refund-qualifier-unknown = Outcome not known yet
refund-qualifier-overdue = Longer than usual
refund-qualifier-needs-customer = Customer must act
refund-qualifier-retryable = Can be retried
refund-qualifier-final = Final
refund-qualifier-denied = Denied
refund-qualifier-withdrawn = Withdrawn
refund-qualifier-canceled = Taken back
refund-qualifier-guard = Stopped before sending
refund-qualifier-reversed = Reversed by provider
refund-qualifier-held = Held
refund-qualifier-dead-lettered = Retries used up

## Reasons

refund-reason-not-received = Item not received
refund-reason-quality = Problem with the item
refund-reason-duplicate = Charged or ordered twice
refund-reason-pricing-error = Wrong price
refund-reason-goodwill = Goodwill
refund-reason-other = Another reason

## How the payer paid

rail-card = Card
rail-wallet = Wallet
rail-paynow = PayNow
rail-bank-transfer = Bank transfer

## Sentences of the brief, word for word (wire ids refund.request.accepted and so on)

refund-request-accepted = We’re processing your refund.
refund-completed = Your refund is complete.
refund-failed = We couldn’t complete your refund.
refund-exceeds-remaining = This refund exceeds the available amount.
refund-not-captured = We can’t refund this payment yet.

## Why a request was denied, in words for the customer (the policy names one of these)

refund-denied-cooling-off = The time in which this order could be refunded for this reason is over.
refund-denied-duplicate = This has been refunded already.
refund-denied-evidence = What we were sent does not show the problem.
refund-denied-policy = Our refund policy does not cover this request.
refund-denied-guard = The payment changed after we approved the refund: it was disputed, or less of it was collected.
