# خارج الوضع الفعلي: ما كان سيُرسل بالبريد.

dev-mail-title = البريد
dev-mail-lead = لم تُرسل هذه الرسائل إلى أحد. خارج الوضع الفعلي تصل إلى هنا.
dev-mail-none = لا رسائل بعد
dev-mail-none-why = تظهر فور أن يكتب المكتب إلى أحد.
dev-letter-title = رسالة
dev-letter-crumb = طريق العودة
dev-letter-to = إلى
dev-letter-sent = كُتبت
dev-letter-html = الرسالة بصيغة HTML
dev-letter-text = كنص عادي
dev-letter-headers = جميع الترويسات

preview-title = كيف تبدو كل رسالة
preview-lead = كل رسالة بكل لغة، بقيم للمثال. لا يُرسل شيء من هنا.
preview-kinds = الرسائل
preview-languages = اللغات
preview-light = على شاشة فاتحة
preview-dark = على شاشة داكنة
preview-message =
    شكرًا لك على الصورة.

    هل يمكنك أن تخبرنا أي المصباحين تُظهر؟
