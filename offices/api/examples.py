"""Examples for the description of the API. All names and addresses are demo data."""

from drf_spectacular.utils import OpenApiExample

OFFICE = OpenApiExample(
    "An office",
    {
        "code": "xiamen-zhenhai",
        "name": "厦门出入境办证大厅",
        "name_en": "Xiamen Exit-Entry Hall",
        "city": "厦门",
        "city_en": "Xiamen",
        "district": "思明区",
        "district_en": "Siming",
        "address": "镇海路64号之一",
        "address_en": "64-1 Zhenhai Road",
        "address_confirmed": False,
        "phone": "",
        "timezone": "Asia/Shanghai",
        "kind": "hall",
        "lines": [{"code": "mainland", "name": "内地居民", "name_en": "Mainland residents"}],
        "services": ["passport-first", "hkm-permit-first"],
        "features": ["photo"],
        "note": "",
        "note_en": "",
        "demo": True,
    },
    response_only=True,
)
SERVICE = OpenApiExample(
    "A service",
    {
        "code": "passport-first",
        "name": "普通护照首次申请",
        "name_en": "First ordinary passport",
        "line": "mainland",
        "document": "passport",
        "matter": "first_issue",
        "audience": "mainland",
        "visit_needed": True,
        "fee": {"amount": "120.00", "currency": "CNY", "valid_from": "2019-07-01"},
        "working_days": 7,
        "working_days_elsewhere": 20,
        "modes": ["booked", "walk_in"],
        "external_url": "",
        "materials": [
            {
                "name": "居民身份证",
                "name_en": "Resident ID card",
                "note": "原件",
                "note_en": "Original",
            }
        ],
        "advice": "",
        "advice_en": "",
    },
    response_only=True,
)
