"""What was said and how it was decided: opinions in order, votes with their electorate, signatures, corrections."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import User
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.meetings.choices import AttendanceRole, BallotChoice, SignatureWay, Stance, VoteMethod
from xianxue.meetings.models.meetings import AgendaItem, Meeting
from xianxue.people.models import Person


class Opinion(ReachModel):
    """What one person said on an item; `order` counts within the item, and the chief must come last.

    An inspector from outside is no person of the register: `user` says who wrote it.
    """

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="opinions", verbose_name=_("议程"))
    order = models.PositiveSmallIntegerField(_("发言次序"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发言人")
    )
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号"))
    name = models.CharField(_("姓名"), max_length=60)
    role = models.CharField(_("到会身份"), max_length=10, choices=AttendanceRole)
    is_chief = models.BooleanField(_("主要负责人"), default=False)
    stance = models.CharField(_("态度"), max_length=10, choices=Stance, blank=True)
    text = SealedTextField(_("意见"), blank=True)
    spoken_at = models.DateTimeField(_("发言时间"), null=True, blank=True)

    reach_fields = ("item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("发言")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "order"),
                name="one_opinion_per_place",
                violation_error_message=_("未能保存：这一位的意见已经记录。请重新打开后再保存。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.order}"


class Vote(ReachModel):
    """The vote on one item. At closing the rule, the electorate and the counts are written once and never changed.

    `rule`: the rule in force (see meetings.rules.provided.Rules.as_dict). `electorate`: keys of the persons who could
    vote at that moment; `roster_count`, `present_count`: 应到, 实到. `tellers`: who counted a vote on paper.
    """

    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="vote", verbose_name=_("议程"))
    method = models.CharField(_("表决方式"), max_length=10, choices=VoteMethod)
    rule = models.JSONField(_("表决规则"), default=dict)
    opened_at = models.DateTimeField(_("开始表决时间"))
    closed_at = models.DateTimeField(_("表决结束时间"), null=True, blank=True)
    electorate = models.JSONField(_("有表决权的人员"), default=list)
    roster_count = models.PositiveIntegerField(_("应到人数"), default=0)
    present_count = models.PositiveIntegerField(_("实到人数"), default=0)
    yes = models.PositiveIntegerField(_("赞成票"), default=0)
    no = models.PositiveIntegerField(_("反对票"), default=0)
    abstain = models.PositiveIntegerField(_("弃权票"), default=0)
    invalid = models.PositiveIntegerField(_("无效票"), default=0)
    is_passed = models.BooleanField(_("是否通过"), null=True, blank=True)
    tellers = models.CharField(_("监票、计票人"), max_length=80, blank=True)

    reach_fields = ("item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("表决")
        constraints = (
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_passed__isnull=False),
                name="closed_vote_has_a_result",
                violation_error_message=_("未能结束表决：结束表决须有结果。请补填各项票数。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.method}"


class Ballot(ReachModel):
    """An open ballot, under the voter's name."""

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="ballots", verbose_name=_("表决"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("表决人"))
    choice = models.CharField(_("选择"), max_length=8, choices=BallotChoice)
    cast_at = models.DateTimeField(_("投票时间"), null=True, blank=True)

    reach_fields = ("vote__item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("表决票")
        constraints = (
            models.UniqueConstraint(
                fields=("vote", "person"),
                name="one_ballot_per_person",
                violation_error_message=_("未能投票：这个人已经投过票，每人一票。需要更正的，请由会议记录人办理。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.vote_id} {self.person_id}"


class SecretTurn(ReachModel):
    """That a member has cast a secret ballot; not what it says. No time: an order would lead to the ballots."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="turns", verbose_name=_("表决"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("表决人"))

    reach_fields = ("vote__item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("无记名投票登记")
        constraints = (
            models.UniqueConstraint(
                fields=("vote", "person"),
                name="one_turn_per_person",
                violation_error_message=_("未能投票：这个人已经投过无记名票，每人一票。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.vote_id} {self.person_id}"


class SecretBallot(ReachModel):
    """A secret ballot: what it says, and nothing by which its voter could be found.

    What it says is sealed, and every ballot is as long as another: remains of rows on the disk, and a copy of the
    database without its keys, say nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, related_name="secret_ballots", verbose_name=_("表决"))
    choice = SealedTextField(_("选择"))

    reach_fields = ("vote__item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("无记名票")

    def __str__(self) -> str:
        return f"{self.vote_id}"


class Signature(ReachModel):
    """A member's word that the record is right; `digest` is of the record as it was signed."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="signatures", verbose_name=_("会议"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("签名人"))
    name = models.CharField(_("姓名"), max_length=60)
    way = models.CharField(_("签名方式"), max_length=10, choices=SignatureWay)
    digest = models.CharField(_("记录摘要"), max_length=64)
    signed_at = models.DateTimeField(_("签名时间"))
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号"))

    reach_fields = ("meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("会议签名")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "person"),
                name="one_signature_per_person",
                violation_error_message=_("未能签名：这个人已在这份记录上签名。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.name}"


class Amendment(ReachModel):
    """A correction after the lock: a new entry that stands beside what it corrects."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="amendments", verbose_name=_("会议"))
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name=_("议程")
    )
    number = models.PositiveSmallIntegerField(_("更正次序"))
    text = SealedTextField(_("更正内容"))
    reason = models.CharField(_("更正理由"), max_length=200)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"))
    actor = models.CharField(_("更正人"), max_length=60)
    made_at = models.DateTimeField(_("更正时间"))

    reach_fields = ("meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("会议记录更正")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "number"),
                name="one_amendment_per_number",
                violation_error_message=_("未能保存：这份记录已有同一编号的更正。请重新打开后再保存。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.number}"


class DeskEntry(ReachModel):
    """An entry of the meeting desk that arrived, by its key: sent again after a lost connection, it is done once."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="desk_entries", verbose_name=_("会议"))
    key = models.UUIDField(_("录入编号"))
    act = models.CharField(_("录入动作"), max_length=20)
    noted_at = models.DateTimeField(_("录入时间"))
    received_at = models.DateTimeField(_("收到时间"))
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("账号"))
    refusal = models.CharField(_("未能记入的原因"), max_length=300, blank=True)

    reach_fields = ("meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("会议录入")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "key"),
                name="one_desk_entry_per_key",
                violation_error_message=_("未能保存：这一步已经保存过，不必重复。请重新打开会议现场页面。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.act}"
