# API keys.

keys-title = API keys
keys-lead = Programs use them to call the desk.
keys-docs = How the API works
keys-none = No keys yet
keys-none-why = A key made here is yours, and can do no more than you can.
keys-new = Make a key
keys-new-lead = It is yours: what is done with it counts as done by you, and it can do no more than you can.
keys-name = Name
keys-name-hint = What uses it, such as the shop’s back end.
keys-name-empty = Enter a name
keys-scopes = What is it for?
keys-scopes-none = Choose at least one
keys-ends-label = How long does it work?
keys-ends-days = { $days ->
    [one] One day
   *[other] { $days } days
}
keys-ends-never = Without end
keys-ends = Ends
keys-used = Last used
keys-never-used = Never used
keys-owner-none = Made at the shell, nobody’s
keys-overlap = How long does the text before still work?
keys-overlap-none = Not at all
keys-overlap-hours = { $hours ->
    [one] One hour
   *[other] { $hours } hours
}
keys-overlap-until = The text before works until { $until }.
keys-overlap-none-left = The text before does not work any more.
keys-rotate = New text
keys-rotate-title = Give { $name } a new text?
keys-rotate-lead = Name and scopes stay. Put the new text where the key is used while the one before still works.
keys-revoke = Revoke
keys-revoke-title = Revoke { $name }?
keys-revoke-lead = It stops working at once, for good. Whatever uses it is refused from then on.
keys-revoked = { $name } is revoked.
keys-over = Keys that do not work any more
keys-over-revoked = Revoked { $at }
keys-over-ended = Ended
keys-shown-title = The text of { $name }
keys-shown-once = It is shown only now. Put it where it is used, or into a safe place.
keys-shown-label = Key
keys-shown-download = Download as makegood.env
keys-shown-kept = I have kept it
