# الأدلة في المكتب: ملفات الحالة، وصفحة كل ملف، ومقارنة ما تمت الموافقة عليه بما هو عليه الآن.

desk-evidence = الأدلة
desk-evidence-none = لم تُرسل أي ملفات.
desk-evidence-files = كل الملفات
desk-evidence-nth = الملف { $nth }
desk-evidence-place = الملف { $nth } من { $count }
desk-evidence-title = الأدلة، الملف { $nth }
desk-evidence-alt-none = { $file }، بلا وصف حتى الآن
desk-evidence-pdf = { $pages ->
    [zero] PDF، { $pages } صفحة
    [one] PDF، صفحة واحدة
    [two] PDF، صفحتان
    [few] PDF، { $pages } صفحات
    [many] PDF، { $pages } صفحة
   *[other] PDF، { $pages } صفحة
  }
desk-evidence-view = الصورة
desk-evidence-turn = تدوير
desk-evidence-smaller = تصغير
desk-evidence-larger = تكبير
desk-evidence-zoom = × { $times }
desk-evidence-whole = إعادة الضبط
desk-evidence-before = الملف السابق
desk-evidence-after = الملف التالي
desk-evidence-pan = صورة مكبّرة: تحركها الأسهم
desk-evidence-leaves = الصفحات
desk-evidence-page = صفحة
desk-evidence-page-before = الصفحة السابقة
desk-evidence-page-after = الصفحة التالية
desk-evidence-more-pages = تُعرض هنا أول { $drawn } من { $pages } صفحة، وفي الملف الأصلي كلها.
desk-evidence-not-shown = لا يُعرض هذا الملف.
desk-evidence-download = نزّل الملف الأصلي

desk-evidence-words = بالكلمات
desk-evidence-alt = ماذا يُظهر؟
desk-evidence-alt-hint = للزملاء الذين لا يرون الصورة. اكتب ما يهم القرار.
desk-evidence-alt-save = احفظ الوصف

desk-evidence-openers = من فتحه
desk-evidence-openers-none = لم يفتحه أحد بعد.
desk-evidence-pages-seen = { $seen } من { $pages } صفحة

desk-evidence-mark = هل يمكن تمييز ما فيه؟
desk-evidence-mark-unreadable = ضع علامة «غير واضح»
desk-evidence-readable = تبيّن أنه واضح
desk-evidence-ask = اطلب من العميل ملفًا أوضح
desk-evidence-unreadable = غير واضح
desk-evidence-unreadable-by = لم يتمكن { $name } من تمييز ما يُظهره ({ $at }).
desk-evidence-marked = وُضعت علامة «غير واضح»، ويراها الزملاء.
desk-evidence-unmarked = أُزيلت العلامة.

desk-evidence-erased = مُحي هذا الملف لانقضاء مدته أو لأن العميل طلب ذلك. يبقى ما يُعرف عنه حتى يمكن شرح القرارات.
desk-evidence-infected = وجد فاحص الفيروسات شيئًا في هذا الملف، فعُزل: لا يستطيع أحد فتحه أو تنزيله.
desk-evidence-pending = يفحص فاحص الفيروسات هذا الملف، ويستغرق ذلك عادةً نحو 10 ثوانٍ. لا يراه أحد قبل انتهاء الفحص.
desk-evidence-unscanned = لا يوجد في هذا المكتب فاحص فيروسات. الصور يُعاد رسمها والنظر إليها آمن؛ احذر عند فتح الملف الأصلي.

desk-evidence-type = النوع
desk-evidence-measures = الأبعاد
desk-evidence-pixels = { $width } × { $height } بكسل
desk-evidence-pages = الصفحات
desk-evidence-size = الحجم
desk-evidence-scan = فحص الفيروسات
desk-evidence-found = وُجد
desk-evidence-scanned = فُحص
desk-evidence-giver = أرسله
desk-evidence-given = أُرسل
desk-evidence-taken = التُقط بحسب الكاميرا
desk-evidence-erased-at = مُحي
desk-evidence-digest = SHA-256

desk-scan-clean = لا فيروسات
desk-scan-unscanned = لم يُفحص
desk-scan-pending = قيد الفحص
desk-scan-infected = فيه فيروس
desk-scan-erased = مُحي

desk-event-evidence = أُضيف ملف
desk-event-evidence-erased = مُحي ملف
desk-refund-adjusted = أضفت أدلة إلى هذا الطلب، لذا يجب أن يقرر شخص آخر.
desk-printed = طُبع في { $at }، الإصدار { $version }

desk-review-title = الموافقة الثانية على { $amount }
desk-review-heading = ما تمت الموافقة عليه، وما هو عليه الآن
desk-review-open = قارن بما تمت الموافقة عليه
desk-review-compare = قارن
desk-review-terms = حينها والآن
desk-review-was = عند الموافقة
desk-review-is = الآن
desk-review-same = لم يتغيّر شيء مما تمت الموافقة عليه.
desk-review-changed = تغيّر
desk-review-unknown = ليس هو ما تمت الموافقة عليه، ولم يعد ممكنًا معرفة ما كان عليه.
desk-review-not-known = غير معروف
desk-review-amount = كان المبلغ { $was } وهو الآن { $is }.
desk-review-reason = كان السبب «{ $was }» وهو الآن «{ $is }».
desk-review-files = { $count ->
    [zero] لم يصل أي ملف بعد الموافقة.
    [one] وصل ملف واحد بعد الموافقة.
    [two] وصل ملفان بعد الموافقة.
    [few] وصلت { $count } ملفات بعد الموافقة.
    [many] وصل { $count } ملفًا بعد الموافقة.
   *[other] وصل { $count } ملف بعد الموافقة.
  }
desk-review-file-count = { $count ->
    [zero] لا ملفات
    [one] ملف واحد
    [two] ملفان
    [few] { $count } ملفات
    [many] { $count } ملفًا
   *[other] { $count } ملف
  }
desk-review-note = ما كتبه { $name }
desk-review-void = لم تعد موافقة { $name } سارية لأن الطلب تغيّر بعدها.
desk-review-missed = { $count ->
    [one] لم يفتح { $name } الملف قبل الموافقة.
    [two] فتح { $name } { $opened } من الملفين قبل الموافقة.
    [few] فتح { $name } { $opened } من { $count } ملفات قبل الموافقة.
   *[other] فتح { $name } { $opened } من { $count } ملفًا قبل الموافقة.
  }
desk-review-opened-before = فتحه { $name } قبل الموافقة.
desk-review-opened-after = لم يفتحه { $name } إلا بعد الموافقة.
desk-review-opened-never = لم يفتحه { $name } قط.
desk-review-opened-later = وصل بعد موافقة { $name }.
desk-review-you-opened = لقد فتحته.
desk-review-you-never = لم تفتحه بعد.
desk-review-closed = لا يستطيع أحد فتحه الآن.
desk-review-added = أُضيف لاحقًا
desk-review-since = منذ ذلك الحين
desk-review-approvals = الموافقات
desk-review-counts = سارية
desk-review-no-longer = لم تعد سارية
desk-review-send-back = أعِده بسؤال
desk-review-nothing = لا يوجد ما يُقارن
desk-review-nothing-why = لم يوافق أحد على هذا الطلب بعد، أو لم يعد ينتظر قرارًا.
desk-review-queue = ما ينتظر موافقة ثانية
desk-review-case = العودة إلى الحالة

desk-key-evidence = انتقل إلى الأدلة
desk-key-review = انتقل إلى المقارنة بما تمت الموافقة عليه
desk-key-files = الملف السابق، الملف التالي
desk-key-zoom = تكبير، تصغير
desk-key-whole = كما كان في البداية
desk-key-turn = تدوير ربع دورة
desk-key-back = العودة إلى الحالة
