"""First names that tell he from she, and a person from a firm: the commonest of the languages of the news.

Names that many languages give to both ("Andrea", "Nikita", "Jordan") are left out.
"""

from __future__ import annotations

import unicodedata

from monitor.core.wording import word_set

_HERS = word_set(
    """
    ada adele adriana agnes agnieszka aicha aigul aisha akemi albina alejandra alena alessandra alice
    alicia alina allison alma amal amanda amelia amina amira ana anastasia anca angela angelina anita anja
    anke ann anna annalena anne annelise annette annika antoinette antonia anya aoife arlene asha ashley
    astrid augusta ayesha ayse barbara beata beatrice beatriz belinda bella bernadette beth bianca birgit
    birgitta brenda bridget brigitte britta bronwyn camille carla carmen carol carolina caroline catalina
    catherine cathy cecilia chantal charlotte chiara chloe christa christina christine cindy claire clara
    claudia colette concepcion cora corinne cristina cynthia dagmar dalia dana daniela daria deborah debra
    denise diana dolores donna dora doris dorothy ebba edith edna elaine eleanor elena eleni elif elin
    elina elisa elisabeth elise eliza elizabeth elke ella ellen elsa else emilia emily emine emma erica
    erika erin esperanza estelle esther eva evelyn fadila fatima fatimah fatou fatoumata fernanda fiona
    florence frances francesca francoise frida gabriela gabrielle gemma geraldine gertrude gill gillian
    gina giorgia giulia glenda glenys gloria grace greta gretchen guadalupe gulnara hanna hannah harriet
    hatice hazel heather hedda heidi helen helena helene helga henriette hilary hilda hillary hiroko
    hortense ida ilaria ilse imelda ines inga inge inger ingrid irena irene irina iris irma isabel
    isabella isabelle ivana jacqueline jana jane janet janice jasmine jeanne jelena jennifer jenny jessica
    jill joan joanna jocelyn johanna josefina josephine joyce juanita judith judy julia juliana julie
    juliet june justina jutta kadri kamala karen karin karina karla katarina katarzyna kate katerina
    katharina katherine kathleen kathryn kathy katja katrin kayla keiko kelly kirsten kirsty klara kristen
    kristiina kristin kristina lara larisa larissa latoya laura lauren layla leah leila lena lenka leonor
    leyla lidia liina lilian liliana lillian lily linda linnea lisa liv livia liza lola lorena lorraine
    louise lucia lucie lucille lucinda lucy ludmila luisa luz lydia lyudmila maddalena madeleine magda
    magdalena maggie maia maja malala malgorzata manuela margaret margarita margot margriet maria mariam
    mariana marianne marie marija marijke marina marine marion marisol marjorie marlene marta martha
    martina mary maryam mathilde matilda maud maureen mavis maya meghan mei mei-ling melanie melinda
    melissa mercedes meredith merve mette michelle mila mildred milena millicent mina mira miranda miriam
    moira mona monica monika monique morag muriel myriam nadezhda nadia nadine nadja nancy naomi natalia
    natalie natasha nayeli nazanin nina noor nora norma nuria odile ofelia olena olga olivia ornella oxana
    paloma pamela patricia paula paulina pauline pavlina penelope penny petra philippa phoebe phyllis
    pilar polina priscilla priti priya rachel rafaela ragnhild raisa raquel rebecca regina renata rhiannon
    rhonda rita roberta rocio rosa rosalind rosanna rose rosemary roza ruta ruth sabina sabine sabrina
    sadia sally salma samantha samira sandra sanna sara sarah saskia saule shabnam shahida shakira shannon
    sharon sheila shirley sibylle signe sigrid silja silke silvia simone sinead siobhan siri snezana sofia
    sofie solange sonia sonja sophia sophie soraya stacey stella stephanie sue sumaya sunita susan susana
    susanne suzanne svetlana sylvia sylvie tamara tania tanya tara tatiana tatyana teresa teruko tess
    thandiwe thelma theresa therese tiffany tina tomoko tove tracey trudy ulrika ulrike ursula usha
    valentina valeria vanessa vera veronica veronika vesna victoria viktoria viola violeta virginia vivian
    viviana wanda wangari wendy wilhelmina wilma winifred xiomara yael yelena yetunde yoko yolanda yulia
    yvette yvonne zahra zainab zeynep zoe zofia zoya zuzana
    """
)
_HIS = word_set(
    """
    aaron abdul abdullah abel abraham achim adam adolfo adrian ahmad ahmed akira alain alan albert alberto
    alejandro aleksandar aleksander aleksandr aleksei alessandro alexander alexandre alexandros alexei
    alfonso alfred alfredo ali alistair allan allen alonso alvaro amir amit anatoly anders andre andreas
    andrei andrej andres andrew andrey andrii andrius andriy andrzej angus anthony antoine anton antonio
    antonis antti anwar aram ari armando armin arnaud arne arnold arthur arturo arvid arvind asad askar
    august augusto axel aziz barack barnaby bart bartosz bashir basil bastian ben benedikt benjamin
    bernard bernardo bernd bill bjorn bob bogdan boris brad bradley brendan brett brian bruce bruno bryan
    burak byron callum calvin carl carlo carlos casper cedric cesar chad charles chris christian christoph
    christophe christopher chuck claudio clement clive colin conor conrad constantin craig cristian
    cristiano curtis cyril cyrus damian damien dan daniel daniele danilo danny darius darko darren dave
    david dean declan denis dennis derek desmond devon didier diego dieter dimitar dimitri dimitris dirk
    dmitri dmitry dmytro domingo domingos dominic donald douglas dragan duncan dwight earl edgar eduard
    eduardo edward edwin egon eirik elias elliot emanuel emil emile emilio emmanuel emomali enrico enrique
    eric erich erik ernest ernesto erwin esteban ethan etienne eugene eugenio evan evgeny fabian fabio
    fabrice faisal farid felipe felix ferdinand fernando filip filippo florian floyd francesco francis
    francisco franco francois frank franklin franz fred frederic frederick frederik fritz gabor gareth
    gary gavin gennady geoff geoffrey georg george georges georgi gerald gerard gerhard gheorghe gianni
    giles giorgio giovanni giuseppe glenn gonzalo goran gordon graham greg gregor gregory grigory
    guillaume guillermo gunnar gunter gustav gustavo hakan hakim hal hamid hamish hannes hans harald haris
    harold harry haruki harvey hasan hassan hector heinrich heinz hendrik henri henrik henry herbert
    herman hernan hernando hideo hiroshi horacio horst howard hubert hugh hugo humberto hussein ian
    ibrahim ignacio igor ilya imran ingo isaac ismail istvan ivan ivar ivo jacek jack jacob jacques jaime
    jake jakob jakub jamal james jan janusz jared jaroslav jason javier jeff jeffrey jens jeremy jerome
    jerry jerzy jesper jesus jim jimmy joachim joao joe joel joerg johan johannes john johnny jon jonas
    jonathan jorge jose josef josep joseph josh joshua jozef juan jukka julian julien julio julius jurgen
    juri justin kaarel kamal karel karim karl karlis kaspar kazuo keir keith ken kenji kenneth kevin
    khaled khalid kirill klaus knut kofi konrad konstantin konstantinos krzysztof kurt kwabena kwame kyle
    ladislav lars lasse laszlo laurence laurent lawrence leif leo leon leonard leonardo leonid leopold
    leroy lester lev liam lionel lloyd lorenz lorenzo louis luc luca lucas lucio ludwig luigi luis luiz
    lukas luke maarten magnus mahmoud malcolm manfred manuel marat marc marcel marcelo marcin marco marcos
    marcus marek mariano mario mariusz mark marko markus marlon martin martti mateo mathias mathieu matias
    matteo matthew matthias matti maurice mauricio maurizio max maxim maxime maximilian mehmet michael
    michal michel miguel mihai mikael mike mikhail miklos milan milorad milos miroslav mohamad mohamed
    mohammad mohammed morten moses moshe muhammad mukhtar murad murat mustafa mykola nabil narendra nathan
    neil nelson nicholas nick nicolae nicolas niels nigel nikola nikolai nikolaj nikolaos nikolas nikolay
    nikos nils noah noel norbert norman nurlan octavio olaf oleg oleksandr oleksii oliver olivier omar
    ondrej orlando oscar osman otis otto owen oystein pablo paolo pascal patrice patricio patrick patrik
    paul paulo pavel pavol pawel pedro pekka percy pere peter petr petri petro petros phil philip philipp
    philippe pierre pieter piotr predrag pyotr quentin radoslaw radovan rafael rafal rainer raj rajesh
    ralf ralph ramon ramzan ramzi randy rashid raul ravi ray raymond recep reinhard reinhold rene ricardo
    riccardo richard rick robert roberto rodel roderick rodney rodrigo roger roland rolf roman romano ron
    ronald rory ross roy ruben rudolf rudy rui rune rupert russell rustam ryan saeed salman salvador
    salvatore sam sami samuel sander sandor santiago saul scott sean sebastian sebastien selim serge
    sergei sergey sergio serhii seth shaun shigeru shinzo sigurd silvio simon slobodan sofiane soren stan
    stanislav stanislaw stefan stefano stefanos stephane stephen steve steven stian stuart sven tadashi
    tadeusz takashi taras tariq terence terje terry thabo theo theodor theodore thibault thierry thomas
    thorsten tim timo timothy timur tobias todd toivo tom tomas tomasz tommaso tommy tony tor torsten
    travis trevor tristan tsvetan tyler ulf ulrich umar urmas uwe vaclav valentin valery vasily vasyl
    victor vijay vikram viktor ville vincent vincenzo vitalii vitaly vito vittorio vlad vladimir vladislav
    volker volodymyr vyacheslav wade waldemar wallace walter warren wayne werner wilfried wilhelm willem
    william winston witold wojciech wolf wolfgang xavier yair yakov yann yannick yaroslav yasser yevgeny
    yiannis yigal yoshihide youssef yuri yusuf yves zachary zbigniew zdenek zoltan zoran
    """
)


# Letters that no mark can be taken from.
_FOLDED = str.maketrans("øłıđ", "olid")


def pronoun_of(first_name: str) -> str:
    """ "she" or "he" of whoever has this first name; empty: it does not tell, or is not known."""
    bare = unicodedata.normalize("NFKD", first_name.casefold().translate(_FOLDED))
    plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
    # "Jean-Pierre" is a Jean.
    for name in (plain, plain.partition("-")[0]):
        if name in _HERS or name in _HIS:
            return "she" if name in _HERS else "he"
    return ""


# End like the names of Slavic women, and tell nothing.
_NOBODYS = word_set("casanova villanova terranova canova genova cordova villanueva nueva nova bova")


def pronoun_of_last(name: str) -> str:
    """ "she" of "Bekova", "he" of "Bekov": last names that have a gender; empty: it does not tell."""
    low = name.casefold()
    if len(low) < 5 or low in _NOBODYS:
        return ""
    if low.endswith(("ova", "eva", "skaya", "skaia")):
        return "she"
    return "he" if low.endswith(("ov", "ev")) else ""


#: Stand before a last name as titles do, and nowhere else as what somebody is.
FORMS_OF_ADDRESS = word_set(
    """
    pastor trooper corporal private comrade señor senor señora senora signor signora senhor senhora frau herr
    madame mme monsieur doña dona citizen master lieutenant-colonel cardinal sheikh sheik sultan baroness
    baron count cdr supt cllr hon fr sr elder old young petty pvt cpl spc wo ssgt tsgt brig sqn cmdt ofc
    patriarch metropolitan abbot abbess deacon canon hajji haji ustad mullah ayatollah guru swami lama
    """
)
_FEMALE = word_set(
    "she her mrs ms miss wife mother woman widow daughter sister spokeswoman chairwoman actress mum mom gran"
)
_MALE = word_set("he his mr husband father man widower son brother spokesman chairman actor dad grandad")


_NEITHER = word_set("human ombudsman talisman")


def pronoun_of_role(name: str) -> str:
    """The pronoun that a role calls for: 'his wife', 'a spokeswoman'; empty: it does not tell."""
    words = set(name.casefold().replace("-of-", " of ").split())
    small = [word for word in name.split() if word.islower() and word not in _NEITHER]
    if words & (_FEMALE - {"her"}) or any(word.endswith("woman") for word in small):
        return "she"
    # "A policeman", and no Hoffman.
    return "he" if words & (_MALE - {"his"}) or any(word.endswith("man") for word in small) else ""
