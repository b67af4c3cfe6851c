"""The machine and the settings: what can be looked at without the database."""

import shutil
import socket
import stat
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from xianxue.config.env import unknown_names
from xianxue.config.operations.doctor.finding import Check, Finding, fault, fine, notice

GIGABYTE = 2**30
SECONDS = 3


def check_settings() -> Finding:
    """Demo mode and misspelt names; what is unsafe otherwise stops every program at its start."""
    code, label = "settings", "设置"
    if names := unknown_names():
        return fault(code, label, f"没有名为 {names[0]} 的设置", "请改正拼写，对照 docs/guide/settings.md。")
    if settings.DEMO:
        return notice(code, label, "演示模式", "正式使用时去掉 XIANXUE_DEMO，并写入自己的密钥。")
    if urlsplit(settings.BASE_URL).scheme != "https":
        seen = f"对外网址 {settings.BASE_URL} 不是 https"
        return fault(code, label, seen, "请把 XIANXUE_BASE_URL 设为对外的 https 网址：正式模式只在 HTTPS 上能登录。")
    return fine(code, label, f"对外网址 {settings.BASE_URL}")


def check_disk() -> Finding:
    """Room for the data and for the backups."""
    code, label = "disk", "磁盘空间"
    places = [Path(settings.VAR_DIR), Path(settings.BACKUP_DIR)]
    free = {place: shutil.disk_usage(_existing(place)).free / GIGABYTE for place in places}
    seen = "、".join(f"{place} 剩 {room:.1f} GB" for place, room in free.items())
    if min(free.values()) < 1:
        return fault(code, label, seen, "不足 1 GB 时随时可能写不进去。请清理或扩容。")
    if min(free.values()) < 5:
        return notice(code, label, seen, "请尽快清理或扩容。")
    if _existing(places[0]).stat().st_dev == _existing(places[1]).stat().st_dev and not settings.DEMO:
        return notice(code, label, f"{seen}；备份与数据在同一块磁盘上", "请把 XIANXUE_BACKUP_DIR 设到另一块磁盘。")
    return fine(code, label, seen)


def _existing(place: Path) -> Path:
    return next(path for path in (place, *place.parents) if path.exists())


def check_permissions() -> Finding:
    """Data and keys are for the account that runs the programs, and nobody else."""
    code, label = "permissions", "文件权限"
    folder = Path(settings.VAR_DIR)
    wanted = [folder / "files", folder / "imports", folder / "keys", Path(settings.BACKUP_DIR), settings.SIGNING_KEY]
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        wanted.append(Path(database["NAME"]))
    # What lies in a folder that nobody else may enter needs no rights of its own.
    is_closed = folder.exists() and not folder.stat().st_mode & (stat.S_IRWXO)
    open_ones = [path for path in map(Path, wanted) if path.exists() and path.stat().st_mode & stat.S_IRWXO]
    outside = [path for path in open_ones if not (is_closed and path.is_relative_to(folder))]
    if outside:
        seen = f"其他账户也能读 {outside[0]}"
        how = notice if settings.DEMO else fault
        return how(code, label, seen, f"请执行 chmod o-rwx {outside[0]}，最好 chmod 750 {folder}。")
    return fine(code, label, f"只有运行账户能读 {folder}")


def check_time_zone() -> Finding:
    """Days are the county's days."""
    try:
        ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        return fault("time_zone", "时区数据", f"找不到 {settings.TIME_ZONE}", "请安装系统的 tzdata 包。")
    return fine("time_zone", "时区数据", settings.TIME_ZONE)


def check_fonts() -> Finding:
    """Wanted only where papers are to be printed on this machine itself."""
    code, label = "papers", "公文"
    office = shutil.which("soffice") or shutil.which("libreoffice")
    fonts = [path for path in map(Path, ("/usr/share/fonts", "/usr/local/share/fonts")) if path.exists()]
    has_hanzi = any(True for folder in fonts for _path in folder.rglob("*[cC][jJ][kK]*"))
    seen = f"LibreOffice {'有' if office else '没有'}，中文字体 {'有' if has_hanzi else '没有'}"
    return fine(code, label, f"{seen}（只在要由服务器转成 PDF 时才需要）")


def check_proxy() -> Finding:
    """Whether the address that people use leads here, over TLS, and says so to us."""
    code, label = "proxy", "反向代理"
    if settings.DEMO:
        return fine(code, label, "演示模式不用代理")
    address = f"{settings.BASE_URL}/healthz"
    try:
        # The address is the administrator's own setting.
        with urlopen(Request(address), timeout=SECONDS) as answer:  # noqa: S310 - https, by check_settings
            hsts = answer.headers.get("Strict-Transport-Security")
    except (URLError, OSError, ValueError) as error:
        seen = f"{address} 打不开（{type(error).__name__}）"
        return notice(code, label, seen, "从服务器上打不开不一定是故障；请确认代理在运行、证书有效、域名能解析。")
    if not hsts and not answer.headers.get("X-Request-ID"):
        return notice(code, label, f"{address} 回答的不像是本系统", "请检查代理转给了哪个端口。")
    return fine(code, label, f"{settings.BASE_URL} 通")


def check_providers() -> Finding:
    """Mail and the county's identity provider, where they are configured."""
    code, label = "providers", "外部服务"
    places = {}
    if issuer := getattr(settings, "OIDC_ISSUER", ""):
        where = urlsplit(issuer)
        places["统一身份认证"] = (where.hostname or "", where.port or 443)
    if str(settings.EMAIL_BACKEND).endswith("smtp.EmailBackend") and settings.EMAIL_HOST != "localhost":
        places["邮件服务器"] = (settings.EMAIL_HOST, settings.EMAIL_PORT)
    if not places:
        return fine(code, label, "没有配置")
    silent = [name for name, place in places.items() if not _reachable(place)]
    if silent:
        return fault(code, label, f"连不上{'、'.join(silent)}", "请检查网络、防火墙和设置。")
    return fine(code, label, f"{'、'.join(places)}连得上")


def _reachable(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, timeout=SECONDS).close()
    except OSError:
        return False
    return True


CHECKS: tuple[Check, ...] = (
    check_settings,
    check_disk,
    check_permissions,
    check_time_zone,
    check_fonts,
    check_proxy,
    check_providers,
)
