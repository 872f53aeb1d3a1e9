"""German reporting."""

from __future__ import annotations

from typing import Final

from annotations.suggesters.quotes.languages.table import Reporting
from annotations.suggesters.words import word_set

TABLE: Final = Reporting(
    free=word_set(
        "sagt sagte sagten sagen gesagt meint meinte meinten erklärt erklärte erklärten behauptet behauptete"
        " behaupteten betont betonte betonten glaubt glaubte glaubten warnt warnte warnten fürchtet fürchtete hofft"
        " hoffte schätzt schätzte schätzten findet"
    ),
    that=word_set(
        "berichtet berichtete berichteten bestätigt bestätigte bestätigten kündigt kündigte ankündigte fordert"
        " forderte forderten verlangt verlangte zeigt zeigte zeigten ergab ergaben schreibt schrieb schrieben"
        " versichert versicherte vermutet vermutete bestreitet bestritt dementiert dementierte kritisiert kritisierte"
        " räumt räumte gab gibt teilte mitgeteilt verspricht versprach erwartet erwartete folgert folgerte"
        " argumentiert argumentierte unterstreicht unterstrich ergänzt ergänzte hinzufügte weist wies stellt stellte"
        " prophezeit prophezeite"
    ),
    quote=word_set(
        "fragt fragte fragten ruft rief antwortet antwortete antworteten so kommentiert kommentierte lobt lobte fügt"
        " fügte"
    ),
    told=frozenset(),
    nouns=word_set(
        "so gab gibt findet zeigt weist stellt teilte ruft rief räumt räumte wies stellte fügt fügte kündigt kündigte"
    ),
    base_forms=frozenset(),
    plurals=frozenset(),
    participles=frozenset(),
    conjunctions=word_set("dass daß"),
    questions=word_set("wie warum ob was wo weshalb wieso"),
    auxiliaries=word_set(
        "hat habe haben hatte hatten ist sind war waren wird werde werden würde würden kann können könne könnte soll"
        " sollen solle sollte muss müssen müsse musste dürfe darf sei seien wäre wären"
    ),
    adverbs=word_set(
        "auch dann später jetzt nicht noch bereits zudem außerdem weiter weiterhin heute gestern zuvor schon"
        " wiederum dagegen jedoch aber hingegen mit an ein zu"
    ),
    passive=word_set("wird wurde wurden werden worden"),
    agents=word_set("von"),
    past_endings=(),
    adverb_endings=(),
    according=(
        ("laut",),
        ("nach", "angaben", "von"),
        ("nach", "angaben", "des"),
        ("nach", "angaben", "der"),
        ("nach", "ansicht", "von"),
        ("nach", "einschätzung", "von"),
        ("nach", "den", "worten", "von"),
    ),
    according_after=word_set("zufolge"),
    determiners=word_set(
        "der die das den dem des ein eine einen einem einer eines sein seine seiner ihr ihre ihrer unser unsere mein"
        " meine dieser diese dieses jeder jede alle viele einige beide kein keine"
    ),
    indefinite=word_set("ein eine"),
    prepositions=word_set(
        "in an am auf bei beim mit von vom zu zum zur aus nach vor seit über unter durch für gegen ohne um während"
        " wegen im ins zwischen hinter neben laut gegenüber"
    ),
    inner_prepositions=word_set("von vom für des der bei aus im in am beim zu zum zur"),
    stops=word_set(
        "dass daß welcher welche welches wer wenn weil obwohl während ob was wie warum als da bevor nachdem sondern"
        " denn doch ist sind war waren hat haben hatte hatten wird werden würde kann können soll sollen muss"
    ),
    relatives=frozenset(),
    singular_pronouns=word_set("er sie"),
    plural_pronouns=frozenset(),
    other_pronouns=word_set("ich wir ihr es man das dies viele einige manche alle niemand jemand"),
    joiners=word_set("und & oder sowie"),
    times=word_set(
        "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz april mai juni"
        " juli august september oktober november dezember heute gestern morgen montagabend"
    ),
    titles=word_set(
        "herr frau dr prof professor professorin präsident präsidentin minister ministerin kanzler kanzlerin"
        " bundeskanzler bundeskanzlerin sprecher sprecherin chef chefin direktor direktorin trainer trainerin"
        " bürgermeister bürgermeisterin vorsitzende vorsitzender senator senatorin könig königin richter richterin"
    ),
    verb_second=True,
    small_words=word_set("der die das und ist nicht den von mit ein eine zu sagte für auf"),
)
