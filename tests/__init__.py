"""Tests of Xianxue: folders mirror `xianxue/`; `contracts` run over everything registered, `browser` drive a browser."""
