"""Fuzzing: hostile articles for every processor. `python -m tests.fuzz --help` is the long form, test_targets.py the short one."""
