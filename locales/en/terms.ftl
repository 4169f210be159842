# Words that must be the same everywhere: states, qualifiers, reasons, rails.

-brand = Makegood

# How an amount is put together. $amount is written with the language's own digits.
money-by-sign = { $sign }{ $amount } { $code }
money-by-code = { $amount } { $code }

# States
refund-state-requested = Requested
refund-state-approved = Approved
refund-state-submitting = Being sent
refund-state-provider-pending = Processing
refund-state-completed = Refunded
refund-state-failed = Failed
refund-state-canceled = Canceled
