"""The words by which a page about an interview is understood: roles, organisations, places, navigation."""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


HONORIFICS = _set("""
    dr dr. prof prof. mr mr. mrs mrs. ms ms. mx mx. h.e. he. his her excellency sir dame lord lady hon.
    rev. fr. sr.
""")

# A title that is also what somebody is: `Ambassador Ana Kova`. Small letters; compared in small letters.
ROLE_WORDS = _set("""
    academic activist adviser advisor advocate ambassador amb. analyst anchor anthropologist archbishop
    architect archivist artist assistant associate attorney author barrister bishop boss broadcaster
    captain chair chairman chairperson chairwoman chancellor chef chief chronicler co-author co-chair
    co-director co-editor co-founder cofounder colonel columnist commander commentator commissioner
    composer congressman congresswoman consultant coordinator correspondent councillor counsel counsellor
    critic curator dean delegate demographer deputy designer developer diplomat director doctor economist
    editor editor-in-chief engineer entrepreneur envoy ethnographer executive ex-minister expert farmer
    fellow filmmaker founder gen. general geographer geologist governor head historian host hydrologist
    interpreter investigator investor journalist judge jurist king lawmaker lawyer leader lecturer
    legislator librarian lieutenant linguist magistrate major manager mathematician mayor member minister
    moderator mp musician negotiator novelist nurse officer ombudsman ombudswoman owner parliamentarian
    partner philosopher photographer physician physicist pilot poet pollster premier presenter president
    prime principal producer prof professor programmer prosecutor psychologist publicist publisher queen
    rapporteur reader rector reporter representative researcher resident scholar scientist secretary sen.
    senator sergeant sociologist speaker specialist spokesman spokesperson spokeswoman state-secretary
    strategist student supervisor surgeon teacher technologist tenant trainer translator treasurer trustee
    undersecretary veteran vice vice-president vice-chair visiting warden witness writer
""")
# These go before or within a role and never begin a name.
ROLE_MODIFIERS = _set("""
    senior junior nonresident non-resident resident distinguished emeritus emerita former ex acting
    interim deputy vice prime executive managing founding general special chief leading associate
    assistant adjunct honorary veteran political independent investigative award-winning renowned
    prominent noted independent legal economic energy policy foreign security military principal regional
    national international european lead research programme program project country current outgoing
    incoming then-
""")

# Words of an organisation's name; `of` and `for` after one of them belong to the name.
ORGANISATION_WORDS = _set("""
    academy agency alliance archive archives army assembly association authority bank bar bbc broadcasting
    bureau center centre chamber chapter church club coalition college commission committee company
    confederation consortium cooperative corporation council court clinic daily delegation
    theatre tribunal opera orchestra factory department directorate
    embassy endowment enterprise exchange faculty federation forum foundation fund gazette group herald
    hospital hub inc initiative institute institution journal lab laboratory league library llc ltd
    magazine ministry mission museum network news newspaper observatory office organisation organization
    organizations parliament partners party platform police post press programme project radio review
    school secretariat senate service services society solutions station studio studios syndicate team
    television think-tank times tribune trust tv union university watch weekly works
""")
# Parts of an organisation: the organisation itself may follow after `of the`.
UNIT_WORDS = _set("""
    board cabinet centre chair chapter committee council department desk directorate division faculty
    office programme program project section secretariat service staff team unit
""")
# Capitalised words that are no names of people.
TOPIC_WORDS = _set("""
    advisory affairs agriculture art arts border business capital central change city civil climate
    commerce communication communications community constitutional cooperation culture cultural data
    defence defense democracy development digital diplomacy dialogue east eastern ecology economic
    economics economy education elections energy engineering enlargement environment environmental episode
    eu europe european finance financial fiscal fisheries foreign forestry future geography global
    governance health heritage higher history home human industry information infrastructure innovation
    integration interior international investment justice labor labour language law legal linguistics
    literature local management maritime media migration military monetary national nato north northern
    oceanography our peace philosophy planning policy political politics power psychology public reform
    region regional relations research rights river rural science sciences security senior series social
    sociology south southern sport sports state statistics strategic strategy studies study sustainability
    technology territorial that the their these this tourism trade transition transport transportation
    treasury un urban us uk war water welfare west western women world youth in on at from with for and
    but while when since after before joining watch listen share read podcast january february march april
    may june july august september october november december monday tuesday wednesday thursday friday
    saturday sunday interview conversation special guest guests today tonight board bulletin chief
    directors balkan balkans adriatic danube mediterranean baltic nordic carpathian caucasus
""")
# `May`, `Sofia` and others are first names too, and are let through below.
PLACES = _set("""
    afghanistan africa african albania albanian albanians algeria america american americas andorra
    argentina armenia armenian asia asian australia australian austria austrian azerbaijan bangladesh
    belarus belgian belgium bolivia bosnia bosnian brazil brazilian britain british bulgaria bulgarian
    cambodia canada canadian chile china chinese colombia croatia croatian cuba cyprus czech czechia
    danish denmark dutch ecuador egypt egyptian england english estonia estonian ethiopia eurasia finland
    finnish france french georgian german germany ghana greece greek herzegovina hungarian hungary iceland
    india indian indonesia iran iranian iraq ireland irish israel israeli italian italy jamaica japan
    japanese kazakhstan kenya korea korean kosovo kosovar kremlin kyrgyzstan latvia latvian lebanon libya
    liechtenstein lithuania lithuanian london luxembourg macedonia macedonian malta mexico mexican moldova
    moldovan monaco mongolia montenegrin montenegro morocco moscow netherlands nigeria norway norwegian
    pakistan palestine paris peru philippines poland polish portugal portuguese qatar republic romania
    romanian russia russian russians saudi scotland scottish serb serbia serbian serbs singapore slovak
    slovakia slovene slovenia slovenian spain spanish states sudan sweden swedish swiss switzerland syria
    taiwan tirana belgrade brussels pristina prishtina sarajevo skopje podgorica zagreb ljubljana sofia
    bucharest athens vienna berlin washington budapest kyiv warsaw ankara istanbul tunisia turkey turkish
    türkiye uganda ukraine ukrainian united kingdom uruguay uzbekistan vatican venezuela vietnam wales
    welsh yemen yugoslavia zimbabwe
""")
PARTICLES = _set("de del della der den di da das do dos du van von zu zur ter ten la le al el bin ibn af av")

NOT_A_NAME = frozenset(
    (ROLE_WORDS | ROLE_MODIFIERS | ORGANISATION_WORDS | UNIT_WORDS | TOPIC_WORDS | PLACES)
    - _set("may april august sofia paris israel vienna june")
)
# Families bear these too: `Ana West` is somebody, and `West` alone is not.
SURNAMES_TOO = _set("""
    bishop chancellor church dean english france french german ireland judge king law london berlin
    washington major marshal north page pilot poland post power price prince queen reader south turner
    walker war west young holland england english officer israel bank banks baron
""")

# Lines that a site's frame leaves in pasted text. A line is one of these when this is all it says.
NAVIGATION = frozenset(
    line.strip()
    for line in """
    share; share this; share this episode; share this page; share on; facebook; twitter; x; linkedin;
    email; e-mail; print; copy link; whatsapp; telegram; subscribe; subscribe now;
    subscribe to our newsletter; newsletter; sign up; sign in; log in; login; register; menu; search;
    home; about; about us; contact; contact us; donate; support us; events; experts; programs;
    programmes; issues; regions; topics; podcasts; videos; video; episodes; all episodes; series; blog;
    news; back; back to top; skip to content; skip to main content; next; previous; next episode;
    previous episode; read more; learn more; view all; see all; load more; show more; play; play episode;
    play video; pause; download; download episode; transcript; download transcript; full transcript;
    watch; watch now; watch here; watch the video; watch the episode; watch the full episode;
    watch full episode; watch the full interview; watch on youtube; listen; listen now; listen here;
    listen to the episode; listen to the full episode; cookie settings; accept cookies; accept all;
    privacy policy; terms of use; follow us; follow; advertisement; image; photo; embed; report an issue;
    comments; leave a comment; in this episode; episode; more; close; open; en; english; 0 comments; rss;
    tweet; pin; like; save; bookmark; settings
    """.replace("\n", " ").split(";")
    if line.strip()
)
# From one of these on, a page speaks of other things.
AFTERWORDS = frozenset(
    line.strip()
    for line in """
    related; related content; related episodes; related posts; related articles; related reading;
    related experts; you may also like; you might also like; more episodes; more from this series;
    more like this; recommended; recommended for you; latest episodes; recent episodes;
    previous episodes; other episodes; latest; latest news; trending; most read; most popular;
    keep reading; explore more; up next; more from; more news; transcript; full transcript; comments;
    leave a reply; subscribe to our newsletter; newsletter
    """.replace("\n", " ").split(";")
    if line.strip()
)
