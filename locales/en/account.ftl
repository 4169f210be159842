# Signing in.

account-login-title = Sign in
account-login-email = E-mail address
account-login-password = Password
account-login-button = Sign in
account-login-busy = Signing in…
account-login-email-empty = Enter your e-mail address
account-login-password-empty = Enter your password
account-login-wrong = The e-mail address or the password is not right
account-login-wait = There were too many attempts. Please wait { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
} and try again.
account-login-customers = You want a refund for an order? Start here.
account-signed-out = You are signed out.

## The second step

account-verify-title = Enter your code
account-verify-lead = Your account is protected by a second factor.
account-verify-code = Code
account-verify-hint = The six digits that your app shows now, or one of your recovery codes.
account-verify-button = Sign in
account-verify-empty = Enter the code
account-verify-wrong = The code is not right, was used already, or is too old
account-verify-expired = Signing in took too long, or something changed in the meantime. Please sign in again.
account-verify-other = Sign in as somebody else
account-verify-codes-left = { $left ->
    [0] You used your last recovery code. Make new ones in your account now.
    [one] You used a recovery code. One is left.
   *[other] You used a recovery code. { $left } are left.
}

## Names, addresses, passwords

account-name = Name
account-name-empty = Enter a name
account-name-long = Enter a name of one line with at most { $most } characters
account-email-wrong = Enter an e-mail address, such as name@shop.example
account-language = Language
account-password-new = New password
account-password-hint = At least { $least } characters. Three or four words that do not belong together are good and easy to remember.
account-password-short = Enter at least { $least } characters
account-password-long = Enter at most { $most } characters
account-password-guessable = This is one of the first passwords that somebody would try. Choose one that is harder to guess.

## Setting a new desk up

account-setup-title = Set up the desk
account-setup-lead = You become the first administrator. You can invite everybody else afterwards.
account-setup-email-hint = You sign in with it. It is not shown to customers.
account-setup-button = Set up the desk
account-setup-busy = Saving…
account-setup-done = The desk is yours. Invite the others under Admin, and protect your account with a second factor.
account-setup-over = This link does not work
account-setup-over-lead = It is wrong, was used already, or is older than a day.
account-setup-over-do = Whoever runs the desk gets a new one with this command:

## Choosing a password by a link

account-welcome-title = Welcome to the desk
account-welcome-new = Choose a new password
account-welcome-lead = You sign in with { $email }.
account-welcome-button = Save the password
account-welcome-chosen = Your password is saved. Sign in with it.
account-link-over = This link does not work any more
account-link-over-lead = It was used already, is too old, or a newer one was sent.
account-forgot-title = Forgot your password?
account-forgot-lead = Enter your e-mail address. If you work at this desk, we send you a link to choose a new password.
account-forgot-button = Send the link
account-forgot-busy = Sending…
account-forgot-sent = Look at your mail
account-forgot-sent-lead = If somebody with this address works at the desk, a link is on its way. It works once, for half an hour.
account-forgot-sent-else = Nothing comes? An administrator can give you a link too.

## Somebody's own account

account-title = Your account
account-tabs = Parts of your account
account-tab-own = Yourself
account-tab-security = Sign-in
account-crumb = Way back
account-back = Back
account-own-roles = Role
account-own-name-hint = Colleagues see it beside what you decide.
account-own-zone = Time zone
account-own-zone-hint = Where you read times, such as Europe/Berlin or Asia/Singapore.
account-own-zone-wrong = Enter a time zone from the list, such as Europe/Berlin
account-density = Tables
account-density-hint = Compact shows more rows on a screen.
account-density-cozy = Roomy
account-density-compact = Compact
account-own-keys = Single-key shortcuts
account-own-keys-hint = Turn them off if you use speech input, or press keys by accident.
account-own-save = Save
account-own-saved = Your choices are saved.

## What protects it

account-security-title = Sign-in and security
account-password-title = Password
account-password-had = Password now
account-password-wrong = This is not your password
account-password-change = Change the password
account-password-ends = Everywhere else you will be signed out.
account-password-changed = Your password is changed. Everywhere else you are signed out.
account-sessions-title = Where you are signed in
account-session-own = This one
account-session-unknown = Unknown browser
account-session-from = From
account-session-began = Since
account-session-seen = Last used
account-session-end = Sign out
account-session-ended = That session has ended.
account-sessions-end = Sign out everywhere else
account-sessions-ended = Everywhere else you are signed out.

## The second factor

account-factor-title = Second factor
account-factor-lead = After your password, the desk asks for a code that only your phone knows.
account-factor-what = You need an authenticator app on your phone. Any app for time-based codes works.
account-factor-none = Your password alone opens your account. A second factor protects it even if somebody learns your password.
account-factor-on = On since
account-factor-due = Your role needs a second factor. Set it up now; after that you can go on.
account-factor-begin = Set up a second factor
account-factor-renew = Set it up on another phone
account-factor-scan = Scan this with your app
account-factor-square = QR code for your authenticator app
account-factor-type = No camera? Type this key into the app:
account-factor-open = Open it in an app on this device
account-factor-confirm = Enter the code that the app shows
account-factor-current = Code from the phone you used so far
account-factor-current-hint = Or one of your recovery codes.
account-factor-code = Code from the app
account-factor-code-hint = Six digits. They change every 30 seconds.
account-factor-turn-on = Turn on
account-factor-too-late = That took too long. Please begin again.
account-factor-is-on = Your second factor is on. Everywhere else you are signed out.
account-factor-is-off = Your second factor is off. Everywhere else you are signed out.
account-factor-off = Turn off the second factor
account-factor-off-lead = Your password alone will open your account then.
account-factor-codes = Make new recovery codes
account-factor-codes-lead = The codes that you have now will stop working.
account-codes-title = Your recovery codes
account-codes-lead = Each one signs you in once when you do not have your phone.
account-codes-once = This is the only time that they are shown. Print them, or keep them in your password manager.
account-codes-kept = I have kept them
account-codes-left = { $left ->
    [0] You have no recovery codes left. Make new ones.
    [one] You have one recovery code left.
   *[other] You have { $left } recovery codes left.
}
