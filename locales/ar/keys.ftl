# مفاتيح API.

keys-title = مفاتيح API
keys-lead = تستخدمها البرامج للاتصال بالمكتب.
keys-docs = كيف تعمل واجهة API
keys-none = لا مفاتيح بعد
keys-none-why = المفتاح الذي تنشئه هنا لك، ولا يحق له أكثر مما يحق لك.
keys-new = إنشاء مفتاح
keys-new-lead = هو لك: ما يُفعل به يُحسب عليك، ولا يحق له أكثر مما يحق لك.
keys-name = الاسم
keys-name-hint = ما الذي يستخدمه، مثل خادم المتجر.
keys-name-empty = أدخل اسمًا
keys-scopes = ما الغرض منه؟
keys-scopes-none = اختر غرضًا واحدًا على الأقل
keys-ends-label = كم يبقى صالحًا؟
keys-ends-days = { $days ->
    [zero] { $days } يوم
    [one] يوم واحد
    [two] يومان
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
}
keys-ends-never = بلا نهاية
keys-ends = ينتهي
keys-used = آخر استخدام
keys-never-used = لم يُستخدم
keys-owner-none = أُنشئ من سطر الأوامر، بلا صاحب
keys-overlap = كم يبقى النص السابق صالحًا؟
keys-overlap-none = لا يبقى
keys-overlap-hours = { $hours ->
    [zero] { $hours } ساعة
    [one] ساعة واحدة
    [two] ساعتان
    [few] { $hours } ساعات
    [many] { $hours } ساعة
   *[other] { $hours } ساعة
}
keys-overlap-until = يبقى النص السابق صالحًا حتى { $until }.
keys-overlap-none-left = لم يعد النص السابق صالحًا.
keys-rotate = نص جديد
keys-rotate-title = نص جديد للمفتاح { $name }؟
keys-rotate-lead = يبقى الاسم والأغراض. ضع النص الجديد حيث يُستخدم المفتاح ما دام السابق صالحًا.
keys-revoke = إلغاء
keys-revoke-title = إلغاء { $name }؟
keys-revoke-lead = يتوقف فورًا ونهائيًا، ويُرفض كل ما يستخدمه بعد ذلك.
keys-revoked = أُلغي { $name }.
keys-over = مفاتيح لم تعد تعمل
keys-over-revoked = أُلغي في { $at }
keys-over-ended = انتهى
keys-shown-title = نص المفتاح { $name }
keys-shown-once = لا يُعرض إلا الآن. ضعه حيث يُستخدم، أو في مكان آمن.
keys-shown-label = المفتاح
keys-shown-download = تنزيله ملفًا باسم makegood.env
keys-shown-kept = حفظته
