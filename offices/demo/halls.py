"""Demo offices: the real halls of the five cities (domain.md G), with demo hours and counters.

Names are as their cities use them. Addresses are from third parties (grade C) and marked as
unconfirmed, or left empty. Hours that no source gives are made up for the demonstration.
"""

from offices.demo.catalogue import (
    COLLECTION,
    FOREIGN_SERVICES,
    MAINLAND_SERVICES,
    TAIWAN_ENDORSEMENT,
)
from offices.demo.cities import (
    FOSHAN,
    FOSHAN_HOURS,
    HARBIN,
    HARBIN_CITY_HOURS,
    HARBIN_HOURS,
    JINJIANG,
    JINJIANG_HOURS,
    SHUNDE_HOURS,
    WUHAN,
    WUHAN_HOURS,
    XIAMEN,
    XIAMEN_HOURS,
    XIAMEN_SATURDAY,
)
from offices.demo.shapes import Hall
from offices.enums import Feature, OfficeKind

ALL_SERVICES = (*MAINLAND_SERVICES, *FOREIGN_SERVICES, *COLLECTION)
MAINLAND_AND_COLLECTION = (*MAINLAND_SERVICES, *COLLECTION)
WITHOUT_TAIWAN_ENDORSEMENT = tuple(
    code for code in MAINLAND_AND_COLLECTION if code != TAIWAN_ENDORSEMENT
)


def _xiamen_point(
    code: str, name: str, name_en: str, district: str, district_en: str, services: tuple[str, ...]
) -> Hall:
    return Hall(
        code,
        name,
        name_en,
        XIAMEN,
        district,
        district_en,
        XIAMEN_HOURS,
        {"mainland": 6, "collection": 1},
        services,
        OfficeKind.EXTENSION,
        "xiamen-zhenhai",
    )


def _foshan_hall(
    code: str, name: str, name_en: str, district: str, district_en: str, counters: int
) -> Hall:
    return Hall(
        code,
        name,
        name_en,
        FOSHAN,
        district,
        district_en,
        FOSHAN_HOURS,
        {"mainland": counters, "foreigners": 2, "collection": 2},
        ALL_SERVICES,
        features=(Feature.SMART_ENDORSEMENT,),
    )


def _harbin_hall(
    code: str,
    name: str,
    name_en: str,
    district: str,
    district_en: str,
    address: str = "",
    address_en: str = "",
) -> Hall:
    return Hall(
        code,
        name,
        name_en,
        HARBIN,
        district,
        district_en,
        HARBIN_HOURS,
        {"mainland": 8, "collection": 1},
        MAINLAND_AND_COLLECTION,
        address=address,
        address_en=address_en,
        features=(Feature.FREE_PHOTOS,),
    )


HALLS = (
    Hall(
        "xiamen-zhenhai",
        "厦门出入境办证大厅（镇海路）",
        "Xiamen Exit-Entry Hall (Zhenhai Road)",
        XIAMEN,
        "思明区",
        "Siming",
        (*XIAMEN_HOURS, XIAMEN_SATURDAY),
        {"mainland": 20, "foreigners": 4, "collection": 4},
        ALL_SERVICES,
        address="镇海路64号之一",
        address_en="64-1 Zhenhai Road",
        features=(
            Feature.FREE_COPYING,
            Feature.FREE_PHOTOS,
            Feature.FORM_KIOSKS,
            Feature.SMART_ENDORSEMENT,
            Feature.COURIER_DESK,
        ),
    ),
    _xiamen_point(
        "xiamen-wuyuanwan",
        "五缘湾办证中心",
        "Wuyuan Bay Service Centre",
        "湖里区",
        "Huli",
        MAINLAND_AND_COLLECTION,
    ),
    _xiamen_point(
        "xiamen-jimei",
        "集美行政服务中心",
        "Jimei Administrative Service Centre",
        "集美区",
        "Jimei",
        WITHOUT_TAIWAN_ENDORSEMENT,
    ),
    _xiamen_point(
        "xiamen-tongan",
        "同安行政服务中心",
        "Tong'an Administrative Service Centre",
        "同安区",
        "Tong'an",
        WITHOUT_TAIWAN_ENDORSEMENT,
    ),
    _xiamen_point(
        "xiamen-haicang",
        "海沧行政服务中心",
        "Haicang Administrative Service Centre",
        "海沧区",
        "Haicang",
        WITHOUT_TAIWAN_ENDORSEMENT,
    ),
    _xiamen_point(
        "xiamen-xiangan",
        "翔安公安分局",
        "Xiang'an Public Security Branch",
        "翔安区",
        "Xiang'an",
        WITHOUT_TAIWAN_ENDORSEMENT,
    ),
    Hall(
        "jinjiang",
        "晋江市政务服务中心出入境接待大厅",
        "Jinjiang Government Service Centre, Exit-Entry Hall",
        JINJIANG,
        "",
        "",
        JINJIANG_HOURS,
        {"mainland": 8, "foreigners": 2, "collection": 2},
        ALL_SERVICES,
        features=(Feature.SMART_ENDORSEMENT,),
    ),
    Hall(
        "foshan-shunde",
        "顺德公安分局出入境办证大厅",
        "Shunde Exit-Entry Hall",
        FOSHAN,
        "顺德区",
        "Shunde",
        SHUNDE_HOURS,
        {"mainland": 14, "foreigners": 3, "collection": 2},
        ALL_SERVICES,
        features=(Feature.SMART_ENDORSEMENT,),
    ),
    _foshan_hall(
        "foshan-chancheng",
        "禅城出入境接待大厅",
        "Chancheng Exit-Entry Hall",
        "禅城区",
        "Chancheng",
        12,
    ),
    _foshan_hall(
        "foshan-nanhai", "南海出入境接待大厅", "Nanhai Exit-Entry Hall", "南海区", "Nanhai", 12
    ),
    _foshan_hall(
        "foshan-sanshui", "三水出入境接待大厅", "Sanshui Exit-Entry Hall", "三水区", "Sanshui", 6
    ),
    Hall(
        "harbin-city",
        "哈尔滨市公安局出入境接待大厅",
        "Harbin City Exit-Entry Hall",
        HARBIN,
        "道里区",
        "Daoli",
        HARBIN_CITY_HOURS,
        {"mainland": 16, "foreigners": 4, "collection": 3},
        ALL_SERVICES,
        address="经纬头道街6号",
        address_en="6 Jingwei Toudao Street",
        features=(Feature.FREE_PHOTOS, Feature.FORM_KIOSKS),
    ),
    _harbin_hall(
        "harbin-daoli",
        "道里出入境接待大厅",
        "Daoli Exit-Entry Hall",
        "道里区",
        "Daoli",
        "紫园路6-2号",
        "6-2 Ziyuan Road",
    ),
    _harbin_hall(
        "harbin-daowai",
        "道外出入境接待大厅",
        "Daowai Exit-Entry Hall",
        "道外区",
        "Daowai",
        "丰润街107号",
        "107 Fengrun Street",
    ),
    _harbin_hall(
        "harbin-xiangfang",
        "香坊出入境接待大厅",
        "Xiangfang Exit-Entry Hall",
        "香坊区",
        "Xiangfang",
        "哈平路90号",
        "90 Haping Road",
    ),
    _harbin_hall(
        "harbin-nangang",
        "南岗出入境接待大厅",
        "Nangang Exit-Entry Hall",
        "南岗区",
        "Nangang",
        "公安街",
        "Gong'an Street",
    ),
    _harbin_hall("harbin-hulan", "呼兰出入境接待大厅", "Hulan Exit-Entry Hall", "呼兰区", "Hulan"),
    Hall(
        "wuhan-dongxihu",
        "东西湖区出入境接待大厅（区政务服务中心）",
        "Dongxihu Exit-Entry Hall (District Government Service Centre)",
        WUHAN,
        "东西湖区",
        "Dongxihu",
        WUHAN_HOURS,
        {"mainland": 10, "foreigners": 2, "collection": 2},
        ALL_SERVICES,
        features=(Feature.FREE_COPYING, Feature.SMART_ENDORSEMENT),
    ),
)
