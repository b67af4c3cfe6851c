"""The page of explanations inside every evidence pack, for people who have never seen one."""

from django.conf import settings

from xianxue.kernel.history.checkpoints import short_root
from xianxue.kernel.history.models import Checkpoint


def readme(title: str, checkpoint: Checkpoint, key_id: str, events: int) -> str:
    """The text of 说明.txt, with lines ended as Windows wants them."""
    facts = {
        "title": title, "events": events, "size": checkpoint.size, "at": checkpoint.at, "key": key_id,
        "root": short_root(checkpoint.root), "url": settings.BASE_URL,
    }  # fmt: skip
    return (_TEXT % facts).replace("\n", "\r\n")


_TEXT = """证据包：%(title)s

一、里面有什么
  events.jsonl       %(events)s 条留痕：谁、何时、从哪里、做了什么
  payloads.jsonl     每条留痕的内容（改前改后的值、理由、附件摘要）
  files/             附件原件，文件名是它的 SHA-256 摘要
  checkpoint.txt     检查点：全部 %(size)s 条留痕的摘要根和签名（%(at)s）
  consistency.jsonl  证明本检查点由以前的检查点延续而来
  pack.json、pack.sig  目录和签名
  verify.py          核验工具

二、怎样核验
  电脑上要有 Python 3.8 或更新的版本（python.org 下载，Windows 直接安装）。不用联网。
  1. 把压缩包解开到一个文件夹。
  2. 双击 verify.py；或在文件夹里运行：python verify.py
  3. 最后一行是“核验通过”，就是全部相符；否则会写明哪一条、哪个文件不符。
  为稳妥起见，核验工具可以从自己以前收到的证据包里取，不一定用这一份里的。

三、还要对两样东西
  1. 签名密钥编号：%(key)s。请与本单位见证单上印的编号核对；不一样，就不要采信。
  2. 自己保存的检查点（邮件、下载或见证单）：
     python verify.py 证据包.zip --checkpoint 自己保存的检查点.txt
     见证单上的短码可以在 %(url)s/check/条数/短码/ 核对。本检查点短码：%(root)s

四、能证明什么，不能证明什么
  能证明：这些留痕和附件在检查点签发时就是这样，此后没有改过；它们在全部留痕中的先后。
  不能证明：当时记的事情是真的；没有漏记；包里没有的留痕不存在；最后一个流出去的检查点
  以后的留痕，在服务器被完全控制时没有被换过。
  记错了的，用新的一条“更正”，两条都在，不会改掉旧的。
"""
