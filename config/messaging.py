"""Settings of the gateways by which messages leave. config/settings.py takes them over."""

from environ import Env

env = Env()

# The router hands each message to the gateway of its medium: text messages to the first of these
# that takes them, and so on. A medium without a gateway is offered to nobody.
SMS_GATEWAYS = env.list("SMS_GATEWAYS", default=[])
ALIBABA_SMS_KEY_ID = env.str("ALIBABA_SMS_KEY_ID", default="")
ALIBABA_SMS_KEY_SECRET = env.str("ALIBABA_SMS_KEY_SECRET", default="")
ALIBABA_SMS_SIGNATURE = env.str("ALIBABA_SMS_SIGNATURE", default="")
ALIBABA_SMS_TEMPLATES = env.json("ALIBABA_SMS_TEMPLATES", default={})
ALIBABA_SMS_ENDPOINT = env.str("ALIBABA_SMS_ENDPOINT", default="https://dysmsapi.aliyuncs.com")
TENCENT_SMS_KEY_ID = env.str("TENCENT_SMS_KEY_ID", default="")
TENCENT_SMS_KEY_SECRET = env.str("TENCENT_SMS_KEY_SECRET", default="")
TENCENT_SMS_APP_ID = env.str("TENCENT_SMS_APP_ID", default="")
TENCENT_SMS_SIGNATURE = env.str("TENCENT_SMS_SIGNATURE", default="")
TENCENT_SMS_TEMPLATES = env.json("TENCENT_SMS_TEMPLATES", default={})
TENCENT_SMS_REGION = env.str("TENCENT_SMS_REGION", default="ap-guangzhou")
TENCENT_SMS_ENDPOINT = env.str("TENCENT_SMS_ENDPOINT", default="https://sms.tencentcloudapi.com")
# E-mail leaves as soon as it has a sender.
globals().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_FROM = env.str("EMAIL_FROM", default="")
EMAIL_TIMEOUT = 5
WECHAT_APP_ID = env.str("WECHAT_APP_ID", default="")
WECHAT_APP_SECRET = env.str("WECHAT_APP_SECRET", default="")
WECHAT_TEMPLATES = env.json("WECHAT_TEMPLATES", default={})
WECHAT_ENDPOINT = env.str("WECHAT_ENDPOINT", default="https://api.weixin.qq.com")
