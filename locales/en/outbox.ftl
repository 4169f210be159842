# What waits to leave the house, and what stopped.

outbox-title = Outbox
outbox-lead = What waits to be sent to processors, customers and the virus scanner. It goes by itself; nothing here has to be done.
outbox-stopped = { $count ->
    [one] One thing stopped and waits for a person.
   *[other] { $count } things stopped and wait for a person.
}
outbox-see-stopped = See dead letters
outbox-kinds = Kinds of work
outbox-kind-submit = Sending refunds
outbox-kind-poll = Asking processors
outbox-kind-mail = Letters
outbox-kind-scan = Virus scans
outbox-kind-at = { $kind } · { $account }
outbox-under-way = Under way
outbox-waiting = Waiting
outbox-until = Held until
outbox-next-try = Next try
outbox-due-now = Now
outbox-what = For
outbox-last-error = What went wrong
outbox-no-error = Nothing is known
outbox-none = Nothing waits
outbox-none-why = Everything of this kind has been dealt with.

## Dead letters

outbox-dlq-title = Dead letters
outbox-dlq-lead = What ran out of automatic tries. Try it again under the same key, so that nothing is done twice, or give it up.
outbox-dlq-none = Nothing has stopped
outbox-dlq-none-why = Whatever runs out of tries appears here.
outbox-dlq-caption = What stopped, oldest first
outbox-causes = Why things stopped
outbox-since = Since
outbox-shown = Shown below
outbox-all = Show all
outbox-all-stopped = What stopped
outbox-of-cause = What stopped for this cause
outbox-retry-all = { $count ->
    [one] Try it again
   *[other] Try all { $count } again
}
outbox-retried-all = { $count ->
    [0] Nothing could be tried again: what is held waits for a decision.
    [one] One is tried again.
   *[other] { $count } are tried again.
}
outbox-tries = { $count ->
    [one] Tried once
   *[other] Tried { $count } times
}
outbox-proposed-by = { $name } proposes to give it up
outbox-events = News from processors that could not be applied
outbox-events-why = Each is applied once, in whatever order; trying again is safe.
outbox-event-unmatched = It is about a refund that nobody here knows.
outbox-letter-title = Stopped: { $what }
outbox-fact-id = Id
outbox-fact-tries = Tries
outbox-fact-written = Written
outbox-fact-stopped = Stopped
outbox-retry = Try again
outbox-retry-why = It is asked for under the same key, and looked up first: nothing is paid twice.
outbox-retried = It is tried again.
outbox-held = The processor may have forgotten the key, so asking again could pay twice. Find out at the processor whether it was paid.
outbox-overtaken = This has gone on by itself, or somebody was faster. Nothing that you did was saved.
outbox-reason = Why is it given up?
outbox-reason-money = How do you know that the money did not move?
outbox-reason-money-hint = Name what you saw at the processor, and when. A colleague has to confirm it; then the refund has failed for good and the customer is told.
outbox-reason-length = Write between { $least } and { $most } characters
outbox-give-up = Give it up
outbox-given-up = It is given up.
outbox-propose = Propose to give it up
outbox-proposed = Proposed. Somebody else has to confirm it.
outbox-proposal = Proposed to give it up
outbox-proposal-by = { $name } says that the money did not move:
outbox-proposal-own = Somebody else has to confirm what you said.
outbox-confirm = Confirm: the money did not move
outbox-confirm-why = Look at the processor yourself first. The refund has failed for good then, and the customer is told.
outbox-given-up-both = It is given up: the refund has failed.
outbox-keep = Take the proposal back
outbox-kept = The proposal is taken back.
