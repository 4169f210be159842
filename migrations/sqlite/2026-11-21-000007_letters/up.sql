-- Letters: appeals, canned replies, and links that are over and have to go.

-- Which request asks to look again at which denied one: each denied one once. Ids only.
CREATE TABLE appeals (
    denied_id TEXT NOT NULL PRIMARY KEY REFERENCES refunds (refund_id),
    appeal_id TEXT NOT NULL UNIQUE REFERENCES refunds (refund_id)
) WITHOUT ROWID;

-- Refunds whose customers wrote and wait for an answer: since when, the longest first.
CREATE TABLE unanswered (
    refund_id TEXT NOT NULL PRIMARY KEY REFERENCES refunds (refund_id),
    since BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX unanswered_by_since ON unanswered (since, refund_id);

-- What is written often, with slots for what differs.
CREATE TABLE replies (
    reply_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    archived_at BIGINT
) WITHOUT ROWID;
CREATE TABLE reply_texts (
    reply_id TEXT NOT NULL REFERENCES replies (reply_id),
    locale TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (reply_id, locale)
) WITHOUT ROWID;

-- Links that were mailed before they were sealed: they are over, or asked for again.
UPDATE outbox SET payload = '{"kind":"sign_in_link"}' WHERE kind = 'mail' AND payload LIKE '%"sign_in_link"%';

CREATE INDEX links_by_end ON links (expires_at);
CREATE INDEX staff_links_by_end ON staff_links (expires_at);

-- What every desk begins with. People change and archive them as they like.
INSERT INTO replies (reply_id, name, version, changed_by, changed_at) VALUES
    ('rp_01KAQ000000000000000000001', 'Ask for a photo', 1, 'system', 1795219200000000),
    ('rp_01KAQ000000000000000000002', 'Ask which item it is about', 1, 'system', 1795219200000000),
    ('rp_01KAQ000000000000000000003', 'Asking the carrier', 1, 'system', 1795219200000000),
    ('rp_01KAQ000000000000000000004', 'It takes longer than usual', 1, 'system', 1795219200000000),
    ('rp_01KAQ000000000000000000005', 'The bank needs some days', 1, 'system', 1795219200000000),
    ('rp_01KAQ000000000000000000006', 'Thank you for the photos', 1, 'system', 1795219200000000);
INSERT INTO reply_texts (reply_id, locale, body) VALUES
    ('rp_01KAQ000000000000000000001', 'en', 'Thank you for telling us about order { $order }.

Could you send us a photo that shows what is wrong? You can add it on the page of your refund:
{ $page }

As soon as we have it, we go on with your request for { $amount }.'),
    ('rp_01KAQ000000000000000000001', 'ar', 'شكرًا لإخبارنا بما حدث في الطلب { $order }.

هل يمكنك أن ترسل إلينا صورة توضّح المشكلة؟ يمكنك إضافتها في صفحة الاسترداد:
{ $page }

حالما تصلنا الصورة سنواصل النظر في طلبك بمبلغ { $amount }.'),
    ('rp_01KAQ000000000000000000002', 'en', 'Thank you for your message of { $asked }.

Which item of order { $order } is it about, and what exactly is wrong with it? A sentence or two is enough. You can answer here:
{ $page }'),
    ('rp_01KAQ000000000000000000002', 'ar', 'شكرًا لرسالتك المؤرخة { $asked }.

أي منتج من الطلب { $order } تقصد، وما المشكلة فيه بالضبط؟ تكفينا جملة أو جملتان. يمكنك الإجابة هنا:
{ $page }'),
    ('rp_01KAQ000000000000000000003', 'en', 'We have your request for { $amount } and are sorry that your parcel has not reached you.

We have asked the carrier where order { $order } is. That usually takes two working days. We write to you as soon as we know more, and you need to do nothing until then.'),
    ('rp_01KAQ000000000000000000003', 'ar', 'وصلنا طلبك بمبلغ { $amount }، ويؤسفنا أن شحنتك لم تصلك.

سألنا شركة الشحن عن مكان الطلب { $order }، ويستغرق ذلك عادةً يومَي عمل. سنكتب إليك حالما نعرف المزيد، ولا يلزمك فعل شيء حتى ذلك الحين.'),
    ('rp_01KAQ000000000000000000004', 'en', 'We are sorry that you have been waiting for our answer about order { $order }.

Your request for { $amount } is not forgotten: somebody is looking at it. You always see how far it is on this page:
{ $page }'),
    ('rp_01KAQ000000000000000000004', 'ar', 'نعتذر عن تأخرنا في الرد عليك بشأن الطلب { $order }.

لم ننسَ طلبك بمبلغ { $amount }، فأحد موظفينا يدرسه الآن. ويمكنك أن ترى أين وصل في أي وقت في هذه الصفحة:
{ $page }'),
    ('rp_01KAQ000000000000000000005', 'en', 'We have sent { $amount } for order { $order } back to you.

It can take your bank some days to show it. If it has not arrived by the day that stands on the page of your refund, please tell your bank the reference that you find there:
{ $page }'),
    ('rp_01KAQ000000000000000000005', 'ar', 'أرسلنا إليك { $amount } عن الطلب { $order }.

قد يحتاج مصرفك إلى بضعة أيام ليظهر المبلغ في حسابك. إن لم يصل بحلول اليوم المذكور في صفحة الاسترداد، فيُرجى إعطاء مصرفك المرجع المكتوب فيها:
{ $page }'),
    ('rp_01KAQ000000000000000000006', 'en', 'Thank you, we have what you sent us about order { $order } and are looking at it now.

We write to you as soon as your request for { $amount } is decided.'),
    ('rp_01KAQ000000000000000000006', 'ar', 'شكرًا لك، وصلنا ما أرسلته بشأن الطلب { $order } ونحن ندرسه الآن.

سنكتب إليك حالما يُبتّ في طلبك بمبلغ { $amount }.');
