# ما يحق للأشخاص والمفاتيح فعله.

access-permission-order-write = إرسال الطلبات
access-permission-order-read = الاطلاع على الطلبات
access-permission-refund-create = طلب الاسترداد
access-permission-refund-read = الاطلاع على عمليات الاسترداد
access-permission-evidence-read = الاطلاع على المستندات الداعمة
access-permission-refund-decide = الموافقة على الاسترداد أو رفضه
access-permission-refund-submit = تعجيل الاسترداد وإعادة المحاولة
access-permission-refund-cancel = سحب الاسترداد
access-permission-finance-read = الاطلاع على الدفاتر
access-permission-finance-write = إقفال الفترات وتسوية الفروق
access-permission-policy-read = الاطلاع على السياسات
access-permission-policy-write = تعديل السياسات والحدود والقوائم
access-permission-audit-read = الاطلاع على سجل التدقيق
access-permission-admin-read = الاطلاع على الأشخاص والأدوار والمفاتيح والإعدادات
access-permission-operate = تعديل الأشخاص والمفاتيح والإعدادات
