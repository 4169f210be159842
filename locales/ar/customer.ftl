# صفحات العميل: العثور على الطلب، وطلب الاسترداد، ومتابعته، وسحبه.

# البداية
customer-start-title = اطلب استرداد أموالك
customer-start-lead = أخبرنا بالطلب المقصود، وسنرسل رابطًا إلى البريد الإلكتروني الذي اشتريت به. لا تحتاج إلى حساب.
customer-start-order = رقم الطلب
customer-start-order-hint = تجده في رسالة تأكيد الطلب، مثل 1042.
customer-start-order-empty = أدخل رقم الطلب
customer-start-order-long = رقم الطلب طويل جدًا؛ أقصى طول له 128 حرفًا
customer-start-email = البريد الإلكتروني
customer-start-email-hint = العنوان الذي استخدمته لهذا الطلب.
customer-start-email-empty = أدخل البريد الإلكتروني الذي اشتريت به
customer-start-email-wrong = أدخل بريدًا إلكترونيًا بالصيغة name@example.com
customer-start-button = أرسل لي الرابط
customer-start-busy = جارٍ الإرسال…
customer-start-how-long = كم يستغرق الاسترداد؟

customer-time-business-days = { $to ->
    [few] من { $from } إلى { $to } أيام عمل
   *[other] من { $from } إلى { $to } يوم عمل
}
customer-time-days = { $to ->
    [few] من { $from } إلى { $to } أيام
   *[other] من { $from } إلى { $to } يومًا
}
customer-time-up-to-days = { $to ->
    [one] خلال يوم
    [two] خلال يومين
    [few] خلال { $to } أيام
   *[other] خلال { $to } يومًا
}
customer-time-hours = { $to ->
    [one] خلال ساعة
    [two] خلال ساعتين
    [few] خلال { $to } ساعات
   *[other] خلال { $to } ساعة
}

# الرابط
customer-sent-title = تحقق من بريدك
customer-sent-lead = إن كان الطلب يعود إلى هذا العنوان، فالرابط في طريقه إليك.
customer-sent-once = يعمل الرابط مرة واحدة، ولمدة 15 دقيقة.
customer-sent-nothing = لم يصلك شيء؟ ابحث في مجلد الرسائل غير المرغوب فيها، وتأكد من رقم الطلب والعنوان.
customer-sent-again = حاول مجددًا
customer-sent-dev-mail = اطّلع على ما أُرسل (خارج الوضع الفعلي)
customer-open-title = افتح طلبك
customer-open-lead = خطوة واحدة تفصلك عن طلبك ومبالغه المستردة.
customer-open-button = افتح طلبي
customer-open-busy = جارٍ الفتح…
customer-open-not-you = لم تطلب هذا الرابط؟ أغلق هذه الصفحة، ولن يحدث شيء.
customer-expired-title = لم يعد هذا الرابط صالحًا
customer-expired-lead = تعمل الروابط مرة واحدة ولمدة قصيرة. يمكننا أن نرسل لك رابطًا جديدًا.
customer-expired-button = احصل على رابط جديد
customer-signed-out = اطلب رابطًا جديدًا للمتابعة. ما أدخلته محفوظ.

# الطلب
customer-order-title = الطلب { $order }
customer-order-placed = بتاريخ { $date }
customer-order-left = المتبقي للاسترداد
customer-order-ask = اطلب الاسترداد
customer-order-earlier = مبالغك المستردة
customer-order-bought = ما اشتريته
customer-order-line-each = { $quantity } × { $price }
customer-order-paid = دفعت
customer-order-given = استُرد أو في الطريق
customer-order-none-left = كل ما دفعته لهذا الطلب استُرد أو هو في طريقه إليك. تجد التفاصيل أدناه.
customer-order-not-captured = لم تكتمل عملية الدفع. يُرجى العودة بعد اكتمالها.
customer-order-payment-failed = لم تنجح عملية الدفع، فلم يُسحب أي مبلغ وليس هناك ما يُرد.
customer-order-split = دُفع هذا الطلب على عدة دفعات، ولا يمكننا رد مثل هذه الطلبات هنا. يُرجى مراسلة المتجر.
customer-order-charged-back = يسترجع مصرفك هذه الدفعة بالفعل، فلا يمكننا ردها مرة أخرى.
customer-order-no-payment = لا نعرف حتى الآن أي دفعة لهذا الطلب.

# الخطوات
customer-step-nav = طريق العودة
customer-step-back = رجوع
customer-step-of = الخطوة { $step } من { $steps }
customer-step-continue = متابعة
customer-step-later = اتركه الآن

customer-items-title = ما الذي يتعلق به طلبك؟
customer-items-hint = اختر عنصرًا أو أكثر.
customer-items-quantity = الكمية
customer-items-partly = رُدّ جزء منه من قبل
customer-items-none = اختر عنصرًا واحدًا على الأقل
customer-items-changed = تغيّر هذا الطلب. يُرجى الاختيار من جديد.

customer-reason-title = لماذا تريد استرداد المبلغ؟
customer-reason-none = اختر سببًا
customer-reason-not-received = لم يصل
customer-reason-not-received-hint = لم تصلك الشحنة أو جزء منها.
customer-reason-quality = به عيب
customer-reason-quality-hint = تالف أو معطوب أو مخالف للوصف.
customer-reason-duplicate = دفعت مرتين
customer-reason-duplicate-hint = طُلب الشيء نفسه أو دُفع ثمنه مرتين.
customer-reason-pricing-error = السعر غير صحيح
customer-reason-pricing-error-hint = دفعت أكثر مما اتُفق عليه.
customer-reason-goodwill = بادرة من المتجر
customer-reason-goodwill-hint = عرض عليك المتجر ردّ جزء من المبلغ.
customer-reason-other = سبب آخر
customer-reason-other-hint = أخبرنا أدناه.
customer-reason-note = هل هناك ما ينبغي أن نعرفه؟ (اختياري)
customer-reason-note-hint = ما الذي حدث، بكلماتك. من فضلك لا تكتب أرقام بطاقات.
customer-reason-note-long = الملاحظة طويلة جدًا؛ أقصى طول لها { $most } حرف

customer-amount-title = كم نرد لك؟
customer-amount-all-items = كل ما اخترته
customer-amount-all-left = كل المتبقي
customer-amount-part = جزء منه
customer-amount-label = المبلغ
customer-amount-hint = حتى { $most }
customer-amount-use-most = استخدم { $most }
customer-amount-too-much = أدخل { $most } أو أقل.
customer-amount-moved = رُدّ جزء من هذا الطلب قبل لحظات. يمكن الآن رد { $most } على الأكثر.

# المرفقات
customer-evidence-title = هل لديك ما تودّ أن ترينا إيّاه؟
customer-evidence-lead = تساعدنا الصور والمستندات على البتّ أسرع، ويمكنك المتابعة من دونها.
customer-evidence-label = صور أو مستندات
customer-evidence-hint = ‏JPEG أو PNG أو WebP أو PDF. عدد الملفات { $files } على الأكثر، وحجم كل منها { $size } ميغابايت على الأكثر.
customer-evidence-alt = ماذا يُظهر { $file }؟ (اختياري)
customer-evidence-alt-long = لا يزيد الوصف على 300 حرف.
customer-evidence-about = { $kind }، { $size }
customer-evidence-kilobytes = { $size } كيلوبايت
customer-evidence-megabytes = { $size } ميغابايت
customer-evidence-unnamed = ملف بلا اسم
customer-evidence-remove = إزالة
customer-evidence-add = إضافة ملفات
customer-evidence-send = إرسال الملفات
customer-evidence-sending = جارٍ إرسال الملفات…
customer-evidence-looking = جارٍ فحص الملفات…
customer-evidence-back = العودة إلى طلبك
customer-evidence-more = إضافة صور أو مستندات
customer-evidence-added = وصلتنا ملفاتك.
customer-evidence-too-late = سبق البتّ في هذا الطلب، فلا يمكن إضافة شيء إليه.
customer-evidence-gone = لم تعد بعض ملفاتك موجودة. أضفها من جديد أو تابع من دونها.
customer-evidence-unavailable = تعذّر علينا استلامه في هذه اللحظة. حاول مرة أخرى.
customer-evidence-fault = { $file }: { $why }

customer-check-title = راجع طلبك
customer-check-items = العناصر
customer-check-reason = السبب
customer-check-note = ملاحظة
customer-check-amount = المبلغ
customer-check-everything = الطلب كله
customer-check-item = { $quantity } × { $item }
customer-check-no-note = لا توجد
customer-check-evidence = الصور والمستندات
customer-check-no-evidence = لا شيء
customer-check-change = تغيير
customer-check-button = اطلب { $amount }
customer-check-busy = جارٍ إرسال طلبك…
customer-check-when-card = يعود المبلغ إلى البطاقة التي دفعت بها. يصل عادةً بعد إرساله { $time }.
customer-check-when-wallet = يعود المبلغ إلى المحفظة التي دفعت بها. يصل عادةً بعد إرساله { $time }.
customer-check-when-paynow = يعود المبلغ عبر PayNow. يصل عادةً بعد إرساله { $time }.
customer-check-when-bank-transfer = يعود المبلغ إلى الحساب المصرفي الذي دفعت منه. يصل عادةً بعد إرساله { $time }.
customer-check-unavailable = لا يمكننا استلام طلبك في هذه اللحظة. لم يضع شيء: اضغط الزر مجددًا بعد دقيقة، ولن يُحتسب مرتين.

# الحالة
customer-status-requested = وصلنا طلبك
customer-status-denied = لا يمكننا تلبية هذا الطلب
customer-status-withdrawn = لقد سحبت هذا الطلب
customer-status-canceled = أُلغي هذا الاسترداد
customer-tracker-label = التقدّم
customer-stage-requested = تم الطلب
customer-stage-processing = قيد المعالجة
customer-stage-refunded = تم الاسترداد
customer-stage-looking = ندرس طلبك
customer-stage-sending = لدى مزوّد الدفع
customer-stage-soon = خلال يوم
customer-stage-by = بحلول { $date }
customer-stage-denied = لم يُقبل
customer-stage-withdrawn = سُحب
customer-stage-canceled = أُلغي
customer-stage-failed = لم ينجح
customer-status-request = طلبك
customer-status-evidence = الصور والمستندات
customer-status-no-evidence = لم ترسل شيئًا منها.
customer-status-story = ما حدث حتى الآن
customer-status-withdraw = اسحب الطلب

customer-notice-review = يدرس أحد موظفينا طلبك. لا يلزمك فعل شيء؛ سنكتب إليك فور اتخاذ القرار.
customer-notice-deferred = وصلنا طلبك. مزوّد الدفع لا يستجيب حاليًا، وسنرسل المبلغ فور عودته. لا يلزمك فعل شيء.
customer-notice-unknown = أرسلنا المبلغ وننتظر تأكيد مزوّد الدفع. لا داعي للقلق: لا يمكن أن يُدفع مرتين.
customer-notice-overdue = يستغرق الأمر وقتًا أطول من المعتاد. نتابعه مع مزوّد الدفع.
customer-notice-expected = يُفترض أن يصلك المبلغ بحلول { $date }.
customer-notice-expected-reference = يُفترض أن يصلك المبلغ بحلول { $date }. إن لم يصل، فاسأل مصرفك عن المرجع { $reference }.
customer-notice-completed = المبلغ في طريقه إلى حسابك؛ وقد يحتاج مصرفك حتى { $date } لإظهاره.
customer-notice-completed-plain = لقد رددنا المبلغ.
customer-notice-failed = لم يتمكن مزوّد الدفع من تنفيذه. لقد أُبلغنا وسنتولى الأمر؛ لم يضع شيء.
customer-notice-reversed = أعاد مصرفك المبلغ إلينا. لقد أُبلغنا وسنكتب إليك.
customer-notice-withdrawn = لم يُدفع شيء. يمكنك أن تطلب مجددًا متى شئت.
customer-notice-canceled = لم يُدفع شيء. إن كنت ترى في ذلك خطأ، فردّ على الرسالة التي أرسلناها إليك.
customer-notice-needs-info = لدينا سؤال، وطلبك ينتظر جوابك عليه. تجده أدناه.
customer-notice-look-again = يدرس طلبك الآن موظف غير الذي درسه أول مرة. لا يلزمك فعل شيء؛ سنكتب إليك فور اتخاذ القرار.
customer-notice-denied-appeal = إن كنت ترى في ذلك خطأ، فيمكنك أن تطلب منا النظر فيه مجددًا.
customer-notice-denied-appealed = لقد طلبت منا النظر فيه مجددًا.
customer-notice-denied-final = كانت هذه نظرتنا الثانية فيه. إن كان لديك سؤال، فردّ على الرسالة التي أرسلناها إليك.
customer-notice-denied-question = إن كان لديك سؤال، فردّ على الرسالة التي أرسلناها إليك.

# لماذا رفض الموظف، بحسب سبب الطلب
customer-denied-not-received = لم نجد ما يدل على أن الطلب لم يصلك.
customer-denied-quality = لم نجد عيبًا نرد المبلغ من أجله.
customer-denied-duplicate = لم نجد دفعة ثانية عن الشيء نفسه.
customer-denied-pricing-error = لم نجد أنك دفعت أكثر مما اتُّفق عليه.
customer-denied-goodwill = لا يمكننا رد مبلغ على سبيل المجاملة في هذه الحالة.
customer-denied-other = لا يستوفي طلبك شروط الاسترداد.

# الرسائل
customer-messages = الرسائل
customer-message-write = اكتب إلينا
customer-message-answer = جوابك
customer-message-label = رسالتك
customer-message-hint = نقرؤها مع طلبك. من فضلك لا تكتب أرقام بطاقات.
customer-message-send = أرسل الرسالة
customer-message-busy = جارٍ الإرسال…
customer-message-taken = وصلتنا رسالتك.
customer-message-needed = اكتب رسالتك
customer-message-long = النص طويل جدًا؛ يتسع لما لا يزيد على { $most } حرف
customer-message-too-late = انتهى هذا الاسترداد، لذلك لم تُرسل رسالتك. إن كنت لا تزال بحاجة إلينا، فردّ على أي رسالة أرسلناها إليك بشأنه.
customer-message-unsent = ما كتبته، لتنسخه
thread-you = أنت
thread-the-desk = فريق الاسترداد

# النظر مجددًا
customer-appeal-title = اطلب منا النظر فيه مجددًا
customer-appeal-lead = يمكنك أن تطلب ذلك مرة واحدة. أخبرنا بما لم نطّلع عليه، أو بما أخطأنا فيه.
customer-appeal-about = { $amount } · { $reason }
customer-appeal-why = ما الذي ينبغي أن ننظر فيه؟
customer-appeal-why-hint = بكلماتك. من فضلك لا تكتب أرقام بطاقات.
customer-appeal-needed = اكتب ما ينبغي أن ننظر فيه
customer-appeal-other-person = يقرر موظف غير الذي قرر أول مرة.
customer-appeal-photos = يمكنك إضافة صور ومستندات بعد إرسال الطلب مباشرةً.
customer-appeal-until = يمكنك أن تطلب ذلك حتى { $date }.
customer-appeal-button = انظروا فيه مجددًا من فضلكم
customer-appeal-leave = اتركه كما هو
customer-appeal-taken = سننظر فيه مجددًا. ما زال بإمكانك إضافة صور أو مستندات.
customer-appeal-too-late = لا يمكن أن تطلب منا النظر في هذا مجددًا: يجوز ذلك مرة واحدة، وخلال 30 يومًا من القرار.
customer-appeal-see = تابع النظرة الثانية
customer-appeal-first = الطلب الأول

customer-fact-reason = السبب
customer-fact-amount = المبلغ
customer-fact-back-to = يعود إلى
customer-fact-expected = متوقع بحلول
customer-fact-reference = المرجع
customer-fact-bank-reference = مرجع المصرف
customer-fact-asked = تاريخ الطلب

customer-back-to-card = البطاقة التي دفعت بها
customer-back-to-wallet = المحفظة التي دفعت بها
customer-back-to-paynow = PayNow
customer-back-to-bank-transfer = الحساب المصرفي الذي دفعت منه

customer-event-requested = طلبت هذا الاسترداد
customer-event-approved = تمت الموافقة
customer-event-submitted = أُرسل إلى مزوّد الدفع
customer-event-pending = استلمه مزوّد الدفع
customer-event-completed = تم الاسترداد
customer-event-failed = لم يتمكن مزوّد الدفع من تنفيذه
customer-event-retried = نحاول مجددًا
customer-event-denied = لم يُقبل
customer-event-withdrawn = سحبت الطلب
customer-event-canceled = أُلغي
customer-event-reversed = أعاد مصرفك المبلغ

customer-announce = { $status } { $amount }

# السحب
customer-withdraw-title = سحب طلبك
customer-withdraw-heading = هل تسحب طلبك بمبلغ { $amount }؟
customer-withdraw-lead = لن يُدفع شيء. يمكنك أن تطلب مجددًا لاحقًا.
customer-withdraw-button = اسحب الطلب بمبلغ { $amount }
customer-withdraw-busy = جارٍ السحب…
customer-withdraw-keep = أبقِه
customer-withdraw-done = سُحب طلبك.
customer-withdraw-too-late = تقدّم هذا الاسترداد ولم يعد سحبه ممكنًا.

# المساعدة
customer-help-title = المساعدة
customer-help-lead = كيف يتم الاسترداد هنا، ومن تسأل.
customer-help-ask = كيف تطلب الاسترداد
customer-help-ask-order = أدخل رقم الطلب والبريد الإلكتروني الذي اشتريت به.
customer-help-ask-link = افتح الرابط الذي نرسله إليك. يعمل مرة واحدة، ولمدة 15 دقيقة.
customer-help-ask-why = أخبرنا بما يتعلق به الطلب، وبالسبب، وبالمبلغ.
customer-help-ask-send = راجعه ثم أرسله. ستصلك رسالة، وصفحة تبيّن لك أين وصل.
customer-help-then = ماذا يحدث بعد ذلك
customer-help-then-requested = وصلنا طلبك. يُبتّ في معظم الطلبات فورًا، ويراجع أحد موظفينا الطلبات الأخرى ثم نكتب إليك.
customer-help-then-processing = طلبنا من مزوّد الدفع أن يرد المبلغ.
customer-help-then-refunded = ردّ مزوّد الدفع المبلغ. قد يحتاج مصرفك إلى بضعة أيام ليظهره.
customer-help-trouble = عندما لا تسير الأمور كما ينبغي
customer-help-no-mail = لم تصلني أي رسالة
customer-help-no-mail-do = ابحث في مجلد الرسائل غير المرغوب فيها، وتأكد من رقم الطلب والعنوان. لا نكتب إلا إلى العنوان الذي سُجّل به الطلب.
customer-help-old-link = لم يعد الرابط صالحًا
customer-help-old-link-do = تعمل الروابط مرة واحدة ولمدة قصيرة. اطلب رابطًا جديدًا؛ ما أدخلته محفوظ.
customer-help-changed-mind = غيّرت رأيي
customer-help-changed-mind-do = ما دام المبلغ لم يُرسل، تجد في صفحة الاسترداد زرًا لسحب الطلب.
customer-help-no-money = لم يصل المبلغ
customer-help-no-money-do = تذكر صفحة الاسترداد الموعد المتوقع. بعد ذلك اليوم، اسأل مصرفك عن المرجع المصرفي المذكور فيها.
customer-help-denied = لم يُقبل طلبي
customer-help-denied-do = تذكر صفحة الاسترداد السبب، وفيها زر لتطلب منا النظر فيه مجددًا. يمكنك ذلك مرة واحدة خلال 30 يومًا؛ ويقرر حينها موظف آخر.
customer-help-person = اسأل موظفًا
customer-help-person-how = ردّ على أي رسالة أرسلناها إليك بشأن الاسترداد. يساعدنا أن تذكر المرجع المكتوب أسفل الصفحة التي كنت فيها.
