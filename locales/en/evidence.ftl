# Evidence at the desk: the files of a case, one file on its own page, and what was approved against what it is now.

desk-evidence = Evidence
desk-evidence-none = No files were sent.
desk-evidence-files = All files
desk-evidence-nth = File { $nth }
desk-evidence-place = File { $nth } of { $count }
desk-evidence-title = Evidence, file { $nth }
desk-evidence-alt-none = { $file }, not described yet
desk-evidence-pdf = { $pages ->
    [one] PDF, { $pages } page
   *[other] PDF, { $pages } pages
  }
desk-evidence-view = Picture
desk-evidence-turn = Turn
desk-evidence-smaller = Smaller
desk-evidence-larger = Larger
desk-evidence-zoom = × { $times }
desk-evidence-whole = Reset
desk-evidence-before = Previous file
desk-evidence-after = Next file
desk-evidence-pan = Enlarged picture: arrows move it
desk-evidence-leaves = Pages
desk-evidence-page = Page
desk-evidence-page-before = Previous page
desk-evidence-page-after = Next page
desk-evidence-more-pages = The first { $drawn } of { $pages } pages are shown here. The original has all of them.
desk-evidence-not-shown = This file is not shown.
desk-evidence-download = Download the original

desk-evidence-words = In words
desk-evidence-alt = What does it show?
desk-evidence-alt-hint = For colleagues who cannot see the picture. Write what matters for the decision.
desk-evidence-alt-save = Save the description

desk-evidence-openers = Opened by
desk-evidence-openers-none = Nobody has opened it yet.
desk-evidence-pages-seen = { $seen } of { $pages } pages

desk-evidence-mark = Can you make it out?
desk-evidence-mark-unreadable = Mark as unreadable
desk-evidence-readable = It can be read after all
desk-evidence-ask = Ask the customer for a better one
desk-evidence-unreadable = Unreadable
desk-evidence-unreadable-by = { $name } could not make out what it shows ({ $at }).
desk-evidence-marked = Marked as unreadable. Colleagues see it.
desk-evidence-unmarked = The mark is gone.

desk-evidence-erased = This file was erased because its time was over or its customer asked for it. What is known of it stays, so that decisions can still be explained.
desk-evidence-infected = The virus scanner found something in this file. It is locked away: nobody can open it or download it.
desk-evidence-pending = The virus scanner is looking at this file, usually for about 10 seconds. Until it is done, nobody sees it.
desk-evidence-unscanned = This desk has no virus scanner. Pictures are drawn anew and safe to look at; take care with the original.

desk-evidence-type = Type
desk-evidence-measures = Measures
desk-evidence-pixels = { $width } × { $height } pixels
desk-evidence-pages = Pages
desk-evidence-size = Size
desk-evidence-scan = Virus scan
desk-evidence-found = Found
desk-evidence-scanned = Scanned
desk-evidence-giver = Sent by
desk-evidence-given = Sent
desk-evidence-taken = Taken, says the camera
desk-evidence-erased-at = Erased
desk-evidence-digest = SHA-256

desk-scan-clean = No virus found
desk-scan-unscanned = Not scanned
desk-scan-pending = Being scanned
desk-scan-infected = Virus found
desk-scan-erased = Erased

desk-event-evidence = A file was added
desk-event-evidence-erased = A file was erased
desk-refund-adjusted = You added evidence to this request, so someone else must decide.
desk-printed = Printed on { $at }, version { $version }

desk-review-title = Second approval of { $amount }
desk-review-heading = What was approved, and what it is now
desk-review-open = Compare with what was approved
desk-review-compare = Compare
desk-review-terms = Then and now
desk-review-was = As approved
desk-review-is = Now
desk-review-same = Nothing of what was approved has changed.
desk-review-changed = Changed
desk-review-unknown = It is not what was approved; what that was cannot be told any more.
desk-review-not-known = Not known
desk-review-amount = The amount was { $was } and is { $is } now.
desk-review-reason = The reason was “{ $was }” and is “{ $is }” now.
desk-review-files = { $count ->
    [one] One file came after the approval.
   *[other] { $count } files came after the approval.
  }
desk-review-file-count = { $count ->
    [0] No files
    [one] { $count } file
   *[other] { $count } files
  }
desk-review-note = What { $name } wrote
desk-review-void = The approval of { $name } no longer counts, because the request changed after it.
desk-review-missed = { $count ->
    [one] { $name } did not open the file before approving.
   *[other] { $name } opened { $opened } of { $count } files before approving.
  }
desk-review-opened-before = { $name } opened it before approving.
desk-review-opened-after = { $name } opened it only after approving.
desk-review-opened-never = { $name } never opened it.
desk-review-opened-later = It came after { $name } had approved.
desk-review-you-opened = You have opened it.
desk-review-you-never = You have not opened it yet.
desk-review-closed = Nobody can open it now.
desk-review-added = Added since
desk-review-since = Since then
desk-review-approvals = Approvals
desk-review-counts = Counts
desk-review-no-longer = No longer counts
desk-review-send-back = Send back with a question
desk-review-nothing = There is nothing to compare
desk-review-nothing-why = Nobody has approved this request yet, or it no longer waits for a decision.
desk-review-queue = What waits for a second approval
desk-review-case = Back to the case

desk-key-evidence = Go to the evidence
desk-key-review = Go to the comparison with what was approved
desk-key-files = File before, next file
desk-key-zoom = Larger, smaller
desk-key-whole = As it was at first
desk-key-turn = Turn by a quarter
desk-key-back = Back to the case
