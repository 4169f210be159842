# كلمات يجب أن تبقى واحدة في كل مكان.

-brand = Makegood

money-by-sign = { $amount } { $code }
money-by-code = { $amount } { $code }

refund-state-requested = مطلوب
refund-state-approved = تمت الموافقة
refund-state-submitting = قيد الإرسال
refund-state-provider-pending = بانتظار مزوّد الدفع
refund-state-completed = مكتمل
refund-state-failed = فشل
refund-state-canceled = ملغى

refund-qualifier-awaiting-first = بحاجة إلى موافقة
refund-qualifier-awaiting-second = بحاجة إلى موافقة ثانية
refund-qualifier-needs-info = بانتظار العميل
refund-qualifier-decided = لا يزال التراجع ممكنًا
refund-qualifier-deferred = سيُرسل لاحقًا
refund-qualifier-unknown = النتيجة غير معروفة بعد
refund-qualifier-overdue = أطول من المعتاد
refund-qualifier-needs-customer = مطلوب إجراء من العميل
refund-qualifier-retryable = يمكن إعادة المحاولة
refund-qualifier-final = نهائي
refund-qualifier-denied = مرفوض
refund-qualifier-withdrawn = سحبه العميل
refund-qualifier-canceled = تم التراجع عنه
refund-qualifier-guard = أُوقف قبل الإرسال
refund-qualifier-reversed = عكسه مزوّد الدفع
refund-qualifier-held = موقوف للمراجعة
refund-qualifier-dead-lettered = استُنفدت المحاولات

refund-reason-not-received = لم تصل السلعة
refund-reason-quality = مشكلة في السلعة
refund-reason-duplicate = دُفع أو طُلب مرتين
refund-reason-pricing-error = سعر غير صحيح
refund-reason-goodwill = بادرة حسن نية
refund-reason-other = سبب آخر

rail-card = بطاقة
rail-wallet = محفظة
rail-paynow = PayNow
rail-bank-transfer = تحويل مصرفي

refund-request-accepted = نعمل على رد المبلغ إليك.
refund-completed = اكتمل رد المبلغ.
refund-failed = تعذّر علينا إتمام رد المبلغ.
refund-exceeds-remaining = هذا المبلغ أكبر من المبلغ المتاح للرد.
refund-not-captured = لا يمكننا رد هذه الدفعة بعد.

refund-denied-cooling-off = انتهت المدة التي كان يمكن فيها رد مبلغ هذا الطلب لهذا السبب.
refund-denied-duplicate = سبق رد هذا المبلغ.
refund-denied-evidence = ما وصلنا لا يوضّح المشكلة.
refund-denied-policy = سياسة رد المبالغ لدينا لا تشمل هذا الطلب.
refund-denied-guard = تغيّرت الدفعة بعد موافقتنا على رد المبلغ: اعتُرض عليها أو حُصّل منها أقل.
