# عندما لا يمكن عرض صفحة.

errors-signed-out = لم تعد مسجّل الدخول
errors-signed-out-lead = لم يُحفظ ما فعلته. يُرجى تسجيل الدخول مجددًا، أو طلب رابط جديد.
errors-forbidden = لا يحق لك ذلك
errors-forbidden-lead = دورك لا يشمل هذا. لم يتغير شيء. يمكن للمدير أن يمنحك الصلاحية.
errors-forbidden-needs = يتطلب هذا صلاحية «{ $right }» التي لا يشملها دورك. لم يتغير شيء. يمكن للمدير أن يمنحك إياها.
errors-not-found = لا يوجد شيء هنا
errors-not-found-lead = العنوان غير صحيح، أو أن ما يقود إليه ليس متاحًا لك.
errors-conflict = تغيّر هذا في الأثناء
errors-conflict-lead = سبقك أحدهم أو سبقك المكتب نفسه. لم يُحفظ ما فعلته. يُرجى الاطلاع على الحالة الآن.
errors-rate = محاولات كثيرة
errors-rate-lead = يُرجى الانتظار { $seconds ->
    [zero] قليلًا
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $seconds } ثوانٍ
    [many] { $seconds } ثانية
   *[other] { $seconds } ثانية
} ثم المحاولة مجددًا.
errors-invalid = لم نتمكن من قراءة ذلك
errors-invalid-lead = هناك شيء غير صحيح في ما أُرسل. لم يتغير شيء.
errors-unavailable = لا يمكننا ذلك في هذه اللحظة
errors-unavailable-lead = المكتب مشغول أو تحت الصيانة. لم يتغير شيء. يُرجى المحاولة بعد دقيقة.
errors-internal = حدث خطأ من جانبنا
errors-internal-lead = لا نعرف هل نُفّذ ما طلبته. يُرجى التحقق قبل المحاولة مجددًا، وذكر المرجع أدناه إن كتبت إلينا.
errors-internal-lead-read = لم يتغير شيء. يُرجى المحاولة مجددًا، وذكر المرجع أدناه إن كتبت إلينا.
errors-refused = لا يمكننا ذلك
errors-correlation = المرجع للاستفسار:
errors-way-refunds = ابحث عن طلبي
errors-way-desk = إلى المكتب
errors-way-again = حاول مجددًا
