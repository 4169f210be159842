# The desk's start page, what narrows its lists, kept views, and claims that are kept, taken over and handed on.

queue-owner-me = My cases
queue-owner-is = Cases of { $name }
queue-owner-anybody = Anybody
queue-text-is = “{ $text }”
queue-due-late = Overdue
queue-due-soon = Due within 4 hours
queue-due-whenever = Whenever
queue-count-more = { $count }+
queue-news = { $count ->
    [one] { $count } new request
   *[other] { $count } new requests
  }
queue-changed = The queue has changed
queue-news-show = { $news } – show
queue-all-refunds = All refunds
queue-list-search = Find in the list
queue-list-search-hint = Refund, order, processor’s or bank’s number, e-mail
queue-due-or-changed = Due or changed
queue-file = Download these rows as CSV ({ $count })
queue-file-spreadsheet = CSV for spreadsheets
queue-stopped = This search looked at { $count } refunds, the newest first, and stopped there. Make it smaller, or go on.
queue-stopped-week = The last 7 days
queue-stopped-month = The last 30 days
queue-stopped-on = Go on with older ones

queue-views = Saved views
queue-views-lead = A filtered list under a name. What is for everybody stands beside the queue of all colleagues.
queue-views-none = No views are saved yet
queue-views-none-why = Filter the queue or the list, then save what you see.
queue-view-keep = Save this view
queue-view-keep-confirm = Save
queue-view-name = Name
queue-view-share = For everybody at the desk
queue-view-leads = It leads to { $address }
queue-view-change = Change
queue-view-save = Save changes
queue-view-forget = Delete “{ $name }”
queue-view-of = For everybody, by { $name }
queue-view-own-shared = Yours, for everybody
queue-view-own = Yours
queue-view-kept = The view is saved.
queue-view-changed = The view is changed.
queue-view-forgotten = The view is deleted.
queue-view-too-many = You have saved as many views as one person can. Delete one first.
queue-view-name-needed = Enter a name for the view
queue-view-name-long = A name is one line of at most { $most } characters
queue-view-elsewhere = Only the queue and the list of refunds can be saved

queue-hand = Hand it to a colleague
queue-hand-all = Hand all of them over
queue-hand-all-lead = Every case that you hold goes to one colleague.
queue-hand-to = To whom
queue-hand-choose = Choose a colleague
queue-hand-note = A few words for your colleague
queue-hand-confirm = Hand over
queue-hand-what = Your colleague holds it for 10 minutes from now; then it is anybody’s again.
queue-hand-needed = Choose a colleague
queue-hand-gone = This colleague cannot take it any more. Choose another
queue-handed-on = You handed it on.
queue-handed-over = { $count ->
    [0] You held nothing that could be handed over.
    [one] You handed { $count } case over.
   *[other] You handed { $count } cases over.
  }
queue-claim-mine = It is yours.
queue-claim-held = { $name } works on it.
queue-claim-keeps = It stays yours while you work on this page; 10 minutes after the last sign of you it is anybody’s again.

desk-key-start = Open the start page of the desk
desk-start-ways = Ways through the desk
desk-start-mine = Yours
desk-start-mine-none = You hold no case now. “Next case” gives you the most urgent one.
desk-start-team = What the team has before it
desk-start-late = Overdue, held by nobody
desk-start-soon = Due within 4 hours, held by nobody
desk-start-holders = Who works on what
desk-start-holders-none = Nobody holds a case now.
desk-start-accounts = Processors
desk-start-account-fine = Nothing waits to be sent.
desk-start-account-waits = { $count ->
    [one] { $count } refund waits to be sent, since { $since }.
   *[other] { $count } refunds wait to be sent, the oldest since { $since }.
  }
desk-start-account-dead = { $count ->
    [one] { $count } refund is out of automatic tries.
   *[other] { $count } refunds are out of automatic tries.
  }

desk-decide-less-left = Somebody took { $taken } from this payment a moment ago: { $left } is left. Nothing was done; look again and confirm.
desk-decide-other-left = Something changed on this payment a moment ago: { $left } is left. Nothing was done; look again and confirm.
desk-decide-taken-over = A colleague works on it now. Nothing was done; what you wrote is still here.
desk-decide-changed = This request changed since you opened it. Nothing was done; this is how it stands now, and what you wrote is still here.
desk-take-over-needed = Write why you take it over
desk-take-over-hint = Your colleague reads it in the story of the case.
