"""The resident's pages: report, follow, judge, find, what goes on around, what is held about oneself. No account anywhere."""
