# What stands around every page.

shell-product = { -brand }
shell-skip-link = Skip to main content
shell-navigation = Main
shell-environment-demo = Demo
shell-environment-test = Test
shell-language = Language
shell-theme = Appearance
shell-theme-auto = Like the device
shell-theme-light = Light
shell-theme-dark = Dark
shell-theme-submit = Change appearance
shell-help = Help
shell-sign-out = Sign out
shell-version = Version { $version }
shell-correlation = Reference of this page: { $id }
shell-error-summary = There is a problem
shell-error-title = Error: { $title }
shell-copy = Copy
shell-copied = Copied
