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

## الخطوة الثانية

account-verify-title = أدخل الرمز
account-verify-lead = حسابك محمي بعامل ثانٍ.
account-verify-code = الرمز
account-verify-hint = الأرقام الستة التي يعرضها تطبيقك الآن، أو أحد رموزك الاحتياطية.
account-verify-button = تسجيل الدخول
account-verify-empty = أدخل الرمز
account-verify-wrong = الرمز غير صحيح، أو سبق استخدامه، أو انتهت صلاحيته
account-verify-expired = استغرق تسجيل الدخول وقتًا طويلًا، أو تغيّر شيء في الأثناء. يُرجى تسجيل الدخول مجددًا.
account-verify-other = تسجيل الدخول بحساب آخر
account-verify-codes-left = { $left ->
    [0] استخدمت آخر رمز احتياطي لديك. أنشئ رموزًا جديدة من حسابك الآن.
    [one] استخدمت رمزًا احتياطيًا. بقي رمز واحد.
    [two] استخدمت رمزًا احتياطيًا. بقي رمزان.
    [few] استخدمت رمزًا احتياطيًا. بقيت { $left } رموز.
    [many] استخدمت رمزًا احتياطيًا. بقي { $left } رمزًا.
   *[other] استخدمت رمزًا احتياطيًا. بقي { $left } رمز.
}

## الأسماء والعناوين وكلمات المرور

account-name = الاسم
account-name-empty = أدخل اسمًا
account-name-long = أدخل اسمًا في سطر واحد لا يزيد على { $most } حرفًا
account-email-wrong = أدخل بريدًا إلكترونيًا، مثل name@shop.example
account-language = اللغة
account-password-new = كلمة المرور الجديدة
account-password-hint = { $least } حرفًا على الأقل. ثلاث كلمات أو أربع لا علاقة بينها خيار جيد يسهل تذكّره.
account-password-short = أدخل { $least } حرفًا على الأقل
account-password-long = أدخل { $most } حرفًا على الأكثر
account-password-guessable = هذه من أولى كلمات المرور التي قد يجرّبها أحد. اختر كلمة يصعب تخمينها.

## إعداد مكتب جديد

account-setup-title = إعداد المكتب
account-setup-lead = ستصبح المدير الأول، ويمكنك دعوة الآخرين بعد ذلك.
account-setup-email-hint = تسجّل الدخول به، ولا يظهر للعملاء.
account-setup-button = إعداد المكتب
account-setup-busy = جارٍ الحفظ…
account-setup-done = أصبح المكتب جاهزًا. ادعُ الآخرين من صفحة الإدارة، واحمِ حسابك بعامل ثانٍ.
account-setup-over = هذا الرابط لا يعمل
account-setup-over-lead = الرابط غير صحيح، أو سبق استخدامه، أو مضى عليه أكثر من يوم.
account-setup-over-do = يمكن لمن يدير تشغيل المكتب الحصول على رابط جديد بهذا الأمر:

## اختيار كلمة مرور عبر رابط

account-welcome-title = أهلًا بك في المكتب
account-welcome-new = اختر كلمة مرور جديدة
account-welcome-lead = تسجّل الدخول بالعنوان { $email }.
account-welcome-button = حفظ كلمة المرور
account-welcome-chosen = حُفظت كلمة المرور. سجّل الدخول بها.
account-link-over = لم يعد هذا الرابط يعمل
account-link-over-lead = سبق استخدامه، أو انتهت صلاحيته، أو أُرسل رابط أحدث منه.
account-forgot-title = هل نسيت كلمة المرور؟
account-forgot-lead = أدخل بريدك الإلكتروني. إن كنت تعمل في هذا المكتب فسنرسل إليك رابطًا لاختيار كلمة مرور جديدة.
account-forgot-button = إرسال الرابط
account-forgot-busy = جارٍ الإرسال…
account-forgot-sent = راجع بريدك
account-forgot-sent-lead = إن كان في المكتب من يحمل هذا العنوان، فالرابط في طريقه إليه. يعمل مرة واحدة خلال نصف ساعة.
account-forgot-sent-else = لم يصلك شيء؟ يمكن لأحد المديرين أيضًا أن يعطيك رابطًا.

## حساب الشخص نفسه

account-title = حسابك
account-tabs = أقسام حسابك
account-tab-own = بياناتك
account-tab-security = تسجيل الدخول
account-crumb = طريق العودة
account-back = رجوع
account-own-roles = الدور
account-own-name-hint = يراه زملاؤك بجانب ما تقرره.
account-own-zone = المنطقة الزمنية
account-own-zone-hint = التي تقرأ الأوقات بها، مثل Asia/Dubai أو Africa/Cairo.
account-own-zone-wrong = أدخل منطقة زمنية من القائمة، مثل Asia/Dubai
account-density = الجداول
account-density-hint = العرض المتراص يُظهر صفوفًا أكثر على الشاشة.
account-density-cozy = مريح
account-density-compact = متراص
account-own-keys = اختصارات المفتاح الواحد
account-own-keys-hint = أوقفها إن كنت تستخدم الإدخال الصوتي أو تضغط المفاتيح سهوًا.
account-own-save = حفظ
account-own-saved = حُفظت اختياراتك.

## ما يحميه

account-security-title = تسجيل الدخول والأمان
account-password-title = كلمة المرور
account-password-had = كلمة المرور الحالية
account-password-wrong = هذه ليست كلمة مرورك
account-password-change = تغيير كلمة المرور
account-password-ends = سيُسجَّل خروجك من كل مكان آخر.
account-password-changed = تغيّرت كلمة مرورك، وسُجِّل خروجك من كل مكان آخر.
account-sessions-title = أين سجّلت دخولك
account-session-own = هذه الجلسة
account-session-unknown = متصفح غير معروف
account-session-from = من
account-session-began = منذ
account-session-seen = آخر استخدام
account-session-end = تسجيل الخروج
account-session-ended = انتهت تلك الجلسة.
account-sessions-end = تسجيل الخروج من كل مكان آخر
account-sessions-ended = سُجِّل خروجك من كل مكان آخر.

## العامل الثاني

account-factor-title = العامل الثاني
account-factor-lead = بعد كلمة المرور يطلب المكتب رمزًا لا يعرفه إلا هاتفك.
account-factor-what = تحتاج إلى تطبيق مصادقة على هاتفك. يصلح أي تطبيق للرموز الزمنية.
account-factor-none = كلمة المرور وحدها تفتح حسابك. العامل الثاني يحميه حتى لو عرفها غيرك.
account-factor-on = مفعّل منذ
account-factor-due = يتطلب دورك عاملًا ثانيًا. فعّله الآن، ثم يمكنك المتابعة.
account-factor-begin = إعداد عامل ثانٍ
account-factor-renew = إعداده على هاتف آخر
account-factor-scan = امسح هذا الرمز بتطبيقك
account-factor-square = رمز QR لتطبيق المصادقة
account-factor-type = لا توجد كاميرا؟ اكتب هذا المفتاح في التطبيق:
account-factor-open = افتحه في تطبيق على هذا الجهاز
account-factor-confirm = أدخل الرمز الذي يعرضه التطبيق
account-factor-current = رمز من الهاتف الذي استخدمته حتى الآن
account-factor-current-hint = أو أحد رموزك الاحتياطية.
account-factor-code = رمز من التطبيق
account-factor-code-hint = ستة أرقام تتغيّر كل 30 ثانية.
account-factor-turn-on = تفعيل
account-factor-too-late = استغرق ذلك وقتًا طويلًا. يُرجى البدء من جديد.
account-factor-is-on = صار العامل الثاني مفعّلًا، وسُجِّل خروجك من كل مكان آخر.
account-factor-is-off = أُوقف العامل الثاني، وسُجِّل خروجك من كل مكان آخر.
account-factor-off = إيقاف العامل الثاني
account-factor-off-lead = ستكفي كلمة المرور وحدها لفتح حسابك بعد ذلك.
account-factor-codes = إنشاء رموز احتياطية جديدة
account-factor-codes-lead = ستتوقف الرموز التي لديك الآن عن العمل.
account-codes-title = رموزك الاحتياطية
account-codes-lead = كل رمز يتيح لك الدخول مرة واحدة حين لا يكون هاتفك معك.
account-codes-once = لا تُعرض إلا هذه المرة. اطبعها أو احفظها في مدير كلمات المرور.
account-codes-kept = حفظتها
account-codes-left = { $left ->
    [0] لم يبقَ لديك أي رمز احتياطي. أنشئ رموزًا جديدة.
    [one] بقي لديك رمز احتياطي واحد.
    [two] بقي لديك رمزان احتياطيان.
    [few] بقيت لديك { $left } رموز احتياطية.
    [many] بقي لديك { $left } رمزًا احتياطيًا.
   *[other] بقي لديك { $left } رمز احتياطي.
}
