"""Enumerations of meetings that the program depends on."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BodyKind(models.TextChoices):
    """Which body meets; its quorum and its place in a chain follow from the rules in force, not from this."""

    PARTY = "party", _("党组织会议")
    ADMINISTRATION = "administration", _("校长办公会议")
    CONGRESS = "congress", _("教职工代表大会")
    OTHER = "other", _("其他会议")


class Presence(models.TextChoices):
    """Whether a person came. Unknown is not present."""

    UNKNOWN = "", _("未登记")
    PRESENT = "present", _("到会")
    ABSENT = "absent", _("缺席")


class AttendanceRole(models.TextChoices):
    """As what a person is at a meeting: only members count and vote."""

    MEMBER = "member", _("应到成员")
    ATTENDING = "attending", _("列席")
    INSPECTOR = "inspector", _("监督列席")
    RECORDER = "recorder", _("记录")


class AgendaKind(models.TextChoices):
    """What an item of the agenda is for."""

    STUDY = "study", _("第一议题（学习）")
    DECISION = "decision", _("议决事项")
    REPORT = "report", _("通报事项")
    WORK = "work", _("工作安排")


class ItemState(models.TextChoices):
    """Where an item stands during the meeting."""

    WAITING = "waiting", _("待议")
    OPEN = "open", _("正在议")
    CLOSED = "closed", _("已议")


class ItemOutcome(models.TextChoices):
    """How an item ended."""

    NONE = "", _("未议")
    PASSED = "passed", _("通过")
    REJECTED = "rejected", _("未通过")
    POSTPONED = "postponed", _("缓议")
    NOTED = "noted", _("已通报")


class Stance(models.TextChoices):
    """What a member says for or against."""

    AGREE = "agree", _("同意")
    DISAGREE = "disagree", _("不同意")
    ABSTAIN = "abstain", _("弃权")
    POSTPONE = "postpone", _("建议缓议")
    NONE = "", _("未表态")


class VoteMethod(models.TextChoices):
    """How votes are given: 口头、举手、无记名票决."""

    ORAL = "oral", _("口头表决")
    HANDS = "hands", _("举手表决")
    SECRET = "secret", _("无记名投票")


class BallotChoice(models.TextChoices):
    """What a ballot says."""

    YES = "yes", _("赞成")
    NO = "no", _("反对")
    ABSTAIN = "abstain", _("弃权")


class RecusalGround(models.TextChoices):
    """Why somebody leaves the room."""

    SELF = "self", _("涉及本人")
    KIN = "kin", _("涉及近亲属")
    SUPPLIER = "supplier", _("与供应商有利害关系")
    OTHER = "other", _("其他利害关系")


class RecusalSource(models.TextChoices):
    """How the interest became known."""

    DECLARED = "declared", _("本人申报")
    KNOWN = "known", _("登记的利害关系")
    REQUIRED = "required", _("会议决定")


class SignatureWay(models.TextChoices):
    """How a member signed the record."""

    ACCOUNT = "account", _("本人账号签名")
    PAPER = "paper", _("纸质签名（已扫描）")
