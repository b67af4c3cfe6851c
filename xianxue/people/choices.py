"""Enumerations of persons and their records; what the nation or county may change is a code list instead."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("未知")
    MALE = "1", _("男")
    FEMALE = "2", _("女")
    UNSTATED = "9", _("未说明")


class IdentifierKind(models.TextChoices):
    """Kinds of numbers by which a person is known."""

    ID_CARD = "id_card", _("居民身份证")
    PASSPORT = "passport", _("护照")
    HK_MACAO_PERMIT = "hk_macao", _("港澳居民来往内地通行证")
    TAIWAN_PERMIT = "taiwan", _("台湾居民来往大陆通行证")
    RESIDENCE_PERMIT = "residence", _("港澳台居民居住证")
    OTHER_PAPER = "other", _("其他证件")
    STUDENT_NO = "student_no", _("学籍号")


class EnrolmentStatus(models.TextChoices):
    """Where an enrolment episode stands."""

    ACTIVE = "active", _("在读")
    SUSPENDED = "suspended", _("休学")
    LEFT = "left", _("已离校")


class ExitReason(models.TextChoices):
    """Why an episode ended."""

    GRADUATED = "graduated", _("毕业")
    COMPLETED = "completed", _("结业")
    TRANSFERRED = "transferred", _("转出")
    WENT_ABROAD = "abroad", _("出国")
    DECEASED = "deceased", _("死亡")
    WITHDREW = "withdrew", _("退学")
    INVALID = "invalid", _("登记有误")


class Boarding(models.TextChoices):
    """就读方式."""

    DAY = "day", _("走读")
    BOARDER = "boarder", _("住校")
    OUTSIDE = "outside", _("借宿")


class Post(models.TextChoices):
    """Kinds of posts at a school."""

    HEAD = "head", _("校（园）长")
    SECRETARY = "secretary", _("书记")
    DEPUTY = "deputy", _("副校（园）长")
    TEACHER = "teacher", _("专任教师")
    NURSE = "nurse", _("保育员")
    SUPPORT = "support", _("教辅")
    OFFICE = "office", _("行政")
    WORKER = "worker", _("工勤")


class DuplicateKind(models.TextChoices):
    """What the two records of a pair are."""

    PUPIL = "pupil", _("学生")
    GUARDIAN = "guardian", _("监护人")
    STAFF = "staff", _("教职工")
    MIXED = "mixed", _("不同身份")


class DuplicateState(models.TextChoices):
    """Where a pair stands."""

    OPEN = "open", _("待核对")
    PROPOSED = "proposed", _("已提请合并")
    UNCLEAR = "unclear", _("暂不能确定")
    DIFFERENT = "different", _("不是同一人")
    MERGED = "merged", _("同一人，已合并")
    GONE = "gone", _("已不再疑似")


class TransferKind(models.TextChoices):
    """Which way a child changes schools."""

    WITHIN = "within", _("县内转学")
    OUT = "out", _("转出县外")
    IN = "in", _("县外转入")
    CORRECTION = "correction", _("转回更正")


class TransferReason(models.TextChoices):
    """Why a family asks for a transfer."""

    HOUSEHOLD = "household", _("户籍迁移")
    RESIDENCE = "residence", _("居住地变更")
    WORK = "work", _("监护人工作变动")
    MIGRATION = "migration", _("随父母外出务工")
    HEALTH = "health", _("学生身体状况")
    OTHER = "other", _("其他")


class ObjectionGround(models.TextChoices):
    """The grounds on which the sending school may object: none of them money, marks or the size of its classes."""

    IDENTITY = "identity", _("学籍信息与学生本人不符")
    NOT_HERE = "not_here", _("学生已不在本校就读")
    RUNNING = "running", _("另有在办的学籍业务")
    GUARDIAN = "guardian", _("监护人书面表示不转学")
    DISPUTED = "disputed", _("监护人之间对转学有争议")


class MissingPaper(models.TextChoices):
    """What a child's record can still lack; none of it keeps a child out of school."""

    HOUSEHOLD = "household", _("户口簿")
    IDENTITY = "identity", _("学生身份证件")
    STUDENT_NO = "student_no", _("学籍号")
    GUARDIAN = "guardian", _("监护人证件")
    RESIDENCE = "residence", _("居住证明")
    VACCINATION = "vaccination", _("预防接种证")
    FORMER_RECORD = "former_record", _("原学校的学籍")


class KeyFactCause(models.TextChoices):
    """Why a key fact changes."""

    POLICE = "police", _("公安机关已变更")
    MISTAKE = "mistake", _("登记有误更正")


class SuspensionReason(models.TextChoices):
    """Why a pupil stays away with leave."""

    ILLNESS = "illness", _("因病")
    INJURY = "injury", _("因伤")
    MIND = "mind", _("心理原因")
    FAMILY = "family", _("家庭特殊困难")
    OTHER = "other", _("其他")


class PromotionKind(models.TextChoices):
    """How a pupil does not move up as the class does."""

    HELD_BACK = "held_back", _("留级")
    SKIPPED = "skipped", _("跳级")


class GraduationOutcome(models.TextChoices):
    """How a pupil of the last grade leaves the stage, or why not yet."""

    GRADUATED = "graduated", _("毕业")
    COMPLETED = "completed", _("结业")
    STAYS = "stays", _("暂不毕业")


class DropOutGround(models.TextChoices):
    """What made somebody raise the alert."""

    ABSENT = "absent", _("无故缺课")
    LEFT = "left", _("离校后无去向")
    RISK = "risk", _("其他失学风险")


class VisitResult(models.TextChoices):
    """What a visit to the family came to."""

    WILL_RETURN = "will_return", _("同意返校")
    HESITATES = "hesitates", _("尚未同意")
    NOT_MET = "not_met", _("未见到学生或监护人")
    MOVED = "moved", _("已迁居外地")
    OTHER = "other", _("其他")


class DropOutOutcome(models.TextChoices):
    """How an alert ends."""

    BACK = "back", _("已返校")
    ELSEWHERE = "elsewhere", _("已在别处就读")
    DEFERRED = "deferred", _("依法缓学")
    AT_HOME = "at_home", _("送教上门")
    OTHER_LAWFUL = "other_lawful", _("其他依法免除情形")
