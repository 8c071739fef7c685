# Every target is a verb of bootstrap.py, which also serves where there is no make.
PYTHON ?= python3

.PHONY: demo test check bench setup lock wheel
demo test check bench setup lock wheel:
	@$(PYTHON) bootstrap.py $@
