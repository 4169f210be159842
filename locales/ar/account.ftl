# تسجيل الدخول.

account-login-title = تسجيل الدخول
account-login-email = البريد الإلكتروني
account-login-password = كلمة المرور
account-login-button = تسجيل الدخول
account-login-busy = جارٍ تسجيل الدخول…
account-login-email-empty = أدخل بريدك الإلكتروني
account-login-password-empty = أدخل كلمة المرور
account-login-wrong = البريد الإلكتروني أو كلمة المرور غير صحيح
account-login-wait = كانت هناك محاولات كثيرة. يُرجى الانتظار { $seconds ->
    [zero] قليلًا
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $seconds } ثوانٍ
    [many] { $seconds } ثانية
   *[other] { $seconds } ثانية
} ثم المحاولة مجددًا.
account-login-customers = تريد استرداد ثمن طلب؟ ابدأ من هنا.
account-signed-out = تم تسجيل خروجك.
