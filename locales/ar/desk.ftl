# المكتب: قائمة طلبات الاسترداد وقصة كل منها.

desk-list-title = طلبات الاسترداد
desk-list-tabs = الحالات
desk-list-all = الكل
desk-list-caption = الأحدث أولًا
desk-list-refund = الاسترداد
desk-list-order = الطلب { $order }
desk-list-amount = المبلغ
desk-list-reason = السبب
desk-list-state = الحالة
desk-list-asked = طُلب
desk-list-none = لا توجد طلبات استرداد بعد
desk-list-none-why = تظهر هنا فور أن يطلب عميل أو متجر استردادًا.
desk-list-none-match = لا استرداد يطابق
desk-list-none-match-why = أزل مرشّحًا لترى المزيد.
desk-list-clear = اعرض الكل

desk-refund-title = استرداد { $amount }
desk-refund-crumb = موقعك الحالي
desk-refund-summary = { $reason } · الطلب { $order }
desk-refund-note = ما كتبه العميل
desk-refund-why = لماذا
desk-refund-policy = السياسة { $version }، القاعدة { $rule }
desk-refund-story = القصة
desk-refund-decision = قرارك
desk-refund-facts = التفاصيل
desk-refund-busy = جارٍ التنفيذ…
desk-refund-retry = أعد المحاولة بمبلغ { $amount }
desk-refund-cancel = ألغِ استرداد { $amount }
desk-refund-actions = ما يمكنك فعله
desk-refund-decision-note = ملاحظة للزملاء
desk-refund-note-needed = اكتب سبب الرفض
desk-refund-note-long = الملاحظة طويلة جدًا؛ أقصى طول لها { $most } حرف
desk-refund-approved = وافقت على { $amount }.
desk-refund-denied = رفضت { $amount }.
desk-refund-retried = بدأت محاولة أخرى.
desk-refund-canceled = أُلغي الاسترداد. لم يُرسل شيء.
desk-refund-overtaken = سبقك أحدهم: تقدّم هذا الاسترداد. هذه حالته الآن، ولم يُحفظ ما فعلته.
desk-refund-own = أنت من طلب هذا الاسترداد، لذا يجب أن يقرر شخص آخر.
desk-refund-approved-before = سبق أن وافقت عليه، لذا يجب أن تأتي الموافقة الثانية من شخص آخر.
desk-refund-limit = هذا المبلغ أعلى من حدّك، لذا لا يمكن أن تكون موافقتك هي الأخيرة.
desk-refund-awaiting-second = وافق شخص واحد. تلزم موافقة أخرى.

desk-fact-order = الطلب
desk-fact-refund = الاسترداد
desk-fact-reason = السبب
desk-fact-rail = طريقة الدفع
desk-fact-account = حساب المعالج
desk-fact-transaction = الدفعة لدى المعالج
desk-fact-provider-refund = الاسترداد لدى المعالج
desk-fact-bank-reference = مرجع المصرف
desk-fact-expected = متوقع بحلول
desk-fact-error = رُفض بسبب
desk-fact-asked = طُلب
desk-fact-updated = تغيّر

desk-event-requested = طُلب
desk-event-approved = تمت الموافقة
desk-event-approval = قال نعم
desk-event-approval-voided = قال نعم، وبطلت بعد تغيّر الطلب
desk-event-note = ملاحظة
desk-event-changed = تغيّر
desk-event-denied = رُفض
desk-event-withdrawn = سحبه العميل
desk-event-canceled = أُلغي
desk-event-guard = أوقفه ضابط قبل الإرسال
desk-event-submitted = بدأ الإرسال
desk-event-pending = استلمه المعالج
desk-event-unknown = أُرسل، ولا يُعرف بعد هل نُفّذ
desk-event-completed = ردّ المعالج المبلغ
desk-event-failed = رفض المعالج
desk-event-retried = بدأت محاولة أخرى
desk-event-turned-out-paid = تبيّن أن محاولة سابقة قد دُفعت
desk-event-reversed = استرجع المعالج المبلغ

desk-who-system = المكتب
desk-who-customer = العميل
desk-who-policy = السياسة { $version }
desk-who-token = الرمز { $name }
desk-who-shell = سطر الأوامر

# تعليل السياسة: القواعد بالترتيب، والشروط وما طلبته وما رأته
desk-trace-always = تنطبق على كل ما عدا ذلك
desk-trace-and = { $first }؛ { $next }
desk-trace-condition = { $condition }: { $seen } (المطلوب: { $wanted })
desk-trace-yes = { $condition }: نعم
desk-trace-no = { $condition }: لا
desk-condition-reasons = السبب
desk-condition-rails = طريقة الدفع
desk-condition-currencies = العملة
desk-condition-amount = المبلغ
desk-condition-share-of-order = نسبته من الطلب
desk-condition-days-since-capture = المدة منذ الدفع
desk-condition-outside-cooling-off = انقضاء مهلة السبب
desk-condition-has-evidence = يوجد دليل
desk-condition-customer-refund-count = عدد مبالغ العميل المستردة
desk-condition-customer-refund-amount = مجموع ما استرده العميل
desk-condition-customer-refund-ratio = نسبة ما استرده العميل من مشترياته
desk-condition-order-earlier-refunds = مبالغ سابقة لهذا الطلب
desk-condition-suspected-duplicate = يبدو مكررًا
desk-condition-velocity-flag = طلبات كثيرة على غير العادة
desk-condition-customer-blocked = العميل محظور
desk-condition-goodwill-dual-control = البادرة تتطلب شخصين
desk-floor-high-value = قيمة عالية: يلزم شخصان مهما قالت القواعد
desk-floor-goodwill-senior = بادرة: يلزم موظف أول مهما قالت القواعد
desk-floor-goodwill-two-people = بادرة فوق حدها: يلزم شخصان مهما قالت القواعد
desk-floor-suspected-duplicate = اشتباه في التكرار: يلزم شخص مهما قالت القواعد

desk-queue-title = قائمة الانتظار
desk-queue-views = العروض
desk-view-mine = لي
desk-view-unclaimed = بانتظار قرار
desk-view-second = موافقة ثانية
desk-view-info = بانتظار العميل
desk-view-failed = تعذّر
desk-queue-next = الحالة التالية
desk-queue-no-next = لا شيء ينتظر قرارًا ولا يعمل عليه أحد.
desk-queue-filtered = مُرشَّح حسب
desk-queue-filter = ترشيح
desk-queue-take-away = أزل هذا المرشّح
desk-queue-clear-filters = أزل الكل
desk-queue-apply = طبّق
desk-queue-currency = العملة
desk-queue-min = على الأقل
desk-queue-max = على الأكثر
desk-queue-day-from = من يوم
desk-queue-day-to = إلى يوم
desk-queue-least = { $amount } على الأقل
desk-queue-most = { $amount } على الأكثر
desk-queue-from = من { $day }
desk-queue-to = حتى { $day }
desk-queue-sum = { $first } · { $next }
desk-queue-caption = الطلبات، والأقرب موعدًا في الأعلى
desk-queue-tick = اختيار
desk-queue-tick-one = اختر { $refund }
desk-queue-due = الموعد
desk-queue-owner-column = يعمل عليه
desk-queue-owner = { $name }، بقيت { $minutes } د
desk-queue-claim-ticked = استلم المختارة
desk-queue-keys = j وk للتنقل، وEnter للفتح، وc للاستلام.
desk-queue-all-keys = كل المفاتيح
desk-queue-none = لا شيء ينتظر هنا
desk-queue-none-why = تظهر هنا الطلبات التي يقررها الأشخاص فور تقديمها.
desk-queue-clear-why = آخر طلب قرّره { $who } في { $at }.
desk-queue-none-match = لا شيء يطابق هذه المرشّحات
desk-queue-none-match-why = أزل مرشّحًا لترى المزيد.
desk-search-label = بحث
desk-search-hint = استرداد أو طلب أو مرجع مصرفي أو بريد أو 45.00 USD

desk-time-minutes = { $minutes } د
desk-time-hours = { $hours } س { $minutes } د
desk-time-days = { $days ->
    [zero] { $days } يوم
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
  }
desk-due-in = بعد { $time }
desk-due-late = متأخر { $time }

desk-claim = من يعمل عليه
desk-claim-take = استلم
desk-claim-release = أعِده إلى القائمة
desk-claim-released = أعدته إلى القائمة.
desk-claim-theirs = يعمل عليه شخص آخر.
desk-claim-over = لم يعد ينتظر أحدًا.
desk-claim-several = { $count ->
    [zero] تعذّر استلام أي منها؛ سبقك آخرون.
    [one] صار واحد منها لك.
    [two] صار اثنان منها لك.
    [few] صارت { $count } منها لك.
    [many] صار { $count } منها لك.
   *[other] صار { $count } منها لك.
  }
desk-take-over-reason = لماذا تتولى العمل عليه؟
desk-take-over-confirm = تولَّ العمل عليه
desk-skip = تخطَّه نصف ساعة
desk-skip-reason = لماذا تتخطاه؟
desk-skip-confirm = تخطَّه واعرض التالي
desk-skip-reason-needed = اكتب سبب التخطي.
desk-skip-done = تخطيته نصف ساعة. ما زال الزملاء يرونه.

desk-say-approve = الموافقة
desk-say-lower = الموافقة على مبلغ أقل
desk-say-ask = سؤال العميل
desk-say-deny = الرفض
desk-confirm-approve = وافق على { $amount }
desk-confirm-lower = وافق على المبلغ الأقل
desk-confirm-ask = أرسل السؤال
desk-confirm-deny = ارفض { $amount }
desk-refund-continue = متابعة
desk-decide-title = { $verdict }
desk-decide-about = طلب بقيمة { $amount }
desk-decide-amount = المبلغ الموافَق عليه
desk-decide-amount-hint = أقل من { $most }. تبطل الموافقات السابقة.
desk-decide-question = سؤال للعميل
desk-decide-question-hint = يُرسل بالبريد الإلكتروني بكلماتك. وينتظر الطلب الجواب.
desk-decide-note-free = اختيارية. لا يراها العملاء.
desk-decide-note-needed = لازمة. لا يراها العملاء.
desk-decide-follows = ما الذي يترتب
desk-decide-back = رجوع
desk-decide-undo = لا يُقيَّد شيء ولا يُراسَل أحد ولا يُرسل شيء لمدة { $seconds } ثانية: يمكنك التراجع.
desk-lower-range = أدخل مبلغًا أكبر من صفر وأقل من { $most }
desk-follows-question = يصل سؤالك إلى { $name } بالبريد الإلكتروني.
desk-follows-waits = ينتظر الطلب الجواب ويعود إلى القائمة.
desk-follows-denied = يُبلَّغ { $name } بالبريد الإلكتروني برفض الطلب.
desk-follows-nothing-sent = لا تتحرك أي أموال.
desk-follows-void = تبطل الموافقة السابقة وتحل موافقتك محلها.
desk-follows-first = هذه هي الأولى من موافقتين. يعطي زميل الثانية، ولا يُرسل شيء قبلها.
desk-follows-entry = يُسجَّل في الدفاتر: مدين { $debit }، دائن { $credit }.
desk-follows-sent = يُرسل الاسترداد إلى { $account }.
desk-follows-approved = يُبلَّغ { $name } بالبريد الإلكتروني بالموافقة على الاسترداد.
desk-undo = تراجع
desk-undo-left = وافقت عليه. يمكنك التراجع خلال { $seconds } ث.
desk-refund-undone = تم التراجع. لم يُرسل شيء.
desk-refund-asked = السؤال في طريقه.
desk-refund-decided = وافق عليه { $name } قبل لحظات. يُنفَّذ ما لم يتراجع.
desk-refund-needs-info = سُئل العميل سؤالًا. يمكنك أن تقرر دون انتظار الجواب.
desk-refund-unknown = لا نعرف بعد هل نفّذه المعالج. الانتظار آمن؛ ولا يمكن لضغطة أخرى أن تدفع مرتين.
desk-refund-held = هذا الاسترداد موقوف حتى يراجعه شخص: ما يقوله المعالج لا يتطابق.
desk-refund-dead = نفدت المحاولات التلقائية لهذا الاسترداد. يجب أن يراجعه أحد.
desk-refund-deferred = لم يُرسل بعد وسيُرسل لاحقًا من تلقاء نفسه.

desk-capacity-title = ما تبقّى من هذه الدفعة
desk-capacity-captured = المحصَّل
desk-capacity-done = المُسترَد
desk-capacity-flight = في الطريق
desk-capacity-this = هذا الطلب
desk-capacity-left = المتبقي
desk-capacity-part = { $name }: { $amount }

desk-twins = قد يكون مكررًا
desk-twins-why = سبق طلب الاسترداد نفسه للطلب والمبلغ والسبب ذاتها.
desk-history = استردادات أخرى لهذا العميل
desk-lines = بنود الطلب
desk-line-goods = { $quantity } × { $unit }
desk-line-taxes = ضريبة { $tax }، خصم { $discount }
desk-line-sum = { $goods }، { $taxes }
desk-line-taken = هذا الطلب:

desk-story-kinds = تضييق القصة
desk-story-people = الأشخاص
desk-story-money = المال
desk-story-processor = المعالج
desk-story-messages = الرسائل
desk-event-posted = { $kind } بقيمة { $amount }
desk-event-accounts = مدين { $debit }، دائن { $credit }
desk-event-call = المحاولة { $attempt }: { $outcome }
desk-event-took = { $kind }، { $ms } م.ث
desk-event-webhook = خبر من المعالج: { $type }، { $status }
desk-event-message = رسالة إلى العميل
desk-event-answer = جواب العميل

desk-note-title = ملاحظة
desk-note-who = للموظفين فقط
desk-note-label = ملاحظة للزملاء
desk-note-save = احفظ الملاحظة – للموظفين فقط
desk-note-saved = حُفظت الملاحظة. لا يراها إلا الزملاء.
desk-note-needed = اكتب الملاحظة
desk-message-title = رسالة إلى العميل
desk-message-label = الرسالة
desk-message-hint = تُرسل بالبريد الإلكتروني وتظهر في صفحة العميل.
desk-message-send = أرسل بريدًا إلى العميل
desk-message-sent = الرسالة في طريقها.
desk-message-needed = اكتب الرسالة
desk-fact-ledger = آخر قيد في الدفتر
desk-fact-correlation = معرّف الترابط

desk-fact-customer = العميل
desk-fact-email = البريد الإلكتروني
desk-fact-placed = تاريخ الطلب
desk-fact-external = مرجع المتجر
desk-fact-committed = مُسترَد أو في الطريق
desk-payment-pending = لم يُدفع بعد
desk-payment-captured = محصَّل
desk-payment-failed = تعذّر
desk-payment-voided = ملغى
desk-payment-charged-back = مستردّ عبر البنك
desk-order-nothing = لا يمكن استرداد شيء من هذا الطلب الآن.
desk-order-no-refunds = لا توجد استردادات لهذا الطلب.
desk-ask-title = اطلب نيابة عن العميل
desk-ask-most = { $most } على الأكثر
desk-ask-note = السبب بالتفصيل
desk-ask-note-hint = لازم. يقرؤه الزملاء عند اتخاذ القرار.
desk-ask-note-needed = اكتب سبب الطلب
desk-ask-send = اطلب الاسترداد
desk-ask-other = أنت من يطلب، لذا يقرر شخص آخر عندما يلزم قرار.
desk-ask-done = طُلب الاسترداد.
desk-search-none = لا شيء معروف باسم { $text }
desk-search-none-why = ابحث باسترداد أو طلب أو رقم من المعالج أو المصرف أو بريد إلكتروني أو مبلغ مع عملته.

desk-keys-title = المفاتيح
desk-keys-lead = تنقل التركيز ولا ترسل نموذجًا أبدًا.
desk-keys-key = المفتاح
desk-keys-does = ما يفعله
desk-keys-turn-off = أوقف هذه المفاتيح
desk-keys-turn-on = شغّل هذه المفاتيح
desk-key-down = الصف التالي
desk-key-up = الصف السابق
desk-key-open = افتح الصف
desk-key-claim = اختر الصف، أو انتقل إلى الاستلام
desk-key-approve = انتقل إلى «الموافقة»
desk-key-lower = انتقل إلى «الموافقة على مبلغ أقل»
desk-key-ask = انتقل إلى «سؤال العميل»
desk-key-deny = انتقل إلى «الرفض»
desk-key-messages = انتقل إلى رسائل الاسترداد
desk-key-queue = افتح قائمة الانتظار
desk-key-search = انتقل إلى البحث
desk-key-help = اعرض هذه الصفحة
desk-evidence-described = حُفظ الوصف.
desk-evidence-alt-long = يجوز أن يكون الوصف من { $most } حرف على الأكثر، فلم يُحفظ.

## رسائل الحالة
desk-messages-title = الرسائل بشأن { $amount }
desk-messages-open = كل الرسائل، مع ردود جاهزة للاختيار
desk-messages-reads = يقرأ بلغة: { $language }
desk-messages-thread = ما كُتب
desk-messages-none = لم يُكتب شيء بعد.
desk-reply-label = رد جاهز
desk-reply-hint = يُدرج أدناه باللغة: { $language }، بقيم هذا الاسترداد. يمكنك تعديله قبل إرساله.
desk-reply-none = اختر ردًا
desk-reply-put = أدرجه
desk-reply-all = كل الردود
desk-reply-choose = اختر ردًا
desk-reply-empty = ليس لهذا الرد نص بأي لغة
desk-reply-not-in = { $name } (غير متوفر بلغة: { $language })
desk-reply-put-in = أُدرج أدناه باللغة: { $language }.
desk-reply-other-language = ليس لهذا الرد نص باللغة: { $wanted }، فأُدرج النص المتوفر باللغة: { $given }.
desk-preview = هذا ما يقرؤه العميل
desk-preview-show = معاينة
desk-letter-by-itself = أرسله المكتب تلقائيًا
desk-letter-received = وصلنا طلبك
desk-letter-approved = تمت الموافقة على رد المبلغ
desk-letter-denied = لا يمكننا رد هذا المبلغ
desk-letter-delayed = سيستغرق رد المبلغ وقتًا أطول قليلًا
desk-letter-submitted = المبلغ في طريقه إليك
desk-letter-completed = اكتمل رد المبلغ
desk-letter-failed = تعذّر إكمال رد المبلغ
desk-letter-sign-in-link = رابط إلى طلب
desk-letter-agent-message = رسالة من موظف
desk-letter-invitation = دعوة إلى المكتب
desk-letter-password-link = رابط لكلمة مرور جديدة
desk-letter-looking-again = ننظر في الطلب مجددًا
desk-letter-denied-again = رُفض عند النظرة الثانية
desk-fate-on-its-way = في طريقها
desk-fate-delayed = لم تُستلم بعد؛ تُعاد المحاولة تلقائيًا. { $why }
desk-fate-sent = استلمها خادم البريد
desk-fate-undeliverable = لم تُسلَّم. { $why }
desk-fate-unknown = لا أحد يعرف هل وصلت. { $why }
desk-letter-again = أرسلها مجددًا
desk-letter-again-done = تُرسل الرسالة مجددًا.
desk-letter-again-late = هذه الرسالة في طريقها أصلًا، أو استُلمت.
desk-refund-appeal = طلب العميل النظر مجددًا فيما رُفض. يقرر شخص غير الذي قرر أول مرة.
desk-refund-denied-before = أنت من رفضه أول مرة، لذا ينظر فيه مجددًا شخص آخر.
desk-fact-denied = ينظر مجددًا في
desk-fact-appeal = نُظر فيه مجددًا في
desk-floor-appeal = طلب العميل النظر مجددًا: يقرر شخص مهما قالت القواعد
desk-decide-told = ما يُقال للعميل

## الردود الجاهزة
reply-title = الردود الجاهزة
reply-lead = ما يتكرر كتابته. تُختار لغة العميل تلقائيًا.
reply-new = رد جديد
reply-one = تعديل رد
reply-name = الاسم
reply-name-hint = لا يراه إلا الزملاء.
reply-offered = ردود للاختيار
reply-none = لا توجد ردود
reply-none-why = اكتب ردًا، ويمكن اختياره حيثما تُكتب رسالة.
reply-missing = { $count ->
    [zero] لا ينقص أي رد نص باللغة: { $language }.
    [one] رد واحد بلا نص باللغة: { $language }.
    [two] ردان بلا نص باللغة: { $language }.
    [few] { $count } ردود بلا نص باللغة: { $language }.
    [many] { $count } ردًا بلا نص باللغة: { $language }.
   *[other] { $count } رد بلا نص باللغة: { $language }.
}
reply-there = موجود
reply-not-there = مفقود
reply-away = { $count ->
    [zero] لم يُحفظ أي رد جانبًا
    [one] حُفظ رد واحد جانبًا
    [two] حُفظ ردان جانبًا
    [few] حُفظت { $count } ردود جانبًا
    [many] حُفظ { $count } ردًا جانبًا
   *[other] حُفظ { $count } رد جانبًا
}
reply-away-caption = ردود محفوظة جانبًا
reply-is-away = هذا الرد محفوظ جانبًا؛ لا يمكن لأحد اختياره.
reply-save = احفظ الرد
reply-archive = احفظه جانبًا
reply-restore = أعِده إلى القائمة
reply-added = يمكن الآن اختيار { $name }.
reply-saved = حُفظ { $name }.
reply-archived = حُفظ الرد جانبًا.
reply-restored = يمكن اختيار الرد من جديد.
reply-overtaken = عدّل شخص هذا الرد في هذه الأثناء. ما كتبته موجود أدناه ولم يُحفظ بعد؛ احفظه ليحل محل تعديله.
reply-name-needed = أعطِ الرد اسمًا
reply-text-needed = اكتب نصًا بلغة واحدة على الأقل
reply-fault = { $language }: { $fault }
reply-slot-unknown = لا توجد خانة باسم «{ $name }». اختر واحدة من المذكورة.
reply-slot-unclosed = فُتحت خانة بقوس ولم تُغلق.
reply-preview = بقيم للمثال
reply-slots = الخانات
reply-slots-lead = اكتب الخانة حيث ينبغي أن تظهر قيمتها.
reply-slot-customer = اسم العميل، مثل
reply-slot-order = رقم الطلب، مثل
reply-slot-amount = المبلغ المطلوب، مثل
reply-slot-reason = السبب بكلمات العميل، مثل
reply-slot-asked = تاريخ الطلب، مثل
reply-slot-refund = معرّف الاسترداد، مثل
reply-slot-page = صفحة الاسترداد، مثل
reply-nameless = عميلنا العزيز
reply-example-customer = سلمى

## من ينتظر جوابًا
desk-unanswered-title = رسائل بلا جواب
desk-unanswered-lead = عملاء كتبوا وينتظرون جوابًا، والأطول انتظارًا أولًا.
desk-unanswered-none = لا أحد ينتظر جوابًا
desk-unanswered-none-why = يظهر هنا ما يكتبه العملاء حتى يجيب أحد أو يقرر أو يجد أن لا شيء يلزم الجواب عنه.
desk-unanswered-since = ينتظر منذ
desk-unanswered-dismiss = لا شيء يلزم الجواب عنه
desk-unanswered-dismissed = أُزيلت من القائمة.
