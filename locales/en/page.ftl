# What stands around every page: header, footer, forms, lists, notices.

page-menu = Menu
page-nav-desk = Desk
page-nav-developers = Developers
page-nav-audit = Audit
page-nav-admin = Admin

# Forms
page-error-prefix = Error:
page-form-too-old = This page was open for too long, or your browser does not keep cookies for it. Nothing was changed. Please try again.

# Lists
page-list-label = Pages of this list
page-list-first = Back to the start
page-list-next = Next

# Roles
page-role-agent = Agent
page-role-senior = Senior agent
page-role-finance = Finance
page-role-risk = Risk
page-role-auditor = Auditor
page-role-admin = Administrator
page-role-list = { $first }, { $second }
