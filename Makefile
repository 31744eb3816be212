# The same names as ./run, for fingers used to make.
.PHONY: demo up once test check setup
demo up once test check setup:
	@./run $@
