# Sanxiang: the whole set-up. Needs python3 (3.11 or newer) with venv, and the package registries; nothing else to begin with.
# Every target may be run again at any time: what is in place is left alone.

SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
LAWS ?=
ARGS ?=
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input install --quiet
RUNTIME := .venv/.runtime
DEV := .venv/.dev
DRILLS := $(wildcard tests/door/test_backup*.py tests/door/test_restore*.py)

.PHONY: help setup demo test lint format bench trace deep faults lock docs frontend clean
.DEFAULT_GOAL := help

help:
	@echo "make demo [PORT=8000] [LAWS=DIR]  安装、建立五地演示数据并启动网站"
	@echo "make setup                        只安装运行与开发环境"
	@echo "make test [ARGS=…]                全部测试（SQLite 与 PostgreSQL）"
	@echo "make lint | format                检查 | 整理代码"
	@echo "make bench | deep | trace         测速 | 深度测试 | 由测试报告写出 docs/trace.json"
	@echo "make faults [ARGS=…]              故障试验：杀进程、杀数据库、磁盘满、时钟错，结果在 var/reports/faults.json"
	@echo "make docs | lock | clean          重写生成的文档 | 重新锁定依赖 | 删除安装物（保留 var/）"

setup: $(RUNTIME) $(DEV) frontend

demo: $(RUNTIME) frontend
	@exec .venv/bin/sanxiang demo --port $(PORT) --data "$${SANXIANG_DATA:-var/demo}" $(if $(LAWS),--laws "$(LAWS)")

test: setup
	@$(PY) tools/run_tests.py $(ARGS)

deep: setup
	@rm -f var/reports/faults.json
	@failed=0; \
	$(PY) tools/try_changes.py || failed=1; \
	SANXIANG_SEARCH=1 $(PY) -m pytest -q -s -m deep tests/stories/test_model.py -k anywhere || failed=1; \
	$(PY) tools/run_tests.py --deep $(ARGS) || failed=1; \
	exit $$failed

# The deep tests of tests/faults alone, one after the other, then the drills of backups on both databases.
# SANXIANG_KILLS=1000 and the like say how often.
faults: setup
	@rm -f var/reports/faults.json
	@failed=0; \
	$(PY) -m pytest -q -s -m deep tests/faults $(ARGS) || failed=1; \
	$(PY) -m pytest -q -s -m deep $(DRILLS) || failed=1; \
	$(PY) tools/postgres.py -- $(PY) -m pytest -q -s -m deep $(DRILLS) || failed=1; \
	exit $$failed

lint: $(RUNTIME) $(DEV)
	@failed=0; \
	.venv/bin/ruff check . || failed=1; \
	.venv/bin/ruff format --check . || failed=1; \
	.venv/bin/mypy || failed=1; \
	.venv/bin/lint-imports || failed=1; \
	exit $$failed

format: $(DEV)
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

bench: setup
	@$(PY) tools/postgres.py --durable -- $(PY) -m bench $(ARGS)

trace: $(RUNTIME)
	@$(PY) tools/write_trace.py

docs: $(RUNTIME)
	@$(PY) tools/write_commands.py

frontend: $(RUNTIME)
	@$(PY) tools/frontend.py

# A lock for every Python from 3.11 on, with the digest of each file; no address of a registry in it.
lock: $(RUNTIME)
	@test -x .tools/uv/bin/uv || $(PIP) --target .tools/uv uv
	@sh tools/lock.sh .tools/uv/bin/uv

clean:
	rm -rf .venv .tools fonts src/sanxiang/static/vendor src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本；可用 make PYTHON=python3.12 指定。" >&2; exit 1; }
	@echo "正在建立虚拟环境 .venv …" >&2
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "请管理员执行 apt-get install python3-venv 后重试。" >&2; exit 1; }

# setuptools comes with the lock, so the project itself is installed without asking the network again.
$(RUNTIME): requirements.txt pyproject.toml | .venv/bin/python
	@echo "正在安装运行所需的 Python 软件包 …" >&2
	@$(PIP) --require-hashes --no-deps -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	@echo "正在安装开发与测试用的 Python 软件包 …" >&2
	@$(PIP) --require-hashes --no-deps -r requirements-dev.txt
	@touch $@
