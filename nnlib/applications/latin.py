"""A grammar of English and Latin: sentences by chance with case, number, tense and another order of words.

    the good sailor did not give the horses to the girl
    nauta bonus puellae equos non dabat

English says with its order of words and with "to" who does what to whom; Latin says it with endings:
nominative for who acts, accusative for what is acted on, dative for who is given something, each in singular
and plural, and an adjective takes the gender of its noun. The verb comes last and takes number and tense of
who acts. "The" is not said at all.
"""

# English: gender, then nominative, accusative and dative, in singular and in plural.
PEOPLE = {
    "girl": "f puella puellam puellae puellae puellas puellis",
    "queen": "f regina reginam reginae reginae reginas reginis",
    "sailor": "m nauta nautam nautae nautae nautas nautis",
    "farmer": "m agricola agricolam agricolae agricolae agricolas agricolis",
    "boy": "m puer puerum puero pueri pueros pueris",
    "slave": "m servus servum servo servi servos servis",
    "friend": "m amicus amicum amico amici amicos amicis",
    "king": "m rex regem regi reges reges regibus",
    "soldier": "m miles militem militi milites milites militibus",
    "wolf": "m lupus lupum lupo lupi lupos lupis",
    "teacher": "m magister magistrum magistro magistri magistros magistris",
}
# Gender, accusative in singular and in plural: things are only acted on.
THINGS = {
    "rose": "f rosam rosas",
    "letter": "f epistulam epistulas",
    "crown": "f coronam coronas",
    "book": "m librum libros",
    "sword": "m gladium gladios",
    "horse": "m equum equos",
    "gift": "n donum dona",
}
# Third person: English singular, plural, past; Latin singular and plural, present and imperfect.
VERBS = {
    "love": "loves love loved amat amant amabat amabant",
    "see": "sees see saw videt vident videbat videbant",
    "fear": "fears fear feared timet timent timebat timebant",
    "praise": "praises praise praised laudat laudant laudabat laudabant",
    "hear": "hears hear heard audit audiunt audiebat audiebant",
    "call": "calls call called vocat vocant vocabat vocabant",
}
GIVING = {
    "give": "gives give gave dat dant dabat dabant",
    "show": "shows show showed monstrat monstrant monstrabat monstrabant",
    "send": "sends send sent mittit mittunt mittebat mittebant",
}
ADJECTIVES = {"good": "bon", "great": "magn", "small": "parv", "new": "nov"}
ENDINGS = {"m": "us um o i os is", "f": "a am ae ae as is", "n": "um um o a a is"}
NOMINATIVE, ACCUSATIVE, DATIVE = range(3)


def sentence(rng):
    """An English sentence and its Latin."""
    who, quis, plural = _noun(rng, PEOPLE, NOMINATIVE)
    past, negated, giving = rng.random(3) < (0.4, 0.2, 0.5)
    verbs = GIVING if giving else VERBS
    base = _one(rng, verbs)
    singular, several, before, *latin = verbs[base].split()
    if negated:
        verb = f"{'did' if past else 'do' if plural else 'does'} not {base}"
    else:
        verb = before if past else several if plural else singular
    verbum = ("non " if negated else "") + latin[plural + 2 * past]
    what, quid, _ = _noun(rng, THINGS if giving else PEOPLE, ACCUSATIVE)
    if not giving:
        return f"{who} {verb} {what}", f"{quis} {quid} {verbum}"
    whom, cui, _ = _noun(rng, PEOPLE, DATIVE)
    return f"{who} {verb} {what} to {whom}", f"{quis} {cui} {quid} {verbum}"


def _one(rng, table):
    return list(table)[rng.integers(len(table))]


def _noun(rng, table, case):
    """A noun with "the", perhaps with an adjective, in both languages, and whether it is in plural."""
    word = _one(rng, table)
    gender, *forms = table[word].split()
    plural = int(rng.random() < 0.4)
    latin = forms[case + 3 * plural if table is PEOPLE else plural]
    english = {"wolf": "wolves"}.get(word, word + "s") if plural else word
    if rng.random() < 0.4:
        adjective = _one(rng, ADJECTIVES)
        ending = ENDINGS[gender].split()[case + 3 * plural]
        return f"the {adjective} {english}", f"{latin} {ADJECTIVES[adjective]}{ending}", plural
    return f"the {english}", latin, plural


def _english():
    words = {
        "the",
        "to",
        "did",
        "do",
        "does",
        "not",
        "wolves",
        *ADJECTIVES,
        *PEOPLE,
        *THINGS,
        *VERBS,
        *GIVING,
    }
    words |= {noun + "s" for noun in [*PEOPLE, *THINGS] if noun != "wolf"}
    return words | {form for forms in [*VERBS.values(), *GIVING.values()] for form in forms.split()[:3]}


def _latin():
    words = {form for forms in [*PEOPLE.values(), *THINGS.values()] for form in forms.split()[1:]}
    words |= {form for forms in [*VERBS.values(), *GIVING.values()] for form in forms.split()[3:]}
    endings = {ending for row in ENDINGS.values() for ending in row.split()}
    return words | {"non"} | {stem + ending for stem in ADJECTIVES.values() for ending in endings}


NOTHING, START, STOP = range(3)
ENGLISH = ("", *sorted(_english()))
LATIN = ("", "<start>", ".", *sorted(_latin()))
"""All words: a word's number is its place. The first only fills up short sentences."""
