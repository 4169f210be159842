# ما يحيط بكل صفحة: الرأس والتذييل والنماذج والقوائم والتنبيهات.

page-menu = القائمة
page-nav-desk = المكتب
page-nav-developers = المطوّرون
page-nav-audit = التدقيق
page-nav-admin = الإدارة

# النماذج
page-error-prefix = خطأ:
page-form-too-old = بقيت هذه الصفحة مفتوحة مدة طويلة، أو أن متصفحك لا يحفظ ملفات تعريف الارتباط لها. لم يتغير شيء. يُرجى المحاولة مرة أخرى.

# القوائم
page-list-label = صفحات هذه القائمة
page-list-first = العودة إلى البداية
page-list-next = التالي

# الأدوار
page-role-agent = موظف
page-role-senior = موظف أول
page-role-finance = المالية
page-role-risk = المخاطر
page-role-auditor = مدقق
page-role-admin = مدير
page-role-list = { $first }، { $second }
