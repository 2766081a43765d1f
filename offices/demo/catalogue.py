"""Demo services: what they cost, how long they take and what to bring (domain.md B1, B3).

Fees and days are those of the sources named; dates are given only where a source has them, and
otherwise lie at the beginning of these data.
"""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from offices.demo.materials import (
    COLLECTOR,
    ENDORSEMENT,
    FIRST,
    FOREIGNER,
    ID_CARD,
    RECEIPT,
    RENEWAL,
    REPLACEMENT,
)
from offices.demo.shapes import Guide, Line, Offer
from offices.enums import Audience, Document, Matter, ServiceMode
from offices.models.catalogue import Material

BEGINNING = dt.date(2018, 1, 1)
# Xiamen, 2018-05-03: across provinces 20 days instead of 30 (XM-06).
SHORTENED = dt.date(2018, 5, 1)
ACROSS_PROVINCES, ACROSS_PROVINCES_BEFORE = 20, 30
# 发改价格〔2019〕914号 lowered the fees of passports and HK & Macao permits from this day.
LOWERED = dt.date(2019, 7, 1)

FEES_2017 = "发改价格〔2017〕1186号"
FEES_2019 = "发改价格〔2019〕914号"
FEES_TAIWAN = "发改价格规〔2019〕1931号"
EXIT_ENTRY_LAW = "出境入境管理法"


LINES = (
    Line("mainland", "内地居民证件", "Mainland residents"),
    Line("foreigners", "外国人签证证件", "Foreign nationals"),
    Line("collection", "证件领取", "Document collection"),
    Line("household", "居民身份证", "Resident ID cards"),
)

# --- Advice ------------------------------------------------------------------------------------

IN_PERSON = (
    "首次申请须本人到场。年满16周岁须采集指纹。",
    "Come in person. Fingerprints are taken from the age of 16.",
)
HKM_FEES = (
    "香港、澳门签注分别收费：一次15元，二次30元，多次按有效期80至240元。"
    "持卡式通行证再次申请旅游签注，可在智能签注机自助办理，无需预约。",
    "Endorsements for Hong Kong and Macao are charged separately: one entry 15 yuan, two 30, "
    "several 80 to 240 by validity. With a card-form permit you can renew a tourist endorsement "
    "at a smart endorsement machine, without an appointment.",
)
TAIWAN_FEES = (
    "一次签注15元，多次签注80元。",
    "One entry 15 yuan, several 80.",
)
VISA_ADVICE = (
    "请在停留期届满7日前申请。费用按对等原则收取，以窗口告知为准。",
    "Apply at least 7 days before your stay ends. The fee depends on your nationality; "
    "the counter will tell you.",
)
RESIDENCE_ADVICE = (
    "请自入境之日起30日内申请；延期请在届满30日前申请。"
    "公安机关自收到材料之日起15日内作出决定。费用按对等原则收取，以窗口告知为准。",
    "Apply within 30 days of entry; for an extension, at least 30 days before the permit "
    "expires. The decision is taken within 15 days of receiving your materials. The fee "
    "depends on your nationality; the counter will tell you.",
)
STAY_ADVICE = (
    "停留证件的停留期最长180日。费用以窗口告知为准。",
    "A stay permit is valid for at most 180 days. The counter will tell you the fee.",
)

HOUSEHOLD_ADVICE = (
    "居民身份证由公安户政部门办理。广东省可用粤居码“一码通办”；其他地方请咨询当地派出所。",
    "Identity cards are issued by the household police. In Guangdong the Yueju code covers it "
    "all; elsewhere, ask the local police station.",
)


def _guide(
    fee: int | None,
    days: int | None,
    materials: tuple[Material, ...],
    source: str,
    valid_from: dt.date = BEGINNING,
    advice: tuple[str, str] = ("", ""),
) -> Guide:
    amount = None if fee is None else Decimal(fee)
    return Guide(amount, days, materials, source, valid_from, *advice)


def _shortened(*guides: Guide) -> tuple[Guide, ...]:
    """With the days across provinces, and the guide of the day on which these became fewer."""
    first, *later = guides
    return (
        replace(first, days_elsewhere=ACROSS_PROVINCES_BEFORE),
        replace(first, valid_from=SHORTENED, days_elsewhere=ACROSS_PROVINCES),
        *(replace(guide, days_elsewhere=ACROSS_PROVINCES) for guide in later),
    )


def _passport(
    materials: tuple[Material, ...], advice: tuple[str, str] = ("", "")
) -> tuple[Guide, ...]:
    return _shortened(
        _guide(160, 7, materials, FEES_2017, BEGINNING, advice),
        _guide(120, 7, materials, FEES_2019, LOWERED, advice),
    )


def _hkm_permit(
    materials: tuple[Material, ...], advice: tuple[str, str] = ("", "")
) -> tuple[Guide, ...]:
    return _shortened(
        _guide(80, 7, materials, FEES_2017, BEGINNING, advice),
        _guide(60, 7, materials, FEES_2019, LOWERED, advice),
    )


def _mainland(
    code: str,
    names: tuple[str, str],
    document: Document,
    matter: Matter,
    guides: tuple[Guide, ...],
) -> Offer:
    modes = tuple(ServiceMode)
    return Offer(code, *names, "mainland", document, matter, Audience.MAINLAND, guides, modes)


def _foreign(
    code: str,
    names: tuple[str, str],
    document: Document,
    matter: Matter,
    guides: tuple[Guide, ...],
) -> Offer:
    return Offer(code, *names, "foreigners", document, matter, Audience.FOREIGN, guides)


SERVICES = (
    _mainland(
        "passport-first",
        ("普通护照首次申请", "Ordinary passport: first issue"),
        Document.PASSPORT,
        Matter.FIRST_ISSUE,
        _passport(FIRST, IN_PERSON),
    ),
    _mainland(
        "passport-renewal",
        ("普通护照换发", "Ordinary passport: renewal"),
        Document.PASSPORT,
        Matter.RENEWAL,
        _passport(RENEWAL),
    ),
    _mainland(
        "passport-replacement",
        ("普通护照补发", "Ordinary passport: replacement"),
        Document.PASSPORT,
        Matter.REPLACEMENT,
        _passport(REPLACEMENT),
    ),
    _mainland(
        "hkm-permit-first",
        ("往来港澳通行证首次申请", "HK & Macao travel permit: first issue"),
        Document.HKM_PERMIT,
        Matter.FIRST_ISSUE,
        _hkm_permit(FIRST, IN_PERSON),
    ),
    _mainland(
        "hkm-permit-renewal",
        ("往来港澳通行证换发", "HK & Macao travel permit: renewal"),
        Document.HKM_PERMIT,
        Matter.RENEWAL,
        _hkm_permit(RENEWAL),
    ),
    _mainland(
        "hkm-endorsement",
        ("往来港澳签注", "HK & Macao endorsement"),
        Document.HKM_PERMIT,
        Matter.RE_ENDORSEMENT,
        _shortened(_guide(15, 3, ENDORSEMENT, FEES_2017, BEGINNING, HKM_FEES)),
    ),
    _mainland(
        "tw-permit-first",
        ("往来台湾通行证首次申请", "Taiwan travel permit: first issue"),
        Document.TW_PERMIT,
        Matter.FIRST_ISSUE,
        _shortened(_guide(60, 5, FIRST, FEES_TAIWAN, BEGINNING, IN_PERSON)),
    ),
    _mainland(
        "tw-permit-renewal",
        ("往来台湾通行证换发", "Taiwan travel permit: renewal"),
        Document.TW_PERMIT,
        Matter.RENEWAL,
        _shortened(_guide(60, 5, RENEWAL, FEES_TAIWAN)),
    ),
    _mainland(
        "tw-endorsement",
        ("往来台湾签注（含赴金门、马祖、澎湖）", "Taiwan endorsement (also Kinmen, Matsu, Penghu)"),
        Document.TW_PERMIT,
        Matter.RE_ENDORSEMENT,
        _shortened(_guide(15, 3, ENDORSEMENT, FEES_TAIWAN, BEGINNING, TAIWAN_FEES)),
    ),
    _foreign(
        "visa-extension",
        ("外国人签证延期、换发、补发", "Visa extension, renewal and replacement"),
        Document.VISA,
        Matter.EXTENSION,
        (_guide(None, 7, FOREIGNER, EXIT_ENTRY_LAW, BEGINNING, VISA_ADVICE),),
    ),
    _foreign(
        "residence-permit",
        ("外国人居留许可", "Residence permit"),
        Document.RESIDENCE_PERMIT,
        Matter.FIRST_ISSUE,
        (_guide(None, None, FOREIGNER, EXIT_ENTRY_LAW, BEGINNING, RESIDENCE_ADVICE),),
    ),
    _foreign(
        "stay-permit",
        ("外国人停留证件", "Stay permit"),
        Document.STAY_PERMIT,
        Matter.FIRST_ISSUE,
        (_guide(None, None, FOREIGNER, EXIT_ENTRY_LAW, BEGINNING, STAY_ADVICE),),
    ),
    Offer(
        "collection",
        "证件领取",
        "Document collection",
        "collection",
        Document.COLLECTION,
        Matter.COLLECTION,
        Audience.ANYONE,
        (_guide(0, None, (RECEIPT, COLLECTOR), ""),),
    ),
    Offer(
        "id-card-renewal",
        "居民身份证换领",
        "Resident ID card: renewal",
        "household",
        Document.ID_CARD,
        Matter.RENEWAL,
        Audience.MAINLAND,
        (_guide(None, None, (ID_CARD,), "", BEGINNING, HOUSEHOLD_ADVICE),),
        (),
        ("https://www.gdzwfw.gov.cn/", "广东省：粤居码", "Guangdong: Yueju code"),
    ),
)

MAINLAND_SERVICES = tuple(offer.code for offer in SERVICES if offer.line == "mainland")
FOREIGN_SERVICES = tuple(offer.code for offer in SERVICES if offer.line == "foreigners")
COLLECTION = ("collection",)
TAIWAN_ENDORSEMENT = "tw-endorsement"
