"""How people name each other in Albanian."""

from __future__ import annotations

from onrecord.craft.naming_cues.cues import Cues

ALBANIAN = Cues(
    me=("une jam", "jam", "emri im eshte", "quhem", "me quajne"),
    perhaps_me=("ketu",),
    me_after=("ketu",),
    presents=(
        "mire ?se (?:erdh(?:e|et)|vjen|vini)",
        "(?:i |e )?ftuar[ai]?(?: im| ime| yne| jone| i sotem| e sotme)?(?: eshte)?",
        "me (?:mua|ne)(?: eshte| sot(?: eshte)?)?",
        "(?:bisedoj|bisedojme|flas|flasim|bisede) me",
        "ne studio(?: eshte)?",
        "(?:prezantoj|pershendes)",
        "mysafir(?:i|ja)?(?: im| yne| i sotem)?(?: eshte)?",
        "se bashku me",
    ),
    presents_after=("eshte (?:me ne|i ftuari|e ftuara|sot|ketu)", "mire ?se (?:erdh(?:e|et)|vjen|vini)"),
    thanks=("faleminderit(?: shume| juve| ty)?", "ju falenderoj", "te falenderoj", "mirupafshim"),
    greets=(
        "pershendetje",
        "mire ?dita",
        "miremengjes(?:i)?",
        "mirembrema",
        "tungjatjeta",
        "mire ?se (?:erdh(?:e|et)|vini)",
        "(?:i|e) dashur",
        "zoti",
        "zonja",
    ),
    hands_over=(
        "pyetje per",
        "pyes",
        "urdhero(?:ni)?",
        "na thuaj",
        "na thoni",
        "si mendo(?:n|ni)",
        "fjala per",
    ),
    reports=("tha", "thote", "mendon", "shkroi", "ishte", "kishte"),
    quotes=("tha", "thote", "shkroi"),
    titles=(
        "zoti",
        "zonja",
        "zonje",
        "zonjusha",
        "z",
        "znj",
        "dr",
        "prof",
        "profesor",
        "profesori",
        "i",
        "e",
    ),
    host=(
        "mire ?se (?:vini|erdhet) ne",
        "(?:i |e )?ftuar(?:i|a) (?:im|ime|yne|jone|i sotem|e sotme)",
        "(?:kaq|kjo ishte) per sot",
        "deri (?:heren|javen) tjeter",
        "faleminderit qe (?:na ndoqet|ishit|erdhet|ishe|erdhe)",
        "pyetja (?:e fundit|tjeter|e pare)",
    ),
    guest=(
        "faleminderit (?:per|qe me) ?(?:ftesen|ftuat|ftove|ftesen)",
        "kenaqesi (?:te jem|qe jam)",
        "pyetje (?:shume )?e mire",
    ),
    advert=("kod promocional", "sponsor", "reklame"),
)
