# For administrators: who works here, and what their roles let them do.

admin-tabs = Parts of administration
admin-people-title = People
admin-people-caption = Everybody who works here, by address
admin-never = Never
admin-state-suspended = Suspended
admin-state-invited = Invited
admin-factor-on = On
admin-factor-off = Off

## One person

admin-person-title = { $name }
admin-facts = Account
admin-fact-added = Added
admin-fact-signed-in = Signed in last
admin-fact-id = Id
admin-fact-holds = Requests in hand
admin-self = This is you. What you may do is changed by another administrator.
admin-overtaken = Somebody changed this account a moment ago. Nothing that you did was saved. This is how it stands now.
admin-acts = What you can do
admin-roles-heading = Roles
admin-roles-legend = What are they?
admin-roles-save = Save the roles
admin-roles-when = They hold from the next click on. Decisions that are waiting are judged by the roles at that moment.
admin-roles-changed = { $name } has other roles now.
admin-sign-out = Sign out everywhere
admin-signed-out = { $name } is signed out everywhere.
admin-suspend-title = Suspend { $name }?
admin-suspend-lead = All sessions end and all keys of theirs stop, at once. What they decided stays. You can let them in again.
admin-suspend-button = Suspend
admin-suspend-holds = { $count ->
    [one] They are working on one request.
   *[other] They are working on { $count } requests.
}
admin-suspend-claims = Who takes over?
admin-suspend-put-back = Nobody: back to the queue
admin-colleague = { $name } ({ $email })
admin-suspended = { $name } is suspended.
admin-reactivate = Let them in again
admin-reactivated = { $name } can sign in again.
admin-reset-title = Take the second factor of { $name } away?
admin-reset-lead = Do this only if you are sure who asks you. Their password alone opens the account then, and they are signed out everywhere.
admin-reset-button = Take the second factor away
admin-factor-reset = The second factor of { $name } is off.

## Links by which people choose a password

admin-invite-title = Invite somebody
admin-invite-lead = They choose their own password by a link that works once, within four days.
admin-invite-button = Invite
admin-link-legend = How do they get the link?
admin-link-first = They have not chosen a password yet.
admin-link-new = Lost password? A link to choose a new one:
admin-link-mail = Mail them a link
admin-link-show = Show me a link
admin-link-show-hint = You hand it over yourself, in person or by a safe channel.
admin-link-mailed = A link is on its way to { $name }.
admin-link-title = A link for { $name }
admin-link-until = It works once, until { $until }.
admin-link-once = It is shown only now. Whoever has it chooses the password: hand it over to nobody else.
admin-link-label = The link
admin-link-kept = I have handed it over

## Roles

admin-roles-title = Roles
admin-roles-lead = What each role lets people do. Somebody with several roles may do what any of them allows.
admin-roles-caption = Rights by role
admin-roles-yes = Yes
admin-roles-no = No
admin-roles-about = What they are for
admin-roles-factor = Needs a second factor.
admin-roles-dual = Nobody approves what they asked for, adjusted or approved already; that holds for administrators too.
admin-role-agent = Works the queue and decides up to a limit.
admin-role-senior = The second pair of eyes, goodwill, and amounts above the agents’ limit.
admin-role-finance = Books, reconciliation and periods.
admin-role-risk = Policies, limits and lists.
admin-role-auditor = Reads everything and changes nothing.
admin-role-admin = People, keys and settings; may do what all others may.

## Feature flags

admin-flags-title = Flags
admin-flags-lead = A flag is on for a share of the orders, and always for the same ones: a growing share only adds orders. It holds at once, everywhere.
admin-flag-refunds = Refunds
admin-flag-refunds-about = Whether refunds are taken and sent. Where it is off, requests are asked to come again later and nothing more is sent; news from processors and decisions go on.
admin-flag-goodwill = Two people for goodwill
admin-flag-goodwill-about = Whether goodwill above its threshold takes two people. Where it is off, one senior agent is enough.
admin-flag-on = On for all orders
admin-flag-off = Off
admin-flag-share = On for { $share } % of the orders
admin-flag-share-label = Share of the orders, in percent
admin-flag-save = Set
admin-flag-set = { $flag }: on for { $share } % of the orders now.
admin-flag-set-by = Set by { $who },
admin-flag-wrong = Enter a whole number from 0 to 100
admin-flag-ask = Is it on for this order?
admin-flag-ask-button = Look
admin-flag-order-on = On for order { $order }
admin-flag-order-off = Off for order { $order }

## Settings

admin-settings-title = Settings
admin-settings-lead = What this desk runs with. It is set where the desk is run: in makegood.toml or in the environment. Secrets are not shown.
admin-settings-where = Every setting, with what it is for and what is allowed:
admin-settings-general = General
admin-settings-key = Setting
admin-settings-value = Value
admin-settings-origin = Said in
admin-settings-default = Default
admin-settings-flag = Command line
admin-settings-unset = Not set

## Diagnostics

admin-diagnostics-title = Diagnostics
admin-diagnostics-lead = Whether everything that the desk needs is there and answers.
admin-diagnostics-well = Everything is well.
admin-diagnostics-sick = { $count ->
    [one] One part is not well.
   *[other] { $count } parts are not well.
}
admin-diagnostics-at = Looked at
admin-diagnostics-again = Look again
admin-diagnostics-caption = What was found, part by part
admin-diagnostics-part = Part
admin-diagnostics-how = What was found
admin-diagnostics-ok = is well
admin-diagnostics-not-ok = is not well
admin-diagnostics-report = Report to copy
