# صفحة البداية للمكتب، وما يضيّق قوائمه، والعروض المحفوظة، والحالات المستلمة التي تُحفظ وتُتولّى وتُسلَّم.

queue-owner-me = حالاتي
queue-owner-is = حالات { $name }
queue-owner-anybody = أي شخص
queue-text-is = «{ $text }»
queue-due-late = متأخر
queue-due-soon = مستحق خلال 4 ساعات
queue-due-whenever = أي موعد
queue-count-more = { $count }+
queue-news = { $count ->
    [zero] لا طلبات جديدة
    [one] طلب جديد واحد
    [two] طلبان جديدان
    [few] { $count } طلبات جديدة
    [many] { $count } طلبًا جديدًا
   *[other] { $count } طلب جديد
  }
queue-changed = تغيّرت القائمة
queue-news-show = { $news } – اعرض
queue-all-refunds = كل طلبات الاسترداد
queue-list-search = ابحث في القائمة
queue-list-search-hint = استرداد أو طلب أو رقم من المعالج أو المصرف أو بريد
queue-due-or-changed = الموعد أو آخر تغيير
queue-file = نزّل هذه الصفوف بصيغة CSV ({ $count })
queue-file-spreadsheet = CSV لجداول البيانات
queue-stopped = فحص هذا البحث { $count } استرداد، الأحدث أولًا، وتوقف هناك. ضيّق البحث أو تابع.
queue-stopped-week = آخر 7 أيام
queue-stopped-month = آخر 30 يومًا
queue-stopped-on = تابع إلى الأقدم

queue-views = العروض المحفوظة
queue-views-lead = قائمة مُرشَّحة تحت اسم. وما هو للجميع يظهر بجانب قائمة كل الزملاء.
queue-views-none = لا عروض محفوظة بعد
queue-views-none-why = رشّح قائمة الانتظار أو قائمة الاستردادات، ثم احفظ ما تراه.
queue-view-keep = احفظ هذا العرض
queue-view-keep-confirm = احفظ
queue-view-name = الاسم
queue-view-share = لكل من في المكتب
queue-view-leads = يقود إلى { $address }
queue-view-change = غيّر
queue-view-save = احفظ التغييرات
queue-view-forget = احذف «{ $name }»
queue-view-of = للجميع، من { $name }
queue-view-own-shared = لك، ويراه الجميع
queue-view-own = لك
queue-view-kept = حُفظ العرض.
queue-view-changed = تغيّر العرض.
queue-view-forgotten = حُذف العرض.
queue-view-too-many = حفظت أقصى عدد من العروض لشخص واحد. احذف واحدًا أولًا.
queue-view-name-needed = أدخل اسمًا للعرض
queue-view-name-long = الاسم سطر واحد لا يزيد على { $most } حرف
queue-view-elsewhere = لا تُحفظ إلا قائمة الانتظار وقائمة الاستردادات

queue-hand = سلّمه إلى زميل
queue-hand-all = سلّمها كلها
queue-hand-all-lead = تذهب كل حالة تعمل عليها إلى زميل واحد.
queue-hand-to = إلى من
queue-hand-choose = اختر زميلًا
queue-hand-note = بضع كلمات لزميلك
queue-hand-confirm = سلّم
queue-hand-what = يبقى لدى زميلك 10 دقائق من الآن، ثم يصير متاحًا للجميع.
queue-hand-needed = اختر زميلًا
queue-hand-gone = لم يعد بإمكان هذا الزميل استلامه. اختر غيره
queue-handed-on = سلّمته إلى زميلك.
queue-handed-over = { $count ->
    [zero] لم يكن لديك ما يُسلَّم.
    [one] سلّمت حالة واحدة.
    [two] سلّمت حالتين.
    [few] سلّمت { $count } حالات.
    [many] سلّمت { $count } حالة.
   *[other] سلّمت { $count } حالة.
  }
queue-claim-mine = أنت تعمل عليه.
queue-claim-held = يعمل عليه { $name }.
queue-claim-keeps = يبقى لك ما دمت تعمل في هذه الصفحة، وبعد 10 دقائق من آخر حركة لك يصير متاحًا للجميع.

desk-key-start = افتح صفحة البداية للمكتب
desk-start-ways = طرق المكتب
desk-start-mine = لك
desk-start-mine-none = لا تعمل على أي حالة الآن. زر «الحالة التالية» يعطيك الأكثر إلحاحًا.
desk-start-team = ما أمام الفريق
desk-start-late = متأخر ولا يعمل عليه أحد
desk-start-soon = مستحق خلال 4 ساعات ولا يعمل عليه أحد
desk-start-holders = من يعمل على ماذا
desk-start-holders-none = لا يعمل أحد على أي حالة الآن.
desk-start-accounts = المعالجون
desk-start-account-fine = لا شيء ينتظر الإرسال.
desk-start-account-waits = { $count ->
    [zero] لا استردادات تنتظر الإرسال، منذ { $since }.
    [one] استرداد واحد ينتظر الإرسال منذ { $since }.
    [two] استردادان ينتظران الإرسال، أقدمهما منذ { $since }.
    [few] { $count } استردادات تنتظر الإرسال، أقدمها منذ { $since }.
    [many] { $count } استردادًا ينتظر الإرسال، أقدمها منذ { $since }.
   *[other] { $count } استرداد ينتظر الإرسال، أقدمها منذ { $since }.
  }
desk-start-account-dead = { $count ->
    [zero] لم تنفد محاولات أي استرداد.
    [one] نفدت المحاولات التلقائية لاسترداد واحد.
    [two] نفدت المحاولات التلقائية لاستردادين.
    [few] نفدت المحاولات التلقائية لـ{ $count } استردادات.
    [many] نفدت المحاولات التلقائية لـ{ $count } استردادًا.
   *[other] نفدت المحاولات التلقائية لـ{ $count } استرداد.
  }

desk-decide-less-left = أخذ أحدهم { $taken } من هذه الدفعة قبل لحظات، وبقي { $left }. لم يُنفَّذ شيء؛ راجع ثم أكّد.
desk-decide-other-left = تغيّر شيء في هذه الدفعة قبل لحظات، وبقي { $left }. لم يُنفَّذ شيء؛ راجع ثم أكّد.
desk-decide-taken-over = يعمل عليه زميل الآن. لم يُنفَّذ شيء، وما كتبته ما زال هنا.
desk-decide-changed = تغيّر هذا الطلب منذ فتحته. لم يُنفَّذ شيء؛ هذه حالته الآن، وما كتبته ما زال هنا.
desk-take-over-needed = اكتب لماذا تتولى العمل عليه
desk-take-over-hint = يقرؤه زميلك في قصة الحالة.
