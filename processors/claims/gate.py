"""Which candidates are attributions: a judgement of frame, verb and speaker."""

from processors.claims.candidate import Candidate

CONFIDENCE = {
    "quoted": 0.95,
    "according": 0.95,
    "told": 0.9,
    "clause": 0.85,
    "clause_before": 0.85,
    "told_quote": 0.9,
    "reportedly": 0.8,
    "infinitive": 0.7,
    "object_infinitive": 0.65,
    "as": 0.75,
    "predicate": 0.7,
    "preposition": 0.7,
    "far_preposition": 0.55,
    "object_preposition": 0.7,
    "object": 0.55,
    "fixed": 0.75,
    "appearance": 0.6,
    "parenthetical": 0.9,
    "rest": 0.5,
    "noun": 0.6,
    "adjective": 0.7,
    "colon": 0.8,
    "passive_asked": 0.8,
    "passive": 0.55,
    "passive_by": 0.65,
}
"""A frame's share of right claims, judged by its author on open news; the claim's confidence."""

QUOTING = frozenset({"quote", "told"})
"""Frames of verbs that can have a quotation beside them."""


def accept(candidate: Candidate, animacy: str, *, quoted: bool) -> float:
    """The confidence that the candidate is an attribution; 0 where it is not one.

    `quoted`: a quotation that reads as speech stands beside the cue. `animacy`: see phrases.animacy.
    """
    frames, frame = candidate.verb.frames, candidate.frame
    if frame in {"according", "reportedly"}:
        return CONFIDENCE[frame]
    if quoted and animacy != "none":
        return CONFIDENCE["quoted"]
    if frame in {"appearance", "passive_asked"}:
        return CONFIDENCE[frame]
    if frame.startswith("passive"):
        return _passive(candidate)
    if animacy == "none" or not candidate.content:
        return 0.0
    if frame == "clause_before" and "clause" in frames | {"quote"}:
        return CONFIDENCE[frame] if frames & {"clause", "quote"} else 0.0
    if frame in {"told", "parenthetical", "rest"}:
        return CONFIDENCE[frame]
    if frame == "clause":  # "considers him a friend" is parsed as one
        return CONFIDENCE[frame] if frames & {"clause", "predicate"} else 0.0
    if frame == "object" and animacy == "document" and "evidence_object" in frames:
        return CONFIDENCE[frame]
    if frame in {"fixed", "noun", "adjective"}:
        return CONFIDENCE[frame] if animacy in {"person", "document"} else 0.0
    if frame in {"preposition", "far_preposition"}:
        return CONFIDENCE[frame]
    if animacy not in {"person", "document"} and (frame.endswith("infinitive") or candidate.verb.claim_class == "decree"):
        return 0.0  # the tax threatens to cost, requires them to …
    if frame == "object_infinitive" and frames & {"told_infinitive", "urged_infinitive"}:
        return CONFIDENCE[frame]
    if frame in frames or (frame == "object_preposition" and candidate.verb.object_prepositions):
        return CONFIDENCE[frame]
    if frame in {"predicate", "as"} and frame not in frames and "object" in frames:
        return CONFIDENCE["object"]
    return 0.0


def _passive(candidate: Candidate) -> float:
    verb, frame = candidate.verb, candidate.frame
    if frame == "passive_by":
        complete = len(candidate.content) > 1 and ("passive" in verb.frames or verb.object_prepositions)  # accused of it by her
        return CONFIDENCE[frame] if "object" in verb.frames or complete else 0.0
    complement = frame.partition(":")[2]
    if complement == "as" and "as" in verb.frames:
        return CONFIDENCE["passive"]
    if "passive" not in verb.frames or frame == "passive":
        return 0.0
    if complement in {"xcomp", "ccomp", "oprd", "as"} or complement in verb.object_prepositions:
        return CONFIDENCE["passive"]
    return 0.0
