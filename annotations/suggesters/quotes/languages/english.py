"""English reporting."""

from __future__ import annotations

from typing import Final

from annotations.suggesters.quotes.languages.table import Reporting
from annotations.suggesters.words import word_set

TABLE: Final = Reporting(
    free=word_set(
        "say says said claim claims claimed believe believes believed think thinks thought state states stated argue"
        " argues argued add adds added admit admits admitted insist insists insisted suggest suggests suggested"
        " assert asserts asserted allege alleges alleged contend contends contended estimate estimates estimated"
        " predict predicts predicted hope hopes hoped fear fears feared note notes noted warn warns warned reckon"
        " reckons reckoned"
    ),
    that=word_set(
        "observe observes observed explain explains explained announce announces announced reveal reveals revealed"
        " conclude concludes concluded confirm confirms confirmed declare declares declared acknowledge acknowledges"
        " acknowledged concede concedes conceded testify testifies testified recommend recommends recommended"
        " theorize theorizes theorized theorise theorised speculate speculates speculated complain complains"
        " complained promise promises promised pledge pledges pledged demand demands demanded vow vows vowed rule"
        " rules ruled stress stresses stressed emphasize emphasizes emphasized emphasise emphasised indicate"
        " indicates indicated mention mentions mentioned propose proposes proposed reiterate reiterated repeat"
        " repeated remark remarks remarked agree agrees agreed expect expects expected learn learned learnt worry"
        " worries worried tweet tweets tweeted reply replies replied respond responds responded answer answers"
        " answered comment comments commented caution cautions cautioned swear swears swore hear heard find finds"
        " found show shows deny denies denied maintain maintains maintained feel feels felt report reports reported"
        " write writes wrote saying stating claiming adding reporting explaining announcing arguing warning noting"
        " insisting writing"
    ),
    quote=word_set(
        "continue continues continued quip quipped joke joked shout shouted cry cried exclaim exclaimed read reads"
        " recall recalls recalled call calls called describe describes described reason reasoned laugh laughed urge"
        " urges urged criticise criticised criticize criticized praise praised post posted"
    ),
    told=word_set(
        "tell tells told inform informs informed remind reminds reminded assure assures assured telling ask asks asked"
    ),
    nouns=word_set(
        "claim claims state states report reports note notes show shows find finds hope hopes fear fears thought"
        " estimate estimates comment comments answer answers demand demands rule rules call calls warning reporting"
        " post promise promises stress repeat reply read writing remark remarks tweet tweets pledge pledges vow vows"
        " caution joke cry reason laugh"
    ),
    base_forms=word_set(
        "claim state report note show find hope fear thought estimate comment answer demand rule call post promise"
        " stress repeat reply read remark tweet pledge vow caution joke cry reason laugh"
    ),
    plurals=word_set("people police media scientists men women children staff government team"),
    participles=word_set(
        "saying stating claiming adding reporting explaining announcing arguing warning noting insisting writing"
        " telling"
    ),
    conjunctions=word_set("that"),
    questions=word_set("how why whether what where if who"),
    auxiliaries=word_set("has have had did does do will would can could may might must should is was are were having"),
    adverbs=word_set(
        "also then later twice once now not never n't still already further furthermore recently reportedly"
        " repeatedly publicly today yesterday earlier previously simply even again often always only just both all"
        " officially angrily initially originally subsequently mistakenly wrongly privately"
    ),
    passive=word_set("be been being is was are were"),
    agents=word_set("by"),
    past_endings=("ed",),
    adverb_endings=("ly",),
    according=(
        ("according", "to"),
        ("in", "the", "words", "of"),
        ("in", "the", "opinion", "of"),
        ("in", "the", "view", "of"),
    ),
    according_after=frozenset(),
    determiners=word_set(
        "the a an this that these those his her their its our my your some several many most all both no each every"
        " one two three four five another any such other"
    ),
    indefinite=word_set("a an"),
    prepositions=word_set(
        "in on at by with from during after before since until over under through into about via as for to of"
        " against between among amid despite speaking within without following around across near"
    ),
    inner_prepositions=word_set("of for at in from on with to"),
    stops=word_set(
        "that which who whom whose while when where because although though if whether what how why as since unless"
        " but so or than yet after before is was are were be been being has have had will would can could may might"
        " during about according"
    ),
    relatives=word_set("who which"),
    singular_pronouns=word_set("he she"),
    plural_pronouns=word_set("they"),
    other_pronouns=word_set("i we you it one this that these those there everyone everybody nobody many some others"),
    joiners=word_set("and & or"),
    times=word_set(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
        " september october november december today yesterday tomorrow"
    ),
    titles=word_set(
        "mr mrs ms miss dr prof professor president prime minister senator governor general secretary chairman"
        " chairwoman chair spokesman spokeswoman spokesperson director ceo captain coach king queen prince princess"
        " judge justice ambassador mayor sir dame lord lady sergeant lieutenant colonel major officer chief"
        " administrator commissioner congressman congresswoman representative rep sen gov bishop pope father attorney"
        " undersecretary deputy vice home foreign shadow"
    ),
    small_words=word_set("the of and to in that is was for with said by from"),
)
