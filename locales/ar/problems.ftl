# كل رفض تجيب به الواجهة البرمجية: عنوان ثابت وتفصيل يقول ما العمل.

problem-validation-body-title = الطلب ليس كما ينبغي
problem-validation-body-detail = بعض ما أُرسل ناقص أو غير معروف أو غير سليم. تسمّي قائمة errors كل حقل، ولم يتغيّر شيء.
problem-validation-amount-range-title = المبلغ خارج الحدود
problem-validation-amount-range-detail = يجب أن يكون المبلغ أكبر من الصفر، بالوحدات الصغرى الصحيحة، وبقدر تحتمله العملة ومزوّد الدفع.
problem-validation-currency-title = العملة غير صحيحة
problem-validation-currency-detail = يُرد المبلغ بعملة الدفعة نفسها. أرسل رمزها وفق ISO 4217 بثلاثة أحرف كبيرة.
problem-validation-reason-title = السبب غير معروف
problem-validation-reason-detail = يجب أن يكون السبب واحدًا من not_received أو quality أو duplicate أو pricing_error أو goodwill أو other.
problem-validation-evidence-title = لا يمكن استخدام المرفقات
problem-validation-evidence-detail = ارفع كل ملف إلى ‎/v1/evidence أولًا ثم أرسل الرابط الذي يعود إليك، خمسة على الأكثر.
problem-validation-evidence-size-title = الملف كبير جدًا
problem-validation-evidence-size-detail = حجم الملف 10 ميغابايت على الأكثر، ولكل طلب رد خمسة ملفات على الأكثر.
problem-validation-evidence-type-title = نوع الملف غير مقبول
problem-validation-evidence-type-detail = يجب أن يكون المرفق من نوع JPEG أو PNG أو WebP أو PDF؛ والعبرة بالمحتوى لا بالاسم.
problem-validation-metadata-title = لا يمكن حفظ البيانات الإضافية
problem-validation-metadata-detail = يُسمح بعشرين مفتاحًا، لكل منها نص قصير.
problem-validation-idempotency-key-title = مفتاح عدم التكرار ناقص أو غير سليم
problem-validation-idempotency-key-detail = أرسل الترويسة Idempotency-Key وفيها من 1 إلى 255 حرف ASCII مرئيًا، وأعد المفتاح نفسه إذا كررت هذا الطلب.
problem-validation-method-title = الطريقة غير مسموح بها هنا
problem-validation-method-detail = هذا العنوان لا يستجيب لهذه الطريقة. تسمّي الترويسة Allow ما يستجيب له.
problem-validation-size-title = الطلب كبير جدًا
problem-validation-size-detail = حجم JSON هو 256 كيبيبايت و32 مستوى على الأكثر.
problem-validation-media-type-title = نوع المحتوى غير مفهوم
problem-validation-media-type-detail = أرسل JSON مع الترويسة Content-Type: application/json.

problem-refund-exceeds-remaining-title = المبلغ أكبر مما تبقّى
problem-refund-not-captured-title = لم تُحصَّل الدفعة
problem-refund-charged-back-title = الدفعة محل نزاع
problem-refund-charged-back-detail = على هذه الدفعة اعتراض لدى البنك، فلا يمكن ردها أيضًا.
problem-refund-split-tender-title = دُفع الطلب بأكثر من وسيلة
problem-refund-split-tender-detail = لا يمكن هنا رد مبلغ طلب دُفع بأكثر من دفعة واحدة.
problem-refund-denied-title = السياسة ترفض رد المبلغ
problem-refund-denied-detail = لا تسمح سياسة رد المبالغ بهذا. ويذكر القرار القاعدة التي طُبّقت.

problem-conflict-idempotency-title = استُخدم مفتاح عدم التكرار لطلب آخر
problem-conflict-idempotency-detail = وصل هذا المفتاح من قبل مع طلب آخر. استخدم مفتاحًا جديدًا للطلب الجديد.
problem-conflict-in-progress-title = الطلب نفسه لا يزال قيد التنفيذ
problem-conflict-in-progress-detail = لم يُجَب بعد عن الطلب الأول بهذا المفتاح. أعده بعد قليل بالمفتاح نفسه.
problem-conflict-state-title = غير ممكن في هذه الحالة
problem-conflict-state-detail = تقدّم طلب الرد أو بُتّ فيه من قبل. لم يتغيّر شيء؛ اقرأه من جديد لمعرفة حالته.
problem-conflict-version-title = تغيّر في هذه الأثناء
problem-conflict-version-detail = غيّره شخص ما بعد أن قرأته. اقرأه من جديد ثم أعد ما لا يزال مناسبًا.
problem-conflict-remaining-title = تغيّر المبلغ المتبقي
problem-conflict-remaining-detail = لم يعد المبلغ المتبقي للرد كما توقعت. لم يتغيّر شيء.
problem-conflict-payment-title = الدفعة مرتبطة
problem-conflict-payment-detail = هذه الدفعة تخص طلبًا آخر، أو لم يعد تغييرها ممكنًا لأن مبلغًا رُد منها.

problem-authn-required-title = يُرجى تسجيل الدخول
problem-authn-required-detail = أرسل رمزًا صالحًا في الترويسة Authorization، أو سجّل الدخول من جديد.
problem-authz-scope-title = غير مسموح
problem-authz-scope-detail = لا يمنحك رمزك أو دورك حق القيام بهذا.
problem-authz-dual-control-title = يجب أن يقوم بهذا شخص آخر
problem-authz-dual-control-detail = من طلب شيئًا أو غيّره أو وافق عليه لا يوافق عليه مرة أخرى. اطلب ذلك من شخص آخر.
problem-authz-limit-title = أعلى من حدّك
problem-authz-limit-detail = هذا المبلغ أعلى مما يمكنك أن توافق عليه أخيرًا. اطلب ذلك ممن حدّه أعلى.

problem-not-found-order-title = لا يوجد طلب كهذا
problem-not-found-order-detail = لا يوجد طلب بهذا الرقم يمكنك رؤيته.
problem-not-found-refund-title = لا يوجد رد كهذا
problem-not-found-refund-detail = لا يوجد رد مبلغ بهذا الرقم يمكنك رؤيته.
problem-not-found-payment-title = لا توجد دفعة كهذه
problem-not-found-payment-detail = لا توجد في حساب مزوّد الدفع دفعة بهذا الرقم.
problem-not-found-provider-account-title = لا يوجد حساب مزوّد كهذا
problem-not-found-provider-account-detail = لم يُعدّ هنا حساب مزوّد دفع بهذا الاسم.
problem-not-found-evidence-title = لا يوجد ملف كهذا
problem-not-found-evidence-detail = لا يوجد مرفق في هذا الموضع من طلب الاسترداد.
problem-not-found-path-title = لا شيء هنا
problem-not-found-path-detail = لا يوجد شيء في هذا العنوان.

problem-limit-rate-title = طلبات كثيرة جدًا
problem-limit-rate-detail = انتظر المدة التي تذكرها الترويسة Retry-After ثم أعد الطلب.
problem-unavailable-title = غير متاح الآن
problem-unavailable-detail = أعد الطلب بعد قليل بالمفتاح نفسه. ما سُجّل يعود إليك، ولا يُنفّذ شيء مرتين.
problem-internal-title = حدث خطأ عندنا
problem-internal-detail = هذا خطؤنا. لم يتغيّر شيء؛ أخبرنا برقم الارتباط إذا تكرر ذلك.

field-range = أدخل عددًا صحيحًا من { $min } إلى { $max }.
field-required = هذا الحقل ناقص.
field-repeated = هذا مكرر.
field-not-text = يجب أن يكون هذا نصًا.
field-not-a-whole-number = يجب أن يكون هذا عددًا صحيحًا.
field-not-a-list = يجب أن تكون هذه قائمة.
field-not-an-object = يجب أن يكون هذا كائنًا.
field-not-true-or-false = يجب أن تكون القيمة true أو false.
field-too-long = استخدم { $max } من الأحرف على الأكثر.
field-too-many = العدد الأقصى هو { $max }.
field-not-allowed-word = استخدم واحدة من: { $allowed }.
field-not-a-time = استخدم وقتًا بتوقيت UTC مثل 2026-11-20T21:50:45Z.
field-not-an-id = هذا المعرّف غير صالح.
field-email = أدخل بريدًا إلكترونيًا مثل name@example.com.
field-control-characters = في هذا النص أحرف غير مرئية. اكتبه من جديد.
field-currency-unknown = استخدم رمز عملة وفق ISO 4217 مثل USD أو JPY أو KWD.
field-currency-differs = الدفعة بعملة { $currency }.
field-amount-empty = أدخل مبلغًا.
field-amount-not-an-amount = أدخل المبلغ بالأرقام، مثل { $example }.
field-amount-ambiguous = يمكن قراءة هذا على أنه مبلغان مختلفان. اكتبه مع كسوره العشرية، مثل { $example }.
field-amount-too-many-decimals = { $decimals ->
    [0] عملة { $currency } بلا كسور عشرية. أدخل مبلغًا صحيحًا، مثل { $example }.
    [one] لعملة { $currency } منزلة عشرية واحدة. أدخل مبلغًا مثل { $example }.
    [two] لعملة { $currency } منزلتان عشريتان. أدخل مبلغًا مثل { $example }.
   *[other] لعملة { $currency } { $decimals } منازل عشرية. أدخل مبلغًا مثل { $example }.
}
field-amount-negative = أدخل مبلغًا أكبر من الصفر.
field-amount-too-large = هذا المبلغ كبير جدًا.
field-amount-other-currency = دُفع هذا الطلب بعملة { $currency }. أدخل المبلغ بعملة { $currency }.
field-amount-not-positive = يجب أن تكون القيمة أكبر من الصفر.
field-amount-not-carried = لا يقبل مزوّد هذه الدفعة مبلغًا بهذا القدر أو بهذه الكسور.
field-amount-differs-from-lines = مجموع البنود { $expected } وليس { $given } من الوحدات الصغرى. أرسل أحدهما فقط أو اجعلهما متطابقين.
field-exceeds-remaining = هذا أكثر مما يمكن رده بعد.
field-lines-differ-from-captured = مجموع بنود هذا الطلب { $lines } ومبلغ الدفعة { $captured } من الوحدات الصغرى، فلا يمكن رد البنود. أرسل مبلغًا بدلًا منها.
field-lines-nothing = لم يبقَ شيء من هذه البنود.
field-line-unknown = ليس في الطلب بند { $line }.
field-line-repeated = البند { $line } مكرر هنا.
field-line-quantity = يحتاج البند { $line } إلى كمية لا تقل عن 1.
field-line-quantity-exceeds = لم يعد ممكنًا أن يُرد من البند { $line } إلا { $left }.
field-line-amount = يحتاج البند { $line } إلى مبلغ أكبر من الصفر.
field-line-amount-exceeds = لم يعد ممكنًا أن يُرد من البند { $line } إلا { $left } من الوحدات الصغرى.
field-metadata-too-many = استخدم 20 مفتاحًا على الأكثر.
field-note-too-long = هذه الملاحظة طويلة جدًا.
field-reply-slot = في هذا النص خانة لا وجود لها.
