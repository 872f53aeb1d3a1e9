"""French reporting."""

from __future__ import annotations

from typing import Final

from annotations.suggesters.quotes.languages.table import Reporting
from annotations.suggesters.words import word_set

TABLE: Final = Reporting(
    free=frozenset(),
    that=word_set(
        "dit disait disent affirme affirmait affirmé affirment déclare déclaré déclarait déclarent estime estimait"
        " estimé estiment assure assurait assuré assurent explique expliquait expliqué expliquent précise précisait"
        " précisé ajoute ajoutait ajouté soutient soutenait soutenu prétend prétendait prétendu pense pensait pensé"
        " croit croyait cru annonce annonçait annoncé annoncent confirme confirmait confirmé rappelle rappelait"
        " rappelé souligne soulignait souligné indique indiquait indiqué indiquent révèle révélait révélé reconnaît"
        " reconnaissait reconnu admet admettait admis avertit averti craint craignait espère espérait juge jugeait"
        " jugé conclut conclu montre montrent montré écrit écrivait promet promis raconte racontait raconté"
    ),
    quote=word_set(
        "demande demandait demandé répond répondait répondu lance lançait lancé poursuit poursuivait poursuivi"
        " insiste insistait insisté tempère tranche s'exclame exclamé résume résumé commente commenté martèle martelé"
        " note noté témoigne témoigné regrette regretté dénonce dénoncé critique critiqué"
    ),
    told=frozenset(),
    nouns=word_set("écrit estime juge rappelle montre demande lance note critique annonce"),
    base_forms=frozenset(),
    plurals=frozenset(),
    participles=frozenset(),
    conjunctions=word_set("que qu"),
    questions=word_set("comment pourquoi si combien où"),
    auxiliaries=word_set("a ont avait avaient est sont était étaient sera serait peut doit va aurait auraient n ne y"),
    adverbs=word_set(
        "aussi ensuite déjà encore pas également notamment toutefois hier aujourd'hui puis ainsi enfin même alors t"
    ),
    passive=word_set("été"),
    agents=word_set("par"),
    past_endings=(),
    adverb_endings=("ment",),
    according=(("selon",), ("d", "’", "après"), ("d", "'", "après"), ("aux", "yeux", "de"), ("pour", "sa", "part")),
    according_after=frozenset(),
    determiners=word_set(
        "le la les un une des du ce cet cette ces son sa ses leur leurs mon ma mes notre nos votre vos plusieurs"
        " tout tous chaque aucun aucune l"
    ),
    indefinite=word_set("un une"),
    prepositions=word_set(
        "à au aux en dans de depuis vers par pour sur sous avec sans chez entre pendant après avant lors contre"
    ),
    inner_prepositions=word_set("de du des d à au aux en pour"),
    stops=word_set(
        "que qu qui dont où quand lorsque parce car comme si mais puisque tandis est sont était étaient a ont avait"
        " avaient sera serait peut doit"
    ),
    relatives=word_set("qui"),
    singular_pronouns=word_set("il elle"),
    plural_pronouns=word_set("ils elles"),
    other_pronouns=word_set("je j nous vous on ce c cela ça tu certains beaucoup"),
    joiners=word_set("et & ou"),
    times=word_set(
        "lundi mardi mercredi jeudi vendredi samedi dimanche janvier février mars avril mai juin juillet août"
        " septembre octobre novembre décembre hier demain"
    ),
    titles=word_set(
        "m mme mlle dr prof professeur président présidente ministre premier première directeur directrice"
        " porte-parole maire sénateur sénatrice député députée général secrétaire roi reine juge"
    ),
    small_words=word_set("le la les et des est dans que une pour qui selon du au"),
)
