"""Spanish reporting."""

from __future__ import annotations

from typing import Final

from annotations.suggesters.quotes.languages.table import Reporting
from annotations.suggesters.words import word_set

TABLE: Final = Reporting(
    free=frozenset(),
    that=word_set(
        "dice dijo decía dicen dijeron dicho afirma afirmó afirmaba afirman afirmaron afirmado declara declaró"
        " declaran declararon declarado asegura aseguró aseguran aseguraron asegurado explica explicó explican"
        " explicaron explicado señala señaló señalan señalaron señalado sostiene sostuvo sostienen sostuvieron cree"
        " creyó creen opina opinó opinan considera consideró consideran añade añadió añaden añadieron agrega agregó"
        " anuncia anunció anuncian anunciaron anunciado confirma confirmó confirman confirmaron confirmado reconoce"
        " reconoció admite admitió advierte advirtió advirtieron denuncia denunció insiste insistió indica indicó"
        " indicaron revela reveló revelan concluye concluyó muestra muestran mostró escribe escribió promete prometió"
        " teme temen espera esperan recordó recuerda estima estimó estiman niega negó manifestó manifiesta aclaró"
        " subrayó precisó informó informa reiteró argumentó pidió exige exigió cuenta contó"
    ),
    quote=word_set(
        "pregunta preguntó responde respondió respondieron contesta contestó exclama exclamó comenta comentó lamenta"
        " lamentó resume resumió celebra celebró critica criticó prosigue prosiguió continúa continuó relata relató"
    ),
    told=frozenset(),
    nouns=word_set("muestra espera denuncia informa cuenta estima pregunta critica responde resume considera anuncia"),
    base_forms=frozenset(),
    plurals=frozenset(),
    participles=frozenset(),
    conjunctions=word_set("que"),
    questions=word_set("cómo por qué si cuánto dónde"),
    auxiliaries=word_set("ha han había habían es son era eran fue fueron será sería puede debe va está están haber"),
    adverbs=word_set(
        "también luego después ya aún todavía no además ayer hoy sin embargo entonces así incluso se le les nos"
    ),
    passive=word_set("sido"),
    agents=word_set("por"),
    past_endings=(),
    adverb_endings=("mente",),
    according=(
        ("según",),
        ("de", "acuerdo", "con"),
        ("en", "palabras", "de"),
        ("a", "juicio", "de"),
        ("en", "opinión", "de"),
    ),
    according_after=frozenset(),
    determiners=word_set(
        "el la los las un una unos unas este esta estos estas ese esa su sus mi mis nuestro nuestra varios todos"
        " todas cada ningún ninguna al del"
    ),
    indefinite=word_set("un una"),
    prepositions=word_set("a en de desde hacia por para con sin sobre entre durante tras ante contra según hasta"),
    inner_prepositions=word_set("de del en para a al"),
    stops=word_set(
        "que quien quienes cuyo cuando porque como si pero aunque mientras pues donde es son era eran fue ha han"
        " había habían será sería puede debe está"
    ),
    relatives=word_set("quien"),
    singular_pronouns=word_set("él ella"),
    plural_pronouns=word_set("ellos ellas"),
    other_pronouns=word_set("yo nosotros usted ustedes esto eso algunos muchos nadie alguien"),
    joiners=word_set("y e & o"),
    times=word_set(
        "lunes martes miércoles jueves viernes sábado domingo enero febrero marzo abril mayo junio julio agosto"
        " septiembre octubre noviembre diciembre hoy ayer mañana"
    ),
    titles=word_set(
        "señor señora sr sra dr dra don doña profesor profesora presidente presidenta ministro ministra director"
        " directora portavoz alcalde alcaldesa senador senadora diputado diputada general secretario secretaria rey"
        " reina juez jueza"
    ),
    small_words=word_set("el la los las de que y en del una por según con para es"),
)
