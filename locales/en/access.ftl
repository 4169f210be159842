# What people and tokens may do.

access-permission-order-write = Push orders
access-permission-order-read = Read orders
access-permission-refund-create = Ask for refunds
access-permission-refund-read = Read refunds
access-permission-evidence-read = See evidence
access-permission-refund-decide = Approve and deny refunds
access-permission-refund-submit = Hurry and retry refunds
access-permission-refund-cancel = Take refunds back
access-permission-finance-read = Read the books
access-permission-finance-write = Close periods, resolve breaks
access-permission-policy-read = Read policies
access-permission-policy-write = Change policies, limits and lists
access-permission-audit-read = Read the audit trail
access-permission-admin-read = See people, roles, keys and settings
access-permission-operate = Change people, keys and settings
