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

## What keys are for

access-scope-orders-write = Push orders and make links for customers
access-scope-orders-read = Read orders
access-scope-refunds-create = Ask for refunds and take requests back
access-scope-refunds-read = Read refunds and their history
access-scope-refunds-decide = Approve and deny
access-scope-refunds-submit = Hurry and retry what is to be sent
access-scope-finance-read = Read the books and reports
access-scope-finance-write = Close periods and resolve breaks
access-scope-policy-read = Read policies
access-scope-policy-write = Change policies, limits and lists
access-scope-audit-read = Read the audit trail
access-scope-admin = See and change people, keys and settings
