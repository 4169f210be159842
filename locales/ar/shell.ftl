# ما يحيط بكل صفحة.

shell-product = { -brand }
shell-skip-link = انتقل إلى المحتوى الرئيسي
shell-navigation = القائمة الرئيسية
shell-environment-demo = عرض تجريبي
shell-environment-test = اختبار
shell-environment-demo-note = لا شيء يغادر هذا البرنامج، ويبدأ كل شيء من جديد عند إعادة تشغيله.
shell-language = اللغة
shell-language-submit = غيّر اللغة
shell-theme = المظهر
shell-theme-auto = كإعداد الجهاز
shell-theme-light = فاتح
shell-theme-dark = داكن
shell-theme-submit = غيّر المظهر
shell-sign-in = تسجيل الدخول
shell-sign-out = تسجيل الخروج
shell-help = مساعدة
shell-version = الإصدار { $version }
shell-correlation = مرجع هذه الصفحة: { $id }
shell-error-summary = هناك مشكلة
shell-error-title = خطأ: { $title }
shell-copy = نسخ
shell-copied = تم النسخ
