"""Which entry of the lexicon holds for a word with what stands around it."""

from dataclasses import dataclass

from processors.events.arguments import Arguments
from processors.events.lexicon import Entry, Lexicon
from processors.events.parse import Parse
from processors.events.senses import Senses


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a verb."""

    objects: list[int]
    """Heads of objects, complements and passive subjects, with what is coordinated with them."""
    governed: list[tuple[str, int]]
    """(preposition, its object or clause)"""
    clauses: list[int]
    """Verbs of complement clauses and infinitives: "called for the government to resign" too."""
    particles: set[str]
    """Adverbs and prepositions; an adverb also with ^ before it."""


@dataclass(frozen=True, slots=True)
class Framed:
    """An entry that names a companion, where it holds."""

    entry: Entry
    trigger: int
    """The token that stands for the event: the verb, or its companion where the verb says nothing."""
    companion: int


class Frames:
    """Looks up the words of one parse."""

    def __init__(self, parse: Parse, lexicon: Lexicon, arguments: Arguments, senses: Senses) -> None:
        self.parse = parse
        self.lexicon = lexicon
        self.arguments = arguments
        self.senses = senses

    def around(self, i: int) -> Around:
        """What stands around verb `i`."""
        p = self.parse
        objects = [c for k in p.children(i, "dobj", "attr", "oprd", "nsubjpass", "dative") for c in p.conjuncts(k)]
        governed = self._governed(i)
        adverbs = {p.lower[k] for k in p.children(i, "prt", "advmod")}
        wanted = [c for c in p.children(i, "advcl") if p.tag[c] == "VB" and p.lower[p.child(c, "mark") or i] == "for"]
        particles = adverbs | {word for word, _ in governed} | {"^" + word for word in adverbs} | ({"for"} if wanted else set())
        return Around(objects, governed, [*p.children(i, "xcomp", "ccomp"), *wanted], particles)

    def framed(self, i: int, around: Around) -> Framed | None:
        """The entry of verb `i` that names a companion (verb~preposition, verb+noun)."""
        p, lex, lemma = self.parse, self.lexicon, self.parse.lemma[i]
        found: list[tuple[Entry, int]] = []
        by_preposition = lex.verb_preposition.get(lemma)
        nouns = lex.verb_noun.get(lemma)
        if not (by_preposition or nouns) or self._clashes_in_words(i):
            return None
        bag: dict[str, int] = {}
        for c in around.objects:
            for word, at in self._bag(c, light=lemma in lex.grammar["lightest"]):
                bag.setdefault(word, at)
        described = p.children(i, "acomp")  # tested positive for cocaine
        for o in (*described, *(o for k in described for o in p.objects(k, "for")), *(o for _, o in around.governed)):
            bag.setdefault(p.lemma[o], o)
        if by_preposition:
            for word in sorted(around.particles & by_preposition.keys()):
                for entry in by_preposition[word]:
                    if not entry.nouns:
                        found.append((entry, i))
                    else:
                        found += [(entry, bag[n]) for n in sorted(entry.nouns & bag.keys())][:1]
                        for name in (n[1:] for n in entry.nouns if n.startswith("@")):
                            found += [(entry, i) for w, o in around.governed if w == word and self.senses.is_a(o, name)][:1]
        if nouns:
            found += [(entry, bag[word]) for word in sorted(bag.keys() & nouns.keys()) for entry in nouns[word]]
            for word in sorted(around.particles & nouns.keys()):
                found += [(entry, i) for entry in nouns[word]]
            labelled = p.child(i, "oprd", "ccomp") is not None or self._is_labelled(around.objects)  # called him a liar
            for name in (n for n in nouns if n.startswith("@") and not labelled):
                found += [(entry, i) for c in around.objects[:2] if self.senses.is_a(c, name[1:]) for entry in nouns[name]]
        if not found:
            return None
        chosen = self._choose([entry for entry, _ in found], i)
        if chosen is None:
            return None
        at = next(at for entry, at in found if entry is chosen)
        says_nothing = lemma in lex.grammar["lightest"] and p.pos[at] == "NOUN" and p.lemma[at] in lex.known
        return Framed(chosen, at if says_nothing else i, at)

    def plain(self, i: int) -> Entry | None:
        """The entry of verb `i` alone."""
        entries = self.lexicon.verbs.get(self.parse.lemma[i])
        return self._choose(entries, i) if entries else None

    def _choose(self, entries: list[Entry], i: int) -> Entry | None:
        source, target = self.arguments.agent(i), self.arguments.patient(i)
        if self.arguments.is_passive(i):  # the race was called for him: nobody called for it
            entries = [entry for entry in entries if not (entry.intransitive and target)]
        p = self.parse
        led = i + 1 < len(p.head) and p.head[i + 1] == i and p.dep[i + 1] == "prep"  # seized on a Times report
        direct = bool(target.heads) and not led and not self.arguments.is_passive(i)
        transitive = direct or self.parse.child(i, "xcomp", "ccomp") is not None
        return self.senses.choose(entries, i, source.heads, target.heads, transitive=transitive, direct=direct)

    def noun(self, i: int) -> Entry | None:
        """The entry of noun `i`, with a modifier or alone."""
        p, lex, lemma = self.parse, self.lexicon, self.parse.lemma[i]
        entries: list[Entry] = []
        modified = lex.modified_nouns.get(lemma)
        if modified:
            for k in p.children(i, "compound", "amod", "nmod"):
                entries += modified.get(p.lemma[k], [])
        if p.pos[i] == "NOUN" or lemma in {"talks", "summit"}:
            entries += lex.nouns.get(lemma, []) or lex.nouns.get(p.lower[i], [])
        if lemma == "call" and not p.objects(i, "for", "on", "upon", "to") and all(p.tag[k] != "VB" for k in p.subtree(i)):
            entries = [entry for entry in entries if entry.type != "REQUEST"]  # a telephone call
        if not entries:
            return None
        agent, patient = self.arguments.of_noun(i)
        return self.senses.choose(entries, i, agent.heads, patient.heads)

    def _governed(self, i: int) -> list[tuple[str, int]]:
        """(preposition, its object or clause) of the prepositions beside a verb, its conjuncts too; points of time left out."""
        p = self.parse
        return [
            (p.lower[k], member)
            for k in p.kids[i]
            if p.dep[k] in {"prep", "agent", "dative"} and p.lower[k] not in self.lexicon.grammar["circumstance"]
            for o in p.children(k, "pobj", "pcomp")
            for member in p.conjuncts(o)
            if p.entity[member] not in {"DATE", "TIME"}
        ]

    def _is_labelled(self, objects: list[int]) -> bool:
        """Whether a quotation follows the object: called him "a liar"."""
        lower = self.parse.lower
        return any(lower[c + 1] in {'"', "“", "``", "‘"} for c in objects if c + 1 < len(lower))

    def _bag(self, noun: int, light: bool) -> list[tuple[str, int]]:
        """The words of a noun phrase that may be an entry's companion, with their tokens: head, modifiers, of- and for-phrase,
        other phrases unless the verb is `light` (held a forum in the primary). A person's name is none: Bill."""
        p = self.parse
        found = [noun, *p.children(noun, "compound", "amod", "nmod", "conj")]
        for k in p.kids[noun]:
            if p.dep[k] == "prep" and p.lower[k] in ({"of", "for"} if light else {"of", "for", "on", "to"}):
                for o in p.children(k, "pobj"):
                    found.append(o)
                    if p.lower[k] in {"of", "for"}:
                        found += p.children(o, "compound", "amod", "conj")
        found = [k for k in found if p.entity[k] != "PERSON"]
        return [("not_" + p.lemma[k] if any(p.lower[n] == "not" for n in p.kids[k]) else p.lemma[k], k) for k in found]

    def only_speaks(self, i: int, around: Around) -> bool:
        """Whether a verb that may act only says something: agrees that, asks who, promises that others will, insists on his own."""
        p, lemma = self.parse, self.parse.lemma[i]
        if lemma == "ask":
            return not self.asks_for(i, around.particles)
        if lemma == "insist":
            return any(p.tag[o] == "VBG" and p.child(o, "nsubj") is None for _, o in around.governed)
        said = [c for c in around.clauses if p.dep[c] == "ccomp"]
        if lemma == "clash":
            return self._clashes_in_words(i)
        if lemma in {"warn", "caution"}:
            return any(p.lemma[o] in self.lexicon.grammar["public"] for o in around.objects)
        if lemma in {"promise", "vow", "pledge"}:
            others = [s for c in said for s in p.children(c, "nsubj", "nsubjpass") if p.pos[s] == "PROPN"]
            return any(s > i for s in others) or self._is_vow_to_voters(i, around)
        shares = "with" in around.particles and not around.clauses and around.particles.isdisjoint({"on", "to", "upon"})
        return lemma == "agree" and (bool(said) or shares)  # agreed with her: the same opinion

    def _clashes_in_words(self, i: int) -> bool:
        """Whether it is single persons who clash: with a government, over taxes."""
        who = self.arguments.agent(i).heads
        return self.parse.lemma[i] == "clash" and bool(who) and all(self.parse.entity[h] == "PERSON" for h in who)

    def _is_vow_to_voters(self, i: int, around: Around) -> bool:
        """Whether a thing is promised to nobody in particular, or a fact: promised a wall, a plan that he promised would pay."""
        p = self.parse
        subjects = [p.child(c, "nsubj", "nsubjpass") for c in around.clauses if p.dep[c] == "ccomp"]
        fact = p.dep[i] == "relcl" and any(s is None or p.tag[s] == "WDT" for s in subjects)
        known = self.lexicon.known  # pledged support
        things = [o for o in around.objects if p.pos[o] == "NOUN" and p.dep[o] == "dobj" and p.lemma[o] not in known]
        to_whom = p.child(i, "dative") is not None or not around.particles.isdisjoint({"to", "for"}) or self.arguments.is_passive(i)
        return fact or (bool(things) and not around.clauses and not to_whom and len(things) == len(around.objects))

    def asks_for(self, i: int, particles: set[str]) -> bool:
        """Whether something is asked for, and not asked: "asked them to leave", "asked for help", "asked that it be closed"."""
        p = self.parse
        if "for" in particles:
            return True
        objects = p.children(i, "dobj")
        if any(p.lemma[k] in {"question", "why", "what"} for k in objects):
            return False
        return any(
            p.dep[k] in {"xcomp", "ccomp", "advcl", "acl", "relcl"}
            and any(p.lower[m] in {"to", "that"} and m < k for m in p.kids[k])
            for c in [i, *objects]
            for k in p.kids[c]
        )

    def complements_of_noun(self, i: int) -> list[int]:
        """What an operator noun governs: a plan to attack, a call for talks, peace efforts."""
        p = self.parse
        found = [k for k in p.children(i, "acl", "relcl") if p.tag[k] in {"VB", "VBG"}]
        found += [k for k in p.children(i, "compound") if p.pos[k] == "NOUN"]
        for k in p.children(i, "prep"):
            if p.lower[k] in {"of", "to", "in", "on", "for", "against"}:
                found += p.children(k, "pobj", "pcomp")
        return found
