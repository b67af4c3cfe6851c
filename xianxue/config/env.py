"""The one typed list of knobs, read from the environment; the manual's table of settings is printed from it."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "XIANXUE_"


class Env(BaseSettings):
    """Settings of one installation; every name carries the prefix XIANXUE_ in the environment."""

    # Keys may come as files from systemd (LoadCredential); a value in the environment comes first.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", secrets_dir=os.environ.get("CREDENTIALS_DIRECTORY")
    )

    demo: bool = Field(default=False, description="演示模式：登录页列出演示人员，密钥自动生成。正式使用时必须关闭")
    debug: bool = Field(default=False, description="开发者模式：显示出错细节。正式使用时必须关闭")
    var_dir: Path = Field(default=Path("var"), description="数据目录：数据库（SQLite）、上传文件、日志")
    static_dir: Path | None = Field(
        default=None, description="静态文件收集到哪里，由网页服务器直接提供；为空时为数据目录里的 static"
    )
    database_url: str = Field(
        default="", description="数据库连接串，如 postgresql://xianxue@127.0.0.1/xianxue；为空时用数据目录里的 SQLite"
    )
    secret_key: str = Field(default="", description="会话签名密钥，至少 50 个字符", repr=False)
    seal_keys: Annotated[dict[str, bytes], NoDecode] = Field(
        default_factory=dict,
        description="加密密钥，写作 编号:64 位十六进制，多把以逗号分隔，第一把用于加密，其余只用于解密",
        repr=False,
    )
    digest_key: Annotated[bytes, NoDecode] = Field(
        default=b"", description="查找摘要密钥，64 位十六进制；启用后不可更换", repr=False
    )
    crypto_profile: Literal["international", "national"] = Field(
        default="international", description="算法：international 为 AES-GCM 与 SHA-256，national 为 SM4 与 SM3（国密）"
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=lambda: ["127.0.0.1", "localhost"], description="允许访问的主机名，以逗号分隔"
    )
    base_url: str = Field(default="http://127.0.0.1:8000", description="对外网址，写进公文里的数字链接")
    host: str = Field(default="127.0.0.1", description="监听地址")
    port: int = Field(default=8000, ge=1, le=65535, description="监听端口")
    workers: int = Field(default=2, ge=1, le=64, description="网页服务进程数")
    bureau_name: str = Field(
        default="", description="页面左上角的单位名称；为空时取机构树里县下的第一个科室（局），再无则取县名"
    )
    upload_limit_mb: int = Field(default=100, ge=1, le=500, description="单个上传文件上限（MB）")
    attachment_limit_mb: int = Field(default=50, ge=1, le=500, description="单个附件上限（MB）")
    attachment_types: Annotated[list[str], NoDecode] = Field(
        default_factory=lambda: ["pdf", "ofd", "jpg", "png", "docx", "xlsx", "pptx", "doc"],
        description="允许的附件类型，按内容判断，以逗号分隔；doc 指旧版 Office 文件（doc、xls、ppt）",
    )
    signing_key: Path | None = Field(
        default=None, description="签名私钥文件；为空时用数据目录里的 keys/signing.pem。不要与备份放在一起"
    )
    mail_url: str = Field(
        default="",
        description="发信服务器，如 smtp+tls://用户:口令@mail.example:587；为空不发信，console: 只打印",
        repr=False,
    )
    mail_from: str = Field(default="", description="发信地址")
    witness_mails: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="见证人邮箱，以逗号分隔；每天把留痕检查点寄给他们"
    )
    import_undo_days: int = Field(default=30, ge=0, le=365, description="导入写入后可整批撤销的天数")
    export_approval_rows: int = Field(
        default=50, ge=0, le=10_000, description="按模板导出原值超过多少行须经批准（文件逐行带导出编号）"
    )
    missing_threshold_percent: int = Field(
        default=3, ge=0, le=100, description="“完整名册”导入时，缺少的人超过这个百分比须第二人确认"
    )
    sign_in_failures: int = Field(default=5, ge=3, le=20, description="连续登录失败多少次后锁定")
    sign_in_lock_minutes: int = Field(default=15, ge=1, le=1440, description="锁定多少分钟")
    session_hours: int = Field(default=10, ge=1, le=72, description="登录后多少小时须重新登录")
    session_idle_minutes: int = Field(default=60, ge=5, le=720, description="多少分钟没有操作须重新登录")
    second_factor_from: date | None = Field(
        default=None,
        description="从哪一天起，能看证件号或受限资料的角色和管理员必须用动态口令；为空时立即必须。演示模式不强制",
    )
    password_history: int = Field(default=5, ge=0, le=24, description="新密码不得与最近用过的几个相同")
    password_max_age_days: int = Field(
        default=0,
        ge=0,
        le=3650,
        description="密码多少天后须更换；0 为不限：定期更换只会让人用更弱的密码，测评要求时再开",
    )
    temporary_password_hours: int = Field(default=72, ge=1, le=720, description="临时密码多少小时内有效")
    oidc_issuer: str = Field(
        default="", description="县统一身份认证（OpenID Connect）的颁发者网址；为空时登录页没有这一项"
    )
    oidc_client_id: str = Field(default="", description="在统一身份认证登记的客户端编号")
    oidc_client_secret: str = Field(default="", description="在统一身份认证登记的客户端密钥", repr=False)
    oidc_name: str = Field(default="统一身份认证", description="登录页上这一项的名称")
    oidc_scopes: str = Field(default="openid profile", description="向统一身份认证索取的范围，以空格分隔")
    oidc_claim: str = Field(default="preferred_username", description="用令牌里的哪一项找到本系统的用户")
    oidc_match: Literal["username", "worker_number"] = Field(
        default="username", description="这一项与用户的什么对应：username 用户名，worker_number 工号"
    )
    oidc_trusts_factor: bool = Field(
        default=False, description="统一身份认证已验过第二因素（令牌 amr 里有 mfa、otp 等）时，本系统不再要动态口令"
    )
    oidc_only: bool = Field(default=False, description="除三种管理员外，只许从统一身份认证登录")
    public_decisions: bool = Field(
        default=False, description="是否开放不登录即可查看的公示页 /public/decisions/；只显示学校选择公开发布的公示内容"
    )
    api_requests_per_minute: int = Field(default=300, ge=10, le=100_000, description="每个接口令牌每分钟最多多少个请求")
    webhook_networks: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="变更通知可以发往哪些内网网段，如 10.1.0.0/16，以逗号分隔；为空时只发往公网地址",
    )
    robot_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="企业微信、钉钉机器人除官方地址外还可以在哪些主机上（如私有部署的企业微信），以逗号分隔",
    )
    backup_dir: Path | None = Field(
        default=None, description="备份放在哪里，应是另一块磁盘；为空时为数据目录里的 backups"
    )
    backup_keep: int = Field(default=14, ge=0, le=1000, description="备份目录里只留最近几份，0 为全留")
    network_log_days: int = Field(
        default=365,
        ge=184,
        le=3650,
        description="登录、登录失败、查询失败等网络日志留多少天，到期删去；《网络安全法》第二十一条规定不少于六个月",
    )
    metrics_token: str = Field(
        default="", description="监控系统读取 /metrics 时出示的令牌（Bearer）；为空时只按网段放行", repr=False
    )
    metrics_networks: Annotated[list[str], NoDecode] = Field(
        default_factory=lambda: ["127.0.0.0/8", "::1/128"],
        description="哪些网段不出示令牌就可以读取 /metrics，以逗号分隔；经代理转来的请求不算",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="日志级别")

    @field_validator("seal_keys", mode="before")
    @classmethod
    def _keys(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = [part.split(":", 1) for part in value.split(",") if part.strip()]
        return {name.strip(): bytes.fromhex(key) for name, key in pairs}

    @field_validator("digest_key", mode="before")
    @classmethod
    def _key(cls, value: Any) -> Any:
        return bytes.fromhex(value) if isinstance(value, str) else value

    @field_validator(
        "allowed_hosts",
        "attachment_types",
        "witness_mails",
        "webhook_networks",
        "robot_hosts",
        "metrics_networks",
        mode="before",
    )
    @classmethod
    def _hosts(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class UnsafeSettings(Exception):
    """The server may not start with these settings; the message says which and why."""


def unknown_names(environment: dict[str, str] | None = None) -> list[str]:
    """Names with our prefix that no setting has: pydantic ignores them, a typing mistake must not pass."""
    known = {PREFIX + name.upper() for name in Env.model_fields} | {"XIANXUE_TEST_DB"}
    names = os.environ if environment is None else environment
    return sorted(name for name in names if name.startswith(PREFIX) and name not in known)


def faults(env: Env) -> list[str]:
    """What is unsafe outside demo mode, as sentences."""
    found = [f"没有名为 {name} 的设置，请检查拼写。" for name in unknown_names()]
    if env.demo:
        return found
    if len(env.secret_key) < 50:
        found.append("XIANXUE_SECRET_KEY 不足 50 个字符，会话可能被伪造。请用 xianxue keys 生成。")
    if not env.seal_keys or any(len(key) != 32 for key in env.seal_keys.values()):
        found.append("XIANXUE_SEAL_KEYS 缺少或长度不对，身份证号无法加密保存。请用 xianxue keys 生成。")
    if len(env.digest_key) != 32:
        found.append("XIANXUE_DIGEST_KEY 缺少或长度不对，无法按证件号查找。请用 xianxue keys 生成。")
    found += _faults_of_provider(env)
    if env.debug:
        found.append("XIANXUE_DEBUG 只能与演示模式同用，否则出错页会泄露数据。请关闭。")
    return found


def _faults_of_provider(env: Env) -> list[str]:
    """What is unsafe or missing about the county's identity provider."""
    found = []
    where = urlsplit(env.oidc_issuer)
    if env.oidc_issuer and not env.oidc_client_id:
        found.append("XIANXUE_OIDC_ISSUER 已设而 XIANXUE_OIDC_CLIENT_ID 为空，无法登录。请填写。")
    if env.oidc_issuer and where.scheme != "https" and where.hostname not in {"127.0.0.1", "localhost", "::1"}:
        found.append("XIANXUE_OIDC_ISSUER 不是 https 网址，登录可能被冒充。请改用 https。")
    if env.oidc_only and not env.oidc_issuer:
        found.append("XIANXUE_OIDC_ONLY 已开而 XIANXUE_OIDC_ISSUER 为空，没有人能登录。请填写或关闭。")
    return found
