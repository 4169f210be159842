# Every refusal of the API: a title that never changes and a detail that says what to do. The id is the error code in small
# letters, without ERR and BUSINESS: ERR.BUSINESS.refund.exceeds_remaining is problem-refund-exceeds-remaining-….

problem-validation-body-title = The request is not as it should be
problem-validation-body-detail = Some of what was sent is missing, unknown or malformed. The errors name each field; nothing was changed.
problem-validation-amount-range-title = The amount is out of range
problem-validation-amount-range-detail = The amount must be above zero, in whole minor units, and of a size that the currency and its provider can carry.
problem-validation-currency-title = The currency is not right
problem-validation-currency-detail = A refund is made in the currency of the payment. Send its ISO 4217 code in three capital letters.
problem-validation-reason-title = The reason is not known
problem-validation-reason-detail = The reason must be one of not_received, quality, duplicate, pricing_error, goodwill or other.
problem-validation-evidence-title = The evidence cannot be used
problem-validation-evidence-detail = Upload each file to /v1/evidence first and send the link that comes back, five at most.
problem-validation-evidence-size-title = The file is too large
problem-validation-evidence-size-detail = A file may have 10 MB, and a refund may have five files.
problem-validation-evidence-type-title = The file is of another kind
problem-validation-evidence-type-detail = Evidence must be a JPEG, PNG, WebP or PDF file; what is inside decides, not the name.
problem-validation-metadata-title = The metadata cannot be kept
problem-validation-metadata-detail = Metadata may have 20 keys, each with a short text.
problem-validation-idempotency-key-title = The idempotency key is missing or malformed
problem-validation-idempotency-key-detail = Send the header Idempotency-Key with 1 to 255 visible ASCII characters, and the same key again when you repeat this request.
problem-validation-method-title = The method is not allowed here
problem-validation-method-detail = This address does not answer to this method. The header Allow names those that it answers to.
problem-validation-size-title = The request is too large
problem-validation-size-detail = A JSON body may have 256 KiB and 32 levels.
problem-validation-media-type-title = The media type is not understood
problem-validation-media-type-detail = Send JSON with the header Content-Type: application/json.

problem-refund-exceeds-remaining-title = The refund exceeds what remains
problem-refund-not-captured-title = The payment was not captured
problem-refund-charged-back-title = The payment is disputed
problem-refund-charged-back-detail = A chargeback stands on this payment, so it cannot be refunded as well.
problem-refund-split-tender-title = The order was paid in several ways
problem-refund-split-tender-detail = Orders that were paid by more than one payment cannot be refunded here.
problem-refund-denied-title = The policy denies this refund
problem-refund-denied-detail = The refund policy does not allow this refund. The decision says which rule it was.

problem-conflict-idempotency-title = The idempotency key was used for something else
problem-conflict-idempotency-detail = This key came before with another request. Use a new key for a new request.
problem-conflict-in-progress-title = The same request is still running
problem-conflict-in-progress-detail = The first request with this key has not been answered yet. Repeat it in a moment with the same key.
problem-conflict-state-title = Not possible from this state
problem-conflict-state-detail = The refund has moved on or was decided already. Nothing was changed; read it again to see where it stands.
problem-conflict-version-title = It was changed in the meantime
problem-conflict-version-detail = Someone changed this after you read it. Read it again and repeat what still makes sense.
problem-conflict-remaining-title = Another amount remains now
problem-conflict-remaining-detail = What remains to be refunded is no longer what you expected. Nothing was changed.
problem-conflict-payment-title = The payment is taken
problem-conflict-payment-detail = This payment belongs to another order, or can no longer be changed because money was refunded from it.

problem-authn-required-title = Please sign in
problem-authn-required-detail = Send a valid token in the header Authorization, or sign in again.
problem-authz-scope-title = Not allowed
problem-authz-scope-detail = Your token or role does not give the right to do this.
problem-authz-dual-control-title = Another person must do this
problem-authz-dual-control-detail = Whoever requested, changed or approved something cannot approve it again. Ask someone else.
problem-authz-limit-title = Above your limit
problem-authz-limit-detail = This amount is above what you may approve last. Ask someone with a higher limit.

problem-not-found-order-title = No such order
problem-not-found-order-detail = There is no order of this number that you may see.
problem-not-found-refund-title = No such refund
problem-not-found-refund-detail = There is no refund of this number that you may see.
problem-not-found-payment-title = No such payment
problem-not-found-payment-detail = The provider account has no payment of this number.
problem-not-found-provider-account-title = No such provider account
problem-not-found-provider-account-detail = No provider account of this name is set up here.
problem-not-found-evidence-title = No such file
problem-not-found-evidence-detail = There is no file of evidence at this place of the refund.
problem-not-found-path-title = Nothing is here
problem-not-found-path-detail = There is nothing at this address.

problem-limit-rate-title = Too many requests
problem-limit-rate-detail = Wait as long as the header Retry-After says, then repeat the request.
problem-unavailable-title = Not available right now
problem-unavailable-detail = Repeat the request with the same key in a moment. What was recorded already comes back; nothing is done twice.
problem-internal-title = Something went wrong here
problem-internal-detail = This is our mistake. Nothing was changed; tell us the correlation id if it happens again.

## One field at a time

field-range = Give a whole number from { $min } to { $max }.
field-required = This is missing.
field-repeated = This stands here more than once.
field-not-text = This must be text.
field-not-a-whole-number = This must be a whole number.
field-not-a-list = This must be a list.
field-not-an-object = This must be an object.
field-not-true-or-false = This must be true or false.
field-too-long = Use at most { $max } characters.
field-too-many = Use at most { $max } of these.
field-not-allowed-word = Use one of: { $allowed }.
field-not-a-time = Use a time in UTC such as 2026-11-20T21:50:45Z.
field-not-an-id = This is not a valid id.
field-email = Enter an email address such as name@example.com.
field-control-characters = This has characters that cannot be seen. Type it again.
field-currency-unknown = Use a currency code of ISO 4217 such as USD, JPY or KWD.
field-currency-differs = The payment is in { $currency }.
field-amount-empty = Enter an amount.
field-amount-not-an-amount = Enter the amount in digits, such as { $example }.
field-amount-ambiguous = This can be read as two different amounts. Write it with its decimals, such as { $example }.
field-amount-too-many-decimals = { $decimals ->
    [0] { $currency } has no decimals. Enter a whole amount, such as { $example }.
    [one] { $currency } has one decimal. Enter an amount such as { $example }.
   *[other] { $currency } has { $decimals } decimals. Enter an amount such as { $example }.
}
field-amount-negative = Enter an amount above zero.
field-amount-too-large = This amount is too large.
field-amount-other-currency = This order was paid in { $currency }. Enter the amount in { $currency }.
field-amount-not-positive = This must be above zero.
field-amount-not-carried = The provider of this payment cannot carry an amount of this size or with these decimals.
field-amount-differs-from-lines = The lines come to { $expected } and not to { $given } minor units. Send one of the two only, or make them agree.
field-exceeds-remaining = This is more than can still be refunded.
field-lines-differ-from-captured = The lines of this order come to { $lines } and the payment to { $captured } minor units, so lines cannot be refunded. Send an amount instead.
field-lines-nothing = Nothing is left of these lines.
field-line-unknown = The order has no line { $line }.
field-line-repeated = Line { $line } stands here more than once.
field-line-quantity = Line { $line } needs a quantity of at least 1.
field-line-quantity-exceeds = Of line { $line } only { $left } can still be refunded.
field-line-amount = Line { $line } needs an amount above zero.
field-line-amount-exceeds = Of line { $line } only { $left } minor units can still be refunded.
field-metadata-too-many = Use at most 20 keys.
field-note-too-long = This note is too long.
field-reply-slot = This text names a slot that does not exist.
