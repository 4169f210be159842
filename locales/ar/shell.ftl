# ما يحيط بكل صفحة.

shell-product = { -brand }
shell-skip-link = انتقل إلى المحتوى الرئيسي
shell-navigation = القائمة الرئيسية
shell-environment-demo = عرض تجريبي
shell-environment-test = اختبار
shell-language = اللغة
shell-theme = المظهر
shell-theme-auto = كإعداد الجهاز
shell-theme-light = فاتح
shell-theme-dark = داكن
shell-theme-submit = غيّر المظهر
shell-help = المساعدة
shell-sign-out = تسجيل الخروج
shell-version = الإصدار { $version }
shell-correlation = مرجع هذه الصفحة: { $id }
shell-error-summary = هناك مشكلة
shell-error-title = خطأ: { $title }
shell-copy = نسخ
shell-copied = تم النسخ
