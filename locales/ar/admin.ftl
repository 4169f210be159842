# للمديرين: من يعمل هنا، وما تتيحه لهم أدوارهم.

admin-tabs = أقسام الإدارة
admin-people-title = الأشخاص
admin-people-caption = كل من يعمل هنا، بحسب العنوان
admin-never = لم يحدث
admin-state-suspended = موقوف
admin-state-invited = مدعو
admin-factor-on = مفعّل
admin-factor-off = غير مفعّل

## شخص واحد

admin-person-title = { $name }
admin-facts = الحساب
admin-fact-added = أُضيف في
admin-fact-signed-in = آخر تسجيل دخول
admin-fact-id = المعرّف
admin-fact-holds = طلبات قيد العمل
admin-self = هذا حسابك. لا يغيّر صلاحياتك إلا مدير آخر.
admin-overtaken = غيّر أحدهم هذا الحساب قبل لحظة. لم يُحفظ ما فعلته، وهذه حالته الآن.
admin-acts = ما يمكنك فعله
admin-roles-heading = الأدوار
admin-roles-legend = ما أدواره؟
admin-roles-save = حفظ الأدوار
admin-roles-when = تسري من النقرة التالية، والقرارات المنتظرة تُحكَم بالأدوار القائمة في لحظتها.
admin-roles-changed = تغيّرت أدوار { $name }.
admin-sign-out = تسجيل الخروج من كل مكان
admin-signed-out = سُجِّل خروج { $name } من كل مكان.
admin-suspend-title = إيقاف { $name }؟
admin-suspend-lead = تنتهي كل الجلسات وتتوقف كل المفاتيح فورًا، ويبقى ما سبق تقريره. يمكنك السماح بالدخول مجددًا.
admin-suspend-button = إيقاف
admin-suspend-holds = { $count ->
    [zero] لا يعمل على أي طلب.
    [one] يعمل على طلب واحد.
    [two] يعمل على طلبين.
    [few] يعمل على { $count } طلبات.
    [many] يعمل على { $count } طلبًا.
   *[other] يعمل على { $count } طلب.
}
admin-suspend-claims = من يتولّاها؟
admin-suspend-put-back = لا أحد: تعود إلى قائمة الانتظار
admin-colleague = { $name } ({ $email })
admin-suspended = أُوقف حساب { $name }.
admin-reactivate = السماح بالدخول مجددًا
admin-reactivated = يمكن لـ{ $name } تسجيل الدخول من جديد.
admin-reset-title = إزالة العامل الثاني لـ{ $name }؟
admin-reset-lead = لا تفعل ذلك إلا إن تأكدت ممن يطلبه. ستكفي كلمة المرور وحدها لفتح الحساب، ويُسجَّل الخروج من كل مكان.
admin-reset-button = إزالة العامل الثاني
admin-factor-reset = أُزيل العامل الثاني لـ{ $name }.

## روابط لاختيار كلمة المرور

admin-invite-title = دعوة شخص
admin-invite-lead = يختار كلمة مروره بنفسه عبر رابط يعمل مرة واحدة خلال أربعة أيام.
admin-invite-button = دعوة
admin-link-legend = كيف يصله الرابط؟
admin-link-first = لم يختر كلمة مرور بعد.
admin-link-new = فُقدت كلمة المرور؟ رابط لاختيار كلمة جديدة:
admin-link-mail = إرسال الرابط بالبريد
admin-link-show = إظهار الرابط لي
admin-link-show-hint = تسلّمه بنفسك، وجهًا لوجه أو عبر قناة آمنة.
admin-link-mailed = الرابط في طريقه إلى { $name }.
admin-link-title = رابط لـ{ $name }
admin-link-until = يعمل مرة واحدة، حتى { $until }.
admin-link-once = لا يُعرض إلا الآن. من يملكه يختار كلمة المرور، فلا تسلّمه لغير صاحبه.
admin-link-label = الرابط
admin-link-kept = سلّمته

## الأدوار

admin-roles-title = الأدوار
admin-roles-lead = ما يتيحه كل دور. ومن له عدة أدوار يحق له ما يتيحه أي منها.
admin-roles-caption = الصلاحيات بحسب الدور
admin-roles-yes = نعم
admin-roles-no = لا
admin-roles-about = الغرض منها
admin-roles-factor = يتطلب عاملًا ثانيًا.
admin-roles-dual = لا أحد يوافق على ما طلبه أو عدّله أو وافق عليه من قبل؛ وهذا يسري على المديرين أيضًا.
admin-role-agent = يعمل على قائمة الانتظار ويقرر ضمن حد معيّن.
admin-role-senior = العين الثانية، ومبالغ المجاملة، وما فوق حد الموظفين.
admin-role-finance = الدفاتر والمطابقة والفترات.
admin-role-risk = السياسات والحدود والقوائم.
admin-role-auditor = يطّلع على كل شيء ولا يغيّر شيئًا.
admin-role-admin = الأشخاص والمفاتيح والإعدادات؛ ويحق له ما يحق لغيره.

## أعلام الميزات

admin-flags-title = الأعلام
admin-flags-lead = يكون العلم مفعّلًا لنسبة من الطلبات، وللطلبات نفسها دائمًا: زيادة النسبة تضيف طلبات فقط. ويسري فورًا في كل مكان.
admin-flag-refunds = عمليات الاسترداد
admin-flag-refunds-about = هل تُقبل طلبات الاسترداد وتُرسل. حيث يكون متوقفًا يُطلب من أصحاب الطلبات العودة لاحقًا ولا يُرسل شيء جديد، وتستمر أخبار معالجي الدفع والقرارات.
admin-flag-goodwill = شخصان للمجاملة
admin-flag-goodwill-about = هل تحتاج المجاملة فوق حدّها إلى شخصين. حيث يكون متوقفًا يكفي موظف أول واحد.
admin-flag-on = مفعّل لكل الطلبات
admin-flag-off = متوقف
admin-flag-share = مفعّل لنسبة { $share }٪ من الطلبات
admin-flag-share-label = نسبة الطلبات المئوية
admin-flag-save = ضبط
admin-flag-set = { $flag }: مفعّل الآن لنسبة { $share }٪ من الطلبات.
admin-flag-set-by = ضبطه { $who }،
admin-flag-wrong = أدخل عددًا صحيحًا من 0 إلى 100
admin-flag-ask = هل هو مفعّل لهذا الطلب؟
admin-flag-ask-button = عرض
admin-flag-order-on = مفعّل للطلب { $order }
admin-flag-order-off = متوقف للطلب { $order }

## الإعدادات

admin-settings-title = الإعدادات
admin-settings-lead = ما يعمل به هذا المكتب. يُضبط حيث يُشغَّل: في الملف makegood.toml أو في متغيرات البيئة. لا تُعرض الأسرار.
admin-settings-where = كل الإعدادات مع الغرض منها والمسموح فيها:
admin-settings-general = عام
admin-settings-key = الإعداد
admin-settings-value = القيمة
admin-settings-origin = مصدره
admin-settings-default = القيمة الأصلية
admin-settings-flag = سطر الأوامر
admin-settings-unset = غير مضبوط

## التشخيص

admin-diagnostics-title = التشخيص
admin-diagnostics-lead = هل كل ما يحتاج إليه المكتب موجود ويستجيب.
admin-diagnostics-well = كل شيء على ما يرام.
admin-diagnostics-sick = { $count ->
    [zero] لا أجزاء معطلة.
    [one] جزء واحد ليس على ما يرام.
    [two] جزآن ليسا على ما يرام.
    [few] { $count } أجزاء ليست على ما يرام.
    [many] { $count } جزءًا ليس على ما يرام.
   *[other] { $count } جزء ليس على ما يرام.
}
admin-diagnostics-at = وقت الفحص
admin-diagnostics-again = فحص من جديد
admin-diagnostics-caption = ما وُجد، جزءًا جزءًا
admin-diagnostics-part = الجزء
admin-diagnostics-how = ما وُجد
admin-diagnostics-ok = على ما يرام
admin-diagnostics-not-ok = ليس على ما يرام
admin-diagnostics-report = تقرير للنسخ
