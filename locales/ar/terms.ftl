# كلمات يجب أن تبقى واحدة في كل مكان: الحالات والأوصاف والأسباب ووسائل الدفع.

-brand = Makegood

money-by-sign = { $amount } { $code }
money-by-code = { $amount } { $code }

refund-state-requested = قيد الطلب
refund-state-approved = تمت الموافقة
refund-state-submitting = قيد الإرسال
refund-state-provider-pending = قيد المعالجة
refund-state-completed = تم رد المبلغ
refund-state-failed = تعذّر
refund-state-canceled = ملغى
