# 枣问：make chat 启动问答，make test 运行测试
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# 若 pip 找不到 torch 的 CPU 版，把 PyTorch 官网安装页给出的 CPU 索引地址写在这里
TORCH_INDEX ?=
INDEX_OPTION := $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: chat test check eval gate index clean

chat: $(VENV)/.run
	$(BIN)/python app.py

index: $(VENV)/.run
	$(BIN)/python -m index

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q -n auto --dist loadfile

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

eval: $(VENV)/.dev
	$(BIN)/python -m eval

gate: $(VENV)/.dev
	$(BIN)/python -m eval --gate

$(VENV)/.run: pyproject.toml constraints.txt
	@echo "安装运行所需的库（首次约一分钟）… / Installing (about a minute the first time)…"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint constraints.txt $(INDEX_OPTION) torch || { \
		echo "找不到 torch 的 CPU 版（constraints.txt 中的版本）。请执行：make chat TORCH_INDEX=<PyTorch 官网安装页给出的 CPU 索引地址>"; \
		echo "No CPU build of torch found. Run: make chat TORCH_INDEX=<the CPU index that PyTorch's Get Started page names>"; \
		exit 1; }
	@$(PIP) install --constraint constraints.txt $(INDEX_OPTION) .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "安装测试所需的库… / Installing the test tools…"
	@$(PIP) install --constraint constraints.txt $(INDEX_OPTION) ".[dev,eval]"
	@touch $@

clean:
	rm -rf $(VENV) var
