"""What to bring (domain.md B3)."""

from offices.enums import MaterialFor
from offices.models.catalogue import Material

FORM: Material = {
    "name": "中国公民出入境证件申请表",
    "name_en": "Application form for exit-entry documents",
    "note": "可在大厅填写；同时办理多种证件只填一张表",
    "note_en": "May be filled in at the hall; one form covers several documents",
}
ID_CARD: Material = {
    "name": "居民身份证",
    "name_en": "Resident ID card",
    "note": "换领期间可用临时居民身份证",
    "note_en": "A temporary ID card will do while yours is being renewed",
}
PHOTO: Material = {
    "name": "符合标准的证件照（或照片回执）",
    "name_en": "Photo to the standard (or photo receipt)",
    "note": "大厅可现场拍摄",
    "note_en": "Can be taken at the hall",
}
GUARDIAN: Material = {
    "name": "监护人身份证件和监护关系证明",
    "name_en": "Guardian's ID and proof of guardianship",
    "note": "未满16周岁须由监护人陪同；证明为出生医学证明或户口簿",
    "note_en": "Under 16, come with a guardian; proof is a birth certificate or household register",
    "only": MaterialFor.UNDER_16,
}
CONSENT: Material = {
    "name": "所在单位同意办证的函",
    "name_en": "Employer's letter of consent",
    "note": "登记备案的国家工作人员、现役军人须提供",
    "note_en": "For registered state staff and members of the armed forces",
    "only": MaterialFor.STATE_STAFF,
}
PREVIOUS: Material = {
    "name": "原证件",
    "name_en": "The previous document",
    "note": "",
    "note_en": "",
}
LOSS: Material = {
    "name": "遗失、损毁或者被盗情况说明",
    "name_en": "Statement of the loss, damage or theft",
    "note": "证件损毁的，一并带来原证件",
    "note_en": "Bring the document as well if it is damaged",
}
PERMIT: Material = {
    "name": "有效的通行证",
    "name_en": "Valid travel permit",
    "note": "有效期不足的，请先换发",
    "note_en": "Renew it first if it is about to expire",
}
PURPOSE: Material = {
    "name": "与申请事由相应的证明材料",
    "name_en": "Proof of the purpose of travel",
    "note": "探亲、商务、逗留、人才等签注须提供，旅游签注不需要",
    "note_en": "For family visits, business, stays and talent; not for tourism",
    "only": MaterialFor.WITH_PURPOSE,
}
FOREIGN_PASSPORT: Material = {
    "name": "有效护照或者其他国际旅行证件",
    "name_en": "Valid passport or other international travel document",
    "note": "",
    "note_en": "",
}
VISA_FORM: Material = {
    "name": "外国人签证证件申请表",
    "name_en": "Visa and permit application form for foreigners",
    "note": "可在大厅填写",
    "note_en": "May be filled in at the hall",
}
LODGING: Material = {
    "name": "住宿登记证明",
    "name_en": "Accommodation registration",
    "note": "请先办理住宿登记",
    "note_en": "Register your accommodation first",
}
REASON: Material = {
    "name": "与申请事由相应的证明材料",
    "name_en": "Proof of the purpose of your stay",
    "note": "",
    "note_en": "",
}
RECEIPT: Material = {
    "name": "受理回执",
    "name_en": "Acceptance receipt",
    "note": "",
    "note_en": "",
}
COLLECTOR: Material = {
    "name": "领取人身份证件",
    "name_en": "ID of the person collecting",
    "note": "代领的，带代领人和申请人的身份证件",
    "note_en": "When collecting for somebody, bring both IDs",
}

FIRST = (FORM, ID_CARD, PHOTO, GUARDIAN, CONSENT)
RENEWAL = (FORM, ID_CARD, PHOTO, PREVIOUS, GUARDIAN, CONSENT)
REPLACEMENT = (FORM, ID_CARD, PHOTO, LOSS, GUARDIAN, CONSENT)
ENDORSEMENT = (FORM, ID_CARD, PERMIT, PURPOSE, GUARDIAN, CONSENT)
FOREIGNER = (FOREIGN_PASSPORT, VISA_FORM, PHOTO, LODGING, REASON)
