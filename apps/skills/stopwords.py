"""Words that say nothing about a topic, in the languages our users write most.

``STOP`` is dropped. ``WEAK`` words (verbs of asking, generic nouns) count little: they appear in
requests of every kind. Both hold folded words; ``words.fold`` brings text into the same form.
"""

from typing import Final

_STOP: Final = """
a about after again all also am an and any are as at be because been before being but by can could
d did do does doing don done down each either else even ever every few for from further get gets
getting go goes going gone got had has have having he her here hers herself him himself his how i
if in into is isn it its itself just let ll may me might mine more most much must my myself no nor
not now of off ok okay on once only onto or other our ours out over own per perhaps quite rather
re s same shall she should since so some still such t than that the their theirs them themselves
then there these they this those though through till to too under until up upon us ve very was we
were what whatever when where whether which while who whom whose why will with within without
would yes yet you your yours yourself doesn didn won wouldn couldn shouldn hasn haven aren wasn
weren cannot hi hello hey thanks thank please pls sorry bye welcome good morning evening

aber alle allem allen aller alles als also am an andere auch auf aus bei beim bin bis bist bitte
da damit dann das dass dein deine dem den denn der des dich die dies diese diesem diesen dieser
dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer fur ganz
gegen habe haben hallo hat hatte hier hin ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins
ist ja jede jedem jeden jeder jetzt kann kein keine konnen machen mal man mein meine meinem meinen
mich mir mit muss nach nicht noch nun nur ob oder ohne sehr sein seine sich sie sind so soll
sollte uber um und uns unser unsere vom von vor war warum was wenn wer werden wie wieder wir wird
wo wurde zu zum zur danke guten morgen abend heute

ai as au aux avec avez avoir avons bien bonjour c car ce cela celle celui ces cet cette chez ci
comme comment d dans de des donc dont du elle elles en encore est et etaient etait etre eu faire
fait faut il ils j je jusqu l la le les leur leurs lors lorsqu lui m ma mais me meme merci mes moi
mon n ne nos notre nous on ont ou par pas peu peut plus pour pourquoi puis qu quand que quel
quelle quelles quels qui quoi s sa sans se sera ses si son sont sous sur svp t ta te tes toi ton
tous tout toute toutes tres tu un une va vers voici voila vos votre vous y salut

al algo algun ante antes asi aun aunque cada como con contra cual cuando de del desde donde dos el
ella ellas ellos en entre era eres es esa ese eso esta estan estar estas este esto estos estoy fue
gracias ha hace hacer hacia han hasta hay hola la las le les lo los mas me mi mis mucho muy nada
ni no nos o os otra otro para pero por porque puede puedo que quien se sea ser si sin sobre solo
son soy su sus tal tambien te tengo ti tiene todo todos tu tus un una unas uno unos usted y ya yo
favor buenos dias buenas

ao aos ate com da das depois dele dela deles do dos e ela eles em essa esse isso isto ja mais mas
mesmo meu minha muito na nao nas nem no nos num numa obrigado oi ola os ou pela pelo pode por qual
quando quem sao se seja sem ser seu seus so sua suas tambem tem ter uma voce voces

agli ai al alla alle anche che chi ci ciao come con cosa cui da dal dalla degli dei del della
delle di dove e ed gli grazie ha hai hanno ho i il io la le lei li lo loro ma mi mio ne nei nel
nella noi non o per perche piu puo quale quando quella quello questa queste questi questo sei si
sia sono su sul sulla suo te ti tra tu tua tuo tutti tutto un una uno vi voi

de het een en van ik je jij u uw dat die dit in op te is zijn was met voor niet aan er om ook als
dan maar bij nog naar uit wat hoe waar waarom wie kan kun zou wil moet mijn ons onze deze geen al
heb heeft worden wordt graag dank hallo

a i w z na do nie to sie jest ze o jak ale po co tak za od przez dla czy juz jego jej ich ten ta
te tego tej tym by byc bylo mi mnie moj moja prosze dzieki czesc gdy kiedy lub oraz

а без бы был была были было быть в вам вас весь во вот все всего вы да
для до его ее если есть еще же за здесь и из или им их к как какой
когда кто ли либо меня мне может мой моя мы на надо нам нас не него
нее нет ни них но ну о об он она они оно от очень по под пожалуйста
при привет про с сам себя со спасибо так также такой там те тебе тебя
то того тоже той только том ты у уже хочу что чтоб чтобы чем эта эти
это этого этой этот я

的 了 吗 呢 吧 啊 是 在 我 你 他 她 它 们 和 与 或 这 那 都 也 就 很
请 把 被 给 对 不 有 没 要 会 能 可以
怎么 什么 这个 那个 一个 一下 我们 你们 他们 为什 么样 如何 帮我 请帮 因为
所以 但是 如果 谢谢 你好 今天 ます です
した して いる する ある こと これ それ あれ どう から まで など この その
あの って という ください ありがとう
こんにちは お願い 願い 何 今日
"""

_WEAK: Final = """
add allow answer apply ask bad begin better bring call case change check come reply respond answer
correct create current day different do easy end example explain fact feel figure find first fix
follow full general give great happen hard help idea important include information issue keep kind
know last later latest learn left less like line list little look lot make many mean mind need new
next nice number old one open order part people place point possible problem put question quick
read ready really reason result right run say see seem send set short show side simple small
something sort start step stop sure take talk team tell text thing think time today tomorrow try
turn two understand use user useful using value want way week well whole word work world write
wrong year yesterday used uses made best big long

anfrage beispiel brauche erklar erklaren erstelle erstellen
frage gib hilf mach mache neue neuen schreib schreibe
schreiben text verwende will zeig zeige aide ajoute besoin
cree creer donne ecris ecrire explique exemple montre
nouveau nouvelle peux texte utilise veux voudrais anade
ayuda ayudame crea crear dame ejemplo escribe escribir
explica muestra necesito nueva nuevo quiero texto usa usar
ajuda ajude crie criar escreva escrever exemplo explique
mostre novo nova preciso quero texto aiuta aiutami crea
esempio mostra nuova nuovo scrivi spiega testo usa voglio
сделай напиши написать объясни покажи помоги нужно создай
добавь пример текст новый 写 帮 给我 告诉 解释 问题 使用 需要 書い 教え 説明 作成
使い
"""

STOP: Final = frozenset(_STOP.split())
WEAK: Final = frozenset(_WEAK.split()) - STOP
