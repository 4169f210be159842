# ما ينتظر المغادرة، وما توقف.

outbox-title = الصادر
outbox-lead = ما ينتظر الإرسال إلى معالجي الدفع والعملاء وفاحص الفيروسات. يمضي من تلقاء نفسه، ولا يلزمك فعل شيء هنا.
outbox-stopped = { $count ->
    [zero] لم يتوقف شيء.
    [one] توقف شيء واحد وينتظر شخصًا.
    [two] توقف شيئان وينتظران شخصًا.
    [few] توقفت { $count } أشياء وتنتظر شخصًا.
    [many] توقف { $count } شيئًا وينتظر شخصًا.
   *[other] توقف { $count } شيء وينتظر شخصًا.
}
outbox-see-stopped = عرض الرسائل الميتة
outbox-kinds = أنواع العمل
outbox-kind-submit = إرسال عمليات الاسترداد
outbox-kind-poll = سؤال معالجي الدفع
outbox-kind-mail = الرسائل
outbox-kind-scan = فحص الفيروسات
outbox-kind-at = { $kind } · { $account }
outbox-under-way = قيد التنفيذ
outbox-waiting = ينتظر
outbox-until = محجوز حتى
outbox-next-try = المحاولة التالية
outbox-due-now = الآن
outbox-what = لأجل
outbox-last-error = ما الخطأ
outbox-no-error = لا يُعرف شيء
outbox-none = لا شيء ينتظر
outbox-none-why = أُنجز كل ما هو من هذا النوع.

## الرسائل الميتة

outbox-dlq-title = الرسائل الميتة
outbox-dlq-lead = ما نفدت محاولاته التلقائية. أعد المحاولة بالمفتاح نفسه، فلا يُنفَّذ شيء مرتين، أو تخلَّ عنه.
outbox-dlq-none = لم يتوقف شيء
outbox-dlq-none-why = يظهر هنا كل ما تنفد محاولاته.
outbox-dlq-caption = ما توقف، الأقدم أولًا
outbox-causes = أسباب التوقف
outbox-since = منذ
outbox-shown = معروض أدناه
outbox-all = عرض الكل
outbox-all-stopped = ما توقف
outbox-of-cause = ما توقف لهذا السبب
outbox-retry-all = { $count ->
    [zero] إعادة المحاولة
    [one] إعادة المحاولة
    [two] إعادة محاولة الاثنين
    [few] إعادة محاولة الـ{ $count } كلها
    [many] إعادة محاولة الـ{ $count } كلها
   *[other] إعادة محاولة الـ{ $count } كلها
}
outbox-retried-all = { $count ->
    [0] لم يمكن إعادة محاولة شيء: المحجوز ينتظر قرارًا.
    [one] تُعاد محاولة واحد.
    [two] تُعاد محاولة اثنين.
    [few] تُعاد محاولة { $count }.
    [many] تُعاد محاولة { $count }.
   *[other] تُعاد محاولة { $count }.
}
outbox-tries = { $count ->
    [zero] لم يُحاوَل
    [one] محاولة واحدة
    [two] محاولتان
    [few] { $count } محاولات
    [many] { $count } محاولة
   *[other] { $count } محاولة
}
outbox-proposed-by = يقترح { $name } التخلي عنه
outbox-events = أخبار من معالجي الدفع تعذّر تطبيقها
outbox-events-why = يُطبَّق كل خبر مرة واحدة مهما كان ترتيبه، فإعادة المحاولة آمنة.
outbox-event-unmatched = يخص استردادًا لا يعرفه أحد هنا.
outbox-letter-title = توقف: { $what }
outbox-fact-id = المعرّف
outbox-fact-tries = المحاولات
outbox-fact-written = كُتب في
outbox-fact-stopped = توقف في
outbox-retry = إعادة المحاولة
outbox-retry-why = يُطلب بالمفتاح نفسه ويُبحث عنه أولًا: لا يُدفع شيء مرتين.
outbox-retried = تُعاد المحاولة.
outbox-held = ربما نسي معالج الدفع المفتاح، فقد تدفع إعادة الطلب مرتين. تحقق عنده هل دُفع المبلغ.
outbox-overtaken = مضى هذا من تلقاء نفسه، أو سبقك أحدهم. لم يُحفظ ما فعلته.
outbox-reason = لماذا يُتخلى عنه؟
outbox-reason-money = كيف عرفت أن المال لم يتحرك؟
outbox-reason-money-hint = اذكر ما رأيته عند معالج الدفع ومتى. على زميل أن يؤكده، ثم يفشل الاسترداد نهائيًا ويُبلَّغ العميل.
outbox-reason-length = اكتب بين { $least } و{ $most } حرفًا
outbox-give-up = التخلي عنه
outbox-given-up = تم التخلي عنه.
outbox-propose = اقتراح التخلي عنه
outbox-proposed = تم الاقتراح، وعلى شخص آخر أن يؤكده.
outbox-proposal = اقتراح بالتخلي عنه
outbox-proposal-by = يقول { $name } إن المال لم يتحرك:
outbox-proposal-own = على شخص آخر أن يؤكد ما قلته.
outbox-confirm = تأكيد: لم يتحرك المال
outbox-confirm-why = انظر عند معالج الدفع بنفسك أولًا. بعد ذلك يفشل الاسترداد نهائيًا ويُبلَّغ العميل.
outbox-given-up-both = تم التخلي عنه: فشل الاسترداد.
outbox-keep = سحب الاقتراح
outbox-kept = سُحب الاقتراح.
