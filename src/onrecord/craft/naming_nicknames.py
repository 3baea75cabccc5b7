"""Short forms of first names that are not simply their beginnings (Max for Maxim needs no table)."""

from __future__ import annotations

from collections.abc import Mapping

_PAIRS = """
    alex alexei aleksandr aleksandar aleksandra alexandre alexandra; andy andrew andreas; annie anna anne;
    becky rebecca; bert albert robert herbert; beth elizabeth; betty elizabeth; bill william; billy
    william; bob robert; bobby robert; charlie charles charlotte; chuck charles; cindy cynthia lucinda;
    dave david; debbie deborah; dick richard; dima dmitri dmitry; drew andrew; ed edgar edwin; eddie
    edward edgar edwin; frankie frank francis; gerry gerald gerard; hank henry; hans johannes; harry
    harold henry harrison; jack john jackson; jake jacob; jamie james; jeff geoffrey; jenny jennifer;
    jerry gerald jerome jeremy; jim james; jimmy james; joe joseph; joey joseph; johnny john; josie
    josephine; kate katherine catherine kathryn; kathy katherine kathleen; katie katherine; katya
    ekaterina; larry lawrence laurence; lenny leonard; liz elizabeth; lizzie elizabeth; maggie margaret;
    matt mathias; meg margaret megan; mick michael; mike michael; misha mikhail mihailo; mitch mitchell
    michael; molly mary; nate nathan nathaniel; ned edward; nick nicholas nicolas nikola; nikki nicole;
    pat patricia patrick; pattie patricia; peggy margaret; pepe jose; pete peter; polly mary; rick richard
    eric frederick; rob robert; robbie robert; ron aaron; sally sarah; sandy alexander sandra; sascha
    alexander; sasha alexander aleksandr aleksandar alexandra aleksandra; seppi josef; steve steven
    stephen stefan; sue susan suzanne; ted edward theodore; terry terence theresa; tina christina martina;
    tom thomas tomas; tommy thomas; tony anthony antonio; trish patricia; vanya ivan; volodya vladimir;
    will wilhelm
"""

NICKNAMES: Mapping[str, frozenset[str]] = {
    words[0]: frozenset(words[1:]) for words in (line.split() for line in _PAIRS.split(";"))
}
"""Of a short form the first names that it may stand for, folded."""
