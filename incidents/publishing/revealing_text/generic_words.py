"""Words of names of places that name no place by themselves, in the languages in which they are common."""

from __future__ import annotations

from incidents.publishing.revealing_text.spelling import key

_WORDS = """
a an and at between by close east eastern from in near nearby north northern northeast northwest not of on outside
over south southern southeast southwest the to toward towards under unknown unspecified west western with
area airport airfield base bay border bridge camp canton centre center central checkpoint city coast commune community
country county crossing department direction district division docks east farm forest front frontline governorate
hamlet highway hill hromada island junction kilometre kilometres km lake line mount mountain municipality oblast okrug
outskirts park place plant point port prefecture province quarter railway raion rayon region residential river road
rural rear sea settlement side station street suburb territory town township tracks urban valley village villages
station deep across occupied great greater lower new old upper saint st san santa little big small red white black
el al la le les los las de del della di da do dos das du des der die das den von am an im auf und et y e i san sankt
neu alt gross klein ober unter nord sud süd ost west nouveau nouvelle grand petit nuevo nueva viejo gran rio villa
stary stare stara nowy nowa nowe wielki wielka mały mała górny dolny gmina powiat wies miasto
нове новий нова старий стара старе велика великий велике мала малий мале верхній верхня верхнє нижній нижня нижнє
красний красна червоний червона біла білий чорна чорний село місто селище смт станиця хутір район область громада
міська сільська вулиця станція річка округ край республіка поблизу біля окупований мікрорайон
новый новая новое старый старая старое большой большая большое малый малая малое верхний верхняя верхнее нижний
нижняя нижнее красный красная красное белый белая черный черная деревня город посёлок поселок пгт станица хутор
район область улица станция река республика около возле под на в у біля із від
novyi nova nove novo staryi stara staro velyka velykyi mala malyi malaya verkhnii nyzhnii krasnyi krasna selo misto
selyshche stanytsia stanitsa khutir khutor
mahalle mahallesi köy köyü ilçesi belediyesi yeni eski büyük küçük
jebel jabal wadi bab tall tell kafr umm beit bayt ain ayn deir dayr قرية مدينة حي جبل وادي تل كفر ام عين دير باب بيت
"""

GENERIC = frozenset(key(word) for word in _WORDS.split()) | {""}
