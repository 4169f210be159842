# When a page cannot be shown.

errors-signed-out = You are not signed in
errors-signed-out-lead = What you did was not saved. Please sign in again, or ask for a new link.
errors-forbidden = You may not do this
errors-forbidden-lead = Your role does not include it. Nothing was changed. An administrator can give you the right.
errors-forbidden-needs = It takes the right “{ $right }”, which your role does not include. Nothing was changed. An administrator can give it to you.
errors-not-found = There is nothing here
errors-not-found-lead = The address is wrong, or what it leads to is not for you to see.
errors-conflict = This has changed in the meantime
errors-conflict-lead = Somebody, or the desk itself, was faster. Nothing that you did was saved. Please look at how it stands now.
errors-rate = That was too often
errors-rate-lead = Please wait { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
} and try again.
errors-invalid = We could not read that
errors-invalid-lead = Something in the request is not as it should be. Nothing was changed.
errors-unavailable = We cannot do this at the moment
errors-unavailable-lead = The desk is busy or under maintenance. Nothing was changed. Please try again in a minute.
errors-internal = This went wrong on our side
errors-internal-lead = We do not know whether what you asked for was done. Please look before you try again, and give us the reference below if you write to us.
errors-internal-lead-read = Nothing was changed. Please try again, and give us the reference below if you write to us.
errors-refused = We can’t do this
errors-correlation = Reference for questions:
errors-way-refunds = Find my order
errors-way-desk = To the desk
errors-way-again = Try again
