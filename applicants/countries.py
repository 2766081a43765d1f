"""Countries for passports: ISO 3166-1 alpha-2 codes with names in Chinese and English."""

from django.utils.translation import get_language, gettext

_TABLE = """
AF 阿富汗 Afghanistan
AL 阿尔巴尼亚 Albania
DZ 阿尔及利亚 Algeria
AD 安道尔 Andorra
AO 安哥拉 Angola
AG 安提瓜和巴布达 Antigua and Barbuda
AR 阿根廷 Argentina
AM 亚美尼亚 Armenia
AU 澳大利亚 Australia
AT 奥地利 Austria
AZ 阿塞拜疆 Azerbaijan
BS 巴哈马 Bahamas
BH 巴林 Bahrain
BD 孟加拉国 Bangladesh
BB 巴巴多斯 Barbados
BY 白俄罗斯 Belarus
BE 比利时 Belgium
BZ 伯利兹 Belize
BJ 贝宁 Benin
BT 不丹 Bhutan
BO 玻利维亚 Bolivia
BA 波斯尼亚和黑塞哥维那 Bosnia and Herzegovina
BW 博茨瓦纳 Botswana
BR 巴西 Brazil
BN 文莱 Brunei
BG 保加利亚 Bulgaria
BF 布基纳法索 Burkina Faso
BI 布隆迪 Burundi
CV 佛得角 Cabo Verde
KH 柬埔寨 Cambodia
CM 喀麦隆 Cameroon
CA 加拿大 Canada
CF 中非 Central African Republic
TD 乍得 Chad
CL 智利 Chile
CN 中国 China
CO 哥伦比亚 Colombia
KM 科摩罗 Comoros
CG 刚果（布） Congo
CD 刚果（金） Congo (Democratic Republic)
CK 库克群岛 Cook Islands
CR 哥斯达黎加 Costa Rica
CI 科特迪瓦 Côte d'Ivoire
HR 克罗地亚 Croatia
CU 古巴 Cuba
CY 塞浦路斯 Cyprus
CZ 捷克 Czechia
DK 丹麦 Denmark
DJ 吉布提 Djibouti
DM 多米尼克 Dominica
DO 多米尼加 Dominican Republic
EC 厄瓜多尔 Ecuador
EG 埃及 Egypt
SV 萨尔瓦多 El Salvador
GQ 赤道几内亚 Equatorial Guinea
ER 厄立特里亚 Eritrea
EE 爱沙尼亚 Estonia
SZ 斯威士兰 Eswatini
ET 埃塞俄比亚 Ethiopia
FJ 斐济 Fiji
FI 芬兰 Finland
FR 法国 France
GA 加蓬 Gabon
GM 冈比亚 Gambia
GE 格鲁吉亚 Georgia
DE 德国 Germany
GH 加纳 Ghana
GR 希腊 Greece
GD 格林纳达 Grenada
GT 危地马拉 Guatemala
GN 几内亚 Guinea
GW 几内亚比绍 Guinea-Bissau
GY 圭亚那 Guyana
HT 海地 Haiti
VA 梵蒂冈 Holy See
HN 洪都拉斯 Honduras
HU 匈牙利 Hungary
IS 冰岛 Iceland
IN 印度 India
ID 印度尼西亚 Indonesia
IR 伊朗 Iran
IQ 伊拉克 Iraq
IE 爱尔兰 Ireland
IL 以色列 Israel
IT 意大利 Italy
JM 牙买加 Jamaica
JP 日本 Japan
JO 约旦 Jordan
KZ 哈萨克斯坦 Kazakhstan
KE 肯尼亚 Kenya
KI 基里巴斯 Kiribati
KP 朝鲜 Korea (DPRK)
KR 韩国 Korea (Republic)
KW 科威特 Kuwait
KG 吉尔吉斯斯坦 Kyrgyzstan
LA 老挝 Laos
LV 拉脱维亚 Latvia
LB 黎巴嫩 Lebanon
LS 莱索托 Lesotho
LR 利比里亚 Liberia
LY 利比亚 Libya
LI 列支敦士登 Liechtenstein
LT 立陶宛 Lithuania
LU 卢森堡 Luxembourg
MG 马达加斯加 Madagascar
MW 马拉维 Malawi
MY 马来西亚 Malaysia
MV 马尔代夫 Maldives
ML 马里 Mali
MT 马耳他 Malta
MH 马绍尔群岛 Marshall Islands
MR 毛里塔尼亚 Mauritania
MU 毛里求斯 Mauritius
MX 墨西哥 Mexico
FM 密克罗尼西亚 Micronesia
MD 摩尔多瓦 Moldova
MC 摩纳哥 Monaco
MN 蒙古 Mongolia
ME 黑山 Montenegro
MA 摩洛哥 Morocco
MZ 莫桑比克 Mozambique
MM 缅甸 Myanmar
NA 纳米比亚 Namibia
NR 瑙鲁 Nauru
NP 尼泊尔 Nepal
NL 荷兰 Netherlands
NZ 新西兰 New Zealand
NI 尼加拉瓜 Nicaragua
NE 尼日尔 Niger
NG 尼日利亚 Nigeria
NU 纽埃 Niue
MK 北马其顿 North Macedonia
NO 挪威 Norway
OM 阿曼 Oman
PK 巴基斯坦 Pakistan
PW 帕劳 Palau
PS 巴勒斯坦 Palestine
PA 巴拿马 Panama
PG 巴布亚新几内亚 Papua New Guinea
PY 巴拉圭 Paraguay
PE 秘鲁 Peru
PH 菲律宾 Philippines
PL 波兰 Poland
PT 葡萄牙 Portugal
QA 卡塔尔 Qatar
RO 罗马尼亚 Romania
RU 俄罗斯 Russia
RW 卢旺达 Rwanda
KN 圣基茨和尼维斯 Saint Kitts and Nevis
LC 圣卢西亚 Saint Lucia
VC 圣文森特和格林纳丁斯 Saint Vincent and the Grenadines
WS 萨摩亚 Samoa
SM 圣马力诺 San Marino
ST 圣多美和普林西比 Sao Tome and Principe
SA 沙特阿拉伯 Saudi Arabia
SN 塞内加尔 Senegal
RS 塞尔维亚 Serbia
SC 塞舌尔 Seychelles
SL 塞拉利昂 Sierra Leone
SG 新加坡 Singapore
SK 斯洛伐克 Slovakia
SI 斯洛文尼亚 Slovenia
SB 所罗门群岛 Solomon Islands
SO 索马里 Somalia
ZA 南非 South Africa
SS 南苏丹 South Sudan
ES 西班牙 Spain
LK 斯里兰卡 Sri Lanka
SD 苏丹 Sudan
SR 苏里南 Suriname
SE 瑞典 Sweden
CH 瑞士 Switzerland
SY 叙利亚 Syria
TJ 塔吉克斯坦 Tajikistan
TZ 坦桑尼亚 Tanzania
TH 泰国 Thailand
TL 东帝汶 Timor-Leste
TG 多哥 Togo
TO 汤加 Tonga
TT 特立尼达和多巴哥 Trinidad and Tobago
TN 突尼斯 Tunisia
TR 土耳其 Türkiye
TM 土库曼斯坦 Turkmenistan
TV 图瓦卢 Tuvalu
UG 乌干达 Uganda
UA 乌克兰 Ukraine
AE 阿联酋 United Arab Emirates
GB 英国 United Kingdom
US 美国 United States
UY 乌拉圭 Uruguay
UZ 乌兹别克斯坦 Uzbekistan
VU 瓦努阿图 Vanuatu
VE 委内瑞拉 Venezuela
VN 越南 Viet Nam
YE 也门 Yemen
ZM 赞比亚 Zambia
ZW 津巴布韦 Zimbabwe
"""

_COUNTRIES = [line.split(" ", 2) for line in _TABLE.strip().splitlines()]


def country_choices() -> list[tuple[str, str]]:
    """Choices for a form, in the order of the reader's language, with an empty one first."""
    if (get_language() or "").startswith("en"):
        named = [(code, english) for code, _chinese, english in _COUNTRIES]
    else:
        # GB 18030 keeps the common characters in the order of their pinyin.
        chinese = sorted(_COUNTRIES, key=lambda country: country[1].encode("gb18030"))
        named = [(code, name) for code, name, _english in chinese]
    return [("", gettext("Choose a country")), *named]


def country_name(code: str) -> str:
    """In the reader's language; the code itself when it is unknown."""
    return dict(country_choices()).get(code, code) if code else ""
