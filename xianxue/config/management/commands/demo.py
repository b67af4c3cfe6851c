"""`xianxue demo`: an invented county, sent through the same doors as any user's files, and served."""

import json
import shutil
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from xianxue.accounts.views.door import DEMO_PASSWORD
from xianxue.config.settings import ENV
from xianxue.demo import cast, county, sending
from xianxue.demo.parts import parts
from xianxue.demo.plan import load
from xianxue.kernel import bulk
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.indicators.services import compute
from xianxue.organisations.models import Unit
from xianxue.supervision.indicators import count_again


class Command(BaseCommand):
    """Build the county where it is not there yet; with --serve, serve it."""

    help = "建立演示县：写出工作簿，经导入送入，计算各项数字。--serve 随后启动服务。"
    # Checks read tables that the first run has yet to make.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which county, how large, and whether to serve it."""
        parser.add_argument("--plan", default="wanzai", help="县的方案：wanzai（默认）或 second")
        parser.add_argument("--seed", default="", help="换一个种子：人不同，总数相同")
        parser.add_argument("--scale", type=float, default=1.0, help="规模，0.01 为百分之一")
        parser.add_argument("--fresh", action="store_true", help="先删除已有的演示县（仅 SQLite）")
        parser.add_argument("--serve", action="store_true", help="建好后启动服务")
        parser.add_argument("--host", default=ENV.host, help="监听地址")
        parser.add_argument("--port", type=int, default=ENV.port, help="监听端口")

    def handle(self, *, fresh: bool, serve: bool, host: str, port: int, **given: Any) -> None:
        """Progress goes to standard output, a line a step."""
        if not settings.DEMO:
            message = "未建立演示县：不在演示模式。演示县只能建在 XIANXUE_DEMO=true 的空数据库里。"
            raise CommandError(message)
        wanted = {name: given[name] for name in ("plan", "seed", "scale")}
        if fresh:
            self._remove()
        call_command("migrate", interactive=False, verbosity=0)
        if self._built() != wanted:
            self._refuse_another(wanted)
            self._build(**wanted)
        self._introduce(given["plan"], serve=serve, address=f"http://{host}:{port}")
        if serve:
            call_command("serve", host=host, port=port)

    @property
    def _folder(self) -> Path:
        return Path(settings.VAR_DIR) / "demo"

    def _built(self) -> dict[str, Any] | None:
        mark = self._folder / "built.json"
        with whole_county("demo"):
            found = Unit.objects.exists()
        built: dict[str, Any] | None = json.loads(mark.read_text()) if mark.exists() and found else None
        return built

    def _refuse_another(self, wanted: dict[str, Any]) -> None:
        """An interrupted build of the same county goes on; another county does not fit on top."""
        begun = self._folder / "begun.json"
        with whole_county("demo"):
            occupied = Unit.objects.exists()
        if occupied and (not begun.exists() or json.loads(begun.read_text()) != wanted):
            message = "未建立演示县：数据库里已有另一个县。请加 --fresh 重建，或换一个数据目录（XIANXUE_VAR_DIR）。"
            raise CommandError(message)

    def _remove(self) -> None:
        if connection.vendor != "sqlite":
            message = "未删除：--fresh 只用于 SQLite。请自行清空 PostgreSQL 数据库后再运行。"
            raise CommandError(message)
        connection.close()
        database = Path(settings.DATABASES["default"]["NAME"])
        if database.exists() and not (self._folder / "begun.json").exists():
            message = "未删除：数据目录里的数据库不是演示县。请换一个数据目录（XIANXUE_VAR_DIR）。"
            raise CommandError(message)
        for path in (database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm"))):
            path.unlink(missing_ok=True)
        for folder in (self._folder, Path(settings.VAR_DIR) / "imports"):
            shutil.rmtree(folder, ignore_errors=True)

    def _build(self, plan: str, seed: str, scale: float) -> None:
        started = perf_counter()
        self._folder.mkdir(parents=True, exist_ok=True)
        wanted = json.dumps({"plan": plan, "seed": seed, "scale": scale})
        (self._folder / "begun.json").write_text(wanted)
        by = system_actor("demo")
        manifest = county.build(plan, self._folder / "workbooks", seed=seed, scale=scale, say=self._say)
        loaded = load(plan, scale=scale)
        sent = sending.send(manifest, loaded, by=by, say=self._say)
        if sent.failed:
            raise CommandError("未建成演示县：有文件没有完整写入。\n" + "\n".join(sent.failed))
        with whole_county("demo"):
            cast.appoint(loaded, by=by)
            for part in parts():
                part.act(loaded, self._folder, by=by, say=self._say)
            for year in (loaded.year - 1, loaded.year):
                compute(year, by=by)
                self._say(f"算出 {year} 年各项数字")
            count_again()
        bulk.refresh_statistics()
        (self._folder / "built.json").write_text(wanted)
        self._say(f"演示县已建成，用时 {perf_counter() - started:.0f} 秒")

    def _introduce(self, plan: str, *, serve: bool, address: str) -> None:
        self._say(f"\n登录{f' {address}' if serve else ''}，演示口令：{DEMO_PASSWORD}")
        for member in load(plan).cast.members:
            self._say(f"  {member.username:20} {member.name}  {member.title}")
        self._say("")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
