"""The texts that gateways have us register, by kind of message and what tells its texts apart.

The sender's signature, in 【】, comes before each; the gateway adds it.
"""

import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Template:
    chinese: str
    english: str

    @cached_property
    def gaps(self) -> list[str]:
        """In the order of the text, which is the same in each language."""
        return re.findall(r"\$\{(\w+)\}", self.chinese)

    def text(self, language: str) -> str:
        return self.english if language == "en" else self.chinese


TEMPLATES = {
    "sign_in_code": Template(
        "您的登录验证码为${code}，${minutes}分钟内有效。请勿告诉他人，工作人员不会向您索要。",
        "Your sign-in code is ${code}, valid for ${minutes} minutes. Tell it to nobody.",
    ),
    "sign_in_code_contact": Template(
        "您的通知方式验证码为${code}，${minutes}分钟内有效。请勿告诉他人，工作人员不会向您索要。",
        "Your code for being told here is ${code}, valid for ${minutes} minutes. "
        "Tell it to nobody.",
    ),
    "confirmed": Template(
        "您已预约${time}到${office}办理，预约号${number}。请凭身份证件取号。咨询电话12367。",
        "You have booked ${time}, ${office}, booking number ${number}. "
        "Take your number there with your identity document. Questions: 12367.",
    ),
    "confirmed_code": Template(
        "您已预约${time}到${office}办理，预约号${number}，管理码${code}，"
        "凭此可在网站查看、改期或取消。咨询电话12367。",
        "You have booked ${time}, ${office}, booking number ${number}. Management code ${code}: "
        "with it you can see, move or cancel it on our website. Questions: 12367.",
    ),
    "rescheduled": Template(
        "您的预约已改为${time}到${office}办理，预约号${number}，原时间不再保留。咨询电话12367。",
        "Your booking has moved to ${time}, ${office}, booking number ${number}. "
        "The earlier time no longer holds. Questions: 12367.",
    ),
    "cancelled": Template(
        "您${time}在${office}的预约（预约号${number}）已取消。"
        "如仍需办理，可重新预约或到现场取号。咨询电话12367。",
        "Your booking is cancelled: ${time}, ${office}, booking number ${number}. If you still "
        "need to come, book again or take a walk-in number. Questions: 12367.",
    ),
    "party_reduced": Template(
        "您${time}到${office}的预约（预约号${number}）人数已减为${places}人，其余人员的预约不变。"
        "咨询电话12367。",
        "Your booking for ${time}, ${office}, booking number ${number}, is for ${places} now. "
        "It stays for the others. Questions: 12367.",
    ),
    "reminder_day": Template(
        "请记得按时办证：${time}，${office}，预约号${number}。请带齐：${things}。"
        "如不能前来请及时取消。咨询电话12367。",
        "Reminder of your appointment: ${time}, ${office}, booking number ${number}. "
        "Please bring: ${things}. If you can't come, please cancel. Questions: 12367.",
    ),
    "reminder_hours": Template(
        "您预约的时间快到了：${time}，${office}，预约号${number}。请带齐：${things}。"
        "如果迟到，可领取现场号继续办理。",
        "Your appointment is soon: ${time}, ${office}, booking number ${number}. "
        "Please bring: ${things}. If you are late, you are served with a walk-in number.",
    ),
    "no_show": Template(
        "您未在${time}到${office}办理，预约号${number}。如仍需办理，可重新预约或到现场取号。"
        "今后不能前来时请提前取消。",
        "You missed your appointment: ${time}, ${office}, booking number ${number}. Book again or "
        "take a walk-in number. Next time, please cancel when you can't come.",
    ),
    "suspended": Template(
        "因${count}次预约未到，${date}前您不能在网上预约。现场取号、电话预约和急事急办不受影响。"
        "如有异议，可在“我的预约”申诉，或拨打12367。",
        "After ${count} missed appointments you can't book online until ${date}. Walk-in, phone "
        "and urgent service stay open. To appeal see My bookings, or call 12367.",
    ),
    "appeal_decided_upheld": Template(
        "您的申诉已通过，可以重新在网上预约。答复：${answer}。咨询电话12367。",
        "Your appeal was upheld: you can book online again. Answer: ${answer}. Questions: 12367.",
    ),
    "appeal_decided_rejected": Template(
        "您的申诉未通过，暂停网上预约维持不变。答复：${answer}。现场取号、电话预约不受影响。"
        "咨询电话12367。",
        "Your appeal was looked at, and the suspension stays. Answer: ${answer}. Walk-in numbers "
        "and booking by phone stay open to you. Questions: 12367.",
    ),
    "office_notice": Template(
        "关于您${time}到${office}的预约（预约号${number}）：${answer}。咨询电话12367。",
        "About your appointment ${time}, ${office}, booking number ${number}: ${answer}. "
        "Questions: 12367.",
    ),
    "waiting_offer": Template(
        "您候补的名额有了：${time}，${office}，预约号${number}。为您保留至${until}，"
        "请登录网站，在“我的预约”中接受。",
        "A place has come free for you: ${time}, ${office}, booking number ${number}. Held until "
        "${until}: sign in and accept it under My bookings.",
    ),
    "waiting_ended_unanswered": Template(
        "为您保留的名额两次未答复，已为您退出候补。如仍需办理，可重新预约或到现场取号。",
        "Two places offered to you went by unanswered, so you are off the waiting list. "
        "Book again or take a walk-in number.",
    ),
    "waiting_ended_in_vain": Template(
        "您候补的${days}没有空出名额，候补已结束。如仍需办理，可重新预约或到现场取号。",
        "No place came free for you on ${days}, so the waiting list is over. "
        "Book again or take a walk-in number.",
    ),
    "earlier_place": Template(
        "有更早的时间：${until}。您现有预约：${time}，${office}，预约号${number}。"
        "如需提前，请登录网站在“我的预约”改期。",
        "An earlier time is free: ${until}. Your booking holds: ${time}, ${office}, booking number "
        "${number}. To come earlier, sign in and move it under My bookings.",
    ),
    "urgent_news_asked": Template(
        "已收到您的急办申请${number}，将于${date}前答复。咨询电话12367。",
        "We have your urgent request ${number}. You get an answer by ${date}. Questions: 12367.",
    ),
    "urgent_news_more_needed": Template(
        "您的急办申请${number}需要补充材料：${answer}。请登录网站，在“我的申请”中补充。",
        "Your urgent request ${number} needs more evidence: ${answer}. "
        "Sign in and add it under My requests.",
    ),
    "urgent_news_more_needed_desk": Template(
        "您的急办申请${number}需要补充材料：${answer}。请到${office}补交，或致电12367咨询。",
        "Your urgent request ${number} needs more evidence: ${answer}. "
        "To add it, come to ${office} or call 12367.",
    ),
    "urgent_news_approved": Template(
        "您的急办申请${number}已通过：${answer}。无需预约，"
        "请带身份证件和证明材料原件到${office}办理。",
        "Your urgent request ${number} is approved: ${answer}. Come without a booking, with your "
        "identity document and the originals, to ${office}.",
    ),
    "urgent_news_rejected": Template(
        "您的急办申请${number}未通过：${answer}。您可以预约办理或到现场取号。咨询电话12367。",
        "Your urgent request ${number} was not approved: ${answer}. "
        "You can book an appointment or come without one. Questions: 12367.",
    ),
    "urgent_news_done": Template(
        "您的急办申请${number}已办结，后续请按窗口告知办理。咨询电话12367。",
        "Your urgent request ${number} is done. Follow what the counter told you. "
        "Questions: 12367.",
    ),
    "home_visit_news_asked": Template(
        "已收到您的上门办理申请${number}，我们将尽快答复。咨询电话12367。",
        "We have your request for a home visit ${number}. The office answers soon. "
        "Questions: 12367.",
    ),
    "home_visit_news_approved": Template(
        "您的上门办理申请${number}已通过：${answer}。具体日期另行通知。咨询电话12367。",
        "Your home visit ${number} is approved: ${answer}. The office arranges the day and tells "
        "you. Questions: 12367.",
    ),
    "home_visit_news_rejected": Template(
        "您的上门办理申请${number}未通过：${answer}。咨询电话12367。",
        "Your home visit ${number} was not approved: ${answer}. Questions: 12367.",
    ),
    "home_visit_news_assigned": Template(
        "您的上门办理${number}已安排在${until}，由两名工作人员上门，请查验工作证件。"
        "咨询电话12367。",
        "Your home visit ${number} is arranged: ${until}. Two members of our staff come; ask to "
        "see their service cards. Questions: 12367.",
    ),
    "home_visit_news_done": Template(
        "您的上门办理${number}已完成。咨询电话12367。",
        "Your home visit ${number} is done. Questions: 12367.",
    ),
    "renewal_due": Template(
        "您名单中有人的出入境证件将在${months}个月内到期，现在可以换发。不少情况无需到现场，"
        "网站会告诉您。咨询电话12367。",
        "A passport or permit of somebody in your list expires in ${months} months and may be "
        "renewed from now on. Often that takes no visit. Questions: 12367.",
    ),
    "account_deleted": Template(
        "您的账户和家人名单已删除，保留的预约请凭预约号和管理码办理。如非本人操作，请致电12367。",
        "Your account and your list of people are deleted. Appointments that you kept are managed "
        "with their number and code. If it wasn't you, call 12367.",
    ),
    "data_unused_account": Template(
        "您的账户长期未使用，将于${in_days}天后注销。如需保留，登录一次即可。咨询电话12367。",
        "You haven't used your account for long. It is deleted in ${in_days} days. To keep it, "
        "sign in once. Questions: 12367.",
    ),
    "data_unused_person": Template(
        "您名单中有人长期没有预约，将于${in_days}天后从名单中删除，需要时可重新添加。"
        "咨询电话12367。",
        "Somebody in your list hasn't had an appointment for long, and is deleted from it in "
        "${in_days} days. You can add them again at any time. Questions: 12367.",
    ),
}
