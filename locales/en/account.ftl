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
