# رسائل إلى العملاء: لكل منها عنوان يبدأ بالمبلغ، ثم سطر رئيسي وفقرة أو فقرتان قصيرتان.

mail-greeting = مرحبًا { $name }،
mail-greeting-nameless = مرحبًا،
mail-sign-off = فريق رد المبالغ
mail-status-button = اطّلع على حالة الرد
mail-link-hint = إذا لم يعمل الزر، فانسخ هذا العنوان إلى متصفحك:
mail-fact-amount = المبلغ
mail-fact-order = الطلب
mail-fact-refund = رقم الرد
mail-footer = وصلتك هذه الرسالة لأن رد مبلغ طُلب على الطلب { $order }. يمكنك الرد عليها.
mail-tender = { $rail ->
    [card] البطاقة التي دفعت بها
    [wallet] المحفظة التي دفعت بها
    [paynow] حساب PayNow الذي دفعت منه
   *[bank_transfer] الحساب المصرفي الذي دفعت منه
}
mail-expected-range = يصل عادةً بين { $from } و{ $to }.
mail-expected-day = يصل عادةً في موعد أقصاه { $to }.
mail-expected-depends = { $rail ->
    [card] يتوقف موعد ظهوره على البنك الذي أصدر بطاقتك.
    [wallet] يتوقف موعد ظهوره على محفظتك.
    [paynow] يتوقف موعد ظهوره على بنكك.
   *[bank_transfer] يتوقف موعد ظهوره على بنكك.
}

mail-received-subject = طُلب رد المبلغ: { $amount } عن الطلب { $order }
mail-received-heading = { refund-request-accepted }
mail-received-body = طلبت منا رد { $amount } عن الطلب { $order }. سنكتب إليك حالما يُبتّ في ذلك، ولا يلزمك أي إجراء آخر.

mail-approved-subject = تمت الموافقة على رد المبلغ: { $amount } عن الطلب { $order }
mail-approved-heading = تمت الموافقة على رد المبلغ
mail-approved-body = سنعيد { $amount } إلى { $tender }. وسنكتب إليك مرة أخرى عند إرساله، مع اليوم الذي يمكنك توقّع وصوله فيه.

mail-denied-subject = رُفض رد المبلغ: { $amount } عن الطلب { $order }
mail-denied-heading = لا يمكننا رد هذا المبلغ
mail-denied-body = طلبت منا رد { $amount } عن الطلب { $order }، وقد رفضنا ذلك.
mail-denied-look-again = إذا كنت ترى أن هذا غير صحيح، فافتح صفحة رد المبلغ واطلب منا النظر فيه مجددًا. يمكنك ذلك مرة واحدة حتى { $date }، ويقرر حينها موظف آخر.
mail-denied-final = كانت هذه نظرتنا الثانية فيه. إذا كان لديك سؤال فردّ على هذه الرسالة.
mail-denied-question = إذا كان لديك سؤال فردّ على هذه الرسالة.

mail-looking-again-subject = ننظر في طلبك مجددًا: { $amount } عن الطلب { $order }
mail-looking-again-heading = ننظر في طلبك مجددًا
mail-looking-again-body = طلبت منا أن ننظر مجددًا في رد { $amount } عن الطلب { $order }. يقرر هذه المرة موظف غير الذي قرر أول مرة، وسنكتب إليك حالما يفعل. ويمكنك إضافة صور ومستندات في صفحة رد المبلغ.

mail-delayed-subject = تأخّر رد المبلغ: { $amount } عن الطلب { $order }
mail-delayed-heading = سيستغرق رد المبلغ وقتًا أطول قليلًا
mail-delayed-body = تمت الموافقة على رد { $amount } عن الطلب { $order }، لكن مزوّد الدفع لا يستجيب حاليًا. نحتفظ بطلبك ونرسله حالما يعود المزوّد، ولا يلزمك أن تطلب مرة أخرى.

mail-submitted-subject = المبلغ في طريقه إليك: { $amount } عن الطلب { $order }
mail-submitted-heading = المبلغ في طريقه إليك
mail-submitted-body = أرسلنا { $amount } إلى { $tender }.

mail-completed-subject = اكتمل رد المبلغ: { $amount } عن الطلب { $order }
mail-completed-heading = { refund-completed }
mail-completed-body = أُعيد { $amount } إلى { $tender }.
mail-completed-by = إذا لم تره بعد، فمن المتوقع أن يظهر في موعد أقصاه { $to }.
mail-completed-reference = يمكن لبنكك العثور عليه بهذا المرجع: { $reference }

mail-failed-subject = لم يكتمل رد المبلغ: { $amount } عن الطلب { $order }
mail-failed-heading = { refund-failed }
mail-failed-body = حاولنا إعادة { $amount } إلى { $tender } عن الطلب { $order }، ولم تنجح العملية. لم يصل المبلغ إليك.
mail-failed-next = نحن على علم بذلك ونعمل على حلّه. لا يلزمك أن تطلب مرة أخرى؛ وإذا كان لديك سؤال فردّ على هذه الرسالة.

mail-sign-in-link-subject = رابطك للطلب { $order }
mail-sign-in-link-heading = هذا رابطك
mail-sign-in-link-body = استخدمه لعرض الطلب { $order } ولطلب رد المبلغ. يعمل مرة واحدة حتى { $until }.
mail-sign-in-link-button = افتح طلبي
mail-sign-in-link-unasked = إذا لم تطلب هذا فيمكنك تجاهله: لا يحدث شيء من دون الرابط.
mail-sign-in-link-footer = وصلتك هذه الرسالة لأن شخصًا أدخل بريدك الإلكتروني ورقم الطلب { $order }.

mail-agent-message-subject = رسالة بشأن رد المبلغ: { $amount } عن الطلب { $order }
mail-agent-message-heading = لدينا رسالة لك
mail-agent-message-next = يمكنك الإجابة في صفحة رد المبلغ أو بالرد على هذه الرسالة.
mail-agent-message-closed = يمكنك الرد على هذه الرسالة.

## إلى العاملين في المكتب: رابط لاختيار كلمة مرور

mail-invitation-subject = دعوة إلى مكتب رد المبالغ
mail-invitation-heading = أهلًا بك في مكتب رد المبالغ
mail-invitation-body = أضافك أحد المديرين إلى مكتب رد المبالغ. افتح هذا الرابط لاختيار كلمة المرور. يعمل مرة واحدة، حتى { $until }.
mail-password-link-subject = اختر كلمة مرور جديدة لمكتب رد المبالغ
mail-password-link-heading = اختر كلمة مرور جديدة
mail-password-link-body = افتح هذا الرابط لاختيار كلمة مرور جديدة لمكتب رد المبالغ. يعمل مرة واحدة، حتى { $until }. وعند اختيارها يُسجَّل خروجك من كل الأجهزة.
mail-staff-button = اختر كلمة مرور
mail-staff-unasked = إن لم تكن تتوقع هذه الرسالة فيمكنك تجاهلها: لا يحدث شيء من دون الرابط. ويُرجى إبلاغ أحد المديرين.
mail-staff-sign-off = مكتب رد المبالغ
mail-staff-footer = تصلك هذه الرسالة لأنك تعمل في مكتب رد المبالغ. لا تُعطِ الرابط لأحد.
